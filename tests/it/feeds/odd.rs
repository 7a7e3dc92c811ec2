//! Texts that break feeds elsewhere.

use chrono::{TimeDelta, Utc};

use super::{addresses, parse, titles};
use crate::browser::World;
use crate::newsroom::Story;

#[tokio::test]
async fn characters_that_xml_forbids_do_not_break_a_feed() {
    let world = World::new().await;
    Story::new("A ]]> & <b> \u{b}\u{fffe} \u{202b}متن\u{202c}")
        .with(|fields| fields.standfirst = "\u{1}odd ]]>".to_owned())
        .body("<p>]]> &amp; \u{2} text</p>")
        .publish(&world)
        .await;
    let feed = parse(&world.browser().get("/feed.xml").await);
    assert_eq!(titles(&feed), ["A ]]> & <b>  \u{202b}متن\u{202c}"]);
    let feed = parse(&world.browser().get("/feed.atom").await);
    assert_eq!(titles(&feed), ["A ]]> & <b>  \u{202b}متن\u{202c}"]);
    let body = feed.entries[0].content.as_ref().unwrap().body.as_ref().unwrap();
    assert!(body.contains("]]&gt; &amp;") || body.contains("]]> &amp;"), "{body}");
}

#[tokio::test]
async fn marks_of_direction_survive_in_every_format() {
    let world = World::new().await;
    let words = "\u{200f}باران\u{200c}ها \u{2067}abc\u{2069}";
    Story::new(words).language("fa").body(&format!("<p dir=\"rtl\">{words}</p>")).publish(&world).await;
    for address in addresses("/feed.xml") {
        let feed = parse(&world.browser().get(&address).await);
        assert_eq!(titles(&feed), [words], "{address}");
        let body = feed.entries[0].content.as_ref().unwrap().body.as_ref().unwrap();
        assert!(body.contains(&format!("<p dir=\"rtl\">{words}</p>")), "{address}: {body}");
    }
}

#[tokio::test]
async fn long_articles_make_no_feed_longer_than_a_megabyte() {
    let world = World::new().await;
    let long = format!("<p>{}</p>", "The water \"rose\" & fell. ".repeat(8_000));
    for number in 1..=8 {
        let at = Utc::now() - TimeDelta::minutes(number);
        Story::new(&format!("Long {number}")).body(&long).at(at).publish(&world).await;
    }
    for address in addresses("/feed.xml") {
        let answer = world.browser().get(&address).await;
        assert!(answer.body.len() < 1_000_000, "{address}: {}", answer.body.len());
        let feed = parse(&answer);
        assert_eq!(feed.entries.len(), 8, "{address}");
        let whole = |at: usize| {
            feed.entries[at].content.as_ref().and_then(|it| it.body.as_ref()).map_or(0, String::len)
        };
        assert!(whole(0) > 190_000 && whole(7) < 1_000, "{address}: {} {}", whole(0), whole(7));
    }
}

#[tokio::test]
async fn an_empty_site_has_feeds_all_the_same() {
    let world = World::new().await;
    for address in addresses("/feed.xml") {
        assert!(parse(&world.browser().get(&address).await).entries.is_empty(), "{address}");
    }
}

#[tokio::test]
async fn a_place_that_is_none_is_the_readers_mistake() {
    let world = World::new().await;
    assert_eq!(world.browser().get("/feed.atom?before=yesterday").await.status, 400);
}
