//! An article begun from a file: the form it fills, the pictures it leaves in the library, what is refused.

use axum::http::StatusCode;
use broadsheet::accounts::Role;

use super::Screen;
use super::scene::{Scene, jpeg};
use crate::documents::docx::{Docx, p, picture, styled};

const PATH: &str = "/desk/articles/document";

fn ferry() -> Vec<u8> {
    let text = [
        styled("Titel", "The ferry runs again"),
        p("From the first hour."),
        format!("<w:p>{}</w:p>", picture("i1", "A ferry")),
        styled("Beschriftung", "At its landing"),
    ];
    Docx::new(&text.concat()).media("i1", "image1.jpg", &jpeg(9)).media("i2", "image2.emf", b"EMF").bytes()
}

#[tokio::test]
async fn a_word_document_fills_the_form_and_its_picture_is_in_the_library() {
    let mut scene = Scene::with(Role::Author).await;
    let answer = scene.browser.upload(PATH, &[], &[("document", "ferry.docx", &ferry())]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let screen = Screen::of(&answer);
    assert_eq!(screen.attribute("main form", "action").as_deref(), Some("/desk/articles"));
    assert_eq!(screen.field("headline"), "The ferry runs again");
    assert_eq!(
        screen.text(".notice"),
        ["“ferry.docx” is read, and not saved yet. Its picture is in the library."]
    );
    let body = screen.field("body");
    assert!(body.starts_with("<p>From the first hour.</p>\n\n<figure><img src=\"/media/"), "{body}");
    assert!(body.ends_with("alt=\"A ferry\" width=\"64\" height=\"48\"><figcaption><span class=\"caption\">At its landing</span></figcaption></figure>"), "{body}");
    assert_eq!(scene.values("select name from media").await, ["image1.jpg"]);
    assert_eq!(scene.value("select count(*)::text from articles").await, "0");

    let src = body.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(scene.browser.get(&src).await.status, StatusCode::OK);
    let fields = [("section", "news"), ("headline", "The ferry runs again"), ("body", body.as_str())];
    let saved = scene.browser.upload("/desk/articles", &fields, &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let stored = scene.value("select body_html from articles").await;
    assert!(stored.contains(&src), "{stored}");
}

#[tokio::test]
async fn what_is_left_out_is_said() {
    let mut scene = Scene::new().await;
    let page = "<h1>T</h1><p>Text<img src='https://a.example/b.png'></p><img src='data:image/png;base64,iVBORw0KGgo='>";
    let answer = scene.browser.upload(PATH, &[], &[("document", "a.html", page.as_bytes())]).await;
    let said = "“a.html” is read, and not saved yet. Left out: 1 picture that is not in the file, \
                1 picture that cannot be read (https://a.example/b.png).";
    assert_eq!(Screen::of(&answer).text(".notice"), [said]);
}

#[tokio::test]
async fn what_is_wrong_with_the_file_is_said_at_its_field() {
    let mut scene = Scene::new().await;
    for (name, bytes, why) in [
        ("a.docx", b"%PDF-1.7".as_slice(), "This is a PDF."),
        ("a.docx", b"PK\x03\x04", "This document is damaged: it is incomplete."),
        ("a.odt", b"x", "This kind of file is not read."),
    ] {
        let answer = scene.browser.upload(PATH, &[], &[("document", name, bytes)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let screen = Screen::of(&answer);
        assert!(
            screen.text("#document-error")[0].starts_with(why),
            "{name}: {:?}",
            screen.text("#document-error")
        );
        assert_eq!(screen.attribute(".error-summary a", "href").as_deref(), Some("#document"));
    }
    let answer = scene.browser.upload(PATH, &[], &[]).await;
    assert_eq!(Screen::of(&answer).text("#document-error"), ["Choose a file first."]);
    let long = format!("T\n\n{}", "word ".repeat(300_000));
    let answer = scene.browser.upload(PATH, &[], &[("document", "a.txt", long.as_bytes())]).await;
    assert_eq!(
        Screen::of(&answer).text("#document-error"),
        ["This document is not taken: the text is longer than 1024 KiB."]
    );
    let heavy = vec![b'a'; 20 * 1024 * 1024 + 1];
    let answer = scene.browser.upload(PATH, &[], &[("document", "a.txt", &heavy)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(Screen::of(&answer).text("#document-error"), ["This is larger than 20 MiB."]);
}

#[tokio::test]
async fn front_matter_fills_the_other_fields_and_nothing_runs() {
    let mut scene = Scene::new().await;
    let text = "---\ntitle: The ferry\nauthor: Jon Elling\nlang: fa\ntags: [harbour, rain]\ndescription: It runs.\n---\n\
                <script>alert(1)</script>\n\n<p onclick=\"x()\">Text <img src=x onerror=alert(1)></p>\n\n[a](javascript:alert(1))\n";
    let answer = scene.browser.upload(PATH, &[], &[("document", "a.md", text.as_bytes())]).await;
    let screen = Screen::of(&answer);
    let fields = ["headline", "byline", "language", "tags", "standfirst"].map(|name| screen.field(name));
    assert_eq!(fields, ["The ferry", "Jon Elling", "fa", "harbour, rain", "It runs."]);
    assert_eq!(screen.field("body"), "<p>Text</p>\n\n<p>a</p>");
}

#[tokio::test]
async fn the_list_and_the_empty_form_lead_to_it() {
    let mut scene = Scene::with(Role::Author).await;
    for page in ["/desk/articles", "/desk/articles/new"] {
        let screen = Screen::of(&scene.browser.get(page).await);
        assert!(screen.has(&format!(".page-head a[href='{PATH}']")), "{page}");
    }
    let screen = Screen::of(&scene.browser.get(PATH).await);
    assert_eq!(
        screen.attribute("#document", "accept").as_deref(),
        Some(".docx,.md,.markdown,.html,.htm,.txt")
    );
}
