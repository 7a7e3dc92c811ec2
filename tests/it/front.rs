//! The front page.

use std::collections::HashSet;

use broadsheet::news::article::ArticleId;
use broadsheet::news::front::board::Step;
use broadsheet::news::front::{Board, Kind, Rule, fill, store};
use broadsheet::news::section::SectionId;
use broadsheet::news::tag::TagId;
use broadsheet::news::topic::TopicId;
use broadsheet::news::topic::{self, Fields as TopicFields};
use broadsheet::news::{gallery, place, views};
use broadsheet::text::Slug;
use chrono::{SubsecRound, TimeDelta, Utc};

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
    assert_eq!(page.text(".story-lead .headline"), "Story number 1");
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

/// Changes the board that readers see.
async fn arrange(world: &World, change: impl FnOnce(&mut Board)) {
    let mut tx = world.db.pool.begin().await.unwrap();
    store::amend(&mut tx, "a test", change).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_story_placed_by_hand_leads_and_no_rule_below_repeats_it() {
    let world = paper().await;
    let oldest: i64 = sqlx::query_scalar("select id from articles where headline = 'Story number 29'")
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    arrange(&world, |board| {
        let news = board.of_kind(Kind::News).unwrap().id;
        board.place(news, ArticleId(oldest), (None, None)).unwrap();
    })
    .await;
    let page = world.browser().read("/").await;
    assert_eq!(page.text(".story-lead .headline"), "Story number 29");
    assert_eq!(page.texts(".news .headline").len(), 7);
    let stories = page.texts(OUTSIDE);
    assert_eq!(stories.iter().filter(|story| *story == "Story number 29").count(), 1, "{stories:?}");
}

#[tokio::test]
async fn a_story_placed_further_down_is_left_out_by_the_rules_above_it_while_it_stands_there() {
    let world = paper().await;
    let news = async || world.browser().read("/").await.texts(".news .headline");
    let of = |headline: &'static str| {
        sqlx::query_scalar::<_, i64>("select id from articles where headline = $1").bind(headline)
    };
    let newest = of("Story number 1").fetch_one(&world.db.pool).await.unwrap();
    assert!(news().await.contains(&"Story number 1".to_owned()));
    let until = Utc::now() + TimeDelta::hours(1);
    arrange(&world, |board| {
        let choice = board.of_kind(Kind::Choice).unwrap().id;
        board.place(choice, ArticleId(newest), (None, Some(until))).unwrap();
    })
    .await;
    let page = world.browser().read("/").await;
    assert!(!page.texts(".news .headline").contains(&"Story number 1".to_owned()));
    assert!(page.texts(".editors-choice-block .headline").contains(&"Story number 1".to_owned()));
    assert!(
        page.texts(".most-viewed-block .headline").contains(&"Story number 1".to_owned()),
        "a ranking has no gaps"
    );
    let board = store::seen(&world.db.pool, store::Which::Draft, None).await.unwrap().board;
    let later = fill::fill(&world.db.pool, &board, until + TimeDelta::minutes(1)).await.unwrap();
    assert!(later[0].cards.iter().any(|card| card.headline == "Story number 1"));
}

#[tokio::test]
async fn what_a_section_has_no_place_for_stands_in_a_block_below() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(Story::new(&format!("Story number {n}")).hours_ago(n).publish(&world).await);
    }
    arrange(&world, |board| {
        board.blocks.retain(|block| block.kind == Kind::Sections);
        board.blocks[0].size = 3;
        let sections = board.blocks[0].id;
        for id in &ids[4..] {
            board.place(sections, *id, (None, None)).unwrap();
        }
        board.add(Kind::Stories, "More", 6, Rule::Latest).unwrap();
    })
    .await;
    let page = world.browser().read("/").await;
    assert_eq!(page.texts(".department .headline"), ["Story number 4", "Story number 5", "Story number 0"]);
    assert_eq!(
        page.texts(".stories-block .headline"),
        ["Story number 1", "Story number 2", "Story number 3"]
    );
}

#[tokio::test]
async fn the_blocks_stand_in_the_order_of_the_board() {
    let world = paper().await;
    arrange(&world, |board| {
        let (map, news) = (board.of_kind(Kind::Map).unwrap().id, board.of_kind(Kind::News).unwrap().id);
        board.shift_block(map, Step::Before(Some(news))).unwrap();
        let choice = board.of_kind(Kind::Choice).unwrap().id;
        board.shift_block(choice, Step::Before(Some(map))).unwrap();
    })
    .await;
    let page = world.browser().read("/").await;
    let headings = page.texts("main h2");
    assert_eq!(headings[..5], ["Editor's Choice", "Map", "Top stories", "Most Viewed", "In Focus"]);
    // What stands right below the news stands beside it; what stands elsewhere has the whole width.
    assert!(page.has(".rail .most-viewed-block") && page.has(".wide-choice .editors-choice-block"));
}

#[tokio::test]
async fn a_placing_is_in_force_from_its_start_until_its_end() {
    let world = paper().await;
    let start = Utc::now().trunc_subsecs(0) + TimeDelta::hours(1);
    let end = start + TimeDelta::hours(1);
    let id: i64 = sqlx::query_scalar("select id from articles where headline = 'Story number 15'")
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    arrange(&world, |board| {
        let news = board.of_kind(Kind::News).unwrap().id;
        board.place(news, ArticleId(id), (Some(start), Some(end))).unwrap();
    })
    .await;
    for (at, lead) in [
        (None, "Story number 1"),
        (Some(start), "Story number 15"),
        (Some(end - TimeDelta::seconds(1)), "Story number 15"),
        (Some(end), "Story number 1"),
    ] {
        let page = broadsheet::front::page(&world.app, store::Which::Published, at).await.unwrap();
        let page = Page::of_html(&askama::Template::render(&page).unwrap());
        assert_eq!(page.text(".story-lead .headline"), lead, "{at:?}");
    }
}

#[tokio::test]
async fn each_rule_fills_a_block() {
    let world = paper().await;
    let number = async |question: &'static str| -> i64 {
        sqlx::query_scalar(question).fetch_one(&world.db.pool).await.unwrap()
    };
    let section = number("select id from sections where slug = 'culture'").await;
    let tag = number("select id from tags where name = 'Rivers'").await;
    let topic = number("select id from topics").await;
    for (rule, first) in [
        (Rule::Latest, "Story number 0"),
        (Rule::Section(SectionId(section)), "Story number 1"),
        (Rule::Tag(TagId(tag)), "Story number 0"),
        (Rule::Topic(TopicId(topic)), "Story number 0"),
        (Rule::MostViewed(views::Span::Day), "Story number 1"),
    ] {
        arrange(&world, |board| {
            *board = Board::default();
            board.add(Kind::Stories, "Ours", 4, rule).unwrap();
        })
        .await;
        assert_eq!(world.browser().read("/").await.text(".stories-block .headline"), first, "{rule}");
    }
}

#[tokio::test]
async fn the_first_board_is_the_one_that_the_migration_wrote() {
    let db = crate::support::scratch::database().await;
    broadsheet::db::migrations::migrate(&db.pool).await.unwrap();
    let draft = store::draft(&db.pool).await.unwrap();
    assert_eq!((&draft.board, &draft.published), (&Board::first(), &Board::first()));
}
