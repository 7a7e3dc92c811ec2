//! What readers write below an article.

use std::time::Duration;

use broadsheet::news::article::ArticleId;
use broadsheet::news::comment::queue::{self, Filter};
use broadsheet::news::comment::{self, CommentId, Decision, State};
use broadsheet::text::Cursor;
use broadsheet::web::rates::{Quotas, Rate};

use crate::browser::{Answer, BASE, World};
use crate::newsroom::{Page, Story};

const SOUND: [(&str, &str); 3] =
    [("name", "A reader"), ("email", "reader@example.org"), ("text", "I saw it <b>too</b>.\n\nTwice.")];

async fn story() -> (World, ArticleId, String) {
    let world = World::new().await;
    let id = Story::new("Bridge").publish(&world).await;
    (world, id, format!("/article/{id}/comments"))
}

async fn stored(world: &World) -> Vec<(CommentId, State)> {
    let mut all = Vec::new();
    for state in State::ALL {
        let (pool, all_of_them) = (&world.db.pool, Filter::default());
        let rows = queue::rows(pool, state, &all_of_them, Cursor::START, 100).await.unwrap();
        all.extend(rows.into_iter().map(|row| (row.id, row.state)));
    }
    all
}

async fn approve(world: &World, id: CommentId) {
    let mut tx = world.db.pool.begin().await.unwrap();
    let decision = Decision { state: State::Approved, reason: "", by: None };
    comment::decide(&mut tx, &world.app.comment_keys, id, &decision).await.unwrap().unwrap();
    tx.commit().await.unwrap();
}

/// Where an answer leads, without the token that nobody can know beforehand.
fn way(answer: &Answer) -> String {
    let location = answer.header("location");
    match location.split_once("&own=") {
        Some((before, rest)) => format!("{before}{}", &rest[64..]),
        None => location.to_owned(),
    }
}

#[tokio::test]
async fn a_comment_is_held_until_it_is_approved_and_its_email_is_never_shown() {
    let (world, id, form) = story().await;
    let mut reader = world.browser();
    let answer = reader.post(&form, &SOUND).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(way(&answer), format!("/article/{id}/bridge?comment=held#comments"));
    let held = reader.get(&format!("/article/{id}/bridge?comment=held")).await;
    assert_eq!(Page::of(&held).text(".notice"), "Your comment was received and waits for an editor.");
    assert_eq!((held.header("cache-control"), held.header("set-cookie")), ("private, no-store", ""));
    let plain = reader.get(&format!("/article/{id}/bridge")).await;
    assert!(!plain.body.contains("I saw it") && !plain.body.contains("waits for an editor"));

    let (comment, state) = stored(&world).await[0];
    assert_eq!(state, State::Pending);
    approve(&world, comment).await;
    let answer = reader.get(&format!("/article/{id}/bridge")).await;
    let page = Page::of(&answer);
    assert_eq!(page.texts(".comment > p[dir]"), ["I saw it <b>too</b>.", "Twice."]);
    assert_eq!(page.text(".comment b"), "A reader");
    assert!(!answer.body.contains("reader@example.org"));
}

#[tokio::test]
async fn refused_fields_are_named_at_their_place_and_everything_typed_is_kept() {
    let (world, _, form) = story().await;
    let long = "x".repeat(61);
    let typed = [("name", long.as_str()), ("email", "nobody\"><i>"), ("text", "Kept </textarea> words")];
    let answer = world.browser().post(&form, &typed).await;
    assert_eq!(answer.status, 422);
    let page = Page::of(&answer);
    assert_eq!(page.attributes("[aria-invalid]", "name"), ["name", "email"]);
    for field in ["name", "email"] {
        let described = page.attribute(&format!("[name={field}]"), "aria-describedby");
        assert!(!page.text(&format!("#{described}")).is_empty(), "{field}");
    }
    assert_eq!(page.attribute("[name=email]", "value"), "nobody\"><i>");
    assert_eq!(page.text("textarea"), "Kept </textarea> words");
    assert!(stored(&world).await.is_empty());
}

#[tokio::test]
async fn a_name_may_be_left_out_and_only_the_text_is_required() {
    let (world, id, form) = story().await;
    let mut reader = world.browser();
    let page = reader.read(&format!("/article/{id}/bridge")).await;
    assert_eq!(page.attributes(".comment-form [required]", "name"), ["text"]);
    assert_eq!(page.text("label[for=comment-text] span"), "required");

    assert_eq!(reader.post(&form, &[("name", " "), ("text", "Said by nobody.")]).await.status, 303);
    let (comment, _) = stored(&world).await[0];
    approve(&world, comment).await;
    let page = reader.read(&format!("/article/{id}/bridge")).await;
    assert_eq!(page.text(".comment b"), "Anonymous");
}

#[tokio::test]
async fn a_comment_with_the_hidden_field_filled_in_is_thanked_for_and_dropped() {
    let (world, _, form) = story().await;
    let page = world.browser().get(&form.replace("comments", "bridge")).await;
    assert!(Page::of(&page).has(".trap [name=website]"));
    let fields: Vec<_> = SOUND.into_iter().chain([("website", "http://buy.example")]).collect();
    assert_eq!(world.browser().post(&form, &fields).await.status, 303);
    assert!(stored(&world).await.is_empty());
}

#[tokio::test]
async fn an_article_that_takes_no_comments_says_so() {
    let world = World::new().await;
    let id = Story::new("Closed").with(|fields| fields.comments_open = false).publish(&world).await;
    assert!(!world.browser().read(&format!("/article/{id}/closed")).await.has("form.comment-form"));
    let answer = world.browser().post(&format!("/article/{id}/comments"), &SOUND).await;
    assert_eq!(answer.status, 403);
    assert_eq!(Page::of(&answer).text(".notice"), "Comments on this article are closed.");
    assert!(stored(&world).await.is_empty());
}

#[tokio::test]
async fn too_many_comments_are_told_to_wait_and_keep_their_words() {
    let quotas = Quotas { comments: vec![Rate::new(1, Duration::from_mins(10)).unwrap()], ..Quotas::open() };
    let world = World::at(BASE, quotas).await;
    let id = Story::new("Bridge").publish(&world).await;
    let form = format!("/article/{id}/comments");
    assert_eq!(world.browser().post(&form, &SOUND).await.status, 303);
    let answer = world.browser().post(&form, &[("name", "A"), ("text", "Second words")]).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 60);
    assert_eq!(Page::of(&answer).text("textarea"), "Second words");
}

#[tokio::test]
async fn what_readers_may_not_see_takes_no_comment() {
    let world = World::new().await;
    let id = Story::new("Draft").draft(&world).await;
    assert_eq!(world.browser().post(&format!("/article/{id}/comments"), &SOUND).await.status, 404);
}
