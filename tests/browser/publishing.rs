//! An editor at work: logging in, the form of an article, what is refused, and what the form completes.

use std::path::PathBuf;

use broadsheet::accounts::Role;
use fantoccini::key::Key;
use image::{ImageFormat, Rgb, RgbImage};

use crate::browser::PASSWORD;
use crate::newsroom::{Story, section};
use crate::stage::Stage;
use crate::window::Window;

#[tokio::test]
async fn an_editor_publishes_an_article_with_a_picture_that_the_front_page_shows() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    stage.world.account("mira@example.org", Role::Editor).await;
    let window = stage.reader().await;
    window.go("/desk/articles/new").await;
    assert_eq!(window.path().await, "/desk/login");
    window.write("#email", "mira@example.org").await;
    window.write("#password", PASSWORD).await;
    window.follow("main button.primary").await;
    assert_eq!(window.path().await, "/desk/articles/new");

    window.write("#headline", "The ferry runs again").await;
    window.fill("#body", "<p>From the first hour of the morning.</p>").await;
    window.choose("#section", "news").await;
    window.write("#picture", picture(&stage).to_str().unwrap()).await;
    window.write("#picture_alt", "A ferry at its landing").await;
    window.follow("button[value=publish]").await;
    assert!(window.shows(".badge.published").await);

    let reader = stage.reader().await;
    let shown = "(image => image && image.complete && image.naturalWidth > 0 && image.srcset.includes(','))\
                 (document.querySelector('.story-lead img'))";
    let started = std::time::Instant::now();
    loop {
        reader.go("/").await;
        if reader.value(&format!("!!({shown})")).await == true {
            break;
        }
        assert!(started.elapsed() < crate::keeper::PATIENCE, "the picture never came");
    }
    assert_eq!(
        reader.text("document.querySelector('.story-lead h3').innerText").await,
        "The ferry runs again"
    );
    assert_eq!(reader.text("document.querySelector('.story-lead img').alt").await, "A ferry at its landing");
    assert_eq!(reader.complaints().await, Vec::<String>::new());
    reader.close().await;
    window.close().await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_leads_to_its_fields() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    window.write("#kicker", "Ferries").await;
    window.fill("#standfirst", "It is \"back\" & <late>.").await;
    window.fill("#body", "<p>From the first hour.</p>").await;
    window.write("#byline", "Ada Lind, Jon Ek").await;
    window.write("#tags", "ferries, harbour").await;
    window.choose("#section", "news").await;
    window.click("#comments").await;
    let comments = window.value("document.getElementById('comments').checked").await;
    window.write("#picture", heavy(&stage).to_str().unwrap()).await;
    window.write("#picture_credit", "Ada Lind").await;
    window.follow("button[value=publish]").await;

    let value = async |id: &str| window.text(&format!("document.getElementById('{id}').value")).await;
    assert_eq!(value("kicker").await, "Ferries");
    assert_eq!(value("standfirst").await, "It is \"back\" & <late>.");
    assert_eq!(value("body").await, "<p>From the first hour.</p>");
    assert_eq!(value("byline").await, "Ada Lind, Jon Ek");
    assert_eq!(value("tags").await, "ferries, harbour");
    assert_eq!(value("section").await, "news");
    assert_eq!(value("picture_credit").await, "Ada Lind");
    assert_eq!(window.value("document.getElementById('comments').checked").await, comments);

    for field in ["headline", "picture"] {
        let described = format!(
            "document.getElementById('{field}').getAttribute('aria-describedby').split(' ')
                 .map((id) => document.getElementById(id).innerText).join(' ')"
        );
        assert_eq!(window.text(&format!("document.getElementById('{field}').ariaInvalid")).await, "true");
        assert!(!window.text(&described).await.is_empty());
        assert!(window.shows(&format!("#{field}-error")).await);
        window.click(&format!(".error-summary a[href='#{field}']")).await;
        window.until(&format!("document.activeElement.id === '{field}'")).await;
        let seen = "((box) => box.top >= 0 && box.bottom <= innerHeight)\
                    (document.activeElement.getBoundingClientRect())";
        window.until(seen).await;
    }
    window.close().await;
}

#[tokio::test]
async fn a_related_article_is_found_by_its_headline_and_added_by_keyboard() {
    let stage = Stage::new().await;
    let id = Story::new("The ferry runs again").publish(&stage.world).await;
    Story::new("A bridge is painted").publish(&stage.world).await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    window.write("#related-search", "ferry").await;
    window.until("document.querySelectorAll('#related-search-offers li').length === 1").await;
    assert_eq!(window.text("document.getElementById('related-search').ariaExpanded").await, "true");
    window.press(Key::Down).await;
    window.until("document.querySelector('#related-search-offers li').ariaSelected === 'true'").await;
    window.press(Key::Enter).await;
    let line = format!("{id} The ferry runs again");
    window.until(&format!("document.getElementById('related').value === '{line}'")).await;
    assert!(!window.shows("#related-search-offers").await);
    assert_eq!(window.path().await, "/desk/articles/new");
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn a_tag_is_completed_by_keyboard() {
    let stage = Stage::new().await;
    Story::new("The ferry runs again").tags(&["harbour", "ferries"]).publish(&stage.world).await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    window.write("#tags", "rain, harb").await;
    window.until("document.querySelectorAll('#tags-offers li').length === 1").await;
    window.press(Key::Down).await;
    window.press(Key::Enter).await;
    window.until("document.getElementById('tags').value === 'rain, harbour, '").await;
    assert_eq!(window.text("document.activeElement.id").await, "tags");
    window.close().await;
}

#[tokio::test]
async fn related_articles_and_tags_are_plain_fields_without_scripts() {
    let stage = Stage::new().await;
    let id = Story::new("The ferry runs again").publish(&stage.world).await;
    let window = stage.editor().await;
    window.without_scripts().await;
    window.go("/desk/articles/new").await;
    assert_eq!(window.value("document.querySelectorAll('#related-search, [role=listbox]').length").await, 0);
    window.write("#headline", "The second ferry").await;
    window.write("#body", "<p>It is smaller.</p>").await;
    window.choose("#section", "news").await;
    window.write("#tags", "harbour, rain").await;
    window.write("#related", &id.to_string()).await;
    window.follow("button[value=publish]").await;
    window.follow(".page-head a[href^='/article/']").await;
    assert_eq!(
        window.texts("[...document.querySelectorAll('.tags a')].map((a) => a.innerText)").await,
        ["harbour", "rain"]
    );
    assert_eq!(window.text("document.querySelector('.related h3').innerText").await, "The ferry runs again");
    window.close().await;
}

#[tokio::test]
async fn typed_text_is_not_left_behind_unasked() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    assert!(!leaving_is_asked(&window).await);
    window.write("#headline", "The ferry").await;
    assert!(leaving_is_asked(&window).await);
    window.close().await;
}

/// The event, not the question: a page that asks cannot be closed by the driver.
async fn leaving_is_asked(window: &Window) -> bool {
    let sent = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    window.value(sent).await.as_bool().unwrap()
}

/// Wide enough for several sizes.
fn picture(stage: &Stage) -> PathBuf {
    let image =
        RgbImage::from_fn(
            1400,
            900,
            |x, y| Rgb([(x / 6), (y / 4), 120].map(|part| part.try_into().unwrap())),
        );
    let path = path_in(stage, "ferry.jpg");
    image.save_with_format(&path, ImageFormat::Jpeg).unwrap();
    path
}

/// One byte over 20 MiB.
fn heavy(stage: &Stage) -> PathBuf {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(20 * 1024 * 1024 + 1, 0);
    let path = path_in(stage, "heavy.png");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// In a folder that goes with the stage.
fn path_in(stage: &Stage, name: &str) -> PathBuf {
    stage.world.app.config.data.join(name)
}

#[tokio::test]
async fn a_session_that_ends_while_somebody_writes_costs_no_word() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    window.write("#headline", "Written for hours").await;
    sqlx::query("delete from sessions").execute(&stage.world.db.pool).await.unwrap();
    window.click("button[value=save]").await;
    window.until("!!document.querySelector('.logged-out a')").await;
    assert_eq!(window.path().await, "/desk/articles/new");
    assert_eq!(window.text("document.querySelector('#headline').value").await, "Written for hours");
    window.close().await;
}
