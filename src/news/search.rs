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

/// Three best matches stand above the newest when there are at least so many: fewer are seen at a glance.
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

/// Where the matches of a search are looked for. A word that stands in many articles is found among the newest at once,
/// while the index would name hundreds of thousands; one that stands in few is found by the index at once, while a walk
/// would read the whole archive. The planner cannot tell the two apart, because it knows a thousand words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The newest that pass the filters, one after the other.
    Walk,
    /// All that hold the words, by the index.
    Index,
}

/// So many are walked before the index is asked: a word of which the walk does not find a page stands in one of fifty
/// articles at most.
const WALKED: i64 = 1_000;
/// Headlines that are compared with words that were not found.
const COMPARED: i64 = 5_000;
/// The best are looked for among so many matches, the newest.
const RANKED: i64 = 300;

/// The articles that hold the words and pass the filters: `walking!("select …", "order by … limit $11", …)`, out of
/// `f` with `article_id`, `publish_at` and `doc`. Each filter has an index of its own that is in the order of the dates.
macro_rules! walking {
    ($select:tt, $rest:tt, $query:expr, $configs:expr, $before:expr, $limit:expr $(,)?) => {
        asking!(
            r#"with f as materialized (
                   (select article_id, publish_at, doc
                    from article_search
                    where $9::bigint is null and $10::bigint is null
                      and (publish_at, article_id) < ($5, $6) and publish_at >= $7 and publish_at < $8
                    order by publish_at desc, article_id desc
                    limit $12)
                   union all
                   (select article_id, publish_at, doc
                    from article_search
                    where section_id = $9::bigint and $10::bigint is null
                      and (publish_at, article_id) < ($5, $6) and publish_at >= $7 and publish_at < $8
                    order by publish_at desc, article_id desc
                    limit $12)
                   union all
                   (select l.article_id, l.publish_at, x.doc
                    from article_tags l
                    join article_search x on x.article_id = l.article_id
                    where l.tag_id = $10::bigint and ($9::bigint is null or x.section_id = $9)
                      and (l.publish_at, l.article_id) < ($5, $6) and l.publish_at >= $7 and l.publish_at < $8
                    order by l.publish_at desc, l.article_id desc
                    limit $12)
               ) "#,
            $select,
            $rest,
            $query,
            $configs,
            $before,
            $limit
        )
    };
}

/// The same by the index. The dates are no plain columns, so that nobody walks along them.
macro_rules! indexed {
    ($select:tt, $rest:tt, $query:expr, $configs:expr, $before:expr, $limit:expr $(,)?) => {
        asking!(
            r#"with f as (
                   select s.article_id, s.publish_at + interval '0' as publish_at, s.doc
                   from article_search s
                   where (s.publish_at + interval '0', s.article_id) < ($5, $6)
                     and s.publish_at + interval '0' >= $7 and s.publish_at + interval '0' < $8
                     and ($9::bigint is null or s.section_id = $9)
                     and ($10::bigint is null
                          or exists (select from article_tags l
                                     where l.article_id = s.article_id and l.tag_id = $10))
                     and $12::bigint > 0
               ) "#,
            $select,
            $rest,
            $query,
            $configs,
            $before,
            $limit
        )
    };
}

macro_rules! asking {
    ($with:tt, $select:tt, $rest:tt, $query:expr, $configs:expr, $before:expr, $limit:expr) => {
        sqlx::query_as!(
            Found,
            $with
                + $select
                + r#" from f
                      join articles a on a.id = f.article_id
                      where f.doc @@ (websearch_to_tsquery($1::text::regconfig, $4)
                                      || websearch_to_tsquery($2::text::regconfig, $4)
                                      || websearch_to_tsquery($3::text::regconfig, $4))
                        and a.state = 'published' and a.publish_at <= now()
                        and (a.expire_at is null or a.expire_at > now()) "#
                + $rest,
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
            $limit,
            WALKED
        )
    };
}

/// An article that holds the words.
#[derive(Clone, Copy, Debug)]
struct Found {
    id: i64,
    at: DateTime<Utc>,
    /// How many the walk has seen.
    walked: i64,
}

impl Found {
    fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id }
    }
}

/// The newest articles that hold the words, a page of them; on the first page the best of them as well.
pub async fn find(
    db: &mut PgConnection,
    query: &Query,
    language: &Language,
    before: Cursor,
) -> sqlx::Result<Results> {
    let configs = configs(&query.words, language);
    let (found, way) = newest(&mut *db, query, &configs, before, PAGE).await?;
    let (found, next) = cursor::page(found, PAGE, Found::cursor);
    let is_first = before == Cursor::START;
    if found.is_empty() && is_first {
        let cards = alike(&mut *db, query).await?;
        let approximate = !cards.is_empty();
        let hits = cards.into_iter().map(|card| Hit { excerpt: plain(&card.standfirst), card }).collect();
        return Ok(Results { hits, approximate, ..Results::default() });
    }
    let is_ranked = is_first && found.len() >= WORTH_RANKING;
    let best = if is_ranked { best(db, query, &configs, way).await? } else { Vec::new() };
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
    let (found, _) = newest(&mut *db, query, &configs(&query.words, language), before, size).await?;
    let (found, next) = cursor::page(found, size, Found::cursor);
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    Ok(Listing { cards: card::of_ids(db, &ids).await?, next })
}

/// One more than a page of the newest matches, and how they were found.
async fn newest(
    db: &mut PgConnection,
    query: &Query,
    configs: &[&'static str; 3],
    before: Cursor,
    size: usize,
) -> sqlx::Result<(Vec<Found>, Way)> {
    let wanted = i64::try_from(size).unwrap_or(20) + 1;
    let mut found = walking!(
        r#", seen as (select count(*) as walked from f)
           select coalesce(m.id, 0) as "id!", coalesce(m.at, now()) as "at!", seen.walked as "walked!"
           from seen left join lateral (
               select f.article_id as id, f.publish_at as at"#,
        "order by f.publish_at desc, f.article_id desc limit $11) m on true order by m.at desc, m.id desc",
        query,
        configs,
        before,
        wanted,
    )
    .fetch_all(&mut *db)
    .await?;
    let walked = found.first().map_or(0, |row| row.walked);
    found.retain(|row| row.id > 0);
    // A page, or everything there is.
    if i64::try_from(found.len()).is_ok_and(|count| count == wanted) || walked < WALKED {
        return Ok((found, Way::Walk));
    }
    let found = indexed!(
        r#"select f.article_id as "id!", f.publish_at as "at!", 0::bigint as "walked!""#,
        "order by f.publish_at desc, f.article_id desc limit $11",
        query,
        configs,
        before,
        wanted,
    )
    .fetch_all(db)
    .await?;
    Ok((found, Way::Index))
}

/// The best of the newest matches: a word in the headline counts for more than one in a tag or the standfirst, and
/// that for more than one in the text.
async fn best(
    db: &mut PgConnection,
    query: &Query,
    configs: &[&'static str; 3],
    way: Way,
) -> sqlx::Result<Vec<i64>> {
    macro_rules! ranked {
        ($way:ident) => {
            $way!(
                r#"select near.article_id as "id!", near.publish_at as "at!", 0::bigint as "walked!"
                   from (select f.article_id, f.publish_at, f.doc"#,
                "order by f.publish_at desc, f.article_id desc limit $11) near
                 order by ts_rank('{0.05, 0.1, 0.4, 1.0}', near.doc,
                                  websearch_to_tsquery($1::text::regconfig, $4)
                                  || websearch_to_tsquery($2::text::regconfig, $4)
                                  || websearch_to_tsquery($3::text::regconfig, $4)) desc,
                          near.publish_at desc, near.article_id desc
                 limit 3",
                query,
                configs,
                Cursor::START,
                RANKED,
            )
            .fetch_all(db)
            .await?
        };
    }
    let rows = match way {
        Way::Walk => ranked!(walking),
        Way::Index => ranked!(indexed),
    };
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

/// Headlines that look like the words: a fallback for slips of the pen. The newest are compared, because letters in
/// groups of three are in all of them, and an index of those names half the archive.
async fn alike(db: impl PgExecutor<'_>, query: &Query) -> sqlx::Result<Vec<Card>> {
    if query.words.chars().filter(|c| c.is_alphanumeric()).count() < 4 {
        return Ok(Vec::new());
    }
    cards!(
        "and a.id in (
             select near.id
             from (select n.id, n.headline
                   from articles n
                   where n.state = 'published' and n.publish_at <= now()
                     and ($2::bigint is null or n.section_id = $2)
                     and ($3::bigint is null
                          or exists (select from article_tags l where l.article_id = n.id and l.tag_id = $3))
                     and ($4::timestamptz is null or n.publish_at >= $4) and ($5::timestamptz is null or n.publish_at < $5)
                   order by n.publish_at desc, n.id desc
                   limit $6) near
             where lower($1) <% lower(near.headline)
         )
         order by word_similarity(lower($1), lower(a.headline)) desc, a.publish_at desc, a.id desc
         limit 10",
        query.words,
        query.section as Option<SectionId>,
        query.tag as Option<TagId>,
        query.from,
        query.to,
        COMPARED
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
