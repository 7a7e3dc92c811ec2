//! What an editor sends, written in one transaction: the article, its links, its revision, its place in the
//! search, its audit row. Either all of it is there or none.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::revision::{self, Content};
pub use super::state::Action;
use super::{ArticleId, State, correction, related, scheduled};
use crate::{
    news::{
        audit::{self, Actor},
        author::{self, AuthorId},
        discovery,
        media::MediaId,
        place::PlaceId,
        search,
        section::SectionId,
        tag::{self, TagId},
    },
    queue::{self, Payload},
    text::{CleanHtml, Language, Slug, excerpt, names},
};

/// The whole of an article as the form holds it, checked.
#[derive(Clone, Debug)]
pub struct Fields {
    pub section_id: SectionId,
    pub kicker: String,
    pub headline: String,
    pub slug: Slug,
    pub standfirst: String,
    pub body_source: String,
    pub body: CleanHtml,
    pub byline: String,
    pub dateline: String,
    pub language: Language,
    pub tags: Vec<String>,
    pub related: Vec<ArticleId>,
    pub picture_id: Option<MediaId>,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    pub place_id: Option<PlaceId>,
    pub comments_open: bool,
    pub publish_at: Option<DateTime<Utc>>,
    pub expire_at: Option<DateTime<Utc>>,
    /// Shown to readers who ask for it after it was withdrawn.
    pub withdrawn_note: String,
}

/// What is done, why, and what readers are told of it.
#[derive(Clone, Debug)]
pub struct Act {
    pub action: Action,
    /// As the revision and the audit trail call it.
    pub word: &'static str,
    /// In the words of whoever does it; may be empty.
    pub why: String,
    /// A public note, when this puts right what readers have read.
    pub correction: Option<String>,
    /// When it took effect, if that was not now.
    pub at: Option<DateTime<Utc>>,
}

impl From<Action> for Act {
    fn from(action: Action) -> Self {
        Self { action, word: action.as_str(), why: String::new(), correction: None, at: None }
    }
}

/// Somebody saved a newer version in the meantime.
#[derive(Debug, PartialEq, Eq)]
pub struct Stale {
    pub current: i32,
}

/// Writes a new article, version 1.
pub async fn create(
    db: &mut PgConnection,
    fields: &Fields,
    act: impl Into<Act>,
    actor: &Actor,
) -> sqlx::Result<ArticleId> {
    let act = act.into();
    let state = act.action.applied_to(State::Draft);
    let words = word_count(&fields.body);
    let id = sqlx::query_scalar!(
        r#"insert into articles (state, section_id, kicker, headline, slug, standfirst, body_source, body_html,
                                 body_text, words, byline, dateline, language, picture_id, picture_alt,
                                 picture_caption, picture_credit, place_id, comments_open, publish_at, expire_at,
                                 withdrawn_note, created_by, released_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                   case when $1 in ('draft', 'review') then $20 else coalesce($20, now()) end, $21, $22, $23,
                   case when $1 = 'published' then greatest($20, now()) end)
           returning id as "id: ArticleId""#,
        state as State,
        fields.section_id as SectionId,
        fields.kicker,
        fields.headline,
        &fields.slug as &Slug,
        fields.standfirst,
        fields.body_source,
        &fields.body as &CleanHtml,
        fields.body.text(),
        words,
        fields.byline,
        fields.dateline,
        &fields.language as &Language,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.picture_caption,
        fields.picture_credit,
        fields.place_id as Option<PlaceId>,
        fields.comments_open,
        fields.publish_at,
        fields.expire_at,
        fields.withdrawn_note,
        actor.user as Option<crate::accounts::UserId>,
    )
    .fetch_one(&mut *db)
    .await?;
    write_links(db, id, fields).await?;
    write_trail(db, id, 1, fields, &act, actor).await?;
    announce(db, id, state, fields).await?;
    Ok(id)
}

/// Writes a new version over `version`, or refuses when that is no longer the newest. Returns the new version. An
/// edit that waits for its time is brought together with it, or held. What no reader saw yet and is saved without a
/// time is a draft again.
pub async fn update(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    fields: &Fields,
    act: impl Into<Act>,
    actor: &Actor,
) -> sqlx::Result<Result<i32, Stale>> {
    if let Some(stale) = claim(&mut *db, id, version).await? {
        return Ok(Err(stale));
    }
    let act = act.into();
    // It went out while somebody took it back.
    if act.action == Action::Return && is_out(&mut *db, id).await? {
        return Ok(Err(Stale { current: version }));
    }
    let version = write(&mut *db, id, fields, &act, actor).await?;
    scheduled::meet(db, id, version, &Content::of(fields), actor).await?;
    Ok(Ok(version))
}

async fn is_out(db: &mut PgConnection, id: ArticleId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select state = 'published' and coalesce(released_at <= now(), true) as "is_out!"
           from articles where id = $1"#,
        id as ArticleId
    )
    .fetch_one(db)
    .await
}

/// Locks the article for a save over `version`. What became due before is in it by then; what was thrown into the
/// trash a moment ago is saved by nobody.
pub async fn claim(db: &mut PgConnection, id: ArticleId, version: i32) -> sqlx::Result<Option<Stale>> {
    sqlx::query_scalar!("select version from articles where id = $1 for update", id as ArticleId)
        .fetch_one(&mut *db)
        .await?;
    scheduled::fold(&mut *db, id).await?;
    let now = sqlx::query!(
        r#"select version, trashed_at is not null as "is_trashed!" from articles where id = $1"#,
        id as ArticleId
    )
    .fetch_one(&mut *db)
    .await?;
    Ok((now.version != version || now.is_trashed).then_some(Stale { current: now.version }))
}

/// The next version, whatever the one before it was.
pub(super) async fn write(
    db: &mut PgConnection,
    id: ArticleId,
    fields: &Fields,
    act: &Act,
    actor: &Actor,
) -> sqlx::Result<i32> {
    let current = sqlx::query!(
        r#"select state as "state: State", coalesce(released_at > now(), false) as "planned!" from articles where id = $1"#,
        id as ArticleId
    )
    .fetch_one(&mut *db)
    .await?;
    let state = match act.action {
        Action::Save if current.planned && fields.publish_at.is_none() => State::Draft,
        action => action.applied_to(current.state),
    };
    let words = word_count(&fields.body);
    let version = sqlx::query_scalar!(
        "update articles
         set state = $2, section_id = $3, kicker = $4, headline = $5, slug = $6, standfirst = $7, body_source = $8,
             body_html = $9, body_text = $10, words = $11, byline = $12, dateline = $13, language = $14,
             picture_id = $15, picture_alt = $16, picture_caption = $17, picture_credit = $18, place_id = $19,
             comments_open = $20,
             publish_at = case when $2 in ('draft', 'review') then $21 else coalesce($21, publish_at, now()) end,
             -- Once it is out it stays so; a plan goes with its time.
             released_at = case when $2 <> 'published' then null
                                when released_at <= now() then released_at
                                else greatest(coalesce($21, publish_at), now()) end,
             expire_at = $22, withdrawn_note = $23, version = version + 1, updated_at = now()
         where id = $1
         returning version",
        id as ArticleId,
        state as State,
        fields.section_id as SectionId,
        fields.kicker,
        fields.headline,
        &fields.slug as &Slug,
        fields.standfirst,
        fields.body_source,
        &fields.body as &CleanHtml,
        fields.body.text(),
        words,
        fields.byline,
        fields.dateline,
        &fields.language as &Language,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.picture_caption,
        fields.picture_credit,
        fields.place_id as Option<PlaceId>,
        fields.comments_open,
        fields.publish_at,
        fields.expire_at,
        fields.withdrawn_note,
    )
    .fetch_one(&mut *db)
    .await?;
    write_links(db, id, fields).await?;
    write_trail(db, id, version, fields, act, actor).await?;
    announce(db, id, state, fields).await?;
    Ok(version)
}

/// What readers have seen, or will see, is told to those who wait for it, and drawn if it has no picture.
async fn announce(db: &mut PgConnection, id: ArticleId, state: State, fields: &Fields) -> sqlx::Result<()> {
    match state {
        State::Published => {
            if fields.picture_id.is_none() {
                queue::enqueue(db, &Payload::Draw { article_id: id.0 }).await?;
            }
            discovery::announce(db, id, fields.publish_at).await
        }
        State::Withdrawn => discovery::announce(db, id, None).await,
        State::Draft | State::Review => Ok(()),
    }
}

/// Gives a picture to an article that has none, and to the edit that waits. No version: no word changes.
pub async fn hang_picture(db: &mut PgConnection, id: ArticleId, picture: MediaId) -> sqlx::Result<()> {
    sqlx::query!(
        "update scheduled_edits e
         set picture_id = $2, content = jsonb_set(e.content, '{picture}', to_jsonb($2::bigint))
         from articles a
         where e.article_id = $1 and e.picture_id is null and a.id = e.article_id and a.picture_id is null",
        id as ArticleId,
        picture as MediaId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update articles set picture_id = $2 where id = $1 and picture_id is null",
        id as ArticleId,
        picture as MediaId
    )
    .execute(db)
    .await?;
    Ok(())
}

/// An article that comes from elsewhere came out when it says, not when it was loaded.
pub async fn released_as_dated(db: &mut PgConnection, id: ArticleId) -> sqlx::Result<()> {
    sqlx::query!("update articles set released_at = publish_at where id = $1", id as ArticleId)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) fn word_count(body: &CleanHtml) -> i32 {
    i32::try_from(excerpt::words(&body.text())).unwrap_or(i32::MAX)
}

async fn write_links(db: &mut PgConnection, id: ArticleId, fields: &Fields) -> sqlx::Result<()> {
    let tags = tag::find_or_create(db, &fields.tags).await?;
    set_tags(db, id, &tags).await?;
    let authors = author::find_or_create(db, &names::byline(&fields.byline)).await?;
    set_authors(db, id, &authors).await?;
    related::choose(db, id, &fields.related).await?;
    search::index(db, &[id.0], &fields.language).await
}

async fn write_trail(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    fields: &Fields,
    act: &Act,
    actor: &Actor,
) -> sqlx::Result<()> {
    revision::record(db, id, version, act, actor.user, &Content::of(fields)).await?;
    if let Some(note) = &act.correction {
        correction::record(db, id, version, note, act.at, actor.user).await?;
    }
    let mut detail = json!({ "headline": fields.headline, "version": version });
    for (name, text) in [("why", &act.why), ("correction", act.correction.as_ref().unwrap_or(&String::new()))]
    {
        if !text.is_empty() {
            detail[name] = json!(text);
        }
    }
    audit::record(db, actor, act.word, "article", Some(id.0), detail).await
}

/// The links carry the article's date, so that a tag's page is one index walk.
async fn set_tags(db: &mut PgConnection, id: ArticleId, tags: &[TagId]) -> sqlx::Result<()> {
    let tags: Vec<i64> = tags.iter().map(|tag| tag.0).collect();
    sqlx::query!("delete from article_tags where article_id = $1", id as ArticleId).execute(&mut *db).await?;
    sqlx::query!(
        "insert into article_tags (tag_id, publish_at, article_id, position)
         select chosen.tag, coalesce(a.publish_at, 'infinity'), a.id, chosen.place::smallint
         from articles a, unnest($2::bigint[]) with ordinality as chosen(tag, place)
         where a.id = $1",
        id as ArticleId,
        &tags
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn set_authors(db: &mut PgConnection, id: ArticleId, authors: &[AuthorId]) -> sqlx::Result<()> {
    let authors: Vec<i64> = authors.iter().map(|author| author.0).collect();
    sqlx::query!("delete from article_authors where article_id = $1", id as ArticleId)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into article_authors (author_id, publish_at, article_id, position)
         select chosen.author, coalesce(a.publish_at, 'infinity'), a.id, chosen.place::smallint
         from articles a, unnest($2::bigint[]) with ordinality as chosen(author, place)
         where a.id = $1",
        id as ArticleId,
        &authors
    )
    .execute(db)
    .await?;
    Ok(())
}
