//! `/oembed?url=…`: an article or a gallery as a card for other sites, in JSON or XML. Nothing is shown here that its
//! page does not show to everybody.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::xml::Xml;
use crate::news::article::{self, ArticleId, Visibility};
use crate::news::gallery::{self, GalleryId};
use crate::news::media::Picture;
use crate::paths;
use crate::web::{App, CachePolicy, Document, Error, Query, Result, Site};

/// Seconds that a card may be kept.
const CACHE_AGE: u32 = 3600;

#[derive(serde::Deserialize)]
pub struct Asked {
    url: String,
    #[serde(default)]
    format: String,
    maxwidth: Option<i32>,
}

pub async fn show(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    let is_xml = match asked.format.as_str() {
        "" | "json" => false,
        "xml" => true,
        // As oEmbed has it for a format that is not there.
        _ => return Ok(StatusCode::NOT_IMPLEMENTED.into_response()),
    };
    let card = card(&app, &asked).await?;
    let mut response = if is_xml {
        Document::new("text/xml; charset=utf-8", xml(&card)).into_response()
    } else {
        Document::new("application/json; charset=utf-8", Value::Object(card).to_string()).into_response()
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response.extensions_mut().insert(CachePolicy::Feed);
    Ok(response)
}

/// What lives at the address, if readers may see it.
async fn card(app: &App, asked: &Asked) -> Result<Map<String, Value>> {
    let path = asked.url.strip_prefix(&app.site.base_url).ok_or(Error::NotFound)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_matches('/').split('/');
    let (kind, id) = (parts.next().unwrap_or_default(), parts.next().and_then(|id| id.parse().ok()));
    let id: i64 = id.ok_or(Error::NotFound)?;
    match kind {
        "article" => of_article(app, ArticleId(id), asked.maxwidth).await,
        "gallery" => of_gallery(app, GalleryId(id), asked.maxwidth).await,
        _ => Err(Error::NotFound),
    }
}

async fn of_article(app: &App, id: ArticleId, width: Option<i32>) -> Result<Map<String, Value>> {
    let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    match article.visibility() {
        Visibility::Visible => {}
        Visibility::Withdrawn => return Err(Error::Gone(article.withdrawn_note)),
        Visibility::Hidden => return Err(Error::NotFound),
    }
    let mut card = common(&app.site, &article.headline);
    let names: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
    if !names.is_empty() {
        card.insert("author_name".to_owned(), json!(names.join(", ")));
    }
    if let [author] = article.authors.as_slice() {
        card.insert("author_url".to_owned(), json!(app.site.absolute(&author.href())));
    }
    thumbnail(&mut card, &app.site, article.picture().as_ref(), width);
    Ok(card)
}

async fn of_gallery(app: &App, id: GalleryId, width: Option<i32>) -> Result<Map<String, Value>> {
    let gallery = gallery::by_id(&app.db, id).await?.filter(|it| it.visible).ok_or(Error::NotFound)?;
    let mut card = common(&app.site, &gallery.title);
    thumbnail(&mut card, &app.site, gallery.cover().as_ref(), width);
    Ok(card)
}

fn common(site: &Site, title: &str) -> Map<String, Value> {
    let card = json!({
        "version": "1.0",
        "type": "link",
        "title": title,
        "provider_name": site.name,
        "provider_url": site.absolute(paths::HOME),
        "cache_age": CACHE_AGE,
    });
    match card {
        Value::Object(card) => card,
        _ => Map::new(),
    }
}

/// The widest file that is no wider than was asked for.
fn thumbnail(card: &mut Map<String, Value>, site: &Site, picture: Option<&Picture>, width: Option<i32>) {
    let Some((w, h, path)) = picture.and_then(|picture| picture.within(width.unwrap_or(1280))) else {
        return;
    };
    card.insert("thumbnail_url".to_owned(), json!(site.absolute(&path)));
    card.insert("thumbnail_width".to_owned(), json!(w));
    card.insert("thumbnail_height".to_owned(), json!(h));
}

fn xml(card: &Map<String, Value>) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("oembed", &[]);
    for (name, value) in card {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        xml.text(name, &text);
    }
    xml.close("oembed");
    xml.into_bytes()
}
