//! A large corpus, the same for everyone: `broadsheet demo --articles N`. For measuring, not for reading.

use std::num::NonZero;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::task::{JoinHandle, JoinSet};

use crate::news::article::bulk::{self, Bulk, Row};
use crate::news::author::{self, AuthorId};
use crate::news::origin;
use crate::news::place::{self, PlaceId};
use crate::news::section::{self, SectionId};
use crate::news::tag::{self, TagId};
use crate::text::{CleanHtml, Language, Slug};

/// Articles in one transaction.
const BATCH: u64 = 1_000;
/// Beyond it they only wait for one another.
const MOST_WRITERS: usize = 4;
const ORIGIN: &str = "corpus";
/// The newest article of the corpus, whenever it is made.
const NEWEST: &str = "2026-11-01T06:00:00Z";
/// Minutes from one article to the next older one: some 140 a day, as a large newsroom has.
const EVERY: i64 = 10;

const SUBJECTS: [&str; 24] = [
    "council",
    "ministry",
    "harbour",
    "university",
    "festival",
    "railway",
    "reservoir",
    "museum",
    "market",
    "observatory",
    "hospital",
    "library",
    "orchestra",
    "cooperative",
    "assembly",
    "institute",
    "bridge",
    "district",
    "airport",
    "archive",
    "theatre",
    "shipyard",
    "laboratory",
    "newspaper",
];
const VERBS: [&str; 16] = [
    "opens",
    "reviews",
    "extends",
    "publishes",
    "rebuilds",
    "measures",
    "questions",
    "celebrates",
    "postpones",
    "approves",
    "closes",
    "restores",
    "expands",
    "audits",
    "studies",
    "welcomes",
];
const QUALITIES: [&str; 32] = [
    "northern", "public", "ancient", "coastal", "digital", "regional", "winter", "annual", "quiet", "rural",
    "modern", "electric", "wooden", "shared", "local", "urban", "green", "historic", "early", "open",
    "southern", "small", "distant", "careful", "nightly", "central", "mobile", "solar", "eastern",
    "floating", "narrow", "seasonal",
];
const OBJECTS: [&str; 32] = [
    "budget",
    "timetable",
    "exhibition",
    "survey",
    "harvest",
    "programme",
    "library card",
    "school",
    "ferry line",
    "garden",
    "bicycle path",
    "report",
    "collection",
    "water plan",
    "lighthouse",
    "concert series",
    "workshop",
    "weather station",
    "map",
    "archive",
    "apprenticeship",
    "housing plan",
    "market hall",
    "film season",
    "tide table",
    "census",
    "orchard",
    "tram line",
    "radio service",
    "seed bank",
    "rescue boat",
    "reading room",
];
const PLACES: [&str; 16] = [
    "Arlen",
    "Bremmouth",
    "Cassel Bay",
    "Dorvale",
    "Elmere",
    "Fenwick Hill",
    "Garrow",
    "Hollin",
    "Isker",
    "Jorvane",
    "Kestrel Point",
    "Lorne",
    "Marrow",
    "Nethby",
    "Orrin",
    "Pellan",
];

/// One article in so many comes from a place on the map.
const PLACED: usize = 20;

/// What the corpus hangs on.
#[derive(Clone, Debug)]
struct Frame {
    sections: Vec<SectionId>,
    tags: Vec<TagId>,
    authors: Vec<AuthorId>,
    places: Vec<PlaceId>,
    newest: DateTime<Utc>,
}

/// Brings the corpus up to `wanted` articles and answers how many were added. Run again, it adds only what is
/// missing.
pub async fn load(pool: &PgPool, wanted: u64) -> anyhow::Result<u64> {
    let frame = Arc::new(Frame::make(pool).await?);
    let missing = missing(pool, wanted).await?;
    if missing.is_empty() {
        return Ok(0);
    }
    let added = missing.iter().map(|batch| batch.end - batch.start).sum();
    let bulk = Bulk::begin(pool).await?;
    let missing = Arc::new(Mutex::new(missing));
    let mut writers = JoinSet::new();
    let count = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_WRITERS);
    for _ in 0..count {
        let db = bulk.writer(pool).await?;
        writers.spawn(write(db, Arc::clone(&frame), Arc::clone(&missing)));
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    bulk.end().await?;
    Ok(added)
}

/// The numbers that are missing, in batches. What is there is noted by the first number of its batch.
async fn missing(pool: &PgPool, wanted: u64) -> anyhow::Result<Vec<Range<u64>>> {
    // As programs before this one noted it.
    let counted = origin::find(pool, ORIGIN, "articles", "count").await?.unwrap_or_default();
    let mut batches = Vec::new();
    let mut first = 0;
    while first < wanted {
        let done = origin::find(pool, ORIGIN, "batch", &first.to_string()).await?.unwrap_or_default();
        let from = first.max(u64::try_from(done.max(counted))?);
        let to = wanted.min(first + BATCH);
        if from < to {
            batches.push(from..to);
        }
        first += BATCH;
    }
    batches.reverse();
    Ok(batches)
}

/// A batch on its way.
type Making = JoinHandle<anyhow::Result<Vec<Row>>>;

/// Takes batches until there are none: each is made by a thread while the one before it is written.
async fn write(
    mut db: PgConnection,
    frame: Arc<Frame>,
    missing: Arc<Mutex<Vec<Range<u64>>>>,
) -> anyhow::Result<()> {
    let take = || -> Option<(Range<u64>, Making)> {
        let batch = missing.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        let (frame, numbers) = (Arc::clone(&frame), batch.clone());
        Some((
            batch,
            tokio::task::spawn_blocking(move || numbers.map(|number| row(number, &frame)).collect()),
        ))
    };
    let mut next = take();
    while let Some((batch, making)) = next {
        let rows = making.await??;
        next = take();
        let first = batch.start / BATCH * BATCH;
        let mut transaction = db.begin().await?;
        bulk::insert(&mut transaction, &rows).await?;
        let done = i64::try_from(batch.end)?;
        origin::record(&mut transaction, ORIGIN, "batch", &first.to_string(), done).await?;
        transaction.commit().await?;
    }
    db.close().await?;
    Ok(())
}

impl Frame {
    async fn make(pool: &PgPool) -> anyhow::Result<Self> {
        let mut db = pool.begin().await?;
        let mut sections: Vec<SectionId> =
            section::all(&mut *db).await?.into_iter().map(|section| section.id).collect();
        if sections.is_empty() {
            for name in ["News", "Analysis", "Economy", "Society"] {
                let slug = Slug::of(name).context("a section without a slug")?;
                sections.extend(section::create(&mut db, &slug, name, "").await?);
            }
        }
        let names: Vec<String> = QUALITIES
            .iter()
            .flat_map(|quality| OBJECTS.iter().map(move |object| format!("{quality} {object}")))
            .collect();
        let tags = tag::find_or_create(&mut db, &names).await?;
        let writers: Vec<String> = (0..PLACES.len()).map(writer).collect();
        let authors = author::find_or_create(&mut db, &writers).await?;
        let mut places = Vec::new();
        for (number, name) in (0_u8..).zip(PLACES) {
            let at = (f64::from(number) * 4.0 - 30.0, f64::from(number) * 9.0 - 70.0);
            places.push(place::find_or_create(&mut db, name, Some(at)).await??);
        }
        db.commit().await?;
        Ok(Self { sections, tags, authors, places, newest: NEWEST.parse()? })
    }
}

fn row(number: u64, frame: &Frame) -> anyhow::Result<Row> {
    let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xb5ad_4ece_da1c_e2a9);
    let headline = format!(
        "{} {} {} {} the {} {}",
        PLACES[dice.below(PLACES.len())],
        SUBJECTS[dice.below(SUBJECTS.len())],
        VERBS[dice.below(VERBS.len())],
        number + 1,
        QUALITIES[dice.below(QUALITIES.len())],
        OBJECTS[dice.below(OBJECTS.len())],
    );
    let paragraphs: Vec<String> = (0..6 + dice.below(6))
        .map(|_| format!("<p>{} {} {}</p>", dice.sentence(), dice.sentence(), dice.sentence()))
        .collect();
    let body = CleanHtml::clean(&paragraphs.concat())?;
    let section_id = frame.sections[dice.below(frame.sections.len())];
    let standfirst = dice.sentence();
    let by = dice.below(frame.authors.len());
    let tags = (0..5).map(|_| frame.tags[dice.skewed(frame.tags.len())]).collect();
    let place_id = (dice.below(PLACED) == 0).then(|| frame.places[dice.below(frame.places.len())]);
    Ok(Row {
        section_id,
        kicker: String::new(),
        slug: Slug::of(&headline).context("a headline without a slug")?,
        headline,
        standfirst,
        body_source: body.to_string(),
        body,
        byline: writer(by),
        dateline: String::new(),
        language: Language::default(),
        place_id,
        publish_at: frame.newest - TimeDelta::minutes(EVERY * i64::try_from(number)?),
        tags,
        authors: vec![frame.authors[by]],
    })
}

fn writer(number: usize) -> String {
    format!("Ada {}", PLACES[number])
}

/// SplitMix64: the same numbers on every machine and in every version.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % (limit as u64)).unwrap_or_default()
    }

    /// Small numbers more often, as a few tags are used much and many hardly.
    fn skewed(&mut self, limit: usize) -> usize {
        let first = self.below(limit);
        first.min(self.below(limit)).min(self.below(limit))
    }

    fn sentence(&mut self) -> String {
        format!(
            "The {} {} in {} {} the {} {}, and the {} {} follows after {} days.",
            QUALITIES[self.below(QUALITIES.len())],
            SUBJECTS[self.below(SUBJECTS.len())],
            PLACES[self.below(PLACES.len())],
            VERBS[self.below(VERBS.len())],
            QUALITIES[self.below(QUALITIES.len())],
            OBJECTS[self.below(OBJECTS.len())],
            QUALITIES[self.below(QUALITIES.len())],
            OBJECTS[self.below(OBJECTS.len())],
            2 + self.below(400),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_article() {
        let frame = Frame {
            sections: vec![SectionId(1), SectionId(2)],
            tags: vec![TagId(1), TagId(2), TagId(3)],
            authors: vec![AuthorId(1), AuthorId(2)],
            places: vec![PlaceId(1), PlaceId(2)],
            newest: DateTime::UNIX_EPOCH,
        };
        let make = |number| {
            row(number, &frame)
                .map(|row| (row.headline, row.body.to_string(), row.tags, row.publish_at))
                .map_err(|error| error.to_string())
        };
        assert_eq!(make(41), make(41));
        assert_ne!(make(41), make(42));
    }
}
