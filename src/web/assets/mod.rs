//! The files of `static/`, compiled in, served under names that hold a hash of their content; beside them the engine
//! of the article editor, which is no file of ours.

mod imports;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{App, CachePolicy, Error, Path, Result};
use crate::paths;

#[derive(rust_embed::RustEmbed)]
#[folder = "static/"]
struct Files;

/// The icon that pages name while there is no logo.
pub const ICON: &str = "img/favicon.svg";
/// Tiptap, whole: `window.TipTap` and `window.TipTapStarterKit`. See docs/adr/0014.
const ENGINE: &str = "vendor/tiptap.js";
#[cfg(editor_from_npm)]
const ENGINE_TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/tiptap.js"));
#[cfg(not(editor_from_npm))]
const ENGINE_TEXT: &str = leptos_tiptap_build::TIPTAP_BUNDLE_MIN_JS;
/// Packed once per process and file, when it is first asked for, so a good setting is worth it.
const BROTLI_QUALITY: u32 = 9;
const BROTLI_WINDOW: u32 = 22;

struct Asset {
    url: String,
    content_type: HeaderValue,
    plain: Bytes,
    /// Inside absent when compression does not help (pictures).
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

/// By the name in `static/`.
static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let mut assets = HashMap::new();
    for name in Files::iter().chain([Cow::Borrowed(ENGINE)]) {
        add(&mut assets, &name, &mut Vec::new());
    }
    assets
});

/// The address of the file, which is now among the assets. A module comes after those that it imports, for the hash
/// of its name counts their names; so modules cannot import one another in a circle.
fn add(assets: &mut HashMap<String, Asset>, name: &str, importers: &mut Vec<String>) -> Option<String> {
    if let Some(asset) = assets.get(name) {
        return Some(asset.url.clone());
    }
    debug_assert!(
        !importers.iter().any(|importer| importer == name),
        "{name} imports itself by {importers:?}"
    );
    let mut plain = content(name).filter(|_| !importers.iter().any(|importer| importer == name))?;
    if let Some(text) = std::str::from_utf8(&plain).ok().filter(|_| name.starts_with("js/")) {
        importers.push(name.to_owned());
        plain = imports::resolved(name, text, |other| add(assets, other, importers)).into();
        importers.pop();
    }
    let asset = Asset::new(name, plain);
    let url = asset.url.clone();
    assets.insert(name.to_owned(), asset);
    Some(url)
}

fn content(name: &str) -> Option<Bytes> {
    match name {
        ENGINE => Some(Bytes::from_static(ENGINE_TEXT.as_bytes())),
        _ => Files::get(name).map(|file| Bytes::from(file.data.into_owned())),
    }
}

/// By the path that is asked for.
static BY_URL: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| ASSETS.values().map(|asset| (asset.url.as_str(), asset)).collect());

/// The address of a file of `static/`, such as `css/site.css`. A file that is not there is a mistake in a
/// template: debug builds stop, others leave the address out.
pub fn url(name: &str) -> &'static str {
    let asset = ASSETS.get(name);
    debug_assert!(asset.is_some(), "static/{name} does not exist");
    asset.map_or("", |asset| asset.url.as_str())
}

pub fn router() -> Router<App> {
    Router::new().route("/static/{*name}", get(show))
}

async fn show(Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let path = paths::static_file(&name);
    let asset = BY_URL.get(path.as_str()).ok_or(Error::NotFound)?;
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (encoding, body) = asset.best(accepted);
    let mut response = (CachePolicy::Immutable, body.clone()).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, asset.content_type.clone());
    if asset.brotli().is_some() || asset.gzip().is_some() {
        out.insert(header::VARY, HeaderValue::from_name(header::ACCEPT_ENCODING));
    }
    out.extend(encoding.map(|name| -> (HeaderName, HeaderValue) {
        (header::CONTENT_ENCODING, HeaderValue::from_static(name))
    }));
    Ok(response)
}

impl Asset {
    fn new(name: &str, plain: Bytes) -> Self {
        Self {
            url: paths::static_file(&hashed_name(name, &plain)),
            content_type: HeaderValue::from_static(content_type(name)),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            plain,
        }
    }

    fn brotli(&self) -> Option<&Bytes> {
        self.brotli.get_or_init(|| self.smaller(brotli(&self.plain))).as_ref()
    }

    fn gzip(&self) -> Option<&Bytes> {
        self.gzip.get_or_init(|| self.smaller(gzip(&self.plain))).as_ref()
    }

    fn smaller(&self, packed: Option<Vec<u8>>) -> Option<Bytes> {
        packed.filter(|packed| packed.len() < self.plain.len()).map(Bytes::from)
    }

    /// The smallest form that the client takes.
    fn best(&self, accepted: &str) -> (Option<&'static str>, &Bytes) {
        match (self.brotli(), self.gzip()) {
            (Some(packed), _) if accepts(accepted, "br") => (Some("br"), packed),
            (_, Some(packed)) if accepts(accepted, "gzip") => (Some("gzip"), packed),
            _ => (None, &self.plain),
        }
    }
}

/// `css/site.css` becomes `css/site.3f2a9c1b.css`.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = hex::encode(&Sha256::digest(content)[..4]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

/// Only what we ship.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "xsl" => "text/xsl; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `q=0` means "not this one"; finer preferences do not matter for files packed beforehand.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !parts.any(|q| q.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0))
    })
}

fn brotli(plain: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(plain).ok()?;
    drop(writer);
    Some(packed)
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain).ok()?;
    writer.finish().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_name_changes_with_the_content() {
        assert_eq!(hashed_name("css/site.css", b"a"), "css/site.ca978112.css");
        assert_ne!(hashed_name("css/site.css", b"a"), hashed_name("css/site.css", b"b"));
    }

    #[test]
    fn every_file_has_a_type_of_its_own() {
        for name in Files::iter() {
            assert_ne!(content_type(&name), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn the_engine_of_the_editor_is_an_asset() {
        assert!(url(ENGINE).starts_with("/static/vendor/tiptap."));
        assert!(ENGINE_TEXT.contains("TipTapStarterKit"));
    }

    #[test]
    fn a_module_names_its_neighbours_by_their_hash() {
        let index = std::str::from_utf8(&ASSETS["js/editor/index.js"].plain).unwrap();
        assert!(index.contains(&format!("from \"{}\"", url("js/editor/toolbar.js"))), "{index}");
        assert!(!index.contains("from \"./"), "{index}");
    }

    #[test]
    fn the_smallest_accepted_form_is_chosen() {
        let asset = Asset::new("css/site.css", Bytes::from("a { color: red }\n".repeat(100)));
        assert_eq!(asset.best("gzip, deflate, br").0, Some("br"));
        assert_eq!(asset.best("gzip, br;q=0").0, Some("gzip"));
        assert_eq!(asset.best("").0, None);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &asset.brotli().unwrap()[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, asset.plain);
    }
}
