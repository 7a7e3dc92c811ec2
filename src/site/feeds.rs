//! `/feeds`: a page that lists every feed for people. The feeds themselves are made in `crate::feeds`.

use askama::Template;
use axum::extract::State;

use crate::news::{section, topic};
use crate::paths;
use crate::paths::feeds::{Format, in_format};
use crate::web::page_cache::Key;
use crate::web::{App, Layout, Page, Result};

#[derive(Template)]
#[template(path = "site/feeds.html")]
struct Show {
    layout: Layout,
    everything: Vec<Entry>,
    sections: Vec<Entry>,
    topics: Vec<Entry>,
}

struct Entry {
    name: String,
    page: String,
}

impl Entry {
    fn new(name: impl Into<String>, page: impl Into<String>) -> Self {
        Self { name: name.into(), page: page.into() }
    }

    fn feed(&self, format: Format) -> String {
        in_format(&paths::feed_of(&self.page), format)
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
    let everything = vec![
        Entry::new(&app.site.name, paths::HOME),
        Entry::new("Corrections", paths::workflow::CORRECTIONS),
    ];
    let view = Show {
        layout,
        everything,
        sections: sections.into_iter().map(|it| Entry::new(&it.name, it.href())).collect(),
        topics: topics.into_iter().map(|it| Entry::new(&it.title, it.href())).collect(),
    };
    Ok(Page::public(&view).keys([Key::SearchIndex]))
}
