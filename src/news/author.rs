//! Authors: the names in bylines. Not the staff: an author has a page once something of theirs is published.

use sqlx::{PgConnection, PgExecutor};

use crate::{paths, text::Slug};

id!(AuthorId);

#[derive(Clone, Debug, serde::Deserialize)]
pub struct Author {
    pub id: AuthorId,
    pub slug: String,
    pub name: String,
    #[serde(default)]
    pub bio: String,
}

impl Author {
    pub fn href(&self) -> String {
        paths::author(&Slug::of_or(&self.slug, "author"))
    }
}

pub async fn by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Author>> {
    sqlx::query_as!(
        Author,
        r#"select id as "id: AuthorId", slug, name, bio from authors where slug = $1"#,
        slug
    )
    .fetch_optional(db)
    .await
}

/// The authors of these names, made where they do not exist yet.
pub async fn find_or_create(db: &mut PgConnection, names: &[String]) -> sqlx::Result<Vec<AuthorId>> {
    let mut ids: Vec<AuthorId> = Vec::with_capacity(names.len());
    for name in names {
        let Some(slug) = Slug::of(name) else { continue };
        let id = sqlx::query_scalar!(
            r#"insert into authors (slug, name) values ($1, $2)
               on conflict (slug) do update set slug = excluded.slug
               returning id as "id: AuthorId""#,
            &slug as &Slug,
            name
        )
        .fetch_one(&mut *db)
        .await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Says who an author is.
pub async fn describe(db: &mut PgConnection, id: AuthorId, bio: &str) -> sqlx::Result<()> {
    sqlx::query!("update authors set bio = $2 where id = $1", id as AuthorId, bio).execute(db).await?;
    Ok(())
}
