//! Many articles at once: sets instead of rows. For large corpora and imports; no revision and no audit row.
//!
//! Between `Bulk::begin` and `end` the search takes new articles in the order they come and sorts them in large heaps:
//! one by one, each would touch some two hundred places of its index. Readers find all of them at any time; a search
//! costs more until the end. What a program that was killed has left like that, `settle` puts in order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::ArticleId;
use crate::db;
use crate::news::author::AuthorId;
use crate::news::place::PlaceId;
use crate::news::search;
use crate::news::section::SectionId;
use crate::news::tag::TagId;
use crate::text::{CleanHtml, Language, Slug, excerpt};

/// Only one program at a time changes how the search is kept.
const TURN: &str = "bulk";

/// One published article of a batch.
#[derive(Debug)]
pub struct Row {
    pub section_id: SectionId,
    pub kicker: String,
    pub headline: String,
    pub slug: Slug,
    pub standfirst: String,
    pub body_source: String,
    pub body: CleanHtml,
    pub byline: String,
    pub dateline: String,
    pub language: Language,
    pub place_id: Option<PlaceId>,
    pub publish_at: DateTime<Utc>,
    /// In their order; one that stands there twice counts once.
    pub tags: Vec<TagId>,
    pub authors: Vec<AuthorId>,
}

/// A time in which many articles are written, on the connections of its writers.
#[derive(Debug)]
pub struct Bulk {
    db: PgConnection,
}

impl Bulk {
    /// Waits until no other program does this.
    pub async fn begin(pool: &PgPool) -> sqlx::Result<Self> {
        let mut db = db::alone(pool, TURN).await?;
        sqlx::raw_sql("alter index article_search_doc set (fastupdate = on)").execute(&mut db).await?;
        hasten(&mut db).await?;
        Ok(Self { db })
    }

    /// A connection for the transactions that `insert` writes in. Several work side by side; all of them go before `end`
    /// comes.
    pub async fn writer(&self, pool: &PgPool) -> sqlx::Result<PgConnection> {
        let mut db = pool.acquire().await?.detach();
        sqlx::raw_sql("set statement_timeout = 0; set lock_timeout = 0").execute(&mut db).await?;
        hasten(&mut db).await?;
        Ok(db)
    }

    /// Puts the search in order, and tells the planner what there is now.
    pub async fn end(mut self) -> sqlx::Result<()> {
        sqlx::raw_sql("set synchronous_commit = on").execute(&mut self.db).await?;
        in_order(&mut self.db).await?;
        sqlx::raw_sql("analyze articles, article_tags, article_authors, article_search")
            .execute(&mut self.db)
            .await?;
        sqlx::Connection::close(self.db).await
    }
}

/// A commit that waits for the disk at each batch is worth nothing: what is lost can be loaded again. The last one waits,
/// and with it everything before it is there. Packing the texts takes an eighth of the time; LZ4 half of that, where
/// Postgres has it.
async fn hasten(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "set synchronous_commit = off;
         set idle_in_transaction_session_timeout = 0;
         set maintenance_work_mem = '256MB';
         set gin_pending_list_limit = '64MB';
         select set_config(name, 'lz4', false)
         from pg_settings
         where name = 'default_toast_compression' and 'lz4' = any(enumvals)",
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts the search in order if a program that loaded articles has ended before it could. In a transaction.
pub async fn settle(db: &mut PgConnection) -> sqlx::Result<()> {
    let is_open = sqlx::query_scalar!(
        r#"select 'fastupdate=on' = any(reloptions) and pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "is_open"
           from pg_class
           where oid = 'article_search_doc'::regclass"#,
        TURN
    )
    .fetch_one(&mut *db)
    .await?;
    if is_open == Some(true) {
        sqlx::raw_sql("set local statement_timeout = 0").execute(&mut *db).await?;
        in_order(db).await?;
    }
    Ok(())
}

async fn in_order(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "alter index article_search_doc set (fastupdate = off);
         select gin_clean_pending_list('article_search_doc')",
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a batch with its tags, its authors and its place in the search; the ids, in the order of the rows. Some
/// thousands at a time keep the statements short enough to be quick and long enough to be worth it. Any connection will
/// do; `Bulk` has the fastest.
pub async fn insert(db: &mut PgConnection, rows: &[Row]) -> sqlx::Result<Vec<ArticleId>> {
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let ids = sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence('articles', 'id')) as "id!" from generate_series(1, $1)"#,
        count
    )
    .fetch_all(&mut *db)
    .await?;
    insert_articles(db, rows, &ids).await?;
    insert_tags(db, rows, &ids).await?;
    insert_authors(db, rows, &ids).await?;
    let mut languages: BTreeMap<&str, (&Language, Vec<i64>)> = BTreeMap::new();
    for (row, id) in rows.iter().zip(&ids) {
        languages.entry(row.language.as_str()).or_insert((&row.language, Vec::new())).1.push(*id);
    }
    for (language, ids) in languages.values() {
        search::enter(db, ids, language).await?;
    }
    Ok(ids.into_iter().map(ArticleId).collect())
}

async fn insert_articles(db: &mut PgConnection, rows: &[Row], ids: &[i64]) -> sqlx::Result<()> {
    let sections: Vec<i64> = rows.iter().map(|row| row.section_id.0).collect();
    let kickers: Vec<String> = rows.iter().map(|row| row.kicker.clone()).collect();
    let headlines: Vec<String> = rows.iter().map(|row| row.headline.clone()).collect();
    let slugs: Vec<String> = rows.iter().map(|row| row.slug.to_string()).collect();
    let standfirsts: Vec<String> = rows.iter().map(|row| row.standfirst.clone()).collect();
    let sources: Vec<String> = rows.iter().map(|row| row.body_source.clone()).collect();
    let bodies: Vec<String> = rows.iter().map(|row| row.body.to_string()).collect();
    let texts: Vec<String> = rows.iter().map(|row| row.body.text()).collect();
    let words: Vec<i32> =
        texts.iter().map(|text| i32::try_from(excerpt::words(text)).unwrap_or(i32::MAX)).collect();
    let bylines: Vec<String> = rows.iter().map(|row| row.byline.clone()).collect();
    let datelines: Vec<String> = rows.iter().map(|row| row.dateline.clone()).collect();
    let languages: Vec<String> = rows.iter().map(|row| row.language.as_str().to_owned()).collect();
    // Zero is no place's number.
    let places: Vec<i64> = rows.iter().map(|row| row.place_id.map_or(0, |place| place.0)).collect();
    let times: Vec<DateTime<Utc>> = rows.iter().map(|row| row.publish_at).collect();
    sqlx::query!(
        "insert into articles (id, state, section_id, kicker, headline, slug, standfirst, body_source, body_html,
                               body_text, words, byline, dateline, language, place_id, publish_at, released_at,
                               updated_at, created_at)
         overriding system value
         select id, 'published', section_id, kicker, headline, slug, standfirst, source, body, body_text, words, byline,
                dateline, language, nullif(place_id, 0), publish_at, publish_at, publish_at, publish_at
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::text[], $10::integer[], $11::text[], $12::text[], $13::text[], $14::bigint[],
                     $15::timestamptz[])
              as batch(id, section_id, kicker, headline, slug, standfirst, source, body, body_text, words, byline,
                       dateline, language, place_id, publish_at)",
        ids,
        &sections,
        &kickers,
        &headlines,
        &slugs,
        &standfirsts,
        &sources,
        &bodies,
        &texts,
        &words,
        &bylines,
        &datelines,
        &languages,
        &places,
        &times
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Links of a batch to something: what, when, which article, in which place.
#[derive(Default)]
struct Links {
    targets: Vec<i64>,
    times: Vec<DateTime<Utc>>,
    ids: Vec<i64>,
    positions: Vec<i16>,
}

impl Links {
    fn of(rows: &[Row], ids: &[i64], targets: impl Fn(&Row) -> Vec<i64>) -> Self {
        let mut links = Self::default();
        for (row, id) in rows.iter().zip(ids) {
            for (position, target) in (1..).zip(targets(row)) {
                links.targets.push(target);
                links.times.push(row.publish_at);
                links.ids.push(*id);
                links.positions.push(position);
            }
        }
        links
    }
}

async fn insert_tags(db: &mut PgConnection, rows: &[Row], ids: &[i64]) -> sqlx::Result<()> {
    let links = Links::of(rows, ids, |row| row.tags.iter().map(|tag| tag.0).collect());
    sqlx::query!(
        "insert into article_tags (tag_id, publish_at, article_id, position)
         select * from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::smallint[])
         on conflict do nothing",
        &links.targets,
        &links.times,
        &links.ids,
        &links.positions
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_authors(db: &mut PgConnection, rows: &[Row], ids: &[i64]) -> sqlx::Result<()> {
    let links = Links::of(rows, ids, |row| row.authors.iter().map(|author| author.0).collect());
    sqlx::query!(
        "insert into article_authors (author_id, publish_at, article_id, position)
         select * from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::smallint[])
         on conflict do nothing",
        &links.targets,
        &links.times,
        &links.ids,
        &links.positions
    )
    .execute(db)
    .await?;
    Ok(())
}
