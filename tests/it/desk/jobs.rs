//! The list of work that is not done.

use axum::http::StatusCode;
use broadsheet::accounts::Role;

use super::Screen;
use super::scene::Scene;

async fn with_jobs() -> Scene {
    let scene = Scene::with(Role::Admin).await;
    sqlx::query(
        "insert into jobs (kind, payload, attempts, last_error, dead_at, locked_until) values
             ('make_renditions', '{\"kind\": \"make_renditions\", \"media_id\": 12}', 8,
              'could not reach postgres://news:canary@db/x\nsecond line', now(), null),
             ('send_mail', '{\"kind\": \"send_mail\", \"to\": \"canary@example.org\"}', 1,
              '550 canary@example.org unknown', null, null),
             ('make_renditions', '{\"kind\": \"make_renditions\", \"media_id\": 13}', 1, null, null,
              now() + interval '1 minute')",
    )
    .execute(&scene.world.db.pool)
    .await
    .unwrap();
    scene
}

#[tokio::test]
async fn failed_and_waiting_work_is_listed_without_secrets() {
    let mut scene = with_jobs().await;
    let answer = scene.browser.get("/desk/jobs").await;
    assert_eq!(answer.status, StatusCode::OK);
    let screen = Screen::of(&answer);
    let rows = screen.text("tbody tr td:first-child");
    assert_eq!(rows, ["Make renditions media 12", "Send mail", "Make renditions media 13"]);
    assert_eq!(screen.text(".badge"), ["Failed", "Waiting", "Running"]);
    assert!(answer.body.contains("could not reach postgres://…@db/x"));
    assert!(!answer.body.contains("canary") && !answer.body.contains("second line"));
    assert_eq!(screen.text("form button").len(), 4 + 1, "what runs has no buttons; the fifth is the log-out");
}

#[tokio::test]
async fn failed_work_is_tried_again_with_all_its_tries() {
    let mut scene = with_jobs().await;
    let answer = scene.browser.post("/desk/jobs/1/retry", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/jobs"));
    let job = "select (dead_at is null and attempts = 0 and run_at <= now())::text from jobs where id = 1";
    assert_eq!(scene.value(job).await, "true");
    assert_eq!(scene.acts().await, ["try again job by Mira Holt"]);
}

#[tokio::test]
async fn work_is_thrown_away_but_not_out_of_a_workers_hands() {
    let mut scene = with_jobs().await;
    assert_eq!(scene.browser.post("/desk/jobs/2/discard", &[]).await.status, StatusCode::SEE_OTHER);
    for act in ["discard", "retry"] {
        let answer = scene.browser.post(&format!("/desk/jobs/3/{act}"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
    assert_eq!(scene.values("select id::text from jobs order by id").await, ["1", "3"]);
    assert_eq!(scene.acts().await, ["discard job by Mira Holt"]);
}

#[tokio::test]
async fn work_that_was_laid_aside_is_thrown_away_or_done_when_somebody_asks() {
    let mut scene = Scene::with(Role::Admin).await;
    scene.picture("river.jpg", &super::scene::jpeg(10)).await;
    sqlx::query(
        "insert into jobs (kind, payload, attempts, last_error, dead_at)
         select 'make_renditions', jsonb_build_object('kind', 'make_renditions', 'media_id', id), 8, 'The disk is full.', now()
         from media, generate_series(1, 2)",
    )
    .execute(&scene.world.db.pool)
    .await
    .unwrap();
    let runner = broadsheet::jobs::Runner::new(scene.world.app.clone());
    assert_eq!(runner.drain().await.unwrap(), 0, "nobody does it by itself");
    let screen = Screen::of(&scene.browser.get("/desk/jobs").await);
    assert_eq!(screen.text(".badge"), ["Failed", "Failed"]);
    let retry = screen.attribute("tbody form[action$='/retry']", "action").unwrap();
    scene.browser.post(&retry, &[]).await;
    assert_eq!(runner.drain().await.unwrap(), 1);
    let left = Screen::of(&scene.browser.get("/desk/jobs").await);
    assert_eq!(left.text(".badge"), ["Failed"]);
    let discard = left.attribute("tbody form[action$='/discard']", "action").unwrap();
    scene.browser.post(&discard, &[]).await;
    assert!(!Screen::of(&scene.browser.get("/desk/jobs").await).has(".badge"));
}
