//! Films and sounds from elsewhere, and the page that names whose the editor's engine is.

use broadsheet::text::embed::PROVIDERS;

use crate::browser::World;
use crate::newsroom::{Page, Story};

const BODY: &str = "<p>Before.</p><figure class=\"embed\" data-provider=\"vimeo\"><a href=\"https://vimeo.com/123456789\">Video: the storm</a></figure>";

#[test]
fn the_page_and_the_policy_know_the_same_sites() {
    let script = include_str!("../../static/js/editor/providers.js");
    let hosts: Vec<&str> =
        script.lines().filter_map(|line| line.trim().strip_prefix("host: \"")?.strip_suffix("\",")).collect();
    assert_eq!(hosts.len(), PROVIDERS.len());
    for (key, host) in PROVIDERS {
        assert!(hosts.contains(&host), "{host}");
        assert!(script.contains(&format!("\n  {key}: {{\n")), "{key}");
        assert!(script.contains(&format!("`https://{host}/")), "no frame comes from {host}");
    }
}

#[tokio::test]
async fn only_a_page_with_a_film_asks_for_the_script_that_shows_it() {
    let world = World::new().await;
    let with = Story::new("The storm").body(BODY).publish(&world).await;
    let without = Story::new("The calm").publish(&world).await;
    let mut browser = world.browser();
    let page = browser.read(&format!("/article/{with}/the-storm")).await;
    assert_eq!(page.attributes(".embed a", "href"), ["https://vimeo.com/123456789"]);
    assert!(page.attribute("head script", "src").starts_with("/static/js/embed."));
    let page = browser.read(&format!("/article/{without}/the-calm")).await;
    assert_eq!(page.attributes("script", "src"), Vec::<String>::new());
}

#[tokio::test]
async fn in_a_feed_a_film_is_a_link() {
    let world = World::new().await;
    Story::new("The storm").body(BODY).publish(&world).await;
    let feed = world.browser().get("/feed.xml").await;
    let feed = feed_rs::parser::parse(feed.body.as_bytes()).unwrap();
    let content = feed.entries[0].content.as_ref().unwrap().body.clone().unwrap();
    assert!(content.contains("<p><a href=\"https://vimeo.com/123456789\""), "{content}");
    assert!(!content.contains("<figure") && !content.contains("data-provider"), "{content}");
}

#[tokio::test]
async fn the_licences_of_the_editors_engine_are_named() {
    let world = World::new().await;
    let answer = world.browser().get("/about/licences").await;
    assert_eq!(answer.status, 200);
    let page = Page::of(&answer);
    let names = page.texts(".licences li").join("\n");
    assert!(names.contains("Tiptap GmbH") && names.contains("Marijn Haverbeke"), "{names}");
    assert!(answer.body.contains("Permission is hereby granted, free of charge"));
}
