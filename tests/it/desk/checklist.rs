//! What an article should have, what a section requires, and who may publish over it.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use serde_json::Value;

use super::newsdesk::save;
use super::{Screen, png, with_section};
use crate::browser::{Answer, Browser, World};
use crate::newsroom::Story;

async fn requiring(checks: &[&str]) -> World {
    let world = World::new().await;
    with_section(&world).await;
    sqlx::query("update sections set requires = $1").bind(checks).execute(&world.db.pool).await.unwrap();
    world
}

async fn publish(browser: &mut Browser, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("section", "paper"),
        ("headline", "The bridge"),
        ("body", "<p>It is open.</p>"),
        ("action", "publish"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    browser.upload("/desk/articles", &fields, &[]).await
}

fn state(screen: &Screen, check: &str) -> (bool, String) {
    let item = format!("[data-check={check}]");
    (screen.has(&format!("{item}.passed")), screen.text(&format!("{item} [data-note]"))[0].clone())
}

#[tokio::test]
async fn the_form_shows_what_is_there_and_what_is_missing_without_a_script() {
    let world = World::new().await;
    let mut editor = world.logged_in(Role::Editor).await;
    let id = Story::new("The bridge")
        .body(
            "<h3>Down</h3><p>One two three <a href=\"/article/999/x\">four</a>.</p><img src=\"/media/a/b\">",
        )
        .tags(&["Rivers"])
        .publish(&world)
        .await;
    let screen = Screen::of(&editor.get(&format!("/desk/articles/{id}")).await);
    assert_eq!(state(&screen, "headline"), (true, "10 letters".into()));
    assert_eq!(state(&screen, "tags"), (true, String::new()));
    assert_eq!(state(&screen, "links"), (false, "these lead nowhere: /article/999/x".into()));
    assert_eq!(state(&screen, "headings"), (false, "the first one is of level 3, not 2".into()));
    assert_eq!(state(&screen, "body_alt"), (false, "1 without a description".into()));
    assert_eq!(state(&screen, "picture_alt"), (true, "no picture".into()));
    assert_eq!(state(&screen, "related"), (false, String::new()));
    assert_eq!(screen.attribute("[data-check=links] a", "href").as_deref(), Some("#body"));
    assert_eq!(screen.text("[data-words]"), ["5"]);
    assert_eq!(screen.text("[data-minutes]"), ["1"]);
}

#[tokio::test]
async fn links_are_judged_as_a_reader_would_find_them() {
    let world = World::new().await;
    let mut editor = world.logged_in(Role::Editor).await;
    let out = Story::new("Out").tags(&["Rivers"]).publish(&world).await;
    let draft = Story::new("Draft").draft(&world).await;
    let links = format!(
        "<p><a href=\"/article/{out}/old-slug\">a</a><a href=\"http://localhost/tag/rivers#x\">b</a>\
         <a href=\"/section/news\">c</a><a href=\"/article/{draft}/d\">d</a><a href=\"/tag/none\">e</a>\
         <a href=\"/section/none\">f</a><a href=\"https://elsewhere.example/tag/none\">g</a></p>"
    );
    let id = Story::new("The bridge").body(&links).draft(&world).await;
    let screen = Screen::of(&editor.get(&format!("/desk/articles/{id}")).await);
    let note = format!("these lead nowhere: /article/{draft}/d, /tag/none, /section/none");
    assert_eq!(state(&screen, "links"), (false, note));
}

#[tokio::test]
async fn an_autosave_answers_with_the_checks() {
    let world = requiring(&["tags"]).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let fields = [
        ("draft", "key-of-a-draft"),
        ("section", "paper"),
        ("body", "<p>One <em>two</em> three</p>"),
        ("standfirst", "There"),
    ];
    let told: Value =
        serde_json::from_str(&editor.upload("/desk/articles/autosave", &fields, &[]).await.body).unwrap();
    assert_eq!((told["words"].as_u64(), told["minutes"].as_u64()), (Some(3), Some(1)));
    let check = |name: &str| {
        let check = told["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap();
        (check["passed"].as_bool().unwrap(), check["required"].as_bool().unwrap())
    };
    assert_eq!(
        (check("tags"), check("standfirst"), check("headline")),
        ((false, true), (true, false), (false, false))
    );
}

#[tokio::test]
async fn nothing_is_required_until_a_section_says_so() {
    let world = requiring(&[]).await;
    let mut editor = world.logged_in(Role::Editor).await;
    assert_eq!(publish(&mut editor, &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_a_section_requires_is_named_at_each_field() {
    let world = requiring(&["tags", "standfirst", "links", "headings", "picture_alt"]).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let body = "<h4>Low</h4><p><a href=\"/tag/none\">a</a></p>";
    let answer = publish(&mut editor, &[("body", body)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&answer);
    assert_eq!(screen.text("#tags-error"), ["Paper requires: At least one tag."]);
    assert!(screen.has("#standfirst-error") && !screen.has("#picture_alt-error"));
    let body = screen.text("#body-error")[0].clone();
    assert!(body.contains("Links within the site work") && body.contains("Subheads in order"), "{body}");
    let required = screen.text("[data-check=tags][data-required] .required-here");
    assert_eq!(required, ["required in this section"]);
    let drafts = publish(&mut editor, &[("action", "save")]).await;
    assert_eq!(drafts.status, StatusCode::SEE_OTHER, "a draft may be unfinished");
    let good = [("standfirst", "There."), ("tags", "Rivers")];
    assert_eq!(publish(&mut editor, &good).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_picture_that_is_mere_decoration_needs_no_description() {
    let world = requiring(&["picture_alt"]).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let fields = [("section", "paper"), ("headline", "A"), ("body", "<p>B</p>"), ("action", "publish")];
    let answer = editor.upload("/desk/articles", &fields, &[("picture", "a.png", &png(1))]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let key = Screen::of(&answer).field("picture_id");
    sqlx::query("update media set decorative = true").execute(&world.db.pool).await.unwrap();
    let answer = publish(&mut editor, &[("picture_id", &key)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn an_administrator_publishes_over_it_with_a_reason_that_the_log_keeps() {
    let world = requiring(&["tags", "standfirst"]).await;
    let mut admin = world.logged_in(Role::Admin).await;
    let answer = publish(&mut admin, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).has("#override_reason"));
    assert_eq!(
        publish(&mut admin, &[("override_reason", "  ")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let long = "x".repeat(501);
    let answer = publish(&mut admin, &[("override_reason", &long)]).await;
    assert!(Screen::of(&answer).has("#override_reason-error"));
    let answer = publish(&mut admin, &[("override_reason", "Breaking: the dam")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let kept: (String, Value) = sqlx::query_as("select actor, detail from audit where action = 'override'")
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(kept.0, "Mira Holt");
    assert_eq!(
        (kept.1["reason"].as_str(), kept.1["missing"].as_str()),
        (Some("Breaking: the dam"), Some("standfirst, tags"))
    );
}

#[tokio::test]
async fn an_editor_has_no_reason_to_give() {
    let world = requiring(&["tags"]).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let answer = publish(&mut editor, &[("override_reason", "I want to")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!Screen::of(&answer).has("#override_reason"));
    let published: i64 =
        sqlx::query_scalar("select count(*) from articles").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(published, 0);
}

#[tokio::test]
async fn an_administrator_says_what_a_section_requires_and_an_editor_is_told() {
    let world = World::new().await;
    with_section(&world).await;
    let id: i64 = sqlx::query_scalar("select id from sections").fetch_one(&world.db.pool).await.unwrap();
    let path = format!("/desk/sections/{id}");
    let mut admin = world.logged_in(Role::Admin).await;
    let fields = [
        ("name", "Paper"),
        ("description", ""),
        ("requirements", "yes"),
        ("requires", "tags"),
        ("requires", "links"),
    ];
    assert_eq!(admin.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    let screen = Screen::of(&admin.get("/desk/sections").await);
    assert!(screen.has("input[value=tags][checked]") && !screen.has("input[value=standfirst][checked]"));

    let mut editor = world.logged_in(Role::Editor).await;
    let screen = Screen::of(&editor.get("/desk/sections").await);
    assert!(!screen.has("input[name=requires]"));
    assert_eq!(screen.text(".required"), ["At least one tag", "Links within the site work"]);
    let none = [("name", "Paper"), ("description", ""), ("requirements", "yes")];
    assert_eq!(editor.post(&path, &none).await.status, StatusCode::FORBIDDEN);
    let renamed = [("name", "Papers"), ("description", "")];
    assert_eq!(editor.post(&path, &renamed).await.status, StatusCode::SEE_OTHER);
    let requires: Vec<String> =
        sqlx::query_scalar("select requires from sections").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(requires, ["tags", "links"]);

    assert_eq!(admin.post(&path, &none).await.status, StatusCode::SEE_OTHER);
    let requires: Vec<String> =
        sqlx::query_scalar("select requires from sections").fetch_one(&world.db.pool).await.unwrap();
    assert!(requires.is_empty());
    let odd = [("name", "Paper"), ("description", ""), ("requires", "beauty")];
    assert_eq!(admin.post(&path, &odd).await.status, StatusCode::BAD_REQUEST);
    let kept = "select detail ->> 'requires' from audit where noun = 'section' order by id limit 1";
    let kept: String = sqlx::query_scalar(kept).fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(kept, "tags, links");
}

#[tokio::test]
async fn what_is_out_is_scheduled_or_moved_only_as_the_section_wants_it() {
    let world = requiring(&[]).await;
    crate::newsroom::section(&world, "News").await;
    let id = Story::new("The bridge").publish(&world).await;
    sqlx::query("update sections set requires = '{tags}' where slug = 'paper'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    let mut editor = world.logged_in(Role::Editor).await;
    let moved = save(&mut editor, id, &[("section", "paper")]).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&moved).has("#tags-error"));
    let row = id.to_string();
    let lot = [("id", row.as_str()), ("do", "section"), ("section", "paper")];
    editor.post("/desk/articles/bulk", &lot).await;
    let said = Screen::of(&editor.get("/desk/articles").await).text(".notice").join(" ");
    assert!(said.contains("0 moved") && said.contains("Paper requires: At least one tag."), "{said}");
    let tagged = save(&mut editor, id, &[("section", "paper"), ("tags", "Rivers")]).await;
    assert_eq!(tagged.status, StatusCode::SEE_OTHER);

    let bare = [("tags", ""), ("headline", "Mended")];
    let mended = save(&mut editor, id, &bare).await;
    assert_eq!(mended.status, StatusCode::SEE_OTHER, "what is out may always be mended where it is");
    let then = [("action", "schedule"), ("effective_at", "2999-06-01T10:00")];
    let scheduled = save(&mut editor, id, &then).await;
    assert_eq!(scheduled.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&scheduled).has("#tags-error"));
}
