//! What editors do with comments: many at once, with reasons, letters, bans, answers.

use axum::http::StatusCode;
use broadsheet::mail::Kept;
use broadsheet::news::comment;

use super::Screen;
use super::scene::Scene;
use crate::newsroom::Page;

const READER: &str = "reader@example.org";

struct Queue {
    scene: Scene,
    article: i64,
}

impl Queue {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let article = scene.article("The bridge reopens").await;
        Self { scene, article }
    }

    /// A comment that a reader sent, who may have asked for a letter.
    async fn sent(&self, name: &str, email: &str, text: &str, answer: bool) -> i64 {
        let mut fields = vec![("name", name), ("email", email), ("text", text)];
        if answer {
            fields.push(("answer", "on"));
        }
        let form = format!("/article/{}/comments", self.article);
        let sent = self.scene.world.browser().post(&form, &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let find = sqlx::query_scalar("select id from comments where body = $1").bind(text);
        find.fetch_one(&self.scene.world.db.pool).await.unwrap()
    }

    async fn screen(&mut self, path: &str) -> Screen {
        let answer = self.scene.browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        Screen::of(&answer)
    }

    /// The texts that a list of the queue shows, newest first.
    async fn texts(&mut self, path: &str) -> Vec<String> {
        self.screen(path).await.text("#queue .comment-text")
    }

    async fn state(&self, id: i64) -> String {
        let state = sqlx::query_scalar("select state from comments where id = $1").bind(id);
        state.fetch_one(&self.scene.world.db.pool).await.unwrap()
    }

    async fn letters(&self) -> Vec<Kept> {
        self.scene.world.letters().await
    }
}

fn link(letter: &Kept, part: &str) -> String {
    let line =
        letter.text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("{}", letter.text));
    line.trim().strip_prefix("http://localhost").unwrap().to_owned()
}

#[tokio::test]
async fn all_that_are_ticked_are_decided_at_once_each_with_its_row_and_its_letter() {
    let mut queue = Queue::new().await;
    let one = queue.sent("Ana", READER, "One.", true).await.to_string();
    let two = queue.sent("Ben", "", "Two.", false).await.to_string();
    let three = queue.sent("Cleo", "", "Three.", false).await;
    let form = [
        ("id", one.as_str()),
        ("id", two.as_str()),
        ("id", "0"),
        ("state", "approved"),
        ("from", "/desk/comments?state=pending&q=o"),
    ];
    let answer = queue.scene.browser.post("/desk/comments", &form).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/desk/comments?state=pending&q=o")
    );
    assert_eq!(queue.texts("/desk/comments?state=approved").await, ["Two.", "One."]);
    assert_eq!(queue.state(three).await, "pending");
    assert_eq!(queue.scene.acts().await, ["approve comment by Mira Holt"; 2]);
    let letters = queue.letters().await;
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, READER));
    assert_eq!(letters[0].subject, "Your comment is published: The bridge reopens");
    let page = link(&letters[0], "#comment-");
    assert!(
        queue
            .scene
            .world
            .browser()
            .read(page.split('#').next().unwrap())
            .await
            .has(&format!("#comment-{one}"))
    );
    assert!(!letters[0].text.contains("Ana") && !letters[0].text.contains("One."), "{}", letters[0].text);
}

#[tokio::test]
async fn nothing_ticked_changes_nothing_and_says_so() {
    let mut queue = Queue::new().await;
    let id = queue.sent("Ana", "", "One.", false).await;
    let answer = queue.scene.browser.post("/desk/comments", &[("state", "spam"), ("reason", "")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(queue.screen("/desk/comments").await.text(".notice")[0].starts_with("No comment was ticked"));
    assert_eq!(queue.state(id).await, "pending");
    for odd in [
        [("id", "x"), ("state", "spam")],
        [("id", "1"), ("role", "admin")],
        [("id", "1"), ("state", "loved")],
    ] {
        assert_eq!(queue.scene.browser.post("/desk/comments", &odd).await.status, StatusCode::BAD_REQUEST);
    }
    assert!(queue.scene.acts().await.is_empty());
}

#[tokio::test]
async fn the_queue_can_be_narrowed_by_article_words_and_commenter_and_counts_what_is_left() {
    let mut queue = Queue::new().await;
    let other = queue.scene.article("Ferries again").await;
    let one = queue.sent("Ana", READER, "About 50% of it.", false).await;
    queue.sent("Anna", "READER@example.org", "Another one.", false).await;
    queue.sent("Ben", "ben@example.org", "Not hers.", false).await;
    queue.scene.comment(other, "Cleo", "On ferries.").await;
    queue.scene.browser.post(&format!("/desk/comments/{one}"), &[("state", "approved")]).await;
    let counts = queue.screen("/desk/comments").await.text(".tab-count");
    assert_eq!(counts, ["3", "1", "0", "0"]);
    assert_eq!(queue.texts(&format!("/desk/comments?article={other}")).await, ["On ferries."]);
    assert_eq!(queue.texts("/desk/comments?q=HERS").await, ["Not hers."]);
    assert_eq!(queue.texts("/desk/comments?state=approved&q=%25").await, ["About 50% of it."]);
    assert!(queue.texts("/desk/comments?q=%25").await.is_empty());
    let same = format!("/desk/comments?same_as={one}");
    assert_eq!(queue.texts(&same).await, ["Another one."]);
    let screen = queue.screen(&same).await;
    assert_eq!(screen.text(".tab-count"), ["1", "1", "0", "0"]);
    assert!(screen.text(".filter")[0].contains("by whoever wrote as Ana"));
    assert!(screen.text("#queue .comment-on")[0].contains("1 approved, 0 refused before"));
    for odd in ["article=x", "article=0", "same_as=0", "before=x"] {
        assert_eq!(
            queue.scene.browser.get(&format!("/desk/comments?{odd}")).await.status,
            StatusCode::NOT_FOUND,
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_rejection_tells_its_reason_and_the_address_is_forgotten() {
    let mut queue = Queue::new().await;
    let id = queue.sent("Ana", READER, "Buy my book.", true).await;
    let reason = [("state", "rejected"), ("reason", "It advertises."), ("reason_text", "Twice.")];
    queue.scene.browser.post(&format!("/desk/comments/{id}"), &reason).await;
    let letters = queue.letters().await;
    assert_eq!(letters[0].subject, "Your comment was not published: The bridge reopens");
    assert!(letters[0].text.contains("The editor's reason: It advertises. Twice."), "{}", letters[0].text);
    let own = link(&letters[0], "/comment/own");
    assert_eq!(queue.scene.world.browser().get(&own).await.status, 200);
    assert_eq!(queue.scene.value("select count(*)::text from comments where email is not null").await, "0");
    assert_eq!(queue.scene.value("select count(*)::text from jobs").await, "0");
    assert_eq!(queue.scene.value("select detail->>'reason' from audit").await, "It advertises. Twice.");
    assert!(
        queue.screen("/desk/comments?state=rejected").await.text(".comment-reason")[0]
            .contains("It advertises.")
    );
    // Told once: a change of mind is silent.
    queue.scene.browser.post(&format!("/desk/comments/{id}"), &[("state", "approved")]).await;
    assert_eq!(queue.letters().await.len(), 1);
}

#[tokio::test]
async fn spam_gets_no_letter_and_neither_does_who_did_not_ask() {
    let mut queue = Queue::new().await;
    let spam = queue.sent("Ana", READER, "Watches!", true).await;
    let quiet = queue.sent("Ben", "ben@example.org", "No letter.", false).await;
    queue.scene.browser.post(&format!("/desk/comments/{spam}"), &[("state", "spam")]).await;
    queue.scene.browser.post(&format!("/desk/comments/{quiet}"), &[("state", "approved")]).await;
    assert!(queue.letters().await.is_empty());
    assert_eq!(queue.scene.value("select count(*)::text from comments where email is not null").await, "0");
}

#[tokio::test]
async fn one_reader_gets_three_letters_in_an_hour_and_the_others_later() {
    let mut queue = Queue::new().await;
    for text in ["One.", "Two.", "Three.", "Four.", "Five."] {
        queue.sent("Ana", READER, text, true).await;
    }
    queue.sent("Ben", "ben@example.org", "Six.", true).await;
    let ids = queue.scene.values("select id::text from comments").await;
    let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    form.push(("state", "approved"));
    queue.scene.browser.post("/desk/comments", &form).await;
    let to = |letters: Vec<Kept>| letters.iter().filter(|letter| letter.to == READER).count();
    let sent = queue.letters().await;
    assert_eq!((sent.len(), to(sent)), (4, 3));
    assert_eq!(
        queue
            .scene
            .value("select count(*)::text from jobs where run_at > now() + interval '59 minutes'")
            .await,
        "2"
    );
    sqlx::query("update jobs set run_at = run_at - interval '1 hour'")
        .execute(&queue.scene.world.db.pool)
        .await
        .unwrap();
    assert_eq!(to(queue.letters().await), 5);
}

#[tokio::test]
async fn a_commenter_who_was_asked_changes_the_comment_once_and_it_waits_again() {
    let mut queue = Queue::new().await;
    let id = queue.sent("Ana", READER, "The mayor is a fool.", true).await;
    let path = format!("/desk/comments/{id}/rewrite");
    let empty = queue.scene.browser.post(&path, &[("note", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = queue.scene.browser.post(&path, &[("note", "Please name what he did.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(queue.state(id).await, "rejected");
    let letters = queue.letters().await;
    assert!(letters[0].text.contains("Please name what he did.") && letters[0].to == READER);
    let own = link(&letters[0], "/comment/rewrite");

    let mut reader = queue.scene.world.browser();
    let page = reader.read(&own).await;
    assert_eq!(page.text("textarea"), "The mayor is a fool.");
    assert!(page.text(".notice").contains("Please name what he did."));
    let token = page.attribute("[name=token]", "value");
    let refused = reader.post("/comment/rewrite", &[("token", &token), ("name", "Ana"), ("text", "")]).await;
    assert_eq!((refused.status.as_u16(), Page::of(&refused).has("#comment-text-error")), (422, true));
    let sent = reader
        .post("/comment/rewrite", &[("token", &token), ("name", "Ana"), ("text", "He sold the bridge.")])
        .await;
    assert_eq!(
        sent.header("location"),
        format!("/article/{}/the-bridge-reopens?comment=held#comments", queue.article)
    );
    assert_eq!(queue.texts("/desk/comments").await, ["He sold the bridge."]);
    assert!(queue.screen("/desk/comments").await.text(".mark").contains(&"rewritten".to_owned()));
    assert_eq!(reader.get(&own).await.status, 410);
    // The letter about the decision is still to come.
    queue.scene.browser.post(&format!("/desk/comments/{id}"), &[("state", "approved")]).await;
    assert_eq!(queue.letters().await.len(), 2);
}

#[tokio::test]
async fn a_wish_for_another_text_ends_after_its_days() {
    let mut queue = Queue::new().await;
    let id = queue.sent("Ana", READER, "The mayor is a fool.", false).await;
    queue.scene.browser.post(&format!("/desk/comments/{id}/rewrite"), &[("note", "Kindly.")]).await;
    let own = link(&queue.letters().await[0], "/comment/rewrite");
    sqlx::query("update comments set rewrite_until = now()")
        .execute(&queue.scene.world.db.pool)
        .await
        .unwrap();
    assert_eq!(queue.scene.world.browser().get(&own).await.status, 410);
}

#[tokio::test]
async fn without_an_address_the_network_is_banned_and_the_desk_says_so() {
    let mut queue = Queue::new().await;
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(10)).date_naive().to_string();
    let id = queue.sent("Ben", "", "Without an address.", false).await;
    let path = format!("/desk/comments/{id}");
    assert_eq!(queue.screen(&path).await.text("#ban-head"), ["Ban the network"]);
    let answer = queue.scene.browser.post(&format!("{path}/ban"), &[("until", &until)]).await;
    assert_eq!(answer.header("location"), "/desk/comments/bans", "{}", answer.body);
    assert_eq!(queue.screen("/desk/comments/bans").await.text("td[data-label='by its']"), ["Network"]);
    for email in ["", "another@example.org"] {
        let banned = queue.sent("Somebody", email, &format!("Again, {email}."), false).await;
        assert_eq!(queue.state(banned).await, "rejected");
    }
    let hash = queue.scene.value("select encode(network, 'hex') from comment_bans").await;
    for path in ["/desk/comments/bans", "/desk/audit", &path] {
        assert!(!queue.scene.browser.get(path).await.body.contains(&hash[..16]), "{path}");
    }
    let pool = queue.scene.world.db.pool.clone();
    sqlx::query("update comments set network = null").execute(&pool).await.unwrap();
    let answer = queue.scene.browser.post(&format!("{path}/ban"), &[("until", &until)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!queue.screen(&path).await.has("form[action$=ban]"));
}

#[tokio::test]
async fn a_banned_network_is_known_by_its_name_of_yesterday_and_forgotten_after_that() {
    let mut queue = Queue::new().await;
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(10)).date_naive().to_string();
    let id = queue.sent("Ben", "", "Without an address.", false).await;
    queue.scene.browser.post(&format!("/desk/comments/{id}/ban"), &[("until", &until)]).await;
    let (app, pool) = (queue.scene.world.app.clone(), queue.scene.world.db.pool.clone());
    let night = async || {
        let today = "(now() at time zone 'utc')::date";
        for statement in [
            format!("delete from network_keys where day < {today}"),
            "update network_keys set day = day - 1".to_owned(),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
        }
        sqlx::query("update comment_bans set network_day = network_day - 1").execute(&pool).await.unwrap();
        sqlx::query("update comments set created_at = created_at - interval '1 day'")
            .execute(&pool)
            .await
            .unwrap();
        app.networks.rotate(&pool).await.unwrap();
        comment::sweep(&pool, &app.comment_keys).await.unwrap();
    };
    for day in 0..3 {
        night().await;
        let banned = queue.sent("Ben", "", &format!("On day {day}."), false).await;
        assert_eq!(queue.state(banned).await, "rejected", "day {day}");
    }
    night().await;
    night().await;
    assert_eq!(queue.scene.value("select count(*)::text from comment_bans").await, "0");
}

#[tokio::test]
async fn an_editor_answers_in_the_name_of_the_paper() {
    let mut queue = Queue::new().await;
    let id = queue.sent("Ana", "", "When does it open?", false).await;
    let path = format!("/desk/comments/{id}/reply");
    let early = queue.scene.browser.post(&path, &[("reply", "On Monday.")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&early).text(".error-summary")[0].contains("Only a comment that is published"));
    queue.scene.browser.post(&format!("/desk/comments/{id}"), &[("state", "approved")]).await;
    assert_eq!(
        queue.scene.browser.post(&path, &[("reply", "")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let answer = queue.scene.browser.post(&path, &[("reply", "On Monday.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page =
        queue.scene.world.browser().read(&format!("/article/{}/the-bridge-reopens", queue.article)).await;
    assert_eq!(page.texts(".replies .comment-newsroom > p[dir]"), ["On Monday."]);
    assert_eq!(page.text(".replies .comment b"), "Broadsheet");
    assert_eq!(page.text(".comment-role"), "Newsroom");
    assert_eq!(queue.scene.acts().await[1], "answer comment by Mira Holt");
}

#[tokio::test]
async fn neither_an_address_nor_a_hash_is_shown_at_the_desk() {
    let mut queue = Queue::new().await;
    let id = queue.sent("Ana", READER, "One.", true).await;
    queue.sent("Ana", READER, "Two.", false).await;
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(10)).date_naive().to_string();
    queue.scene.browser.post(&format!("/desk/comments/{id}/ban"), &[("until", &until)]).await;
    queue.scene.browser.post(&format!("/desk/comments/{id}/rewrite"), &[("note", "Kindly.")]).await;
    let hash = queue.scene.value("select encode(commenter, 'hex') from comment_bans").await;
    assert_eq!(hash.len(), 64);
    for path in [
        "/desk/comments",
        "/desk/comments?state=rejected",
        &format!("/desk/comments/{id}"),
        "/desk/comments/bans",
        "/desk/audit",
    ] {
        let body = queue.scene.browser.get(path).await.body;
        assert!(!body.contains(READER) && !body.contains(&hash) && !body.contains(&hash[..16]), "{path}");
    }
}

#[tokio::test]
async fn the_rules_are_kept_and_what_is_refused_is_named() {
    let mut queue = Queue::new().await;
    let wrong = [("mode", "maybe"), ("days", "soon"), ("reasons", "Kept.")];
    let answer = queue.scene.browser.post("/desk/comments/rules", &wrong).await;
    let screen = Screen::of(&answer);
    assert_eq!((answer.status, screen.text(".error").len()), (StatusCode::UNPROCESSABLE_ENTITY, 2));
    assert_eq!((screen.field("days"), screen.field("reasons")), ("soon".into(), "Kept.".into()));
    let right = [("mode", "open"), ("days", "14"), ("reasons", " Too long.\r\n\r\nToo short. ")];
    assert_eq!(queue.scene.browser.post("/desk/comments/rules", &right).await.status, StatusCode::SEE_OTHER);
    let screen = queue.screen("/desk/comments/rules").await;
    assert_eq!(screen.attribute("[name=mode][checked]", "value").as_deref(), Some("open"));
    assert_eq!(screen.field("days"), "14");
    queue.sent("Ana", "", "One.", false).await;
    assert_eq!(
        queue.screen("/desk/comments").await.text("#reason option"),
        ["None", "Too long.", "Too short."]
    );
    assert_eq!(queue.scene.acts().await, ["change comment rules by Mira Holt"]);
}

#[tokio::test]
async fn word_lists_are_kept_as_they_are_looked_for() {
    let mut queue = Queue::new().await;
    let lists = [("suspect", "ＭIRACLE\r\n\r\nmiracle\r\nقـمار"), ("banned", "Buy   Now")];
    assert_eq!(queue.scene.browser.post("/desk/comments/words", &lists).await.status, StatusCode::SEE_OTHER);
    let screen = queue.screen("/desk/comments/words").await;
    assert_eq!((screen.field("suspect"), screen.field("banned")), ("miracle\nقمار".into(), "buy now".into()));
    let answer =
        queue.scene.browser.post("/desk/comments/words", &[("suspect", "**"), ("banned", "kept")]).await;
    let screen = Screen::of(&answer);
    assert_eq!((answer.status, screen.text(".error").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(screen.field("banned"), "kept");
    assert_eq!(queue.screen("/desk/comments/words").await.field("banned"), "buy now");
}

#[tokio::test]
async fn an_article_says_itself_when_its_comments_close_and_a_form_without_the_fields_changes_nothing() {
    let mut queue = Queue::new().await;
    let path = format!("/desk/articles/{}", queue.article);
    let form = |version: i32, more: &[(&'static str, &'static str)]| {
        let version: &'static str = version.to_string().leak();
        let base = [
            ("section", "news"),
            ("headline", "The bridge reopens"),
            ("body", "<p>Open.</p>"),
            ("comments", "on"),
        ];
        base.into_iter()
            .chain([("version", version), ("action", "save")])
            .chain(more.iter().copied())
            .collect::<Vec<_>>()
    };
    let rules = "select comment_mode || ' ' || coalesce(comment_days::text, 'site') from articles";
    let right = form(1, &[("comment_mode", "open"), ("comment_days", "10")]);
    let answer = queue.scene.browser.upload(&path, &right, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(queue.scene.value(rules).await, "open 10");
    let screen = queue.screen(&path).await;
    assert_eq!((screen.field("comment_mode"), screen.field("comment_days")), ("open".into(), "10".into()));
    let answer = queue.scene.browser.upload(&path, &form(2, &[]), &[]).await;
    assert_eq!((answer.status, queue.scene.value(rules).await.as_str()), (StatusCode::SEE_OTHER, "open 10"));
    let wrong = form(3, &[("comment_mode", "closed"), ("comment_days", "soon")]);
    let answer = queue.scene.browser.upload(&path, &wrong, &[]).await;
    let screen = Screen::of(&answer);
    assert_eq!(
        (answer.status, screen.field("comment_days")),
        (StatusCode::UNPROCESSABLE_ENTITY, "soon".into())
    );
    assert!(screen.has("#comment_mode-error") && screen.has("#comment_days-error"));
    let site = form(3, &[("comment_mode", "site"), ("comment_days", "")]);
    queue.scene.browser.upload(&path, &site, &[]).await;
    assert_eq!(queue.scene.value(rules).await, "site site");
}
