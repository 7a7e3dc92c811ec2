//! The front page arranged for tomorrow: by drag, by keyboard, and with the buttons alone.

use broadsheet::news::front::{self, store};
use fantoccini::key::Key;
use serde_json::json;

use crate::newsroom::Story;
use crate::stage::Stage;
use crate::window::Window;

/// Far enough that nothing of the test's own ends before it.
const TOMORROW: &str = "2031-05-02T09:00";

async fn newsroom() -> (Stage, Window) {
    let stage = Stage::new().await;
    for (headline, hours) in
        [("The ferry runs again", 3), ("A bridge is painted", 2), ("The river is low", 1)]
    {
        Story::new(headline).hours_ago(hours).publish(&stage.world).await;
    }
    let window = stage.editor().await;
    window.go("/desk/front").await;
    (stage, window)
}

/// What stands in a block by hand, as the screen shows it.
async fn placed(window: &Window, block: u8) -> Vec<String> {
    let list = format!("document.querySelectorAll('#block-{block} .slot')");
    window.texts(&format!("[...{list}].map((slot) => slot.dataset.name)")).await
}

/// Opens the form of a block, finds an article by its words and puts it there from tomorrow on.
async fn place(window: &Window, block: u8, words: &str, headline: &str) {
    window.click(&format!("#block-{block} .board-forms details:first-child summary")).await;
    let field = format!("#article-{block}");
    window.write(&field, words).await;
    window.until(&format!("document.querySelectorAll('{field}-offers li').length === 1")).await;
    window.press(Key::Down).await;
    window.press(Key::Enter).await;
    window.until(&format!("document.querySelector('{field}').value.endsWith('{headline}')")).await;
    window.click(&format!("#block-{block} form[action='/desk/front'] .times button")).await;
    window
        .until(&format!("document.querySelector('#block-{block} .slots').innerText.includes('{headline}')"))
        .await;
}

/// Presses on a thing, goes to another place, lets go.
async fn drag(window: &Window, from: &str, to: &str) {
    window.value(&format!("document.querySelector({from:?}).scrollIntoView({{ block: 'center' }})")).await;
    let middle = |selector: &str| {
        format!(
            "(({{ left, top, width, height }}) => [left + width / 2, top + height / 2])\
             (document.querySelector({selector:?}).getBoundingClientRect())"
        )
    };
    let point = async |selector: &str| -> (f64, f64) {
        serde_json::from_value(window.value(&middle(selector)).await).unwrap()
    };
    let mouse = async |kind: &str, (x, y): (f64, f64)| {
        let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        window.devtools("Input.dispatchMouseEvent", event).await;
    };
    let start = point(from).await;
    mouse("mousePressed", start).await;
    mouse("mouseMoved", (start.0, start.1 + 4.0)).await;
    mouse("mouseMoved", point(to).await).await;
    mouse("mouseReleased", point(to).await).await;
}

async fn quiet(window: &Window) {
    window.until("!document.querySelector('#content').hasAttribute('aria-busy')").await;
}

async fn look_at_tomorrow(window: &Window) -> String {
    window.go(&format!("/desk/front/at?board=draft&at={TOMORROW}")).await;
    window.text("document.querySelector('.story-lead h3').innerText").await
}

#[tokio::test]
async fn an_editor_arranges_tomorrows_page_by_drag_publishes_it_and_takes_it_back() {
    let (stage, window) = newsroom().await;
    window.resize(1280).await;
    place(&window, 2, "ferry", "The ferry runs again").await;
    place(&window, 2, "bridge", "A bridge is painted").await;
    assert_eq!(placed(&window, 2).await, ["The ferry runs again", "A bridge is painted"]);

    drag(&window, "#block-2 .slot:last-child .handle", "#block-2 .slot:first-child .handle").await;
    quiet(&window).await;
    let turned = "document.querySelector('#block-2 .slot').dataset.name === 'A bridge is painted'";
    window.until(turned).await;
    drag(&window, "#block-2 .slot:first-child .handle", "#block-1 .board-head").await;
    window.until("document.querySelectorAll('#block-1 .slot').length === 1").await;
    quiet(&window).await;
    assert_eq!(placed(&window, 1).await, ["A bridge is painted"]);
    assert_eq!(placed(&window, 2).await, ["The ferry runs again"]);

    assert_eq!(look_at_tomorrow(&window).await, "A bridge is painted");
    let reader = stage.reader().await;
    reader.go("/").await;
    assert_eq!(reader.text("document.querySelector('.story-lead h3').innerText").await, "The river is low");

    window.go("/desk/front").await;
    window.click("form[action$='/publish'] button").await;
    window.until("document.querySelector('.board-state .badge.published')").await;
    reader.go("/").await;
    assert_eq!(
        reader.text("document.querySelector('.story-lead h3').innerText").await,
        "A bridge is painted"
    );
    assert_eq!(window.complaints().await, Vec::<String>::new());
    assert_eq!(reader.complaints().await, Vec::<String>::new());

    // Undo needs a board before: publish another one.
    window.click("#block-1 .slot .row-move form:last-child button").await;
    window.until("document.querySelectorAll('#block-1 .slot').length === 0").await;
    window.click("form[action$='/publish'] button").await;
    window.until("document.querySelector('.board-state .badge.published')").await;
    window.click("form[action*='/history/'] button").await;
    window.until("document.querySelectorAll('#block-1 .slot').length === 1").await;
    reader.go("/").await;
    assert_eq!(
        reader.text("document.querySelector('.story-lead h3').innerText").await,
        "A bridge is painted"
    );
    assert_eq!(window.complaints().await, Vec::<String>::new());
    reader.close().await;
    window.close().await;
}

#[tokio::test]
async fn a_placing_is_moved_with_the_keyboard_over_the_end_of_its_block() {
    let (stage, window) = newsroom().await;
    place(&window, 2, "ferry", "The ferry runs again").await;
    window.value("document.querySelector('#block-2 .slot .handle').focus()").await;
    for key in [' ', char::from(Key::Up)] {
        window
            .find("#block-2 .slot .handle, #block-1 .slot .handle")
            .await
            .send_keys(&key.to_string())
            .await
            .unwrap();
    }
    window.until("document.querySelector('#block-1 .slot .handle') === document.activeElement").await;
    window.press(Key::Escape).await;
    window.until("document.querySelector('#block-2 .slot .handle') === document.activeElement").await;
    assert_eq!(placed(&window, 1).await, Vec::<String>::new());
    for key in [' ', char::from(Key::Up), ' '] {
        window.find(".slot .handle").await.send_keys(&key.to_string()).await.unwrap();
    }
    quiet(&window).await;
    window.until("document.querySelectorAll('#block-1 .slot').length === 1").await;
    let draft = store::draft(&stage.world.db.pool).await.unwrap();
    assert_eq!(draft.board.of_kind(front::Kind::News).unwrap().placings.len(), 1);
    window.until("document.activeElement.classList.contains('handle')").await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn the_board_is_arranged_without_scripts() {
    let (stage, window) = newsroom().await;
    window.without_scripts().await;
    window.go("/desk/front").await;
    for headline in ["The ferry runs again", "A bridge is painted"] {
        window.click("#block-1 .board-forms details:first-child summary").await;
        window.write("#article-1", headline).await;
        window.fill("#new-1-starts_at", "2031-05-01T06:00").await;
        window.follow("#block-1 form[action='/desk/front'] .times button").await;
    }
    window.follow("#block-1 .slot:last-of-type button[value=up]").await;
    assert_eq!(placed(&window, 1).await, ["A bridge is painted", "The ferry runs again"]);
    assert_eq!(look_at_tomorrow(&window).await, "A bridge is painted");
    window.go("/desk/front").await;
    window.fill("#preview_at", TOMORROW).await;
    window.follow("form[action$='/previews'] button").await;
    let link = window.text("document.querySelector('.preview-links input').value").await;
    let reader = stage.reader().await;
    reader.go(link.strip_prefix(&stage.base_url).unwrap()).await;
    let lead = "document.querySelector('.story-lead h3').innerText";
    assert_eq!(reader.text(lead).await, "A bridge is painted", "the draft, to whoever has the link");
    assert_eq!(reader.complaints().await, Vec::<String>::new());
    window.follow("form[action$='/publish'] button").await;
    assert!(window.shows(".board-state .badge.published").await);
    reader.go("/").await;
    // It is not tomorrow yet.
    assert_eq!(reader.text("document.querySelector('.story-lead h3').innerText").await, "The river is low");
    reader.close().await;
    window.close().await;
}

#[tokio::test]
async fn a_topic_is_given_key_dates_and_shows_them() {
    let (stage, window) = newsroom().await;
    window.go("/desk/topics/new").await;
    window.write("#title", "Along the river").await;
    window.write("#link_label-1", "Begin here").await;
    window.write("#link_to-1", "ferry").await;
    window.until("document.querySelectorAll('#link_to-1-offers li').length === 1").await;
    window.press(Key::Down).await;
    window.press(Key::Enter).await;
    window.fill("#date_day-1", "1999-05-01").await;
    window.write("#date_text-1", "The quay is built.").await;
    window.follow("main form .button.primary").await;
    assert_eq!(window.path().await, "/desk/topics");
    let reader = stage.reader().await;
    for width in [390, 1280] {
        reader.resize(width).await;
        reader.go("/focus/along-the-river").await;
        assert!(reader.shows(".key-dates").await && reader.shows(".start-here a").await);
        assert_eq!(reader.text("document.querySelector('.key-day').innerText").await, "1 May 1999");
        let sideways = "document.documentElement.scrollWidth > innerWidth";
        assert_eq!(reader.value(sideways).await, false, "{width}");
    }
    assert_eq!(window.complaints().await, Vec::<String>::new());
    assert_eq!(reader.complaints().await, Vec::<String>::new());
    reader.close().await;
    window.close().await;
}
