//! `/preview/{token}`: the exact page that readers will get, on a link for people without an account.
//!
//! Nothing of the request but the token decides what is shown, and nobody keeps it: no cache, no search engine, no
//! `Referer` header. Who makes and ends links is `desk::newsroom`.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use chrono::Utc;

use super::article;
use crate::front::{self, Strip};
use crate::news::front::store::Which;
use crate::news::preview::{self, Subject};
use crate::web::{App, Error, Page, Path, Result};

/// Said to search engines; the page itself says so too.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

pub(super) async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    let preview = preview::by_token(&app.db, &token).await?.ok_or(Error::NotFound)?;
    let page = match preview.subject {
        Subject::Article(id) => article::previewed(&app, id, &preview).await?,
        Subject::Front => {
            let mut view = front::page(&app, Which::Draft, preview.as_of).await?;
            let moment = preview.as_of.unwrap_or_else(Utc::now);
            let (day, time) = (view.layout.short(&moment), view.layout.time(&moment));
            view.strip =
                Some(Strip { text: format!("A preview: the front page as of {day}, {time}"), look: None });
            (view.layout.canonical, view.layout.unlisted) = (String::new(), true);
            Page::new(&view)
        }
    };
    let page = page.rewritten(|html| with_token(html, &app.site.base_url, &token));
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive")),
    ];
    Ok((headers, page).into_response())
}

/// Pictures of what is not out are shown to nobody; on this page they are asked for with its own token. Of other sites
/// nothing is: a link in a text may lead to a path that looks like ours.
fn with_token(html: &str, base_url: &str, token: &str) -> String {
    const MEDIA: &str = "/media/";
    /// Hex digits of a file's digest, before its name.
    const DIGEST: usize = 64;
    let mut page = String::with_capacity(html.len() + 4096);
    let mut rest = html;
    while let Some(at) = rest.find(MEDIA) {
        let (before, after) = rest.split_at(at + MEDIA.len());
        let is_address = |c: char| c.is_ascii_alphanumeric() || "/._-%".contains(c);
        let (address, others) = after.split_at(after.find(|c| !is_address(c)).unwrap_or(after.len()));
        page.extend([before, address]);
        let before = before.strip_suffix(MEDIA).unwrap_or(before);
        let before = before.strip_suffix(base_url).unwrap_or(before);
        let is_ours = before.ends_with(['"', ' ']);
        if is_ours && address.as_bytes().get(DIGEST) == Some(&b'/') {
            page.extend(["?preview=", token]);
        }
        rest = others;
    }
    page.push_str(rest);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_asked_for_with_the_token() {
        let file = format!("/media/{}/a", "ab".repeat(32));
        for (html, page) in [
            (
                "<img srcset=\"{f}-320.webp 320w, {f}.webp\">",
                "<img srcset=\"{f}-320.webp{t} 320w, {f}.webp{t}\">",
            ),
            ("<meta content=\"https://a.example{f}.jpg\">", "<meta content=\"https://a.example{f}.jpg{t}\">"),
            ("<a href=\"https://b.example{f}.jpg\">", "<a href=\"https://b.example{f}.jpg\">"),
            ("<a href=\"/x?https://a.example{f}.jpg\">", "<a href=\"/x?https://a.example{f}.jpg\">"),
            ("<a href=\"/media/x\">", "<a href=\"/media/x\">"),
        ] {
            let filled = |text: &str| text.replace("{f}", &file).replace("{t}", "?preview=7-f");
            assert_eq!(with_token(&filled(html), "https://a.example", "7-f"), filled(page));
        }
    }
}
