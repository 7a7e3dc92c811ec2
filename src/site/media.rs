//! `GET /media/{sha256}/{name}`: the files of pictures and films, which never change. A stranger has them while
//! readers see what they hang in, the desk always.
//!
//! Not here: what the files are and where they lie (`crate::media`), their addresses in pages
//! (`news::media::Picture`), who may have one (`news::media::gate`).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use crate::accounts::session;
use crate::media::{Digest, Extension, Store};
use crate::news::media::gate::{self, Access};
use crate::news::media::{self, MediaId};
use crate::news::preview;
use crate::paths;
use crate::web::{App, CachePolicy, Error, Query, Redirect, Result, cookie};

/// Nothing an editor uploads may run, wherever a browser opens it.
const NOTHING_RUNS: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
/// Feeds and other sites show the pictures too.
const ANYBODY_SHOWS: HeaderValue = HeaderValue::from_static("cross-origin");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// `news::media` makes names much shorter.
const NAME_BYTES: usize = 100;
/// What has a licence with an end must be asked about again before long: it may end earlier than it was said.
const DAY: u32 = 24 * 60 * 60;

/// What the pictures of a preview carry.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    preview: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((sha256, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let (Ok(digest), Some(extension)) = (sha256.parse(), extension(&name)) else {
        return Err(Error::NotFound);
    };
    let access = gate::access(&app.db, &digest).await?.ok_or(Error::NotFound)?;
    let policy = policy(&app, &headers, &asked.preview, access).await?;
    if access.replaced {
        return successor(&app, access.media_id, &asked.preview).await;
    }
    let answer = file(&app.media, digest, extension, &method, &headers).await.ok_or(Error::NotFound)?;
    Ok((policy, answer).into_response())
}

/// Whether this reader may have it, and how long it may be kept on the way.
async fn policy(app: &App, headers: &HeaderMap, token: &str, access: Access) -> Result<CachePolicy> {
    match access {
        // A file is named by its content, so what was fetched once is right for ever.
        Access { public: true, licence_ends_at: None, .. } => Ok(CachePolicy::Immutable),
        Access { public: true, ended: false, licence_ends_at: Some(end), .. } => {
            let left = u32::try_from((end - Utc::now()).num_seconds()).unwrap_or_default();
            Ok(CachePolicy::Seconds(left.min(DAY)))
        }
        _ if is_of_the_desk(app, headers).await? => Ok(CachePolicy::NoStore),
        Access { ended: false, media_id, .. }
            if !token.is_empty() && preview::shows(&app.db, token, media_id).await? =>
        {
            Ok(CachePolicy::NoStore)
        }
        Access { public: true, .. } => Err(Error::Gone("It may not be shown any more.".to_owned())),
        Access { public: false, .. } => Err(Error::NotFound),
    }
}

/// An address that bodies and feeds still have leads to the file that stands there now.
async fn successor(app: &App, id: MediaId, token: &str) -> Result<Response> {
    let medium = media::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let (.., href) = medium.picture().and_then(|picture| picture.usual()).ok_or(Error::NotFound)?;
    let href = paths::query(&href, &[("preview", token)]);
    Ok((CachePolicy::NoStore, Redirect::temporary(&href)).into_response())
}

async fn is_of_the_desk(app: &App, headers: &HeaderMap) -> Result<bool> {
    match cookie::session(&app.site, headers) {
        Some(token) => {
            let session = session::by_token(&app.db, token).await?;
            Ok(session.is_some_and(|session| session.need.is_none()))
        }
        None => Ok(false),
    }
}

/// The file, a part of it, or the word that the reader's copy is still right. `None` for a file that is not there.
async fn file(
    store: &Store,
    digest: Digest,
    extension: Extension,
    method: &Method,
    headers: &HeaderMap,
) -> Option<Response> {
    let etag = HeaderValue::try_from(format!("\"{digest}\"")).ok()?;
    let path = store.public_path(&digest, extension);

    if headers.get_all(IF_NONE_MATCH).iter().any(|tags| names(tags, &etag)) {
        let there = tokio::fs::metadata(&path).await.is_ok_and(|file| file.is_file());
        return there.then(|| with_headers(StatusCode::NOT_MODIFIED.into_response(), etag, extension));
    }

    let mut request = Request::builder().method(method).uri("/");
    // Of a file that has changed meanwhile a part would be wrong; this one cannot have, but the tag may be
    // another file's.
    let same = headers.get(IF_RANGE).is_none_or(|tag| *tag == etag);
    if let Some(range) = headers.get(RANGE).filter(|_| same) {
        request = request.header(RANGE, range);
    }
    // Several ranges in one request are a way to ask for a file many times over: they get the whole once.
    let served = ServeFile::new(path).ignore_multi_range_requests(true);
    let answer = served.oneshot(request.body(Body::empty()).ok()?).await.ok()?;
    match answer.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
            let (parts, body) = answer.into_parts();
            let mut answer = Response::new(Body::new(body));
            *answer.status_mut() = parts.status;
            for kept in [CONTENT_LENGTH, CONTENT_RANGE, ACCEPT_RANGES] {
                if let Some(value) = parts.headers.get(&kept) {
                    answer.headers_mut().insert(kept, value.clone());
                }
            }
            Some(with_headers(answer, etag, extension))
        }
        StatusCode::RANGE_NOT_SATISFIABLE => {
            let mut refused = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            if let Some(length) = answer.headers().get(CONTENT_RANGE) {
                refused.headers_mut().insert(CONTENT_RANGE, length.clone());
            }
            Some(refused)
        }
        _ => None,
    }
}

/// Pages make `plain-letters-960.jpg` and nothing else.
fn extension(name: &str) -> Option<Extension> {
    let (stem, extension) = name.rsplit_once('.')?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (!stem.is_empty() && name.len() <= NAME_BYTES && stem.bytes().all(plain)).then_some(())?;
    extension.parse().ok()
}

/// Whether a list of tags, weak or strong, holds this one.
fn names(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else { return false };
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn with_headers(mut answer: Response, etag: HeaderValue, extension: Extension) -> Response {
    let headers = answer.headers_mut();
    headers.insert(ETAG, etag);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(extension.content_type()));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, NOTHING_RUNS);
    headers.insert(RESOURCE_POLICY, ANYBODY_SHOWS);
    answer
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use http_body_util::BodyExt as _;

    use super::*;

    const FILM: &[u8] = b"0123456789";

    struct Served {
        folder: PathBuf,
        store: Store,
        digest: Digest,
    }

    impl Served {
        async fn new() -> Self {
            let mut random = [0; 8];
            getrandom::fill(&mut random).unwrap();
            let folder = std::env::temp_dir().join(format!("broadsheet-media-{}", hex::encode(random)));
            let store = Store::open(&folder).unwrap();
            let digest = store.put_public(FILM, Extension::Mp4).await.unwrap();
            Self { folder, store, digest }
        }

        async fn answer(
            &self,
            method: Method,
            headers: &[(HeaderName, &str)],
        ) -> (StatusCode, HeaderMap, Vec<u8>) {
            let headers =
                headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
            let answer = file(&self.store, self.digest, Extension::Mp4, &method, &headers).await.unwrap();
            let (parts, body) = answer.into_parts();
            (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
        }
    }

    impl Drop for Served {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }

    #[tokio::test]
    async fn a_file_is_served_for_ever_and_can_run_nothing() {
        let served = Served::new().await;
        let (status, headers, body) = served.answer(Method::GET, &[]).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, FILM));
        for (name, value) in [
            ("content-type", "video/mp4"),
            ("content-length", "10"),
            ("accept-ranges", "bytes"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cross-origin-resource-policy", "cross-origin"),
        ] {
            assert_eq!(headers.get(name).unwrap(), value, "{name}");
        }
        assert_eq!(headers[ETAG], format!("\"{}\"", served.digest));
    }

    #[tokio::test]
    async fn head_tells_the_length_and_sends_nothing() {
        let (status, headers, body) = Served::new().await.answer(Method::HEAD, &[]).await;
        assert_eq!((status, body.len()), (StatusCode::OK, 0));
        assert_eq!(headers[CONTENT_LENGTH], "10");
    }

    #[tokio::test]
    async fn one_range_is_served_and_several_are_not() {
        let served = Served::new().await;
        let many = format!("bytes={}0-", "0-,".repeat(1000));
        for (range, status, content_range, body) in [
            ("bytes=0-3", 206, "bytes 0-3/10", "0123"),
            ("bytes=4-", 206, "bytes 4-9/10", "456789"),
            ("bytes=-2", 206, "bytes 8-9/10", "89"),
            ("bytes=8-99", 206, "bytes 8-9/10", "89"),
            ("bytes=10-", 416, "bytes */10", ""),
            ("bytes=5-2", 416, "bytes */10", ""),
            ("bytes=0-1,3-4", 200, "", "0123456789"),
            (&many, 200, "", "0123456789"),
        ] {
            let (got, headers, left) = served.answer(Method::GET, &[(RANGE, range)]).await;
            assert_eq!(got, status, "{range}");
            let got_range = headers.get(CONTENT_RANGE).map_or("", |value| value.to_str().unwrap());
            assert_eq!(got_range, content_range, "{range}");
            assert_eq!(left, body.as_bytes(), "{range}");
        }
    }

    #[tokio::test]
    async fn a_copy_that_is_still_right_is_not_sent_again() {
        let served = Served::new().await;
        let etag = format!("\"{}\"", served.digest);
        for tags in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let (status, headers, body) = served.answer(Method::GET, &[(IF_NONE_MATCH, &tags)]).await;
            assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{tags}");
            assert_eq!(headers[ETAG], etag);
        }
        let (status, ..) = served.answer(Method::GET, &[(IF_NONE_MATCH, "\"other\"")]).await;
        assert_eq!(status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_range_of_another_file_gets_the_whole() {
        let served = Served::new().await;
        let etag = format!("\"{}\"", served.digest);
        let (status, ..) = served.answer(Method::GET, &[(RANGE, "bytes=0-3"), (IF_RANGE, &etag)]).await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT);
        let (status, ..) = served.answer(Method::GET, &[(RANGE, "bytes=0-3"), (IF_RANGE, "\"other\"")]).await;
        assert_eq!(status, StatusCode::OK);
    }

    #[test]
    fn a_name_that_no_page_makes_is_not_there() {
        assert_eq!(extension("sea-960.mp4"), Some(Extension::Mp4));
        let long = format!("{}.mp4", "a".repeat(200));
        for name in ["sea-960.html", "sea", ".mp4", "../sea.mp4", "%2e%2e.mp4", "SEA.mp4", "passwd", &long] {
            assert_eq!(extension(name), None, "{name}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_or_is_an_original_is_never_served() {
        let served = Served::new().await;
        let original = served.store.put_original("private", Extension::Jpg).await.unwrap();
        for (digest, extension) in
            [(Digest([0; 32]), Extension::Mp4), (served.digest, Extension::Jpg), (original, Extension::Jpg)]
        {
            let answer = file(&served.store, digest, extension, &Method::GET, &HeaderMap::new()).await;
            assert!(answer.is_none(), "{digest} {extension}");
        }
    }
}
