//! The pages that list articles: sections, tags, topics, authors, the archive, the map, galleries, feeds.

use broadsheet::news::gallery::{self, Fields as GalleryFields, Kind};
use broadsheet::news::topic::{self, Fields as TopicFields};
use broadsheet::news::{place, tag};
use broadsheet::text::Slug;
use chrono::{TimeDelta, TimeZone, Utc};

use crate::browser::World;
use crate::newsroom::{Page, Story};

async fn stories(world: &World, count: i64) {
    for n in 0..count {
        Story::new(&format!("Story {n}"))
            .hours_ago(n + 1)
            .tags(&["Rivers"])
            .byline("Mira Aldan")
            .publish(world)
            .await;
    }
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_while_new_articles_arrive() {
    let world = World::new().await;
    stories(&world, 45).await;
    for path in ["/section/news", "/tag/rivers", "/author/mira-aldan"] {
        let first = world.browser().read(path).await;
        let mut seen = first.texts("main .headline");
        assert_eq!(seen.len(), 20, "{path}");
        Story::new("Just in").tags(&["Rivers"]).byline("Mira Aldan").publish(&world).await;
        let mut older = first.attribute("a[rel=next]", "href");
        while !older.is_empty() {
            let page = world.browser().read(&older).await;
            seen.extend(page.texts("main .headline"));
            older = page.attribute("a[rel=next]", "href");
        }
        seen.retain(|headline| headline != "Just in");
        let expected: Vec<_> = (0..45).map(|n| format!("Story {n}")).collect();
        assert_eq!(seen, expected, "{path}");
        sqlx::query("delete from articles where headline = 'Just in'").execute(&world.db.pool).await.unwrap();
    }
}

#[tokio::test]
async fn a_cursor_that_is_none_answers_400() {
    let world = World::new().await;
    stories(&world, 1).await;
    for path in ["/section/news", "/tag/rivers", "/author/mira-aldan", "/map", "/gallery/photo", "/search"] {
        assert_eq!(world.browser().get(&format!("{path}?before=yesterday")).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_section_opens_with_its_newest_story_and_links_its_feed() {
    let world = World::new().await;
    stories(&world, 3).await;
    let page = world.browser().read("/section/news").await;
    assert_eq!(page.text("h1"), "News");
    assert_eq!(page.text(".list-lead .headline"), "Story 0");
    assert_eq!(page.texts(".rows .headline"), ["Story 1", "Story 2"]);
    assert_eq!(page.attribute(".page-feed a", "href"), "/section/news/feed.xml");
    assert_eq!(page.text(".menu [aria-current]"), "News");
    assert_eq!(
        page.attributes("link[type='application/rss+xml']", "href"),
        ["/feed.xml", "/section/news/feed.xml"]
    );
}

#[tokio::test]
async fn a_tag_is_listed_by_month() {
    let world = World::new().await;
    for (headline, month) in [("May", 5), ("June", 6), ("Late June", 6)] {
        let at = Utc.with_ymd_and_hms(2025, month, 10, 12, 0, 0).unwrap();
        Story::new(headline).at(at).tags(&["Rivers"]).publish(&world).await;
    }
    let page = world.browser().read("/tag/rivers").await;
    assert_eq!(page.texts(".group-head"), ["June 2025", "May 2025"]);
    assert_eq!(page.attribute(".group-head a", "href"), "/archive/2025/06");
}

#[tokio::test]
async fn a_tag_that_was_merged_or_renamed_answers_301() {
    let world = World::new().await;
    Story::new("One").tags(&["Rivers", "Streams"]).publish(&world).await;
    let mut db = world.db.pool.acquire().await.unwrap();
    let found = tag::suggest(&mut *db, "", 10).await.unwrap();
    let id = |name: &str| found.iter().find(|tag| tag.name == name).unwrap().id;
    tag::merge(&mut db, id("Streams"), id("Rivers")).await.unwrap();
    tag::rename(&mut db, id("Rivers"), "Waters", &Slug::of_or("Waters", "x")).await.unwrap();
    for old in ["/tag/streams", "/tag/rivers"] {
        let answer = world.browser().get(old).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (301, "/tag/waters"), "{old}");
        let feed = world.browser().get(&format!("{old}/feed.xml")).await;
        assert_eq!((feed.status.as_u16(), feed.header("location")), (301, "/tag/waters/feed.xml"), "{old}");
    }
    assert_eq!(world.browser().get("/feed").await.status, 301);
}

#[tokio::test]
async fn a_tag_written_like_its_name_leads_to_its_page() {
    let world = World::new().await;
    Story::new("One").tags(&["City budget"]).publish(&world).await;
    let answer = world.browser().get("/tag/City%20Budget").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (301, "/tag/city-budget"));
}

#[tokio::test]
async fn a_topic_opens_with_its_description_and_gathers_by_tag_and_by_hand() {
    let world = World::new().await;
    Story::new("Tagged").hours_ago(2).tags(&["Rivers"]).publish(&world).await;
    let picked = Story::new("Picked").hours_ago(1).publish(&world).await;
    Story::new("Neither").publish(&world).await;
    let fields = TopicFields {
        title: "Rivers & seas".to_owned(),
        description: "All that flows.".to_owned(),
        tags: vec!["Rivers".to_owned()],
        articles: vec![picked],
        ..TopicFields::default()
    };
    let mut tx = world.db.pool.begin().await.unwrap();
    topic::create(&mut tx, &Slug::of_or("waters", "x"), &fields).await.unwrap();
    tx.commit().await.unwrap();
    let page = world.browser().read("/focus/waters").await;
    assert_eq!(
        (page.text("h1"), page.text("main .standfirst")),
        ("Rivers & seas".into(), "All that flows.".into())
    );
    assert_eq!(page.texts(".rows .headline"), ["Picked", "Tagged"]);
    assert_eq!(world.browser().read("/focus").await.texts(".topic-card h2"), ["Rivers & seas"]);
}

#[tokio::test]
async fn an_author_has_a_page_once_something_of_theirs_can_be_read() {
    let world = World::new().await;
    Story::new("Draft").byline("Ines Okoro").draft(&world).await;
    assert_eq!(world.browser().get("/author/ines-okoro").await.status, 404);
    Story::new("Out").byline("Ines Okoro").publish(&world).await;
    assert_eq!(world.browser().read("/author/ines-okoro").await.text("h1"), "Ines Okoro");
}

#[tokio::test]
async fn the_archive_leads_from_years_to_days() {
    let world = World::new().await;
    Story::new("Old").at(Utc.with_ymd_and_hms(2025, 1, 22, 12, 0, 0).unwrap()).publish(&world).await;
    let months = world.browser().read("/archive").await;
    assert_eq!(months.attributes(".months a", "href"), ["/archive/2025/01"]);
    let month = world.browser().read("/archive/2025/01").await;
    assert_eq!(month.attribute(".group-head a", "href"), "/archive/2025/01/22");
    let day = world.browser().read("/archive/2025/01/22").await;
    assert_eq!((day.text("h1"), day.text(".headline")), ("Wednesday 22 January 2025".into(), "Old".into()));
    for none in
        ["/archive/2025/02", "/archive/2025/1", "/archive/2025/13", "/archive/2025/02/30", "/archive/x/y"]
    {
        assert_eq!(world.browser().get(none).await.status, 404, "{none}");
    }
}

#[tokio::test]
async fn the_map_lists_stories_by_place_without_a_drawing() {
    let world = World::new().await;
    for (name, at) in [("Brannoch", (56.1, -3.4)), ("Port Sel", (-33.45, -70.667))] {
        let mut tx = world.db.pool.begin().await.unwrap();
        let place = place::find_or_create(&mut tx, name, Some(at)).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        Story::new(&format!("From {name}"))
            .with(|fields| fields.place_id = Some(place))
            .publish(&world)
            .await;
    }
    let page = world.browser().read("/map?place=port%20sel").await;
    assert_eq!(page.texts(".places .headline"), ["From Port Sel"]);
    assert_eq!(page.text(".coordinates"), "33.45° S, 70.67° W");
    assert_eq!(page.texts("option"), ["All places", "Brannoch", "Port Sel"]);

    let answer = world.browser().get("/map.geojson").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let drawn: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(drawn["type"], "FeatureCollection");
    assert_eq!(drawn["features"][0]["geometry"]["coordinates"], serde_json::json!([-70.667, -33.45]));
    assert_eq!(drawn["features"][0]["properties"]["headline"], "From Port Sel");
}

#[tokio::test]
async fn galleries_are_listed_by_kind_and_keep_their_address() {
    let world = World::new().await;
    let film = GalleryFields {
        kind: Kind::Film,
        title: "Tides".to_owned(),
        description: "A film.".to_owned(),
        publish_at: Some(Utc::now() - TimeDelta::hours(1)),
        withdrawn: false,
        film_id: None,
        film_url: "https://films.example/tides".to_owned(),
        poster_id: None,
        poster_alt: String::new(),
    };
    let hidden = GalleryFields { title: "Later".to_owned(), publish_at: None, ..film.clone() };
    let mut db = world.db.pool.acquire().await.unwrap();
    let id = gallery::create(&mut db, &film).await.unwrap();
    let later = gallery::create(&mut db, &hidden).await.unwrap();
    for path in ["/gallery", "/gallery/film"] {
        assert_eq!(world.browser().read(path).await.texts(".album .headline"), ["Tides"], "{path}");
    }
    assert!(world.browser().read("/gallery/photo").await.has(".empty"));
    let page = world.browser().read(&format!("/gallery/{id}/tides")).await;
    assert_eq!(page.attribute(".embed a", "href"), "https://films.example/tides");
    let moved = world.browser().get(&format!("/gallery/{id}/ebb")).await;
    assert_eq!(
        (moved.status.as_u16(), moved.header("location")),
        (301, format!("/gallery/{id}/tides").as_str())
    );
    assert_eq!(world.browser().get(&format!("/gallery/{later}/later")).await.status, 404);
    assert_eq!(world.browser().get("/gallery/other").await.status, 404);
}

#[tokio::test]
async fn the_feeds_page_lists_the_feed_of_every_section() {
    let world = World::new().await;
    stories(&world, 1).await;
    let page = world.browser().read("/feeds").await;
    assert_eq!(
        page.attributes(".feed-list .feed[type='application/rss+xml']", "href"),
        ["/feed.xml", "/corrections/feed.xml", "/section/news/feed.xml"]
    );
}

#[tokio::test]
async fn every_list_page_that_is_not_there_answers_404_in_the_sites_clothes() {
    let world = World::new().await;
    for path in ["/section/x", "/tag/x", "/focus/x", "/author/x", "/most-viewed/year", "/nowhere", "/tag/%00"]
    {
        let answer = world.browser().get(path).await;
        let expected = if path.contains('%') { 400 } else { 404 };
        assert_eq!(answer.status, expected, "{path}");
        assert!(Page::of(&answer).has(".masthead"), "{path}");
    }
}

#[tokio::test]
async fn a_withdrawn_or_future_story_stands_in_no_list() {
    let world = World::new().await;
    let soon = Utc::now() + TimeDelta::hours(1);
    Story::new("Soon").at(soon).tags(&["Rivers"]).publish(&world).await;
    for path in ["/", "/section/news", "/search?q=soon"] {
        assert!(!world.browser().read(path).await.has("main .headline"), "{path}");
    }
    assert_eq!(world.browser().get("/tag/rivers").await.status, 404);
}
