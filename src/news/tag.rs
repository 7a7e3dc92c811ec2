//! Tags: keywords of articles, in any script; renamed and merged without losing an address.

use sqlx::{PgConnection, PgExecutor};

use crate::{paths, text::Slug};

id!(TagId);

/// Letters of one tag's name; the schema checks the same.
pub const MAX_NAME: usize = 60;

#[derive(Clone, Debug, serde::Deserialize)]
pub struct Tag {
    pub id: TagId,
    pub slug: String,
    pub name: String,
}

impl Tag {
    pub fn href(&self) -> String {
        paths::tag(&self.checked_slug())
    }

    fn checked_slug(&self) -> Slug {
        Slug::of_or(&self.slug, "tag")
    }
}

/// What an address below `/tag/` leads to.
#[derive(Debug)]
pub enum Found {
    Tag(Tag),
    /// The tag lives at another address now.
    Moved(Tag),
    Nothing,
}

pub async fn by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Found> {
    let row = sqlx::query!(
        r#"select t.id as "id!: TagId", t.slug as "slug!", t.name as "name!", t.slug <> $1 as "moved!"
           from tags t
           where t.slug = $1
              or t.id = (select tag_id from tag_aliases where slug = $1)
           order by t.slug <> $1
           limit 1"#,
        slug
    )
    .fetch_optional(db)
    .await?;
    Ok(match row {
        Some(row) if row.moved => Found::Moved(Tag { id: row.id, slug: row.slug, name: row.name }),
        Some(row) => Found::Tag(Tag { id: row.id, slug: row.slug, name: row.name }),
        None => Found::Nothing,
    })
}

pub async fn by_id(db: impl PgExecutor<'_>, id: TagId) -> sqlx::Result<Option<Tag>> {
    sqlx::query_as!(Tag, r#"select id as "id: TagId", slug, name from tags where id = $1"#, id as TagId)
        .fetch_optional(db)
        .await
}

/// The tag that is called so, in any case.
pub async fn by_name(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<Option<Tag>> {
    sqlx::query_as!(
        Tag,
        r#"select id as "id: TagId", slug, name from tags where lower(name) = lower($1) order by id limit 1"#,
        name
    )
    .fetch_optional(db)
    .await
}

/// The tags of these ids.
pub async fn of_ids(db: impl PgExecutor<'_>, ids: &[TagId]) -> sqlx::Result<Vec<Tag>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(Tag, r#"select id as "id: TagId", slug, name from tags where id = any($1)"#, &ids)
        .fetch_all(db)
        .await
}

/// Tags whose name or one of whose words begins so, most used last year first: for completion.
pub async fn suggest(db: impl PgExecutor<'_>, typed: &str, limit: i64) -> sqlx::Result<Vec<Tag>> {
    sqlx::query_as!(
        Tag,
        r#"select t.id as "id: TagId", t.slug, t.name
           from tags t
           where lower(t.name) like lower($1) || '%' or lower(t.name) like '% ' || lower($1) || '%'
           order by (select count(*) from (select from article_tags l where l.tag_id = t.id limit 1000) used) desc,
                    lower(t.name)
           limit $2"#,
        like_literal(typed),
        limit
    )
    .fetch_all(db)
    .await
}

/// A row of the desk's list.
#[derive(Debug)]
pub struct Usage {
    pub id: TagId,
    pub slug: String,
    pub name: String,
    /// Articles of any state, counted up to 1 000.
    pub articles: i64,
}

/// Tags in the order of their names, after a name, with how much they are used.
pub async fn list(db: impl PgExecutor<'_>, words: &str, after: &str, limit: i64) -> sqlx::Result<Vec<Usage>> {
    sqlx::query_as!(
        Usage,
        r#"select t.id as "id: TagId", t.slug, t.name,
                  (select count(*) from (select from article_tags l where l.tag_id = t.id limit 1000) used) as "articles!"
           from tags t
           where lower(t.name) > lower($2) and lower(t.name) like '%' || lower($1) || '%'
           order by lower(t.name)
           limit $3"#,
        like_literal(words),
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// Whether readers can see something with this tag.
pub async fn is_seen(db: impl PgExecutor<'_>, id: TagId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from article_tags l join articles a on a.id = l.article_id
                          where l.tag_id = $1 and a.state = 'published' and a.publish_at <= now()
                            and (a.expire_at is null or a.expire_at > now())) as "seen!""#,
        id as TagId
    )
    .fetch_one(db)
    .await
}

/// Those of something that readers can see, by their addresses, after one of them.
pub async fn seen(db: impl PgExecutor<'_>, after: &str, limit: i64) -> sqlx::Result<Vec<Tag>> {
    sqlx::query_as!(
        Tag,
        r#"select t.id as "id: TagId", t.slug, t.name
           from tags t
           where t.slug > $1
             and exists (select from article_tags l join articles a on a.id = l.article_id
                         where l.tag_id = t.id and a.state = 'published' and a.publish_at <= now()
                           and (a.expire_at is null or a.expire_at > now()))
           order by t.slug
           limit $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// The tags of these names, made where they do not exist yet; a name that was merged away finds its heir.
/// Names without a letter have no address and are left out.
pub async fn find_or_create(db: &mut PgConnection, names: &[String]) -> sqlx::Result<Vec<TagId>> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let Some(slug) = Slug::of(name) else { continue };
        if let Found::Tag(tag) | Found::Moved(tag) = by_slug(&mut *db, slug.as_str()).await? {
            ids.push(tag.id);
            continue;
        }
        // Two editors may make one tag at the same moment: the second gets the first's.
        let id = sqlx::query_scalar!(
            r#"insert into tags (slug, name) values ($1, $2)
               on conflict (slug) do update set slug = excluded.slug
               returning id as "id: TagId""#,
            &slug as &Slug,
            name
        )
        .fetch_one(&mut *db)
        .await?;
        ids.push(id);
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

/// Gives a tag a new name and address; the old address redirects. `false`: another tag has that address.
pub async fn rename(db: &mut PgConnection, id: TagId, name: &str, slug: &Slug) -> sqlx::Result<bool> {
    let taken = sqlx::query_scalar!(
        r#"select exists(select from tags where slug = $1 and id <> $2) as "taken!""#,
        slug as &Slug,
        id as TagId
    )
    .fetch_one(&mut *db)
    .await?;
    if taken {
        return Ok(false);
    }
    sqlx::query!("delete from tag_aliases where slug = $1", slug as &Slug).execute(&mut *db).await?;
    sqlx::query!(
        "insert into tag_aliases (slug, tag_id)
         select slug, id from tags where id = $1 and slug <> $2
         on conflict (slug) do update set tag_id = excluded.tag_id",
        id as TagId,
        slug as &Slug
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update tags set name = $2, slug = $3 where id = $1", id as TagId, name, slug as &Slug)
        .execute(db)
        .await?;
    Ok(true)
}

/// Moves everything from one tag to another and leaves redirects behind.
pub async fn merge(db: &mut PgConnection, from: TagId, into: TagId) -> sqlx::Result<()> {
    if from == into {
        return Ok(());
    }
    sqlx::query!(
        "insert into article_tags (tag_id, publish_at, article_id, position)
         select $2, publish_at, article_id, position from article_tags where tag_id = $1
         on conflict (article_id, tag_id) do nothing",
        from as TagId,
        into as TagId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into topic_tags (topic_id, tag_id)
         select topic_id, $2 from topic_tags where tag_id = $1
         on conflict do nothing",
        from as TagId,
        into as TagId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update tag_aliases set tag_id = $2 where tag_id = $1", from as TagId, into as TagId)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "with gone as (delete from tags where id = $1 returning slug)
         insert into tag_aliases (slug, tag_id) select slug, $2 from gone
         on conflict (slug) do update set tag_id = excluded.tag_id",
        from as TagId,
        into as TagId
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes a tag that no article carries. `false`: some do, and it stays.
pub async fn delete(db: &mut PgConnection, id: TagId) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "delete from tags t
         where t.id = $1 and not exists (select from article_tags l where l.tag_id = t.id)",
        id as TagId
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() > 0)
}

/// What a person typed, literal within a `like` pattern.
pub(crate) fn like_literal(typed: &str) -> String {
    typed.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
