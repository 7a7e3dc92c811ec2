//! Links in what readers see that lead to no page of ours. Found by the clock, a little at a time; nothing foreign is
//! ever asked.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::article::ArticleId;
use super::link;
use crate::text::CleanHtml;

/// Newly saved articles that are looked through for what nobody checked yet. What is older is found when it is saved.
const LATELY: i64 = 500;
/// Days after which an article is looked at again: what it links to may have gone.
const AGAIN_DAYS: i32 = 1;
/// More links of one article are not kept.
const PER_ARTICLE: usize = 50;

/// An article and its links that lead nowhere.
#[derive(Clone, Debug)]
pub struct Broken {
    pub article_id: ArticleId,
    pub headline: String,
    pub hrefs: Vec<String>,
    pub found_at: DateTime<Utc>,
}

/// Of what readers see, the newest findings first.
pub async fn latest(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Broken>> {
    sqlx::query_as!(
        Broken,
        r#"select a.id as "article_id: ArticleId", a.headline, array_agg(b.href order by b.href) as "hrefs!",
                  max(b.found_at) as "found_at!"
             from broken_links b
             join articles a on a.id = b.article_id and a.state = 'published'
            group by a.id
            order by max(b.found_at) desc, a.id desc
            limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

struct Due {
    id: i64,
    version: i32,
    body: CleanHtml,
}

/// Looks at up to `limit` articles: saved since they were last looked at, then those longest not looked at. Returns
/// how many.
pub async fn check_some(tx: &mut PgConnection, base_url: &str, limit: i64) -> anyhow::Result<usize> {
    let due = due(&mut *tx, limit).await?;
    for one in &due {
        let mut links = link::of_body(&one.body, base_url);
        links.truncate(PER_ARTICLE);
        let broken = link::broken(&mut *tx, &links).await?;
        replace(&mut *tx, one, &broken).await?;
    }
    Ok(due.len())
}

async fn due(db: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"with late as (select id, version, updated_at from articles order by updated_at desc, id desc limit $2),
                found as (
                    (select l.id, 0 as rank, l.updated_at as since
                       from late l
                       left join link_checks c on c.article_id = l.id
                      where c.version is distinct from l.version)
                    union all
                    (select c.article_id, 1, c.checked_at
                       from link_checks c
                      where c.checked_at < now() - make_interval(days => $3)
                      order by c.checked_at
                      limit $1))
           select a.id, a.version, a.body_html as "body: CleanHtml"
             from found f
             join articles a on a.id = f.id
            where a.state = 'published'
            order by f.rank, f.since
            limit $1"#,
        limit,
        LATELY,
        AGAIN_DAYS
    )
    .fetch_all(db)
    .await
}

async fn replace(db: &mut PgConnection, one: &Due, broken: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from broken_links where article_id = $1 and not (href = any($2::text[]))",
        one.id,
        broken
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into broken_links (article_id, href)
         select $1, href from unnest($2::text[]) href
         on conflict do nothing",
        one.id,
        broken
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into link_checks (article_id, version) values ($1, $2)
         on conflict (article_id) do update set version = excluded.version, checked_at = now()",
        one.id,
        one.version
    )
    .execute(db)
    .await?;
    Ok(())
}
