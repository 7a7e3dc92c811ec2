//! `/feeds`: a page that lists every feed for people. The feeds themselves are made in `crate::feeds`.

use askama::Template;
use axum::extract::State;

use crate::news::{section, topic};
use crate::paths;
use crate::web::{App, Layout, Page, Result};

#[derive(Template)]
#[template(path = "site/feeds.html")]
struct Show {
    layout: Layout,
    sections: Vec<Entry>,
    topics: Vec<Entry>,
}

struct Entry {
    name: String,
    page: String,
    feed: String,
}

impl Entry {
    fn new(name: String, page: String) -> Self {
        Self { name, feed: paths::feed_of(&page), page }
    }
}

pub(super) async fn show(State(app): State<App>) -> Result<Page> {
    let sections = section::all(&app.db).await?;
    let topics = topic::all(&app.db).await?;
    let layout = Layout::load(&app, "Feeds")
        .await?
        .description("Every feed of this site, to follow it without visiting it.")
        .canonical(paths::FEEDS)
        .class("feeds");
    let view = Show {
        layout,
        sections: sections.into_iter().map(|it| Entry::new(it.name.clone(), it.href())).collect(),
        topics: topics.into_iter().map(|it| Entry::new(it.title.clone(), it.href())).collect(),
    };
    Ok(Page::public(&view))
}
