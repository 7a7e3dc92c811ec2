//! Authors write their own drafts; what others write does not exist to them, and what goes out is the editors'.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::article::{self, ArticleId, State};

use super::{Screen, with_section};
use crate::browser::{Browser, World};

/// An author with a draft, an editor with another.
async fn newsroom() -> (World, Browser, Browser) {
    let world = World::new().await;
    with_section(&world).await;
    let (author, editor) = (world.logged_in(Role::Author).await, world.logged_in(Role::Editor).await);
    (world, author, editor)
}

async fn draft(browser: &mut Browser, headline: &str) -> ArticleId {
    let typed = [("headline", headline), ("section", "paper"), ("body", "<p>Text.</p>")];
    let answer = browser.upload("/desk/articles", &typed, &[]).await;
    answer.header("location").strip_prefix("/desk/articles/").unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_author_may_not_publish_or_withdraw() {
    let (world, mut author, _) = newsroom().await;
    let id = draft(&mut author, "Mine").await;
    let form = Screen::of(&author.get(&format!("/desk/articles/{id}")).await);
    assert!(form.has("button[value=save]"));
    assert!(!form.has("button[value=publish]") && !form.has("button[value=withdraw]"));
    for action in ["publish", "withdraw"] {
        let typed = [("headline", "Mine"), ("section", "paper"), ("version", "1"), ("action", action)];
        let paths = ["/desk/articles".to_owned(), format!("/desk/articles/{id}")];
        for path in paths {
            assert_eq!(
                author.upload(&path, &typed, &[]).await.status,
                StatusCode::FORBIDDEN,
                "{action} {path}"
            );
        }
    }
    let stored = article::by_id(&world.db.pool, id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.version), (State::Draft, 1));
}

#[tokio::test]
async fn to_an_author_the_articles_of_others_do_not_exist() {
    let (world, mut author, mut editor) = newsroom().await;
    let mine = draft(&mut author, "Secret of the author").await;
    let theirs = draft(&mut editor, "Secret of the editor").await;
    let path = format!("/desk/articles/{theirs}");
    assert_eq!(author.get(&path).await.status, StatusCode::NOT_FOUND);
    let typed = [("headline", "Mine now"), ("section", "paper"), ("version", "1")];
    assert_eq!(author.upload(&path, &typed, &[]).await.status, StatusCode::NOT_FOUND);
    let stored = article::by_id(&world.db.pool, theirs).await.unwrap().unwrap();
    assert_eq!((stored.headline.as_str(), stored.version), ("Secret of the editor", 1));

    let list = author.get("/desk/articles").await.body;
    assert!(list.contains("Secret of the author") && !list.contains("Secret of the editor"));
    let offers = author.get("/desk/articles/suggestions?q=secret").await.body;
    assert!(offers.contains("Secret of the author") && !offers.contains("Secret of the editor"));
    let related = theirs.to_string();
    let typed = [("headline", "Mine"), ("section", "paper"), ("version", "1"), ("related", &related)];
    let answer = author.upload(&format!("/desk/articles/{mine}"), &typed, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).has("#related-error"));

    assert_eq!(editor.get(&format!("/desk/articles/{mine}")).await.status, StatusCode::OK);
    assert!(editor.get("/desk/articles/suggestions?q=secret").await.body.contains("Secret of the author"));
}

#[tokio::test]
async fn an_author_does_not_change_what_readers_see() {
    let (world, mut author, mut editor) = newsroom().await;
    let id = draft(&mut author, "Mine").await;
    let path = format!("/desk/articles/{id}");
    let typed = [
        ("headline", "Mine"),
        ("section", "paper"),
        ("body", "<p>Text.</p>"),
        ("version", "1"),
        ("action", "publish"),
    ];
    assert_eq!(editor.upload(&path, &typed, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!Screen::of(&author.get(&path).await).has(".action-bar button"));
    let typed = [("headline", "Changed"), ("section", "paper"), ("version", "2")];
    assert_eq!(author.upload(&path, &typed, &[]).await.status, StatusCode::FORBIDDEN);
    let stale = [("headline", "Typed meanwhile"), ("section", "paper"), ("version", "1")];
    let answer = author.upload(&path, &stale, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let screen = Screen::of(&answer);
    assert_eq!(screen.field("headline"), "Typed meanwhile");
    assert!(!screen.has("button[name=action]"));
    assert_eq!(article::by_id(&world.db.pool, id).await.unwrap().unwrap().headline, "Mine");
}

#[tokio::test]
async fn an_author_moves_no_place() {
    let (world, mut author, mut editor) = newsroom().await;
    let place = |latitude| {
        [
            ("headline", "There"),
            ("section", "paper"),
            ("place", "Rasht"),
            ("latitude", latitude),
            ("longitude", "49.6"),
        ]
    };
    assert_eq!(editor.upload("/desk/articles", &place("37.3"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(author.upload("/desk/articles", &place("10"), &[]).await.status, StatusCode::SEE_OTHER);
    let latitude: f64 =
        sqlx::query_scalar("select latitude from places").fetch_one(&world.db.pool).await.unwrap();
    assert!((latitude - 37.3).abs() < 1e-9, "{latitude}");
}

#[tokio::test]
async fn a_stranger_is_sent_to_the_login_form() {
    let (world, ..) = newsroom().await;
    let mut stranger = world.browser();
    for path in ["/desk/articles", "/desk/articles/new", "/desk/articles/1", "/desk/articles/suggestions?q=a"]
    {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/desk/login"), "{path}");
    }
    let answer = stranger.upload("/desk/articles", &[("headline", "X")], &[]).await;
    assert!(answer.header("location").starts_with("/desk/login"));
}
