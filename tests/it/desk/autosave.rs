//! Text that nobody saved by hand: kept beside the article, shown to its writer again, never over anything newer.

use axum::http::StatusCode;
use broadsheet::accounts::{Role, UserId};
use broadsheet::news::article::autosave::{self, Key};
use broadsheet::news::article::save::{self, Action};
use broadsheet::news::article::{self, ArticleId};
use broadsheet::news::audit::Actor;
use broadsheet::news::tag::{self, TagId};
use serde_json::Value;

use super::{Screen, png, with_section};
use crate::browser::{Answer, Browser, World};
use crate::newsroom::Story;

const KEY: &str = "0f9a-key-of-a-draft";
const DRAFT: &str = "/desk/articles/autosave";

pub(super) struct Desk {
    pub(super) world: World,
    pub(super) editor: Browser,
    pub(super) id: ArticleId,
    pub(super) form: String,
}

impl Desk {
    /// An editor, and a published article of version 1.
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        with_section(&world).await;
        let editor = world.logged_in(Role::Editor).await;
        let id = Story::new("The bridge reopens").publish(&world).await;
        Self { form: format!("/desk/articles/{id}"), world, editor, id }
    }

    /// As the script sends it: the form as it stands, but for what was typed, from a page of this name.
    pub(super) async fn pause(&mut self, page: &str, sequence: &str, typed: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("headline", "The bridge reopens"),
            ("section", "news"),
            ("version", "1"),
            ("page", page),
            ("sequence", sequence),
        ];
        fields.retain(|(name, _)| typed.iter().all(|(other, _)| other != name));
        fields.extend_from_slice(typed);
        self.editor.upload(&format!("{}/autosave", self.form), &fields, &[]).await
    }

    pub(super) async fn draft(&mut self, page: &str, sequence: &str, headline: &str) -> Answer {
        let fields = [
            ("headline", headline),
            ("section", "news"),
            ("draft", KEY),
            ("page", page),
            ("sequence", sequence),
        ];
        self.editor.upload(DRAFT, &fields, &[]).await
    }

    pub(super) async fn open(&mut self) -> Screen {
        Screen::of(&self.editor.get(&self.form).await)
    }

    pub(super) async fn stored(&self) -> article::Article {
        article::by_id(&self.world.db.pool, self.id).await.unwrap().unwrap()
    }

    pub(super) async fn rows(&self) -> i64 {
        let count = "select count(*) from autosaves where became is null";
        sqlx::query_scalar(count).fetch_one(&self.world.db.pool).await.unwrap()
    }

    /// Somebody else saves version 2.
    pub(super) async fn meanwhile(&self, headline: &str) {
        Story::new(headline).over(&self.world, self.id).await;
    }
}

fn told(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

#[tokio::test]
async fn what_was_typed_is_there_again_when_the_form_is_opened() {
    let mut desk = Desk::new().await;
    let answer = desk
        .pause("a", "0", &[("headline", "Typed"), ("body", "<p>One</p>\r\n<p>Two</p>"), ("tags", "Rivers")])
        .await;
    let told = told(&answer);
    assert_eq!(
        (answer.status, &told["state"], &told["sequence"]),
        (StatusCode::OK, &"saved".into(), &1.into())
    );
    assert_eq!(told["at"].as_str().unwrap().len(), "09:41".len());
    let screen = desk.open().await;
    assert_eq!(screen.field("headline"), "Typed");
    assert_eq!(screen.field("body"), "<p>One</p>\n<p>Two</p>");
    assert_eq!(screen.field("tags"), "Rivers");
    assert_eq!(screen.field("version"), "1");
    assert!(!screen.has("#comments[checked]"), "an empty box was kept too");
    assert!(screen.text("#unsaved p")[0].starts_with("This is your unsaved text from"));
    assert_eq!(screen.attribute("form[data-autosave]", "data-sequence").as_deref(), Some("1"));
}

#[tokio::test]
async fn an_autosave_changes_no_article_and_leaves_no_trace() {
    let mut desk = Desk::new().await;
    let before = desk.stored().await;
    desk.pause("a", "0", &[("headline", "Never out"), ("action", "publish")]).await;
    let after = desk.stored().await;
    assert_eq!((after.headline, after.version, after.updated_at), (before.headline, 1, before.updated_at));
    let trail = "select count(*) from audit";
    let trail: i64 = sqlx::query_scalar(trail).fetch_one(&desk.world.db.pool).await.unwrap();
    assert_eq!(trail, 1);
    let page = desk.world.browser().get(&format!("/article/{}/the-bridge-reopens", desk.id)).await;
    assert!(!page.body.contains("Never out"));
}

#[tokio::test]
async fn nobody_else_is_shown_it() {
    let mut desk = Desk::new().await;
    desk.pause("a", "0", &[("headline", "Only mine")]).await;
    desk.draft("a", "0", "Mine too").await;
    let mut admin = desk.world.logged_in(Role::Admin).await;
    for path in [desk.form.as_str(), "/desk/articles", &format!("/desk/articles/new?draft={KEY}")] {
        let body = admin.get(path).await.body;
        assert!(!body.contains("Only mine") && !body.contains("Mine too"), "{path}");
    }
}

#[tokio::test]
async fn discarded_text_is_gone_and_the_stored_is_shown() {
    let mut desk = Desk::new().await;
    desk.pause("a", "0", &[("headline", "Typed")]).await;
    let discard = desk.open().await.attribute("#unsaved form", "action").unwrap();
    let answer = desk.editor.post(&discard, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, desk.form.as_str()));
    let screen = desk.open().await;
    assert_eq!(screen.field("headline"), "The bridge reopens");
    assert!(!screen.has("#unsaved"));
    assert_eq!(desk.rows().await, 0);
}

#[tokio::test]
async fn a_save_by_hand_ends_the_autosave_with_it() {
    let mut desk = Desk::new().await;
    desk.pause("a", "0", &[("headline", "Typed")]).await;
    let typed = [("headline", "By hand"), ("section", "paper"), ("body", "<p>A</p>"), ("version", "1")];
    let refused = desk.editor.upload(&desk.form, &[("headline", ""), ("version", "1")], &[]).await;
    assert_eq!((refused.status, desk.rows().await), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(desk.editor.upload(&desk.form, &typed, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.rows().await, 0);
    assert_eq!(desk.open().await.field("headline"), "By hand");
}

#[tokio::test]
async fn an_autosave_on_an_older_version_is_refused() {
    let mut desk = Desk::new().await;
    desk.meanwhile("Theirs").await;
    let answer = desk.pause("a", "0", &[("headline", "Too late")]).await;
    assert_eq!((answer.status, told(&answer)["state"].as_str()), (StatusCode::CONFLICT, Some("moved")));
    assert_eq!(desk.rows().await, 0);
}

#[tokio::test]
async fn another_window_is_not_written_over_until_its_text_is_known() {
    let mut desk = Desk::new().await;
    desk.pause("first", "0", &[("headline", "First window")]).await;
    let late = desk.pause("second", "0", &[("headline", "Second window")]).await;
    let told_late = told(&late);
    assert_eq!((late.status, told_late["state"].as_str()), (StatusCode::CONFLICT, Some("elsewhere")));
    assert_eq!(desk.open().await.field("headline"), "First window");

    // The first goes on whatever it knows; an answer of the server may have got lost.
    assert_eq!(desk.pause("first", "0", &[("headline", "First again")]).await.status, StatusCode::OK);
    let sequence = told(&desk.pause("second", "1", &[]).await)["sequence"].to_string();
    let known = desk.pause("second", &sequence, &[("headline", "Second, knowing")]).await;
    assert_eq!(known.status, StatusCode::OK);
    assert_eq!(desk.open().await.field("headline"), "Second, knowing");
}

#[tokio::test]
async fn two_windows_that_write_their_first_at_once_do_not_overwrite_each_other() {
    let desk = Desk::new().await;
    let mut sent = Vec::new();
    for page in ["a", "b", "c", "d"] {
        let mut editor = Browser::on(broadsheet::server::router(desk.world.app.clone())).of(&desk.world.app);
        editor.cookies.clone_from(&desk.editor.cookies);
        let path = format!("{}/autosave", desk.form);
        sent.push(tokio::spawn(async move {
            let fields = [("headline", page), ("version", "1"), ("page", page), ("sequence", "0")];
            (page, editor.upload(&path, &fields, &[]).await.status)
        }));
    }
    let mut kept = Vec::new();
    for answer in sent {
        let (page, status) = answer.await.unwrap();
        match status {
            StatusCode::OK => kept.push(page),
            other => assert_eq!(other, StatusCode::CONFLICT),
        }
    }
    assert_eq!(kept.len(), 1);
    let there: String = sqlx::query_scalar("select fields ->> 'headline' from autosaves")
        .fetch_one(&desk.world.db.pool)
        .await
        .unwrap();
    assert_eq!(kept, [there]);
}

#[tokio::test]
async fn text_on_an_older_version_leads_to_both_sides() {
    let mut desk = Desk::new().await;
    desk.pause("a", "0", &[("headline", "Mine"), ("body", "<p>My words.</p>")]).await;
    desk.meanwhile("Theirs").await;
    let answer = desk.editor.get(&desk.form).await;
    assert_eq!(answer.status, StatusCode::OK);
    let screen = Screen::of(&answer);
    assert!(screen.has(&format!("form[action='{}/merge']", desk.form)));
    assert_eq!((screen.field("headline"), screen.field("their-headline")), ("Mine".into(), "Theirs".into()));
    assert_eq!(screen.field("version"), "2");

    let mut merged = screen.form(&format!("{}/merge", desk.form));
    merged.retain(|(name, _)| !name.starts_with("take-") && !name.starts_with("block-"));
    let names = merged.iter().filter_map(|(name, _)| Some(format!("take-{}", name.strip_prefix("their-")?)));
    let takes: Vec<_> = names.map(|name| (name, "mine".to_owned())).collect();
    merged.extend(takes);
    merged.extend((0..9).map(|at| (format!("block-{at}"), "mine".to_owned())));
    let merged: Vec<_> = merged.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = desk.editor.upload(&format!("{}/merge", desk.form), &merged, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let stored = desk.stored().await;
    assert_eq!((stored.headline.as_str(), stored.version), ("Mine", 3));
    assert_eq!(desk.rows().await, 0);
}

#[tokio::test]
async fn a_draft_is_found_again_by_its_key_and_in_the_lists() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.draft("a", "0", "Begun").await.status, StatusCode::OK);
    assert_eq!(desk.draft("a", "1", "Begun and gone on").await.status, StatusCode::OK);
    let address = format!("/desk/articles/new?draft={KEY}");
    for list in ["/desk/articles", "/desk/articles/new"] {
        let screen = Screen::of(&desk.editor.get(list).await);
        assert_eq!(screen.text(&format!("a[href='{address}']")), ["Begun and gone on"], "{list}");
    }
    let screen = Screen::of(&desk.editor.get(&address).await);
    assert_eq!((screen.field("headline"), screen.field("draft")), ("Begun and gone on".into(), KEY.into()));
    assert_eq!(screen.attribute("#unsaved form input", "value").as_deref(), Some(KEY));
    desk.editor.post("/desk/articles/autosave/discard", &[("draft", KEY)]).await;
    assert_eq!(Screen::of(&desk.editor.get(&address).await).field("headline"), "");
    // A window in which it was still open makes it anew only when its writer says so.
    let answer = desk.draft("a", "2", "Still typing").await;
    assert_eq!((answer.status, told(&answer)["state"].as_str()), (StatusCode::CONFLICT, Some("gone")));
    assert_eq!(desk.draft("a", "0", "Kept after all").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_draft_becomes_one_article_however_many_windows_have_it() {
    let mut desk = Desk::new().await;
    desk.draft("a", "0", "Begun").await;
    let typed = [("headline", "Saved once"), ("section", "paper"), ("draft", KEY)];
    let saved = desk.editor.upload("/desk/articles", &typed, &[]).await;
    let article = saved.header("location").to_owned();
    assert_eq!(desk.rows().await, 0);

    let answer = desk.draft("a", "1", "Still typing").await;
    assert_eq!((answer.status, told(&answer)["state"].as_str()), (StatusCode::CONFLICT, Some("became")));
    let again = desk.editor.get(&format!("/desk/articles/new?draft={KEY}")).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, article.as_str()));
    let typed = [("headline", "Saved twice"), ("section", "paper"), ("draft", KEY)];
    let second = desk.editor.upload("/desk/articles", &typed, &[]).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert_eq!(Screen::of(&second).field("headline"), "Saved twice");
    let articles: i64 =
        sqlx::query_scalar("select count(*) from articles").fetch_one(&desk.world.db.pool).await.unwrap();
    assert_eq!(articles, 2);
}

#[tokio::test]
async fn the_picture_that_the_form_holds_is_kept_with_the_text() {
    let mut desk = Desk::new().await;
    let typed =
        [("headline", "With a picture"), ("section", "paper"), ("body", "<p>A</p>"), ("version", "1")];
    desk.editor.upload(&desk.form, &typed, &[("picture", "bridge.png", &png(1))]).await;
    let key = desk.open().await.field("picture_id");
    let typed = [("picture_id", key.as_str()), ("version", "2"), ("headline", "Typed")];
    assert_eq!(desk.pause("a", "0", &typed).await.status, StatusCode::OK);
    assert_eq!(desk.open().await.field("picture_id"), key);
}

#[tokio::test]
async fn an_author_keeps_text_of_their_own_drafts_alone() {
    let desk = Desk::new().await;
    let mut author = desk.world.logged_in(Role::Author).await;
    let typed = [("headline", "Mine"), ("section", "paper")];
    let form = author.upload("/desk/articles", &typed, &[]).await.header("location").to_owned();
    let typed = [("headline", "Typed"), ("version", "1"), ("page", "a")];
    let autosave = |form: &str| format!("{form}/autosave");
    assert_eq!(author.upload(&autosave(&form), &typed, &[]).await.status, StatusCode::OK);
    assert_eq!(author.upload(&autosave(&desk.form), &typed, &[]).await.status, StatusCode::NOT_FOUND);
    sqlx::query("update articles set state = 'published', publish_at = now() where headline = 'Mine'")
        .execute(&desk.world.db.pool)
        .await
        .unwrap();
    assert_eq!(author.upload(&autosave(&form), &typed, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn letters_that_no_database_takes_cost_nothing_else() {
    let mut desk = Desk::new().await;
    assert_eq!(
        desk.pause("a", "0", &[("headline", "A\0B"), ("body", "C\u{8}D")]).await.status,
        StatusCode::OK
    );
    assert_eq!(desk.open().await.field("headline"), "AB");
}

#[tokio::test]
async fn what_is_too_long_or_nobody_typed_is_refused() {
    let mut desk = Desk::new().await;
    let long = "x".repeat(2 * 1024 * 1024 + 1);
    assert_eq!(desk.pause("a", "0", &[("body", &long)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(desk.pause("a", "0", &[("role", "admin")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.pause(&"x".repeat(65), "0", &[]).await.status, StatusCode::BAD_REQUEST);
    let fields = [("headline", "x"), ("draft", "../etc")];
    assert_eq!(desk.editor.upload(DRAFT, &fields, &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.rows().await, 0);
}

#[tokio::test]
async fn forgotten_text_is_swept_after_a_month() {
    let mut desk = Desk::new().await;
    desk.pause("a", "0", &[]).await;
    desk.draft("a", "0", "Young").await;
    sqlx::query("update autosaves set saved_at = now() - interval '31 days' where article_id is not null")
        .execute(&desk.world.db.pool)
        .await
        .unwrap();
    autosave::sweep(&desk.world.db.pool).await.unwrap();
    assert_eq!(desk.rows().await, 1);
    assert!(desk.editor.get("/desk/articles").await.body.contains("Young"));
}

/// Until somebody waits for a lock.
async fn until_somebody_waits(world: &World) {
    let waits = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&world.db.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_button_that_was_pressed_twice_makes_one_article() {
    let mut desk = Desk::new().await;
    desk.draft("a", "0", "Begun").await;
    let user: i64 = sqlx::query_scalar("select max(user_id) from autosaves")
        .fetch_one(&desk.world.db.pool)
        .await
        .unwrap();
    // The first press is not done yet.
    let mut first = desk.world.db.pool.begin().await.unwrap();
    let fields = Story::new("Begun").with_section(&desk.world).await;
    let id = save::create(&mut first, &fields, Action::Save, &Actor::command_line()).await.unwrap();
    autosave::settle(&mut first, UserId(user), id, Key::parse(KEY).as_ref()).await.unwrap();
    let (mut editor, world) = (desk.editor, desk.world);
    let second = tokio::spawn(async move {
        let typed = [("headline", "Begun"), ("section", "paper"), ("draft", KEY)];
        editor.upload("/desk/articles", &typed, &[]).await
    });
    until_somebody_waits(&world).await;
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap().status, StatusCode::CONFLICT);
    let articles: i64 =
        sqlx::query_scalar("select count(*) from articles").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(articles, 2);
}

#[tokio::test]
async fn a_save_meets_a_tag_that_is_being_merged_and_takes_the_other() {
    let desk = Desk::new().await;
    let pool = desk.world.db.pool.clone();
    Story::new("Tagged").tags(&["Flood", "Water"]).publish(&desk.world).await;
    let tag = async |slug: &str| -> TagId {
        let found = sqlx::query_scalar("select id from tags where slug = $1").bind(slug);
        TagId(found.fetch_one(&pool).await.unwrap())
    };
    let (from, into) = (tag("flood").await, tag("water").await);
    let mut merge = pool.begin().await.unwrap();
    tag::merge(&mut merge, from, into).await.unwrap();
    let (mut editor, world, form) = (desk.editor, desk.world, desk.form);
    let save = tokio::spawn(async move {
        let typed = [
            ("headline", "Tagged too"),
            ("section", "news"),
            ("version", "1"),
            ("tags", "Flood"),
            ("body", "<p>A</p>"),
        ];
        editor.upload(&form, &typed, &[]).await
    });
    until_somebody_waits(&world).await;
    merge.commit().await.unwrap();
    let answer = save.await.unwrap();
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let carried = "select count(*) from article_tags l join articles a on a.id = l.article_id
                   where a.headline = 'Tagged too' and l.tag_id = $1";
    let carried: i64 = sqlx::query_scalar(carried).bind(into.0).fetch_one(&pool).await.unwrap();
    assert_eq!(carried, 1);
}
