//! What is not out leaves no trace that readers, crawlers or feeds could find: a word that stands nowhere else is
//! written into every field, and all public addresses are walked.

use std::collections::{BTreeSet, VecDeque};

use axum::http::StatusCode;
use broadsheet::news::article::{ArticleId, scheduled};
use chrono::{TimeDelta, Utc};

use crate::browser::{BASE, Browser, World};
use crate::newsroom::Story;

/// In no file of ours.
const CANARY: &str = "zyxkanari";
/// More addresses than this little site has.
const MOST: usize = 400;

fn story() -> Story {
    let body = format!("<p>The {CANARY} of the text.</p>");
    Story::new(&format!("Headline {CANARY}"))
        .body(&body)
        .tags(&["harbour", CANARY])
        .byline(&format!("Ines {CANARY}"))
        .with(|fields| {
            CANARY.clone_into(&mut fields.kicker);
            CANARY.clone_into(&mut fields.picture_alt);
            CANARY.clone_into(&mut fields.picture_caption);
            CANARY.clone_into(&mut fields.dateline);
        })
}

/// Every address that a page, a feed or a sitemap of ours leads to.
async fn walk(reader: &mut Browser) -> Vec<(String, String)> {
    let seeds = [
        "/",
        "/feeds",
        "/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/map",
        "/map.geojson",
        "/archive",
        "/focus",
        "/gallery",
        "/editors-choice",
        "/corrections",
        "/corrections/feed.xml",
        "/most-viewed/day",
        "/most-viewed/week",
        "/most-viewed/month",
        "/section/news",
        "/section/news/feed.xml",
        "/tag/harbour",
        "/tag/harbour/feed.xml",
    ];
    let mut waiting: VecDeque<String> = seeds.iter().map(|&seed| seed.to_owned()).collect();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop_front() {
        if !seen.insert(path.clone()) || path.starts_with("/desk") || path.starts_with("/static") {
            continue;
        }
        assert!(seen.len() < MOST, "the walk does not end");
        let body = reader.get(&path).await.body;
        let links = body.split(['"', '<', '>']).filter_map(|part| {
            let path = part.strip_prefix(BASE).unwrap_or(part);
            (path.starts_with('/') && !path.starts_with("//") && !path.contains(' ')).then(|| path.to_owned())
        });
        waiting.extend(links);
        found.push((path, body));
    }
    found
}

async fn traces(world: &World) -> Vec<String> {
    let mut reader = world.browser();
    let mut found: Vec<String> = walk(&mut reader)
        .await
        .into_iter()
        .filter(|(path, body)| path.contains(CANARY) || body.contains(CANARY))
        .map(|(path, _)| path)
        .collect();
    // What cannot be followed is guessed; the page of a search holds the words that were looked for.
    for guess in ["/tag/{}", "/tag/{}/feed.xml", "/author/ines-{}", "/author/ines-{}/feed.xml"] {
        let answer = reader.get(&guess.replace("{}", CANARY)).await;
        if answer.status != StatusCode::NOT_FOUND && answer.status != StatusCode::GONE {
            found.push(format!("{guess}: {}", answer.status));
        }
    }
    let search = reader.get(&format!("/search?q={CANARY}")).await.body;
    if search.contains(&format!("Headline {CANARY}")) || search.contains("/article/") {
        found.push("search".to_owned());
    }
    found
}

async fn state(world: &World, id: ArticleId, change: &'static str) {
    sqlx::query(change).bind(id.0).execute(&world.db.pool).await.unwrap();
}

/// A story that readers have, so that there is something to be related to.
async fn paper() -> World {
    let world = World::new().await;
    Story::new("Out in the open").tags(&["harbour"]).hours_ago(3).publish(&world).await;
    world
}

#[tokio::test]
async fn what_is_published_is_found_by_the_walk() {
    let world = paper().await;
    story().hours_ago(1).publish(&world).await;
    let found = traces(&world).await;
    for path in ["/", "/feed.xml", "/section/news", "/tag/harbour", "search"] {
        assert!(found.iter().any(|trace| trace == path), "{path} in {found:?}");
    }
}

#[tokio::test]
async fn what_is_not_out_leaves_no_trace() {
    for name in ["a draft", "in review", "scheduled", "expired", "in the trash"] {
        let world = paper().await;
        let id = match name {
            "scheduled" => story().at(Utc::now() + TimeDelta::hours(1)).publish(&world).await,
            "expired" => {
                let end = Utc::now() - TimeDelta::minutes(1);
                story().hours_ago(1).with(|fields| fields.expire_at = Some(end)).publish(&world).await
            }
            _ => story().draft(&world).await,
        };
        match name {
            "in review" => state(&world, id, "update articles set state = 'review' where id = $1").await,
            "in the trash" => state(&world, id, "update articles set trashed_at = now() where id = $1").await,
            _ => {}
        }
        // An editor has chosen it already, and it was read before.
        let chosen = "insert into article_related (article_id, target_id, position) select id, $1, 0 from articles where id <> $1";
        state(&world, id, chosen).await;
        state(&world, id, "insert into most_viewed (span, rank, article_id, views) values ('day', 1, $1, 9)")
            .await;
        assert_eq!(traces(&world).await, Vec::<String>::new(), "{name}");
        let mut reader = world.browser();
        let asked = reader.get(&format!("/article/{id}/headline-{CANARY}")).await;
        let never = reader.get("/article/999999/never-there").await;
        assert_eq!(asked.status, never.status, "{name}");
        let posted = reader.post(&format!("/article/{id}/comments"), &[("text", "Hello")]).await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn a_withdrawn_article_says_only_that_it_is_gone() {
    let world = paper().await;
    let id =
        story().with(|fields| fields.withdrawn_note = "It was not true.".to_owned()).withdrawn(&world).await;
    assert_eq!(traces(&world).await, Vec::<String>::new());
    let gone = world.browser().get(&format!("/article/{id}/anything")).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.body.contains("It was not true.") && !gone.body.contains(CANARY));
}

#[tokio::test]
async fn an_edit_that_waits_leaves_no_trace() {
    let world = paper().await;
    let id = Story::new("Before noon").tags(&["harbour"]).hours_ago(1).publish(&world).await;
    let mut fields = story().0;
    fields.section_id = crate::newsroom::section(&world, "News").await;
    let actor = broadsheet::news::audit::Actor::command_line();
    let act = broadsheet::news::article::save::Action::Schedule.into();
    let mut tx = world.db.pool.begin().await.unwrap();
    let then = Utc::now() + TimeDelta::hours(1);
    scheduled::keep(&mut tx, id, 1, &fields, then, &act, &actor).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(traces(&world).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_older_address_leads_to_the_newest_in_one_step() {
    let world = paper().await;
    let id = Story::new("First name").hours_ago(1).publish(&world).await;
    for slug in ["second-name", "third-name"] {
        sqlx::query("update articles set slug = $1 where id = $2")
            .bind(slug)
            .bind(id.0)
            .execute(&world.db.pool)
            .await
            .unwrap();
    }
    let mut reader = world.browser();
    for old in ["first-name", "second-name", "never-there", ""] {
        let path = format!("/article/{id}/{old}");
        let answer = reader.get(path.trim_end_matches('/')).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{old}");
        assert_eq!(answer.header("location"), format!("/article/{id}/third-name"), "{old}");
    }
}
