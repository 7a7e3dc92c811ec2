//! `/robots.txt`: who is welcome, by one of three presets and the operator's own lines; the desk and the search are for
//! no robot. `/llms.txt`, when the operator wants it; `/trust.txt`, when there is something to say.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::news::discovery::{self, Discovery, Robots};
use crate::news::section;
use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{App, Document, Error, Result, Site};

const PLAIN: &str = "text/plain; charset=utf-8";
const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// Robots that gather texts to train models, by the names their owners publish. Those that answer a reader's question
/// with a link are search.
const TRAINING: [&str; 20] = [
    "AI2Bot",
    "Ai2Bot-Dolma",
    "anthropic-ai",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "cohere-training-data-crawler",
    "Diffbot",
    "FacebookBot",
    "Google-Extended",
    "GPTBot",
    "img2dataset",
    "Meta-ExternalAgent",
    "omgili",
    "omgilibot",
    "PanguBot",
    "Timpibot",
    "VelenPublicWebCrawler",
    "Webzio-Extended",
];

pub async fn show(State(app): State<App>) -> Result<Response> {
    let discovery = discovery::of_site(&app.db).await?;
    Ok(Document::new(PLAIN, robots(&app.site, &discovery)).keys([Key::Feed]).into_response())
}

fn robots(site: &Site, discovery: &Discovery) -> String {
    let mut text = "User-agent: *\n".to_owned();
    match discovery.robots {
        Robots::All => {}
        Robots::Search => text.push_str("Content-Signal: search=yes, ai-train=no\n"),
        Robots::None => text.push_str("Content-Signal: search=no, ai-input=no, ai-train=no\n"),
    }
    if discovery.robots == Robots::None {
        text.push_str("Disallow: /\n");
    } else {
        let _ = write!(text, "Disallow: {}\nDisallow: {}\n", paths::desk::HOME, paths::SEARCH);
    }
    if discovery.robots == Robots::Search {
        text.push('\n');
        for robot in TRAINING {
            let _ = writeln!(text, "User-agent: {robot}");
        }
        text.push_str("Disallow: /\n");
    }
    if !discovery.robots_lines.is_empty() {
        let _ = write!(text, "\n{}\n", discovery.robots_lines);
    }
    let _ = writeln!(text, "\nSitemap: {}", site.absolute(paths::SITEMAP));
    let _ = writeln!(text, "Sitemap: {}", site.absolute(paths::feeds::NEWS_SITEMAP));
    text
}

pub async fn llms(State(app): State<App>) -> Result<Response> {
    if !discovery::of_site(&app.db).await?.llms {
        return Err(Error::NotFound);
    }
    let site = &app.site;
    let mut text = format!(
        "# {}\n\n> News and analysis. Every article has a feed entry in full.\n\n## Sections\n\n",
        site.name
    );
    for section in section::all(&app.db).await? {
        let address = site.absolute(&paths::feed_of(&section.href()));
        let _ = writeln!(text, "- [{}]({address}): {}", section.name, section.description);
    }
    text.push_str("\n## Everything\n\n");
    for (name, path) in [
        ("All articles, newest first", paths::FEED),
        ("All addresses", paths::SITEMAP),
        ("Corrections", paths::workflow::CORRECTIONS),
        ("Every feed", paths::FEEDS),
    ] {
        let _ = writeln!(text, "- [{name}]({})", site.absolute(path));
    }
    Ok(Document::new(MARKDOWN, text).keys([Key::Feed]).into_response())
}

pub async fn trust(State(app): State<App>) -> Result<Response> {
    let discovery = discovery::of_site(&app.db).await?;
    let mut text = String::new();
    if !discovery.trust_lines.is_empty() {
        let _ = writeln!(text, "{}", discovery.trust_lines);
    }
    for address in discovery.policies.values() {
        let _ = writeln!(text, "disclosure={address}");
    }
    if text.is_empty() {
        return Err(Error::NotFound);
    }
    let trains = if discovery.robots == Robots::All { "yes" } else { "no" };
    let _ = writeln!(text, "datatrainingallowed={trains}");
    Ok(Document::new(PLAIN, format!("# {} trust.txt\n{text}", app.site.name))
        .keys([Key::Feed])
        .into_response())
}
