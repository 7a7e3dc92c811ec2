//! One data set in three formats, each read by a library that is not ours.

use broadsheet::accounts::Role;
use broadsheet::news::article::correction;
use broadsheet::news::article::save::{self, Act, Action};
use broadsheet::news::audit::Actor;
use broadsheet::news::media::MediaId;
use chrono::{TimeDelta, Utc};
use serde_json::Value;

use super::{addresses, parse, titles};
use crate::browser::{BASE, World};
use crate::desk::png;
use crate::newsroom::{Story, section};

#[tokio::test]
async fn every_format_says_the_same() {
    let world = World::new().await;
    let at = Utc::now() - TimeDelta::hours(3);
    let id = Story::new("Harbour wall holds")
        .with(|fields| fields.standfirst = "It was a near thing.".to_owned())
        .body("<p>The <a href=\"/tag/sea\">sea</a> rose.</p>")
        .byline("Mira Aldan, Tomas Reyl and Ida Sand")
        .tags(&["Sea", "Ports"])
        .at(at)
        .publish(&world)
        .await;
    for address in addresses("/feed.xml") {
        let feed = parse(&world.browser().get(&address).await);
        assert_eq!(feed.entries.len(), 1, "{address}");
        let entry = &feed.entries[0];
        assert_eq!(entry.id, format!("{BASE}/article/{id}"), "{address}");
        let link = entry.links.iter().find(|link| link.rel.as_deref().unwrap_or("alternate") == "alternate");
        assert_eq!(link.unwrap().href, format!("{BASE}/article/{id}/harbour-wall-holds"), "{address}");
        assert_eq!(entry.summary.as_ref().unwrap().content, "It was a near thing.", "{address}");
        let body = entry.content.as_ref().unwrap().body.as_ref().unwrap();
        assert!(body.contains(&format!("<a href=\"{BASE}/tag/sea\"")), "{address}: {body}");
        let people: Vec<&str> = entry.authors.iter().map(|person| person.name.as_deref().unwrap()).collect();
        assert_eq!(people, ["Mira Aldan", "Tomas Reyl", "Ida Sand"], "{address}");
        let terms: Vec<&str> = entry.categories.iter().map(|category| category.term.as_str()).collect();
        assert_eq!(terms, ["News", "Sea", "Ports"], "{address}");
        assert_eq!(entry.published.unwrap().timestamp(), at.timestamp(), "{address}");
        assert!(entry.media.iter().all(|media| media.content.is_empty()), "{address}");
    }
}

#[tokio::test]
async fn a_picture_comes_with_its_true_length_its_size_and_its_credit() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Author).await;
    desk.upload("/desk/media", &[], &[("file", "sea.png", &png(7))]).await;
    let picture: i64 = sqlx::query_scalar("select id from media").fetch_one(&world.db.pool).await.unwrap();
    Story::new("With a picture")
        .with(|fields| {
            fields.picture_id = Some(MediaId(picture));
            fields.picture_alt = "A grey sea".to_owned();
            fields.picture_caption = "The sea at six".to_owned();
            fields.picture_credit = "Ida Sand".to_owned();
        })
        .publish(&world)
        .await;
    let rss = world.browser().get("/feed.xml").await;
    let href = rss.body.split("<enclosure url=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let file = broadsheet::server::router(world.app.clone());
    let file = crate::browser::Browser::on(file).get(href.strip_prefix(BASE).unwrap()).await;
    let length = file.header("content-length").to_owned();
    assert!(rss.body.contains(&format!("length=\"{length}\" type=\"image/jpeg\"")), "{length}: {}", rss.body);
    assert_eq!(rss.body.matches("<enclosure").count(), 1);
    assert!(rss.body.contains("<media:credit role=\"photographer\">Ida Sand</media:credit>"), "{}", rss.body);
    assert!(rss.body.contains("alt=&quot;A grey sea&quot;"), "{}", rss.body);
    let atom = world.browser().get("/feed.atom").await;
    assert!(atom.body.contains("rel=\"enclosure\" type=\"image/jpeg\""), "{}", atom.body);
    assert!(
        atom.body.contains(&format!("length=\"{length}\"")) && atom.body.contains("<media:credit"),
        "{}",
        atom.body
    );
    let json: Value = serde_json::from_str(&world.browser().get("/feed.json").await.body).unwrap();
    let attachment = &json["items"][0]["attachments"][0];
    assert_eq!((&attachment["url"], attachment["size_in_bytes"].to_string()), (&Value::from(href), length));
}

#[tokio::test]
async fn only_a_correction_makes_an_item_newer() {
    let world = World::new().await;
    let id = Story::new("Before").hours_ago(2).publish(&world).await;
    let dates = async || {
        let feed = parse(&world.browser().get("/feed.atom").await);
        (feed.entries[0].updated.unwrap(), feed.updated.unwrap(), feed.entries[0].id.clone())
    };
    let before = dates().await;
    Story::new("Before, with a comma").hours_ago(2).over(&world, id).await;
    assert_eq!(dates().await, before);
    let mut story = Story::new("Before, corrected").hours_ago(2).0;
    story.section_id = section(&world, "News").await;
    let act = Act { correction: Some("It was two.".to_owned()), ..Act::from(Action::Save) };
    let mut tx = world.db.pool.begin().await.unwrap();
    save::update(&mut tx, id, 2, &story, act, &Actor::command_line()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let told = correction::by_number(&world.db.pool, id, 1).await.unwrap().unwrap().at.timestamp();
    let after = dates().await;
    assert_eq!((after.0.timestamp(), after.1.timestamp(), after.2), (told, told, before.2));
}

#[tokio::test]
async fn a_feed_leads_to_what_was_before_it_until_nothing_was() {
    let world = World::new().await;
    for number in 1..=65 {
        Story::new(&format!("Story {number}"))
            .at(Utc::now() - TimeDelta::minutes(number))
            .publish(&world)
            .await;
    }
    let mut browser = world.browser();
    let mut next = Some("/feed.json".to_owned());
    let mut seen = Vec::new();
    while let Some(address) = next {
        let page: Value = serde_json::from_str(&browser.get(&address).await.body).unwrap();
        assert_eq!(page["feed_url"], format!("{BASE}{address}"));
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()),
        );
        next = page["next_url"].as_str().map(|href| href.strip_prefix(BASE).unwrap().to_owned());
    }
    let all: Vec<String> = (1..=65).map(|number| format!("Story {number}")).collect();
    assert_eq!(seen, all);
    let atom = parse(&browser.get("/feed.atom").await);
    let next = atom.links.iter().find(|link| link.rel.as_deref() == Some("next")).unwrap().href.clone();
    let second = parse(&browser.get(next.strip_prefix(BASE).unwrap()).await);
    assert_eq!((titles(&second)[0], &second.id), ("Story 31", &atom.id));
}

#[tokio::test]
async fn a_site_that_gives_summaries_gives_no_whole_text() {
    let world = World::new().await;
    Story::new("Long").body("<p>The whole of it.</p>").publish(&world).await;
    sqlx::query("insert into discovery (full_text) values (false)").execute(&world.db.pool).await.unwrap();
    for address in addresses("/feed.xml") {
        let answer = world.browser().get(&address).await;
        let feed = parse(&answer);
        assert_eq!(
            feed.entries[0].summary.as_ref().unwrap().content,
            "What is known about: Long.",
            "{address}"
        );
        assert!(!answer.body.contains("The whole of it."), "{address}");
    }
}

#[tokio::test]
async fn an_article_in_another_language_says_so() {
    let world = World::new().await;
    Story::new("خبر روز").language("fa").publish(&world).await;
    let atom = world.browser().get("/feed.atom").await;
    assert!(atom.body.contains("<entry xml:lang=\"fa\">"), "{}", atom.body);
    let json: Value = serde_json::from_str(&world.browser().get("/feed.json").await.body).unwrap();
    assert_eq!((&json["language"], &json["items"][0]["language"]), (&Value::from("en"), &Value::from("fa")));
    assert!(world.browser().get("/feed.xml").await.body.contains("<dc:language>fa</dc:language>"));
}
