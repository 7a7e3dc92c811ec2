//! The page of an article, and who counts as its reader.

use axum::body::Body;
use axum::http::{Method, Request};
use broadsheet::accounts::Role;
use broadsheet::news::article::ArticleId;
use broadsheet::news::article::save::{self, Action};
use broadsheet::news::audit::Actor;
use chrono::{TimeDelta, TimeZone, Utc};

use crate::browser::{Browser, World};
use crate::newsroom::{Page, Story};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test]
async fn an_article_shows_everything_that_belongs_to_it() {
    let world = World::new().await;
    let near = Story::new("The other bridge").publish(&world).await;
    let story = Story::new("The bridge is closed")
        .at(Utc.with_ymd_and_hms(2025, 1, 22, 10, 0, 0).unwrap())
        .byline("By Mira Aldan and Tomas Reyl")
        .tags(&["Bridges", "آب"])
        .body("<p>Nobody crossed.</p><h2>What is known</h2><p>It stands.</p>")
        .with(|fields| {
            fields.kicker = "Floods".to_owned();
            fields.dateline = "BRANNOCH".to_owned();
            fields.related = vec![near];
        });
    let id = story.publish(&world).await;
    let path = format!("/article/{id}/the-bridge-is-closed");
    let answer = world.browser().get(&path).await;
    assert_eq!(answer.header("set-cookie"), "");
    let page = Page::of(&answer);
    assert_eq!(page.texts("h1"), ["The bridge is closed"]);
    assert_eq!(page.text(".article-head .kicker span"), "Floods");
    assert_eq!(page.text(".article-head .standfirst"), "What is known about: The bridge is closed.");
    assert_eq!(page.texts(".authors a"), ["Mira Aldan", "Tomas Reyl"]);
    assert_eq!(page.attribute(".authors a", "href"), "/author/mira-aldan");
    assert_eq!(page.text(".byline time"), "Wednesday 22 January 2025");
    assert!(page.attribute(".byline time", "datetime").starts_with("2025-01-22T"));
    assert_eq!(page.text(".byline p:last-child"), "1 min read");
    assert_eq!(page.text(".body p:first-child"), "BRANNOCH — Nobody crossed.");
    assert_eq!(page.text(".body h2"), "What is known");
    assert_eq!(page.text(".related h2"), "Related Content");
    assert_eq!(page.text(".related a"), "The other bridge");
    assert_eq!(page.texts(".article-tags a"), ["Bridges", "آب"]);
    assert_eq!(page.attribute(".article-tags li:last-child a", "href"), "/tag/%D8%A2%D8%A8");
    assert_eq!(page.attribute("link[rel=canonical]", "href"), format!("http://localhost{path}"));
    assert_eq!(page.attribute("meta[property='og:title']", "content"), "The bridge is closed");
    assert_eq!(page.attribute("meta[property='og:type']", "content"), "article");
}

#[tokio::test]
async fn a_wrong_slug_answers_301_to_the_right_one() {
    let world = World::new().await;
    let id = Story::new("New name").publish(&world).await;
    for path in
        [format!("/article/{id}/old-name"), format!("/article/{id}"), format!("/article/{id}/comments")]
    {
        let answer = world.browser().get(&path).await;
        assert_eq!(answer.status, 301, "{path}");
        assert_eq!(answer.header("location"), format!("/article/{id}/new-name"));
    }
}

#[tokio::test]
async fn an_article_may_be_called_comments() {
    let world = World::new().await;
    let id = Story::new("Comments").publish(&world).await;
    world.browser().read(&format!("/article/{id}/comments")).await;
}

#[tokio::test]
async fn a_withdrawn_article_answers_410_with_its_note() {
    let world = World::new().await;
    let story =
        Story::new("Wrong").with(|fields| fields.withdrawn_note = "The figures were not ours.".to_owned());
    let mut fields = story.0.clone();
    let id = story.publish(&world).await;
    fields.section_id = crate::newsroom::section(&world, "News").await;
    let mut tx = world.db.pool.begin().await.unwrap();
    save::update(&mut tx, id, 1, &fields, Action::Withdraw, &Actor::command_line()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let answer = world.browser().get(&format!("/article/{id}/wrong")).await;
    assert_eq!(answer.status, 410);
    assert_eq!(Page::of(&answer).text(".error-note"), "The figures were not ours.");
}

#[tokio::test]
async fn what_is_not_published_now_answers_404() {
    let world = World::new().await;
    let now = Utc::now();
    let hidden = [
        Story::new("x").draft(&world).await,
        Story::new("x").at(now + TimeDelta::hours(1)).publish(&world).await,
        Story::new("x")
            .hours_ago(2)
            .with(|it| it.expire_at = Some(now - TimeDelta::hours(1)))
            .publish(&world)
            .await,
        ArticleId(987_654),
    ];
    for id in hidden {
        assert_eq!(world.browser().get(&format!("/article/{id}/x")).await.status, 404, "{id}");
        // Not even that it is elsewhere.
        assert_eq!(world.browser().get(&format!("/article/{id}/y")).await.status, 404, "{id}");
    }
    assert_eq!(world.browser().get("/article/one/x").await.status, 404);
}

#[tokio::test]
async fn an_article_in_another_language_says_so_and_runs_its_own_way() {
    let world = World::new().await;
    let id = Story::new("رودخانه").language("fa").publish(&world).await;
    let page = world
        .browser()
        .read(&broadsheet::paths::article(id, &broadsheet::text::Slug::of_or("رودخانه", "x")))
        .await;
    assert_eq!(page.attribute("article.article", "lang"), "fa");
    assert_eq!(page.attribute("article.article", "dir"), "rtl");
    let front = world.browser().read("/").await;
    assert_eq!(front.attribute(".story-lead", "dir"), "rtl");
    // The date is English in a Persian line, and stands where the line puts it.
    assert_eq!(front.attribute(".story-lead .meta > span > time", "dir"), "ltr");
    assert_eq!(
        (front.attribute("html", "lang"), front.attribute("html", "dir")),
        ("en".into(), "ltr".into())
    );
}

async fn visit(browser: &mut Browser, method: Method, path: &str, agent: &str, extra: Option<(&str, &str)>) {
    let mut request = Request::builder().method(method).uri(path).header("user-agent", agent);
    if let Some((name, value)) = extra {
        request = request.header(name, value);
    }
    assert_eq!(browser.send(request.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_readers_visit_counts_once() {
    let world = World::new().await;
    let id = Story::new("Read").publish(&world).await;
    let path = format!("/article/{id}/read");
    visit(&mut world.browser(), Method::GET, &path, BROWSER, None).await;
    visit(&mut world.browser(), Method::GET, &path, BROWSER, None).await;
    assert_eq!(world.app.views.take().get(&id), Some(&1));
}

#[tokio::test]
async fn heads_robots_prefetching_and_staff_do_not_count() {
    let world = World::new().await;
    let id = Story::new("Read").publish(&world).await;
    let path = format!("/article/{id}/read");
    let mut stranger = world.browser();
    visit(&mut stranger, Method::HEAD, &path, BROWSER, None).await;
    visit(&mut stranger, Method::GET, &path, "Googlebot/2.1", None).await;
    visit(&mut stranger, Method::GET, &path, BROWSER, Some(("sec-purpose", "prefetch"))).await;
    visit(&mut world.logged_in(Role::Editor).await, Method::GET, &path, BROWSER, None).await;
    assert!(world.app.views.take().is_empty());
}
