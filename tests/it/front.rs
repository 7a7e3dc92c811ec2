//! The front page.

use std::collections::HashSet;

use broadsheet::news::article::ArticleId;
use broadsheet::news::front::{Board, Kind, store};
use broadsheet::news::topic::{self, Fields as TopicFields};
use broadsheet::news::{gallery, place, views};
use broadsheet::text::Slug;
use chrono::Utc;

use crate::browser::World;
use crate::newsroom::{Page, Story, section};

const OUTSIDE: &str = ":is(.news, .map-block, .departments) .headline";

/// A paper with something in every block but the galleries.
async fn paper() -> World {
    let world = World::new().await;
    let mut tx = world.db.pool.begin().await.unwrap();
    let place = place::find_or_create(&mut tx, "Brannoch", Some((56.1, -3.4))).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let (news, culture) = (section(&world, "News").await, section(&world, "Culture").await);
    let mut ids = Vec::new();
    for n in 0..30 {
        let story = Story::new(&format!("Story number {n}")).hours_ago(n).tags(&["Rivers"]);
        let story = story.with(|fields| {
            fields.section_id = if n % 2 == 0 { news } else { culture };
            fields.place_id = (n % 3 == 0).then_some(place);
        });
        ids.push(story.publish(&world).await);
    }
    let mut tx = world.db.pool.begin().await.unwrap();
    let choose = |board: &mut Board| {
        let choice = board.of_kind(Kind::Choice).unwrap().id;
        for at in [0, 20] {
            board.place(choice, ids[at], (None, None)).unwrap();
        }
    };
    store::amend(&mut tx, "a test", choose).await.unwrap();
    let rivers = TopicFields {
        title: "Rivers".to_owned(),
        description: "Waters that rise.".to_owned(),
        pinned: true,
        tags: vec!["Rivers".to_owned()],
        ..TopicFields::default()
    };
    topic::create(&mut tx, &Slug::of_or("Rivers", "x"), &rivers).await.unwrap();
    tx.commit().await.unwrap();
    read(&world, ids[1]).await;
    world
}

/// Somebody reads this article, and the lists are made anew.
async fn read(world: &World, id: ArticleId) {
    let mut db = world.db.pool.acquire().await.unwrap();
    world.app.views.count(id, b"network", "browser", std::time::Instant::now());
    views::flush(&mut *db, &world.app.views.take(), Utc::now()).await.unwrap();
    views::roll_up(&mut db).await.unwrap();
    for span in views::Span::ALL {
        views::rank(&mut db, span).await.unwrap();
    }
}

#[tokio::test]
async fn every_block_of_the_front_page_is_there() {
    let world = paper().await;
    let page = world.browser().read("/").await;
    assert_eq!(page.text(".story-lead .headline"), "Story number 0");
    assert_eq!(page.texts(".editors-choice-block .headline"), ["Story number 0", "Story number 20"]);
    assert_eq!(page.texts(".tabs label"), ["Day", "Week", "Month"]);
    assert_eq!(page.texts(".panel-1 .headline"), ["Story number 1"]);
    assert_eq!(page.texts(".in-focus-block h3"), ["Rivers"]);
    assert_eq!(page.text(".in-focus-block .topic-description"), "Waters that rise.");
    assert_eq!(page.text(".map-block .place"), "Brannoch");
    assert_eq!(page.texts(".department h2"), ["News", "Culture"]);
    assert_eq!(page.texts(".department:first-child .headline").len(), 4);
}

#[tokio::test]
async fn no_story_stands_twice_outside_the_choice_and_the_most_viewed() {
    let world = paper().await;
    let stories = world.browser().read("/").await.texts(OUTSIDE);
    assert!(stories.len() > 15, "{stories:?}");
    let once: HashSet<_> = stories.iter().collect();
    assert_eq!(once.len(), stories.len(), "{stories:?}");
}

#[tokio::test]
async fn empty_blocks_disappear_whole() {
    let world = World::new().await;
    let page = world.browser().read("/").await;
    for block in ["news", "rail", "in-focus-block", "map-block", "department", "gallery-block"] {
        assert!(!page.has(&format!(".{block}")), "{block}");
    }
    assert_eq!(page.text("main .empty"), "Nothing is published here yet.");
}

#[tokio::test]
async fn each_tab_is_a_labelled_radio_button_before_its_panel() {
    let world = paper().await;
    let page = world.browser().read("/").await;
    let ids = page.attributes(".tabs input[type=radio]", "id");
    assert_eq!(ids, page.attributes(".tabs label", "for"));
    assert_eq!(page.attributes(".tabs input[checked]", "id"), ["most-viewed-day"]);
    assert_eq!(page.attribute(".tabs input ~ .panel-3 .more a", "href"), "/most-viewed/month");
}

#[tokio::test]
async fn the_gallery_has_a_tab_only_for_what_there_is() {
    let world = World::new().await;
    let film = gallery::Fields {
        kind: gallery::Kind::Film,
        title: "Tides".to_owned(),
        description: String::new(),
        publish_at: Some(Utc::now()),
        withdrawn: false,
        film_id: None,
        film_url: "https://films.example/tides".to_owned(),
        poster_id: None,
        poster_alt: String::new(),
    };
    let mut db = world.db.pool.acquire().await.unwrap();
    gallery::create(&mut db, &film).await.unwrap();
    let page = world.browser().read("/").await;
    assert_eq!(page.texts(".gallery-block label"), ["Film"]);
    assert_eq!(page.texts(".gallery-block .panel-1 .headline"), ["Tides"]);
}

#[tokio::test]
async fn the_front_page_names_itself_and_its_feed() {
    let world = World::new().await;
    let answer = world.browser().get("/").await;
    let page = Page::of(&answer);
    assert_eq!(page.attribute("link[rel=canonical]", "href"), "http://localhost/");
    assert_eq!(page.attribute("link[type='application/rss+xml']", "href"), "/feed.xml");
    assert_eq!(page.text("h1"), world.app.site.name);
    assert_eq!(answer.header("cache-control"), "public, max-age=0, must-revalidate");
    assert_eq!(answer.header("set-cookie"), "");
}
