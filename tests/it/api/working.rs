//! `/api/v1/desk`: what tokens open, and for whom.

use axum::body::Body;
use axum::http::{Method, Request};
use broadsheet::accounts::api_token::{self, Scope};
use broadsheet::accounts::{Role, UserId, user};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser, World};
use crate::newsroom::{Story, section};

/// Somebody's program.
struct Program {
    browser: Browser,
    token: String,
}

impl Program {
    async fn of(world: &World, role: Role, scopes: &[Scope]) -> (Self, UserId) {
        let id = world.account(&format!("{role}@example.org"), role).await;
        (Self::with(world, id, scopes).await, id)
    }

    async fn with(world: &World, id: UserId, scopes: &[Scope]) -> Self {
        let mut tx = world.db.pool.begin().await.unwrap();
        let (_, token) = api_token::create(&mut tx, id, "A program", scopes, 30).await.unwrap();
        tx.commit().await.unwrap();
        Self { browser: world.browser(), token }
    }

    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1/desk{path}"));
        request = request.header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.browser.send(request.header("content-type", "application/json").body(body).unwrap()).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], &Value::Null).await
    }

    async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], body).await
    }

    async fn act(&mut self, path: &str, version: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[("if-match", version)], body).await
    }

    async fn change(&mut self, path: &str, version: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, &[("if-match", version)], body).await
    }
}

#[tokio::test]
async fn a_draft_goes_all_the_way_to_readers_and_back() {
    let world = World::new().await;
    section(&world, "News").await;
    let (mut program, _) = Program::of(&world, Role::Editor, &Scope::ALL).await;
    let draft = json!({ "section": "news", "headline": "Ice", "body": "<p>Cold.</p><script>x</script>", "tags": ["ice"] });
    let made = program.post("/articles", &draft).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!((made.header("etag"), made.json()["state"].clone()), ("\"1\"", json!("draft")));
    let id = made.json()["id"].as_i64().unwrap();
    assert_eq!(made.header("location"), format!("http://localhost/api/v1/desk/articles/{id}"));
    assert_eq!(world.browser().get(&format!("/api/v1/articles/{id}")).await.status, 404);

    let path = format!("/articles/{id}");
    let changed = program.change(&path, "\"1\"", &json!({ "kicker": "Winter" })).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json()["headline"], "Ice", "what was not sent stays");
    let out = program.act(&format!("{path}/publish"), "\"2\"", &json!({})).await;
    assert_eq!(out.status, 200, "{}", out.body);
    assert_eq!((out.json()["visible"].clone(), out.header("etag")), (json!(true), "\"3\""));
    let read = world.browser().json(&format!("/api/v1/articles/{id}")).await;
    assert_eq!((&read["body_html"], &read["kicker"]), (&json!("<p>Cold.</p>"), &json!("Winter")));

    let gone = program.act(&format!("{path}/withdraw"), "\"3\"", &json!({ "note": "Too cold." })).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_eq!(world.browser().get(&format!("/api/v1/articles/{id}")).await.status, 410);
    let trail: Vec<String> =
        sqlx::query_scalar("select actor || ' ' || action from audit where noun = 'article' order by id")
            .fetch_all(&world.db.pool)
            .await
            .unwrap();
    let by = "Mira Holt (token A program)";
    assert_eq!(trail, ["save", "save", "publish", "withdraw"].map(|act| format!("{by} {act}")));
}

#[tokio::test]
async fn a_stale_change_saves_nothing_and_names_the_newest_version() {
    let world = World::new().await;
    let (mut program, _) = Program::of(&world, Role::Editor, &Scope::ALL).await;
    let id = Story::new("First").draft(&world).await;
    Story::new("Second").over(&world, id).await;
    let path = format!("/articles/{id}");
    let stale = program.change(&path, "\"1\"", &json!({ "headline": "Mine" })).await;
    assert_eq!((stale.status.as_u16(), stale.json()["newest_version"].clone()), (412, json!(2)));
    let none = program.send(Method::PATCH, &path, &[], &json!({ "headline": "Mine" })).await;
    assert_eq!(none.status, 428);
    assert_eq!(program.get(&path).await.json()["headline"], "Second");
}

#[tokio::test]
async fn what_is_wrong_is_named_by_its_field_as_at_the_desk() {
    let world = World::new().await;
    let (mut program, _) = Program::of(&world, Role::Editor, &Scope::ALL).await;
    let wrong = program.post("/articles", &json!({ "section": "nowhere", "kicker": "x".repeat(61) })).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.wrong(), ["kicker", "headline", "section"]);
    for body in [json!({ "head_line": "x" }), json!({ "headline": 7 }), json!([])] {
        let wrong = program.post("/articles", &body).await;
        assert_eq!(wrong.status, 400, "{body}");
        assert_eq!(wrong.json()["type"], "http://localhost/api/v1/docs#problem-body");
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_its_owner_may() {
    let world = World::new().await;
    section(&world, "News").await;
    let draft = json!({ "section": "news", "headline": "Ice", "body": "<p>Cold.</p>" });
    let (mut author, id) = Program::of(&world, Role::Author, &Scope::ALL).await;
    let own = author.post("/articles", &draft).await.json()["id"].as_i64().unwrap();
    let publish = author.act(&format!("/articles/{own}/publish"), "*", &json!({})).await;
    assert_eq!(publish.status, 403, "an author publishes nothing");
    let foreign = Story::new("Of others").draft(&world).await;
    assert_eq!(author.get(&format!("/articles/{foreign}")).await.status, 404);
    let handed = author.act(&format!("/articles/{own}/submit"), "\"1\"", &json!({})).await;
    assert_eq!(handed.json()["state"], "review");

    let mut reader = Program::with(&world, id, &[Scope::DraftsRead]).await;
    assert_eq!(reader.get("/articles").await.status, 200);
    assert_eq!(reader.post("/articles", &draft).await.status, 403);
    assert_eq!(reader.get("/media").await.status, 403);
}

#[tokio::test]
async fn a_token_that_is_over_opens_nothing() {
    let world = World::new().await;
    let (mut program, id) = Program::of(&world, Role::Admin, &Scope::ALL).await;
    assert_eq!(program.get("/me").await.json()["role"], "admin");
    for sql in [
        "update api_tokens set expires_at = now()",
        "update api_tokens set expires_at = now() + interval '1 day', revoked_at = now()",
        "update api_tokens set revoked_at = null; update users set disabled_at = now()",
    ] {
        sqlx::raw_sql(sql).execute(&world.db.pool).await.unwrap();
        let answer = program.get("/me").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("www-authenticate")),
            (401, "Bearer realm=\"api\""),
            "{sql}"
        );
    }
    let mut tx = world.db.pool.begin().await.unwrap();
    user::disable(&mut tx, id).await.unwrap();
    user::enable(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(program.get("/me").await.status, 401, "it does not come back with its owner");
    // Nothing else that comes with a request opens it.
    let mut admin = world.browser();
    for headers in [&[][..], &[("authorization", "Bearer bsk_0")], &[("authorization", "Basic YTpi")]] {
        assert_eq!(admin.get_with("/api/v1/desk/me", headers).await.status, 401);
    }
}

#[tokio::test]
async fn a_token_opens_no_screen_however_its_address_is_spelt() {
    let world = World::new().await;
    let (program, _) = Program::of(&world, Role::Admin, &Scope::ALL).await;
    let bearer = format!("Bearer {}", program.token);
    let mut browser = world.browser();
    for path in [
        "/desk/users",
        "/desk/users/",
        "//desk/users",
        "/desk/./users",
        "/desk/%75sers",
        "/DESK/users",
        "/desk/tokens",
    ] {
        let answer = browser.get_with(path, &[("authorization", &bearer)]).await;
        assert!(!answer.status.is_success(), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn the_same_key_makes_one_article() {
    let world = World::new().await;
    section(&world, "News").await;
    let (mut program, _) = Program::of(&world, Role::Author, &Scope::ALL).await;
    let draft = json!({ "section": "news", "headline": "Once" });
    let key = [("idempotency-key", "0123456789abcdef")];
    let first = program.send(Method::POST, "/articles", &key, &draft).await;
    let again = program.send(Method::POST, "/articles", &key, &draft).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200), "{}", again.body);
    assert_eq!(first.json()["id"], again.json()["id"]);
}

#[tokio::test]
async fn a_picture_comes_with_its_words_and_goes_into_an_article() {
    let world = World::new().await;
    section(&world, "News").await;
    let (mut program, _) = Program::of(&world, Role::Author, &Scope::ALL).await;
    let bearer = format!("Bearer {}", program.token);
    let picture = crate::desk::png(80);
    let mut browser = world.browser();
    let headers = [("authorization", bearer.as_str())];
    let words = [("alt", "A quay"), ("credit", "Ada Holt")];
    let bare =
        browser.upload_with("/api/v1/desk/media", &headers, &[], &[("file", "quay.png", &picture)]).await;
    assert_eq!((bare.status.as_u16(), bare.wrong()), (422, vec!["alt".to_owned()]));
    let made =
        browser.upload_with("/api/v1/desk/media", &headers, &words, &[("file", "quay.png", &picture)]).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.json()["id"].as_i64().unwrap();
    let again =
        browser.upload_with("/api/v1/desk/media", &headers, &words, &[("file", "quay.png", &picture)]).await;
    assert_eq!((again.status.as_u16(), again.json()["id"].as_i64()), (200, Some(id)));
    let article =
        program.post("/articles", &json!({ "section": "news", "headline": "Quay", "picture": id })).await;
    assert_eq!(article.json()["picture_alt"], "A quay", "{}", article.body);
    assert_eq!(program.get("/media").await.json()["items"][0]["credit"], "Ada Holt");
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_again() {
    let tokens = broadsheet::web::rates::Rate::new(2, std::time::Duration::from_mins(10));
    let quotas = broadsheet::web::rates::Quotas { tokens, ..broadsheet::web::rates::Quotas::open() };
    let world = World::at(crate::browser::BASE, quotas).await;
    let (mut program, id) = Program::of(&world, Role::Author, &Scope::ALL).await;
    let first = program.get("/me").await;
    assert_eq!(first.header("ratelimit-policy"), "\"token\";q=2;w=600");
    assert!(first.header("ratelimit").starts_with("\"token\";r=1;t="), "{}", first.header("ratelimit"));
    program.get("/me").await;
    let refused = program.get("/me").await;
    assert_eq!((refused.status.as_u16(), refused.header("content-type")), (429, "application/problem+json"));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 60);
    assert!(refused.header("ratelimit").contains("r=0"));
    assert_eq!(Program::with(&world, id, &Scope::ALL).await.get("/me").await.status, 200, "another token");
}
