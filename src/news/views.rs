//! What is read: counted in memory, flushed to hourly sums, ranked into "most viewed".
//!
//! No reader is stored anywhere: a visitor is a hash under a key that lives in this process's memory for a
//! day and is then gone. It only keeps one reader from being counted twice within half an hour.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};

use super::article::{
    ArticleId,
    card::{self, Card},
};

/// A second look within this time is the same read.
const REPEAT: Duration = Duration::from_mins(30);
/// Visitors remembered at once; beyond it the memory starts anew and a repeat may count twice.
const MAX_VISITORS: usize = 200_000;
/// Articles with unflushed counts; beyond it counts are dropped while the database is away.
const MAX_PENDING: usize = 50_000;
/// Places in each list of "most viewed".
const RANKS: i32 = 50;

/// Reads by article.
pub type Counted = HashMap<ArticleId, i64>;

/// The spans of "most viewed": rolling windows, not calendar ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Day,
    Week,
    Month,
}

impl Span {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.as_str() == text)
    }
}

/// Counts reads until they are flushed. One per process; cheap enough to call on every page.
#[derive(Debug)]
pub struct Counter(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    key: [u8; 32],
    key_made: Instant,
    visitors: HashMap<[u8; 16], Instant>,
    pending: Counted,
}

impl Counter {
    /// A counter whose visitor hashes are keyed by `key`, which must be random.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Mutex::new(Counts {
            key,
            key_made: Instant::now(),
            visitors: HashMap::new(),
            pending: HashMap::new(),
        }))
    }

    /// Counts one read of an article unless the same visitor (network and browser) was just counted for it.
    pub fn count(&self, article: ArticleId, network: &[u8], user_agent: &str, now: Instant) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.renew_key(now);
        let visitor = counts.visitor(article, network, user_agent);
        let repeated =
            counts.visitors.get(&visitor).is_some_and(|seen| now.saturating_duration_since(*seen) < REPEAT);
        if repeated {
            return;
        }
        if counts.visitors.len() >= MAX_VISITORS {
            counts.visitors.retain(|_, seen| now.saturating_duration_since(*seen) < REPEAT);
            if counts.visitors.len() >= MAX_VISITORS {
                counts.visitors.clear();
            }
        }
        counts.visitors.insert(visitor, now);
        if counts.pending.len() < MAX_PENDING || counts.pending.contains_key(&article) {
            *counts.pending.entry(article).or_default() += 1;
        }
    }

    /// Takes what was counted since the last time.
    pub fn take(&self) -> Counted {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).pending)
    }

    /// Gives back what could not be flushed.
    pub fn give_back(&self, views: Counted) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (article, count) in views {
            if counts.pending.len() < MAX_PENDING || counts.pending.contains_key(&article) {
                *counts.pending.entry(article).or_default() += count;
            }
        }
    }
}

impl Counts {
    /// Yesterday's hashes cannot be linked to today's.
    fn renew_key(&mut self, now: Instant) {
        if now.saturating_duration_since(self.key_made) >= Duration::from_hours(24) {
            self.key = Sha256::digest(self.key).into();
            self.key_made = now;
            self.visitors.clear();
        }
    }

    fn visitor(&self, article: ArticleId, network: &[u8], user_agent: &str) -> [u8; 16] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(article.0.to_be_bytes());
        hash.update(u64::try_from(network.len()).unwrap_or_default().to_be_bytes());
        hash.update(network);
        hash.update(user_agent.as_bytes());
        let mut visitor = [0; 16];
        visitor.copy_from_slice(&hash.finalize()[..16]);
        visitor
    }
}

/// Adds counts to the sums of the hour of `at`. Articles that are gone by now are passed over.
pub async fn flush(db: impl PgExecutor<'_>, views: &Counted, at: DateTime<Utc>) -> sqlx::Result<()> {
    let (ids, counts): (Vec<i64>, Vec<i64>) = views.iter().map(|(id, count)| (id.0, *count)).unzip();
    let hour = at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    sqlx::query!(
        "insert into view_hours (hour, article_id, views)
         select $1, seen.id, seen.views
         from unnest($2::bigint[], $3::bigint[]) as seen(id, views)
         join articles a on a.id = seen.id
         order by seen.id
         on conflict (hour, article_id) do update set views = view_hours.views + excluded.views",
        hour,
        &ids,
        &counts
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds counts to the sums of a day in the past, as an import or a sample does.
pub async fn book(db: &mut PgConnection, views: &Counted, day: NaiveDate) -> sqlx::Result<()> {
    let (ids, counts): (Vec<i64>, Vec<i64>) = views.iter().map(|(id, count)| (id.0, *count)).unzip();
    sqlx::query!(
        "insert into view_days (day, article_id, views)
         select $1, seen.id, seen.views
         from unnest($2::bigint[], $3::bigint[]) as seen(id, views)
         on conflict (day, article_id) do update set views = view_days.views + excluded.views",
        day,
        &ids,
        &counts
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Rolls the hours of the last two days into days, and forgets hours that no list needs any more.
pub async fn roll_up(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into view_days (day, article_id, views)
         select (hour at time zone 'utc')::date, article_id, sum(views)
         from view_hours
         where hour >= date_trunc('day', now() at time zone 'utc') at time zone 'utc' - interval '1 day'
         group by 1, 2
         on conflict (day, article_id) do update set views = excluded.views"
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from view_hours where hour < now() - interval '3 days'").execute(&mut *db).await?;
    sqlx::query!("delete from view_days where day < (now() - interval '400 days')::date").execute(db).await?;
    Ok(())
}

/// Writes the list of one span anew. The day counts hours; week and month count days and today's hours.
pub async fn rank(db: &mut PgConnection, span: Span) -> sqlx::Result<()> {
    sqlx::query!("delete from most_viewed where span = $1", span.as_str()).execute(&mut *db).await?;
    match span {
        Span::Day => {
            sqlx::query!(
                "insert into most_viewed (span, rank, article_id, views)
                 select 'day', row_number() over (order by sum(h.views) desc, h.article_id desc), h.article_id, sum(h.views)
                 from view_hours h
                 join articles a on a.id = h.article_id and a.state = 'published'
                 where h.hour > now() - interval '24 hours'
                 group by h.article_id
                 order by sum(h.views) desc, h.article_id desc
                 limit $1",
                i64::from(RANKS)
            )
            .execute(db)
            .await?;
        }
        Span::Week | Span::Month => {
            let days = if span == Span::Week { 7 } else { 30 };
            sqlx::query!(
                "insert into most_viewed (span, rank, article_id, views)
                 select $1, row_number() over (order by sum(d.views) desc, d.article_id desc), d.article_id, sum(d.views)
                 from view_days d
                 join articles a on a.id = d.article_id and a.state = 'published'
                 where d.day > (now() at time zone 'utc')::date - $2::integer
                 group by d.article_id
                 order by sum(d.views) desc, d.article_id desc
                 limit $3",
                span.as_str(),
                days,
                i64::from(RANKS)
            )
            .execute(db)
            .await?;
        }
    }
    Ok(())
}

/// The reads of each of the last `count` hours, the oldest first; an hour without any is there too.
pub async fn hours(db: impl PgExecutor<'_>, count: i32) -> sqlx::Result<Vec<(DateTime<Utc>, i64)>> {
    let rows = sqlx::query!(
        r#"select hour as "hour!", coalesce(sum(v.views), 0)::bigint as "reads!"
           from generate_series(date_trunc('hour', now(), 'UTC') - make_interval(hours => $1 - 1),
                                date_trunc('hour', now(), 'UTC'), interval '1 hour') hour
           left join view_hours v using (hour)
           group by hour
           order by hour"#,
        count
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.hour, row.reads)).collect())
}

/// The most viewed visible articles of a span, best first.
pub async fn most_viewed(
    db: impl PgExecutor<'_> + Copy,
    span: Span,
    limit: usize,
) -> sqlx::Result<Vec<Card>> {
    let ids = sqlx::query_scalar!(
        "select article_id from most_viewed where span = $1 order by rank",
        span.as_str()
    )
    .fetch_all(db)
    .await?;
    let mut cards = card::of_ids(db, &ids).await?;
    cards.truncate(limit);
    Ok(cards)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: ArticleId = ArticleId(7);

    #[test]
    fn the_same_visitor_counts_once_in_half_an_hour() {
        let counter = Counter::new([1; 32]);
        let start = Instant::now();
        for minute in [0, 1, 29] {
            counter.count(ARTICLE, b"net", "browser", start + Duration::from_mins(minute));
        }
        assert_eq!(counter.take().get(&ARTICLE), Some(&1));
        counter.count(ARTICLE, b"net", "browser", start + Duration::from_mins(31));
        assert_eq!(counter.take().get(&ARTICLE), Some(&1));
    }

    #[test]
    fn another_network_browser_or_article_counts_anew() {
        let counter = Counter::new([1; 32]);
        let now = Instant::now();
        counter.count(ARTICLE, b"net", "browser", now);
        counter.count(ARTICLE, b"other", "browser", now);
        counter.count(ARTICLE, b"net", "other", now);
        counter.count(ArticleId(8), b"net", "browser", now);
        assert_eq!(counter.take(), HashMap::from([(ARTICLE, 3), (ArticleId(8), 1)]));
    }

    #[test]
    fn counts_that_could_not_be_flushed_are_kept() {
        let counter = Counter::new([1; 32]);
        counter.count(ARTICLE, b"net", "browser", Instant::now());
        let taken = counter.take();
        counter.count(ARTICLE, b"other", "browser", Instant::now());
        counter.give_back(taken);
        assert_eq!(counter.take().get(&ARTICLE), Some(&2));
    }

    #[test]
    fn the_key_changes_after_a_day() {
        let counter = Counter::new([1; 32]);
        let start = Instant::now();
        counter.count(ARTICLE, b"net", "browser", start);
        let before = counter.0.lock().map(|counts| counts.key).unwrap_or_default();
        counter.count(ARTICLE, b"net", "browser", start + Duration::from_hours(24));
        assert_ne!(counter.0.lock().map(|counts| counts.key).unwrap_or_default(), before);
    }
}
