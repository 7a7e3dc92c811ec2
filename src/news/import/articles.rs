//! Articles that come from elsewhere, many at once: sets instead of rows, and all that a save leaves behind but the
//! announcement. They came out when they say, so no feed is flooded with them, and no hub hears of them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgExecutor};

use crate::accounts::UserId;
use crate::news::article::revision::Content;
use crate::news::article::save::Fields;
use crate::news::article::{ArticleId, State};
use crate::news::audit::Actor;
use crate::news::media::MediaId;
use crate::news::section::SectionId;
use crate::news::{author, search, tag};
use crate::text::{CleanHtml, Language, excerpt, names};

/// What the revision calls it.
const WORD: &str = "import";

/// One of a batch.
#[derive(Clone, Debug)]
pub struct New {
    pub fields: Fields,
    pub state: State,
    /// When it was last changed where it comes from.
    pub updated_at: Option<DateTime<Utc>>,
}

/// Writes new articles, with tags, authors, a revision and their place in the search. The ids, in the order of the batch.
pub async fn insert(db: &mut PgConnection, batch: &[New], actor: &Actor) -> sqlx::Result<Vec<ArticleId>> {
    let count = i32::try_from(batch.len()).unwrap_or(i32::MAX);
    let ids = sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence('articles', 'id')) as "id!" from generate_series(1, $1)"#,
        count
    )
    .fetch_all(&mut *db)
    .await?;
    write(db, batch, &ids, actor).await?;
    link(db, batch, &ids).await?;
    record(db, batch, &ids, &vec![1; batch.len()], actor).await?;
    Ok(ids.into_iter().map(ArticleId).collect())
}

/// Writes the next version of one that came from there before. `None`: somebody has edited it here since `version`.
pub async fn update(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    new: &New,
    actor: &Actor,
) -> sqlx::Result<Option<i32>> {
    let fields = &new.fields;
    let next = sqlx::query_scalar!(
        "update articles
         set state = $3, section_id = $4, kicker = $5, headline = $6, standfirst = $7, body_source = $8, body_html = $9,
             body_text = $10, words = $11, byline = $12, dateline = $13, language = $14, picture_alt = $15,
             picture_caption = $16, picture_credit = $17, comments_open = $18,
             publish_at = $19::timestamptz,
             released_at = case when $3 = 'published' then coalesce(released_at, $19::timestamptz) end,
             expire_at = $20, version = version + 1, updated_at = now()
         where id = $1 and version = $2 and trashed_at is null
         returning version",
        id as ArticleId,
        version,
        new.state as State,
        fields.section_id as SectionId,
        fields.kicker,
        fields.headline,
        fields.standfirst,
        fields.body_source,
        &fields.body as &CleanHtml,
        fields.body.text(),
        words(&fields.body),
        fields.byline,
        fields.dateline,
        &fields.language as &Language,
        fields.picture_alt,
        fields.picture_caption,
        fields.picture_credit,
        fields.comments_open,
        fields.publish_at,
        fields.expire_at
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(next) = next else { return Ok(None) };
    sqlx::query!("delete from article_tags where article_id = $1", id as ArticleId).execute(&mut *db).await?;
    sqlx::query!("delete from article_authors where article_id = $1", id as ArticleId)
        .execute(&mut *db)
        .await?;
    link(db, std::slice::from_ref(new), &[id.0]).await?;
    record(db, std::slice::from_ref(new), &[id.0], &[next], actor).await?;
    Ok(Some(next))
}

async fn write(db: &mut PgConnection, batch: &[New], ids: &[i64], actor: &Actor) -> sqlx::Result<()> {
    let texts =
        |of: fn(&Fields) -> String| -> Vec<String> { batch.iter().map(|new| of(&new.fields)).collect() };
    let states: Vec<String> = batch.iter().map(|new| new.state.as_str().to_owned()).collect();
    let sections: Vec<i64> = batch.iter().map(|new| new.fields.section_id.0).collect();
    let plain: Vec<String> = batch.iter().map(|new| new.fields.body.text()).collect();
    let counts: Vec<i32> = batch.iter().map(|new| words(&new.fields.body)).collect();
    let open: Vec<bool> = batch.iter().map(|new| new.fields.comments_open).collect();
    let publish: Vec<Option<DateTime<Utc>>> = batch.iter().map(|new| new.fields.publish_at).collect();
    let expire: Vec<Option<DateTime<Utc>>> = batch.iter().map(|new| new.fields.expire_at).collect();
    let updated: Vec<Option<DateTime<Utc>>> = batch.iter().map(|new| new.updated_at).collect();
    sqlx::query!(
        "insert into articles (id, state, section_id, kicker, headline, slug, standfirst, body_source, body_html,
                               body_text, words, byline, dateline, language, picture_alt, picture_caption,
                               picture_credit, comments_open, publish_at, expire_at, released_at, created_at,
                               updated_at, created_by)
         overriding system value
         select id, state, section_id, kicker, headline, slug, standfirst, body_source, body_html, body_text, words,
                byline, dateline, language, picture_alt, picture_caption, picture_credit, comments_open, publish_at,
                expire_at, case when state = 'published' then publish_at end, least(publish_at, updated, now()),
                least(coalesce(updated, publish_at), now()), $22
         from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::text[], $10::text[], $11::integer[], $12::text[], $13::text[], $14::text[],
                     $15::text[], $16::text[], $17::text[], $18::boolean[], $19::timestamptz[], $20::timestamptz[],
                     $21::timestamptz[])
              as batch(id, state, section_id, kicker, headline, slug, standfirst, body_source, body_html, body_text,
                       words, byline, dateline, language, picture_alt, picture_caption, picture_credit,
                       comments_open, publish_at, expire_at, updated)",
        ids,
        &states,
        &sections,
        &texts(|fields| fields.kicker.clone()),
        &texts(|fields| fields.headline.clone()),
        &texts(|fields| fields.slug.to_string()),
        &texts(|fields| fields.standfirst.clone()),
        &texts(|fields| fields.body_source.clone()),
        &texts(|fields| fields.body.to_string()),
        &plain,
        &counts,
        &texts(|fields| fields.byline.clone()),
        &texts(|fields| fields.dateline.clone()),
        &texts(|fields| fields.language.to_string()),
        &texts(|fields| fields.picture_alt.clone()),
        &texts(|fields| fields.picture_caption.clone()),
        &texts(|fields| fields.picture_credit.clone()),
        &open,
        &publish as _,
        &expire as _,
        &updated as _,
        actor.user as Option<UserId>
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Tags, authors and the search: each name is looked up once for the whole batch.
async fn link(db: &mut PgConnection, batch: &[New], ids: &[i64]) -> sqlx::Result<()> {
    let mut tags: HashMap<String, Option<i64>> = HashMap::new();
    let mut authors: HashMap<String, Option<i64>> = HashMap::new();
    let mut tagged: (Vec<i64>, Vec<i64>, Vec<i16>) = <_>::default();
    let mut written: (Vec<i64>, Vec<i64>, Vec<i16>) = <_>::default();
    for (new, id) in batch.iter().zip(ids) {
        for (position, name) in (1_i16..).zip(&new.fields.tags) {
            let tag = if let Some(tag) = tags.get(name) {
                *tag
            } else {
                let found = tag::find_or_create(&mut *db, std::slice::from_ref(name)).await?;
                *tags.entry(name.clone()).or_insert(found.first().map(|tag| tag.0))
            };
            if let Some(tag) = tag {
                tagged.0.push(tag);
                tagged.1.push(*id);
                tagged.2.push(position);
            }
        }
        for (position, name) in (1_i16..).zip(names::byline(&new.fields.byline)) {
            let author = if let Some(author) = authors.get(&name) {
                *author
            } else {
                let found = author::find_or_create(&mut *db, std::slice::from_ref(&name)).await?;
                *authors.entry(name).or_insert(found.first().map(|author| author.0))
            };
            if let Some(author) = author {
                written.0.push(author);
                written.1.push(*id);
                written.2.push(position);
            }
        }
    }
    sqlx::query!(
        "insert into article_tags (tag_id, publish_at, article_id, position)
         select l.tag, coalesce(a.publish_at, 'infinity'), a.id, l.position
         from unnest($1::bigint[], $2::bigint[], $3::smallint[]) as l(tag, article, position)
         join articles a on a.id = l.article
         on conflict do nothing",
        &tagged.0,
        &tagged.1,
        &tagged.2
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into article_authors (author_id, publish_at, article_id, position)
         select l.author, coalesce(a.publish_at, 'infinity'), a.id, l.position
         from unnest($1::bigint[], $2::bigint[], $3::smallint[]) as l(author, article, position)
         join articles a on a.id = l.article
         on conflict do nothing",
        &written.0,
        &written.1,
        &written.2
    )
    .execute(&mut *db)
    .await?;
    let mut languages: BTreeMap<&str, (&Language, Vec<i64>)> = BTreeMap::new();
    for (new, id) in batch.iter().zip(ids) {
        let language = &new.fields.language;
        languages.entry(language.as_str()).or_insert_with(|| (language, Vec::new())).1.push(*id);
    }
    for (language, ids) in languages.into_values() {
        search::index(&mut *db, &ids, language).await?;
    }
    Ok(())
}

/// A revision of each, so that nothing of it is lost when it is edited here.
async fn record(
    db: &mut PgConnection,
    batch: &[New],
    ids: &[i64],
    versions: &[i32],
    actor: &Actor,
) -> sqlx::Result<()> {
    let contents: Vec<Value> = batch.iter().map(|new| json!(Content::of(&new.fields))).collect();
    sqlx::query!(
        "insert into revisions (article_id, version, action, user_id, content)
         select id, version, $4, $5, content
         from unnest($1::bigint[], $2::integer[], $3::jsonb[]) as batch(id, version, content)",
        ids,
        versions,
        &contents,
        WORD,
        actor.user as Option<UserId>
    )
    .execute(db)
    .await?;
    Ok(())
}

fn words(body: &CleanHtml) -> i32 {
    i32::try_from(excerpt::words(&body.text())).unwrap_or(i32::MAX)
}

/// An article whose pictures and links are to be put in.
#[derive(Debug)]
pub struct Unfinished {
    pub body_source: String,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
}

/// `None`: it is gone, or somebody has edited it since.
pub async fn unfinished(
    db: impl PgExecutor<'_>,
    id: ArticleId,
    version: i32,
) -> sqlx::Result<Option<Unfinished>> {
    sqlx::query_as!(
        Unfinished,
        "select body_source, picture_alt, picture_caption, picture_credit from articles
         where id = $1 and version = $2 and trashed_at is null",
        id as ArticleId,
        version
    )
    .fetch_optional(db)
    .await
}

/// What is put in at the end.
#[derive(Debug)]
pub struct Finish<'a> {
    pub body_source: &'a str,
    pub body: &'a CleanHtml,
    pub picture: Option<MediaId>,
    pub alt: &'a str,
    pub caption: &'a str,
    pub credit: &'a str,
}

/// Puts pictures and links into the version that was written, and into its revision: to everybody they came with it.
/// `false`: somebody has edited it meanwhile.
pub async fn finish(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    finish: &Finish<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query_scalar!(
        r#"update articles
           set body_source = $3, body_html = $4, body_text = $5, words = $6,
               picture_id = coalesce($7, picture_id), picture_alt = $8, picture_caption = $9, picture_credit = $10
           where id = $1 and version = $2 and trashed_at is null
           returning language as "language: Language""#,
        id as ArticleId,
        version,
        finish.body_source,
        finish.body as &CleanHtml,
        finish.body.text(),
        words(finish.body),
        finish.picture as Option<MediaId>,
        finish.alt,
        finish.caption,
        finish.credit
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(language) = done else { return Ok(false) };
    let changes = json!({
        "body": finish.body_source,
        "picture_alt": finish.alt,
        "picture_caption": finish.caption,
        "picture_credit": finish.credit,
    });
    sqlx::query!(
        "update revisions
         set content = content || $3
             || case when $4::bigint is null then '{}'::jsonb else jsonb_build_object('picture', $4::bigint) end
         where article_id = $1 and version = $2",
        id as ArticleId,
        version,
        changes,
        finish.picture as Option<MediaId>
    )
    .execute(&mut *db)
    .await?;
    search::index(db, &[id.0], &language).await?;
    Ok(true)
}
