//! `/search`: words in headlines, standfirsts, bodies and tags, filtered by section, tag and dates.

use askama::Template;
use axum::extract::State;
use chrono::{Datelike, NaiveDate};

use super::listing::{Pager, cursor};
use crate::news::search::{self, Results};
use crate::news::section::Section;
use crate::news::tag::{self, Found};
use crate::news::topic::{self, Topic};
use crate::paths;
use crate::text::{Slug, date};
use crate::web::page_cache::{Key, PageCache};
use crate::web::{App, Errors, Layout, Page, Query, Result};

/// The query as it was typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    q: String,
    section: String,
    tag: String,
    from: String,
    to: String,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "site/search.html")]
struct Show {
    layout: Layout,
    typed: Typed,
    errors: Errors,
    sections: Vec<Section>,
    /// Absent while nothing was asked.
    results: Option<Results>,
    /// Offered when nothing was found.
    topics: Vec<Topic>,
    pager: Pager,
}

impl Show {
    fn filtered(&self) -> bool {
        let Typed { section, tag, from, to, .. } = &self.typed;
        [section, tag, from, to].iter().any(|field| !field.is_empty())
    }
}

pub(super) async fn show(State(app): State<App>, Query(typed): Query<Typed>) -> Result<Page> {
    let typed = typed.tidy();
    let cursor = cursor(typed.before.as_deref())?;
    let sections = PageCache::common(&app).await?.top.sections.clone();
    let (query, errors) = check(&app, &typed, &sections).await?;
    let mut results = None;
    if errors.is_empty() && !query.words.is_empty() {
        let mut db = app.db.acquire().await?;
        results = Some(search::find(&mut db, &query, &app.site.language, cursor).await?);
    }
    let nothing = results.as_ref().is_some_and(|results| results.hits.is_empty());
    let topics = if nothing { topic::pinned(&app.db).await? } else { Vec::new() };
    let path = typed.path();
    let is_first = typed.before.as_deref().unwrap_or_default().is_empty();
    let pager = Pager::new(&path, is_first, results.as_ref().and_then(|results| results.next.as_ref()));
    let title = if typed.q.is_empty() { "Search".to_owned() } else { format!("Search: {}", typed.q) };
    let layout = Layout::load(&app, title)
        .await?
        .description("Search all articles.")
        .canonical(&path)
        .current(paths::SEARCH)
        .class("search");
    let layout = if results.is_some() {
        layout.feed(format!("Search: {} – {}", typed.q, app.site.name), typed.feed())
    } else {
        layout
    };
    let refused = !errors.is_empty();
    let view = Show { layout, typed, errors, sections, results, topics, pager };
    if refused {
        return Ok(Page::new(&view).unprocessable());
    }
    Ok(Page::public(&view).keys([Key::SearchIndex]))
}

impl Typed {
    /// Without what nobody types, and cut where no search goes on.
    fn tidy(self) -> Self {
        let tidy = |text: String| -> String {
            let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            text.trim().chars().take(search::MAX_WORDS).collect()
        };
        Self {
            q: tidy(self.q),
            section: tidy(self.section),
            tag: tidy(self.tag),
            from: tidy(self.from),
            to: tidy(self.to),
            before: self.before,
        }
    }

    /// What is found from now on; dates have no place in a feed.
    fn feed(&self) -> String {
        paths::feeds::of_search(&self.q, &self.section, &self.tag)
    }

    fn path(&self) -> String {
        let pairs = [
            ("q", self.q.as_str()),
            ("section", &self.section),
            ("tag", &self.tag),
            ("from", &self.from),
            ("to", &self.to),
        ];
        paths::query(paths::SEARCH, &pairs)
    }
}

/// The fields as the search understands them; each one that it does not is named.
async fn check(app: &App, typed: &Typed, sections: &[Section]) -> Result<(search::Query, Errors)> {
    let mut errors = Errors::default();
    let mut query = search::Query { words: typed.q.clone(), ..search::Query::default() };
    if !typed.section.is_empty() {
        query.section = sections.iter().find(|it| it.slug.as_str() == typed.section).map(|it| it.id);
        if query.section.is_none() {
            errors.add("section", "There is no such section.");
        }
    }
    if let Some(slug) = Slug::of(&typed.tag) {
        match tag::by_slug(&app.db, slug.as_str()).await? {
            Found::Tag(tag) | Found::Moved(tag) => query.tag = Some(tag.id),
            Found::Nothing => errors.add("tag", "There is no tag of this name."),
        }
    }
    let zone = app.site.timezone;
    let mut day = |field: &'static str, text: &str| {
        if text.is_empty() {
            return None;
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .and_then(|day| date::day(day.year(), day.month(), day.day(), zone));
        if day.is_none() {
            errors.add(field, "Write the date like 2025-01-22.");
        }
        day
    };
    query.from = day("from", &typed.from).map(|(begin, _)| begin);
    query.to = day("to", &typed.to).map(|(_, end)| end);
    if query.from.zip(query.to).is_some_and(|(from, to)| from >= to) {
        errors.add("to", "The second date lies before the first.");
    }
    Ok((query, errors))
}
