//! The sitemap: an index by month, so that only the current month changes while the archive grows; the pages that are no
//! articles; the news of two days.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Datelike, Utc};
use futures_util::stream;

use super::xml::Xml;
use crate::news::article::index::{self, Address};
use crate::news::{author, gallery, section, topic};
use crate::paths;
use crate::text::{Cursor, date};
use crate::web::page_cache::Key;
use crate::web::{App, CachePolicy, Document, Error, Path, Result, Site, page};

const CONTENT_TYPE: &str = "application/xml; charset=utf-8";
/// What the format allows in one file.
const MOST: usize = 50_000;
/// Galleries in the map of pages.
const GALLERIES: usize = 5_000;

const NAMESPACES: [(&str, &str); 4] = [
    ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"),
    ("xmlns:image", "http://www.google.com/schemas/sitemap-image/1.1"),
    ("xmlns:xhtml", "http://www.w3.org/1999/xhtml"),
    ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9"),
];

pub async fn index(State(app): State<App>) -> Result<Response> {
    let (site, zone) = (&app.site, app.site.timezone);
    let months = index::months(&mut *app.db.acquire().await?, zone.name()).await?;
    let newest = months.iter().map(|month| month.changed_at).max();
    let mut xml = Xml::new();
    xml.open("sitemapindex", &NAMESPACES[..1]);
    let mut part = |path: &str, changed: Option<DateTime<Utc>>| {
        xml.open("sitemap", &[]).text("loc", &site.absolute(path));
        if let Some(changed) = changed {
            xml.text("lastmod", &date::machine(changed, chrono_tz::UTC));
        }
        xml.close("sitemap");
    };
    part(paths::feeds::PAGES_SITEMAP, None);
    for month in months {
        let at = month.at.with_timezone(&zone);
        part(&paths::sitemap_month(at.year(), at.month()), Some(month.changed_at));
    }
    xml.close("sitemapindex");
    Ok(Document::new(CONTENT_TYPE, xml.into_bytes()).last_modified(newest).keys([Key::Feed]).into_response())
}

/// Front page, sections, topics, authors, galleries.
pub async fn pages(State(app): State<App>) -> Result<Response> {
    let site = &app.site;
    let mut xml = Xml::new();
    xml.open("urlset", &NAMESPACES[..2]);
    let mut page = |path: &str, changed: Option<DateTime<Utc>>, image: Option<String>| {
        xml.open("url", &[]).text("loc", &site.absolute(path));
        last_modified(&mut xml, changed);
        picture(&mut xml, site, image);
        xml.close("url");
    };
    for path in [paths::HOME, paths::TOPICS, paths::GALLERY, paths::MAP, paths::EDITORS_CHOICE, paths::FEEDS]
    {
        page(path, None, None);
    }
    for section in section::all(&app.db).await? {
        page(&section.href(), None, None);
    }
    for topic in topic::all(&app.db).await? {
        page(&topic.href(), None, topic.picture().and_then(|it| it.largest()).map(|(.., path)| path));
    }
    for author in author::published(&app.db).await? {
        page(&author.href(), None, None);
    }
    let (galleries, _) = gallery::latest(&app.db, None, Cursor::START, GALLERIES).await?;
    for gallery in galleries {
        let cover = gallery.cover().and_then(|cover| cover.largest()).map(|(.., path)| path);
        page(&gallery.href(), gallery.publish_at, cover);
    }
    xml.close("urlset");
    Ok(Document::new(CONTENT_TYPE, xml.into_bytes()).keys([Key::Feed]).into_response())
}

/// The articles of one month: `/sitemap/2026-11.xml`. They are read as they are sent, so that a large month takes no
/// more memory than a small one.
pub async fn month(State(app): State<App>, Path(month): Path<String>) -> Result<Response> {
    let (year, number) = parse(&month).ok_or(Error::NotFound)?;
    let span = date::month_of(year, number, app.site.timezone).ok_or(Error::NotFound)?;
    let months = index::months(&mut *app.db.acquire().await?, app.site.timezone.name()).await?;
    let changed = months.iter().find(|month| month.at == span.0).ok_or(Error::NotFound)?.changed_at;
    let first = index::between(&app.db, span, Cursor::START).await?;
    if first.is_empty() {
        return Err(Error::NotFound);
    }
    let parts = stream::try_unfold(Some((first, 0)), move |state| {
        let app = app.clone();
        async move {
            let Some((addresses, before)) = state else { return Ok(None) };
            let count = before + addresses.len();
            let next = match addresses.last() {
                Some(last) if count < MOST => index::between(&app.db, span, last.cursor()).await?,
                _ => Vec::new(),
            };
            let is_last = next.is_empty();
            let bytes = part(&app.site, &addresses, before == 0, is_last);
            Ok::<_, sqlx::Error>(Some((Bytes::from(bytes), (!is_last).then_some((next, count)))))
        }
    });
    let headers =
        [(header::CONTENT_TYPE, CONTENT_TYPE.to_owned()), (header::LAST_MODIFIED, page::http_date(changed))];
    Ok((CachePolicy::Feed, headers, Body::from_stream(parts)).into_response())
}

fn part(site: &Site, addresses: &[Address], is_first: bool, is_last: bool) -> Vec<u8> {
    let mut xml = if is_first { Xml::new() } else { Xml::part() };
    if is_first {
        xml.open("urlset", &NAMESPACES[..3]);
    }
    for address in addresses {
        url(&mut xml, site, address);
    }
    if is_last {
        xml.close("urlset");
    }
    xml.into_bytes()
}

fn parse(text: &str) -> Option<(i32, u32)> {
    let (year, month) = text.strip_suffix(".xml")?.split_once('-')?;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    // A month has one address.
    (text == format!("{year:04}-{month:02}.xml")).then_some((year, month))
}

fn url(xml: &mut Xml, site: &Site, address: &Address) {
    let loc = site.absolute(&address.href());
    xml.open("url", &[]).text("loc", &loc);
    last_modified(xml, Some(address.changed_at));
    // An article in another language than the site says so, or it is taken for what the others are.
    if address.language != site.language {
        let language = address.language.as_str();
        xml.empty("xhtml:link", &[("rel", "alternate"), ("hreflang", language), ("href", &loc)]);
    }
    picture(xml, site, address.picture());
    xml.close("url");
}

fn last_modified(xml: &mut Xml, changed: Option<DateTime<Utc>>) {
    if let Some(changed) = changed {
        xml.text("lastmod", &date::machine(changed, chrono_tz::UTC));
    }
}

fn picture(xml: &mut Xml, site: &Site, path: Option<String>) {
    if let Some(path) = path {
        xml.open("image:image", &[]).text("image:loc", &site.absolute(&path)).close("image:image");
    }
}

/// `/sitemap-news.xml`: what came out in two days, by the time at which it first did.
pub async fn news(State(app): State<App>) -> Result<Response> {
    let site = &app.site;
    let addresses = index::news(&app.db).await?;
    let mut xml = Xml::new();
    xml.open("urlset", &[NAMESPACES[0], NAMESPACES[1], NAMESPACES[3]]);
    for address in &addresses {
        xml.open("url", &[])
            .text("loc", &site.absolute(&address.href()))
            .open("news:news", &[])
            .open("news:publication", &[])
            .text("news:name", &site.name)
            .text("news:language", address.language.as_str())
            .close("news:publication")
            .text("news:publication_date", &date::machine(address.publish_at, site.timezone))
            .text("news:title", &address.headline)
            .close("news:news");
        picture(&mut xml, site, address.picture());
        xml.close("url");
    }
    xml.close("urlset");
    Ok(Document::new(CONTENT_TYPE, xml.into_bytes()).keys([Key::Feed]).into_response())
}
