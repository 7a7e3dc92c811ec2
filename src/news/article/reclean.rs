//! Today's policy over all stored bodies: when the list of allowed elements changes, what was cleaned before is
//! cleaned again from its source.

use sqlx::PgPool;

use super::{ArticleId, save};
use crate::news::search;
use crate::text::{CleanHtml, Language};

/// Bodies looked at in one step; a body can be a megabyte.
const STEP: i64 = 100;

/// What a run did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub looked_at: usize,
    pub changed: usize,
    /// Sources that today's limits refuse: they keep the body they have.
    pub refused: Vec<ArticleId>,
}

/// Cleans every body anew. May run beside the site, and again at any time.
pub async fn all(pool: &PgPool) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut after = ArticleId(0);
    loop {
        let rows = sqlx::query!(
            r#"select id as "id: ArticleId", body_source, body_html, language as "language: Language"
               from articles
               where id > $1
               order by id
               limit $2"#,
            after as ArticleId,
            STEP
        )
        .fetch_all(pool)
        .await?;
        let Some(last) = rows.last() else { return Ok(outcome) };
        after = last.id;
        for row in rows {
            outcome.looked_at += 1;
            let source = row.body_source;
            let cleaned = tokio::task::spawn_blocking(move || CleanHtml::clean(&source)).await?;
            match cleaned {
                Ok(body) if body.as_str() == row.body_html => (),
                Ok(body) => {
                    write(pool, row.id, &body, &row.language).await?;
                    outcome.changed += 1;
                }
                Err(_) => outcome.refused.push(row.id),
            }
        }
    }
}

/// The version stays: no editor changed anything, and a save under way must not be refused.
async fn write(pool: &PgPool, id: ArticleId, body: &CleanHtml, language: &Language) -> sqlx::Result<()> {
    let mut db = pool.begin().await?;
    sqlx::query!(
        "update articles set body_html = $2, body_text = $3, words = $4 where id = $1",
        id as ArticleId,
        body as &CleanHtml,
        body.text(),
        save::word_count(body)
    )
    .execute(&mut *db)
    .await?;
    search::index(&mut db, &[id.0], language).await?;
    db.commit().await
}
