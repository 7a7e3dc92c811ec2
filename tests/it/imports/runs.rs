//! Runs: again, dry, cancelled, killed, gone on with.

use broadsheet::exchange::import::{End, Kind, Options};
use broadsheet::news::import::run;

use super::wordpress::{Post, wxr};
use super::{count, create, file, go, import};
use crate::browser::{Folder, World};

fn posts(count: u32) -> String {
    let post = |id| Post { id, title: &format!("Story {id}"), ..Post::default() }.xml();
    wxr(&(1..=count).map(post).collect::<String>())
}

#[tokio::test]
async fn what_is_imported_twice_is_there_once() {
    let world = World::new().await;
    assert_eq!(import(&world, Kind::Wxr, &posts(3)).await.counts(), [3, 0, 0, 0, 0]);
    assert_eq!(import(&world, Kind::Wxr, &posts(3)).await.counts(), [0, 0, 3, 0, 0]);
    let changed = posts(3).replace("Story 2<", "Story two<");
    assert_eq!(import(&world, Kind::Wxr, &changed).await.counts(), [0, 1, 2, 0, 0]);
    assert_eq!(count(&world, "select count(*) from articles").await, 3);
    assert_eq!(
        count(&world, "select count(*) from articles where headline = 'Story two' and version = 2").await,
        1
    );
    assert_eq!(count(&world, "select count(*) from revisions").await, 4);
}

#[tokio::test]
async fn what_was_edited_here_stays() {
    let world = World::new().await;
    import(&world, Kind::Wxr, &posts(1)).await;
    sqlx::query("update articles set headline = 'Ours', version = 2").execute(&world.db.pool).await.unwrap();
    let outcome = import(&world, Kind::Wxr, &posts(1).replace("runs again", "ran again")).await;
    assert_eq!(outcome.counts(), [0, 0, 0, 1, 0]);
    assert!(outcome.of("1").reason.contains("edited"));
    assert_eq!(count(&world, "select count(*) from articles where headline = 'Ours'").await, 1);
}

#[tokio::test]
async fn a_dry_run_says_everything_and_writes_nothing() {
    let world = World::new().await;
    let folder = Folder::new();
    let path = file(&folder, "export.xml", &posts(3));
    let id = create(&world, Kind::Wxr, &Options::default(), true).await;
    let outcome = go(&world, id, &path).await;
    assert_eq!((outcome.end, outcome.counts()), (End::Done, [3, 0, 0, 0, 0]));
    for table in ["articles", "sections", "authors", "old_addresses", "origins", "revisions"] {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let rows: i64 = sqlx::query_scalar(sql).fetch_one(&world.db.pool).await.unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[tokio::test]
async fn a_run_that_was_killed_goes_on_behind_its_last_batch() {
    let world = World::new().await;
    let folder = Folder::new();
    let path = file(&folder, "export.xml", &posts(450));
    let id = create(&world, Kind::Wxr, &Options::default(), false).await;
    // As it stands when the program died within its second batch: an author, a section and so many posts are done.
    let killed = "update imports set state = 'running', worker_at = now() - interval '1 minute', done = 102";
    sqlx::query(killed).execute(&world.db.pool).await.unwrap();
    let outcome = go(&world, id, &path).await;
    assert_eq!((outcome.end, outcome.run.done), (End::Done, 452));
    assert_eq!(count(&world, "select count(*) from articles").await, 350);
    // Whoever doubts it imports it again, and only what is missing comes.
    assert_eq!(import(&world, Kind::Wxr, &posts(450)).await.counts(), [100, 0, 350, 0, 0]);
}

#[tokio::test]
async fn two_do_not_work_at_one_run() {
    let world = World::new().await;
    let folder = Folder::new();
    let path = file(&folder, "export.xml", &posts(2));
    let id = create(&world, Kind::Wxr, &Options::default(), false).await;
    sqlx::query("update imports set state = 'running', worker_at = now()")
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(go(&world, id, &path).await.end, End::NotTaken);
}

#[tokio::test]
async fn a_cancelled_run_stops_and_can_be_gone_on_with() {
    let world = World::new().await;
    let folder = Folder::new();
    let path = file(&folder, "export.xml", &posts(5));
    let id = create(&world, Kind::Wxr, &Options::default(), false).await;
    let mut db = world.db.pool.acquire().await.unwrap();
    assert!(run::cancel(&mut db, id).await.unwrap());
    assert_eq!(go(&world, id, &path).await.end, End::NotTaken);
    assert_eq!(count(&world, "select count(*) from articles").await, 0);
    assert!(run::resume(&mut db, id).await.unwrap());
    assert_eq!(go(&world, id, &path).await.counts(), [5, 0, 0, 0, 0]);
    assert!(!run::cancel(&mut db, id).await.unwrap(), "what is over cannot be cancelled");
}

#[tokio::test]
async fn what_the_database_refuses_is_named_and_the_rest_is_written() {
    let world = World::new().await;
    let odd = "alter table articles add constraint odd check (headline <> 'Story 2')";
    sqlx::query(odd).execute(&world.db.pool).await.unwrap();
    let outcome = import(&world, Kind::Wxr, &posts(3)).await;
    // The database is used again, and emptied of its rows only.
    sqlx::query("alter table articles drop constraint odd").execute(&world.db.pool).await.unwrap();
    assert_eq!(outcome.counts(), [2, 0, 0, 0, 1]);
    assert!(outcome.of("2").reason.contains("cannot be stored"));
}
