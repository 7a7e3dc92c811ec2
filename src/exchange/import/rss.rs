//! RSS and Atom, as far as a feed gives whole articles.

use chrono::{DateTime, Utc};
use url::Url;

use super::Source;
use super::item::{Article, Item, Markup, Picture, Site};
use super::stream::{Broken, Stream};
use super::xml::{Step, Tag, Xml};

pub struct Rss {
    xml: Xml,
    has_begun: bool,
    site: String,
    has_said_site: bool,
    waiting: Option<Item>,
}

impl Rss {
    pub fn new(stream: Stream) -> Self {
        Self {
            xml: Xml::new(stream),
            has_begun: false,
            site: String::new(),
            has_said_site: false,
            waiting: None,
        }
    }

    fn entry(&mut self) -> Result<Item, Broken> {
        let mut article = Article { markup: Markup::Html, comments_open: false, ..Article::default() };
        let (mut summary, mut link, mut id) = (String::new(), String::new(), String::new());
        let mut is_whole = false;
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "title" => article.headline = super::plain(&self.content(&tag)?),
                "link" if !tag.attribute("href").is_empty() => {
                    let rel = tag.attribute("rel");
                    if matches!(rel, "" | "alternate") && link.is_empty() {
                        tag.attribute("href").clone_into(&mut link);
                    }
                    if rel == "enclosure" && tag.attribute("type").starts_with("image/") {
                        picture(&mut article, tag.attribute("href"));
                    }
                    self.xml.skip()?;
                }
                "link" => self.xml.text()?.trim().clone_into(&mut link),
                "guid" | "id" => self.xml.text()?.trim().clone_into(&mut id),
                "content:encoded" | "content" => {
                    article.body = self.content(&tag)?;
                    is_whole = true;
                }
                "description" | "summary" => summary = self.content(&tag)?,
                "pubDate" | "dc:date" | "published" => {
                    article.publish_at = date(&self.xml.text()?);
                }
                "updated" | "dcterms:modified" => article.updated_at = date(&self.xml.text()?),
                "dc:creator" => article.byline.push(self.xml.text()?),
                "author" => {
                    let name = self.author()?;
                    article.byline.extend((!name.is_empty()).then_some(name));
                }
                "category" => {
                    let term = tag.attribute("label").to_owned();
                    let term = if term.is_empty() { tag.attribute("term").to_owned() } else { term };
                    let text = self.xml.text()?;
                    article.tags.push(if term.is_empty() { text.trim().to_owned() } else { term });
                }
                "enclosure" | "media:content" | "media:thumbnail" => {
                    let is_picture = tag.attribute("type").starts_with("image/")
                        || tag.attribute("medium") == "image"
                        || tag.name == "media:thumbnail";
                    if is_picture {
                        picture(&mut article, tag.attribute("url"));
                    }
                    self.media(&mut article)?;
                }
                _ => self.xml.skip()?,
            }
        }
        if is_whole {
            article.standfirst = super::plain(&summary);
        } else {
            article.body = summary;
            article.notes.push("The feed gives no more of it than a summary.".to_owned());
        }
        // A summary that is the text again says nothing.
        if super::plain(&article.body)
            .starts_with(article.standfirst.trim_end_matches(['…', '.', ' ', '[', ']']))
        {
            article.standfirst.clear();
        }
        article.publish_at = article.publish_at.or(article.updated_at);
        article.key = if id.is_empty() { link.clone() } else { id.clone() };
        article.slug = Url::parse(&link)
            .ok()
            .and_then(|url| url.path_segments()?.rev().find(|part| !part.is_empty()).map(str::to_owned))
            .map(|part| percent_encoding::percent_decode_str(&part).decode_utf8_lossy().into_owned())
            .map(|part| part.trim_end_matches(".html").to_owned())
            .unwrap_or_default();
        article.addresses = vec![link, id];
        // Its first category is the closest to a section that a feed has.
        if !article.tags.is_empty() {
            article.section = article.tags.remove(0);
        }
        Ok(Item::Article(Box::new(article)))
    }

    /// Text, HTML in text, or XHTML.
    fn content(&mut self, tag: &Tag) -> Result<String, Broken> {
        match tag.attribute("type") {
            "xhtml" => self.xml.markup(),
            "text" => Ok(crate::documents::escape(&self.xml.text()?)),
            _ => self.xml.text(),
        }
    }

    fn author(&mut self) -> Result<String, Broken> {
        let mut text = String::new();
        let mut name = String::new();
        loop {
            match self.xml.step()? {
                Some(Step::Open(tag)) if tag.name == "name" => name = self.xml.text()?,
                Some(Step::Open(_)) => self.xml.skip()?,
                Some(Step::Text(part)) => text.push_str(&part),
                Some(Step::Close) | None => break,
            }
        }
        if !name.trim().is_empty() {
            return Ok(name.trim().to_owned());
        }
        // `a@b.example (Ada)`
        let text = text.trim();
        let named =
            text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name.trim());
        Ok(named.unwrap_or(if text.contains('@') { "" } else { text }).to_owned())
    }

    /// What is said of a picture, inside it.
    fn media(&mut self, article: &mut Article) -> Result<(), Broken> {
        while let Some(tag) = self.xml.child()? {
            let text = self.xml.text()?;
            let Some(picture) = &mut article.picture else { continue };
            match tag.name.as_str() {
                "media:credit" => picture.credit = text,
                "media:description" => picture.caption = text,
                "media:text" => picture.alt = text,
                _ => {}
            }
        }
        Ok(())
    }
}

fn picture(article: &mut Article, address: &str) {
    if article.picture.is_none() && !address.is_empty() {
        article.picture = Some(Picture { address: address.to_owned(), ..Picture::default() });
    }
}

fn date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

impl Source for Rss {
    fn next(&mut self) -> Result<Option<Item>, Broken> {
        if let Some(item) = self.waiting.take() {
            return Ok(Some(item));
        }
        while let Some(step) = self.xml.step()? {
            let Step::Open(tag) = step else { continue };
            let is_root = !std::mem::replace(&mut self.has_begun, true);
            match tag.name.as_str() {
                "rss" | "feed" | "rdf:RDF" if is_root => {}
                _ if is_root => return Err(Broken::Other("feed in RSS or Atom")),
                "channel" => {}
                "link" if self.site.is_empty() && !self.has_said_site => {
                    let (rel, href) = (tag.attribute("rel").to_owned(), tag.attribute("href").to_owned());
                    let text = self.xml.text()?;
                    let address = if href.is_empty() { text.trim().to_owned() } else { href };
                    if matches!(rel.as_str(), "" | "alternate") {
                        self.site = origin(&address);
                    }
                }
                "item" | "entry" => {
                    let item = self.entry()?;
                    if std::mem::replace(&mut self.has_said_site, true) {
                        return Ok(Some(item));
                    }
                    self.waiting = Some(item);
                    return Ok(Some(Item::Site(Site { address: self.site.clone() })));
                }
                _ => self.xml.skip()?,
            }
        }
        if self.has_begun { Ok(None) } else { Err(Broken::Other("feed in RSS or Atom")) }
    }
}

fn origin(address: &str) -> String {
    Url::parse(address)
        .map(|url| url.origin().ascii_serialization())
        .ok()
        .filter(|o| o != "null")
        .unwrap_or_default()
}
