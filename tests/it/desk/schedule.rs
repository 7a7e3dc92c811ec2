//! Edits that carry their own time: in force by the query, folded in by the job, and never over a newer save.

use axum::http::StatusCode;
use broadsheet::news::agenda::{self, Kind};
use broadsheet::news::article::{ArticleId, scheduled};

use super::Screen;
use super::newsdesk::{Newsdesk, problems, send};

const THEN: &str = "2999-06-01T10:00";

/// An article that readers have, with an edit of its headline for a time to come.
async fn with_edit(desk: &mut Newsdesk) -> ArticleId {
    let id = desk.published("Before noon").await;
    schedule(
        desk,
        id,
        &[
            ("headline", "After noon"),
            ("standfirst", "Later."),
            ("body", "<p>All new.</p>"),
            ("tags", "noon"),
        ],
    )
    .await;
    id
}

async fn schedule(desk: &mut Newsdesk, id: ArticleId, changes: &[(&str, &str)]) {
    let mut all = vec![("action", "schedule"), ("effective_at", THEN)];
    all.extend_from_slice(changes);
    desk.saved(id, &all).await;
}

async fn fold(desk: &Newsdesk) -> usize {
    scheduled::settle_all(&desk.world.db.pool).await.unwrap()
}

#[tokio::test]
async fn an_edit_is_in_force_at_its_time_although_no_job_runs() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let mut reader = desk.world.browser();
    let href = desk.article(id).await.href();
    let lists = ["/", "/section/news", "/feed.xml", "/archive"];
    assert!(reader.get(&href).await.body.contains("Before noon"));
    for list in lists {
        let body = reader.get(list).await.body;
        assert!(!body.contains("After noon") && !body.contains("All new"), "{list} is early");
    }
    desk.let_time_pass().await;
    let page = reader.get(&href).await.body;
    assert!(page.contains("After noon") && page.contains("All new.") && !page.contains("Before noon"));
    for list in &lists[..3] {
        let body = reader.get(list).await.body;
        assert!(body.contains("After noon") && !body.contains("Before noon"), "{list} is late");
    }
    assert!(reader.get("/feed.xml").await.body.contains("All new."));
    assert_eq!(desk.value("select version::text from articles").await, "1");
}

#[tokio::test]
async fn the_job_makes_it_the_newest_version_in_the_name_of_its_author() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    assert_eq!(fold(&desk).await, 0);
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    assert_eq!(fold(&desk).await, 0);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.version), ("After noon", 2));
    assert_eq!(article.tags.0.first().map(|tag| tag.name.as_str()), Some("noon"));
    assert_eq!(desk.value("select count(*)::text from scheduled_edits").await, "0");
    let last = "select action || ' by ' || actor from audit order by id desc limit 1";
    assert_eq!(desk.value(last).await, "take effect by Edda Frey");
    let found = desk.world.browser().get("/search?q=noon").await.body;
    assert!(found.contains("After noon"));
}

#[tokio::test]
async fn an_edit_keeps_the_publication_and_the_state() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    let before = desk.article(id).await;
    schedule(
        &mut desk,
        id,
        &[("headline", "After noon"), ("publish_at", "2001-01-01T00:00"), ("comment_mode", "open")],
    )
    .await;
    let said = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await).text(".notice").join(" ");
    let left = "no part of an edit: the time of publication, how comments are taken.";
    assert!(said.contains(left), "{said}");
    desk.let_time_pass().await;
    fold(&desk).await;
    let after = desk.article(id).await;
    assert_eq!((after.publish_at, after.state), (before.publish_at, before.state));
}

#[tokio::test]
async fn a_save_in_the_meantime_holds_the_edit_and_is_not_lost() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("standfirst", "Saved in the meantime.")]).await;
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 0);
    let page = desk.world.browser().get(&desk.article(id).await.href()).await.body;
    assert!(page.contains("Before noon") && page.contains("Saved in the meantime."));
    let screen = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await);
    assert!(screen.text("#waiting-edit h2").join("").contains("held"));
    let list = Screen::of(&desk.editor.get("/desk/articles").await);
    assert!(list.text("td.title").join("").contains("An edit is held"));
}

#[tokio::test]
async fn an_edit_and_a_save_that_touch_different_parts_are_both_in_force_at_its_time() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    desk.saved(id, &[("body", "<p>First as it was.</p><p>Second as it was.</p>")]).await;
    schedule(
        &mut desk,
        id,
        &[("headline", "After noon"), ("body", "<p>First as of noon.</p><p>Second as it was.</p>")],
    )
    .await;
    desk.saved(
        id,
        &[("standfirst", "Mended."), ("body", "<p>First as it was.</p>\n\n<p>Second, with its comma.</p>")],
    )
    .await;
    assert_eq!(desk.value("select held::text from scheduled_edits").await, "false");
    assert_eq!(desk.value("select action from audit order by id desc limit 1").await, "bring along edit");
    let path = desk.article(id).await.href();
    let before = desk.world.browser().get(&path).await.body;
    assert!(
        before.contains("Before noon") && before.contains("with its comma") && !before.contains("as of noon")
    );
    desk.let_time_pass().await;
    let page = desk.world.browser().get(&path).await.body;
    for words in ["After noon", "Mended.", "First as of noon.", "Second, with its comma."] {
        assert!(page.contains(words), "{words} is lost");
    }
    assert_eq!(fold(&desk).await, 1);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.standfirst.as_str()), ("After noon", "Mended."));
    assert!(article.body_html.as_str().starts_with("<p>First as of noon.</p>"));
}

#[tokio::test]
async fn a_caption_of_one_picture_does_not_come_to_stand_under_another() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    schedule(&mut desk, id, &[("picture_caption", "The old bridge")]).await;
    let answer = desk.editor.get(&format!("/desk/articles/{id}")).await;
    let form = Screen::of(&answer);
    let fields = [
        ("headline", "Before noon"),
        ("section", "news"),
        ("body", "<p>Text.</p>"),
        ("version", &form.field("version")),
    ];
    let picture = super::scene::jpeg(40);
    let path = format!("/desk/articles/{id}");
    let saved = desk.editor.upload(&path, &fields, &[("picture", "new.jpg", &picture)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", problems(&saved));
    assert_eq!(desk.value("select held::text from scheduled_edits").await, "true");
    let held = Screen::of(&desk.editor.get(&path).await).text("#held-edit").join(" ");
    assert!(held.contains("lead picture"), "{held}");
}

#[tokio::test]
async fn a_held_edit_is_told_of_above_the_form_and_to_its_writer_and_does_not_go_out_next() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("standfirst", "Saved by herself.")]).await;
    assert!(desk.world.letters().await.is_empty(), "she was told on the screen");
    desk.run(
        "update scheduled_edits set held = false, user_id = $1, based_on = 2 where article_id = $2",
        desk.author_id.0,
        id,
    )
    .await;
    desk.saved(id, &[("standfirst", "Saved by another.")]).await;
    let letters = desk.world.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, "aron.lund@example.org");
    assert!(letters[0].text.contains(&format!("/desk/articles/{id}")), "{}", letters[0].text);
    let said =
        Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await).text("#held-edit").join(" ");
    assert!(said.contains("An edit is held") && said.contains("too: standfirst."), "{said}");
    desk.let_time_pass().await;
    let today = Screen::of(&desk.editor.get("/desk").await);
    assert!(today.text("[aria-labelledby=next] .agenda").is_empty());
    assert_eq!(today.text("[aria-labelledby=mine] .agenda a"), ["After noon"]);
    assert!(agenda::next(&desk.world.db.pool, None, 5).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_held_edit_opens_with_both_changes_and_goes_on_from_there() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("kicker", "Meanwhile")]).await;
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
    assert_eq!(form.field("headline"), "After noon");
    assert_eq!(form.field("kicker").trim(), "Meanwhile");
    assert_eq!(form.field("effective_at"), THEN);
    let answer = send(&mut desk.editor, &path, &form, &[("action", "schedule")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", problems(&answer));
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.kicker.as_str()), ("After noon", "Meanwhile"));
}

#[tokio::test]
async fn a_person_may_let_a_held_edit_go_as_it_is() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("standfirst", "Saved in the meantime.")]).await;
    let path = format!("/desk/articles/{id}/edit/confirm");
    let seen = [("version", "2")];
    assert_eq!(desk.author.post(&path, &seen).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.editor.post(&path, &seen).await.status, StatusCode::SEE_OTHER);
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    assert_eq!(desk.article(id).await.headline, "After noon");
}

#[tokio::test]
async fn an_edit_that_is_given_up_never_happens() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let answer = desk.editor.post(&format!("/desk/articles/{id}/edit/cancel"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 0);
    assert_eq!(desk.article(id).await.headline, "Before noon");
}

#[tokio::test]
async fn an_edit_whose_time_has_come_is_in_before_anybody_saves_over_it() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&desk.editor.get(&path).await);
    desk.let_time_pass().await;
    let answer = send(&mut desk.editor, &path, &form, &[("standfirst", "Typed before noon.")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(desk.article(id).await.headline, "After noon");
}

#[tokio::test]
async fn a_withdrawal_holds_the_edit() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("action", "withdraw")]).await;
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 0);
    assert_eq!(desk.world.browser().get(&desk.article(id).await.href()).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_wrong_time_is_refused_at_its_field() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    for (time, why) in [
        ("", "Say when"),
        ("2001-01-01T10:00", "This time is over"),
        ("soon", "Write the date"),
        ("2999-06-01T10:00", ""),
    ] {
        let answer =
            desk.save(id, &[("action", "schedule"), ("effective_at", time), ("headline", "Typed")]).await;
        if why.is_empty() {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            continue;
        }
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{time}");
        let screen = Screen::of(&answer);
        assert!(screen.text("#effective_at-error").join("").contains(why), "{time}: {}", problems(&answer));
        assert_eq!(screen.field("headline"), "Typed");
    }
}

#[tokio::test]
async fn the_list_and_the_versions_show_what_waits() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let list = Screen::of(&desk.editor.get("/desk/articles").await);
    assert!(list.text("td.title").join("").contains("An edit is scheduled for 1 Jun 2999, 10:00"));
    let path = format!("/desk/articles/{id}/revisions?from=1&to=edit");
    let versions = Screen::of(&desk.editor.get(&path).await);
    assert!(versions.text("tbody tr").first().is_some_and(|row| row.contains("The edit that waits")));
    assert!(versions.text(".diff-fields ins").iter().any(|word| word == "After"));
    let next = agenda::next(&desk.world.db.pool, None, 5).await.unwrap();
    assert!(next.len() == 1 && next[0].kind == Kind::Edit);
}

#[tokio::test]
async fn two_editors_change_one_edit_and_the_second_is_told_before_the_first_is_lost() {
    for action in ["schedule", "save"] {
        let mut desk = Newsdesk::new().await;
        let id = with_edit(&mut desk).await;
        let path = format!("/desk/articles/{id}");
        let theirs = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
        let mine = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
        let first =
            send(&mut desk.editor, &path, &theirs, &[("action", "schedule"), ("headline", "Theirs")]).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", problems(&first));
        let answer = send(&mut desk.editor, &path, &mine, &[("action", action), ("headline", "Mine")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
        let form = Screen::of(&answer);
        assert_eq!(form.field("headline"), "Mine");
        assert!(form.text("#effective_at-error").join("").contains("Edda Frey has changed this edit"));
        let waits = "select headline from scheduled_edits";
        assert_eq!(desk.value(waits).await, "Theirs");
        let again = send(&mut desk.editor, &path, &form, &[("action", action)]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", problems(&again));
        match action {
            "save" => assert_eq!(desk.article(id).await.headline, "Mine"),
            _ => assert_eq!(desk.value(waits).await, "Mine"),
        }
    }
}

#[tokio::test]
async fn an_edit_that_was_given_up_is_scheduled_again_only_on_purpose() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
    desk.editor.post(&format!("{path}/edit/cancel"), &[]).await;
    let answer = send(&mut desk.editor, &path, &form, &[("action", "schedule")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = Screen::of(&answer);
    assert!(form.text("#effective_at-error").join("").contains("waits no longer"));
    let again = send(&mut desk.editor, &path, &form, &[("action", "schedule")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", problems(&again));
    assert_eq!(desk.value("select headline from scheduled_edits").await, "After noon");
}

#[tokio::test]
async fn nobody_gives_up_an_edit_that_they_have_not_seen() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let path = format!("/desk/articles/{id}");
    let number =
        Screen::of(&desk.editor.get(&path).await).attribute("form[action$=cancel] input", "value").unwrap();
    let form = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
    send(&mut desk.editor, &path, &form, &[("action", "schedule"), ("headline", "Theirs")]).await;
    let answer = desk.editor.post(&format!("{path}/edit/cancel"), &[("number", &number)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(desk.value("select headline from scheduled_edits").await, "Theirs");
}

#[tokio::test]
async fn an_edit_goes_over_no_version_that_nobody_has_seen() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("standfirst", "Saved in the meantime.")]).await;
    let seen = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await)
        .attribute("form[action$=confirm] input", "value")
        .unwrap();
    desk.saved(id, &[("standfirst", "Saved a moment later.")]).await;
    let answer = desk.editor.post(&format!("/desk/articles/{id}/edit/confirm"), &[("version", &seen)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(desk.value("select held::text from scheduled_edits").await, "true");
}

#[tokio::test]
async fn an_edit_that_cannot_be_kept_is_held_and_stops_no_other() {
    let mut desk = Newsdesk::new().await;
    let bad = with_edit(&mut desk).await;
    let good = with_edit(&mut desk).await;
    desk.run(
        "update scheduled_edits set content = jsonb_set(content, '{kicker}', to_jsonb(repeat('k', $1::int)))
         where article_id = $2",
        61,
        bad,
    )
    .await;
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    assert_eq!(desk.article(good).await.version, 2);
    assert_eq!(desk.value("select held::text from scheduled_edits").await, "true");
    let form = desk.editor.get(&format!("/desk/articles/{bad}")).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(Screen::of(&form).text("#waiting-edit").join(" ").contains("could not take effect as it is"));
}

#[tokio::test]
async fn a_form_opens_although_its_edit_cannot_take_effect_and_is_saved_over_it() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let form = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await);
    desk.run(
        "update scheduled_edits set content = jsonb_set(content, '{kicker}', to_jsonb(repeat('k', $1::int)))
         where article_id = $2",
        61,
        id,
    )
    .await;
    desk.let_time_pass().await;
    let answer =
        send(&mut desk.editor, &format!("/desk/articles/{id}"), &form, &[("standfirst", "Typed.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", problems(&answer));
    assert_eq!(desk.article(id).await.standfirst, "Typed.");
}

#[tokio::test]
async fn an_edit_that_ends_before_the_new_publication_ends_with_the_article() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    schedule(&mut desk, id, &[("headline", "After noon"), ("expire_at", "2999-07-01T10:00")]).await;
    desk.saved(id, &[("publish_at", "2999-08-01T10:00")]).await;
    desk.run("update scheduled_edits set held = $1 = 0 where article_id = $2", 1, id).await;
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.expire_at), ("After noon", None));
}

#[tokio::test]
async fn saving_an_edit_keeps_what_its_writer_typed_into_the_article() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let path = format!("/desk/articles/{id}");
    let typed = [("headline", "Half a thought"), ("section", "news"), ("version", "1"), ("page", "a")];
    let kept = desk.editor.upload(&format!("{path}/autosave"), &typed, &[]).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    let form = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
    let answer = send(&mut desk.editor, &path, &form, &[("action", "schedule")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", problems(&answer));
    let form = Screen::of(&desk.editor.get(&path).await);
    assert_eq!(form.field("headline"), "Half a thought");
}

#[tokio::test]
async fn a_form_that_does_not_show_the_unsaved_text_does_not_go_over_it() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    let path = format!("/desk/articles/{id}");
    let typed = [("headline", "Half a thought"), ("section", "news"), ("version", "1"), ("page", "a")];
    desk.editor.upload(&format!("{path}/autosave"), &typed, &[]).await;
    let shown = Screen::of(&desk.editor.get(&path).await);
    assert_eq!(shown.attribute("form[data-autosave]", "data-sequence").as_deref(), Some("1"));
    let other = Screen::of(&desk.editor.post(&format!("{path}/notes"), &[("note", " ")]).await);
    assert_eq!(other.field("headline"), "Before noon");
    assert_eq!(other.attribute("form[data-autosave]", "data-sequence").as_deref(), Some("0"));
}

#[tokio::test]
async fn the_audit_says_in_words_what_was_done_and_for_when() {
    let mut desk = Newsdesk::new().await;
    with_edit(&mut desk).await;
    let facts = Screen::of(&desk.editor.get("/desk/audit").await).text("td[data-label=Details]").join("; ");
    assert!(
        facts.contains("takes effect: 1 Jun 2999, 10:00") && facts.contains("over version: 1"),
        "{facts}"
    );
}
