//! A writer's file becomes an article, in a browser with scripts and in one without.

#[path = "../it/documents/docx.rs"]
#[allow(dead_code)]
mod docx;
#[path = "../it/documents/zip.rs"]
#[allow(dead_code)]
mod zip;

use std::path::PathBuf;

use self::docx::{Docx, p, picture, styled};
use crate::newsroom::section;
use crate::stage::Stage;
use crate::window::Window;

#[tokio::test]
async fn a_word_document_becomes_a_public_article_with_its_picture() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    publish(&stage, &window).await;
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn the_same_without_scripts() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.without_scripts().await;
    publish(&stage, &window).await;
    window.close().await;
}

async fn publish(stage: &Stage, window: &Window) {
    window.go("/desk/articles").await;
    window.follow(".page-head a[href='/desk/articles/document']").await;
    window.write("#document", file(stage).to_str().unwrap()).await;
    window.follow("main form button.primary").await;
    let said = window.text("document.querySelector('.notice').innerText").await;
    assert_eq!(said, "“ferry.docx” is read, and not saved yet. Its picture is in the library.");
    assert_eq!(window.text("document.querySelector('#headline').value").await, "The ferry runs again");
    window.choose("#section", "news").await;
    window.follow("button[value=publish]").await;
    window.follow(".page-head a[href^='/article/']").await;
    assert_eq!(window.text("document.querySelector('h1').innerText").await, "The ferry runs again");
    let shown = "(image => image && image.complete && image.naturalWidth > 0)(document.querySelector('article figure img[alt=\"A ferry\"]'))";
    window.value("document.querySelector('article figure img').scrollIntoView()").await;
    window.until(shown).await;
    assert_eq!(window.text("document.querySelector('article figcaption').innerText").await, "At its landing");
}

fn file(stage: &Stage) -> PathBuf {
    let text = [
        styled("Titel", "The ferry runs again"),
        p("From the first hour."),
        format!("<w:p>{}</w:p>", picture("i1", "A ferry")),
        styled("Beschriftung", "At its landing"),
    ];
    let image = image::RgbImage::from_pixel(640, 480, image::Rgb([9, 80, 120]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(image).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let path = stage.world.app.config.data.join("ferry.docx");
    std::fs::write(&path, Docx::new(&text.concat()).media("i1", "image1.jpg", bytes.get_ref()).bytes())
        .unwrap();
    path
}
