//! Revisions: every save, whole, so that nothing an editor wrote is lost; who made it, when and why.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::save::{Act, Fields};
use super::{Article, ArticleId, related};
use crate::accounts::UserId;
use crate::news::media::{self, MediaId};
use crate::news::place::PlaceId;
use crate::news::section::{self, SectionId};
use crate::text::{CleanHtml, Language, Slug};

/// Letters of the reason for a version.
pub const MAX_WHY: usize = 500;

/// An article as it was at one version. What it names (a section, a picture, a place) it names by id.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Content {
    pub kicker: String,
    pub headline: String,
    pub slug: String,
    pub standfirst: String,
    pub body: String,
    pub byline: String,
    pub dateline: String,
    pub tags: Vec<String>,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    /// Versions from before the fields below were kept know nothing of them.
    pub whole: bool,
    pub section: i64,
    pub language: String,
    pub related: Vec<i64>,
    pub picture: Option<i64>,
    pub place: Option<i64>,
    pub comments: bool,
    pub publish_at: Option<DateTime<Utc>>,
    pub expire_at: Option<DateTime<Utc>>,
    pub withdrawn_note: String,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Revision {
    pub version: i32,
    pub action: String,
    pub saved_at: DateTime<Utc>,
    /// Nobody for the command line, and for accounts that are gone.
    pub user: Option<String>,
    pub why: String,
    /// What readers were told of it.
    pub correction: Option<String>,
}

impl Content {
    pub fn of(fields: &Fields) -> Self {
        Self {
            kicker: fields.kicker.clone(),
            headline: fields.headline.clone(),
            slug: fields.slug.to_string(),
            standfirst: fields.standfirst.clone(),
            body: fields.body_source.clone(),
            byline: fields.byline.clone(),
            dateline: fields.dateline.clone(),
            tags: fields.tags.clone(),
            picture_alt: fields.picture_alt.clone(),
            picture_caption: fields.picture_caption.clone(),
            picture_credit: fields.picture_credit.clone(),
            whole: true,
            section: fields.section_id.0,
            language: fields.language.to_string(),
            related: fields.related.iter().map(|id| id.0).collect(),
            picture: fields.picture_id.map(|id| id.0),
            place: fields.place_id.map(|id| id.0),
            comments: fields.comments_open,
            publish_at: fields.publish_at,
            expire_at: fields.expire_at,
            withdrawn_note: fields.withdrawn_note.clone(),
        }
    }

    /// As it can be saved again today. What it names and is gone by now gives way to what `article` has.
    pub(super) async fn fields(
        &self,
        db: &mut PgConnection,
        article: &Article,
        place: Option<PlaceId>,
        body: CleanHtml,
    ) -> sqlx::Result<Fields> {
        let section = section::by_id(&mut *db, SectionId(self.section)).await?;
        let named: Vec<ArticleId> = self.related.iter().copied().map(ArticleId).collect();
        let related = super::existing(&mut *db, &named).await?;
        let picture = match self.picture {
            Some(id) => media::by_id(&mut *db, MediaId(id)).await?.map(|picture| picture.id),
            None => None,
        };
        let expire_at = if self.whole { self.expire_at } else { article.expire_at };
        // Where the publication has moved behind it: nothing ends before it begins.
        let expire_at = match (expire_at, article.publish_at) {
            (Some(end), Some(start)) if end <= start => article.expire_at,
            _ => expire_at,
        };
        let chosen = if self.whole { related } else { related::chosen_ids(&mut *db, article.id).await? };
        Ok(Fields {
            section_id: section.map_or(article.section_id, |section| section.id),
            kicker: self.kicker.clone(),
            headline: self.headline.clone(),
            slug: Slug::of_or(&self.slug, "article"),
            standfirst: self.standfirst.clone(),
            body_source: self.body.clone(),
            body,
            byline: self.byline.clone(),
            dateline: self.dateline.clone(),
            language: Language::parse(&self.language).unwrap_or_else(|_| article.language.clone()),
            tags: self.tags.clone(),
            related: chosen,
            picture_id: if self.whole { picture } else { article.picture_id },
            picture_alt: self.picture_alt.clone(),
            picture_caption: self.picture_caption.clone(),
            picture_credit: self.picture_credit.clone(),
            place_id: place,
            comments_open: if self.whole { self.comments } else { article.comments_open },
            publish_at: article.publish_at,
            expire_at,
            withdrawn_note: article.withdrawn_note.clone(),
        })
    }
}

pub(super) async fn record(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    act: &Act,
    user: Option<UserId>,
    content: &Content,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into revisions (article_id, version, action, user_id, why, content) values ($1, $2, $3, $4, $5, $6)",
        id as ArticleId,
        version,
        act.word,
        user as Option<UserId>,
        act.why,
        Json(content) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The versions of an article, the newest first, from below `before` on.
pub async fn of_article(
    db: impl PgExecutor<'_>,
    id: ArticleId,
    before: i32,
    limit: i64,
) -> sqlx::Result<Vec<Revision>> {
    sqlx::query_as!(
        Revision,
        r#"select r.version, r.action, r.saved_at, u.name as "user?", r.why, c.note as "correction?"
           from revisions r
           left join users u on u.id = r.user_id
           left join corrections c on c.article_id = r.article_id and c.to_version = r.version
           where r.article_id = $1 and r.version < $2
           order by r.version desc
           limit $3"#,
        id as ArticleId,
        before,
        limit
    )
    .fetch_all(db)
    .await
}

/// The content of one version.
pub async fn content(db: impl PgExecutor<'_>, id: ArticleId, version: i32) -> sqlx::Result<Option<Content>> {
    let content = sqlx::query_scalar!(
        r#"select content as "content: Json<Content>" from revisions where article_id = $1 and version = $2"#,
        id as ArticleId,
        version
    )
    .fetch_optional(db)
    .await?;
    Ok(content.map(|Json(content)| content))
}
