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

/// Cleans every body anew, those of edits that wait too. May run beside the site, and again at any time.
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
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in rows {
            let Some(body) = outcome.cleaned(row.id, &row.body_source, &row.body_html).await? else {
                continue;
            };
            let is_written = write(pool, row.id, &row.body_source, &body, &row.language).await?;
            outcome.changed += usize::from(is_written);
        }
    }
    edits(pool, &mut outcome).await?;
    Ok(outcome)
}

/// A few: what waits for its time.
async fn edits(pool: &PgPool, outcome: &mut Outcome) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        r#"select id, article_id as "article_id: ArticleId", content->>'body' as source, body_html
           from scheduled_edits
           order by id"#
    )
    .fetch_all(pool)
    .await?;
    for row in rows {
        let source = row.source.unwrap_or_default();
        let Some(body) = outcome.cleaned(row.article_id, &source, &row.body_html).await? else { continue };
        // Nobody changes an edit: it is there as it was read, or it is gone.
        let written = sqlx::query!(
            "update scheduled_edits set body_html = $2, words = $3 where id = $1",
            row.id,
            &body as &CleanHtml,
            save::word_count(&body)
        )
        .execute(pool)
        .await?;
        outcome.changed += usize::from(written.rows_affected() > 0);
    }
    Ok(())
}

impl Outcome {
    /// The body as it would be cleaned today, where that is another.
    async fn cleaned(
        &mut self,
        id: ArticleId,
        source: &str,
        stored: &str,
    ) -> anyhow::Result<Option<CleanHtml>> {
        self.looked_at += 1;
        let source = source.to_owned();
        let Ok(body) = tokio::task::spawn_blocking(move || CleanHtml::clean(&source)).await? else {
            self.refused.push(id);
            return Ok(None);
        };
        Ok(Some(body).filter(|body| body.as_str() != stored))
    }
}

/// The version stays: no editor changed anything, and a save under way must not be refused. `false`: somebody saved
/// another text since `source` was read, cleaned as of today.
async fn write(
    pool: &PgPool,
    id: ArticleId,
    source: &str,
    body: &CleanHtml,
    language: &Language,
) -> sqlx::Result<bool> {
    let mut db = pool.begin().await?;
    let written = sqlx::query!(
        "update articles set body_html = $2, body_text = $3, words = $4 where id = $1 and body_source = $5",
        id as ArticleId,
        body as &CleanHtml,
        body.text(),
        save::word_count(body),
        source
    )
    .execute(&mut *db)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    search::index(&mut db, &[id.0], language).await?;
    db.commit().await?;
    Ok(true)
}
