//! `/desk`: what waits, what comes, what is read, what is broken.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::broken_link;

use super::Screen;
use super::scene::Scene;
use crate::newsroom::Story;

async fn screen(scene: &mut Scene) -> Screen {
    let answer = scene.browser.get("/desk").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    Screen::of(&answer)
}

async fn run(scene: &Scene, change: &'static str) {
    sqlx::query(change).execute(&scene.world.db.pool).await.unwrap();
}

#[tokio::test]
async fn a_new_desk_says_that_nothing_waits() {
    let mut scene = Scene::new().await;
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("h1"), ["Today"]);
    assert_eq!(screen.text("[aria-current=page]"), ["Today"]);
    assert_eq!(screen.text(".quiet-empty").len(), 3);
    assert_eq!(screen.text(".chart desc"), ["Nothing was read in 24 hours."]);
}

#[tokio::test]
async fn ones_own_drafts_and_what_was_assigned_wait() {
    let mut scene = Scene::new().await;
    for (headline, change) in [
        ("My draft", "update articles set created_by = 1 where headline = 'My draft'"),
        ("Given to me", "update articles set assignee = 1 where headline = 'Given to me'"),
        (
            "In the trash",
            "update articles set created_by = 1, trashed_at = now() where headline = 'In the trash'",
        ),
        ("Of somebody else", "select 1"),
    ] {
        Story::new(headline).draft(&scene.world).await;
        run(&scene, change).await;
    }
    let screen = screen(&mut scene).await;
    let mut waiting = screen.text("[aria-labelledby=mine] .agenda a");
    waiting.sort();
    assert_eq!(waiting, ["Given to me", "My draft"]);
    assert!(screen.text(".badge").contains(&"Assigned to you".to_owned()));
}

#[tokio::test]
async fn editors_see_what_is_in_review_and_comments_that_wait_and_authors_do_not() {
    let mut scene = Scene::new().await;
    let article = scene.article("Read").await;
    scene.comment(article, "Nora", "A question.").await;
    Story::new("Handed in").draft(&scene.world).await;
    run(&scene, "update articles set state = 'review' where headline = 'Handed in'").await;
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("[aria-labelledby=mine] .agenda a"), ["Handed in"]);
    assert_eq!(screen.text(".count"), ["1 comment waits for a decision"]);
    scene.browser = scene.world.logged_in(Role::Author).await;
    let screen = self::screen(&mut scene).await;
    assert!(!screen.has(".agenda") && !screen.has(".count") && !screen.has("#mend"));
}

#[tokio::test]
async fn what_goes_out_next_stands_in_the_order_of_its_time() {
    let mut scene = Scene::new().await;
    for (headline, hours) in [("Second", -3), ("First", -1), ("Out already", 1)] {
        Story::new(headline).hours_ago(hours).publish(&scene.world).await;
    }
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("[aria-labelledby=next] .agenda a"), ["First", "Second"]);
}

#[tokio::test]
async fn the_reads_of_a_day_are_drawn_with_their_numbers_beside() {
    let mut scene = Scene::new().await;
    scene.article("Read").await;
    run(
        &scene,
        "insert into view_hours (hour, article_id, views)
         select date_trunc('hour', now(), 'UTC') - make_interval(hours => n), id, 10 + n
         from articles, unnest(array[0, 5, 30]) n",
    )
    .await;
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("svg[role=img] rect").len(), 24);
    assert_eq!(screen.text(".chart-table td").len(), 24);
    assert!(screen.text(".chart desc")[0].starts_with("25 reads in 24 hours; most in the hour from "));
    assert_eq!(screen.text(".chart-table td").iter().filter(|value| *value != "0").count(), 2);
    let labelled = screen.attribute(".chart svg", "aria-labelledby").unwrap();
    assert!(labelled.split(' ').all(|id| screen.has(&format!("#{id}"))), "{labelled}");
}

async fn check_links(scene: &Scene) {
    let mut tx = scene.world.db.pool.begin().await.unwrap();
    broken_link::check_some(&mut tx, "http://localhost", 20).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn links_that_lead_nowhere_are_found_and_forgotten_when_mended() {
    let mut scene = Scene::new().await;
    let good = scene.article("There").await;
    let body = format!(
        "<p><a href=\"/article/{good}/there\">a</a> <a href=\"/article/999/gone\">b</a> <a href=\"/tag/none\">c</a>
         <a href=\"http://localhost/section/news\">d</a> <a href=\"https://example.org/404\">e</a></p>"
    );
    let id = Story::new("With links").body(&body).publish(&scene.world).await;
    Story::new("A draft").body(&body).draft(&scene.world).await;
    check_links(&scene).await;
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("[aria-labelledby=links] .agenda a"), ["With links"]);
    assert_eq!(screen.text("[aria-labelledby=links] code"), ["/article/999/gone", "/tag/none"]);

    run(&scene, "insert into tags (slug, name) values ('none', 'None')").await;
    check_links(&scene).await;
    assert_eq!(
        self::screen(&mut scene).await.text("[aria-labelledby=links] code").len(),
        2,
        "not looked at yet"
    );
    run(&scene, "update link_checks set checked_at = now() - interval '25 hours'").await;
    check_links(&scene).await;
    assert_eq!(self::screen(&mut scene).await.text("[aria-labelledby=links] code"), ["/article/999/gone"]);
    Story::new("With links").body("<p>None.</p>").over(&scene.world, id).await;
    check_links(&scene).await;
    assert!(!self::screen(&mut scene).await.has("[aria-labelledby=links]"));
}

#[tokio::test]
async fn pictures_whose_licence_is_over_are_named() {
    let mut scene = Scene::new().await;
    let picture = super::scene::jpeg(90);
    let answer = scene.browser.upload("/desk/media", &[], &[("file", "river.jpg", &picture)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    run(&scene, "update media set licence_ends_at = now() - interval '1 day'").await;
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("[aria-labelledby=licences] bdi"), ["river.jpg"]);
    assert!(screen.has("a[href='/desk/media?state=ended']"));
}

#[tokio::test]
async fn given_up_work_is_counted_for_administrators() {
    let mut scene = Scene::with(Role::Admin).await;
    run(&scene, "insert into jobs (kind, dead_at) values ('make_renditions', now()), ('x', now())").await;
    let screen = screen(&mut scene).await;
    assert_eq!(screen.text("[aria-labelledby=jobs] .count"), ["2 jobs were given up"]);
    scene.browser = scene.world.logged_in(Role::Editor).await;
    assert!(!self::screen(&mut scene).await.has("[aria-labelledby=jobs]"));
}
