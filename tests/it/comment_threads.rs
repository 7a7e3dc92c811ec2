//! What readers say to each other, and what they may do with what they said.

use broadsheet::accounts::network::NetworkHash;
use broadsheet::news::comment::rules::Mode;
use broadsheet::news::comment::word_list::List;
use broadsheet::web::rates::{Quotas, Rate};
use chrono::TimeDelta;
use std::time::Duration;

use crate::browser::Answer;
use crate::newsroom::Page;
use crate::talk::{KNOWN, Talk};

#[tokio::test]
async fn replies_stand_under_what_they_answer_and_the_deepest_beside_each_other() {
    let talk = Talk::new().await;
    talk.send(&[("name", "Ana"), ("text", "One.")]).await;
    talk.send(&[("name", "Ben"), ("text", "Another.")]).await;
    talk.approve_all().await;
    talk.reply("One.", "To one.").await;
    talk.reply("To one.", "To that.").await;
    talk.reply("To that.", "And to that.").await;
    let page = talk.world.browser().read(&talk.page).await;
    assert_eq!(page.text("#comments-head"), "5 comments");
    let below = |levels: &str| page.texts(&format!(".comment-list {levels} > p[dir]"));
    assert_eq!(below("> .comment"), ["One.", "Another."]);
    assert_eq!(below("> .comment > .replies > .comment"), ["To one."]);
    assert_eq!(below("> .comment > .replies > .comment > .replies > .comment"), ["To that.", "And to that."]);
}

#[tokio::test]
async fn the_form_of_a_reply_is_a_page_that_any_cache_may_keep() {
    let talk = Talk::new().await;
    talk.send(&[("name", "Ana"), ("text", "One.")]).await;
    talk.approve_all().await;
    let path = format!("{}?reply={}", talk.page, talk.id_of("One.").await);
    let answer = talk.world.browser().get(&path).await;
    assert!(answer.header("cache-control").starts_with("public"), "{}", answer.header("cache-control"));
    assert_eq!(Page::of(&answer).text("#comment-form-head"), "Reply to Ana");
    assert!(answer.body.contains("<link rel=\"canonical\"") && !answer.body.contains("?reply=0"));
    for nothing in ["0", "x", "999999999999999999999"] {
        let page = talk.world.browser().read(&format!("{}?reply={nothing}", talk.page)).await;
        assert_eq!(page.text("#comment-form-head"), "Write a comment", "{nothing}");
    }
}

#[tokio::test]
async fn an_article_that_did_not_change_is_answered_with_304_although_its_form_carries_the_time() {
    let talk = Talk::new().await;
    let first = talk.world.browser().get(&talk.page).await;
    let time = Page::of(&first).attribute(".comment-form [name=time]", "value");
    assert!(
        time.split_once('.').is_some_and(|(seconds, mac)| seconds.len() == 10 && mac.len() == 32),
        "{time}"
    );
    let tag = first.header("etag").to_owned();
    let again = talk.world.browser().get_with(&talk.page, &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    talk.send(&[("text", "One.")]).await;
    talk.approve_all().await;
    let changed = talk.world.browser().get_with(&talk.page, &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, 200);
}

#[tokio::test]
async fn a_comment_that_no_form_of_ours_sent_waits_with_a_mark() {
    let talk = Talk::new().await;
    talk.rules(Mode::Open, 0).await;
    talk.get_known().await;
    let now = [("email", KNOWN), ("text", "Without a time.")];
    assert_eq!(talk.send(&now).await.status, 303);
    assert_eq!(talk.newest().await, "pending unsigned");
    let cases = [(1, "pending quick"), (86_500, "pending stale"), (60, "approved ")];
    for (seconds, expected) in cases {
        let text = format!("After {seconds} seconds.");
        let sent = [("email", KNOWN), ("text", text.as_str())];
        talk.send_after(TimeDelta::seconds(seconds), &sent).await;
        assert_eq!(talk.newest().await, expected);
    }
}

#[tokio::test]
async fn where_comments_are_open_only_known_commenters_without_links_appear_at_once() {
    let talk = Talk::new().await;
    talk.rules(Mode::Open, 0).await;
    talk.get_known().await;
    let minute = TimeDelta::minutes(1);
    let answer = talk.send_after(minute, &[("email", " Known@Example.ORG "), ("text", "I am known.")]).await;
    let id = talk.id_of("I am known.").await;
    assert!(answer.header("location").ends_with(&format!("#comment-{id}")), "{}", answer.header("location"));
    let shown = answer.header("location").split('#').next().unwrap();
    let page = talk.world.browser().read(shown).await;
    assert_eq!(page.text(".notice"), "Your comment is published.");
    assert!(page.has(&format!("#comment-{id}")));
    for (email, text, expected) in [
        ("new@example.org", "I am new.", "pending first"),
        ("", "I am nobody.", "pending first"),
        (KNOWN, "Look at https://a.example", "pending link"),
        (KNOWN, "Look at WWW.a.example", "pending link"),
    ] {
        talk.send_after(minute, &[("email", email), ("text", text)]).await;
        assert_eq!(talk.newest().await, expected, "{text}");
    }
    talk.rules(Mode::Moderated, 0).await;
    talk.send_after(minute, &[("email", KNOWN), ("text", "I wait now.")]).await;
    assert_eq!(talk.newest().await, "pending ");
}

/// ADR 26: an address is not verified.
#[tokio::test]
async fn the_address_of_a_known_commenter_under_another_name_makes_nobody_known() {
    let talk = Talk::new().await;
    talk.rules(Mode::Open, 0).await;
    talk.send(&[("name", "Nora  Lind"), ("email", KNOWN), ("text", "The first of mine.")]).await;
    talk.sql("update comments set state = 'approved', moderated_at = now()").await;
    for (name, text, expected) in [
        ("Mira Holt", "I speak for Nora.", "pending name"),
        ("", "And so do I.", "pending name"),
        ("nora lind", "It is me.", "approved "),
    ] {
        let sent = [("name", name), ("email", KNOWN), ("text", text)];
        talk.send_after(TimeDelta::minutes(1), &sent).await;
        assert_eq!(talk.newest().await, expected, "{name}");
    }
    talk.send_after(TimeDelta::minutes(1), &[("name", "Mira Holt"), ("email", KNOWN), ("text", "Again.")])
        .await;
    assert_eq!(talk.newest().await, "pending name", "what appeared by itself makes no name known");
}

#[tokio::test]
async fn a_second_press_is_one_comment_and_the_same_words_of_two_readers_are_two() {
    let talk = Talk::new().await;
    for _ in 0..2 {
        assert_eq!(talk.send(&[("text", "Thank you!")]).await.status, 303);
    }
    assert_eq!(talk.count().await, 1);
    talk.sql("update comments set network = sha256('elsewhere')").await;
    assert_eq!(talk.send(&[("text", "Thank you!")]).await.status, 303);
    assert_eq!(talk.count().await, 2);
}

#[tokio::test]
async fn of_very_many_comments_the_newest_are_shown() {
    let talk = Talk::new().await;
    talk.sql(
        "insert into comments (article_id, state, name, body, created_at)
         select id, 'approved', 'Ana', 'Number ' || n || '.', now() - (502 - n) * interval '1 minute'
         from articles, generate_series(1, 501) n",
    )
    .await;
    let texts = talk.world.browser().read(&talk.page).await.texts(".comment > p[dir]");
    let ends = (texts.len(), texts[0].as_str(), texts[texts.len() - 1].as_str());
    assert_eq!(ends, (500, "Number 2.", "Number 501."));
}

#[tokio::test]
async fn comments_close_days_after_the_article_came_out_for_the_site_or_for_one_article() {
    let talk = Talk::new().await;
    talk.rules(Mode::Moderated, 7).await;
    talk.sql("update articles set publish_at = now() - interval '8 days'").await;
    talk.sql("insert into comments (article_id, state, name, body) select id, 'approved', 'Ana', 'Old.' from articles")
        .await;
    let page = talk.world.browser().read(&talk.page).await;
    assert!(!page.has(".comment-form") && !page.has(".comment-reply") && page.has(".comment"));
    assert_eq!(page.text(".comments > .hint"), "Comments are closed.");
    let answer = talk.send(&[("text", "Too late.")]).await;
    assert_eq!(
        (answer.status.as_u16(), Page::of(&answer).text(".notice")),
        (403, "Comments on this article are closed.".into())
    );
    for (own, takes) in [("0", true), ("30", true), ("3", false)] {
        sqlx::query("update articles set comment_days = $1::integer")
            .bind(own.parse::<i32>().unwrap())
            .execute(&talk.world.db.pool)
            .await
            .unwrap();
        assert_eq!(talk.world.browser().read(&talk.page).await.has(".comment-form"), takes, "{own}");
    }
    talk.rules(Mode::Closed, 0).await;
    talk.sql("update articles set comment_days = null").await;
    assert_eq!(talk.send(&[("text", "Closed.")]).await.status, 403);
    talk.sql("update articles set comment_mode = 'moderated'").await;
    assert_eq!(talk.send(&[("text", "Open here.")]).await.status, 303);
}

#[tokio::test]
async fn a_suspect_word_holds_a_comment_and_a_banned_one_makes_it_spam_in_any_script() {
    let talk = Talk::new().await;
    talk.words(List::Suspect, "miracle\nقمار").await;
    talk.words(List::Banned, "Casino*\n时时彩").await;
    for (text, expected) in [
        ("A MIRACLE happened.", "pending unsigned, first, suspect: miracle"),
        ("miraculous", "pending unsigned, first"),
        ("سایت قمار، همین حالا", "pending unsigned, first, suspect: قمار"),
        ("The c\u{200b}asinos are open.", "spam unsigned, first, banned word: casino*"),
        ("欢迎来到时时彩平台", "spam unsigned, first, banned word: 时时彩"),
    ] {
        let answer = talk.send(&[("text", text)]).await;
        assert!(answer.header("location").contains("comment=held"), "{text}");
        assert_eq!(talk.newest().await, expected);
    }
    talk.send(&[("name", "Casino Royal"), ("text", "The name counts too.")]).await;
    assert!(talk.newest().await.starts_with("spam"));
}

#[tokio::test]
async fn whoever_is_banned_is_answered_like_all_others_and_nobody_reads_it() {
    let talk = Talk::new().await;
    talk.rules(Mode::Open, 0).await;
    talk.get_known().await;
    talk.sql("insert into comment_bans (commenter, name, until) select commenter, name, now() + interval '1 day' from comments").await;
    let minute = TimeDelta::minutes(1);
    let banned = talk.send_after(minute, &[("email", KNOWN), ("text", "Me again.")]).await;
    let other = talk.send_after(minute, &[("email", "new@example.org"), ("text", "I am new.")]).await;
    let blind = |answer: &Answer| answer.header("location").split("&own=").next().unwrap().to_owned();
    assert_eq!((banned.status, blind(&banned)), (other.status, blind(&other)));
    let state = "select state || ' ' || array_to_string(marks, ', ') from comments where body = 'Me again.'";
    let state: String = sqlx::query_scalar(state).fetch_one(&talk.world.db.pool).await.unwrap();
    assert_eq!(state, "rejected banned");
    talk.sql("update comment_bans set until = now()").await;
    talk.send_after(minute, &[("email", KNOWN), ("text", "It is over.")]).await;
    assert_eq!(talk.newest().await, "approved ");
}

#[tokio::test]
async fn limits_count_by_network_by_article_and_for_the_site() {
    let rate = |burst| vec![Rate::new(burst, Duration::from_mins(10)).unwrap()];
    let cases = [
        Quotas { comments: rate(2), ..Quotas::open() },
        Quotas { article_comments: rate(2), ..Quotas::open() },
        Quotas { site_comments: rate(2), ..Quotas::open() },
    ];
    for (case, quotas) in cases.into_iter().enumerate() {
        let talk = Talk::with(quotas).await;
        for text in ["One.", "Two."] {
            assert_eq!(talk.send(&[("text", text)]).await.status, 303);
        }
        if case > 0 {
            // Others count too.
            talk.sql("update comments set network = '\\x01'").await;
        }
        let refused = talk.send(&[("text", "Three.")]).await;
        assert_eq!((refused.status.as_u16(), talk.count().await), (429, 2), "{case}");
        assert!((500..=600).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
        talk.sql("update comments set created_at = created_at - interval '10 minutes'").await;
        assert_eq!(talk.send(&[("text", "Three.")]).await.status, 303, "{case}");
    }
}

#[tokio::test]
async fn a_network_is_the_same_after_midnight_and_nobody_the_day_after() {
    let rate = Rate::new(1, Duration::from_hours(12)).unwrap();
    let talk = Talk::with(Quotas { comments: vec![rate], ..Quotas::open() }).await;
    let (keys, pool) = (&talk.world.app.networks, &talk.world.db.pool);
    let address = "127.0.0.1".parse().unwrap();
    let first: NetworkHash = keys.hash(address);
    talk.send(&[("text", "Before midnight.")]).await;
    // The day ends.
    talk.sql("update network_keys set day = day - 1").await;
    keys.rotate(pool).await.unwrap();
    assert_ne!(keys.hash(address), first);
    assert_eq!(keys.hash_of_yesterday(address), Some(first));
    assert_eq!(talk.send(&[("text", "After midnight.")]).await.status, 429);
    // And the next one: its key is destroyed, and with it the way from an address to the hash.
    talk.sql("update network_keys set day = day - 1").await;
    keys.rotate(pool).await.unwrap();
    let keys_left: i64 =
        sqlx::query_scalar("select count(*) from network_keys").fetch_one(pool).await.unwrap();
    assert_eq!(keys_left, 2);
    assert!(keys.hash(address) != first && keys.hash_of_yesterday(address) != Some(first));
    talk.sql("update comments set created_at = created_at - interval '49 hours'").await;
    broadsheet::news::comment::sweep(pool, &talk.world.app.comment_keys).await.unwrap();
    let hashes: i64 = sqlx::query_scalar("select count(*) from comments where network is not null")
        .fetch_one(pool)
        .await
        .unwrap();
    assert_eq!(hashes, 0);
}

/// Sends a comment and answers the address of its own page.
async fn own_page(talk: &Talk, text: &str) -> String {
    let answer = talk.send(&[("text", text)]).await;
    let after = answer.header("location").split('#').next().unwrap().to_owned();
    let page = talk.world.browser().get(&after).await;
    assert_eq!(page.header("cache-control"), "private, no-store");
    Page::of(&page).attribute(".own-link a", "href")
}

fn token(own: &str) -> &str {
    own.split("token=").nth(1).unwrap()
}

#[tokio::test]
async fn a_commenter_can_delete_a_comment_by_its_link_and_looking_deletes_nothing() {
    let talk = Talk::new().await;
    let own = own_page(&talk, "I regret this.").await;
    talk.approve_all().await;
    for _ in 0..2 {
        let answer = talk.world.browser().get(&own).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "private, no-store"));
        assert!(answer.body.contains("I regret this.") && answer.body.contains("It is published."));
    }
    let stored: i64 =
        sqlx::query_scalar("select count(*) from comment_tokens where encode(token_hash, 'hex') = $1")
            .bind(token(&own))
            .fetch_one(&talk.world.db.pool)
            .await
            .unwrap();
    assert_eq!(stored, 0, "the token itself is in the table");
    let answer = talk.world.browser().post("/comment/own", &[("token", token(&own))]).await;
    assert_eq!(answer.header("location"), format!("{}?comment=removed#comments", talk.page));
    assert_eq!(talk.count().await, 0);
    let again = talk.world.browser().post("/comment/own", &[("token", token(&own))]).await;
    assert_eq!(again.status, 410);
    let act: String = sqlx::query_scalar(
        "select action || ' ' || noun || ' by ' || actor from audit order by id desc limit 1",
    )
    .fetch_one(&talk.world.db.pool)
    .await
    .unwrap();
    assert_eq!(act, "delete comment by the commenter");
}

#[tokio::test]
async fn a_deleted_comment_that_was_answered_leaves_an_empty_place() {
    let talk = Talk::new().await;
    let own = own_page(&talk, "I regret this.").await;
    talk.approve_all().await;
    talk.reply("I regret this.", "I do not.").await;
    talk.world.browser().post("/comment/own", &[("token", token(&own))]).await;
    let page = talk.world.browser().read(&talk.page).await;
    assert_eq!(page.texts(".comment > p[dir]"), ["I do not."]);
    assert_eq!(page.text(".comment-gone"), "This comment is not here any more.");
    assert_eq!(page.text("#comments-head"), "1 comment");
    assert_eq!(talk.world.browser().get(&own).await.status, 410);
}

#[tokio::test]
async fn tokens_that_open_nothing_all_get_the_same_answer() {
    let talk = Talk::new().await;
    let own = own_page(&talk, "Mine.").await;
    for path in [
        "/comment/own",
        "/comment/own?token=",
        "/comment/own?token=0",
        "/comment/rewrite",
        &own.replace("own", "rewrite"),
    ] {
        assert_eq!(talk.world.browser().get(path).await.status, 410, "{path}");
    }
    talk.sql("update comment_tokens set expires_at = now()").await;
    assert_eq!(talk.world.browser().get(&own).await.status, 410);
}

#[tokio::test]
async fn an_answer_by_letter_needs_an_address() {
    let talk = Talk::new().await;
    let answer = talk.send(&[("text", "Tell me."), ("answer", "on")]).await;
    let page = Page::of(&answer);
    assert_eq!((answer.status.as_u16(), talk.count().await), (422, 0));
    assert_eq!(page.text("#comment-email-error"), "We need your address to write to you.");
    assert!(page.has(".comment-form [name=answer][checked]"));
}

#[tokio::test]
async fn a_second_address_in_the_form_is_refused() {
    let talk = Talk::new().await;
    let two = [("email", "a@example.org"), ("email", "b@example.org"), ("text", "One.")];
    assert_eq!(talk.send(&two).await.status, 400);
    assert_eq!(
        talk.send(&[("email", "a@example.org\nBcc: b@example.org"), ("text", "One.")]).await.status,
        422
    );
    assert_eq!(talk.count().await, 0);
}

#[tokio::test]
async fn what_waits_was_rejected_or_is_spam_is_on_no_page_and_in_no_count() {
    let talk = Talk::new().await;
    talk.send(&[("name", "Ana"), ("text", "Seen.")]).await;
    talk.approve_all().await;
    let hidden = [("pending", "canary-p"), ("rejected", "canary-r"), ("spam", "canary-s")];
    for (_, text) in hidden {
        talk.reply("Seen.", text).await;
    }
    for (state, text) in hidden {
        sqlx::query("update comments set state = $1, name = 'canary-name' where body = $2")
            .bind(state)
            .bind(text)
            .execute(&talk.world.db.pool)
            .await
            .unwrap();
    }
    for path in [
        talk.page.as_str(),
        "/",
        "/feed.xml",
        "/sitemap.xml",
        "/search?q=canary",
        &format!("{}?comment=held", talk.page),
    ] {
        let body =
            talk.world.browser().get(path).await.body.replace("q=canary", "").replace("value=\"canary\"", "");
        assert!(!body.contains("canary-"), "{path}");
    }
    assert_eq!(talk.world.browser().read(&talk.page).await.text("#comments-head"), "1 comment");
}

#[tokio::test]
async fn no_address_no_network_and_no_hash_of_them_reaches_a_reader() {
    let talk = Talk::new().await;
    talk.rules(Mode::Open, 0).await;
    talk.get_known().await;
    talk.send_after(TimeDelta::minutes(1), &[("email", KNOWN), ("text", "I am known.")]).await;
    let hashes = "select encode(commenter, 'hex') from comments where commenter is not null
                  union select encode(network, 'hex') from comments where network is not null
                  union select encode(commenter, 'base64') from comments where commenter is not null
                  union select encode(sha256('known@example.org'), 'hex') union select md5('known@example.org')
                  union select 'known@' union select 'a25vd25A'";
    let secrets: Vec<String> = sqlx::query_scalar(hashes).fetch_all(&talk.world.db.pool).await.unwrap();
    assert!(secrets.len() >= 6, "{secrets:?}");
    let reply = format!("{}?reply={}", talk.page, talk.id_of("I am known.").await);
    for path in [talk.page.as_str(), &reply, "/", "/feed.xml", "/section/news", "/search?q=known"] {
        let body = talk.world.browser().get(path).await.body;
        for secret in &secrets {
            assert!(!body.contains(secret.trim()), "{path}: {secret}");
        }
    }
}

#[tokio::test]
async fn an_address_is_forgotten_when_no_letter_is_to_come() {
    let talk = Talk::new().await;
    talk.rules(Mode::Open, 0).await;
    talk.get_known().await;
    let pool = &talk.world.db.pool;
    let addresses = async || -> i64 {
        broadsheet::news::comment::sweep(pool, &talk.world.app.comment_keys).await.unwrap();
        sqlx::query_scalar("select count(*) from comments where email is not null")
            .fetch_one(pool)
            .await
            .unwrap()
    };
    // One that was published at once never had its address kept; those of old are forgotten with their decision.
    talk.send_after(TimeDelta::minutes(1), &[("email", KNOWN), ("text", "At once."), ("answer", "on")]).await;
    assert_eq!(addresses().await, 0);
    talk.send(&[("email", "new@example.org"), ("text", "I wait."), ("answer", "on")]).await;
    assert_eq!(addresses().await, 1);
    talk.sql("update comments set created_at = now() - interval '31 days'").await;
    assert_eq!(addresses().await, 0);
    // From before addresses were hashed: the commenter stays known.
    talk.sql("insert into comments (article_id, state, name, email, body) select id, 'approved', 'Ana', 'Known@example.org', 'Old.' from articles").await;
    assert_eq!(addresses().await, 0);
    let same: i64 = sqlx::query_scalar(
        "select count(distinct commenter) from comments where body in ('Old.', 'At once.')",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!(same, 1);
}
