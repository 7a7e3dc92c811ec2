//! Articles: the whole of one, as its page and its form need it.
//!
//! Lists use `card`, feeds `entry`, the desk's list `row`; what an editor sends is written by `save`, a corpus by
//! `bulk`; who may do what in which `state`; links to others are `related`.

pub mod autosave;
pub mod base;
pub mod bulk;
pub mod card;
pub mod correction;
pub mod entry;
pub mod note;
pub mod checks;
pub mod narrowed;
pub mod index;
pub mod presence;
pub mod reclean;
pub mod related;
pub mod revision;
pub mod row;
pub mod save;
pub mod scheduled;
pub mod state;
pub mod together;
pub mod trash;
pub mod work;

pub use row::{Filter, Row, rows};
pub use state::State;
pub use work::Work;

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, types::Json};

use self::correction::Correction;
use super::{
    author::Author,
    media::{MediaId, Picture, Rendition},
    place::Place,
    section::SectionId,
    tag::Tag,
};
use crate::{
    accounts::UserId,
    paths,
    text::{CleanHtml, Language, Slug, excerpt},
};

id!(ArticleId);

/// What a reader who asks for an article may see of it, by the database's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Visible,
    Withdrawn,
    /// A draft, in review, scheduled or expired: to a reader it does not exist.
    Hidden,
}

#[derive(Clone, Debug)]
pub struct Article {
    pub id: ArticleId,
    pub state: State,
    pub visible: bool,
    /// Published, and no reader ever saw it.
    pub planned: bool,
    pub section_id: SectionId,
    pub section_slug: Slug,
    pub section_name: String,
    pub kicker: String,
    pub headline: String,
    pub slug: Slug,
    pub standfirst: String,
    pub body_source: String,
    pub body_html: CleanHtml,
    pub words: i32,
    pub byline: String,
    pub dateline: String,
    pub language: Language,
    pub picture_id: Option<MediaId>,
    pub picture_name: Option<String>,
    pub picture_width: Option<i32>,
    pub picture_height: Option<i32>,
    pub renditions: Json<Vec<Rendition>>,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    pub place: Option<Json<Place>>,
    pub comments_open: bool,
    pub publish_at: Option<DateTime<Utc>>,
    pub expire_at: Option<DateTime<Utc>>,
    pub withdrawn_note: String,
    pub version: i32,
    pub created_by: Option<UserId>,
    /// Whose turn it is.
    pub assignee: Option<UserId>,
    pub trashed_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// When readers were last told of a change. What is saved without telling moves no date of theirs.
    pub corrected_at: Option<DateTime<Utc>>,
    /// The newest first.
    pub corrections: Json<Vec<Correction>>,
    pub work: Work,
    /// The version of the picture that was drawn for it, which has none of its own.
    pub drawing: Option<String>,
    pub tags: Json<Vec<Tag>>,
    pub authors: Json<Vec<Author>>,
}

impl Article {
    pub fn visibility(&self) -> Visibility {
        match self.state {
            _ if self.visible => Visibility::Visible,
            State::Withdrawn => Visibility::Withdrawn,
            State::Draft | State::Review | State::Published => Visibility::Hidden,
        }
    }

    pub fn href(&self) -> String {
        paths::article(self.id, &self.slug)
    }

    pub fn section_href(&self) -> String {
        paths::section(&self.section_slug)
    }

    pub fn picture(&self) -> Option<Picture> {
        Picture::new(
            self.picture_name.as_deref()?,
            (self.picture_width?, self.picture_height?),
            self.renditions.0.clone(),
            (&self.picture_alt, &self.picture_caption, &self.picture_credit),
        )
    }

    /// When readers may see it: the time of publication, or of writing while it has none.
    pub fn dated(&self) -> DateTime<Utc> {
        self.publish_at.unwrap_or(self.created_at)
    }

    pub fn minutes(&self) -> usize {
        excerpt::minutes(usize::try_from(self.words).unwrap_or_default())
    }

    /// A line or two about the article, for lists of machines and people.
    pub fn summary(&self) -> String {
        if self.standfirst.is_empty() {
            excerpt::first(&self.body_html.text(), 280)
        } else {
            self.standfirst.clone()
        }
    }
}

/// One article in any state: the caller asks for its `visibility`. One query, tags and authors included.
pub async fn by_id(db: impl PgExecutor<'_>, id: ArticleId) -> sqlx::Result<Option<Article>> {
    by_id_at(db, id, None).await
}

/// The same with the text that will be in force at that moment.
pub async fn by_id_at(
    db: impl PgExecutor<'_>,
    id: ArticleId,
    moment: Option<DateTime<Utc>>,
) -> sqlx::Result<Option<Article>> {
    sqlx::query_as!(
        Article,
        r#"select a.id as "id: ArticleId", a.state as "state: State",
                  (a.state = 'published' and a.publish_at <= now()
                   and (a.expire_at is null or a.expire_at > now())) as "visible!",
                  (a.state = 'published' and coalesce(a.released_at > now(), false)) as "planned!",
                  a.section_id as "section_id: SectionId", s.slug as "section_slug: Slug", s.name as section_name,
                  coalesce(e.kicker, a.kicker) as "kicker!", coalesce(e.headline, a.headline) as "headline!",
                  a.slug as "slug: Slug", coalesce(e.standfirst, a.standfirst) as "standfirst!",
                  coalesce(e.content->>'body', a.body_source) as "body_source!",
                  coalesce(e.body_html, a.body_html) as "body_html!: CleanHtml", coalesce(e.words, a.words) as "words!",
                  coalesce(e.byline, a.byline) as "byline!", coalesce(e.dateline, a.dateline) as "dateline!",
                  coalesce(e.language, a.language) as "language!: Language",
                  m.id as "picture_id?: MediaId", m.name as "picture_name?",
                  m.width as "picture_width?", m.height as "picture_height?",
                  (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                              's', encode(r.sha256, 'hex'), 'c', r.shape)
                                            order by r.width), '[]')
                   from shown_files r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>",
                  coalesce(e.picture_alt, a.picture_alt) as "picture_alt!",
                  coalesce(e.picture_caption, a.picture_caption) as "picture_caption!",
                  coalesce(e.picture_credit, a.picture_credit) as "picture_credit!",
                  (select json_build_object('name', p.name, 'latitude', p.latitude, 'longitude', p.longitude)
                   from places p
                   where p.id = case when e.id is null then a.place_id else e.place_id end) as "place?: Json<Place>",
                  coalesce(e.comments_open, a.comments_open) as "comments_open!", a.publish_at, a.expire_at,
                  a.withdrawn_note, a.version, a.created_by as "created_by: UserId", a.assignee as "assignee: UserId",
                  a.trashed_at, a.created_at, a.updated_at, a.work as "work: Work",
                  (select d.version from drawings d where d.article_id = a.id and m.id is null) as drawing,
                  (select max(c.at) from corrections c where c.article_id = a.id and c.at <= now()) as corrected_at,
                  (select coalesce(json_agg(json_build_object('number', c.number, 'note', c.note, 'at', c.at,
                                                              'from_version', c.from_version,
                                                              'to_version', c.to_version) order by c.number desc), '[]')
                   from corrections c where c.article_id = a.id) as "corrections!: Json<Vec<Correction>>",
                  (select coalesce(json_agg(json_build_object('id', t.id, 'slug', t.slug, 'name', t.name)
                                            order by l.position), '[]')
                   from article_tags l join tags t on t.id = l.tag_id
                   where l.article_id = a.id) as "tags!: Json<Vec<Tag>>",
                  (select coalesce(json_agg(json_build_object('id', w.id, 'slug', w.slug, 'name', w.name)
                                            order by l.position), '[]')
                   from article_authors l join authors w on w.id = l.author_id
                   where l.article_id = a.id) as "authors!: Json<Vec<Author>>"
           from articles a
           join sections s on s.id = a.section_id
           left join scheduled_edits e
                     on e.article_id = a.id and not e.held and e.effective_at <= coalesce($2, now())
           left join shown_media m on m.id = case when e.id is null then a.picture_id else e.picture_id end
           where a.id = $1"#,
        id as ArticleId,
        moment
    )
    .fetch_optional(db)
    .await
}

/// A headline for the picker of related articles.
#[derive(Debug, serde::Serialize)]
pub struct Suggestion {
    pub id: ArticleId,
    pub headline: String,
    pub state: State,
}

/// Articles whose headline holds these words, newest first, `except` one. With `only_of`, what readers may not
/// see yet is offered to its own author alone.
pub async fn suggest(
    db: impl PgExecutor<'_>,
    words: &str,
    except: Option<ArticleId>,
    only_of: Option<UserId>,
    limit: i64,
) -> sqlx::Result<Vec<Suggestion>> {
    sqlx::query_as!(
        Suggestion,
        r#"select id as "id: ArticleId", headline, state as "state: State"
           from articles
           where lower(headline) like '%' || lower($1) || '%' and ($2::bigint is null or id <> $2)
             and ($4::bigint is null or created_by = $4
                  or (state = 'published' and publish_at <= now() and (expire_at is null or expire_at > now())))
           order by updated_at desc, id desc
           limit $3"#,
        super::tag::like_literal(words),
        except as Option<ArticleId>,
        limit,
        only_of as Option<UserId>
    )
    .fetch_all(db)
    .await
}

/// Those of the ids that belong to an article of any state, in the given order.
pub async fn existing(db: impl PgExecutor<'_>, ids: &[ArticleId]) -> sqlx::Result<Vec<ArticleId>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select id as "id: ArticleId" from articles where id = any($1) order by array_position($1::bigint[], id)"#,
        &ids
    )
    .fetch_all(db)
    .await
}

/// The article with exactly this headline, whatever its case; of several the one touched last.
pub async fn by_headline(db: impl PgExecutor<'_>, headline: &str) -> sqlx::Result<Option<ArticleId>> {
    sqlx::query_scalar!(
        r#"select id as "id: ArticleId"
           from articles
           where lower(headline) like lower($1)
           order by updated_at desc, id desc
           limit 1"#,
        super::tag::like_literal(headline)
    )
    .fetch_optional(db)
    .await
}
