//! Authors: the names in bylines. Not the staff: an author has a page once something of theirs is published. Some of
//! them have an account, and say themselves what stands on their page.

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::media::{MediaId, Picture, Rendition};
use crate::accounts::UserId;
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

/// An author with what stands on their page: who they are, and the picture, once its files
/// are made and while it may be shown.
pub async fn page(
    db: impl PgExecutor<'_>,
    slug: &str,
) -> sqlx::Result<Option<(Author, About, Option<Picture>)>> {
    let row = sqlx::query!(
        r#"select w.id as "id: AuthorId", w.slug, w.name, w.bio, w.links, w.picture_id as "picture_id: MediaId",
                  w.picture_alt, m.name as "picture_name?", m.width as "picture_width?", m.height as "picture_height?",
                  m.caption as "caption?", m.credit as "credit?",
                  (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                              's', encode(r.sha256, 'hex'), 'c', r.shape)
                                            order by r.width), '[]')
                   from shown_files r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
           from authors w
           left join shown_media m on m.id = w.picture_id and m.kind = 'picture'
           where w.slug = $1"#,
        slug
    );
    let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
    let words = (
        row.picture_alt.as_str(),
        row.caption.as_deref().unwrap_or_default(),
        row.credit.as_deref().unwrap_or_default(),
    );
    let picture = row.picture_name.zip(row.picture_width.zip(row.picture_height));
    let picture = picture.and_then(|(name, size)| Picture::new(&name, size, row.renditions.0, words));
    let about = About {
        bio: row.bio.clone(),
        links: row.links,
        picture_id: row.picture_id,
        picture_alt: row.picture_alt.clone(),
    };
    let author = Author { id: row.id, slug: row.slug, name: row.name, bio: row.bio };
    Ok(Some((author, about, picture.filter(Picture::is_ready))))
}

/// Those who have a page: of something that readers can see.
pub async fn published(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Author>> {
    sqlx::query_as!(
        Author,
        r#"select w.id as "id: AuthorId", w.slug, w.name, w.bio
           from authors w
           where exists (select from article_authors l join articles a on a.id = l.article_id
                         where l.author_id = w.id and a.state = 'published' and a.publish_at <= now()
                           and (a.expire_at is null or a.expire_at > now()))
           order by w.id
           limit 20000"#
    )
    .fetch_all(db)
    .await
}

/// The same by their addresses, after one of them.
pub async fn seen(db: impl PgExecutor<'_>, after: &str, limit: i64) -> sqlx::Result<Vec<Author>> {
    sqlx::query_as!(
        Author,
        r#"select w.id as "id: AuthorId", w.slug, w.name, w.bio
           from authors w
           where w.slug > $1
             and exists (select from article_authors l join articles a on a.id = l.article_id
                         where l.author_id = w.id and a.state = 'published' and a.publish_at <= now()
                           and (a.expire_at is null or a.expire_at > now()))
           order by w.slug
           limit $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// Whether readers can see something of this author.
pub async fn is_seen(db: impl PgExecutor<'_>, id: AuthorId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from article_authors l join articles a on a.id = l.article_id
                          where l.author_id = $1 and a.state = 'published' and a.publish_at <= now()
                            and (a.expire_at is null or a.expire_at > now())) as "seen!""#,
        id as AuthorId
    )
    .fetch_one(db)
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

/// The author who has this account.
pub async fn of_user(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<Option<Author>> {
    sqlx::query_as!(
        Author,
        r#"select id as "id: AuthorId", slug, name, bio from authors where user_id = $1"#,
        user.0
    )
    .fetch_optional(db)
    .await
}

/// What stands on an author's page beside the articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub bio: String,
    /// One address a line.
    pub links: String,
    pub picture_id: Option<MediaId>,
    pub picture_alt: String,
}

impl About {
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.links.lines().map(str::trim).filter(|link| !link.is_empty())
    }
}

pub async fn about(db: impl PgExecutor<'_>, id: AuthorId) -> sqlx::Result<About> {
    let about = sqlx::query_as!(
        About,
        r#"select bio, links, picture_id as "picture_id: MediaId", picture_alt from authors where id = $1"#,
        id as AuthorId
    );
    Ok(about.fetch_optional(db).await?.unwrap_or_default())
}

pub async fn set_about(db: &mut PgConnection, id: AuthorId, about: &About) -> sqlx::Result<()> {
    sqlx::query!(
        "update authors set bio = $2, links = $3, picture_id = $4, picture_alt = $5 where id = $1",
        id as AuthorId,
        about.bio,
        about.links,
        about.picture_id as Option<MediaId>,
        about.picture_alt
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives an account another author's page, or none. Whoever had that page before has it no more.
pub async fn set_user(db: &mut PgConnection, user: UserId, author: Option<AuthorId>) -> sqlx::Result<()> {
    sqlx::query!("update authors set user_id = null where user_id = $1", user.0).execute(&mut *db).await?;
    sqlx::query!("update authors set user_id = $1 where id = $2", user.0, author as Option<AuthorId>)
        .execute(db)
        .await?;
    Ok(())
}

/// A page for somebody who has none, under their own name: a new author, or the one of that name if `may_take` it.
/// `None`: that name is taken.
pub async fn claim(
    db: &mut PgConnection,
    user: UserId,
    name: &str,
    may_take: bool,
) -> sqlx::Result<Option<AuthorId>> {
    let Some(slug) = Slug::of(name) else { return Ok(None) };
    sqlx::query_scalar!(
        r#"insert into authors (slug, name, user_id) values ($1, $2, $3)
           on conflict (slug) do update set user_id = excluded.user_id
           where authors.user_id is null and $4
           returning id as "id: AuthorId""#,
        &slug as &Slug,
        name.trim(),
        user.0,
        may_take
    )
    .fetch_optional(db)
    .await
}
