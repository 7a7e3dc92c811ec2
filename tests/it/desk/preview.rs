//! Links for people without an account: the public page exactly, for some days, until an editor ends them.

use axum::http::StatusCode;
use broadsheet::jobs::Runner;
use broadsheet::news::media::{self, MediaId};
use broadsheet::news::preview::{self, Subject};

use super::Screen;
use super::newsdesk::Newsdesk;
use crate::browser::{Answer, BASE};
use crate::newsroom::Page;

/// The path of a new link to what the author has written.
async fn link(
    desk: &mut Newsdesk,
    id: broadsheet::news::article::ArticleId,
    fields: &[(&str, &str)],
) -> String {
    let answer = desk.author.post(&format!("/desk/articles/{id}/previews"), fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let screen = Screen::of(&desk.author.get(&format!("/desk/articles/{id}")).await);
    let address = screen.attribute(".preview-links input", "value").unwrap();
    address.strip_prefix(BASE).unwrap().to_owned()
}

fn is_kept_by_nobody(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    assert!(answer.header("content-security-policy").contains("script-src 'self'"));
    assert_eq!(Page::of(answer).attribute("meta[name=robots]", "content"), "noindex, nofollow");
}

#[tokio::test]
async fn a_link_shows_a_draft_to_somebody_without_an_account() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Not out yet").await;
    let path = link(&mut desk, id, &[("days", "1")]).await;
    assert!(path.len() > "/preview/".len() + 32);
    let mut stranger = desk.world.browser();
    let answer = stranger.get(&path).await;
    is_kept_by_nobody(&answer);
    let page = Page::of(&answer);
    assert_eq!(page.text("h1"), "Not out yet");
    assert!(page.has(".preview-note"));
    assert!(!page.has("link[rel=canonical]"));
    assert!(!page.has(".comment-form") || page.has("[inert] .comment-form"));
    // A newer save is what it shows from then on.
    desk.saved(id, &[("headline", "Better already")]).await;
    assert_eq!(Page::of(&stranger.get(&path).await).text("h1"), "Better already");
    assert_eq!(desk.article(id).await.visibility(), broadsheet::news::article::Visibility::Hidden);
}

#[tokio::test]
async fn a_link_ends_when_its_days_are_over_or_somebody_ends_it() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Not out yet").await;
    let path = link(&mut desk, id, &[("days", "3")]).await;
    let mut stranger = desk.world.browser();
    assert_eq!(stranger.get(&path).await.status, StatusCode::OK);
    let over = "update previews set created_at = created_at - interval '4 days', expires_at = now() - interval '1 second'";
    sqlx::query(over).execute(&desk.world.db.pool).await.unwrap();
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);

    let path = link(&mut desk, id, &[("days", "7")]).await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::OK);
    let screen = Screen::of(&desk.author.get(&format!("/desk/articles/{id}")).await);
    let end = screen.attribute(".preview-links form", "action").unwrap();
    assert_eq!(desk.author.post(&end, &[]).await.status, StatusCode::SEE_OTHER);
    let answer = stranger.get(&path).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(!Screen::of(&desk.author.get(&format!("/desk/articles/{id}")).await).has(".preview-links"));
}

#[tokio::test]
async fn no_link_lives_longer_than_a_week_and_a_forged_one_shows_nothing() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Not out yet").await;
    for days in ["8", "0", "-1", "x", ""] {
        let answer = desk.author.post(&format!("/desk/articles/{id}/previews"), &[("days", days)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{days}");
    }
    let long = "insert into previews (nonce, noun, article_id, expires_at)
                values (sha256('x'), 'article', $1, now() + interval '8 days')";
    assert!(sqlx::query(long).bind(id.0).execute(&desk.world.db.pool).await.is_err());
    let path = link(&mut desk, id, &[("days", "1")]).await;
    let mut stranger = desk.world.browser();
    let forged = if path.ends_with('0') {
        format!("{}1", &path[..path.len() - 1])
    } else {
        format!("{}0", &path[..path.len() - 1])
    };
    for wrong in [forged.as_str(), "/preview/1", "/preview/1-", "/preview/x", "/preview/-1-ff"] {
        assert_eq!(stranger.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn a_link_to_an_edit_shows_what_will_be() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    desk.saved(
        id,
        &[("headline", "After noon"), ("action", "schedule"), ("effective_at", "2999-06-01T10:00")],
    )
    .await;
    let edit = link(&mut desk, id, &[("days", "1"), ("shows", "edit")]).await;
    let mut stranger = desk.world.browser();
    assert_eq!(Page::of(&stranger.get(&edit).await).text("h1"), "After noon");
    let saved = link(&mut desk, id, &[("days", "1"), ("shows", "saved")]).await;
    assert_eq!(Page::of(&stranger.get(&saved).await).text("h1"), "Before noon");
}

#[tokio::test]
async fn a_preview_is_not_counted_and_takes_no_comment() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Counted").await;
    let path = link(&mut desk, id, &[("days", "1")]).await;
    let mut stranger = desk.world.browser();
    let answer = stranger.get_with(&path, &[("user-agent", "Mozilla/5.0 Firefox/140.0")]).await;
    is_kept_by_nobody(&answer);
    assert!(desk.world.app.views.take().is_empty());
    assert_eq!(stranger.post(&path, &[("text", "Hello")]).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_others_write_is_shown_by_nobody_else_and_the_trash_by_nobody() {
    let mut desk = Newsdesk::new().await;
    let theirs = crate::newsroom::Story::new("Of others").draft(&desk.world).await;
    let answer = desk.author.post(&format!("/desk/articles/{theirs}/previews"), &[("days", "1")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let id = desk.draft("Thrown away").await;
    let path = link(&mut desk, id, &[("days", "1")]).await;
    desk.author.post(&format!("/desk/articles/{id}/trash"), &[]).await;
    assert_eq!(desk.world.browser().get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_front_page_is_shown_as_it_will_be() {
    let desk = Newsdesk::new().await;
    let tomorrow = crate::newsroom::Story::new("Out tomorrow").hours_ago(-24).publish(&desk.world).await;
    desk.published("Out today").await;
    let pool = &desk.world.db.pool;
    let then = desk.article(tomorrow).await.publish_at.unwrap() + chrono::TimeDelta::hours(1);
    let actor = broadsheet::news::audit::Actor::command_line();
    let mut tx = pool.begin().await.unwrap();
    let ahead = preview::create(pool, &mut tx, Subject::Front, Some(then), 1, &actor).await.unwrap();
    tx.commit().await.unwrap();
    let mut stranger = desk.world.browser();
    let answer = stranger.get(&format!("/preview/{ahead}")).await;
    is_kept_by_nobody(&answer);
    assert!(answer.body.contains("Out tomorrow"));
    assert!(!stranger.get("/").await.body.contains("Out tomorrow"));
    assert_eq!(preview::of_subject(pool, Subject::Front).await.unwrap().len(), 1);
}

/// A picture of the library, and its number.
async fn picture(desk: &mut Newsdesk, tone: u8) -> MediaId {
    let file = super::png(tone);
    let answer = desk.editor.upload("/desk/media", &[], &[("file", "quay.png", &file)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", super::newsdesk::problems(&answer));
    Runner::new(desk.world.app.clone()).drain().await.unwrap();
    MediaId(sqlx::query_scalar("select max(id) from media").fetch_one(&desk.world.db.pool).await.unwrap())
}

/// Where readers would find it.
async fn address(desk: &Newsdesk, id: MediaId) -> String {
    media::by_id(&desk.world.db.pool, id).await.unwrap().unwrap().picture().unwrap().src()
}

/// A draft of the author with a picture on top, one in its text; and the addresses
/// of its pictures on the page of a link to it.
async fn with_pictures(desk: &mut Newsdesk) -> (String, Vec<String>) {
    let (top, inside) = (picture(desk, 7).await, picture(desk, 8).await);
    let body = format!("<figure><img src=\"{}\" alt=\"A boat\"></figure>", address(desk, inside).await);
    let id = desk.draft("With pictures").await;
    let write = "update articles set picture_id = $2, picture_alt = 'A quay', body_html = $3 where id = $1";
    let write = sqlx::query(write).bind(id.0).bind(top.0).bind(body);
    write.execute(&desk.world.db.pool).await.unwrap();
    let path = link(desk, id, &[("days", "1")]).await;
    let page = desk.world.browser().read(&path).await;
    let shown = page.attributes("main img, main source, .article-picture img", "src");
    let sets = page.attributes("main img, main source", "srcset");
    let from_sets = sets.iter().flat_map(|set| set.split(", ")).map(|one| one.split(' ').next().unwrap());
    let all: Vec<String> = shown.into_iter().chain(from_sets.map(str::to_owned)).collect();
    assert!(all.len() >= 6, "{all:?}");
    (path, all)
}

#[tokio::test]
async fn the_pictures_of_a_preview_are_shown_to_whoever_has_the_link_and_to_nobody_else() {
    let mut desk = Newsdesk::new().await;
    let (path, pictures) = with_pictures(&mut desk).await;
    let token = path.strip_prefix("/preview/").unwrap();
    let mut stranger = desk.world.browser();
    for src in &pictures {
        let answer = stranger.get(src).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "private, no-store"));
        let (bare, _) = src.split_once("?preview=").unwrap();
        for query in ["", "?preview=", "?preview=1-ff", &format!("?preview={token}0")] {
            let answer = stranger.get(&format!("{bare}{query}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{query}");
        }
    }
}

#[tokio::test]
async fn the_pictures_of_a_preview_end_with_the_link() {
    for over in [
        "update previews set revoked_at = now()",
        "update previews set created_at = created_at - interval '4 days', expires_at = now() - interval '1 second'",
        "update articles set trashed_at = now()",
    ] {
        let mut desk = Newsdesk::new().await;
        let (_, pictures) = with_pictures(&mut desk).await;
        sqlx::query(over).execute(&desk.world.db.pool).await.unwrap();
        for src in &pictures {
            assert_eq!(desk.world.browser().get(src).await.status, StatusCode::NOT_FOUND, "{over}");
        }
    }
}

#[tokio::test]
async fn a_link_shows_no_picture_of_anything_else() {
    let mut desk = Newsdesk::new().await;
    let (path, _) = with_pictures(&mut desk).await;
    let token = path.strip_prefix("/preview/").unwrap().to_owned();
    let foreign = picture(&mut desk, 9).await;
    let src = format!("{}?preview={token}", address(&desk, foreign).await);
    let mut stranger = desk.world.browser();
    assert_eq!(stranger.get(&src).await.status, StatusCode::NOT_FOUND, "it hangs nowhere");
    let other = crate::newsroom::Story::new("Another").with(|fields| fields.picture_id = Some(foreign));
    other.draft(&desk.world).await;
    assert_eq!(stranger.get(&src).await.status, StatusCode::NOT_FOUND, "it hangs elsewhere");
}

#[tokio::test]
async fn a_link_to_the_front_page_shows_the_pictures_that_will_be_out() {
    let mut desk = Newsdesk::new().await;
    let (soon, late, never) =
        (picture(&mut desk, 7).await, picture(&mut desk, 8).await, picture(&mut desk, 9).await);
    let story = |headline, picture| {
        crate::newsroom::Story::new(headline).with(|fields| {
            fields.picture_id = Some(picture);
            fields.picture_alt = "A quay".to_owned();
        })
    };
    story("Soon", soon).hours_ago(-1).publish(&desk.world).await;
    story("Late", late).hours_ago(-48).publish(&desk.world).await;
    story("Never", never).draft(&desk.world).await;
    let pool = desk.world.db.pool.clone();
    let actor = broadsheet::news::audit::Actor::command_line();
    let mut tx = pool.begin().await.unwrap();
    let at = chrono::Utc::now() + chrono::TimeDelta::hours(2);
    let ahead = preview::create(&pool, &mut tx, Subject::Front, Some(at), 1, &actor).await.unwrap();
    tx.commit().await.unwrap();
    let mut stranger = desk.world.browser();
    let page = stranger.read(&format!("/preview/{ahead}")).await;
    let src = page.attribute("main img", "src");
    assert_eq!(stranger.get(&src).await.status, StatusCode::OK, "{src}");
    for (medium, status) in [(soon, 200), (late, 404), (never, 404)] {
        let src = format!("{}?preview={ahead}", address(&desk, medium).await);
        assert_eq!(stranger.get(&src).await.status, status, "{medium}");
    }
}

#[tokio::test]
async fn a_picture_that_was_replaced_is_found_from_a_preview() {
    let mut desk = Newsdesk::new().await;
    let (_, pictures) = with_pictures(&mut desk).await;
    for id in [1, 2] {
        let (path, file) = (format!("/desk/media/{id}/replace"), super::png(20 + id));
        let answer = desk.editor.upload(&path, &[], &[("file", "new.png", &file)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let mut stranger = desk.world.browser();
    for src in &pictures {
        let moved = stranger.get(src).await;
        assert_eq!(moved.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(stranger.get(moved.header("location")).await.status, StatusCode::OK);
    }
}

/// The path of a new link to the front page of the draft.
async fn front_link(desk: &mut Newsdesk, at: &str) -> String {
    let answer = desk.editor.post("/desk/front/previews", &[("days", "1"), ("at", at)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let screen = Screen::of(&desk.editor.get("/desk/front").await);
    let address = screen.attribute(".preview-links input", "value").unwrap();
    address.strip_prefix(BASE).unwrap().to_owned()
}

#[tokio::test]
async fn a_link_shows_the_draft_of_the_front_page_with_the_edits_of_that_time() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    desk.saved(
        id,
        &[("headline", "After noon"), ("action", "schedule"), ("effective_at", "2999-06-01T10:00")],
    )
    .await;
    let place = [("article", id.to_string()), ("version", "0".to_owned())];
    let place: Vec<(&str, &str)> = place.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let placed = desk.editor.post("/desk/front", &place).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.body);
    let choice = ".editors-choice-block .headline";
    let mut stranger = desk.world.browser();

    let path = front_link(&mut desk, "2999-06-01T11:00").await;
    let answer = stranger.get(&path).await;
    is_kept_by_nobody(&answer);
    assert_eq!(Page::of(&answer).texts(choice), ["After noon"]);
    assert!(answer.body.contains("A preview: the front page as of"));
    let now = front_link(&mut desk, "").await;
    assert_eq!(Page::of(&stranger.get(&now).await).texts(choice), ["Before noon"]);
    assert!(!Page::of(&stranger.get("/").await).has(choice), "the draft is not published");
}

#[tokio::test]
async fn a_link_to_the_front_page_ends_with_its_day_or_when_somebody_says_so() {
    let mut desk = Newsdesk::new().await;
    desk.published("Out").await;
    let mut stranger = desk.world.browser();
    let path = front_link(&mut desk, "").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::OK);
    let end =
        Screen::of(&desk.editor.get("/desk/front").await).attribute(".preview-links form", "action").unwrap();
    assert_eq!(desk.author.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&path).await.status, StatusCode::OK);
    let ended = desk.editor.post(&end, &[]).await;
    assert_eq!((ended.status, ended.header("location")), (StatusCode::SEE_OTHER, "/desk/front#previews"));
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!Screen::of(&desk.editor.get("/desk/front").await).has(".preview-links"));

    let path = front_link(&mut desk, "").await;
    let over = "update previews set created_at = created_at - interval '4 days', expires_at = now() - interval '1 second'";
    sqlx::query(over).execute(&desk.world.db.pool).await.unwrap();
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_moment_that_a_link_cannot_show_is_named_and_kept() {
    let mut desk = Newsdesk::new().await;
    for (at, why) in [("2001-01-01T10:00", "This time is over"), ("soon", "Please")] {
        let answer = desk.editor.post("/desk/front/previews", &[("days", "1"), ("at", at)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{at}");
        let screen = Screen::of(&answer);
        assert!(screen.text("#preview_at-error").join("").contains(why), "{at}");
        assert_eq!(screen.attribute("#preview_at", "value").as_deref(), Some(at));
    }
}
