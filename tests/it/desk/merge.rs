//! A save that came too late: both sides, chosen place by place, without a script.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::article::{self, ArticleId};

use super::{Screen, with_section};
use crate::browser::{Answer, Browser, World};

const BASE: &str = "<p>The first one.</p><p>The second one.</p><p>The third one.</p>";

struct Two {
    world: World,
    me: Browser,
    them: Browser,
    id: ArticleId,
    form: String,
}

impl Two {
    /// An article of version 1, open at two desks.
    async fn new() -> Self {
        let world = World::new().await;
        with_section(&world).await;
        let (mut me, them) = (world.logged_in(Role::Editor).await, world.logged_in(Role::Admin).await);
        let typed = [
            ("section", "paper"),
            ("headline", "The bridge"),
            ("standfirst", "What is known."),
            ("body", BASE),
            ("tags", "Rivers"),
            ("action", "publish"),
        ];
        let saved = me.upload("/desk/articles", &typed, &[]).await;
        let form = saved.header("location").to_owned();
        let id = form.strip_prefix("/desk/articles/").unwrap().parse().unwrap();
        Self { world, me, them, id, form }
    }

    /// They save the form as they have it, with these changes.
    async fn they_save(&mut self, changed: &[(&str, &str)]) {
        let fields = Screen::of(&self.them.get(&self.form).await).form(&self.form);
        let answer = send(&mut self.them, &self.form, with(fields, changed)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }

    /// I save what I opened as version 1, with these changes.
    async fn i_save(&mut self, changed: &[(&str, &str)]) -> Answer {
        let fields = [
            ("section", "paper"),
            ("headline", "The bridge"),
            ("slug", "the-bridge"),
            ("standfirst", "What is known."),
            ("body", BASE),
            ("tags", "Rivers"),
            ("language", "en"),
            ("version", "1"),
            ("action", "save"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let at = self.stored().await.publish_at.unwrap();
        let at = broadsheet::text::date::field(at, self.world.app.site.timezone);
        send(&mut self.me, &self.form, with(with(fields, &[("publish_at", &at)]), changed)).await
    }

    fn merge(&self) -> String {
        format!("{}/merge", self.form)
    }

    /// The page as it was shown, with these choices.
    async fn decide(&mut self, page: &Answer, chosen: &[(&str, &str)]) -> Answer {
        let fields = Screen::of(page).form(&self.merge());
        let path = self.merge();
        send(&mut self.me, &path, with(fields, chosen)).await
    }

    async fn stored(&self) -> article::Article {
        article::by_id(&self.world.db.pool, self.id).await.unwrap().unwrap()
    }
}

fn with(mut fields: Vec<(String, String)>, changed: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

async fn send(browser: &mut Browser, path: &str, fields: Vec<(String, String)>) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.upload(path, &fields, &[]).await
}

#[tokio::test]
async fn what_only_one_side_changed_is_chosen_already() {
    let mut two = Two::new().await;
    two.they_save(&[
        ("headline", "The bridge is open"),
        ("body", &BASE.replace("third one", "third one, theirs")),
    ])
    .await;
    let mine = BASE.replace("first one", "first one, mine");
    let page = two.i_save(&[("standfirst", "What I know."), ("body", &mine)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let screen = Screen::of(&page);
    assert_eq!(screen.attribute("input[name=take-headline][checked]", "value").as_deref(), Some("theirs"));
    assert_eq!(screen.attribute("input[name=take-standfirst][checked]", "value").as_deref(), Some("mine"));
    assert!(!screen.has("fieldset#kicker") && !screen.has("fieldset#tags"), "what is the same is not asked");
    assert_eq!(screen.text(".merge-body .same"), ["The second one."]);

    let saved = two.decide(&page, &[("action", "save")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let stored = two.stored().await;
    assert_eq!(
        (stored.headline.as_str(), stored.standfirst.as_str()),
        ("The bridge is open", "What I know.")
    );
    assert_eq!(
        stored.body_html.as_str().replace('\n', ""),
        "<p>The first one, mine.</p><p>The second one.</p><p>The third one, theirs.</p>"
    );
    assert_eq!(stored.version, 3);
}

#[tokio::test]
async fn the_words_that_changed_are_marked() {
    let mut two = Two::new().await;
    two.they_save(&[("body", &BASE.replace("first", "very first"))]).await;
    let page = two.i_save(&[("body", &BASE.replace("first one", "last one"))]).await;
    let screen = Screen::of(&page);
    assert_eq!(screen.text("#block-0 ins"), ["last", "very"]);
    assert_eq!(screen.text("#block-0 del"), ["first"]);
    assert_eq!(screen.text("#block-0 legend .said"), ["Both of you changed this."]);
}

#[tokio::test]
async fn what_both_changed_is_taken_from_either_or_both() {
    for (take, expected) in [
        ("mine", "<p>The first one, mine.</p>"),
        ("theirs", "<p>The first one, theirs.</p>"),
        ("both", "<p>The first one, theirs.</p>\n\n<p>The first one, mine.</p>"),
    ] {
        let mut two = Two::new().await;
        two.they_save(&[("body", &BASE.replace("first one", "first one, theirs"))]).await;
        let page = two.i_save(&[("body", &BASE.replace("first one", "first one, mine"))]).await;
        assert!(!Screen::of(&page).has("input[name=block-0][checked]"));
        let saved = two.decide(&page, &[("block-0", take), ("action", "save")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let body = two.stored().await.body_html.to_string();
        assert!(body.starts_with(&format!("{expected}\n\n<p>The second one.</p>")), "{take}: {body}");
    }
}

#[tokio::test]
async fn what_is_not_decided_is_named_and_the_rest_stays_chosen() {
    let mut two = Two::new().await;
    two.they_save(&[("headline", "Theirs"), ("body", &BASE.replace("first one", "first one, theirs"))]).await;
    let page =
        two.i_save(&[("headline", "Mine"), ("body", &BASE.replace("first one", "first one, mine"))]).await;
    let again = two.decide(&page, &[("block-0", "both"), ("action", "save")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&again);
    assert!(screen.has(".error-summary a[href='#headline']") && screen.has("fieldset#headline .error"));
    assert_eq!(screen.attribute("input[name=block-0][checked]", "value").as_deref(), Some("both"));
    assert_eq!(two.stored().await.version, 2);
    let saved = two.decide(&again, &[("take-headline", "mine"), ("action", "save")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(two.stored().await.headline, "Mine");
}

#[tokio::test]
async fn a_merge_that_comes_too_late_is_merged_again() {
    let mut two = Two::new().await;
    two.they_save(&[("body", &BASE.replace("third one", "third one, theirs"))]).await;
    let page = two.i_save(&[("body", &BASE.replace("first one", "first one, mine"))]).await;
    two.they_save(&[("standfirst", "They again.")]).await;
    let second = two.decide(&page, &[("action", "save")]).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    let screen = Screen::of(&second);
    assert_eq!(screen.field("version"), "3");
    assert_eq!(screen.attribute("input[name=take-standfirst][checked]", "value").as_deref(), Some("theirs"));
    assert!(
        screen.field("body").contains("first one, mine")
            && screen.field("body").contains("third one, theirs")
    );
    let saved = two.decide(&second, &[("action", "save")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let stored = two.stored().await;
    assert_eq!(stored.standfirst, "They again.");
    let body = stored.body_html.to_string();
    assert!(body.contains("first one, mine") && body.contains("third one, theirs"), "{body}");
}

#[tokio::test]
async fn without_a_common_beginning_every_difference_is_asked_about() {
    let mut two = Two::new().await;
    two.they_save(&[("headline", "Theirs")]).await;
    let page = two.i_save(&[("headline", "Mine"), ("version", "")]).await;
    let screen = Screen::of(&page);
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(screen.has("input[name=take-headline]") && !screen.has("input[name=take-headline][checked]"));
}

#[tokio::test]
async fn a_merge_goes_through_the_checks_of_any_save() {
    let mut two = Two::new().await;
    two.they_save(&[("headline", "Theirs")]).await;
    let page = two.i_save(&[("kicker", &"x".repeat(61))]).await;
    let answer = two.decide(&page, &[("action", "save")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&answer);
    assert!(screen.has("#kicker-error"));
    assert_eq!(screen.field("headline"), "Theirs");
    assert_eq!(screen.field("version"), "2");
}

#[tokio::test]
async fn a_merge_with_fields_of_its_own_is_refused() {
    let mut two = Two::new().await;
    two.they_save(&[("headline", "Theirs")]).await;
    let page = two.i_save(&[("headline", "Mine")]).await;
    for name in ["role", "their-role", "block-x", "take-"] {
        let answer = two.decide(&page, &[(name, "mine"), ("action", "save")]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test]
async fn an_author_whose_article_was_taken_over_can_copy_but_not_save() {
    let world = World::new().await;
    with_section(&world).await;
    let (mut author, mut editor) = (world.logged_in(Role::Author).await, world.logged_in(Role::Editor).await);
    let typed = [("headline", "Mine"), ("section", "paper"), ("body", "<p>Text.</p>")];
    let form = author.upload("/desk/articles", &typed, &[]).await.header("location").to_owned();
    let typed = [
        ("headline", "Out"),
        ("section", "paper"),
        ("body", "<p>Text.</p>"),
        ("version", "1"),
        ("action", "publish"),
    ];
    editor.upload(&form, &typed, &[]).await;
    let typed = [("headline", "Mine, later"), ("section", "paper"), ("version", "1")];
    let page = author.upload(&form, &typed, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let screen = Screen::of(&page);
    assert!(!screen.has("button[name=action]") && screen.field("headline") == "Mine, later");
    let mut fields = screen.form(&format!("{form}/merge"));
    let takes = fields.iter().filter_map(|(name, _)| Some(format!("take-{}", name.strip_prefix("their-")?)));
    let takes: Vec<_> = takes.map(|name| (name, "theirs".to_owned())).collect();
    fields.extend(takes);
    let fields = with(fields, &[("take-headline", "mine"), ("block-0", "theirs"), ("action", "save")]);
    assert_eq!(send(&mut author, &format!("{form}/merge"), fields).await.status, StatusCode::FORBIDDEN);
}
