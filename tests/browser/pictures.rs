//! The picture desk, by hand: several uploads with their bars, the focal point by a click, a picture of the library
//! in an article, and all of it without scripts.

use std::io::Cursor;
use std::path::PathBuf;

use broadsheet::news::media::{self, MediaId};
use fantoccini::key::Key;

use crate::newsroom;
use crate::stage::Stage;

/// A file on the disk, as a person chooses one: half red, half blue.
pub fn file(name: &str, shade: u8) -> PathBuf {
    let image = image::RgbImage::from_fn(1200, 600, |x, _| {
        if x < 600 { image::Rgb([220, shade, 20]) } else { image::Rgb([20, shade, 220]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let folder = std::env::temp_dir().join(format!("broadsheet-pictures-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes.into_inner()).unwrap();
    path
}

fn paths(files: &[PathBuf]) -> String {
    files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n")
}

async fn newest(stage: &Stage) -> MediaId {
    MediaId(sqlx::query_scalar("select max(id) from media").fetch_one(&stage.world.db.pool).await.unwrap())
}

#[tokio::test]
async fn three_files_are_sent_one_after_the_other_and_a_bad_one_stops_none() {
    let stage = Stage::new().await;
    let window = stage.editor().await;
    let bad = file("torn.jpg", 1);
    std::fs::write(&bad, b"GIF89a?").unwrap();
    window.go("/desk/media").await;
    window.write("#file", &paths(&[file("one.jpg", 10), bad, file("two.jpg", 90)])).await;
    window.click("form[data-uploads] button").await;
    window.until("document.querySelectorAll('.sending .done').length === 2").await;
    window.until("document.querySelectorAll('.sending .ready').length === 2").await;
    assert_eq!(window.texts("[...document.querySelectorAll('.sending progress')].map((bar) => bar.value < 1 ? 'part' : 'whole')").await, ["whole"; 3]);
    let failed = window.text("document.querySelector('.sending .failed .says').textContent").await;
    assert!(failed.contains("damaged"), "{failed}");
    window.go("/desk/media").await;
    let names = "[...document.querySelectorAll('.grid-name')].map((name) => name.textContent.trim())";
    assert_eq!(window.texts(names).await, ["two.jpg", "one.jpg"]);
    let complaints: Vec<_> =
        window.complaints().await.into_iter().filter(|line| !line.contains("422")).collect();
    assert_eq!(complaints, [""; 0], "the refused file alone");
    window.close().await;
}

#[tokio::test]
async fn the_focal_point_follows_a_click_and_the_arrow_keys() {
    let stage = Stage::new().await;
    let window = stage.editor().await;
    window.go("/desk/media").await;
    window.write("#file", &paths(&[file("halves.jpg", 30)])).await;
    window.click("form[data-uploads] button").await;
    window.until("document.querySelector('.sending .ready')").await;
    window.follow(".sending a").await;
    let view = "document.querySelector('[data-crop=\"1x1\"]').getAttribute('viewBox')";
    let before = window.text(view).await;
    // The driver clicks the middle; the script is told of a place at the right.
    window.value("(() => { const box = document.querySelector('.focal img').getBoundingClientRect(); document.querySelector('.focal img').dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: Math.round(box.left + box.width * .9), clientY: Math.round(box.top + box.height * .25) })); })()").await;
    // A pixel is all that a click can say.
    let placed = "[focus_x, focus_y].map((field) => Number(field.value))";
    let near = |x: u32, y: u32| format!("{placed}.every((at, i) => Math.abs(at - [{x}, {y}][i]) < 1)");
    assert_eq!(window.value(&near(90, 25)).await, true);
    assert_ne!(window.text(view).await, before);
    window.value("document.querySelector('.focal').focus()").await;
    window.press(Key::Left).await;
    window.press(Key::Down).await;
    assert_eq!(window.value(&near(89, 26)).await, true);
    let chosen = window.texts(&format!("{placed}.map((at) => String(Math.round(at * 10)))")).await;
    window.write("#alt", "Two halves").await;
    window.follow(".picture-form button.primary").await;
    let id = newest(&stage).await;
    let medium = media::by_id(&stage.world.db.pool, id).await.unwrap().unwrap();
    assert_eq!([medium.focus_x, medium.focus_y].map(|at| at.to_string()), chosen[..]);
    assert_eq!(medium.alt, "Two halves");
    assert_eq!(window.complaints().await, [""; 0]);
    window.close().await;
}

#[tokio::test]
async fn a_picture_of_the_library_comes_into_an_article_with_its_words() {
    let stage = Stage::new().await;
    newsroom::section(&stage.world, "Science").await;
    let window = stage.editor().await;
    window.go("/desk/media").await;
    window.write("#file", &paths(&[file("lighthouse.jpg", 30), file("river.jpg", 200)])).await;
    window.click("form[data-uploads] button").await;
    window.until("document.querySelectorAll('.sending .ready').length === 2").await;
    let words = "update media set alt = 'A lighthouse', credit = 'Mira Holt' where name = 'lighthouse.jpg'";
    sqlx::query(words).execute(&stage.world.db.pool).await.unwrap();

    window.go("/desk/articles/new").await;
    window.click("[data-library] button").await;
    window.until("document.querySelectorAll('dialog.library .grid button').length === 2").await;
    window.write("#library-words", "holt").await;
    window.until("document.querySelectorAll('dialog.library .grid button').length === 1").await;
    window.click("dialog.library .grid button").await;
    assert_eq!(window.text("document.querySelector('#picture_alt').value").await, "A lighthouse");
    window.choose("#section", "science").await;
    window.write("#headline", "The light of Skerry").await;
    window.follow("button[value=save]").await;
    let kept = "document.querySelector('.thumb')?.naturalWidth > 0";
    window.until(kept).await;
    let credit = stage_value(&stage, "select picture_credit from articles").await;
    assert_eq!(credit, "Mira Holt");
    assert_eq!(window.complaints().await, [""; 0]);
    window.close().await;
}

async fn stage_value(stage: &Stage, question: &'static str) -> String {
    sqlx::query_scalar(question).fetch_one(&stage.world.db.pool).await.unwrap()
}

#[tokio::test]
async fn pictures_are_uploaded_described_and_placed_without_scripts() {
    let stage = Stage::new().await;
    newsroom::section(&stage.world, "Science").await;
    let window = stage.editor().await;
    window.without_scripts().await;
    window.go("/desk/media").await;
    window.write("#file", &paths(&[file("one.jpg", 10), file("two.jpg", 90)])).await;
    window.follow("form[data-uploads] button").await;
    assert!(window.text("document.querySelector('.notice').textContent").await.starts_with("2 pictures"));
    window.follow(".grid-name a").await;
    window.write("#alt", "Two halves").await;
    window.fill("#focus_x", "10").await;
    window.follow(".picture-form button.primary").await;
    let id = newest(&stage).await;
    let medium = media::by_id(&stage.world.db.pool, id).await.unwrap().unwrap();
    assert_eq!((medium.focus_x, medium.alt.as_str()), (100, "Two halves"));

    window.go("/desk/articles/new").await;
    window.choose("#library_picture", &id.to_string()).await;
    window.choose("#section", "science").await;
    window.write("#headline", "Two halves").await;
    window.follow("button[value=save]").await;
    assert_eq!(window.text("document.querySelector('#picture_alt').value").await, "Two halves");
    window.close().await;
}
