//! Edits that carry their own time. Which words are in force is decided by the queries that read an article
//! (`by_id`, `card::cards!`); what is here keeps an edit, holds it, and folds it in once its time has come.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{Acquire, PgConnection, PgExecutor, PgPool, error::DatabaseError, types::Json};

use super::revision::{self, Content};
use super::save::{self, Act, Action, Fields, Stale};
use super::{ArticleId, by_id, together};
use crate::accounts::UserId;
use crate::news::audit::{self, Actor};
use crate::news::media::MediaId;
use crate::news::place::PlaceId;
use crate::queue::{self, Payload};
use crate::text::{CleanHtml, Language};

/// As revisions and the audit trail call it when the time has come.
const TAKES_EFFECT: &str = "take effect";
/// Edits folded in one step of the clock.
const STEP: i64 = 50;

/// An edit that waits.
#[derive(Clone, Debug)]
pub struct Edit {
    pub id: i64,
    pub article_id: ArticleId,
    pub effective_at: DateTime<Utc>,
    /// The version whose text its editor had before them.
    pub based_on: i32,
    /// The article was saved since: it waits for a person.
    pub held: bool,
    pub content: Json<Content>,
    pub body: CleanHtml,
    pub place_id: Option<PlaceId>,
    pub why: String,
    /// "" for a minor change.
    pub correction: String,
    pub user_id: Option<UserId>,
    pub author: String,
    pub created_at: DateTime<Utc>,
}

/// The edit that waits for its time, or for a person.
pub async fn of_article(db: impl PgExecutor<'_>, id: ArticleId) -> sqlx::Result<Option<Edit>> {
    sqlx::query_as!(
        Edit,
        r#"select id, article_id as "article_id: ArticleId", effective_at, based_on, held,
                  content as "content: Json<Content>", body_html as "body: CleanHtml", place_id as "place_id: PlaceId",
                  why, correction, user_id as "user_id: UserId", author, created_at
           from scheduled_edits
           where article_id = $1"#,
        id as ArticleId
    )
    .fetch_optional(db)
    .await
}

/// Keeps an edit over `version` for its time, in place of one that waits already. It has a number of its own, by which
/// whoever opened the other notices.
pub async fn keep(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    fields: &Fields,
    effective_at: DateTime<Utc>,
    act: &Act,
    actor: &Actor,
) -> sqlx::Result<Result<(), Stale>> {
    if let Some(stale) = save::claim(&mut *db, id, version).await? {
        return Ok(Err(stale));
    }
    sqlx::query!("delete from scheduled_edits where article_id = $1", id as ArticleId)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into scheduled_edits (article_id, effective_at, based_on, content, kicker, headline, standfirst,
                                      body_html, words, byline, dateline, language, picture_id, picture_alt,
                                      picture_caption, picture_credit, place_id, comments_open, why, correction,
                                      user_id, author)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        id as ArticleId,
        effective_at,
        version,
        Json(Content::of(fields)) as _,
        fields.kicker,
        fields.headline,
        fields.standfirst,
        &fields.body as &CleanHtml,
        save::word_count(&fields.body),
        fields.byline,
        fields.dateline,
        &fields.language as &Language,
        fields.picture_id as Option<MediaId>,
        fields.picture_alt,
        fields.picture_caption,
        fields.picture_credit,
        fields.place_id as Option<PlaceId>,
        fields.comments_open,
        act.why,
        act.correction.as_deref().unwrap_or_default(),
        actor.user as Option<UserId>,
        actor.name,
    )
    .execute(&mut *db)
    .await?;
    let detail =
        json!({ "headline": fields.headline, "over_version": version, "takes_effect": effective_at });
    audit::record(db, actor, act.word, "article", Some(id.0), detail).await?;
    Ok(Ok(()))
}

/// Gives the edit up that waits, or only the one of this number; `false` when there is none.
pub async fn cancel(
    db: &mut PgConnection,
    id: ArticleId,
    only: Option<i64>,
    actor: &Actor,
) -> sqlx::Result<bool> {
    let time = sqlx::query_scalar!(
        "delete from scheduled_edits where article_id = $1 and id = coalesce($2, id) returning effective_at",
        id as ArticleId,
        only
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(time) = time else { return Ok(false) };
    let detail = json!({ "would_take_effect": time });
    audit::record(db, actor, "cancel edit", "article", Some(id.0), detail).await?;
    Ok(true)
}

/// A person has seen what was saved meanwhile, up to `version`, and the edit goes over it all the same. `false`: none
/// is held.
pub async fn confirm(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    actor: &Actor,
) -> sqlx::Result<Result<bool, Stale>> {
    if let Some(stale) = save::claim(&mut *db, id, version).await? {
        return Ok(Err(stale));
    }
    let time = sqlx::query_scalar!(
        "update scheduled_edits set held = false, based_on = $2
         where article_id = $1 and held
         returning effective_at",
        id as ArticleId,
        version
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(time) = time else { return Ok(Ok(false)) };
    audit::record(db, actor, "confirm edit", "article", Some(id.0), json!({ "takes_effect": time })).await?;
    Ok(Ok(true))
}

/// The article was saved as `version`. Where the edit that waits changes nothing that was changed here, it takes both
/// into its time; else it waits for a person.
pub(super) async fn meet(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    theirs: &Content,
    actor: &Actor,
) -> sqlx::Result<()> {
    let Some(edit) = of_article(&mut *db, id).await?.filter(|edit| !edit.held) else { return Ok(()) };
    let is_published = sqlx::query_scalar!(
        r#"select state = 'published' as "is!" from articles where id = $1"#,
        id as ArticleId
    )
    .fetch_one(&mut *db)
    .await?;
    let base = if is_published { revision::content(&mut *db, id, edit.based_on).await? } else { None };
    let Some(base) = base else { return hold(db, id, actor).await };
    let met = together::bring(base, edit.content.0.clone(), theirs.clone()).await;
    match met.body.filter(|_| met.both.is_empty()) {
        Some(body) => go_on(db, &edit, version, &met.content, &body, actor).await,
        None => hold(db, id, actor).await,
    }
}

/// The same edit over a newer version.
async fn go_on(
    db: &mut PgConnection,
    edit: &Edit,
    version: i32,
    content: &Content,
    body: &CleanHtml,
    actor: &Actor,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update scheduled_edits
         set based_on = $2, content = $3, kicker = $4, headline = $5, standfirst = $6, body_html = $7, words = $8,
             byline = $9, dateline = $10, language = $11, picture_id = $12, picture_alt = $13, picture_caption = $14,
             picture_credit = $15, comments_open = $16, place_id = (select id from places where id = $17)
         where id = $1",
        edit.id,
        version,
        Json(content) as _,
        content.kicker,
        content.headline,
        content.standfirst,
        body as &CleanHtml,
        save::word_count(body),
        content.byline,
        content.dateline,
        content.language,
        content.picture,
        content.picture_alt,
        content.picture_caption,
        content.picture_credit,
        content.comments,
        content.place
    )
    .execute(&mut *db)
    .await?;
    let detail =
        json!({ "headline": content.headline, "over_version": version, "takes_effect": edit.effective_at });
    audit::record(db, actor, "bring along edit", "article", Some(edit.article_id.0), detail).await
}

/// Nothing happens until a person has looked; whoever wrote it is told, unless they did this themselves.
pub(super) async fn hold(db: &mut PgConnection, id: ArticleId, actor: &Actor) -> sqlx::Result<()> {
    let held = sqlx::query!(
        r#"update scheduled_edits set held = true where article_id = $1 and not held
           returning id, user_id as "user_id: UserId""#,
        id as ArticleId
    )
    .fetch_optional(&mut *db)
    .await?;
    match held {
        Some(edit) if edit.user_id.is_some() && edit.user_id != actor.user => {
            queue::enqueue(db, &Payload::TellHeld { edit_id: edit.id }).await
        }
        _ => Ok(()),
    }
}

/// What its writer is told of an edit that is held still.
#[derive(Debug)]
pub struct Told {
    pub article_id: ArticleId,
    pub headline: String,
    pub effective_at: DateTime<Utc>,
    pub email: String,
}

pub async fn told(db: impl PgExecutor<'_>, edit: i64) -> sqlx::Result<Option<Told>> {
    sqlx::query_as!(
        Told,
        r#"select e.article_id as "article_id: ArticleId", e.headline, e.effective_at, u.email
           from scheduled_edits e
           join users u on u.id = e.user_id
           where e.id = $1 and e.held and u.disabled_at is null"#,
        edit
    )
    .fetch_optional(db)
    .await
}

/// Makes the edit whose time has come the newest version, in the name of whoever wrote it. The caller has locked
/// the article. Search, tags, section and address follow here; the words were right before. What the schema refuses
/// waits for a person, so that it keeps nobody from the article.
pub(super) async fn fold(db: &mut PgConnection, id: ArticleId) -> sqlx::Result<bool> {
    if !is_due(&mut *db, id).await? {
        return Ok(false);
    }
    // A savepoint: the caller has more to do.
    let mut attempt = db.begin().await?;
    match take_effect(&mut attempt, id).await {
        Ok(folded) => {
            attempt.commit().await?;
            Ok(folded)
        }
        Err(cause) if is_refused(&cause) => {
            attempt.rollback().await?;
            tracing::error!(article = id.0, %cause, "an edit cannot take effect and is held");
            hold(db, id, &Actor::command_line()).await?;
            Ok(false)
        }
        Err(cause) => Err(cause),
    }
}

async fn is_due(db: impl PgExecutor<'_>, id: ArticleId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from scheduled_edits
                          where article_id = $1 and not held and effective_at <= now()) as "due!""#,
        id as ArticleId
    )
    .fetch_one(db)
    .await
}

async fn take_effect(db: &mut PgConnection, id: ArticleId) -> sqlx::Result<bool> {
    let (Some(edit), Some(article)) = (of_article(&mut *db, id).await?, by_id(&mut *db, id).await?) else {
        return Ok(false);
    };
    let Edit { content: Json(content), body, place_id, why, correction, effective_at, .. } = edit;
    let fields = content.fields(&mut *db, &article, place_id, body).await?;
    sqlx::query!("delete from scheduled_edits where id = $1", edit.id).execute(&mut *db).await?;
    let act = Act {
        word: TAKES_EFFECT,
        why,
        correction: Some(correction).filter(|note| !note.is_empty()),
        at: Some(effective_at),
        ..Action::Save.into()
    };
    let actor = Actor { user: edit.user_id, name: edit.author, request_id: String::new() };
    save::write(db, id, &fields, &act, &actor).await?;
    Ok(true)
}

/// What a tag or a picture was that went at this very moment: the next attempt does without it.
const GONE: &str = "23503";

/// Values that cannot be (22) or break a rule of the schema (23): trying again would not help.
fn is_refused(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| (code.starts_with("22") || code.starts_with("23")) && code != GONE)
}

/// Folds one article's edit if its time has come, before its form is shown.
pub async fn settle(pool: &PgPool, id: ArticleId) -> sqlx::Result<()> {
    if is_due(pool, id).await? {
        let mut tx = pool.begin().await?;
        sqlx::query!("select from articles where id = $1 for update", id as ArticleId)
            .fetch_one(&mut *tx)
            .await?;
        fold(&mut tx, id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Folds what is due, each in a transaction of its own; returns how many. May run on several instances at once. One
/// that fails keeps no other from its time.
pub async fn settle_all(pool: &PgPool) -> sqlx::Result<usize> {
    let due = sqlx::query_scalar!(
        r#"select article_id as "id: ArticleId"
           from scheduled_edits
           where not held and effective_at <= now()
           order by effective_at
           limit $1"#,
        STEP
    )
    .fetch_all(pool)
    .await?;
    let mut folded = 0;
    for id in due {
        match settle_free(pool, id).await {
            Ok(done) => folded += usize::from(done),
            Err(cause) => tracing::error!(article = id.0, %cause, "an edit did not take effect yet"),
        }
    }
    Ok(folded)
}

/// Somebody who is saving this article folds it.
async fn settle_free(pool: &PgPool, id: ArticleId) -> sqlx::Result<bool> {
    let mut tx = pool.begin().await?;
    let free = sqlx::query!("select from articles where id = $1 for update skip locked", id as ArticleId)
        .fetch_optional(&mut *tx)
        .await?;
    let folded = free.is_some() && fold(&mut tx, id).await?;
    tx.commit().await?;
    Ok(folded)
}
