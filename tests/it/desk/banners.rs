//! Breaking news.

use axum::http::StatusCode;

use super::Screen;
use super::scene::Scene;

const NEWS: (&str, &str) = ("text", "The bridge is closed");

#[tokio::test]
async fn a_banner_stands_on_every_page_until_its_end() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let to = format!("#{article}");
    let fields = [NEWS, ("to", &to), ("ends_at", "2099-01-01T10:00")];
    let answer = scene.browser.post("/desk/front/banners", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let href = format!("/article/{article}/the-bridge-reopens");
    for path in ["/", &href, "/section/news", "/search", "/gallery"] {
        let page = scene.world.browser().read(path).await;
        assert_eq!(page.text(".breaking a"), "The bridge is closed", "{path}");
        assert_eq!(page.attribute(".breaking a", "href"), href, "{path}");
    }
    let over =
        "update banners set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 second'";
    sqlx::query(over).execute(&scene.world.db.pool).await.unwrap();
    assert!(!scene.world.browser().read("/").await.has(".breaking"));
    assert_eq!(scene.acts().await, ["create banner by Mira Holt"]);
}

#[tokio::test]
async fn of_two_banners_the_later_begun_is_shown_and_one_ahead_is_not() {
    let mut scene = Scene::new().await;
    for (text, starts_at) in
        [("Older", "2020-01-01T10:00"), ("Newer", "2021-01-01T10:00"), ("Ahead", "2098-01-01T10:00")]
    {
        let fields = [("text", text), ("starts_at", starts_at), ("ends_at", "2099-01-01T10:00")];
        scene.browser.post("/desk/front/banners", &fields).await;
    }
    assert_eq!(scene.world.browser().read("/").await.texts(".breaking span"), ["Newer"]);
    let page = scene.browser.read("/desk/front/at?at=2098-06-01T10:00").await;
    assert_eq!(page.texts(".breaking span"), ["Ahead"]);
}

#[tokio::test]
async fn a_banner_that_leads_to_a_hidden_article_leads_nowhere() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let to = format!("#{article}");
    scene.browser.post("/desk/front/banners", &[NEWS, ("to", &to), ("ends_at", "2099-01-01T10:00")]).await;
    sqlx::query("update articles set state = 'draft'").execute(&scene.world.db.pool).await.unwrap();
    let page = scene.world.browser().read("/").await;
    assert!(page.has(".breaking span") && !page.has(".breaking a"));
}

#[tokio::test]
async fn what_is_wrong_with_a_banner_is_named_and_kept() {
    let mut scene = Scene::new().await;
    let typed = [
        ("text", ""),
        ("to", "javascript:alert(1)"),
        ("starts_at", "2030-01-02T10:00"),
        ("ends_at", "2030-01-01T10:00"),
    ];
    let answer = scene.browser.post("/desk/front/banners", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&answer);
    assert_eq!(screen.text("#text-error"), ["Write what has happened."]);
    assert!(screen.text("#to-error")[0].starts_with("This names no article"));
    assert_eq!(screen.text("#ends_at-error"), ["The end lies before the start."]);
    assert_eq!(screen.field("to"), "javascript:alert(1)");
    let endless = scene.browser.post("/desk/front/banners", &[NEWS, ("ends_at", "")]).await;
    assert_eq!(endless.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_banner_is_changed_and_taken_down() {
    let mut scene = Scene::new().await;
    scene.browser.post("/desk/front/banners", &[NEWS, ("ends_at", "2099-01-01T10:00")]).await;
    let id = scene.value("select id::text from banners").await;
    let path = format!("/desk/front/banners/{id}");
    let screen = Screen::of(&scene.browser.get(&path).await);
    assert_eq!(
        (screen.field("text"), screen.field("ends_at")),
        (NEWS.1.to_owned(), "2099-01-01T10:00".to_owned())
    );
    let starts_at = screen.field("starts_at");
    let fields = [
        ("text", "It is open"),
        ("to", "https://roads.example/"),
        ("starts_at", &*starts_at),
        ("ends_at", "2099-01-01T10:00"),
    ];
    scene.browser.post(&path, &fields).await;
    let page = scene.world.browser().read("/").await;
    assert_eq!(page.attribute(".breaking a", "href"), "https://roads.example/");
    assert_eq!(scene.browser.post(&format!("{path}/end"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!scene.world.browser().read("/").await.has(".breaking"));
    assert_eq!(scene.browser.post(&format!("{path}/end"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_line_that_was_taken_down_comes_back_only_on_purpose() {
    let mut scene = Scene::new().await;
    scene.browser.post("/desk/front/banners", &[NEWS, ("ends_at", "2099-01-01T10:00")]).await;
    let version = |screen: &Screen| screen.attribute("input[name=version]", "value").unwrap();
    let opened = version(&Screen::of(&scene.browser.get("/desk/front/banners/1").await));
    let other = [("text", "Nobody is hurt"), ("ends_at", "2099-01-01T10:00")];
    let fields = [&other[..], &[("version", opened.as_str())]].concat();
    scene.browser.post("/desk/front/banners/1/end", &[]).await;
    sqlx::query("update banners set starts_at = starts_at - interval '1 hour', ends_at = ends_at - interval '1 second'")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    let answer = scene.browser.post("/desk/front/banners/1", &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let screen = Screen::of(&answer);
    assert_eq!(screen.field("text"), "Nobody is hurt");
    assert!(!scene.world.browser().read("/").await.has(".breaking"));
    let again = version(&screen);
    let fields = [&other[..], &[("version", again.as_str())]].concat();
    let answer = scene.browser.post("/desk/front/banners/1", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.world.browser().read("/").await.text(".breaking span"), "Nobody is hurt");
}
