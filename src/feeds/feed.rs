//! The data set of a feed, whatever its format: what the list is called, and its items with whole addresses.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::asked::Asked;
use super::{atom, browser, json, rss};
use crate::news::article::entry::{self, Entries, Entry};
use crate::paths;
use crate::paths::feeds::{Format, in_format};
use crate::text::{Cursor, Language};
use crate::web::page_cache::{Key, PageCache};
use crate::web::{App, Document, Result, Site};

/// Bytes of bodies in one feed; articles beyond it come as summaries. With what escaping adds, about a megabyte:
/// some readers take no more.
const ROOM: usize = 600_000;

/// The list, as its page calls it.
pub struct List {
    /// Empty for the site itself.
    pub name: String,
    pub description: String,
    /// The path of its page.
    pub page: String,
    /// The path of its RSS feed, with its query.
    pub feed: String,
    /// What it depends on besides everything that feeds show.
    pub also: Option<Key>,
}

impl List {
    /// A feed right below its page.
    pub fn at(page: &str, name: &str) -> Self {
        let (page, feed) = (page.to_owned(), paths::feed_of(page));
        Self { name: name.to_owned(), description: String::new(), page, feed, also: None }
    }
}

pub struct Feed<'a> {
    pub site: &'a Site,
    pub title: String,
    pub description: String,
    /// The whole address of the page.
    pub page: String,
    pub items: Vec<Item>,
    pub hubs: Vec<String>,
    list: List,
    asked: Asked,
    next: Option<Cursor>,
    /// When anything in it was written last, worth telling or not.
    touched: Option<DateTime<Utc>>,
}

pub struct Item {
    /// Never changes, whatever else does.
    pub id: String,
    pub href: String,
    pub title: String,
    pub summary: String,
    /// The whole text; none where a feed carries summaries.
    pub html: Option<String>,
    pub published: DateTime<Utc>,
    pub updated: DateTime<Utc>,
    pub language: Language,
    pub authors: Vec<Person>,
    pub terms: Vec<String>,
    pub picture: Option<Image>,
    /// The feed of what readers say about it.
    pub comments: Option<String>,
}

pub struct Person {
    pub name: String,
    pub href: Option<String>,
}

pub struct Image {
    pub href: String,
    pub width: i32,
    pub height: i32,
    pub bytes: i64,
    pub caption: String,
    pub credit: String,
}

impl Image {
    pub const MEDIA_TYPE: &str = "image/jpeg";
}

impl<'a> Feed<'a> {
    pub async fn new(app: &'a App, list: List, asked: Asked) -> Result<Self> {
        let hubs = PageCache::common(app).await?.discovery.hubs.clone();
        let hubs = hubs.lines().map(str::to_owned).collect();
        Ok(Self::with(app, list, asked, hubs))
    }

    fn with(app: &'a App, list: List, asked: Asked, hubs: Vec<String>) -> Self {
        let site = &app.site;
        let title =
            if list.name.is_empty() { site.name.clone() } else { format!("{} – {}", list.name, site.name) };
        let description = if list.description.is_empty() {
            format!("The latest of {title}")
        } else {
            list.description.clone()
        };
        let page = site.absolute(&list.page);
        Self {
            site,
            title,
            description,
            page,
            items: Vec::new(),
            hubs,
            list,
            asked,
            next: None,
            touched: None,
        }
    }

    /// The feed of a list of articles.
    pub async fn of_articles(app: &'a App, list: List, asked: Asked, found: Entries) -> Result<Self> {
        let rules = PageCache::common(app).await?.discovery.clone();
        let mut feed = Self::with(app, list, asked, rules.hubs().map(str::to_owned).collect());
        feed.touched = found.entries.iter().map(|entry| entry.saved_at.max(entry.changed_at)).max();
        feed.touched = feed.touched.max(entry::gone_at(&app.db).await?);
        feed.next = found.next;
        let mut room = if rules.full_text { ROOM } else { 0 };
        for entry in &found.entries {
            let whole = entry.body.as_str().len();
            let fits = whole <= room;
            room -= if fits { whole } else { 0 };
            feed.items.push(item(&app.site, entry, fits && rules.full_text));
        }
        Ok(feed)
    }

    #[must_use]
    pub fn items(mut self, items: Vec<Item>, next: Option<Cursor>) -> Self {
        self.touched = items.iter().map(|item| item.updated).max();
        (self.items, self.next) = (items, next);
        self
    }

    /// The newest thing worth telling.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.items.iter().map(|item| item.updated).max()
    }

    /// The whole address of this feed where it begins.
    pub fn first(&self) -> String {
        self.site.absolute(&in_format(&self.list.feed, self.asked.format))
    }

    /// The whole address of just this part of it.
    pub fn address(&self) -> String {
        if self.asked.before == Cursor::START {
            self.first()
        } else {
            paths::before(&self.first(), &self.asked.before)
        }
    }

    /// Where it goes on.
    pub fn next(&self) -> Option<String> {
        self.next.map(|next| paths::before(&self.first(), &next))
    }

    /// In the format that was asked for, with the links of WebSub in its head too.
    pub fn into_response(self) -> Response {
        let (media_type, bytes) = match self.asked.format {
            Format::Rss => ("application/rss+xml; charset=utf-8", rss::write(&self)),
            Format::Atom => ("application/atom+xml; charset=utf-8", atom::write(&self)),
            Format::Json => ("application/feed+json; charset=utf-8", json::write(&self)),
        };
        let document = Document::new(media_type, bytes).last_modified(self.touched);
        let keys = [Some(Key::Feed), self.list.also];
        let mut response = document.keys(keys.into_iter().flatten()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_name(browser::DEST));
        // Nothing in a feed belongs to one reader, so pages of others may read it.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let mut link = |address: &str, rel: &str| {
            if let Ok(value) = HeaderValue::try_from(format!("<{address}>; rel=\"{rel}\"")) {
                headers.append(HeaderName::from_static("link"), value);
            }
        };
        for hub in &self.hubs {
            link(hub, "hub");
        }
        if !self.hubs.is_empty() {
            link(&self.address(), "self");
        }
        response
    }
}

fn item(site: &Site, entry: &Entry, whole: bool) -> Item {
    let card = &entry.card;
    let picture = entry.picture.as_ref().map(|file| Image {
        href: site.absolute(&paths::media(&file.sha256, &format!("picture-{}.jpg", file.width))),
        width: file.width,
        height: file.height,
        bytes: file.bytes,
        caption: card.picture_caption.clone(),
        credit: card.picture_credit.clone(),
    });
    Item {
        // The id, never the slug: a changed headline must not show the article as new.
        id: site.absolute(&format!("/article/{}", card.id)),
        href: site.absolute(&card.href()),
        title: card.headline.clone(),
        summary: super::content::summary(entry),
        html: whole.then(|| super::content::whole(site, entry, picture.as_ref())),
        published: card.publish_at,
        updated: entry.changed_at,
        language: card.language.clone(),
        authors: entry
            .authors
            .iter()
            .map(|author| Person::new(&author.name, site.absolute(&author.href())))
            .collect(),
        terms: std::iter::once(&card.section_name).chain(&entry.tags).cloned().collect(),
        picture,
        comments: Some(site.absolute(&paths::feeds::of_comments(card.id))),
    }
}

impl Person {
    fn new(name: &str, href: String) -> Self {
        Self { name: name.to_owned(), href: Some(href) }
    }
}
