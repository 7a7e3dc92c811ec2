//! Files that a source knows by a number of its own: a body names them, and says nothing of where they lie.

use sqlx::{PgConnection, PgExecutor};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    pub key: String,
    pub address: String,
    pub alt: String,
    pub caption: String,
}

pub async fn record(db: &mut PgConnection, source: &str, files: &[File]) -> sqlx::Result<()> {
    // One statement cannot change a row twice.
    let mut last = std::collections::BTreeMap::new();
    for file in files {
        last.insert(file.key.as_str(), file);
    }
    let texts = |of: fn(&File) -> &str| -> Vec<String> {
        last.values().map(|file| of(file).replace('\0', "")).collect()
    };
    sqlx::query!(
        "insert into import_files (source, key, address, alt, caption)
         select $1, f.* from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as f
         on conflict (source, key) do update
             set address = excluded.address, alt = excluded.alt, caption = excluded.caption",
        source,
        &texts(|file| &file.key),
        &texts(|file| &file.address),
        &texts(|file| &file.alt),
        &texts(|file| &file.caption)
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn by_key(db: impl PgExecutor<'_>, source: &str, key: &str) -> sqlx::Result<Option<File>> {
    sqlx::query_as!(
        File,
        "select key, address, alt, caption from import_files where source = $1 and key = $2",
        source,
        key
    )
    .fetch_optional(db)
    .await
}

/// The file of one of these addresses, the first of them that is known.
pub async fn by_address(
    db: impl PgExecutor<'_>,
    source: &str,
    addresses: &[String],
) -> sqlx::Result<Option<File>> {
    sqlx::query_as!(
        File,
        "select key, address, alt, caption
         from import_files
         where source = $1 and address = any($2)
         order by array_position($2::text[], address)
         limit 1",
        source,
        addresses
    )
    .fetch_optional(db)
    .await
}
