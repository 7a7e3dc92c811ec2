//! Who may do what at the desk: one table, walked route by route, role by role.
//!
//! The rows ask for things that do not exist (number 0) or send what every form refuses, so that an answer of
//! 404 or 422 means "let in", and nothing changes from one role to the next.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::http::{Method, StatusCode, header};
use broadsheet::accounts::{Role, user};
use broadsheet::desk;

use crate::browser::{BASE, Browser, World, bare};

/// What is sent.
enum Sent {
    Nothing,
    Form(&'static [(&'static str, &'static str)]),
    Upload(&'static [(&'static str, &'static str)]),
}

use Sent::{Form, Nothing, Upload};

struct Row {
    method: Method,
    path: &'static str,
    sent: Sent,
    /// What a stranger gets, and whoever is disabled; then author, editor, admin.
    statuses: [u16; 4],
}

const fn row(method: Method, path: &'static str, sent: Sent, statuses: [u16; 4]) -> Row {
    Row { method, path, sent, statuses }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// The doors.
const LOGIN: Sent = Form(&[("email", "nobody@example.org"), ("password", "wrong")]);
const SETUP: Sent = Form(&[("token", "wrong"), ("name", ""), ("email", ""), ("password", "")]);
const STEP: Sent = Form(&[("id", "0"), ("to", "up")]);
const TIMES: Sent = Form(&[("starts_at", ""), ("ends_at", "")]);
const ACCOUNT: Sent = Form(&[("name", ""), ("email", ""), ("role", "author"), ("password", "")]);

const RULES: Sent = Form(&[("mode", "maybe"), ("days", ""), ("reasons", "")]);
const WORDS: Sent = Form(&[("suspect", "**"), ("banned", "")]);
const INVITED: Sent = Form(&[("token", ""), ("name", ""), ("email", ""), ("password", "")]);

const TABLE: &[Row] = &[
    row(GET, "/admin", Nothing, [303, 303, 303, 303]),
    row(GET, "/desk", Nothing, [303, 200, 200, 200]),
    row(GET, "/desk/login", Nothing, [200, 303, 303, 303]),
    row(POST, "/desk/login", LOGIN, [422, 422, 422, 422]),
    row(GET, "/desk/setup", Nothing, [404, 404, 404, 404]),
    row(POST, "/desk/setup", SETUP, [404, 404, 404, 404]),
    row(GET, "/desk/tokens", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/tokens", Form(&[("name", "")]), [303, 422, 422, 422]),
    row(POST, "/desk/tokens/{id}/revoke", Nothing, [303, 404, 404, 404]),
    row(GET, "/desk/discovery", Nothing, [303, 403, 403, 200]),
    row(POST, "/desk/discovery/logo", Upload(&[]), [303, 403, 403, 422]),
    row(POST, "/desk/discovery", Form(&[("robots", "maybe")]), [303, 403, 403, 422]),
    row(GET, "/desk/imports", Nothing, [303, 403, 403, 200]),
    row(POST, "/desk/imports", Upload(&[("kind", "maybe")]), [303, 403, 403, 422]),
    row(GET, "/desk/imports/{id}", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/imports/{id}/cancel", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/imports/{id}/resume", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/imports/{id}/write", Nothing, [303, 403, 403, 404]),
    row(GET, "/desk/imports/{id}/report.csv", Nothing, [303, 403, 403, 404]),
    row(GET, "/desk/imports/{id}/report.jsonl", Nothing, [303, 403, 403, 404]),
    row(GET, "/desk/articles", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/articles", Upload(&[("headline", "")]), [303, 422, 422, 422]),
    row(GET, "/desk/articles/new", Nothing, [303, 200, 200, 200]),
    row(GET, "/desk/articles/document", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/articles/document", Upload(&[]), [303, 422, 422, 422]),
    row(GET, "/desk/articles/suggestions", Nothing, [303, 200, 200, 200]),
    row(GET, "/desk/articles/{id}", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}", Upload(&[("headline", "A")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/autosave", Upload(&[("headline", "A")]), [303, 400, 400, 400]),
    row(POST, "/desk/articles/autosave/discard", Form(&[("draft", "")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/autosave", Upload(&[("headline", "A")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/autosave/discard", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/edit/autosave", Upload(&[("headline", "A")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/edit/autosave/discard", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/merge", Upload(&[("headline", "A")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/presence", Form(&[("tab", "tabtabtab")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/bulk", Form(&[("id", "0"), ("do", "publish")]), [303, 404, 404, 404]),
    row(GET, "/desk/articles/{id}/edit", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/edit/cancel", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/edit/confirm", Form(&[("version", "1")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/notes", Form(&[("note", "A")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/assignee", Form(&[("user", "")]), [303, 403, 404, 404]),
    row(POST, "/desk/articles/{id}/previews", Form(&[("days", "1")]), [303, 404, 404, 404]),
    row(POST, "/desk/previews/{id}/end", Nothing, [303, 404, 404, 404]),
    row(GET, "/desk/articles/{id}/revisions", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/revisions/restore", Form(&[("version", "1")]), [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/trash", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/articles/{id}/restore", Nothing, [303, 404, 404, 404]),
    row(GET, "/desk/tags/suggestions", Nothing, [303, 200, 200, 200]),
    row(GET, "/desk/comments", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/comments", Form(&[("state", "approved")]), [303, 403, 303, 303]),
    row(GET, "/desk/comments/rules", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/comments/rules", RULES, [303, 403, 422, 422]),
    row(GET, "/desk/comments/words", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/comments/words", WORDS, [303, 403, 422, 422]),
    row(GET, "/desk/comments/bans", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/comments/bans/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(GET, "/desk/comments/{id}", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/comments/{id}/rewrite", Form(&[("note", "")]), [303, 403, 404, 404]),
    row(POST, "/desk/comments/{id}/reply", Form(&[("reply", "")]), [303, 403, 404, 404]),
    row(POST, "/desk/comments/{id}/ban", Form(&[("until", "")]), [303, 403, 404, 404]),
    row(POST, "/desk/comments/{id}", Form(&[("state", "approved")]), [303, 403, 404, 404]),
    row(GET, "/desk/sections", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/sections", Form(&[("name", "")]), [303, 403, 403, 422]),
    row(POST, "/desk/sections/order", STEP, [303, 403, 404, 404]),
    row(POST, "/desk/sections/{id}", Form(&[("name", "A"), ("description", "")]), [303, 403, 404, 404]),
    row(POST, "/desk/sections/{id}/delete", Nothing, [303, 403, 403, 404]),
    row(GET, "/desk/tags", Nothing, [303, 403, 200, 200]),
    row(GET, "/desk/tags/{id}", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/tags/{id}", Form(&[("name", "A")]), [303, 403, 404, 404]),
    row(POST, "/desk/tags/{id}/merge", Form(&[("into", "A")]), [303, 403, 404, 404]),
    row(POST, "/desk/tags/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(GET, "/desk/topics", Nothing, [303, 403, 200, 200]),
    row(GET, "/desk/topics/new", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/topics", Upload(&[("title", "")]), [303, 403, 422, 422]),
    row(POST, "/desk/topics/order", STEP, [303, 403, 404, 404]),
    row(GET, "/desk/topics/{id}", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/topics/{id}", Upload(&[("title", "A")]), [303, 403, 404, 404]),
    row(POST, "/desk/topics/{id}/pin", Form(&[("pinned", "yes")]), [303, 403, 404, 404]),
    row(POST, "/desk/topics/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(GET, "/desk/front", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/front", Form(&[("article", "0")]), [303, 403, 422, 422]),
    row(POST, "/desk/front/order", STEP, [303, 403, 404, 404]),
    row(POST, "/desk/front/{id}", TIMES, [303, 403, 404, 404]),
    row(POST, "/desk/front/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/front/blocks", Form(&[("kind", "stories")]), [303, 403, 422, 422]),
    row(POST, "/desk/front/blocks/order", STEP, [303, 403, 404, 404]),
    row(POST, "/desk/front/blocks/{id}", Form(&[("size", "1")]), [303, 403, 404, 404]),
    row(POST, "/desk/front/blocks/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/front/publish", Form(&[("version", "77")]), [303, 403, 409, 409]),
    row(POST, "/desk/front/discard", Form(&[("version", "77")]), [303, 403, 409, 409]),
    row(GET, "/desk/front/history", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/front/history/{id}", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/front/previews", Form(&[("days", "9")]), [303, 403, 400, 400]),
    row(GET, "/desk/front/at", Nothing, [303, 403, 200, 200]),
    row(GET, "/desk/front/banners", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/front/banners", Form(&[("text", "")]), [303, 403, 422, 422]),
    row(GET, "/desk/front/banners/{id}", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/front/banners/{id}", Form(&[("text", "A")]), [303, 403, 404, 404]),
    row(POST, "/desk/front/banners/{id}/end", Nothing, [303, 403, 404, 404]),
    row(GET, "/desk/galleries", Nothing, [303, 403, 200, 200]),
    row(GET, "/desk/galleries/new", Nothing, [303, 403, 200, 200]),
    row(POST, "/desk/galleries", Upload(&[("kind", "photo"), ("title", "")]), [303, 403, 422, 422]),
    row(GET, "/desk/galleries/{id}", Nothing, [303, 403, 404, 404]),
    row(POST, "/desk/galleries/{id}", Upload(&[("title", "A")]), [303, 403, 404, 404]),
    row(POST, "/desk/galleries/{id}/upload", Upload(&[]), [303, 403, 404, 404]),
    row(POST, "/desk/galleries/{id}/pictures", Form(&[]), [303, 403, 404, 404]),
    row(POST, "/desk/galleries/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(GET, "/desk/media", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/media", Upload(&[]), [303, 422, 422, 422]),
    row(GET, "/desk/media/{id}", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/media/{id}", Form(&[("alt", "A")]), [303, 404, 404, 404]),
    row(POST, "/desk/media/{id}/retry", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/media/{id}/replace", Upload(&[]), [303, 403, 404, 404]),
    row(POST, "/desk/media/{id}/delete", Nothing, [303, 403, 404, 404]),
    row(GET, "/desk/users", Nothing, [303, 403, 403, 200]),
    row(POST, "/desk/users", ACCOUNT, [303, 403, 403, 422]),
    row(GET, "/desk/users/{id}", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}", Form(&[("role", "author")]), [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}/state", Form(&[("state", "disabled")]), [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}/password", Form(&[("password", "")]), [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}/reset-link", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}/second-factor", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}/sessions", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/users/{id}/author", Form(&[("author", "")]), [303, 403, 403, 404]),
    row(POST, "/desk/users/rules", Form(&[("role", "")]), [303, 403, 403, 400]),
    row(POST, "/desk/users/invitations", Form(&[("role", "author"), ("way", "mail")]), [303, 403, 403, 422]),
    row(POST, "/desk/users/invitations/{id}/link", Form(&[("way", "link")]), [303, 403, 403, 404]),
    row(POST, "/desk/users/invitations/{id}/revoke", Nothing, [303, 403, 403, 404]),
    row(GET, "/desk/invited", Nothing, [410, 410, 410, 410]),
    row(POST, "/desk/invited", INVITED, [410, 410, 410, 410]),
    row(GET, "/desk/forgotten", Nothing, [200, 200, 200, 200]),
    row(POST, "/desk/forgotten", Form(&[("email", "")]), [422, 422, 422, 422]),
    row(GET, "/desk/reset", Nothing, [410, 410, 410, 410]),
    row(POST, "/desk/reset", Form(&[("token", ""), ("password", "")]), [410, 410, 410, 410]),
    row(GET, "/desk/login/code", Nothing, [303, 303, 303, 303]),
    row(POST, "/desk/login/code", Form(&[("code", "")]), [422, 422, 422, 422]),
    row(GET, "/desk/confirm", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/confirm", Form(&[("password", "")]), [303, 422, 422, 422]),
    row(GET, "/desk/jobs", Nothing, [303, 403, 403, 200]),
    row(POST, "/desk/jobs/{id}/retry", Nothing, [303, 403, 403, 404]),
    row(POST, "/desk/jobs/{id}/discard", Nothing, [303, 403, 403, 404]),
    row(GET, "/desk/profile", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/profile", Form(&[("name", ""), ("languages", "")]), [303, 422, 422, 422]),
    row(POST, "/desk/profile/email", Form(&[("email", "")]), [303, 422, 422, 422]),
    row(GET, "/desk/profile/password", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/profile/password", Form(&[("current", ""), ("password", "")]), [303, 422, 422, 422]),
    row(GET, "/desk/profile/second-factor", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/profile/second-factor", Form(&[("code", "")]), [303, 422, 422, 422]),
    row(POST, "/desk/profile/second-factor/remove", Nothing, [303, 303, 303, 303]),
    row(POST, "/desk/profile/recovery-codes", Nothing, [303, 404, 404, 404]),
    row(POST, "/desk/profile/sessions", Nothing, [303, 303, 303, 303]),
    row(POST, "/desk/profile/sessions/{id}/end", Nothing, [303, 404, 404, 404]),
    row(GET, "/desk/profile/author", Nothing, [303, 200, 200, 200]),
    row(POST, "/desk/profile/author", Upload(&[("links", "nonsense")]), [303, 422, 422, 422]),
    row(GET, "/desk/audit", Nothing, [303, 403, 200, 200]),
    // Last, because it ends the sessions of the others.
    row(POST, "/desk/logout", Nothing, [303, 303, 303, 303]),
];

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() {
    let world = World::new().await;
    let mut author = world.logged_in(Role::Author).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let mut admin = world.logged_in(Role::Admin).await;
    let mut wrong = Vec::new();
    for row in TABLE {
        let mut stranger = world.browser();
        let [outside, as_author, as_editor, as_admin] = row.statuses;
        for (who, browser, status) in [
            ("a stranger", &mut stranger, outside),
            ("an author", &mut author, as_author),
            ("an editor", &mut editor, as_editor),
            ("an admin", &mut admin, as_admin),
        ] {
            let answered = send(browser, row).await;
            if answered != status {
                wrong.push(format!("{} {} as {who}: {answered}, not {status}", row.method, row.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A session may outlive the right to it when the account is shut behind the program's back; the guard looks.
#[tokio::test]
async fn whoever_is_disabled_is_a_stranger_whatever_their_role() {
    let world = World::new().await;
    world.account("other@example.org", Role::Admin).await;
    let mut disabled = world.logged_in(Role::Admin).await;
    let shut = "update users set disabled_at = now() where email = 'admin@example.org'";
    sqlx::query(shut).execute(&world.db.pool).await.unwrap();
    assert!(user::any_admin(&world.db.pool).await.unwrap());
    for row in TABLE {
        assert_eq!(send(&mut disabled, row).await, row.statuses[0], "{} {}", row.method, row.path);
    }
}

/// What asks for the password again keeps what was sent, wherever it is sent to; but for secrets.
#[tokio::test]
async fn no_form_is_lost_because_the_password_is_asked_again() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let stale = "update sessions set authed_at = now() - interval '16 minutes'";
    let mut lost = Vec::new();
    for row in TABLE.iter().filter(|row| row.method == Method::POST && row.path != "/desk/logout") {
        sqlx::query(stale).execute(&world.db.pool).await.unwrap();
        let fields = match row.sent {
            Form(fields) => fields,
            _ => &[],
        };
        if fields.iter().any(|(name, _)| matches!(*name, "password" | "code" | "current")) {
            continue;
        }
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = axum::http::Request::post(row.path.replace("{id}", "0"))
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = admin.send(request.body(axum::body::Body::from(body)).unwrap()).await;
        if answer.header("location").starts_with("/desk/confirm") {
            lost.push(row.path);
        }
    }
    assert!(lost.is_empty(), "`login::kept` does not know that these ask again: {lost:?}");
}

async fn send(browser: &mut Browser, row: &Row) -> u16 {
    let path = row.path.replace("{id}", "0");
    let answer = match &row.sent {
        Nothing if row.method == Method::GET => browser.get(&path).await,
        Nothing => browser.post(&path, &[]).await,
        Form(fields) => browser.post(&path, fields).await,
        Upload(fields) => browser.upload(&path, fields, &[]).await,
    };
    answer.status.as_u16()
}

#[tokio::test]
async fn every_route_of_the_desk_has_its_row() {
    let world = World::new().await;
    world.account("admin@example.org", Role::Admin).await;
    let mut found = BTreeSet::new();
    for (path, _) in desk::routes() {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let mut request = bare(method.clone(), &path.replace("{id}", "0"));
            request.headers_mut().insert(header::ORIGIN, BASE.parse().unwrap());
            if world.browser().send(request).await.status != StatusCode::METHOD_NOT_ALLOWED {
                found.insert(format!("{method} {path}"));
            }
        }
    }
    let listed: BTreeSet<String> = TABLE.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    let missing: Vec<_> = found.difference(&listed).collect();
    let vanished: Vec<_> = listed.difference(&found).collect();
    assert!(
        missing.is_empty() && vanished.is_empty(),
        "without a row: {missing:?}; without a route: {vanished:?}"
    );
}

/// The table is complete only while `desk::routes` is: a screen that brings a router of its own goes round it.
#[test]
fn no_screen_of_the_desk_brings_a_router_of_its_own() {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if !path.ends_with("desk/mod.rs")
                && fs::read_to_string(&path).unwrap().contains("Router::new")
            {
                found.push(path.display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk"), &mut found);
    assert!(found.is_empty(), "{found:?}");
}
