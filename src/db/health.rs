//! How the Postgres is set up, as far as a site depends on it.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Health {
    /// As 150018 for 15.18.
    pub version: i32,
    pub encoding: String,
    pub fsync: String,
    pub full_page_writes: String,
    pub synchronous_commit: String,
    pub autovacuum: String,
    pub max_connections: i32,
    pub has_trigrams: bool,
    pub now: DateTime<Utc>,
}

pub async fn look(db: impl PgExecutor<'_>) -> sqlx::Result<Health> {
    sqlx::query_as(
        "select current_setting('server_version_num')::int as version,
                current_setting('server_encoding') as encoding,
                current_setting('fsync') as fsync,
                current_setting('full_page_writes') as full_page_writes,
                current_setting('synchronous_commit') as synchronous_commit,
                current_setting('autovacuum') as autovacuum,
                current_setting('max_connections')::int as max_connections,
                exists (select from pg_extension where extname = 'pg_trgm') as has_trigrams,
                clock_timestamp() as now",
    )
    .fetch_one(db)
    .await
}
