//! The search page.

use chrono::{TimeZone, Utc};

use crate::browser::World;
use crate::newsroom::{Page, Story, section};

async fn archive() -> World {
    let world = World::new().await;
    let culture = section(&world, "Culture").await;
    let on = |day| Utc.with_ymd_and_hms(2025, 1, day, 12, 0, 0).unwrap();
    Story::new("The ferry returns").at(on(10)).tags(&["Harbour"]).publish(&world).await;
    Story::new("A song for the ferry").at(on(20)).with(|it| it.section_id = culture).publish(&world).await;
    let body =
        "<p>An <em>unusual</em> heron &lt;script&gt;alert(1)&lt;/script&gt; &amp; a gull on the pier.</p>";
    Story::new("Birds").at(on(21)).body(body).publish(&world).await;
    world
}

async fn found(world: &World, query: &str) -> Vec<String> {
    world.browser().read(&format!("/search?{query}")).await.texts(".results .headline")
}

#[tokio::test]
async fn words_are_found_in_headlines_texts_and_tags() {
    let world = archive().await;
    assert_eq!(found(&world, "q=ferries").await, ["A song for the ferry", "The ferry returns"]);
    assert_eq!(found(&world, "q=herons").await, ["Birds"]);
    assert_eq!(found(&world, "q=harbour").await, ["The ferry returns"]);
}

#[tokio::test]
async fn section_tag_and_dates_filter_what_is_found() {
    let world = archive().await;
    for filter in ["section=culture", "from=2025-01-11", "from=2025-01-20&to=2025-01-20"] {
        assert_eq!(found(&world, &format!("q=ferry&{filter}")).await, ["A song for the ferry"], "{filter}");
    }
    for filter in ["tag=Harbour", "to=2025-01-10"] {
        assert_eq!(found(&world, &format!("q=ferry&{filter}")).await, ["The ferry returns"], "{filter}");
    }
}

#[tokio::test]
async fn filters_that_mean_nothing_are_named_at_their_field_and_kept() {
    let world = archive().await;
    let query = "/search?q=ferry&section=x&tag=nobody&from=yesterday&to=2025-02-30";
    let answer = world.browser().get(query).await;
    assert_eq!(answer.status, 422);
    let page = Page::of(&answer);
    assert_eq!(page.attributes("[aria-invalid]", "name"), ["section", "tag", "from", "to"]);
    assert_eq!(page.attribute("[name=from]", "value"), "yesterday");
    assert_eq!(page.attribute("#q", "value"), "ferry");
}

#[tokio::test]
async fn what_was_found_is_marked_and_everything_else_is_only_text() {
    let world = archive().await;
    let answer = world.browser().get("/search?q=heron").await;
    let page = Page::of(&answer);
    assert_eq!(page.texts("mark"), ["heron"]);
    assert!(!answer.body.contains("<script"), "{}", answer.body);
    assert!(page.text(".excerpt").contains("& a gull on the pier"), "{}", page.text(".excerpt"));
    let answer = world.browser().get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!answer.body.contains("<script"), "{}", answer.body);
}

#[tokio::test]
async fn a_slip_of_the_pen_finds_what_looks_like_it_and_says_so() {
    let world = archive().await;
    let page = world.browser().read("/search?q=fery+returms").await;
    assert_eq!(page.texts(".results .headline"), ["The ferry returns"]);
    assert!(page.text(".notice").starts_with("Nothing holds exactly"));
}

#[tokio::test]
async fn nothing_found_says_so_and_an_empty_search_asks_nothing() {
    let world = archive().await;
    assert!(world.browser().read("/search?q=zzzz").await.text(".no-results").contains("zzzz"));
    let page = world.browser().read("/search").await;
    assert!(!page.has(".no-results") && !page.has(".results"));
}

#[tokio::test]
async fn letters_that_no_text_holds_do_no_harm() {
    let world = archive().await;
    for query in
        ["q=%01ferry%7f", "q=%22ferry", "q=-", "q=%5C%27%3A%26%7C%21", &format!("q={}", "ferry+".repeat(200))]
    {
        assert_eq!(world.browser().get(&format!("/search?{query}")).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn results_go_on_with_all_their_filters() {
    let world = World::new().await;
    for n in 0..25 {
        Story::new(&format!("Ferry {n}")).hours_ago(n + 1).publish(&world).await;
    }
    let first = world.browser().read("/search?q=ferry&section=news").await;
    let older = first.attribute("a[rel=next]", "href");
    assert!(older.starts_with("/search?q=ferry&section=news&before="), "{older}");
    assert_eq!(world.browser().read(&older).await.texts(".results .headline").len(), 5);
}

#[tokio::test]
async fn a_word_in_the_headline_counts_for_more_than_one_in_the_text() {
    let world = World::new().await;
    Story::new("Lighthouse keeper retires").hours_ago(900).publish(&world).await;
    for hour in 1..=30 {
        let story = Story::new(&format!("Story {hour}")).body("<p>Far from any lighthouse.</p>");
        story.hours_ago(hour).publish(&world).await;
    }
    let mut browser = world.browser();
    let page = browser.read("/search?q=lighthouse").await;
    assert_eq!(page.texts(".best .headline")[0], "Lighthouse keeper retires");
    assert_eq!(page.texts(".results:not(.best) .headline")[0], "Story 1");
    let next = page.attribute(".pager a[rel=next]", "href");
    assert!(!browser.read(&next).await.has(".best"), "{next}");
}

#[tokio::test]
async fn a_few_matches_are_shown_once() {
    let world = World::new().await;
    for hour in 1..=5 {
        Story::new(&format!("Lighthouse {hour}")).hours_ago(hour).publish(&world).await;
    }
    let page = world.browser().read("/search?q=lighthouse").await;
    assert_eq!((page.has(".best"), page.texts(".results .headline").len()), (false, 5));
}
