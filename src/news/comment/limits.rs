//! How many comments are taken: from one network, on one article, by the whole site. Counted in the database, so that
//! all instances count together.

use std::time::Duration;

use sqlx::PgConnection;

use crate::accounts::network::NetworkHash;
use crate::news::article::ArticleId;

/// So many within so long.
pub type Limit = (i64, Duration);

/// Empty lists are no limits.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub network: Vec<Limit>,
    pub article: Vec<Limit>,
    pub site: Vec<Limit>,
}

/// How long to wait until one more is taken; `None` when it may come now. The caller holds the lock under which
/// comments are counted and written.
pub(super) async fn wait(
    db: &mut PgConnection,
    limits: &Limits,
    article: ArticleId,
    networks: &[NetworkHash],
) -> sqlx::Result<Option<Duration>> {
    let networks: Vec<Vec<u8>> = networks.iter().map(|network| network.as_bytes().to_vec()).collect();
    let mut longest = None;
    for (most, per) in &limits.network {
        longest = longest.max(of_network(db, &networks, *most, per.as_secs_f64()).await?);
    }
    for (most, per) in &limits.article {
        longest = longest.max(of_article(db, article, *most, per.as_secs_f64()).await?);
    }
    for (most, per) in &limits.site {
        longest = longest.max(of_site(db, *most, per.as_secs_f64()).await?);
    }
    Ok(longest)
}

/// Until the oldest of the last `most` is old enough.
async fn of_network(
    db: &mut PgConnection,
    networks: &[Vec<u8>],
    most: i64,
    seconds: f64,
) -> sqlx::Result<Option<Duration>> {
    let left = sqlx::query_scalar!(
        r#"select extract(epoch from created_at + make_interval(secs => $3) - now())::float8 as "left!"
           from comments
           where network = any($1) and created_at > now() - make_interval(secs => $3)
           order by created_at desc
           offset $2::bigint - 1 limit 1"#,
        networks,
        most,
        seconds
    )
    .fetch_optional(db)
    .await?;
    Ok(left.map(waiting))
}

async fn of_article(
    db: &mut PgConnection,
    article: ArticleId,
    most: i64,
    seconds: f64,
) -> sqlx::Result<Option<Duration>> {
    let left = sqlx::query_scalar!(
        r#"select extract(epoch from created_at + make_interval(secs => $3) - now())::float8 as "left!"
           from comments
           where article_id = $1 and not newsroom and created_at > now() - make_interval(secs => $3)
           order by created_at desc
           offset $2::bigint - 1 limit 1"#,
        article as ArticleId,
        most,
        seconds
    )
    .fetch_optional(db)
    .await?;
    Ok(left.map(waiting))
}

async fn of_site(db: &mut PgConnection, most: i64, seconds: f64) -> sqlx::Result<Option<Duration>> {
    let left = sqlx::query_scalar!(
        r#"select extract(epoch from created_at + make_interval(secs => $2) - now())::float8 as "left!"
           from comments
           where not newsroom and created_at > now() - make_interval(secs => $2)
           order by created_at desc
           offset $1::bigint - 1 limit 1"#,
        most,
        seconds
    )
    .fetch_optional(db)
    .await?;
    Ok(left.map(waiting))
}

fn waiting(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(1.0)).unwrap_or(Duration::from_secs(1))
}
