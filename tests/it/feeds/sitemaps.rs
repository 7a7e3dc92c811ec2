//! The sitemap and the news sitemap, read as XML.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::jobs::Runner;
use broadsheet::news::media::MediaId;
use chrono::{DateTime, TimeDelta, Utc};

use crate::browser::{Answer, BASE, World};
use crate::desk::png;
use crate::newsroom::Story;

/// The texts of every element of this name, as `tag` stands in the document.
fn texts<'a>(answer: &'a Answer, tag: &str) -> Vec<&'a str> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    answer.body.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap()).collect()
}

fn moment(text: &str) -> i64 {
    text.parse::<DateTime<Utc>>().unwrap().timestamp()
}

/// The sitemap of this month.
fn this_month() -> String {
    Utc::now().format("/sitemap/%Y-%m.xml").to_string()
}

#[tokio::test]
async fn the_sitemap_leads_to_every_article() {
    let world = World::new().await;
    let new = Story::new("New").publish(&world).await;
    let old =
        Story::new("Old").at(Utc::now() - TimeDelta::days(70)).byline("Ada Orrin").publish(&world).await;
    let mut browser = world.browser();
    let index = browser.get("/sitemap.xml").await;
    let mut found = String::new();
    for address in texts(&index, "loc") {
        let answer = browser.get(address.strip_prefix(BASE).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(answer.body.ends_with("</urlset>"), "{}", answer.body);
        found += &answer.body;
    }
    for path in [
        format!("/article/{new}/new"),
        format!("/article/{old}/old"),
        "/section/news".into(),
        "/author/ada-orrin".into(),
    ] {
        assert!(found.contains(&format!("<loc>{BASE}{path}</loc>")), "{path}");
    }
}

#[tokio::test]
async fn only_a_correction_moves_the_date_of_an_address() {
    let world = World::new().await;
    let at = Utc::now() - TimeDelta::minutes(3);
    let id = Story::new("Bridge").at(at).publish(&world).await;
    sqlx::query("update articles set released_at = publish_at").execute(&world.db.pool).await.unwrap();
    Story::new("Bridge, again").at(at).over(&world, id).await;
    let dates = async || {
        let month = world.browser().get(&this_month()).await;
        let index = world.browser().get("/sitemap.xml").await;
        (moment(texts(&month, "lastmod")[0]), moment(texts(&index, "lastmod")[0]))
    };
    assert_eq!(dates().await, (at.timestamp(), at.timestamp()));
    sqlx::query(
        "insert into corrections (article_id, number, note, at, from_version, to_version)
         values ($1, 1, 'It was two.', now() - interval '1 minute', 1, 2)",
    )
    .bind(id.0)
    .execute(&world.db.pool)
    .await
    .unwrap();
    let (address, index) = dates().await;
    assert!(address > at.timestamp() && index == address);
}

#[tokio::test]
async fn a_month_of_many_articles_is_one_document() {
    let world = World::new().await;
    Story::new("First").publish(&world).await;
    sqlx::query(
        "insert into articles (state, section_id, headline, slug, publish_at, released_at)
         select 'published', section_id, 'Story ' || n, 'story-' || n, date_trunc('month', now()), now()
         from articles, generate_series(1, 2500) n",
    )
    .execute(&world.db.pool)
    .await
    .unwrap();
    let month = world.browser().get(&this_month()).await;
    let mut addresses = texts(&month, "loc");
    assert_eq!(addresses.len(), 2501);
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 2501);
    assert_eq!(month.body.matches("<urlset").count(), 1);
    assert_eq!(month.header("cache-control"), "public, max-age=900, stale-while-revalidate=3600");
    let asked = [("if-modified-since", month.header("last-modified"))];
    assert_eq!(world.browser().get_with(&this_month(), &asked).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn pictures_and_other_languages_are_told() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Author).await;
    desk.upload("/desk/media", &[], &[("file", "sea.png", &png(7))]).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    let picture: i64 = sqlx::query_scalar("select id from media").fetch_one(&world.db.pool).await.unwrap();
    let with = |story: Story| story.with(|fields| fields.picture_id = Some(MediaId(picture)));
    let id = with(Story::new("باران").language("fa")).publish(&world).await;
    Story::new("Rain").publish(&world).await;
    let month = world.browser().get(&this_month()).await;
    let image = texts(&month, "image:loc")[0].strip_prefix(BASE).unwrap().to_owned();
    assert_eq!(world.browser().get(&image).await.status, StatusCode::OK);
    let links: Vec<&str> = month.body.split("hreflang=\"").skip(1).collect();
    assert_eq!(links.len(), 1, "{}", month.body);
    assert!(links[0].starts_with(&format!("fa\" href=\"{BASE}/article/{id}/")), "{}", links[0]);
}

#[tokio::test]
async fn the_news_sitemap_holds_two_days_by_their_first_date() {
    let world = World::new().await;
    let at = Utc::now() - TimeDelta::hours(47);
    Story::new("Bridge & river").at(at).publish(&world).await;
    Story::new("Older").at(Utc::now() - TimeDelta::hours(49)).publish(&world).await;
    Story::new("Ahead").at(Utc::now() + TimeDelta::hours(1)).publish(&world).await;
    let news = world.browser().get("/sitemap-news.xml").await;
    assert_eq!(texts(&news, "news:title"), ["Bridge &amp; river"]);
    assert_eq!(moment(texts(&news, "news:publication_date")[0]), at.timestamp());
    assert_eq!((texts(&news, "news:name"), texts(&news, "news:language")), (vec!["Broadsheet"], vec!["en"]));
}

#[tokio::test]
async fn an_empty_site_has_sitemaps_all_the_same() {
    let world = World::new().await;
    for path in ["/sitemap.xml", "/sitemap-news.xml", "/sitemap-pages.xml"] {
        assert_eq!(world.browser().get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(world.browser().get("/sitemap/2001-01.xml").await.status, StatusCode::NOT_FOUND);
}
