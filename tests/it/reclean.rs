//! Bodies cleaned again by today's list, beside people who save.

use broadsheet::news::article::reclean;

use crate::browser::World;
use crate::newsroom::Story;

const OLD: &str = "update articles set body_html = '<p onclick=\"x\">Old</p>'";

async fn bodies(world: &World) -> Vec<String> {
    sqlx::query_scalar("select body_html from articles union all select body_html from scheduled_edits")
        .fetch_all(&world.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn every_body_is_cleaned_again_that_of_an_edit_too() {
    let world = World::new().await;
    Story::new("The bridge").body("<p>New</p>").publish(&world).await;
    sqlx::query(
        "insert into scheduled_edits (article_id, effective_at, based_on, content, kicker, headline, standfirst,
                                      body_html, words, byline, dateline, language, picture_alt, picture_caption,
                                      picture_credit, comments_open, author)
         select id, now() + interval '1 day', 1, '{\"body\": \"<p>Later</p>\"}', '', 'A', '', '<p class=x>Later</p>', 9,
                '', '', 'en', '', '', '', true, 'Ada'
         from articles",
    )
    .execute(&world.db.pool)
    .await
    .unwrap();
    sqlx::query(OLD).execute(&world.db.pool).await.unwrap();
    let outcome = reclean::all(&world.db.pool).await.unwrap();
    assert_eq!((outcome.looked_at, outcome.changed), (2, 2));
    assert_eq!(bodies(&world).await, ["<p>New</p>", "<p>Later</p>"]);
    assert_eq!(reclean::all(&world.db.pool).await.unwrap().changed, 0);
}

#[tokio::test]
async fn a_text_that_is_saved_in_the_meantime_stays() {
    let world = World::new().await;
    Story::new("The bridge").body("<p>Read before</p>").publish(&world).await;
    sqlx::query(OLD).execute(&world.db.pool).await.unwrap();
    let mut save = world.db.pool.begin().await.unwrap();
    sqlx::query("update articles set body_source = '<p>Saved</p>', body_html = '<p>Saved</p>'")
        .execute(&mut *save)
        .await
        .unwrap();
    let pool = world.db.pool.clone();
    let cleaning = tokio::spawn(async move { reclean::all(&pool).await });
    // It has read the old text, and waits for the save.
    let waits = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&world.db.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    save.commit().await.unwrap();
    assert_eq!(cleaning.await.unwrap().unwrap().changed, 0);
    assert_eq!(bodies(&world).await, ["<p>Saved</p>"]);
}
