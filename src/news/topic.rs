//! Topics, "In Focus": glossary entries that gather articles by tags and by hand.

use sqlx::{PgConnection, PgExecutor, types::Json};

use super::{
    article::ArticleId,
    media::{MediaId, Picture, Rendition},
    tag::{self, Tag},
};
use crate::{paths, text::Slug};

id!(TopicId);

#[derive(Clone, Debug)]
pub struct Topic {
    pub id: TopicId,
    pub slug: Slug,
    pub title: String,
    pub description: String,
    pub pinned: bool,
    pub picture_id: Option<MediaId>,
    pub picture_alt: String,
    pub picture_name: Option<String>,
    pub picture_width: Option<i32>,
    pub picture_height: Option<i32>,
    pub renditions: Json<Vec<Rendition>>,
    pub tags: Json<Vec<Tag>>,
}

impl Topic {
    pub fn href(&self) -> String {
        paths::topic(&self.slug)
    }

    pub fn picture(&self) -> Option<Picture> {
        Picture::new(
            self.picture_name.as_deref()?,
            (self.picture_width?, self.picture_height?),
            self.renditions.0.clone(),
            (&self.picture_alt, "", ""),
        )
    }
}

/// The one projection of topics.
macro_rules! topics {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Topic,
            r#"select t.id as "id: TopicId", t.slug as "slug: Slug", t.title, t.description, t.pinned,
                      t.picture_id as "picture_id: MediaId", t.picture_alt, m.name as "picture_name?",
                      m.width as "picture_width?", m.height as "picture_height?",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex')) order by r.width), '[]')
                       from renditions r where r.media_id = t.picture_id) as "renditions!: Json<Vec<Rendition>>",
                      (select coalesce(json_agg(json_build_object('id', g.id, 'slug', g.slug, 'name', g.name)
                                                order by lower(g.name)), '[]')
                       from topic_tags l join tags g on g.id = l.tag_id
                       where l.topic_id = t.id) as "tags!: Json<Vec<Tag>>"
               from topics t
               left join media m on m.id = t.picture_id "# + $rest
            $(, $arg)*
        )
    };
}

/// All topics in their order.
pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Topic>> {
    topics!("order by t.position, t.id").fetch_all(db).await
}

/// Those that stand on the front page.
pub async fn pinned(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Topic>> {
    topics!("where t.pinned order by t.position, t.id limit 24").fetch_all(db).await
}

pub async fn by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Topic>> {
    topics!("where t.slug = $1", slug).fetch_optional(db).await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: TopicId) -> sqlx::Result<Option<Topic>> {
    topics!("where t.id = $1", id as TopicId).fetch_optional(db).await
}

/// The articles picked by hand, newest first: id and headline.
pub async fn picked(db: impl PgExecutor<'_>, id: TopicId) -> sqlx::Result<Vec<(ArticleId, String)>> {
    let rows = sqlx::query!(
        r#"select a.id as "id: ArticleId", a.headline
           from topic_articles t join articles a on a.id = t.article_id
           where t.topic_id = $1
           order by a.publish_at desc, a.id desc"#,
        id as TopicId
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.headline)).collect())
}

/// What the form of a topic holds, checked.
#[derive(Clone, Debug)]
pub struct Fields {
    pub title: String,
    pub description: String,
    pub picture_id: Option<MediaId>,
    pub picture_alt: String,
    pub pinned: bool,
    pub tags: Vec<String>,
    pub articles: Vec<ArticleId>,
}

/// Adds a topic at the end. `None`: the slug is taken.
pub async fn create(db: &mut PgConnection, slug: &Slug, fields: &Fields) -> sqlx::Result<Option<TopicId>> {
    let id = sqlx::query_scalar!(
        r#"insert into topics (slug, title, description, picture_id, picture_alt, pinned, position)
           values ($1, $2, $3, $4, $5, $6, (select coalesce(max(position), 0) + 1 from topics))
           on conflict (slug) do nothing
           returning id as "id: TopicId""#,
        slug as &Slug,
        fields.title,
        fields.description,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.pinned
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(id) = id {
        set_members(db, id, fields).await?;
    }
    Ok(id)
}

/// Changes a topic; its address stays.
pub async fn update(db: &mut PgConnection, id: TopicId, fields: &Fields) -> sqlx::Result<()> {
    sqlx::query!(
        "update topics
         set title = $2, description = $3, picture_id = $4, picture_alt = $5, pinned = $6
         where id = $1",
        id as TopicId,
        fields.title,
        fields.description,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.pinned
    )
    .execute(&mut *db)
    .await?;
    set_members(db, id, fields).await
}

/// Gives a picture to a topic that has none.
pub async fn hang_picture(db: &mut PgConnection, id: TopicId, picture: MediaId) -> sqlx::Result<()> {
    sqlx::query!(
        "update topics set picture_id = $2 where id = $1 and picture_id is null",
        id as TopicId,
        picture as MediaId
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn set_members(db: &mut PgConnection, id: TopicId, fields: &Fields) -> sqlx::Result<()> {
    let tags: Vec<i64> = tag::find_or_create(db, &fields.tags).await?.iter().map(|tag| tag.0).collect();
    let articles: Vec<i64> = fields.articles.iter().map(|article| article.0).collect();
    sqlx::query!("delete from topic_tags where topic_id = $1", id as TopicId).execute(&mut *db).await?;
    sqlx::query!(
        "insert into topic_tags (topic_id, tag_id) select $1, unnest($2::bigint[])",
        id as TopicId,
        &tags
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from topic_articles where topic_id = $1", id as TopicId).execute(&mut *db).await?;
    sqlx::query!(
        "insert into topic_articles (topic_id, article_id)
         select distinct $1::bigint, picked from unnest($2::bigint[]) as picked",
        id as TopicId,
        &articles
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts a topic on the front page, or takes it off. `false`: there is no such topic.
pub async fn set_pinned(db: &mut PgConnection, id: TopicId, pinned: bool) -> sqlx::Result<bool> {
    let set = sqlx::query!("update topics set pinned = $2 where id = $1", id as TopicId, pinned)
        .execute(db)
        .await?;
    Ok(set.rows_affected() > 0)
}

/// Puts the topics into the given order; topics not named keep their place behind them.
pub async fn reorder(db: &mut PgConnection, order: &[TopicId]) -> sqlx::Result<()> {
    let ids: Vec<i64> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update topics set position = coalesce(array_position($1::bigint[], id), 10000 + position)",
        &ids
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn delete(db: &mut PgConnection, id: TopicId) -> sqlx::Result<()> {
    sqlx::query!("delete from topics where id = $1", id as TopicId).execute(db).await?;
    Ok(())
}
