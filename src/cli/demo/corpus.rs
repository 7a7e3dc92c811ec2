//! A large corpus, the same for everyone: `broadsheet demo --articles N`. For measuring, not for reading.

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::news::article::bulk::{self, Row};
use crate::news::section::{self, SectionId};
use crate::news::tag::{self, TagId};
use crate::news::{author, origin};
use crate::text::{CleanHtml, Language, Slug};

/// Articles in one transaction.
const BATCH: usize = 250;
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

/// Brings the corpus up to `wanted` articles and answers how many were added. Run again, it adds only what is
/// missing.
pub async fn load(pool: &PgPool, wanted: u64) -> anyhow::Result<u64> {
    let language = Language::default();
    let newest: DateTime<Utc> = NEWEST.parse()?;
    let (sections, tags) = frame(pool).await?;
    let mut made = made_so_far(pool).await?;
    let before = made;
    while made < wanted {
        let batch = u64::try_from(BATCH)?.min(wanted - made);
        let rows: Vec<Row> = (made..made + batch)
            .map(|number| row(number, newest, &sections, &tags))
            .collect::<Result<_, _>>()?;
        let mut transaction = pool.begin().await?;
        bulk::insert(&mut transaction, &language, &rows).await?;
        origin::record(&mut transaction, ORIGIN, "articles", "count", i64::try_from(made + batch)?).await?;
        transaction.commit().await?;
        made += batch;
    }
    Ok(made - before)
}

async fn made_so_far(pool: &PgPool) -> anyhow::Result<u64> {
    let count = origin::find(pool, ORIGIN, "articles", "count").await?.unwrap_or_default();
    Ok(u64::try_from(count)?)
}

/// The sections, tags and authors that the corpus hangs on.
async fn frame(pool: &PgPool) -> anyhow::Result<(Vec<SectionId>, Vec<TagId>)> {
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
    author::find_or_create(&mut db, &writers).await?;
    db.commit().await?;
    Ok((sections, tags))
}

fn row(number: u64, newest: DateTime<Utc>, sections: &[SectionId], tags: &[TagId]) -> anyhow::Result<Row> {
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
    Ok(Row {
        section_id: sections[dice.below(sections.len())],
        slug: Slug::of(&headline).context("a headline without a slug")?,
        headline,
        standfirst: dice.sentence(),
        body: CleanHtml::clean(&paragraphs.concat())?,
        byline: writer(dice.below(PLACES.len())),
        publish_at: newest - TimeDelta::minutes(EVERY * i64::try_from(number)?),
        tags: (0..5).map(|_| tags[dice.skewed(tags.len())]).collect(),
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
        let make = |number| {
            row(number, DateTime::UNIX_EPOCH, &[SectionId(1), SectionId(2)], &[TagId(1), TagId(2), TagId(3)])
                .map(|row| (row.headline, row.body.to_string(), row.tags, row.publish_at))
                .map_err(|error| error.to_string())
        };
        assert_eq!(make(41), make(41));
        assert_ne!(make(41), make(42));
    }
}
