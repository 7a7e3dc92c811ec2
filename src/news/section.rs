//! Sections: the departments of the paper, in the order of the menu.

use sqlx::{PgConnection, PgExecutor};

use crate::{paths, text::Slug};

id!(SectionId);

#[derive(Clone, Debug)]
pub struct Section {
    pub id: SectionId,
    pub slug: Slug,
    pub name: String,
    pub description: String,
    /// Names of `article::checks` without which nothing is published here.
    pub requires: Vec<String>,
}

impl Section {
    pub fn href(&self) -> String {
        paths::section(&self.slug)
    }
}

/// All sections in menu order: there are some dozens at most.
pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Section>> {
    sqlx::query_as!(
        Section,
        r#"select id as "id: SectionId", slug as "slug: Slug", name, description, requires
           from sections
           order by position, id"#
    )
    .fetch_all(db)
    .await
}

pub async fn by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Section>> {
    sqlx::query_as!(
        Section,
        r#"select id as "id: SectionId", slug as "slug: Slug", name, description, requires
           from sections
           where slug = $1"#,
        slug
    )
    .fetch_optional(db)
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: SectionId) -> sqlx::Result<Option<Section>> {
    sqlx::query_as!(
        Section,
        r#"select id as "id: SectionId", slug as "slug: Slug", name, description, requires
           from sections
           where id = $1"#,
        id as SectionId
    )
    .fetch_optional(db)
    .await
}

/// The sections that hold an article of any state.
pub async fn filled(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<SectionId>> {
    sqlx::query_scalar!(
        r#"select s.id as "id: SectionId"
           from sections s
           where exists (select from articles a where a.section_id = s.id)"#
    )
    .fetch_all(db)
    .await
}

/// Adds a section at the end of the menu. `None`: the slug is taken.
pub async fn create(
    db: &mut PgConnection,
    slug: &Slug,
    name: &str,
    description: &str,
) -> sqlx::Result<Option<SectionId>> {
    sqlx::query_scalar!(
        r#"insert into sections (slug, name, description, position)
           values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from sections))
           on conflict (slug) do nothing
           returning id as "id: SectionId""#,
        slug as &Slug,
        name,
        description
    )
    .fetch_optional(db)
    .await
}

/// Renames a section; its address stays.
pub async fn update(db: &mut PgConnection, id: SectionId, name: &str, description: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update sections set name = $2, description = $3 where id = $1",
        id as SectionId,
        name,
        description
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Says what an article of this section must have before it is published.
pub async fn require(db: &mut PgConnection, id: SectionId, checks: &[String]) -> sqlx::Result<()> {
    sqlx::query!("update sections set requires = $2 where id = $1", id as SectionId, checks)
        .execute(db)
        .await?;
    Ok(())
}

/// Puts the sections into the given order; sections not named keep their place behind them.
pub async fn reorder(db: &mut PgConnection, order: &[SectionId]) -> sqlx::Result<()> {
    let ids: Vec<i64> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update sections
         set position = coalesce(array_position($1::bigint[], id), 10000 + position)",
        &ids
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes a section that holds no article. `false`: it holds some, and stays.
pub async fn delete(db: &mut PgConnection, id: SectionId) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "delete from sections s
         where s.id = $1 and not exists (select from articles a where a.section_id = s.id)",
        id as SectionId
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() > 0)
}
