//! The upload form: what it keeps, what it refuses, what it writes.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::article::{self, ArticleId, State, Visibility};

use super::{Screen, png, with_section};
use crate::browser::{Answer, Browser, World};

pub(super) const NEW: &str = "/desk/articles";

pub(super) async fn editor() -> (World, Browser) {
    let world = World::new().await;
    with_section(&world).await;
    let browser = world.logged_in(Role::Editor).await;
    (world, browser)
}

/// An article's number, from where a form that was taken leads.
pub(super) fn id(answer: &Answer) -> ArticleId {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").strip_prefix("/desk/articles/").unwrap().parse().unwrap()
}

async fn publish(browser: &mut Browser, headline: &str, more: &[(&str, &str)]) -> ArticleId {
    let mut fields = vec![
        ("section", "paper"),
        ("headline", headline),
        ("body", "<p>The bridge is open again.</p>"),
        ("action", "publish"),
    ];
    fields.extend_from_slice(more);
    id(&browser.upload(NEW, &fields, &[]).await)
}

pub(super) async fn stored(world: &World, id: ArticleId) -> article::Article {
    article::by_id(&world.db.pool, id).await.unwrap().unwrap()
}

pub(super) async fn count(world: &World, table: &'static str) -> i64 {
    let sql = match table {
        "articles" => "select count(*) from articles",
        "revisions" => "select count(*) from revisions",
        "search" => "select count(*) from article_search",
        "media" => "select count(*) from media",
        "places" => "select count(*) from places",
        _ => "select count(*) from audit where noun = 'article'",
    };
    sqlx::query_scalar(sql).fetch_one(&world.db.pool).await.unwrap()
}

#[tokio::test]
async fn a_refused_form_keeps_everything_typed_and_names_each_field() {
    let (world, mut browser) = editor().await;
    let long = "x".repeat(61);
    let typed = [
        ("section", "nowhere"),
        ("kicker", long.as_str()),
        ("headline", ""),
        ("slug", "!!!"),
        ("standfirst", "A line.\n\nAnother."),
        ("body", "<p>One</p>\n\n<p>“Two” & three</p>"),
        ("byline", "Mira Holt"),
        ("dateline", "Rasht"),
        ("language", "not a language"),
        ("tags", "Rivers, ???"),
        ("related", "12\nsomewhere"),
        ("picture_alt", "A bridge"),
        ("picture_caption", "The bridge"),
        ("picture_credit", "Agency"),
        ("place", "Nowhere"),
        ("latitude", "north"),
        ("longitude", "12.5"),
        ("publish_at", "2030-01-02T10:00"),
        ("expire_at", "2030-01-02T09:00"),
        ("action", "publish"),
    ];
    let answer = browser.upload(NEW, &typed, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&answer);
    for (name, value) in typed.iter().filter(|(name, _)| !matches!(*name, "section" | "action")) {
        assert_eq!(screen.field(name), *value, "{name}");
    }
    for name in
        ["section", "kicker", "headline", "slug", "language", "tags", "related", "latitude", "expire_at"]
    {
        assert_eq!(screen.attribute(&format!("#{name}"), "aria-invalid").as_deref(), Some("true"), "{name}");
        let described = screen.attribute(&format!("#{name}"), "aria-describedby").unwrap();
        assert!(described.contains(&format!("{name}-error")), "{described}");
        assert!(screen.has(&format!("#{name}-error")), "{name}");
        assert!(screen.has(&format!(".error-summary a[href='#{name}']")), "{name}");
    }
    assert!(!screen.has("#body[aria-invalid]") && !screen.has("#byline[aria-invalid]"));
    assert_eq!(count(&world, "articles").await, 0);
}

#[tokio::test]
async fn the_address_of_what_is_not_out_follows_the_headline_until_somebody_sets_it() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "Work in progress"), ("section", "paper")];
    let id = id(&browser.upload(NEW, &typed, &[]).await);
    let path = format!("/desk/articles/{id}");
    let mut slugs = Vec::new();
    for (version, headline, slug) in [
        ("1", "The bridge reopens", "work-in-progress"),
        ("2", "The bridge reopens", "by-hand"),
        ("3", "Another headline", "by-hand"),
    ] {
        let typed = [("headline", headline), ("section", "paper"), ("slug", slug), ("version", version)];
        let answer = browser.upload(&path, &typed, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        slugs.push(stored(&world, id).await.slug.to_string());
    }
    assert_eq!(slugs, ["the-bridge-reopens", "by-hand", "by-hand"]);
    let out = publish(&mut browser, "Out there", &[]).await;
    let typed = [
        ("headline", "Out there, and changed"),
        ("section", "paper"),
        ("slug", "out-there"),
        ("body", "<p>Text.</p>"),
        ("version", "1"),
    ];
    browser.upload(&format!("/desk/articles/{out}"), &typed, &[]).await;
    assert_eq!(stored(&world, out).await.slug.as_str(), "out-there");
}

#[tokio::test]
async fn a_published_article_is_the_first_public_link_of_its_form() {
    let (world, mut browser) = editor().await;
    let other =
        publish(&mut browser, "The ferry", &[("publish_at", "2024-06-01T09:00"), ("tags", "Rivers")]).await;
    let related = format!("/article/{other}/the-ferry");
    let more = [("publish_at", "2025-01-22T10:00"), ("tags", "Rivers, Bridges"), ("related", &related)];
    let id = publish(&mut browser, "The bridge reopens", &more).await;
    let form = browser.get(&format!("/desk/articles/{id}")).await;
    assert!(form.body.contains("Published."));
    let first = form.body.find("href=\"/article/").unwrap();
    assert!(form.body[first..].starts_with(&format!("href=\"/article/{id}/the-bridge-reopens\"")));
    assert_eq!(stored(&world, id).await.visibility(), Visibility::Visible);
    let page = world.browser().get(&format!("/article/{id}/the-bridge-reopens")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(Screen::of(&page).text("h1"), ["The bridge reopens"]);
}

#[tokio::test]
async fn a_draft_has_no_public_link_and_is_hidden() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper"), ("action", "save")];
    let id = id(&browser.upload(NEW, &typed, &[]).await);
    assert!(!browser.get(&format!("/desk/articles/{id}")).await.body.contains("href=\"/article/"));
    assert_eq!(stored(&world, id).await.visibility(), Visibility::Hidden);
}

#[tokio::test]
async fn one_publish_writes_article_revision_search_and_audit() {
    let (world, mut browser) = editor().await;
    publish(&mut browser, "The bridge reopens", &[]).await;
    for table in ["articles", "revisions", "search", "audit"] {
        assert_eq!(count(&world, table).await, 1, "{table}");
    }
}

#[tokio::test]
async fn a_refused_form_writes_nothing_at_all() {
    let (world, mut browser) = editor().await;
    let typed = [
        ("headline", "A bridge"),
        ("section", "paper"),
        ("place", "Rasht"),
        ("latitude", "37.28"),
        ("longitude", "49.58"),
        ("related", "999999"),
    ];
    assert_eq!(browser.upload(NEW, &typed, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for table in ["articles", "revisions", "search", "audit", "places"] {
        assert_eq!(count(&world, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_stale_save_answers_409_with_both_texts_and_can_be_carried_on() {
    let (world, mut browser) = editor().await;
    let id = publish(&mut browser, "The bridge reopens", &[("tags", "Rivers")]).await;
    let form = format!("/desk/articles/{id}");
    let theirs =
        [("headline", "Theirs"), ("section", "paper"), ("body", "<p>Their text.</p>"), ("version", "1")];
    browser.upload(&form, &theirs, &[]).await;
    let mine = [
        ("headline", "Mine"),
        ("section", "paper"),
        ("body", "<p>My text.</p>"),
        ("standfirst", "My standfirst"),
        ("related", "1\n2"),
        ("version", "1"),
        ("action", "save"),
    ];
    let answer = browser.upload(&form, &mine, &[("picture", "mine.png", &png(5))]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let screen = Screen::of(&answer);
    assert_eq!(screen.field("their-body"), "<p>Their text.</p>");
    assert_eq!(screen.field("their-headline"), "Theirs");
    for (name, value) in mine.iter().filter(|(name, _)| !matches!(*name, "version" | "action")) {
        assert_eq!(screen.field(name), *value, "{name}");
    }
    assert_eq!(stored(&world, id).await.headline, "Theirs");

    let (version, key) = (screen.field("version"), screen.field("picture_id"));
    assert_eq!(version, "2");
    let over = [
        ("headline", "Mine"),
        ("section", "paper"),
        ("body", "<p>My text.</p>"),
        ("version", version.as_str()),
        ("picture_id", key.as_str()),
    ];
    assert_eq!(browser.upload(&form, &over, &[]).await.status, StatusCode::SEE_OTHER);
    let stored = stored(&world, id).await;
    assert_eq!((stored.headline.as_str(), stored.version), ("Mine", 3));
    assert_eq!(stored.picture_name.as_deref(), Some("mine.png"));
}

#[tokio::test]
async fn a_save_without_a_version_overwrites_nothing() {
    let (world, mut browser) = editor().await;
    let id = publish(&mut browser, "The bridge reopens", &[]).await;
    let typed = [("headline", "Blind"), ("section", "paper")];
    let answer = browser.upload(&format!("/desk/articles/{id}"), &typed, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(stored(&world, id).await.headline, "The bridge reopens");
}

#[tokio::test]
async fn a_scheduled_article_is_invisible_until_its_time() {
    let (world, mut browser) = editor().await;
    let id = publish(&mut browser, "Tomorrow", &[("publish_at", "2999-01-02T10:00")]).await;
    let form = browser.get(&format!("/desk/articles/{id}")).await;
    assert!(form.body.contains("Scheduled for 2 Jan 2999, 10:00, time of UTC."), "{}", form.body);
    assert_eq!(Screen::of(&form).text(".page-head .badge"), ["Scheduled"]);
    assert!(!form.body.contains("href=\"/article/"));
    let page = format!("/article/{id}/tomorrow");
    assert_eq!(world.browser().get(&page).await.status, StatusCode::NOT_FOUND);
    sqlx::query("update articles set publish_at = now() - interval '1 second' where id = $1")
        .bind(id.0)
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(world.browser().get(&page).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_withdrawn_article_is_gone_with_its_note() {
    let (world, mut browser) = editor().await;
    let id = publish(&mut browser, "The bridge reopens", &[]).await;
    let typed = [
        ("headline", "The bridge reopens"),
        ("section", "paper"),
        ("version", "1"),
        ("withdrawn_note", "The report was wrong."),
        ("action", "withdraw"),
    ];
    browser.upload(&format!("/desk/articles/{id}"), &typed, &[]).await;
    let stored = stored(&world, id).await;
    assert_eq!((stored.state, stored.visibility()), (State::Withdrawn, Visibility::Withdrawn));
    let page = world.browser().get(&format!("/article/{id}/the-bridge-reopens")).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("The report was wrong."));
    let form = browser.get(&format!("/desk/articles/{id}")).await;
    assert!(!form.body.contains("href=\"/article/"));
    assert!(Screen::of(&form).has("button[value=publish]"));
}

#[tokio::test]
async fn a_draft_cannot_be_withdrawn() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper")];
    let id = id(&browser.upload(NEW, &typed, &[]).await);
    let typed = [("headline", "A bridge"), ("section", "paper"), ("version", "1"), ("action", "withdraw")];
    let answer = browser.upload(&format!("/desk/articles/{id}"), &typed, &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(stored(&world, id).await.state, State::Draft);
}

#[tokio::test]
async fn related_articles_are_named_by_number_address_or_both() {
    let (_world, mut browser) = editor().await;
    let one = publish(&mut browser, "The ferry", &[]).await;
    let two = publish(&mut browser, "The tram", &[]).await;
    let related = format!("{two} The tram\r\nhttp://localhost/article/{one}/some-older-slug\r\n");
    let id = publish(&mut browser, "The bridge reopens", &[("related", &related)]).await;
    let screen = Screen::of(&browser.get(&format!("/desk/articles/{id}")).await);
    assert_eq!(screen.field("related"), format!("{two} The tram\n{one} The ferry"));
}

#[tokio::test]
async fn a_text_without_words_does_not_go_out() {
    let (_world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper"), ("body", " "), ("action", "publish")];
    let answer = browser.upload(NEW, &typed, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).has("#body-error"));
}

#[tokio::test]
async fn a_body_that_could_stop_the_site_is_refused_at_its_field() {
    let (_world, mut browser) = editor().await;
    let deep = "<div>".repeat(300);
    let typed = [("headline", "A bridge"), ("section", "paper"), ("body", &deep)];
    let answer = browser.upload(NEW, &typed, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&answer);
    assert!(screen.has("#body-error"));
    assert_eq!(screen.field("body"), deep);
}

#[tokio::test]
async fn a_time_that_was_not_touched_does_not_lose_its_seconds() {
    let (world, mut browser) = editor().await;
    let id = publish(&mut browser, "The bridge reopens", &[]).await;
    let before = stored(&world, id).await.publish_at;
    let screen = Screen::of(&browser.get(&format!("/desk/articles/{id}")).await);
    let typed = [
        ("headline", "The bridge reopens"),
        ("section", "paper"),
        ("body", "<p>Open.</p>"),
        ("publish_at", &screen.field("publish_at")),
        ("version", "1"),
    ];
    id_unchanged(&browser.upload(&format!("/desk/articles/{id}"), &typed, &[]).await, id);
    assert_eq!(stored(&world, id).await.publish_at, before);
}

fn id_unchanged(answer: &Answer, expected: ArticleId) {
    assert_eq!(id(answer), expected);
}

#[tokio::test]
async fn what_the_form_does_not_have_is_refused() {
    let (world, mut browser) = editor().await;
    for field in ["created_by", "state", "id", "body_html"] {
        let typed = [("headline", "A bridge"), ("section", "paper"), (field, "1")];
        let answer = browser.upload(NEW, &typed, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field}");
    }
    assert_eq!(count(&world, "articles").await, 0);
}

#[tokio::test]
async fn what_no_database_takes_is_left_out() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A\0bridge"), ("section", "paper"), ("body", "<p>a\0b</p>")];
    let id = id(&browser.upload(NEW, &typed, &[]).await);
    assert_eq!(stored(&world, id).await.headline, "A bridge");
}

#[tokio::test]
async fn a_save_that_meets_a_deadlock_is_tried_again() {
    let (world, mut browser) = editor().await;
    let one = publish(&mut browser, "The ferry", &[]).await;
    let two = publish(&mut browser, "The tram", &[]).await;
    // Somebody else holds the second article while the first, which names it, is saved; then asks for the first.
    let mut other = world.db.pool.begin().await.unwrap();
    for limit in ["set local deadlock_timeout = '60s'", "set local lock_timeout = 0"] {
        sqlx::query(limit).execute(&mut *other).await.unwrap();
    }
    lock(&mut other, two).await;
    let (form, related) = (format!("/desk/articles/{one}"), two.to_string());
    let saving = tokio::spawn(async move {
        let typed = [
            ("headline", "The ferry"),
            ("section", "paper"),
            ("body", "<p>Text.</p>"),
            ("related", &related),
            ("version", "1"),
        ];
        browser.upload(&form, &typed, &[]).await
    });
    let waits = "select exists(select from pg_stat_activity
                               where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&world.db.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    lock(&mut other, one).await;
    other.commit().await.unwrap();
    assert_eq!(saving.await.unwrap().status, StatusCode::SEE_OTHER);
    assert_eq!(stored(&world, one).await.version, 2);
}

async fn lock(db: &mut sqlx::PgConnection, id: ArticleId) {
    sqlx::query("select from articles where id = $1 for update").bind(id.0).execute(db).await.unwrap();
}
