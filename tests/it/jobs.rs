//! The queue and what it runs.

use broadsheet::jobs::Runner;
use broadsheet::media::Extension;
use broadsheet::news::media::{self, MediaId, NewMedia};
use broadsheet::queue::{self, Payload};
use sqlx::PgPool;

use crate::browser::World;
use crate::desk::png;
use crate::desk::scene::{Scene, jpeg};
use crate::support;

/// Work about a picture that is not there: done as soon as somebody looks.
const WORK: Payload = Payload::MakeRenditions { media_id: 4711 };

async fn enqueue(pool: &PgPool) {
    let mut tx = pool.begin().await.unwrap();
    queue::enqueue(&mut tx, &WORK).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(pool: &PgPool) -> Option<queue::Job> {
    queue::claim(&mut pool.acquire().await.unwrap()).await.unwrap()
}

async fn fail(pool: &PgPool, job: &queue::Job, why: &str) {
    queue::fail(&mut pool.acquire().await.unwrap(), job, why).await.unwrap();
}

/// Time passes for every job.
async fn later(pool: &PgPool, seconds: f64) {
    let earlier = "update jobs set run_at = run_at - make_interval(secs => $1),
                                   locked_until = locked_until - make_interval(secs => $1)";
    sqlx::query(earlier).bind(seconds).execute(pool).await.unwrap();
}

async fn jobs(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from jobs").fetch_one(pool).await.unwrap()
}

/// A picture as the desk keeps it, and the site it was uploaded to.
async fn upload(bytes: &[u8]) -> (Scene, MediaId) {
    let mut scene = Scene::new().await;
    let answer = scene.browser.upload("/desk/media", &[], &[("file", "river.png", bytes)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let id = sqlx::query_scalar("select id from media").fetch_one(&scene.world.db.pool).await.unwrap();
    (scene, MediaId(id))
}

#[tokio::test]
async fn an_uploaded_picture_gets_its_sizes_by_the_queue() {
    let (mut scene, id) = upload(&png(9)).await;
    let pool = &scene.world.db.pool.clone();
    assert!(!media::by_id(pool, id).await.unwrap().unwrap().is_ready());
    assert_eq!(Runner::new(scene.world.app.clone()).drain().await.unwrap(), 1);
    let medium = media::by_id(pool, id).await.unwrap().unwrap();
    assert!(medium.is_ready() && medium.failed.is_none());
    let picture = medium.picture().unwrap();
    assert!(picture.srcset_webp().contains("/media/") && picture.srcset_jpeg().contains("/media/"));
    let src = scene.browser.get(&picture.src()).await;
    assert_eq!((src.status.as_u16(), src.header("content-type")), (200, "image/jpeg"));
    assert_eq!(jobs(pool).await, 0);
}

#[tokio::test]
async fn work_done_twice_leaves_the_same_picture() {
    let (scene, id) = upload(&png(10)).await;
    let runner = Runner::new(scene.world.app.clone());
    runner.drain().await.unwrap();
    let files = "select string_agg(encode(sha256, 'hex'), ' ' order by extension, width) from renditions";
    let before = scene.value(files).await;
    let mut tx = scene.world.db.pool.begin().await.unwrap();
    queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: id.0 }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(runner.drain().await.unwrap(), 1);
    assert_eq!(scene.value(files).await, before);
}

#[tokio::test]
async fn a_picture_that_cannot_be_read_is_marked_with_its_reason_and_not_tried_again() {
    // The head is right, so the desk takes it; the pixels end in the middle.
    let whole = png(11);
    let (scene, id) = upload(&whole).await;
    let pool = &scene.world.db.pool;
    let medium = media::by_id(pool, id).await.unwrap().unwrap();
    let store = &scene.world.app.media;
    let kept =
        store.read_original(&medium.digest().unwrap(), medium.stored_as().unwrap()).await.unwrap().unwrap();
    let cut = store.put_original(kept[..kept.len() / 2].to_vec(), medium.stored_as().unwrap()).await.unwrap();
    sqlx::query("update media set sha256 = $1").bind(cut.as_slice()).execute(pool).await.unwrap();

    assert_eq!(Runner::new(scene.world.app.clone()).drain().await.unwrap(), 1);
    let medium = media::by_id(pool, id).await.unwrap().unwrap();
    assert!(medium.failed.is_some_and(|why| !why.is_empty()) && medium.ready_at.is_none());
    assert_eq!(jobs(pool).await, 0);
}

/// A file of other sides in the place of the picture, while a job has the old one in its hands.
async fn replaced_meanwhile(scene: &Scene, id: MediaId) {
    let (world, pool) = (&scene.world, &scene.world.db.pool);
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("select from media for update").execute(&mut *tx).await.unwrap();
    let app = world.app.clone();
    let job = tokio::spawn(async move { Runner::new(app).drain().await.unwrap() });
    support::until_waiting(pool, &job).await;
    let bytes = jpeg(200);
    let new = NewMedia {
        kind: media::Kind::Picture,
        digest: world.app.media.put_original(bytes, Extension::Jpg).await.unwrap(),
        extension: Extension::Jpg,
        name: "new.jpg",
        width: 64,
        height: 48,
        bytes: 1,
        created_by: None,
    };
    media::about::replace(&mut tx, id, &new).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    job.await.unwrap();
}

#[tokio::test]
async fn work_on_a_file_that_was_replaced_meanwhile_is_given_up() {
    let (scene, id) = upload(&png(13)).await;
    replaced_meanwhile(&scene, id).await;
    let pool = &scene.world.db.pool;
    let medium = media::by_id(pool, id).await.unwrap().unwrap();
    assert!(!medium.is_ready() && medium.renditions.0.is_empty(), "{:?}", medium.renditions);
    let mut tx = pool.begin().await.unwrap();
    queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: id.0 }).await.unwrap();
    tx.commit().await.unwrap();
    Runner::new(scene.world.app.clone()).drain().await.unwrap();
    let medium = media::by_id(pool, id).await.unwrap().unwrap();
    let widest = medium.renditions.0.iter().filter(|file| file.c.is_none()).map(|file| file.w).max();
    assert_eq!((medium.is_ready(), widest), (true, Some(64)));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_no_reason_against_the_one_that_replaced_it() {
    let (scene, id) = upload(&png(14)).await;
    let (pool, store) = (&scene.world.db.pool, &scene.world.app.media);
    let medium = media::by_id(pool, id).await.unwrap().unwrap();
    let whole = store.read_original(&medium.digest().unwrap(), Extension::Png).await.unwrap().unwrap();
    let cut = store.put_original(whole[..whole.len() / 2].to_vec(), Extension::Png).await.unwrap();
    sqlx::query("update media set sha256 = $1").bind(cut.as_slice()).execute(pool).await.unwrap();
    replaced_meanwhile(&scene, id).await;
    assert_eq!(media::by_id(pool, id).await.unwrap().unwrap().failed, None);
}

#[tokio::test]
async fn work_whose_file_is_away_is_kept_for_a_later_try() {
    let (scene, _) = upload(&png(12)).await;
    let pool = &scene.world.db.pool;
    sqlx::query("update media set sha256 = sha256(sha256)").execute(pool).await.unwrap();
    assert_eq!(Runner::new(scene.world.app.clone()).drain().await.unwrap(), 1);
    let why = scene.value("select last_error from jobs where dead_at is null and run_at > now()").await;
    assert!(why.contains("not in the store"), "{why}");
}

#[tokio::test]
async fn a_job_that_failed_comes_back_later_and_each_time_later_still() {
    let db = support::database().await;
    enqueue(&db.pool).await;
    let mut waits = Vec::new();
    for attempt in 1..=4 {
        let job = claim(&db.pool).await.unwrap();
        assert_eq!(job.attempts, attempt);
        fail(&db.pool, &job, "The disk is full.").await;
        assert!(claim(&db.pool).await.is_none());
        let wait: f64 = sqlx::query_scalar("select extract(epoch from run_at - now())::float8 from jobs")
            .fetch_one(&db.pool)
            .await
            .unwrap();
        waits.push(wait);
        later(&db.pool, wait + 1.0).await;
    }
    assert!(waits[0] > 1.0 && waits.windows(2).all(|pair| pair[1] > pair[0] * 1.5), "{waits:?}");
}

#[tokio::test]
async fn a_job_is_laid_aside_after_its_last_try_and_says_why() {
    let db = support::database().await;
    enqueue(&db.pool).await;
    let mut tries = 0;
    while let Some(job) = claim(&db.pool).await {
        tries += 1;
        fail(&db.pool, &job, "The disk is full.").await;
        later(&db.pool, 1e6).await;
    }
    let (why, dead): (String, bool) =
        sqlx::query_as("select last_error, dead_at is not null from jobs").fetch_one(&db.pool).await.unwrap();
    assert_eq!((tries, why.as_str(), dead), (8, "The disk is full.", true));
}

#[tokio::test]
async fn a_job_of_a_dead_worker_is_taken_over_after_its_lease() {
    let db = support::database().await;
    enqueue(&db.pool).await;
    let first = claim(&db.pool).await.unwrap();
    later(&db.pool, 240.0).await;
    assert!(claim(&db.pool).await.is_none());
    later(&db.pool, 120.0).await;
    let second = claim(&db.pool).await.unwrap();
    assert_eq!((second.id, second.attempts), (first.id, 2));
}

#[tokio::test]
async fn a_job_that_ends_every_worker_is_laid_aside_too() {
    let db = support::database().await;
    enqueue(&db.pool).await;
    let mut deaths = 0;
    while claim(&db.pool).await.is_some() {
        deaths += 1;
        later(&db.pool, 360.0).await;
    }
    let (why, dead): (String, bool) =
        sqlx::query_as("select last_error, dead_at is not null from jobs").fetch_one(&db.pool).await.unwrap();
    assert_eq!((deaths, dead), (8, true));
    assert!(why.contains("Every worker"), "{why}");
}

#[tokio::test]
async fn two_workers_never_hold_the_same_job() {
    let db = support::database().await;
    for _ in 0..6 {
        enqueue(&db.pool).await;
    }
    let worker = async || {
        let mut ids = Vec::new();
        while let Some(job) = claim(&db.pool).await {
            ids.push(job.id);
        }
        ids
    };
    let (one, other) = tokio::join!(worker(), worker());
    let mut all = [one, other].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 6);
}

#[tokio::test]
async fn work_vanishes_with_the_transaction_that_wanted_it() {
    let db = support::database().await;
    let mut tx = db.pool.begin().await.unwrap();
    queue::enqueue(&mut tx, &WORK).await.unwrap();
    assert!(claim(&db.pool).await.is_none());
    tx.rollback().await.unwrap();
    assert_eq!(jobs(&db.pool).await, 0);
}

#[tokio::test]
async fn a_job_that_nobody_can_read_is_laid_aside_and_stops_no_other() {
    let world = World::new().await;
    let pool = &world.db.pool;
    sqlx::query("insert into jobs (kind, payload) values ('old', '{\"kind\": \"old\"}')")
        .execute(pool)
        .await
        .unwrap();
    enqueue(pool).await;
    assert_eq!(Runner::new(world.app.clone()).drain().await.unwrap(), 1);
    let dead: i64 =
        sqlx::query_scalar("select count(*) from jobs where dead_at is not null and kind = 'old'")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!((dead, jobs(pool).await), (1, 1));
}

#[tokio::test]
async fn a_recurring_piece_of_work_has_its_turn_once_in_its_time() {
    let db = support::database().await;
    assert!(queue::turn(&db.pool, "rank", 60.0).await.unwrap());
    assert!(!queue::turn(&db.pool, "rank", 60.0).await.unwrap());
    assert!(queue::turn(&db.pool, "sweep", 60.0).await.unwrap());
    sqlx::query("update schedules set last_at = last_at - interval '61 seconds'")
        .execute(&db.pool)
        .await
        .unwrap();
    assert!(queue::turn(&db.pool, "rank", 60.0).await.unwrap());
    assert!(!queue::turn(&db.pool, "rank", 60.0).await.unwrap());
}
