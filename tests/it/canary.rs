//! One reader with an address that nobody else has, who does all that readers do: afterwards it is nowhere.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use broadsheet::jobs::Runner;
use broadsheet::web::client::Peer;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, PgPool};

use crate::browser::{Answer, BASE, Browser, World};
use crate::talk::Talk;

const ADDRESS: &str = "203.0.113.86";
const EMAIL: &str = "canary.reader@example.org";

async fn ask(browser: &mut Browser, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, BASE)
        .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let mut request = request.body(Body::from(body)).unwrap();
    let peer = SocketAddr::new(ADDRESS.parse().unwrap(), 4711);
    request.extensions_mut().insert(Peer(peer));
    browser.send(request).await
}

/// Every row of every table, as text.
async fn everything(pool: &PgPool) -> String {
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public' order by 1")
            .fetch_all(pool)
            .await
            .unwrap();
    let mut all = String::new();
    for table in tables {
        let rows = sqlx::query_scalar(AssertSqlSafe(format!("select t::text from {table} t")));
        let rows: Vec<String> = rows.fetch_all(pool).await.unwrap();
        all.extend(rows.into_iter().map(|row| format!("{table}: {row}\n")));
    }
    all
}

/// A text, and what can be made of it without a key.
fn spellings(text: &str) -> Vec<String> {
    let (sha1, sha256) = (Sha1::digest(text), Sha256::digest(text));
    vec![
        text.to_owned(),
        hex::encode(text),
        BASE64_STANDARD.encode(text),
        hex::encode(sha1),
        hex::encode(sha256),
        BASE64_STANDARD.encode(sha1),
        BASE64_STANDARD.encode(sha256),
    ]
}

/// R85: a network is kept as a hash with the key of the day, and in no other way, whatever its reader does.
#[tokio::test]
async fn the_address_of_a_reader_is_in_no_table() {
    let talk = Talk::new().await;
    let (pool, mut reader) = (&talk.world.db.pool, talk.world.browser());
    let login = [("email", "nobody@example.org"), ("password", "wrong")];
    for (method, path, fields) in [
        ("GET", talk.page.as_str(), &[][..]),
        ("GET", "/search?q=tide", &[]),
        ("POST", talk.form.as_str(), &[("text", "Low water."), ("email", EMAIL), ("answer", "on")]),
        ("POST", "/desk/login", &login),
        ("POST", "/desk/forgotten", &[("email", "nobody@example.org")]),
    ] {
        let answer = ask(&mut reader, method, path, fields).await;
        assert!(!answer.status.is_server_error() && answer.status != StatusCode::NOT_FOUND, "{path}");
    }
    Runner::new(talk.world.app.clone()).drain().await.unwrap();
    broadsheet::jobs::finish(&talk.world.app).await;
    let all = everything(pool).await;
    let address: IpAddr = ADDRESS.parse().unwrap();
    let hash = hex::encode(talk.world.app.networks.hash(address).as_bytes());
    for table in ["comments", "login_failures", "reset_requests"] {
        let is_there = all.lines().any(|row| row.starts_with(table) && row.contains(&hash));
        assert!(is_there, "the reader was not seen: {table}");
    }
    let bytes = [203_u8, 0, 113, 86];
    let raw = [hex::encode(bytes), hex::encode(Sha256::digest(bytes)), "203.0.113".to_owned()];
    for spelling in spellings(ADDRESS).into_iter().chain(raw) {
        let row = all.lines().find(|row| row.to_lowercase().contains(&spelling.to_lowercase()));
        assert!(row.is_none(), "{spelling}: {row:?}");
    }
}

/// R40: on no page and in no feed, by no link that readers are given.
#[tokio::test]
async fn the_address_of_a_commenter_is_in_no_public_byte() {
    let talk = Talk::new().await;
    talk.send(&[("name", "Ana"), ("email", EMAIL), ("text", "Low water.")]).await;
    talk.approve_all().await;
    let mut reader = talk.world.browser();
    let home = reader.read("/").await;
    let mut pages = home.attributes("a[href^='/'], link[href^='/']", "href");
    pages.extend([talk.page.clone(), "/feed.xml".to_owned(), "/sitemap.xml".to_owned()]);
    pages.extend(reader.read(&talk.page).await.attributes("a[href^='/'], link[href^='/']", "href"));
    pages.sort_unstable();
    pages.dedup();
    assert!(pages.len() > 10, "{pages:?}");
    let mut is_shown = false;
    for page in pages {
        let body = reader.get(page.split('#').next().unwrap()).await.body;
        is_shown |= body.contains("Low water.");
        for spelling in spellings(EMAIL) {
            assert!(!body.contains(&spelling), "{page}: {spelling}");
        }
    }
    assert!(is_shown, "the comment itself is on none of them");
}

/// R09: a second address beside the first is nobody's slip.
#[tokio::test]
async fn a_form_that_names_two_addresses_is_refused() {
    let world = World::new().await;
    for path in ["/desk/forgotten", "/desk/login"] {
        let fields = [("email", "a@example.org"), ("email", "b@example.org"), ("password", "x")];
        let fields = if path.ends_with("login") { &fields[..] } else { &fields[..2] };
        let answer = world.browser().post(path, fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let waiting: i64 =
        sqlx::query_scalar("select count(*) from jobs").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(waiting, 0);
}
