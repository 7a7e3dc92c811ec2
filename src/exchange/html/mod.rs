//! The public site as a folder of files that any web server can serve. Every page is asked for as a reader would ask,
//! of the site's own router, and every link on it is followed: so the pages are the same, and nothing is there that
//! readers do not see.
//!
//! An address is the folder with its `index.html`, or the file of that name. One with a query lies below `/more/`.
//! What needs a program to answer (the search, comment forms, the desk) is not there, and nothing links to it.
//! The folder appears whole, in the place of the one before.

mod folder;
pub mod links;

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use self::folder::Folder;
use self::links::Place;
use crate::paths;

/// Where a reader begins, and what machines ask for without having read of it.
const ENTRANCES: [&str; 14] = [
    paths::HOME,
    paths::FEEDS,
    paths::ARCHIVE,
    paths::LICENCES,
    paths::MAP_GEOJSON,
    paths::SITEMAP,
    paths::feeds::PAGES_SITEMAP,
    paths::feeds::NEWS_SITEMAP,
    paths::feeds::OPML,
    paths::feeds::ROBOTS,
    paths::MANIFEST,
    "/favicon.ico",
    "/apple-touch-icon.png",
    "/llms.txt",
];

/// What only a program can answer.
const NEEDS_A_PROGRAM: [&str; 6] =
    [paths::SEARCH, paths::desk::HOME, "/preview", "/oembed", "/comment", "/api"];

/// The page for addresses that are not there; no link leads to it.
const NOT_THERE: &str = "/404.html";

#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    pub pages: u64,
    /// Pictures, films, style sheets, feeds and whatever else is no page.
    pub files: u64,
}

/// How an address answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Page,
    Text,
    Bytes,
    /// Not in the folder.
    Nothing,
}

pub async fn write(
    router: Router,
    base_url: &str,
    folder: &Path,
    tell: &mut (dyn FnMut(Written) + Send),
) -> anyhow::Result<Written> {
    let folder = Folder::create(folder)?;
    let mut written = Written::default();
    let mut found: HashMap<String, Found> = HashMap::new();
    let mut waiting: Vec<String> = ENTRANCES.map(str::to_owned).to_vec();
    while let Some(path) = waiting.pop() {
        if found.contains_key(&path) {
            continue;
        }
        let (answered, more) = fetch(&router, base_url, &folder, &path).await?;
        match answered {
            Found::Page => written.pages += 1,
            Found::Text | Found::Bytes => written.files += 1,
            Found::Nothing => (),
        }
        found.insert(path, answered);
        waiting.extend(more.into_iter().filter(|path| !found.contains_key(path)));
        tell(written);
    }
    not_there(&router, &folder).await?;

    let place = |path: &str| placed(&found, path);
    let texts = found.iter().filter(|(_, found)| matches!(found, Found::Page | Found::Text));
    for (path, kind) in texts.map(|(path, kind)| (file_of(path, *kind), *kind)).chain([not_there_file()]) {
        let Some(path) = path else { continue };
        folder.rewrite(&path, |text| {
            let text = match kind {
                Found::Page => links::without_dead_ends(&text, base_url, place),
                _ => text,
            };
            links::placed(&text, base_url, place)
        })?;
    }
    folder.keep()?;
    Ok(written)
}

fn not_there_file() -> (Option<String>, Found) {
    (Some(NOT_THERE.trim_start_matches('/').to_owned()), Found::Page)
}

fn placed(found: &HashMap<String, Found>, path: &str) -> Place {
    let path = unescaped(path);
    match found.get(&path) {
        None | Some(Found::Nothing) => Place::Nowhere,
        Some(kind) if path.contains('?') => file_of(&path, *kind).map_or(Place::Nowhere, |file| {
            Place::Moved(format!("/{}", file.strip_suffix("index.html").unwrap_or(&file)))
        }),
        Some(_) => Place::Same,
    }
}

/// Asks for it, keeps what is answered, and says which addresses stand in it.
async fn fetch(
    router: &Router,
    base_url: &str,
    folder: &Folder,
    path: &str,
) -> anyhow::Result<(Found, Vec<String>)> {
    let nothing = (Found::Nothing, Vec::new());
    let Some(answer) = ask(router, path).await? else { return Ok(nothing) };
    let status = answer.status();
    if status.is_redirection() {
        let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        return redirect(base_url, folder, path, to);
    }
    if status != StatusCode::OK {
        return Ok(nothing);
    }
    let kind =
        answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = match kind.split(';').next().unwrap_or_default() {
        "text/html" => Found::Page,
        kind if kind.starts_with("text/") || kind.ends_with("xml") || kind.ends_with("json") => Found::Text,
        "application/javascript" => Found::Text,
        _ => Found::Bytes,
    };
    let Some(file) = file_of(path, kind) else { return Ok(nothing) };
    let mut body = answer.into_body();
    if kind == Found::Bytes {
        let mut out = folder.file(&file)?;
        while let Some(frame) = body.frame().await {
            if let Ok(bytes) = frame.with_context(|| format!("{path} ended early."))?.into_data() {
                std::io::Write::write_all(&mut out, &bytes)?;
            }
        }
        return Ok((kind, Vec::new()));
    }
    let bytes = body.collect().await.with_context(|| format!("{path} ended early."))?.to_bytes();
    folder.write(&file, &bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let more = links::all(&text, base_url);
    let more = more.into_iter().filter_map(|part| links::own(part, base_url)).map(unescaped);
    Ok((kind, more.filter(|path| is_for_files(path)).collect()))
}

async fn ask(router: &Router, path: &str) -> anyhow::Result<Option<axum::response::Response>> {
    // A name that is no person's: reading the whole site to copy it is no reading.
    let request =
        Request::get(path).header(header::HOST, "localhost").header(header::USER_AGENT, "export bot");
    // What is written like an address and is none.
    let Ok(request) = request.body(Body::empty()) else { return Ok(None) };
    Ok(Some(router.clone().oneshot(request).await?))
}

/// A file server cannot redirect, but a page can.
fn redirect(base_url: &str, folder: &Folder, path: &str, to: &str) -> anyhow::Result<(Found, Vec<String>)> {
    let own = links::own(to, base_url).map(str::to_owned).filter(|to| is_for_files(to));
    let (Some(to), Some(file)) = (own, file_of(path, Found::Page)) else {
        return Ok((Found::Nothing, Vec::new()));
    };
    let shown = to.replace('&', "&amp;").replace('"', "&quot;");
    let page = format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Moved</title>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={shown}\">\n<p><a href=\"{shown}\">Moved</a></p>\n"
    );
    folder.write(&file, page.as_bytes())?;
    Ok((Found::Page, vec![to]))
}

async fn not_there(router: &Router, folder: &Folder) -> anyhow::Result<()> {
    let Some(answer) = ask(router, NOT_THERE).await? else { return Ok(()) };
    let bytes = answer.into_body().collect().await?.to_bytes();
    folder.write(NOT_THERE.trim_start_matches('/'), &bytes)
}

fn is_for_files(path: &str) -> bool {
    let bare = path.split('?').next().unwrap_or_default();
    let below = |start: &str| {
        bare.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', 's']))
    };
    !NEEDS_A_PROGRAM.iter().any(|start| below(start))
}

/// Where the answer to this address lies in the folder; `None` for names that no file can have.
fn file_of(path: &str, kind: Found) -> Option<String> {
    let (bare, query) = path.split_once('?').map_or((path, None), |(bare, query)| (bare, Some(query)));
    let bare = percent_encoding::percent_decode_str(bare).decode_utf8().ok()?;
    let bare = bare.trim_matches('/');
    let is_sound = |part: &str| !part.is_empty() && !part.starts_with('.') && part.len() <= 255;
    let is_known = bare.starts_with(".well-known/");
    if !bare.is_empty() && !is_known && !bare.split('/').all(is_sound)
        || bare.contains(['\0', '\\'])
        || bare.split('/').any(|part| part == "..")
    {
        return None;
    }
    let (folder, name) = match (kind, bare) {
        (Found::Page, "404.html") => (String::new(), bare),
        (Found::Page, "") => (String::new(), "index.html"),
        (Found::Page, bare) => (format!("{bare}/"), "index.html"),
        (_, bare) => match bare.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), bare),
        },
    };
    if query.is_none() {
        return Some(format!("{folder}{name}"));
    }
    let hash = hex::encode(Sha256::digest(path));
    Some(format!("more/{}/{name}", hash.get(..16)?))
}

/// Addresses in pages and feeds have `&` written as the markup wants it.
fn unescaped(path: &str) -> String {
    if !path.contains('&') {
        return path.to_owned();
    }
    path.replace("&#38;", "&").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_folder_or_a_file() {
        for (path, kind, file) in [
            ("/", Found::Page, "index.html"),
            ("/article/7/the-sea", Found::Page, "article/7/the-sea/index.html"),
            ("/feed.xml", Found::Text, "feed.xml"),
            ("/tag/%D8%A8/feed.xml", Found::Text, "tag/\u{628}/feed.xml"),
        ] {
            assert_eq!(file_of(path, kind).as_deref(), Some(file));
        }
        assert!(file_of("/tag/sea?before=1", Found::Page).is_some_and(|file| file.starts_with("more/")));
    }

    #[test]
    fn no_file_lies_outside() {
        for path in ["/../x", "/a/%2e%2e/x", "/a//b", "/.git/config", "/a%00b", "/a%5cb"] {
            assert_eq!(file_of(path, Found::Text), None, "{path}");
        }
    }

    #[test]
    fn what_needs_a_program_is_left_out() {
        for path in ["/search?q=a", "/search/feed.xml", "/desk", "/desk/login", "/comments/own", "/api/v1"] {
            assert!(!is_for_files(path), "{path}");
        }
        for path in ["/section/search", "/deskwork", "/article/1/comments"] {
            assert!(is_for_files(path), "{path}");
        }
    }
}
