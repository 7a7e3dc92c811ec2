//! What screens are made with: uploads and one-time messages.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use broadsheet::server;
use broadsheet::web::upload::UploadError;
use broadsheet::web::{App, Flash, Notice, Path, Query, Stream, Upload, UploadLimits};

use crate::browser::{Browser, World};

const SMALL: UploadLimits = UploadLimits { fields: 1000, file: 2000, files: 2, body: 20_000 };

/// Says what it read.
async fn take(State(app): State<App>, request: Request) -> Response {
    let tell = |upload: &Upload| {
        let file = upload
            .file("picture")
            .map_or(String::new(), |file| format!("{} {}", file.name, file.bytes.len()));
        format!("{}|{}|{file}", upload.text("headline"), upload.text("body"))
    };
    match Upload::read(request, &app, SMALL).await {
        Ok(upload) => tell(&upload).into_response(),
        Err(UploadError::TooLarge { field, limit, read }) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Html(format!("{field}>{limit} {}", tell(&read))))
                .into_response()
        }
        Err(UploadError::Refused(error)) => error.into_response(),
    }
}

#[derive(serde::Deserialize)]
struct List {
    before: Option<i64>,
}

async fn browser() -> (World, Browser) {
    let world = World::new().await;
    let routes = Router::new()
        .route("/desk/up", post(take))
        .route("/thing/{id}", get(|Path(id): Path<i64>| async move { id.to_string() }))
        .route(
            "/list",
            get(|Query(list): Query<List>| async move { list.before.unwrap_or_default().to_string() }),
        )
        .route(
            "/desk/act",
            post(|State(app): State<App>| async move { Flash::new(&app, "Saved; é").to("/desk/shown") }),
        )
        .route("/desk/shown", get(|notice: Notice| async move { Html(notice.0.unwrap_or_default()) }));
    let browser = Browser::on(server::layers(world.app.clone(), routes)).of(&world.app);
    (world, browser)
}

#[tokio::test]
async fn an_upload_brings_fields_and_files() {
    let (_world, mut browser) = browser().await;
    let fields = [("headline", "Été"), ("body", "<p>x</p>")];
    let answer =
        browser.upload("/desk/up", &fields, &[("picture", "a.png", b"12345"), ("other", "", b"")]).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "Été|<p>x</p>|a.png 5"));
}

#[tokio::test]
async fn a_file_over_its_limit_is_named_and_everything_else_is_kept() {
    let (_world, mut browser) = browser().await;
    let files: [(&str, &str, &[u8]); 2] = [("film", "a.mp4", &[0; 2001]), ("picture", "a.png", b"12345")];
    let answer = browser.upload("/desk/up", &[("headline", "Kept")], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.body, "film>2000 Kept||a.png 5");
}

#[tokio::test]
async fn a_text_over_its_limit_is_named_and_everything_else_is_kept() {
    let (_world, mut browser) = browser().await;
    let fields = [("body", "x".repeat(1001)), ("headline", "Kept".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.upload("/desk/up", &fields, &[]).await;
    assert_eq!(answer.body, "body>1000 Kept||");
}

/// The same with a film of at most 3000 bytes that goes to the disk.
async fn take_film(State(app): State<App>, request: Request) -> Response {
    let stream = Stream { field: "film", limit: 3000 };
    match Upload::read_with_stream(request, &app, SMALL, stream).await {
        Ok((upload, film)) => {
            let film = film.map_or(String::new(), |film| format!("{} {}", film.name, film.incoming.bytes()));
            format!("{}|{film}", upload.text("headline")).into_response()
        }
        Err(UploadError::TooLarge { field, limit, read }) => {
            format!("{field}>{limit} {}", read.text("headline")).into_response()
        }
        Err(UploadError::Refused(error)) => error.into_response(),
    }
}

#[tokio::test]
async fn a_film_goes_to_the_disk_and_over_its_limit_nothing_of_it_remains() {
    let world = World::new().await;
    let routes = Router::new().route("/desk/film", post(take_film));
    let mut browser = Browser::on(server::layers(world.app.clone(), routes)).of(&world.app);
    for (bytes, told) in [(2500, "Kept|a.webm 2500"), (3001, "film>3000 Kept"), (0, "Kept|")] {
        let film = vec![7; bytes];
        let files = [("film", "a.webm", film.as_slice())];
        assert_eq!(browser.upload("/desk/film", &[("headline", "Kept")], &files).await.body, told);
        let unfinished = std::fs::read_dir(world.app.config.data.join("media/incoming")).unwrap();
        assert_eq!(unfinished.count(), 0, "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_body_far_too_large_or_of_another_kind_is_refused() {
    let (_world, mut browser) = browser().await;
    let answer = browser.upload("/desk/up", &[], &[("picture", "a.png", &vec![0; 30_000])]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        browser.post("/desk/up", &[("headline", "x")]).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn a_message_is_shown_once() {
    let (_world, mut browser) = browser().await;
    let answer = browser.post("/desk/act", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/desk/shown").await.body, "Saved; é");
    assert_eq!(browser.get("/desk/shown").await.body, "");
}

#[tokio::test]
async fn a_path_that_does_not_parse_leads_nowhere() {
    let (_world, mut browser) = browser().await;
    assert_eq!(browser.get("/thing/7").await.body, "7");
    for path in ["/thing/seven", "/thing/7%00", "/thing/%ff", "/thing/99999999999999999999", "/thing/%252e"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_query_that_does_not_parse_is_named_and_unknown_fields_do_no_harm() {
    let (_world, mut browser) = browser().await;
    assert_eq!(browser.get("/list?before=7&utm_source=x").await.body, "7");
    let answer = browser.get("/list?before=seven").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("before"), "{}", answer.body);
}

#[tokio::test]
async fn a_character_that_cannot_be_stored_is_the_senders_mistake() {
    let (world, _) = browser().await;
    let answer = world.browser().post("/desk/login", &[("email", "a\0@b"), ("password", "x")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
