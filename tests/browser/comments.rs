//! A reader writes and answers, an editor decides about many: with scripts and without, by mouse and by keys.

use crate::newsroom::Story;
use crate::stage::Stage;
use crate::window::Window;

const NONE: Vec<String> = Vec::new();

#[tokio::test]
async fn readers_talk_and_an_editor_decides_with_scripts() {
    talk(true).await;
}

#[tokio::test]
async fn readers_talk_and_an_editor_decides_without_scripts() {
    talk(false).await;
}

async fn talk(scripts: bool) {
    let stage = Stage::new().await;
    let id = Story::new("The ferry runs again").publish(&stage.world).await;
    let page = format!("/article/{id}/the-ferry-runs-again");
    let (reader, editor) = (stage.reader().await, stage.editor().await);
    if !scripts {
        reader.without_scripts().await;
        editor.without_scripts().await;
    }
    for (name, text) in [("Ana", "At last."), ("Ben", "Who pays for it?"), ("Shop", "Buy this.")] {
        reader.go(&page).await;
        reader.write("#comment-name", name).await;
        reader.write("#comment-text", text).await;
        reader.follow(".comment-form button").await;
        assert_eq!(
            words(&reader, ".comments .notice").await,
            ["Your comment was received and waits for an editor."]
        );
        assert_eq!(words(&reader, ".comment").await, NONE);
    }

    editor.go("/desk/comments").await;
    assert_eq!(words(&editor, "#queue .comment-text").await, ["Buy this.", "Who pays for it?", "At last."]);
    assert_eq!(editor.shows(".bulk-all").await, scripts);
    for row in [2, 3] {
        editor.click(&format!("#queue > li:nth-child({row}) [name=id]")).await;
    }
    if scripts {
        editor.until("document.querySelector('.bulk-count').textContent === '2 ticked'").await;
    }
    editor.follow("#bulk [value=approved]").await;
    assert_eq!(words(&editor, ".notice").await, ["2 comments: approved."]);
    editor.follow("#queue [value=spam]").await;
    assert_eq!(words(&editor, ".tab-count").await, ["0", "2", "0", "1"]);

    reader.go(&page).await;
    reader.follow("#comment-1 .comment-reply a").await;
    assert_eq!(words(&reader, "#comment-form-head").await, ["Reply to Ana"]);
    reader.write("#comment-text", "Since this morning.").await;
    reader.follow(".comment-form button").await;
    reader.follow(".own-link a").await;
    assert_eq!(words(&reader, ".comment-quoted p[dir]").await, ["Since this morning."]);
    editor.go("/desk/comments").await;
    editor.follow("#queue [value=approved]").await;
    reader.go(&page).await;
    assert_eq!(words(&reader, "#comment-1 .replies .comment > p[dir]").await, ["Since this morning."]);
    assert_eq!(words(&reader, "#comments-head").await, ["3 comments"]);
    for window in [reader, editor] {
        assert_eq!(window.complaints().await, NONE);
        window.close().await;
    }
}

#[tokio::test]
async fn an_editor_decides_by_keys_alone_while_the_focus_is_in_the_list() {
    let stage = Stage::new().await;
    let id = Story::new("The ferry runs again").publish(&stage.world).await;
    for body in ["One.", "Two.", "Three."] {
        sqlx::query("insert into comments (article_id, name, body) values ($1, 'Ana', $2)")
            .bind(id.0)
            .bind(body)
            .execute(&stage.world.db.pool)
            .await
            .unwrap();
    }
    let editor = stage.editor().await;
    editor.go("/desk/comments").await;
    // Nothing happens outside the list.
    editor.value("document.getElementById('q').focus()").await;
    editor.write("#q", "as").await;
    assert_eq!(editor.path().await, "/desk/comments");
    editor.value("document.querySelector('#queue [name=id]').focus()").await;
    editor.write("#queue > li:nth-child(1) [name=id]", "j").await;
    editor
        .until("document.activeElement === document.querySelector('#queue > li:nth-child(2) [name=id]')")
        .await;
    editor.write("#queue > li:nth-child(2) [name=id]", "x").await;
    editor.until("document.querySelector('.bulk-count').textContent === '1 ticked'").await;
    editor.value("document.documentElement.id = 'left-behind'").await;
    editor.write("#queue > li:nth-child(2) [name=id]", "a").await;
    editor.until("document.documentElement.id !== 'left-behind' && document.readyState === 'complete'").await;
    assert_eq!(words(&editor, "#queue .comment-text").await, ["Three.", "One."]);
    editor.click("#all").await;
    editor.follow("#bulk [value=rejected]").await;
    assert_eq!(words(&editor, ".tab-count").await, ["0", "1", "2", "0"]);
    assert_eq!(editor.complaints().await, NONE);
    editor.close().await;
}

async fn words(window: &Window, selector: &str) -> Vec<String> {
    window
        .texts(&format!(
            "[...document.querySelectorAll({selector:?})].map((one) => one.textContent.replace(/\\s+/g, ' ').trim())"
        ))
        .await
}
