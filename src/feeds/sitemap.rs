//! The sitemap: an index by month, so that only the current month changes while the archive grows.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Datelike, Utc};

use super::xml::Xml;
use crate::{
    news::{
        article::{card, entry},
        section, topic,
    },
    paths,
    text::date,
    web::{App, CachePolicy, Document, Error, Result},
};

const CONTENT_TYPE: &str = "application/xml; charset=utf-8";
const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

pub async fn index(State(app): State<App>) -> Result<Response> {
    let zone = app.site.timezone;
    let months = card::months(&app.db, zone.name()).await?;
    let mut xml = Xml::new();
    xml.open("sitemapindex", &[NAMESPACE]);
    xml.open("sitemap", &[]).text("loc", &app.site.absolute("/sitemap-pages.xml")).close("sitemap");
    for month in months {
        let month = month.with_timezone(&zone);
        let address = paths::sitemap_month(month.year(), month.month());
        xml.open("sitemap", &[]).text("loc", &app.site.absolute(&address)).close("sitemap");
    }
    xml.close("sitemapindex");
    Ok(document(xml))
}

/// Front page, sections and topics.
pub async fn pages(State(app): State<App>) -> Result<Response> {
    let mut addresses = vec![paths::HOME.to_owned(), paths::TOPICS.to_owned(), paths::GALLERY.to_owned()];
    addresses.extend(section::all(&app.db).await?.iter().map(section::Section::href));
    addresses.extend(topic::all(&app.db).await?.iter().map(topic::Topic::href));
    let mut xml = Xml::new();
    xml.open("urlset", &[NAMESPACE]);
    for address in addresses {
        url(&mut xml, &app, &address, None);
    }
    xml.close("urlset");
    Ok(document(xml))
}

/// The articles of one month: `/sitemap/2026-11.xml`.
pub async fn month(State(app): State<App>, Path(month): Path<String>) -> Result<Response> {
    let span = parse(&month)
        .and_then(|(year, month)| date::month_of(year, month, app.site.timezone))
        .ok_or(Error::NotFound)?;
    let addresses = entry::addresses(&app.db, span).await?;
    if addresses.is_empty() {
        return Err(Error::NotFound);
    }
    let mut xml = Xml::new();
    xml.open("urlset", &[NAMESPACE]);
    for address in addresses {
        url(&mut xml, &app, &paths::article(address.id, &address.slug), Some(address.changed_at));
    }
    xml.close("urlset");
    Ok(document(xml))
}

fn parse(month: &str) -> Option<(i32, u32)> {
    let (year, month) = month.strip_suffix(".xml")?.split_once('-')?;
    Some((year.parse().ok()?, month.parse().ok()?))
}

fn url(xml: &mut Xml, app: &App, path: &str, changed: Option<DateTime<Utc>>) {
    xml.open("url", &[]).text("loc", &app.site.absolute(path));
    if let Some(changed) = changed {
        xml.text("lastmod", &date::machine(changed, chrono_tz::UTC));
    }
    xml.close("url");
}

fn document(xml: Xml) -> Response {
    Document::new(CONTENT_TYPE, xml.into_bytes()).policy(CachePolicy::Feed).into_response()
}
