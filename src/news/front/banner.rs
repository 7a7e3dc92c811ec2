//! Breaking news: one line on top of every public page from its start until its end, and with it what else stands
//! there (the menu), so that a page asks once.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, PgExecutor, types::Json};

use crate::news::article::ArticleId;
use crate::news::section::{Section, SectionId};
use crate::{paths, text::Slug};

id!(BannerId);

/// Letters of its text.
pub const MAX_TEXT: usize = 200;

/// What readers see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Banner {
    pub text: String,
    address: String,
    /// The article it leads to, while readers may see that.
    article: Option<i64>,
    slug: Option<String>,
}

impl Banner {
    pub fn href(&self) -> Option<String> {
        match (self.article, &self.slug) {
            (Some(id), Some(slug)) => Some(paths::article(id, &Slug::of_or(slug, "article"))),
            _ => Some(self.address.clone()).filter(|address| !address.is_empty()),
        }
    }
}

/// What stands on top of every page at a moment, or now.
#[derive(Debug)]
pub struct Top {
    pub sections: Vec<Section>,
    pub banner: Option<Banner>,
    /// The version of the site's own icons.
    pub icons: Option<String>,
}

pub async fn top(db: impl PgExecutor<'_>, at: Option<DateTime<Utc>>) -> sqlx::Result<Top> {
    let row = sqlx::query!(
        r#"select (select coalesce(json_agg(json_build_array(s.id, s.slug, s.name, s.description)
                                            order by s.position, s.id), '[]')
                   from sections s) as "sections!: Json<Vec<(SectionId, String, String, String)>>",
                  (select json_build_object('text', b.text, 'address', b.address, 'article', a.id, 'slug', a.slug)
                   from banners b
                   left join articles a on a.id = b.article_id and a.state = 'published' and a.publish_at <= m.at
                                           and (a.expire_at is null or a.expire_at > m.at)
                   where b.starts_at <= m.at and b.ends_at > m.at
                   order by b.starts_at desc, b.id desc
                   limit 1) as "banner: Json<Banner>",
                  (select i.version from site_icons i limit 1) as icons
           from (select coalesce($1::timestamptz, now()) as at) m"#,
        at
    )
    .fetch_one(db)
    .await?;
    let sections = row.sections.0.into_iter().map(|(id, slug, name, description)| {
        let slug = Slug::of_or(&slug, "section");
        Section { id, slug, name, description, requires: Vec::new() }
    });
    Ok(Top { sections: sections.collect(), banner: row.banner.map(|banner| banner.0), icons: row.icons })
}

/// A banner as the desk shows it.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: BannerId,
    pub text: String,
    pub address: String,
    pub article_id: Option<ArticleId>,
    pub headline: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub is_ahead: bool,
    pub is_over: bool,
    pub version: i32,
}

/// What the form of a banner holds, checked.
#[derive(Clone, Debug)]
pub struct Fields {
    pub text: String,
    pub article_id: Option<ArticleId>,
    pub address: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// The last banners, those that end last first.
pub async fn all(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select b.id as "id: BannerId", b.text, b.address, b.article_id as "article_id: ArticleId",
                  a.headline as "headline?", b.starts_at, b.ends_at,
                  b.starts_at > now() as "is_ahead!", b.ends_at <= now() as "is_over!", b.version
           from banners b
           left join articles a on a.id = b.article_id
           order by b.ends_at desc, b.id desc
           limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: BannerId) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"select b.id as "id: BannerId", b.text, b.address, b.article_id as "article_id: ArticleId",
                  a.headline as "headline?", b.starts_at, b.ends_at,
                  b.starts_at > now() as "is_ahead!", b.ends_at <= now() as "is_over!", b.version
           from banners b
           left join articles a on a.id = b.article_id
           where b.id = $1"#,
        id as BannerId
    )
    .fetch_optional(db)
    .await
}

pub async fn create(db: &mut PgConnection, fields: &Fields) -> sqlx::Result<BannerId> {
    sqlx::query_scalar!(
        r#"insert into banners (text, article_id, address, starts_at, ends_at) values ($1, $2, $3, $4, $5)
           returning id as "id: BannerId""#,
        fields.text,
        fields.article_id as Option<ArticleId>,
        fields.address,
        fields.starts_at,
        fields.ends_at
    )
    .fetch_one(db)
    .await
}

/// `false`: it is not this version any more, or not there.
pub async fn update(
    db: &mut PgConnection,
    id: BannerId,
    version: i32,
    fields: &Fields,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update banners
         set text = $2, article_id = $3, address = $4, starts_at = $5, ends_at = $6, version = version + 1
         where id = $1 and version = $7",
        id as BannerId,
        fields.text,
        fields.article_id as Option<ArticleId>,
        fields.address,
        fields.starts_at,
        fields.ends_at,
        version
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() > 0)
}

/// Takes it down now; one that has not begun goes whole. `false`: it was not there, or over already.
pub async fn end(db: &mut PgConnection, id: BannerId) -> sqlx::Result<bool> {
    let ahead = sqlx::query!("delete from banners where id = $1 and starts_at >= now()", id as BannerId)
        .execute(&mut *db)
        .await?;
    let ended = sqlx::query!(
        "update banners set ends_at = now(), version = version + 1 where id = $1 and ends_at > now()",
        id as BannerId
    )
    .execute(db)
    .await?;
    Ok(ahead.rows_affected() + ended.rows_affected() > 0)
}
