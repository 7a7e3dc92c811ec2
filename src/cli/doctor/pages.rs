//! What readers and machines are given: pages, feeds, sitemaps and the facts for search engines, asked of the site's own
//! router, and where their links lead.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use quick_xml::Reader;
use quick_xml::events::Event;
use tower::ServiceExt;

use super::{Finding, Severity};
use crate::exchange::html::links;
use crate::news::broken_link;
use crate::paths;
use crate::server;
use crate::web::App;

/// What every site has.
const ENTRANCES: [&str; 12] = [
    paths::HOME,
    paths::FEEDS,
    paths::ARCHIVE,
    paths::SEARCH,
    paths::FEED,
    "/feed.atom",
    "/feed.json",
    paths::SITEMAP,
    paths::feeds::PAGES_SITEMAP,
    paths::feeds::NEWS_SITEMAP,
    paths::feeds::OPML,
    paths::MANIFEST,
];
/// Links that are followed: those of the pages that most readers see.
const MOST: usize = 400;
/// Headers without which a page is open to what the policy forbids.
const HEADERS: [&str; 3] = ["content-security-policy", "x-content-type-options", "referrer-policy"];
/// Broken links of the newsroom's list that are told.
const BROKEN: i64 = 5;

pub(super) async fn look(app: &App) -> anyhow::Result<Vec<Finding>> {
    let router = server::router(app.clone());
    let mut found = Vec::new();
    // By address the page on which it stands.
    let mut follow: BTreeMap<String, &str> = BTreeMap::new();
    for path in ENTRANCES {
        let answer = ask(&router, path).await?;
        found.extend(judge(path, &answer, &app.site.base_url));
        for link in links::all(&answer.body, &app.site.base_url) {
            let Some(own) = links::own(link, &app.site.base_url) else { continue };
            follow.entry(own.replace("&#38;", "&").replace("&amp;", "&")).or_insert(path);
        }
    }
    let mut dead = Vec::new();
    // The desk is not for strangers, and a search is a form that wants words.
    let is_for_readers =
        |path: &str| !path.starts_with(paths::desk::HOME) && !path.starts_with(paths::SEARCH);
    for (path, from) in follow.into_iter().filter(|(path, _)| is_for_readers(path)).take(MOST) {
        // What is written like an address and is none.
        if path.parse::<axum::http::Uri>().is_err() {
            continue;
        }
        let answer = ask(&router, &path).await?;
        if answer.status.is_server_error() {
            let what = format!("{path} answers {}.", answer.status.as_u16());
            found.push(Finding::new(
                "pages",
                Severity::Error,
                what,
                "The log has the cause, by the request's id.",
            ));
        } else if answer.status.is_client_error() {
            dead.push(format!("{path} (on {from})"));
        } else if answer.kind == "text/html" {
            found.extend(facts(&path, &answer.body));
        }
    }
    if !dead.is_empty() {
        let what = format!("{} links lead nowhere: {}.", dead.len(), dead.join(", "));
        found.push(Finding::new("links", Severity::Warning, what, "Mend them where they stand."));
    }
    for article in broken_link::latest(&app.db, BROKEN).await? {
        let what =
            format!("“{}” links to what is not there: {}.", article.headline, article.hrefs.join(", "));
        let advice = format!("Mend it at {}.", app.site.absolute(&paths::desk::article(article.article_id)));
        found.push(Finding::new("links in articles", Severity::Warning, what, &advice));
    }
    Ok(found)
}

struct Answer {
    status: StatusCode,
    kind: String,
    headers: axum::http::HeaderMap,
    body: String,
}

async fn ask(router: &Router, path: &str) -> anyhow::Result<Answer> {
    let request =
        Request::get(path).header(header::HOST, "localhost").header(header::USER_AGENT, "doctor bot");
    let (parts, body) = router.clone().oneshot(request.body(Body::empty())?).await?.into_parts();
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().to_owned();
    let body = String::from_utf8_lossy(&body.collect().await?.to_bytes()).into_owned();
    Ok(Answer { status: parts.status, kind, headers: parts.headers, body })
}

fn judge(path: &str, answer: &Answer, base_url: &str) -> Vec<Finding> {
    let error = |check, what: String, advice: &str| Finding::new(check, Severity::Error, what, advice);
    if answer.status != StatusCode::OK {
        let what = format!("{path} answers {}.", answer.status.as_u16());
        return vec![error("pages", what, "The log has the cause, by the request's id.")];
    }
    let mut found = Vec::new();
    let is_xml = answer.kind.ends_with("xml") || path == paths::feeds::OPML;
    if is_xml && let Err(problem) = well_formed(&answer.body) {
        let what = format!("{path} is no XML: {problem}.");
        found.push(error(
            "feeds and sitemaps",
            what,
            "Look at the newest article: it holds what XML forbids.",
        ));
    }
    if answer.kind.ends_with("json") && serde_json::from_str::<serde_json::Value>(&answer.body).is_err() {
        found.push(error("feeds and sitemaps", format!("{path} is no JSON."), "Please report it."));
    }
    if answer.kind == "text/html" {
        for name in HEADERS.iter().filter(|name| !answer.headers.contains_key(**name)) {
            found.push(error("headers", format!("{path} has no {name}."), "Please report it."));
        }
        let canonical = format!("<link rel=\"canonical\" href=\"{base_url}");
        if answer.body.contains("rel=\"canonical\"") && !answer.body.contains(&canonical) {
            let what = format!("{path} names another address than {base_url} as its own.");
            found.push(error("pages", what, "Set BROADSHEET_BASE_URL to the address readers use."));
        }
        found.extend(facts(path, &answer.body));
    }
    found
}

/// The block of data for search engines can be read.
fn facts(path: &str, body: &str) -> Option<Finding> {
    let (_, rest) = body.split_once("<script type=\"application/ld+json\">")?;
    let data = rest.split("</script").next().unwrap_or_default();
    let is_read = serde_json::from_str::<serde_json::Value>(data).is_ok();
    let what = format!("{path} tells search engines what they cannot read.");
    (!is_read).then(|| Finding::new("facts", Severity::Error, what, "Please report it."))
}

fn well_formed(text: &str) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    while !matches!(reader.read_event()?, Event::Eof) {}
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BASE: &str = "https://news.example";

    fn answer(status: u16, kind: &str, body: &str) -> Answer {
        let mut headers = axum::http::HeaderMap::new();
        for name in HEADERS {
            headers.insert(name, "x".parse().unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        Answer { status, kind: kind.to_owned(), headers, body: body.to_owned() }
    }

    fn checks(answer: &Answer) -> Vec<&'static str> {
        judge("/x", answer, BASE).into_iter().map(|finding| finding.check).collect()
    }

    #[test]
    fn what_is_in_order_is_no_finding() {
        let page = "<link rel=\"canonical\" href=\"https://news.example/\">\
                    <script type=\"application/ld+json\">{}</script>";
        assert!(checks(&answer(200, "text/html", page)).is_empty());
        assert!(checks(&answer(200, "application/rss+xml", "<rss><a/></rss>")).is_empty());
        assert!(checks(&answer(200, "application/feed+json", "{}")).is_empty());
    }

    #[test]
    fn each_check_of_an_answer_can_fail() {
        assert_eq!(checks(&answer(500, "text/html", "")), ["pages"]);
        assert_eq!(checks(&answer(200, "application/rss+xml", "<rss><a></rss>")), ["feeds and sitemaps"]);
        assert_eq!(checks(&answer(200, "application/feed+json", "{")), ["feeds and sitemaps"]);
        let elsewhere = "<link rel=\"canonical\" href=\"http://localhost:8080/\">";
        assert_eq!(checks(&answer(200, "text/html", elsewhere)), ["pages"]);
        let unread = "<script type=\"application/ld+json\">{,}</script>";
        assert_eq!(checks(&answer(200, "text/html", unread)), ["facts"]);
        let mut bare = answer(200, "text/html", "");
        bare.headers.remove("referrer-policy");
        assert_eq!(checks(&bare), ["headers"]);
    }
}
