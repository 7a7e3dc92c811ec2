//! What a source said when it was last imported: rows of `origins`, many at once.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: i64,
    pub digest: Option<Vec<u8>>,
    pub version: Option<i32>,
}

/// Those of these keys that came from this source before.
pub async fn of(
    db: impl PgExecutor<'_>,
    source: &str,
    noun: &str,
    keys: &[String],
) -> sqlx::Result<HashMap<String, Known>> {
    let rows = sqlx::query!(
        "select key, noun_id, digest, version from origins where origin = $1 and noun = $2 and key = any($3)",
        source,
        noun,
        keys
    )
    .fetch_all(db)
    .await?;
    let known = |id, digest, version| Known { id, digest, version };
    Ok(rows.into_iter().map(|row| (row.key, known(row.noun_id, row.digest, row.version))).collect())
}

pub async fn record(
    db: &mut PgConnection,
    source: &str,
    noun: &str,
    rows: &[(String, Known)],
) -> sqlx::Result<()> {
    let keys: Vec<String> = rows.iter().map(|(key, _)| key.clone()).collect();
    let ids: Vec<i64> = rows.iter().map(|(_, row)| row.id).collect();
    let digests: Vec<Option<Vec<u8>>> = rows.iter().map(|(_, row)| row.digest.clone()).collect();
    let versions: Vec<Option<i32>> = rows.iter().map(|(_, row)| row.version).collect();
    sqlx::query!(
        "insert into origins (origin, noun, key, noun_id, digest, version)
         select $1, $2, r.* from unnest($3::text[], $4::bigint[], $5::bytea[], $6::integer[]) as r
         on conflict (origin, noun, key) do update
             set noun_id = excluded.noun_id, digest = excluded.digest, version = excluded.version",
        source,
        noun,
        &keys,
        &ids,
        &digests as _,
        &versions as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Something of it did not come along: the next import looks at it again.
pub async fn doubt(db: &mut PgConnection, source: &str, noun: &str, key: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update origins set digest = null where origin = $1 and noun = $2 and key = $3",
        source,
        noun,
        key
    )
    .execute(db)
    .await?;
    Ok(())
}
