//! What pages tell search engines in the words of schema.org, read as JSON from the one block that holds it.

use broadsheet::accounts::Role;
use broadsheet::jobs::Runner;
use broadsheet::news::article::save::{self, Act, Action};
use broadsheet::news::audit::Actor;
use broadsheet::news::media::MediaId;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::browser::{BASE, World};
use crate::desk::png;
use crate::newsroom::{Story, section};

/// The facts of a page that is there.
async fn facts(world: &World, path: &str) -> Vec<Value> {
    let page = world.browser().read(path).await;
    let blocks = page.texts("script[type='application/ld+json']");
    assert_eq!(blocks.len(), 1, "{path}");
    let block: Value = serde_json::from_str(&blocks[0]).unwrap();
    assert_eq!(block["@context"], "https://schema.org");
    block["@graph"].as_array().unwrap().clone()
}

async fn fact(world: &World, path: &str, kind: &str) -> Value {
    let facts = facts(world, path).await;
    let is = |fact: &&Value| fact["@type"] == kind || fact["@type"][0] == kind;
    facts.iter().find(is).unwrap_or_else(|| panic!("{path} has no {kind}: {facts:?}")).clone()
}

#[tokio::test]
async fn an_article_says_what_it_is_and_whose() {
    let world = World::new().await;
    let at = Utc::now() - TimeDelta::hours(2);
    let id = Story::new("Harbour wall holds")
        .byline("Mira Aldan, Tomas Reyl")
        .tags(&["Sea", "Ports"])
        .at(at)
        .publish(&world)
        .await;
    let path = format!("/article/{id}/harbour-wall-holds");
    let story = fact(&world, &path, "NewsArticle").await;
    assert_eq!(story["@type"], json!(["NewsArticle", "ReportageNewsArticle"]));
    assert_eq!(story["headline"], "Harbour wall holds");
    assert_eq!(story["url"], format!("{BASE}{path}"));
    assert_eq!(story["isAccessibleForFree"], true);
    assert_eq!(story["keywords"], json!(["Sea", "Ports"]));
    assert_eq!(story["author"][1]["name"], "Tomas Reyl");
    assert_eq!(story["author"][0]["url"], format!("{BASE}/author/mira-aldan"));
    assert_eq!(story["publisher"]["@type"], "NewsMediaOrganization");
    let published: DateTime<Utc> = story["datePublished"].as_str().unwrap().parse().unwrap();
    assert_eq!(published.timestamp(), at.timestamp());
    assert!(story.get("image").is_none() && story.get("correction").is_none());
    let trail = fact(&world, &path, "BreadcrumbList").await;
    let names: Vec<&Value> =
        trail["itemListElement"].as_array().unwrap().iter().map(|step| &step["name"]).collect();
    assert_eq!(names, [&json!("Broadsheet"), &json!("News"), &json!("Harbour wall holds")]);
}

#[tokio::test]
async fn only_a_correction_changes_the_date_of_an_article_and_is_told() {
    let world = World::new().await;
    let id = Story::new("Bridge").hours_ago(2).publish(&world).await;
    let path = format!("/article/{id}/bridge");
    Story::new("Bridge").body("<p>With a comma, then.</p>").hours_ago(2).over(&world, id).await;
    let story = fact(&world, &path, "NewsArticle").await;
    assert_eq!(story["dateModified"], story["datePublished"]);
    let mut fields = Story::new("Bridge").hours_ago(2).0;
    fields.section_id = section(&world, "News").await;
    let act = Act { correction: Some("It was two.".to_owned()), ..Act::from(Action::Save) };
    let mut tx = world.db.pool.begin().await.unwrap();
    save::update(&mut tx, id, 2, &fields, act, &Actor::command_line()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let story = fact(&world, &path, "NewsArticle").await;
    assert_ne!(story["dateModified"], story["datePublished"]);
    assert_eq!(story["correction"][0]["text"], "It was two.");
    assert_eq!(story["correction"][0]["url"], format!("{BASE}/article/{id}/corrections/1"));
    assert_eq!(story["correction"][0]["datePublished"], story["dateModified"]);
}

#[tokio::test]
async fn a_picture_is_told_in_three_shapes_that_are_there() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Author).await;
    desk.upload("/desk/media", &[], &[("file", "sea.png", &png(7))]).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    let picture: i64 = sqlx::query_scalar("select id from media").fetch_one(&world.db.pool).await.unwrap();
    let story = Story::new("Sea").with(|fields| fields.picture_id = Some(MediaId(picture)));
    let id = story.with(|fields| fields.picture_credit = "Ida Sand".to_owned()).publish(&world).await;
    let story = fact(&world, &format!("/article/{id}/sea"), "NewsArticle").await;
    let images = story["image"].as_array().unwrap();
    let ratios: Vec<f64> = images
        .iter()
        .map(|image| image["width"].as_f64().unwrap() / image["height"].as_f64().unwrap())
        .collect();
    for (ratio, expected) in ratios.iter().zip([16.0 / 9.0, 4.0 / 3.0, 1.0]) {
        assert!((ratio - expected).abs() < 0.1, "{ratios:?}");
    }
    assert_eq!((images.len(), &images[0]["creditText"]), (3, &json!("Ida Sand")));
    for image in images {
        let path = image["url"].as_str().unwrap().strip_prefix(BASE).unwrap();
        assert_eq!(world.browser().get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn no_headline_breaks_out_of_the_block() {
    let world = World::new().await;
    let hostile = "</script><script>alert(1)</script>]]>&--><!-- \"'";
    let id = Story::new(hostile).byline("<b>&\"").tags(&["</script>x"]).publish(&world).await;
    let slug: String = sqlx::query_scalar("select slug from articles where id = $1")
        .bind(id.0)
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    let story = fact(&world, &format!("/article/{id}/{slug}"), "NewsArticle").await;
    assert_eq!((&story["headline"], &story["keywords"][0]), (&json!(hostile), &json!("</script>x")));
    let page = world.browser().read(&format!("/article/{id}/{slug}")).await;
    assert!(page.texts("script").iter().all(|text| text.is_empty() || text.starts_with('{')));
}

#[tokio::test]
async fn the_front_page_says_who_publishes_and_by_which_rules() {
    let world = World::new().await;
    sqlx::query("insert into discovery (policies) values ($1)")
        .bind(json!({ "ethicsPolicy": "https://news.example/ethics" }))
        .execute(&world.db.pool)
        .await
        .unwrap();
    let paper = fact(&world, "/", "NewsMediaOrganization").await;
    assert_eq!(
        (&paper["name"], &paper["ethicsPolicy"]),
        (&json!("Broadsheet"), &json!("https://news.example/ethics"))
    );
    assert_eq!(paper["correctionsPolicy"], format!("{BASE}/corrections"));
    let site = fact(&world, "/", "WebSite").await;
    assert_eq!(site["potentialAction"]["target"]["urlTemplate"], format!("{BASE}/search?q={{words}}"));
}

#[tokio::test]
async fn lists_name_their_articles_in_order() {
    let world = World::new().await;
    let old = Story::new("Old").hours_ago(2).tags(&["Sea"]).byline("Ada Orrin").publish(&world).await;
    let new = Story::new("New").hours_ago(1).tags(&["Sea"]).byline("Ada Orrin").publish(&world).await;
    for path in ["/section/news", "/tag/sea", "/author/ada-orrin"] {
        let list = fact(&world, path, "ItemList").await;
        let urls: Vec<&Value> =
            list["itemListElement"].as_array().unwrap().iter().map(|item| &item["url"]).collect();
        assert_eq!(
            urls,
            [&json!(format!("{BASE}/article/{new}/new")), &json!(format!("{BASE}/article/{old}/old"))]
        );
    }
    assert_eq!(fact(&world, "/author/ada-orrin", "ProfilePage").await["mainEntity"]["name"], "Ada Orrin");
}

#[tokio::test]
async fn a_topic_is_an_entry_of_the_glossary() {
    let world = World::new().await;
    sqlx::query("insert into topics (slug, title, description) values ('tides', 'Tides', 'Water that comes and goes.')")
        .execute(&world.db.pool)
        .await
        .unwrap();
    let term = fact(&world, "/focus/tides", "DefinedTerm").await;
    assert_eq!(
        (&term["name"], &term["description"]),
        (&json!("Tides"), &json!("Water that comes and goes."))
    );
    assert_eq!(term["inDefinedTermSet"], format!("{BASE}/focus"));
    assert_eq!(fact(&world, "/focus", "DefinedTermSet").await["hasDefinedTerm"][0]["@id"], term["@id"]);
}

#[tokio::test]
async fn galleries_are_albums_or_films() {
    let world = World::new().await;
    for (kind, url) in [("photo", ""), ("film", "https://films.example/tides")] {
        sqlx::query(
            "insert into galleries (kind, slug, title, publish_at, film_url)
             values ($1, 'tides', 'Tides', now() - interval '1 hour', $2)",
        )
        .bind(kind)
        .bind(url)
        .execute(&world.db.pool)
        .await
        .unwrap();
    }
    let ids: Vec<i64> =
        sqlx::query_scalar("select id from galleries order by id").fetch_all(&world.db.pool).await.unwrap();
    let album = fact(&world, &format!("/gallery/{}/tides", ids[0]), "ImageGallery").await;
    assert_eq!((&album["name"], &album["image"]), (&json!("Tides"), &json!([])));
    let film = fact(&world, &format!("/gallery/{}/tides", ids[1]), "VideoObject").await;
    assert_eq!(film["embedUrl"], "https://films.example/tides");
    assert!(film["uploadDate"].is_string());
}

#[tokio::test]
async fn what_is_not_public_tells_search_engines_nothing() {
    let world = World::new().await;
    let id = Story::new("Canary").draft(&world).await;
    let mut desk = world.logged_in(Role::Editor).await;
    desk.post(&format!("/desk/articles/{id}/previews"), &[("days", "1")]).await;
    let screen = desk.read(&format!("/desk/articles/{id}")).await;
    let link = screen.attribute(".preview-links input", "value");
    let page = world.browser().read(link.strip_prefix(BASE).unwrap()).await;
    assert!(!page.has("script[type='application/ld+json']"));
}
