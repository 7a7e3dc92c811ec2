//! The way of an article to its readers: who may move it from where to where, and how the list shows it.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::agenda;
use broadsheet::news::article::row::{self, Filter};
use broadsheet::news::article::save::{self as saving, Action, Stale};
use broadsheet::news::article::{self, ArticleId, State, trash};
use broadsheet::news::audit::Actor;

use super::Screen;
use super::newsdesk::{Newsdesk, person, save};
use crate::browser::World;
use crate::newsroom::Story;

const STATES: [&str; 4] = ["draft", "review", "published", "withdrawn"];

/// Who may, in each of the four states: o its own author, x another author, e editor, a admin.
const MATRIX: [(&str, [&str; 4]); 6] = [
    ("save", ["oea", "ea", "ea", "ea"]),
    ("submit", ["oea", "", "", ""]),
    ("return", ["", "oea", "", ""]),
    ("publish", ["ea", "ea", "ea", "ea"]),
    ("schedule", ["", "", "ea", ""]),
    ("withdraw", ["", "", "ea", ""]),
];

async fn put_into(world: &World, id: ArticleId, state: &str) {
    let put = "update articles set state = $1, publish_at = case when $1 in ('draft', 'review') then null
                                                                 else now() - interval '1 hour' end
               where id = $2";
    sqlx::query("delete from scheduled_edits").execute(&world.db.pool).await.unwrap();
    sqlx::query(put).bind(state).bind(id.0).execute(&world.db.pool).await.unwrap();
}

#[tokio::test]
async fn every_role_moves_an_article_as_the_matrix_says() {
    let desk = Newsdesk::new().await;
    let id = desk.draft("On its way").await;
    let (other, _) = person(&desk.world, "Other Author", Role::Author).await;
    let (admin, _) = person(&desk.world, "Ada Min", Role::Admin).await;
    let Newsdesk { world, editor, author, .. } = desk;
    let mut people = [('o', author), ('x', other), ('e', editor), ('a', admin)];
    let mut wrong = Vec::new();
    for (action, allowed) in MATRIX {
        for (state, allowed) in STATES.into_iter().zip(allowed) {
            for (who, browser) in &mut people {
                put_into(&world, id, state).await;
                let version = article::by_id(&world.db.pool, id).await.unwrap().unwrap().version.to_string();
                let typed = [
                    ("headline", "On its way"),
                    ("section", "news"),
                    ("body", "<p>Text.</p>"),
                    ("version", &version),
                    ("why", "As it has to be"),
                    ("effective_at", "2999-01-01T10:00"),
                    ("action", action),
                ];
                let answer = browser.upload(&format!("/desk/articles/{id}"), &typed, &[]).await;
                let expected = match (*who, allowed.contains(*who)) {
                    ('x', _) => StatusCode::NOT_FOUND,
                    (_, true) => StatusCode::SEE_OTHER,
                    (_, false) => StatusCode::FORBIDDEN,
                };
                if answer.status != expected {
                    wrong.push(format!("{who} {action} in {state}: {}, not {expected}", answer.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn an_author_hands_in_and_takes_back_and_an_editor_publishes() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Ready at last").await;
    let form = Screen::of(&desk.author.get(&format!("/desk/articles/{id}")).await);
    assert!(form.has("button[value=submit]") && !form.has("button[value=publish]"));
    assert_eq!(save(&mut desk.author, id, &[("action", "submit")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.article(id).await.state, State::Review);

    let form = Screen::of(&desk.author.get(&format!("/desk/articles/{id}")).await);
    assert!(!form.has("button[value=save]"));
    assert_eq!(form.text("button[value=return]"), ["Take back"]);
    assert_eq!(save(&mut desk.author, id, &[("action", "return")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.article(id).await.state, State::Draft);

    assert_eq!(save(&mut desk.author, id, &[("action", "submit")]).await.status, StatusCode::SEE_OTHER);
    desk.saved(id, &[("action", "publish")]).await;
    assert_eq!(desk.article(id).await.state, State::Published);
    let page = desk.world.browser().get(&desk.article(id).await.href()).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn what_goes_back_to_its_author_says_why() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Not yet").await;
    save(&mut desk.author, id, &[("action", "submit")]).await;
    let answer = desk.save(id, &[("action", "return")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).has("#why-error"));
    desk.saved(id, &[("action", "return"), ("why", "Who says so? Name the source.")]).await;
    let screen = Screen::of(&desk.author.get(&format!("/desk/articles/{id}")).await);
    assert!(screen.text(".notes").join(" ").contains("Who says so? Name the source."));
    assert!(screen.has(".badge.draft"));
}

#[tokio::test]
async fn the_list_has_a_tab_for_every_state_and_counts_what_waits() {
    let mut desk = Newsdesk::new().await;
    desk.draft("One draft").await;
    let waits = desk.draft("One in review").await;
    put_into(&desk.world, waits, "review").await;
    desk.published("One that is live").await;
    Story::new("One for tomorrow").hours_ago(-24).publish(&desk.world).await;
    let list = Screen::of(&desk.editor.get("/desk/articles").await);
    let tabs = list.text(".tabs li");
    for tab in ["Drafts 1", "In review 1", "Scheduled 1", "Live", "Withdrawn", "Trash", "Mine"] {
        assert!(tabs.iter().any(|found| found == tab), "{tab} in {tabs:?}");
    }
    for (state, headline) in [
        ("draft", "One draft"),
        ("review", "One in review"),
        ("scheduled", "One for tomorrow"),
        ("published", "One that is live"),
    ] {
        let list = Screen::of(&desk.editor.get(&format!("/desk/articles?state={state}")).await);
        assert_eq!(list.text("td.title a"), [headline], "{state}");
    }
}

#[tokio::test]
async fn the_list_is_narrowed_by_author_section_and_words() {
    let mut desk = Newsdesk::new().await;
    Story::new("By a name").byline("Ines Okafor").publish(&desk.world).await;
    desk.draft("By an account").await;
    let titles = async |desk: &mut Newsdesk, query: &str| {
        Screen::of(&desk.editor.get(&format!("/desk/articles?{query}")).await).text("td.title a")
    };
    assert_eq!(titles(&mut desk, "author=okafor").await, ["By a name"]);
    assert_eq!(titles(&mut desk, "author=aron").await, ["By an account"]);
    assert_eq!(titles(&mut desk, "q=account&section=news").await, ["By an account"]);
    assert!(titles(&mut desk, "author=100%25").await.is_empty());
}

#[tokio::test]
async fn many_articles_are_moved_at_once_each_by_its_own_rules() {
    let mut desk = Newsdesk::new().await;
    let (one, two) = (desk.draft("First").await, desk.draft("Second").await);
    let empty = Story::new("Without a text").body("").draft(&desk.world).await;
    let ids = [one.to_string(), two.to_string(), empty.to_string()];
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    fields.push(("do", "publish"));
    let answer = desk.editor.post("/desk/articles/bulk", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    for (id, state) in [(one, State::Published), (two, State::Published), (empty, State::Draft)] {
        assert_eq!(desk.article(id).await.state, state, "{id}");
    }
    let said = Screen::of(&desk.editor.get("/desk/articles").await).text(".notice").join(" ");
    assert!(said.contains("2 published") && said.contains("Without a text"), "{said}");

    let paper = crate::newsroom::section(&desk.world, "Paper").await;
    let moved = [("id", ids[0].as_str()), ("do", "section"), ("section", "paper")];
    desk.editor.post("/desk/articles/bulk", &moved).await;
    let article = desk.article(one).await;
    assert_eq!((article.section_id, article.state), (paper, State::Published));
    desk.editor.post("/desk/articles/bulk", &[("id", &ids[1]), ("do", "withdraw")]).await;
    assert_eq!(desk.article(two).await.state, State::Withdrawn);
}

#[tokio::test]
async fn an_author_moves_none_of_others_in_the_lot() {
    let mut desk = Newsdesk::new().await;
    let (mine, theirs) = (desk.draft("Mine").await, Story::new("Theirs").draft(&desk.world).await);
    let publish = [("id", mine.to_string()), ("do", "publish".to_owned())];
    let publish: Vec<(&str, &str)> = publish.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.author.post("/desk/articles/bulk", &publish).await;
    assert_eq!(desk.article(mine).await.state, State::Draft);
    let theirs_text = theirs.to_string();
    let answer = desk.author.post("/desk/articles/bulk", &[("id", &theirs_text), ("do", "trash")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(desk.article(theirs).await.trashed_at.is_none());
}

#[tokio::test]
async fn whoever_is_assigned_may_open_what_another_began() {
    let mut desk = Newsdesk::new().await;
    let id = Story::new("Begun elsewhere").draft(&desk.world).await;
    let path = format!("/desk/articles/{id}");
    assert_eq!(desk.author.get(&path).await.status, StatusCode::NOT_FOUND);
    let to = desk.author_id.to_string();
    let answer = desk.editor.post(&format!("{path}/assignee"), &[("user", &to)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.author.get(&path).await.status, StatusCode::OK);
    assert_eq!(save(&mut desk.author, id, &[("action", "submit")]).await.status, StatusCode::SEE_OTHER);
    let mine = agenda::of_user(&desk.world.db.pool, desk.author_id, 10).await.unwrap();
    assert_eq!(mine.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    assert_eq!(agenda::in_review(&desk.world.db.pool, 10).await.unwrap().len(), 1);
    let nobody = desk.author.post(&format!("{path}/assignee"), &[("user", "")]).await;
    assert_eq!(nobody.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_goes_out_next_comes_in_the_order_of_time() {
    let desk = Newsdesk::new().await;
    let later = Story::new("In two days").hours_ago(-48).publish(&desk.world).await;
    let sooner = Story::new("Tomorrow").hours_ago(-24).publish(&desk.world).await;
    desk.published("Out already").await;
    let next = agenda::next(&desk.world.db.pool, None, 10).await.unwrap();
    assert_eq!(next.iter().map(|row| row.id).collect::<Vec<_>>(), [sooner, later]);
    let filter = Filter { state: "scheduled".to_owned(), ..Filter::default() };
    let start = broadsheet::text::Cursor::START;
    assert_eq!(row::rows(&desk.world.db.pool, &filter, start, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn many_at_once_leave_what_is_out_and_name_the_edits_that_they_hold() {
    let mut desk = Newsdesk::new().await;
    let (out, waits) = (desk.published("Out").await, desk.published("With an edit").await);
    desk.saved(waits, &[("action", "schedule"), ("effective_at", "2999-06-01T10:00")]).await;
    let ids = [out.to_string(), waits.to_string()];
    let lot = |ids: &[String], deed: &str| {
        let mut fields: Vec<(String, String)> = ids.iter().map(|id| ("id".to_owned(), id.clone())).collect();
        fields.push(("do".to_owned(), deed.to_owned()));
        fields
    };
    for (deed, expected) in [
        (
            "publish",
            "0 published. Left as they were: “Out”: published already; “With an edit”: published already.",
        ),
        ("withdraw", "2 withdrawn. An edit is held until you have looked at it: “With an edit”."),
    ] {
        let fields = lot(&ids, deed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        desk.editor.post("/desk/articles/bulk", &fields).await;
        let said = Screen::of(&desk.editor.get("/desk/articles").await).text(".notice").join(" ");
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(desk.article(out).await.version, 2);
}

#[tokio::test]
async fn what_is_thrown_away_while_somebody_publishes_it_stays_in_the_trash() {
    let desk = Newsdesk::new().await;
    let id = desk.draft("Not wanted").await;
    let mut tx = desk.world.db.pool.begin().await.unwrap();
    trash::put(&mut tx, id, &Actor::command_line()).await.unwrap();
    let fields = Story::new("Not wanted").with_section(&desk.world).await;
    let saved =
        saving::update(&mut tx, id, 1, &fields, Action::Publish, &Actor::command_line()).await.unwrap();
    assert_eq!(saved, Err(Stale { current: 1 }));
}

#[tokio::test]
async fn a_plan_that_was_moved_comes_out_when_it_comes_out() {
    let desk = Newsdesk::new().await;
    let id = Story::new("Planned").hours_ago(-24).publish(&desk.world).await;
    Story::new("Planned").hours_ago(-72).over(&desk.world, id).await;
    let moved = "select (released_at = publish_at)::text from articles";
    assert_eq!(desk.value(moved).await, "true");
    desk.run("update articles set released_at = now() - interval '1 day' * $1 where id = $2", 1, id).await;
    let mut tx = desk.world.db.pool.begin().await.unwrap();
    let fields = Story::new("Planned").hours_ago(-1).with_section(&desk.world).await;
    saving::update(&mut tx, id, 2, &fields, Action::Save, &Actor::command_line()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let kept = "select (released_at < now())::text from articles";
    assert_eq!(desk.value(kept).await, "true", "what is out has come out");
}
