//! Versions: every save whole, any two side by side, an older one again.

use axum::http::StatusCode;
use broadsheet::news::article::revision;

use super::Screen;
use super::newsdesk::{Newsdesk, save};

#[tokio::test]
async fn every_save_is_a_version_with_who_when_and_why() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Nine metres").await;
    save(&mut desk.author, id, &[("headline", "Ten metres"), ("why", "The port measured again")]).await;
    desk.saved(id, &[("action", "publish")]).await;
    let list = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}/revisions")).await);
    let rows = list.text("tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].contains("Published") && rows[0].contains("Edda Frey"), "{rows:?}");
    assert!(rows[1].contains("Aron Lund") && rows[1].contains("The port measured again"), "{rows:?}");
    assert_eq!(list.text("tbody tr time").len(), 3);
}

#[tokio::test]
async fn two_versions_are_compared_word_by_word_and_field_by_field() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Nine metres").await;
    let changes = [
        ("body", "<p>The water stood to the fourth step.</p><p>It falls.</p>"),
        ("headline", "Ten metres"),
        ("tags", "harbour, depth"),
        ("expire_at", "2999-01-01T10:00"),
    ];
    desk.saved(id, &changes).await;
    let path = format!("/desk/articles/{id}/revisions?from=1&to=2");
    let screen = Screen::of(&desk.author.get(&path).await);
    assert_eq!(screen.text(".diff-text del"), ["third"]);
    assert_eq!(screen.text(".diff-text ins").join(" "), "fourth It falls.");
    assert_eq!(screen.text(".diff-fields dt"), ["Headline", "Tags", "Slug", "Ends"]);
    assert_eq!(screen.text(".diff-fields del").first().map(String::as_str), Some("Nine"));
    for wrong in ["from=1&to=9", "from=x&to=2", "from=1&to=edit"] {
        let answer = desk.author.get(&format!("/desk/articles/{id}/revisions?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn an_older_version_becomes_a_new_one_whole() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Nine metres").await;
    desk.saved(id, &[("tags", "harbour"), ("picture_caption", "The quay")]).await;
    let changes = [
        ("headline", "Wrong"),
        ("tags", ""),
        ("body", "<p>Gone.</p>"),
        ("slug", "wrong"),
        ("picture_caption", ""),
    ];
    desk.saved(id, &changes).await;
    let answer =
        desk.editor.post(&format!("/desk/articles/{id}/revisions/restore"), &[("version", "2")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let article = desk.article(id).await;
    assert_eq!((article.version, article.headline.as_str()), (4, "Nine metres"));
    assert_eq!(article.picture_caption, "The quay");
    assert_eq!(article.tags.0.len(), 1);
    assert!(article.body_html.as_str().contains("third step"));
    let (old, new) = (
        revision::content(&desk.world.db.pool, id, 2).await.unwrap().unwrap(),
        revision::content(&desk.world.db.pool, id, 4).await.unwrap().unwrap(),
    );
    assert_eq!(old, new);
}

#[tokio::test]
async fn a_version_from_before_all_fields_were_kept_still_reads() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("New").await;
    let old = r#"update revisions set content = '{"kicker": "", "headline": "Old", "slug": "old", "standfirst": "",
        "body": "<p>As it was.</p>", "byline": "", "dateline": "", "tags": ["depth"], "picture_alt": "",
        "picture_caption": "", "picture_credit": ""}'"#;
    sqlx::query(old).execute(&desk.world.db.pool).await.unwrap();
    desk.saved(id, &[("comments", "on")]).await;
    let path = format!("/desk/articles/{id}/revisions");
    let screen = Screen::of(&desk.editor.get(&format!("{path}?from=1&to=2")).await);
    assert_eq!(screen.text(".diff-fields dt").first().map(String::as_str), Some("Headline"));
    let answer = desk.editor.post(&format!("{path}/restore"), &[("version", "1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.section_slug.as_str()), ("Old", "news"));
}

#[tokio::test]
async fn the_versions_of_others_do_not_exist_to_an_author() {
    let mut desk = Newsdesk::new().await;
    let id = crate::newsroom::Story::new("Of others").draft(&desk.world).await;
    let path = format!("/desk/articles/{id}/revisions");
    assert_eq!(desk.author.get(&path).await.status, StatusCode::NOT_FOUND);
    let answer = desk.author.post(&format!("{path}/restore"), &[("version", "1")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_older_version_goes_over_none_that_nobody_has_seen() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("First").await;
    desk.saved(id, &[("headline", "Second")]).await;
    let path = format!("/desk/articles/{id}/revisions");
    let over = Screen::of(&desk.editor.get(&path).await).attribute("input[name=over]", "value").unwrap();
    desk.saved(id, &[("headline", "Third")]).await;
    let fields = [("version", "1"), ("over", over.as_str())];
    let answer = desk.editor.post(&format!("{path}/restore"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(desk.article(id).await.headline, "Third");
}
