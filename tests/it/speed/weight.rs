//! What a page weighs for its reader, packed as gzip, without its pictures.

use std::io::Write;

use broadsheet::cli::demo;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::browser::World;
use crate::newsroom::{Page, Story};

/// With the styles that the page links.
const ARTICLE: usize = 20 * 1024;
const FRONT: usize = 40 * 1024;
/// Nothing needs them; what they add must not cost more.
const SCRIPTS: usize = 10 * 1024;

fn packed(text: &str) -> usize {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap().len()
}

async fn packed_files(world: &World, addresses: Vec<String>) -> usize {
    let mut sum = 0;
    for address in addresses {
        let answer = world.browser().get(&address).await;
        assert_eq!(answer.status, 200, "{address}");
        sum += packed(&answer.body);
    }
    sum
}

async fn whole(world: &World, path: &str, page: &Page) -> (usize, usize) {
    let answer = world.browser().get(path).await;
    let styles =
        packed_files(world, page.attributes("link[rel=stylesheet]:not([media=print])", "href")).await;
    (packed(&answer.body) + styles, packed_files(world, page.attributes("script[src]", "src")).await)
}

#[tokio::test]
async fn an_article_and_the_front_page_are_light() {
    let world = World::new().await;
    demo::load_words(&world.db.pool).await.unwrap();
    // A long read: two thousand words, as few articles have.
    let body = "<p>The water stood to the third step, and the town counted what it had left to lose.</p>"
        .repeat(120);
    let article = Story::new("A long read").body(&body).tags(&["Rivers", "Towns"]).publish(&world).await;
    for (path, most) in [(format!("/article/{article}/a-long-read"), ARTICLE), ("/".to_owned(), FRONT)] {
        let page = world.browser().read(&path).await;
        let (bytes, scripts) = whole(&world, &path, &page).await;
        assert!(bytes <= most, "{path} weighs {bytes}");
        assert!(scripts <= SCRIPTS, "{path} has {scripts} of scripts");
    }
}
