//! Many articles at once: sets instead of rows. For large corpora and imports; no revision and no audit row.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::news::search;
use crate::news::section::SectionId;
use crate::news::tag::TagId;
use crate::text::{CleanHtml, Language, Slug, excerpt};

/// One published article of a batch.
#[derive(Debug)]
pub struct Row {
    pub section_id: SectionId,
    pub headline: String,
    pub slug: Slug,
    pub standfirst: String,
    pub body: CleanHtml,
    pub byline: String,
    pub publish_at: DateTime<Utc>,
    pub tags: Vec<TagId>,
}

/// Writes a batch, all in one language, with its tags and its place in the search. Some thousands at a time
/// keep the statements short enough to be quick and long enough to be worth it.
pub async fn insert(db: &mut PgConnection, language: &Language, rows: &[Row]) -> sqlx::Result<()> {
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let ids = sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence('articles', 'id')) as "id!" from generate_series(1, $1)"#,
        count
    )
    .fetch_all(&mut *db)
    .await?;
    insert_articles(db, language, rows, &ids).await?;
    insert_tags(db, rows, &ids).await?;
    search::index(db, &ids, language).await
}

async fn insert_articles(
    db: &mut PgConnection,
    language: &Language,
    rows: &[Row],
    ids: &[i64],
) -> sqlx::Result<()> {
    let sections: Vec<i64> = rows.iter().map(|row| row.section_id.0).collect();
    let headlines: Vec<String> = rows.iter().map(|row| row.headline.clone()).collect();
    let slugs: Vec<String> = rows.iter().map(|row| row.slug.to_string()).collect();
    let standfirsts: Vec<String> = rows.iter().map(|row| row.standfirst.clone()).collect();
    let bodies: Vec<String> = rows.iter().map(|row| row.body.to_string()).collect();
    let texts: Vec<String> = rows.iter().map(|row| row.body.text()).collect();
    let words: Vec<i32> =
        texts.iter().map(|text| i32::try_from(excerpt::words(text)).unwrap_or(i32::MAX)).collect();
    let bylines: Vec<String> = rows.iter().map(|row| row.byline.clone()).collect();
    let times: Vec<DateTime<Utc>> = rows.iter().map(|row| row.publish_at).collect();
    sqlx::query!(
        "insert into articles (id, state, section_id, headline, slug, standfirst, body_source, body_html, body_text,
                               words, byline, language, publish_at, released_at, updated_at, created_at)
         overriding system value
         select id, 'published', section_id, headline, slug, standfirst, body, body, body_text, words, byline, $10,
                publish_at, publish_at, publish_at, publish_at
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::integer[], $9::text[], $11::timestamptz[])
              as batch(id, section_id, headline, slug, standfirst, body, body_text, words, byline, publish_at)",
        ids,
        &sections,
        &headlines,
        &slugs,
        &standfirsts,
        &bodies,
        &texts,
        &words,
        &bylines,
        language as &Language,
        &times
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_tags(db: &mut PgConnection, rows: &[Row], ids: &[i64]) -> sqlx::Result<()> {
    let mut links: (Vec<i64>, Vec<DateTime<Utc>>, Vec<i64>, Vec<i16>) = <_>::default();
    for (row, id) in rows.iter().zip(ids) {
        for (position, tag) in (1_i16..).zip(&row.tags) {
            links.0.push(tag.0);
            links.1.push(row.publish_at);
            links.2.push(*id);
            links.3.push(position);
        }
    }
    sqlx::query!(
        "insert into article_tags (tag_id, publish_at, article_id, position)
         select * from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::smallint[])
         on conflict do nothing",
        &links.0,
        &links.1,
        &links.2,
        &links.3
    )
    .execute(db)
    .await?;
    Ok(())
}
