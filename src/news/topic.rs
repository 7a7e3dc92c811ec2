//! Topics, "In Focus": glossary entries that gather articles by a rule and by hand, with links to start from and
//! the dates on which things turned. Which articles they are is asked in `article::card`.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::{
    article::ArticleId,
    media::{MediaId, Picture, Rendition},
    section::SectionId,
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
    /// All of the tags, not any.
    pub match_all: bool,
    pub section_id: Option<SectionId>,
    // What opens its page; empty in lists of topics.
    /// Links to start from.
    pub links: Json<Vec<Link>>,
    /// Oldest first.
    pub dates: Json<Vec<KeyDate>>,
    /// The articles on top, in their order, visible or not.
    pub top: Json<Vec<i64>>,
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

/// The one projection of topics; with what opens their pages if it is `opened "true"`.
macro_rules! topics {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        topics!(opened "false", $rest $(, $arg)*)
    };
    (opened $opened:tt, $rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Topic,
            r#"select t.id as "id: TopicId", t.slug as "slug: Slug", t.title, t.description, t.pinned,
                      t.picture_id as "picture_id: MediaId", t.picture_alt, m.name as "picture_name?",
                      m.width as "picture_width?", m.height as "picture_height?",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex'), 'c', r.shape)
                                                order by r.width), '[]')
                       from shown_files r where r.media_id = t.picture_id) as "renditions!: Json<Vec<Rendition>>",
                      (select coalesce(json_agg(json_build_object('id', g.id, 'slug', g.slug, 'name', g.name)
                                                order by lower(g.name)), '[]')
                       from topic_tags l join tags g on g.id = l.tag_id
                       where l.topic_id = t.id) as "tags!: Json<Vec<Tag>>",
                      t.match_all, t.section_id as "section_id: SectionId",
                      (select coalesce(json_agg(json_build_object(
                                  'label', l.label, 'address', l.address, 'article', l.article_id, 'headline', a.headline,
                                  'slug', case when a.state = 'published' and a.publish_at <= now()
                                                    and (a.expire_at is null or a.expire_at > now()) then a.slug end)
                              order by l.position), '[]')
                       from topic_links l left join articles a on a.id = l.article_id
                       where l.topic_id = t.id and "#
                + $opened
                + r#") as "links!: Json<Vec<Link>>",
                      (select coalesce(json_agg(json_build_object(
                                  'day', d.day, 'text', d.text, 'address', d.address, 'article', d.article_id,
                                  'headline', a.headline,
                                  'slug', case when a.state = 'published' and a.publish_at <= now()
                                                    and (a.expire_at is null or a.expire_at > now()) then a.slug end)
                              order by d.day, d.position), '[]')
                       from topic_dates d left join articles a on a.id = d.article_id
                       where d.topic_id = t.id and "#
                + $opened
                + r#") as "dates!: Json<Vec<KeyDate>>",
                      (select coalesce(json_agg(h.article_id order by h.position), '[]')
                       from topic_articles h
                       where h.topic_id = t.id and h.place = 'top' and "#
                + $opened
                + r#") as "top!: Json<Vec<i64>>"
               from topics t
               left join shown_media m on m.id = t.picture_id "#
                + $rest
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
    topics!(opened "true", "where t.slug = $1", slug).fetch_optional(db).await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: TopicId) -> sqlx::Result<Option<Topic>> {
    topics!(opened "true", "where t.id = $1", id as TopicId).fetch_optional(db).await
}

/// Where an article stands that somebody picked by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Place {
    /// First on the page, in the order of the editors.
    Top,
    /// Among the others, by its date.
    In,
    /// Left out, whatever the rule finds.
    Out,
}

/// An article picked by hand.
#[derive(Debug)]
pub struct Picked {
    pub id: ArticleId,
    pub headline: String,
    pub place: Place,
}

/// The articles picked by hand: those on top in their order, the others newest first.
pub async fn picked(db: impl PgExecutor<'_>, id: TopicId) -> sqlx::Result<Vec<Picked>> {
    sqlx::query_as!(
        Picked,
        r#"select a.id as "id: ArticleId", a.headline, t.place as "place: Place"
           from topic_articles t join articles a on a.id = t.article_id
           where t.topic_id = $1
           order by t.position, a.publish_at desc, a.id desc"#,
        id as TopicId
    )
    .fetch_all(db)
    .await
}

/// What a link of a topic leads to: an article, or an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Target {
    pub article: Option<ArticleId>,
    pub address: String,
    /// Of the article; empty while readers must not see it.
    pub slug: Option<String>,
    /// As the desk shows it.
    pub headline: Option<String>,
}

impl Target {
    pub fn href(&self) -> Option<String> {
        match (self.article, &self.slug) {
            (Some(id), Some(slug)) => Some(paths::article(id, &Slug::of_or(slug, "article"))),
            _ => Some(self.address.clone()).filter(|address| !address.is_empty()),
        }
    }
}

/// "Start here".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Link {
    pub label: String,
    #[serde(flatten)]
    pub target: Target,
}

/// A day on which things turned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KeyDate {
    pub day: NaiveDate,
    pub text: String,
    #[serde(flatten)]
    pub target: Target,
}

/// What the form of a topic holds, checked.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pub title: String,
    pub description: String,
    pub picture_id: Option<MediaId>,
    pub picture_alt: String,
    pub pinned: bool,
    pub tags: Vec<String>,
    pub match_all: bool,
    pub section_id: Option<SectionId>,
    /// On top, in this order.
    pub top: Vec<ArticleId>,
    /// Picked by hand; their date decides where they stand.
    pub articles: Vec<ArticleId>,
    pub left_out: Vec<ArticleId>,
    pub links: Vec<Link>,
    pub dates: Vec<KeyDate>,
}

/// Adds a topic at the end. `None`: the slug is taken.
pub async fn create(db: &mut PgConnection, slug: &Slug, fields: &Fields) -> sqlx::Result<Option<TopicId>> {
    let id = sqlx::query_scalar!(
        r#"insert into topics (slug, title, description, picture_id, picture_alt, pinned, match_all, section_id, position)
           values ($1, $2, $3, $4, $5, $6, $7, $8, (select coalesce(max(position), 0) + 1 from topics))
           on conflict (slug) do nothing
           returning id as "id: TopicId""#,
        slug as &Slug,
        fields.title,
        fields.description,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.pinned,
        fields.match_all,
        fields.section_id as Option<SectionId>
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
         set title = $2, description = $3, picture_id = $4, picture_alt = $5, pinned = $6, match_all = $7,
             section_id = $8
         where id = $1",
        id as TopicId,
        fields.title,
        fields.description,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.pinned,
        fields.match_all,
        fields.section_id as Option<SectionId>
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
    sqlx::query!("delete from topic_tags where topic_id = $1", id as TopicId).execute(&mut *db).await?;
    sqlx::query!(
        "insert into topic_tags (topic_id, tag_id) select $1, unnest($2::bigint[])",
        id as TopicId,
        &tags
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from topic_articles where topic_id = $1", id as TopicId).execute(&mut *db).await?;
    for (place, articles) in
        [(Place::Out, &fields.left_out), (Place::Top, &fields.top), (Place::In, &fields.articles)]
    {
        let articles: Vec<i64> = articles.iter().map(|article| article.0).collect();
        // Who stands in two lists is left out, or on top.
        sqlx::query!(
            "insert into topic_articles (topic_id, article_id, place, position)
             select $1, picked, $3, case when $3 = 'top' then n else 0 end
             from unnest($2::bigint[]) with ordinality as p (picked, n)
             on conflict do nothing",
            id as TopicId,
            &articles,
            place as Place
        )
        .execute(&mut *db)
        .await?;
    }
    set_links(db, id, &fields.links).await?;
    set_dates(db, id, &fields.dates).await
}

async fn set_links(db: &mut PgConnection, id: TopicId, links: &[Link]) -> sqlx::Result<()> {
    sqlx::query!("delete from topic_links where topic_id = $1", id as TopicId).execute(&mut *db).await?;
    for (position, link) in (1..).zip(links) {
        sqlx::query!(
            "insert into topic_links (topic_id, position, label, article_id, address) values ($1, $2, $3, $4, $5)",
            id as TopicId,
            position,
            link.label,
            link.target.article as Option<ArticleId>,
            link.target.address
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn set_dates(db: &mut PgConnection, id: TopicId, dates: &[KeyDate]) -> sqlx::Result<()> {
    sqlx::query!("delete from topic_dates where topic_id = $1", id as TopicId).execute(&mut *db).await?;
    for (position, date) in (1..).zip(dates) {
        sqlx::query!(
            "insert into topic_dates (topic_id, position, day, text, article_id, address)
             values ($1, $2, $3, $4, $5, $6)",
            id as TopicId,
            position,
            date.day,
            date.text,
            date.target.article as Option<ArticleId>,
            date.target.address
        )
        .execute(&mut *db)
        .await?;
    }
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
