//! Text that is kept while somebody writes: on the server, on the device, and never over anything newer.

use serde_json::json;

use crate::newsroom::{Story, section};
use crate::stage::Stage;
use crate::window::Window;

const STATE: &str = "document.querySelector('#autosave-state').innerText";

async fn until_state(window: &Window, beginning: &str) {
    window.until(&format!("{STATE}.startsWith({beginning:?})")).await;
}

/// Complaints but for the answers that these tests ask for.
async fn unexpected(window: &Window) -> Vec<String> {
    let complaints = window.complaints().await;
    complaints.into_iter().filter(|complaint| !complaint.contains("/autosave")).collect()
}

async fn block_autosaves(window: &Window, is_blocked: bool) {
    let urls = if is_blocked { json!(["*/articles/*/autosave"]) } else { json!([]) };
    window.devtools("Network.enable", json!({})).await;
    window.devtools("Network.setBlockedURLs", json!({ "urls": urls })).await;
}

async fn copies_on_device(window: &Window) -> i64 {
    window
        .value("Object.keys(localStorage).filter((name) => name.startsWith('autosave:')).length")
        .await
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn a_new_article_that_nobody_saved_is_there_after_a_reload() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    window.write("#headline", "Written and left").await;
    window.fill("#body", "<p>Every word of it.</p>").await;
    window.choose("#section", "news").await;
    until_state(&window, "Draft saved ").await;
    let address = window.text("location.pathname + location.search").await;
    assert!(address.starts_with("/desk/articles/new?draft="), "{address}");
    assert_eq!(
        window.text("document.querySelector('#autosave-said').innerText").await.len(),
        "Draft saved 09:41".len()
    );

    window.go(&address).await;
    assert_eq!(window.text("document.querySelector('#headline').value").await, "Written and left");
    assert_eq!(window.text("document.querySelector('#body').value").await, "<p>Every word of it.</p>");
    assert!(window.shows("#unsaved").await);
    window.go("/desk/articles/new").await;
    window.follow("main a[href^='/desk/articles/new?draft=']").await;
    assert_eq!(window.text("document.querySelector('#headline').value").await, "Written and left");

    window.follow("button[value=save]").await;
    assert!(window.path().await.starts_with("/desk/articles/"));
    assert_eq!(window.value("document.querySelectorAll('#unsaved, #device-copy > *').length").await, 0);
    window.go(&address).await;
    assert!(!window.path().await.ends_with("/new"), "the address of the draft leads to its article");
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn text_that_is_kept_may_be_left_and_text_that_is_not_may_not() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").draft(&stage.world).await;
    let window = stage.editor().await;
    window.go(&format!("/desk/articles/{id}")).await;
    let is_asked = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    block_autosaves(&window, true).await;
    window.write("#standfirst", "More.").await;
    until_state(&window, "Offline").await;
    assert_eq!(window.value(is_asked).await, true);
    block_autosaves(&window, false).await;
    window.write("#standfirst", " And more.").await;
    until_state(&window, "Draft saved ").await;
    assert_eq!(window.value(is_asked).await, false);
    window.close().await;
}

#[tokio::test]
async fn offline_the_device_keeps_the_text_until_the_server_has_it() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").draft(&stage.world).await;
    let window = stage.editor().await;
    window.go(&format!("/desk/articles/{id}")).await;
    window.devtools("Network.enable", json!({})).await;
    let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    window.devtools("Network.emulateNetworkConditions", network(true)).await;
    window.write("#kicker", "Ferries").await;
    window.until(&format!("{STATE} === 'Offline: kept on this device'")).await;
    assert_eq!(copies_on_device(&window).await, 1);
    window.devtools("Network.emulateNetworkConditions", network(false)).await;
    until_state(&window, "Draft saved ").await;
    assert_eq!(copies_on_device(&window).await, 0);
    let kept: String = sqlx::query_scalar("select fields ->> 'kicker' from autosaves")
        .fetch_one(&stage.world.db.pool)
        .await
        .unwrap();
    assert_eq!(kept, "Ferries");
    window.close().await;
}

#[tokio::test]
async fn a_copy_that_only_the_device_has_is_offered_when_the_form_is_opened_again() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").draft(&stage.world).await;
    let window = stage.editor().await;
    let form = format!("/desk/articles/{id}");
    window.go(&form).await;
    block_autosaves(&window, true).await;
    window.write("#kicker", "Ferries").await;
    until_state(&window, "Offline").await;
    // As if the browser had been closed: nobody is asked.
    window
        .value("window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
        .await;
    window.value("document.querySelector('form[data-guard]').dispatchEvent(new CustomEvent('autosave:saved', { detail: { isWhole: true, checks: [] } }))").await;
    window.go(&form).await;
    assert_eq!(window.text("document.querySelector('#kicker').value").await, "");
    window.until("document.querySelectorAll('#device-copy button').length === 2").await;
    block_autosaves(&window, false).await;
    window.click("#device-copy button").await;
    assert_eq!(window.text("document.querySelector('#kicker').value").await, "Ferries");
    until_state(&window, "Draft saved ").await;
    assert_eq!(copies_on_device(&window).await, 0);
    assert_eq!(unexpected(&window).await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn a_session_that_ended_leaves_the_text_on_the_device() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").draft(&stage.world).await;
    let window = stage.editor().await;
    window.go(&format!("/desk/articles/{id}")).await;
    sqlx::query("delete from sessions").execute(&stage.world.db.pool).await.unwrap();
    window.write("#kicker", "Ferries").await;
    until_state(&window, "Logged out: kept on this device").await;
    assert_eq!(copies_on_device(&window).await, 1);
    window.close().await;
}

#[tokio::test]
async fn a_second_window_of_the_same_person_writes_over_nothing() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").draft(&stage.world).await;
    let (first, token) = stage.editor_with_token().await;
    let second = Window::open_as(&stage.base_url, &token).await;
    let form = format!("/desk/articles/{id}");
    first.go(&form).await;
    second.go(&form).await;
    first.write("#kicker", "First").await;
    until_state(&first, "Draft saved ").await;
    second.write("#kicker", "Second").await;
    until_state(&second, "You wrote more in another window at ").await;
    second.click("#autosave-state button:last-child").await;
    until_state(&second, "Draft saved ").await;
    let kept: String = sqlx::query_scalar("select fields ->> 'kicker' from autosaves")
        .fetch_one(&stage.world.db.pool)
        .await
        .unwrap();
    assert_eq!(kept, "Second");
    assert_eq!(unexpected(&second).await, Vec::<String>::new());
    first.close().await;
    second.close().await;
}

#[tokio::test]
async fn length_and_checklist_follow_what_is_typed() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").draft(&stage.world).await;
    let window = stage.editor().await;
    window.go(&format!("/desk/articles/{id}")).await;
    let body = "<p>One <em>two</em> three.</p><p>Four – five</p><p><a href=\"/tag/nowhere\">six</a></p>";
    window.fill("#body", body).await;
    window.until("document.querySelector('[data-words]').innerText === '6'").await;
    assert!(window.shows("[data-check=tags].missing").await);
    window.write("#tags", "rivers").await;
    window.until("document.querySelector('[data-check=tags]').className === 'passed'").await;
    assert_eq!(
        window.text("document.querySelector('[data-check=tags] [data-state]').innerText").await,
        "Done:"
    );
    // What only the server knows comes with the autosave.
    window.until("document.querySelector('[data-check=links]').className === 'missing'").await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn an_edit_that_waits_is_kept_while_it_is_written_and_apart_from_its_article() {
    let stage = Stage::new().await;
    let id = Story::new("Before noon").hours_ago(2).publish(&stage.world).await;
    let window = stage.editor().await;
    let form = format!("/desk/articles/{id}");
    window.go(&form).await;
    window.fill("#headline", "After noon").await;
    window.value("(document.querySelector('#effective_at').value = '2999-06-01T10:00')").await;
    window.follow("button[value=schedule]").await;
    window.go(&format!("{form}/edit")).await;
    window.write("#kicker", "Tonight").await;
    until_state(&window, "Draft saved ").await;
    window.go(&form).await;
    assert_eq!(window.text("document.querySelector('#headline').value").await, "Before noon");
    assert_eq!(window.text("document.querySelector('#kicker').value").await, "");
    window.go(&format!("{form}/edit")).await;
    assert!(window.shows("#unsaved").await);
    assert_eq!(window.text("document.querySelector('#headline').value").await, "After noon");
    assert_eq!(window.text("document.querySelector('#kicker').value").await, "Tonight");
    assert_eq!(copies_on_device(&window).await, 0);
    window.devtools("Network.enable", json!({})).await;
    window.devtools("Network.setBlockedURLs", json!({ "urls": ["*/edit/autosave"] })).await;
    window.write("#kicker", " and after").await;
    until_state(&window, "Offline").await;
    assert_eq!(copies_on_device(&window).await, 1);
    window.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    window.follow("button[value=schedule]").await;
    let waits: String = sqlx::query_scalar("select kicker from scheduled_edits")
        .fetch_one(&stage.world.db.pool)
        .await
        .unwrap();
    assert_eq!(waits, "Tonight and after");
    assert_eq!(unexpected(&window).await, Vec::<String>::new());
    window.close().await;
}
