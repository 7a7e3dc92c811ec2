//! What every public page shows around its content: head, masthead, menu, foot; and how pages write dates.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::page_cache::PageCache;
use super::{App, Result, Site, assets, facts};
use crate::media::drawing;
use crate::news::front::banner::{Banner, Top};
use crate::news::media::Picture;
use crate::news::section::Section;
use crate::paths;
use crate::paths::feeds::{Format, in_format};
use crate::text::html::data::Data;
use crate::text::{Language, date};

/// `templates/base.html` reads this as `layout`.
#[derive(Clone, Debug)]
pub struct Layout {
    pub site: Arc<Site>,
    pub sections: Vec<SectionLink>,
    /// Breaking news, while there is some.
    pub banner: Option<Banner>,
    /// The version of the site's own icons.
    pub icons: Option<String>,
    /// Empty on the front page.
    pub title: String,
    pub description: String,
    /// An absolute address, or empty for pages that search engines should not keep (errors).
    pub canonical: String,
    pub feeds: Vec<FeedLink>,
    pub body_class: &'static str,
    /// Today's long date in the site's zone, for the masthead.
    pub today: String,
    /// What a link to this page shows elsewhere, beside title and description.
    pub preview: Option<Preview>,
    /// What search engines are told in the words of schema.org: see `facts`.
    pub facts: Vec<Value>,
    /// Not for search engines, whatever they know of it.
    pub unlisted: bool,
    /// The path of the menu's entry that stands for this page.
    here: String,
}

#[derive(Clone, Debug)]
pub struct SectionLink {
    pub name: String,
    pub href: String,
}

/// A feed that feed readers find by themselves, by the address of its RSS.
#[derive(Clone, Debug)]
pub struct FeedLink {
    pub title: String,
    pub href: String,
}

impl FeedLink {
    /// Its address in a format.
    pub fn in_format(&self, format: Format) -> String {
        in_format(&self.href, format)
    }
}

/// A picture by its whole address, as Open Graph names it.
#[derive(Clone, Debug)]
pub struct Preview {
    pub url: String,
    pub width: i32,
    pub height: i32,
    pub alt: String,
}

impl Layout {
    /// With the menu and the banner of now from the database.
    pub async fn load(app: &App, title: impl Into<String>) -> Result<Self> {
        Ok(Self::with(app, title, &PageCache::common(app).await?.top))
    }

    /// With what stands on top of every page at a moment.
    pub fn with(app: &App, title: impl Into<String>, top: &Top) -> Self {
        let mut layout = Self::bare(app, title).feed(&app.site.name, paths::FEED);
        let link = |section: &Section| SectionLink { href: section.href(), name: section.name.clone() };
        layout.sections = top.sections.iter().map(link).collect();
        layout.banner.clone_from(&top.banner);
        layout.icons.clone_from(&top.icons);
        layout
    }

    /// Without the menu: when there is no database to ask.
    pub fn bare(app: &App, title: impl Into<String>) -> Self {
        let site = Arc::clone(&app.site);
        Self {
            today: date::long(Utc::now(), site.timezone, &site.language),
            site,
            sections: Vec::new(),
            banner: None,
            icons: None,
            title: title.into(),
            description: String::new(),
            canonical: String::new(),
            feeds: Vec::new(),
            body_class: "",
            preview: None,
            facts: Vec::new(),
            unlisted: false,
            here: String::new(),
        }
    }

    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// `path` is one of `paths`.
    #[must_use]
    pub fn canonical(mut self, path: &str) -> Self {
        self.canonical = self.site.absolute(path);
        self
    }

    #[must_use]
    pub fn feed(mut self, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.feeds.push(FeedLink { title: title.into(), href: href.into() });
        self
    }

    /// Marks the entry of the menu with this address.
    #[must_use]
    pub fn current(mut self, href: &str) -> Self {
        href.clone_into(&mut self.here);
        self
    }

    #[must_use]
    pub fn class(mut self, body_class: &'static str) -> Self {
        self.body_class = body_class;
        self
    }

    /// A picture without files yet shows nothing elsewhere either.
    #[must_use]
    pub fn preview(mut self, picture: Option<&Picture>) -> Self {
        self.preview = picture.and_then(|picture| {
            let (width, height, path) = picture.largest()?;
            Some(Preview { url: self.site.absolute(&path), width, height, alt: picture.alt.clone() })
        });
        self
    }

    #[must_use]
    pub fn facts(mut self, facts: impl IntoIterator<Item = Value>) -> Self {
        self.facts.extend(facts);
        self
    }

    /// Where other sites get a card of this page, in a format of oEmbed.
    pub fn oembed(&self, format: &str) -> String {
        self.site.absolute(&paths::feeds::oembed(&self.canonical, format))
    }

    /// For the head; nothing where a page is not for search engines.
    pub fn data(&self) -> Option<Data> {
        (!self.facts.is_empty() && !self.unlisted).then(|| Data::new(&facts::graph(&self.facts)))
    }

    /// The picture that was drawn for a page that has none.
    #[must_use]
    pub fn drawn(mut self, path: Option<String>) -> Self {
        if let Some(path) = path.filter(|_| self.preview.is_none()) {
            let (width, height) = (drawing::WIDTH.cast_signed(), drawing::HEIGHT.cast_signed());
            let url = self.site.absolute(&path);
            self.preview = Some(Preview { url, width, height, alt: self.title.clone() });
        }
        self
    }

    pub fn is_current(&self, href: &str) -> bool {
        self.here == href
    }

    pub fn is_front(&self) -> bool {
        self.here == paths::HOME
    }

    /// For templates: the hashed address of a file of `static/`.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// For `<title>`: "Headline - Site", or the site's name alone.
    pub fn full_title(&self) -> String {
        if self.title.is_empty() {
            self.site.name.clone()
        } else {
            format!("{} – {}", self.title, self.site.name)
        }
    }

    /// "Wednesday 22 January 2025"
    pub fn long(&self, at: &DateTime<Utc>) -> String {
        date::long(*at, self.site.timezone, &self.site.language)
    }

    /// "22 January 2025"
    pub fn short(&self, at: &DateTime<Utc>) -> String {
        date::short(*at, self.site.timezone, &self.site.language)
    }

    /// "10:05"
    pub fn time(&self, at: &DateTime<Utc>) -> String {
        date::time(*at, self.site.timezone)
    }

    /// For `<time datetime>`.
    pub fn machine(&self, at: &DateTime<Utc>) -> String {
        date::machine(*at, self.site.timezone)
    }

    /// A text in another language than the page says so.
    pub fn is_foreign(&self, language: &Language) -> bool {
        *language != self.site.language
    }
}
