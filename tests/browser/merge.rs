//! Two editors and one article: who is there, and what becomes of two texts.

use broadsheet::accounts::{Role, session};
use broadsheet::news::article::{self, ArticleId};

use crate::newsroom::Story;
use crate::stage::Stage;
use crate::window::Window;

const BODY: &str = "<p>The first one.</p><p>The second one.</p><p>The third one.</p>";

async fn colleague(stage: &Stage, name: &str) -> Window {
    let id = stage.world.account("colleague@example.org", Role::Editor).await;
    sqlx::query("update users set name = $1 where id = $2")
        .bind(name)
        .bind(id.0)
        .execute(&stage.world.db.pool)
        .await
        .unwrap();
    let mut tx = stage.world.db.pool.begin().await.unwrap();
    let token = session::create(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    Window::open_as(&stage.base_url, token.as_str()).await
}

async fn stored(stage: &Stage, id: ArticleId) -> article::Article {
    article::by_id(&stage.world.db.pool, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn two_editors_see_each_other() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").publish(&stage.world).await;
    let form = format!("/desk/articles/{id}");
    let (mine, theirs) = (stage.editor().await, colleague(&stage, "Mira Okafor").await);
    theirs.go(&form).await;
    theirs.until("performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('/presence') && entry.responseEnd)").await;
    mine.go(&form).await;
    mine.until("/^Mira Okafor has had this open since \\d\\d:\\d\\d\\.$/.test(document.querySelector('#presence').innerText)").await;
    // Whoever leaves is gone at the next sign.
    theirs.go("/desk/articles").await;
    mine.until(
        "(window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })), \
                document.querySelector('#presence').innerText === '')",
    )
    .await;
    assert_eq!(mine.complaints().await, Vec::<String>::new());
    mine.close().await;
    theirs.close().await;
}

#[tokio::test]
async fn a_save_by_a_colleague_leads_to_a_merge_with_nothing_lost() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").body(BODY).publish(&stage.world).await;
    let form = format!("/desk/articles/{id}");
    let (mine, theirs) = (stage.editor().await, colleague(&stage, "Mira Okafor").await);
    mine.go(&form).await;
    theirs.go(&form).await;
    theirs.fill("#body", &BODY.replace("first one", "first one, theirs").replace("third", "last")).await;
    theirs.follow("button[value=save]").await;

    mine.fill("#body", &BODY.replace("first one", "first one, mine")).await;
    mine.write("#kicker", "Ferries").await;
    mine.until(
        "document.querySelector('#autosave-state').innerText.startsWith('Somebody saved a newer version')",
    )
    .await;
    mine.follow("#autosave-state button").await;
    assert_eq!(
        mine.texts(
            "[...document.querySelectorAll('input:checked')].map((input) => input.name + ' ' + input.value)"
        )
        .await,
        ["take-kicker mine", "block-2 theirs"]
    );
    mine.resize(390).await;
    assert_eq!(mine.value("document.documentElement.scrollWidth <= innerWidth").await, true);
    // Not sent while something is undecided.
    mine.click("button[value=save]").await;
    mine.until("document.querySelector('input[name=block-0]:invalid') !== null").await;
    mine.click("input[name=block-0][value=both]").await;
    mine.follow("button[value=save]").await;

    assert_eq!(mine.path().await, form);
    let stored = stored(&stage, id).await;
    assert_eq!((stored.kicker.as_str(), stored.version), ("Ferries", 3));
    assert_eq!(
        stored.body_html.as_str(),
        "<p>The first one, theirs.</p>\n\n<p>The first one, mine.</p>\n\n<p>The second one.</p>\n\n<p>The last one.</p>"
    );
    let complaints = mine.complaints().await;
    let complaints: Vec<_> =
        complaints.iter().filter(|complaint| !complaint.contains("status of 409")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
    mine.close().await;
    theirs.close().await;
}

#[tokio::test]
async fn an_article_is_saved_and_merged_without_scripts() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").body(BODY).publish(&stage.world).await;
    let form = format!("/desk/articles/{id}");
    let mine = stage.editor().await;
    mine.without_scripts().await;
    mine.go(&form).await;
    assert!(!mine.shows("#autosave-state").await);
    Story::new("The bridge, theirs").body(&BODY.replace("third", "last")).over(&stage.world, id).await;
    mine.write("#kicker", "Ferries").await;
    mine.follow("button[value=save]").await;
    assert!(mine.shows("input[name=block-2][value=theirs]").await);
    mine.follow("button[value=save]").await;
    assert_eq!(mine.path().await, form);
    let stored = stored(&stage, id).await;
    assert_eq!((stored.headline.as_str(), stored.kicker.as_str()), ("The bridge, theirs", "Ferries"));
    assert!(stored.body_html.as_str().contains("The last one."));
    mine.close().await;
}
