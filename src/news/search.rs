//! Full-text search over headline, standfirst, tags and body, with weights and the article's own dictionary.
//!
//! Matches are listed newest first, with the best of the newest few hundred above them, so that a common word costs no
//! more than a rare one.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::{
    article::{
        ArticleId,
        card::{self, Card, Listing, PAGE, cards},
    },
    media::Rendition,
    section::SectionId,
    tag::TagId,
};
use crate::text::{
    Cursor, Language, Slug, cursor,
    excerpt::{self, MARK_END, MARK_START, Stretch},
};

/// Letters of a search; longer ones are cut.
pub const MAX_WORDS: usize = 200;

/// So many best matches stand above the newest ...
const BEST: i64 = 3;
/// ... when there are at least so many matches: fewer are seen at a glance.
const WORTH_RANKING: usize = 6;

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub words: String,
    pub section: Option<SectionId>,
    pub tag: Option<TagId>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// One hit: the article, and where the words stand in it.
#[derive(Clone, Debug)]
pub struct Hit {
    pub card: Card,
    pub excerpt: Vec<Stretch>,
}

#[derive(Debug, Default)]
pub struct Results {
    /// On the first page of a longer list: those that fit the words best.
    pub best: Vec<Hit>,
    /// The newest first.
    pub hits: Vec<Hit>,
    pub next: Option<Cursor>,
    /// Nothing held the words as they were typed; these headlines look like them.
    pub approximate: bool,
}

/// The articles that hold the words and pass the filters: `holding!("select …", "order by … limit $11", …)`.
macro_rules! holding {
    ($select:tt, $order:tt, $query:expr, $configs:expr, $before:expr, $limit:expr $(,)?) => {
        sqlx::query!(
            $select
                + r#" from article_search f
                      join articles a on a.id = f.article_id
                      where f.doc @@ (websearch_to_tsquery($1::text::regconfig, $4)
                                      || websearch_to_tsquery($2::text::regconfig, $4)
                                      || websearch_to_tsquery($3::text::regconfig, $4))
                        and (f.publish_at, f.article_id) < ($5, $6)
                        and f.publish_at >= $7 and f.publish_at < $8
                        and ($9::bigint is null or f.section_id = $9)
                        and ($10::bigint is null
                             or exists (select from article_tags l
                                        where l.article_id = f.article_id and l.tag_id = $10))
                        and a.state = 'published' and a.publish_at <= now()
                        and (a.expire_at is null or a.expire_at > now()) "#
                + $order,
            $configs[0],
            $configs[1],
            $configs[2],
            $query.words,
            $before.at,
            $before.id,
            $query.from.unwrap_or(DateTime::UNIX_EPOCH - chrono::TimeDelta::days(36_500)),
            $query.to.unwrap_or(Cursor::START.at),
            $query.section as Option<SectionId>,
            $query.tag as Option<TagId>,
            $limit
        )
    };
}

/// The newest articles that hold the words, a page of them; on the first page the best of them as well.
pub async fn find(
    db: &mut PgConnection,
    query: &Query,
    language: &Language,
    before: Cursor,
) -> sqlx::Result<Results> {
    let configs = configs(&query.words, language);
    let found = holding!(
        r#"select f.article_id as "id!", f.publish_at as "publish_at!""#,
        "order by f.publish_at desc, f.article_id desc limit $11",
        query,
        configs,
        before,
        i64::try_from(PAGE).unwrap_or(20) + 1,
    )
    .fetch_all(&mut *db)
    .await?;
    let (found, next) = cursor::page(found, PAGE, |row| Cursor { at: row.publish_at, id: row.id });
    let is_first = before == Cursor::START;
    if found.is_empty() && is_first {
        let cards = alike(&mut *db, query).await?;
        let approximate = !cards.is_empty();
        let hits = cards.into_iter().map(|card| Hit { excerpt: plain(&card.standfirst), card }).collect();
        return Ok(Results { hits, approximate, ..Results::default() });
    }
    let is_ranked = is_first && found.len() >= WORTH_RANKING;
    let best = if is_ranked { best(db, query, &configs).await? } else { Vec::new() };
    let newest: Vec<i64> = found.iter().map(|row| row.id).collect();
    let all = hits(db, &[best.as_slice(), &newest].concat(), &query.words, &configs).await?;
    let of = |ids: &[i64]| {
        ids.iter().filter_map(|id| all.iter().find(|hit| hit.card.id.0 == *id).cloned()).collect()
    };
    Ok(Results { best: of(&best), hits: of(&newest), next, approximate: false })
}

/// The newest articles that hold the words, for a feed: no best ones, no likenesses, no words around what was found.
pub async fn listing(
    db: &mut PgConnection,
    query: &Query,
    language: &Language,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let found = holding!(
        r#"select f.article_id as "id!", f.publish_at as "publish_at!""#,
        "order by f.publish_at desc, f.article_id desc limit $11",
        query,
        configs(&query.words, language),
        before,
        i64::try_from(size).unwrap_or(20) + 1,
    )
    .fetch_all(&mut *db)
    .await?;
    let (found, next) = cursor::page(found, size, |row| Cursor { at: row.publish_at, id: row.id });
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    Ok(Listing { cards: card::of_ids(db, &ids).await?, next })
}

/// The best of the newest matches: a word in the headline counts for more than one in a tag or the standfirst, and
/// that for more than one in the text.
async fn best(db: &mut PgConnection, query: &Query, configs: &[&'static str; 3]) -> sqlx::Result<Vec<i64>> {
    let rows = holding!(
        r#"select near.article_id as "id!" from (select f.article_id, f.publish_at, f.doc"#,
        "order by f.publish_at desc, f.article_id desc limit 500) near
         order by ts_rank('{0.05, 0.1, 0.4, 1.0}', near.doc,
                          websearch_to_tsquery($1::text::regconfig, $4) || websearch_to_tsquery($2::text::regconfig, $4)
                          || websearch_to_tsquery($3::text::regconfig, $4)) desc,
                  near.publish_at desc, near.article_id desc
         limit $11",
        query,
        configs,
        Cursor::START,
        BEST,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The articles of these ids, with the words around what was found.
async fn hits(
    db: &mut PgConnection,
    ids: &[i64],
    words: &str,
    configs: &[&'static str; 3],
) -> sqlx::Result<Vec<Hit>> {
    let excerpts = excerpts(&mut *db, ids, words, configs).await?;
    let cards = card::of_ids(db, ids).await?;
    let hit = |card: Card| {
        let marked = excerpts.iter().find(|(id, _)| *id == card.id).map_or("", |(_, text)| text.as_str());
        let excerpt = if marked.is_empty() { plain(&card.standfirst) } else { excerpt::stretches(marked) };
        Hit { card, excerpt }
    };
    Ok(cards.into_iter().map(hit).collect())
}

/// The words around what was found, from the plain text of standfirst and body, marked with characters that no
/// text holds: `ts_headline` itself promises nothing about HTML.
async fn excerpts(
    db: impl PgExecutor<'_>,
    ids: &[i64],
    words: &str,
    configs: &[&'static str; 3],
) -> sqlx::Result<Vec<(ArticleId, String)>> {
    let options = format!(
        "StartSel={MARK_START}, StopSel={MARK_END}, MaxFragments=2, MaxWords=24, MinWords=10, FragmentDelimiter=\" … \""
    );
    let rows = sqlx::query!(
        r#"select a.id as "id: ArticleId",
                  ts_headline($2::text::regconfig,
                              translate(a.standfirst || ' ' || left(a.body_text, 50000), $6, ''),
                              websearch_to_tsquery($2::text::regconfig, $5)
                              || websearch_to_tsquery($3::text::regconfig, $5)
                              || websearch_to_tsquery($4::text::regconfig, $5),
                              $7) as "excerpt!"
           from articles a
           where a.id = any($1)"#,
        ids,
        configs[0],
        configs[1],
        configs[2],
        words,
        format!("{MARK_START}{MARK_END}"),
        options
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.excerpt)).collect())
}

/// Headlines that look like the words: a fallback for slips of the pen.
async fn alike(db: impl PgExecutor<'_>, query: &Query) -> sqlx::Result<Vec<Card>> {
    if query.words.chars().filter(|c| c.is_alphanumeric()).count() < 4 {
        return Ok(Vec::new());
    }
    cards!(
        "and lower($1) <% lower(a.headline)
         and ($2::bigint is null or a.section_id = $2)
         and ($3::bigint is null or exists (select from article_tags l where l.article_id = a.id and l.tag_id = $3))
         and ($4::timestamptz is null or a.publish_at >= $4) and ($5::timestamptz is null or a.publish_at < $5)
         order by word_similarity(lower($1), lower(a.headline)) desc, a.publish_at desc, a.id desc
         limit 10",
        query.words,
        query.section as Option<SectionId>,
        query.tag as Option<TagId>,
        query.from,
        query.to
    )
    .fetch_all(db)
    .await
}

/// Puts articles of one language into the search, or takes them out while readers may not see them. Part of every
/// save.
pub(super) async fn index(db: &mut PgConnection, ids: &[i64], language: &Language) -> sqlx::Result<()> {
    sqlx::query!("delete from article_search where article_id = any($1)", ids).execute(&mut *db).await?;
    enter(db, ids, language).await
}

/// The same for articles that are not in it yet.
pub(super) async fn enter(db: &mut PgConnection, ids: &[i64], language: &Language) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into article_search (article_id, publish_at, section_id, doc)
         select a.id, a.publish_at, a.section_id,
                setweight(to_tsvector($2::text::regconfig, a.headline), 'A')
                || setweight(to_tsvector('simple', a.headline), 'A')
                || setweight(to_tsvector('simple', coalesce((select string_agg(t.name, ' ')
                                                             from article_tags l join tags t on t.id = l.tag_id
                                                             where l.article_id = a.id), '')), 'B')
                || setweight(to_tsvector($2::text::regconfig, a.kicker || ' ' || a.standfirst), 'B')
                || setweight(to_tsvector($2::text::regconfig, left(a.body_text, 500000)), 'D')
         from articles a
         where a.id = any($1) and a.state = 'published'",
        ids,
        language.search_config()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The dictionaries that a search uses: the site's, the one of the script it is written in, and none.
fn configs(words: &str, language: &Language) -> [&'static str; 3] {
    let by_script = words
        .chars()
        .find_map(|c| match c {
            '\u{370}'..='\u{3ff}' => Some("greek"),
            '\u{400}'..='\u{4ff}' => Some("russian"),
            '\u{530}'..='\u{58f}' => Some("armenian"),
            '\u{600}'..='\u{6ff}' => Some("arabic"),
            '\u{900}'..='\u{97f}' => Some("hindi"),
            '\u{b80}'..='\u{bff}' => Some("tamil"),
            _ => None,
        })
        .unwrap_or("simple");
    [language.search_config(), by_script, "simple"]
}

fn plain(text: &str) -> Vec<Stretch> {
    vec![Stretch { found: false, text: text.to_owned() }]
}
