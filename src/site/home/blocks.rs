//! The blocks of the front page and what stands in them. A story stands in one block only; what editors chose
//! and what is read most are views of their own and may repeat one.

use crate::news::article::card::{self, Card};
use crate::news::gallery::{self, Gallery, Kind};
use crate::news::topic::{self, Topic};
use crate::news::views::{self, Span};
use crate::news::{front, section};
use crate::paths;
use crate::text::Cursor;
use crate::web::{App, Result};

/// The lead and two rows of three below it.
const NEWS: usize = 7;
const CHOSEN: i64 = 5;
const MOST_VIEWED: usize = 5;
const PLACED: usize = 4;
const OF_SECTION: i64 = 4;
/// One row.
const GALLERIES: usize = 4;

pub struct Blocks {
    pub lead: Option<Card>,
    pub news: Vec<Card>,
    pub chosen: Vec<Card>,
    /// Only the spans in which something was read.
    pub most_viewed: Vec<Ranking>,
    pub topics: Vec<Topic>,
    pub placed: Vec<Card>,
    pub sections: Vec<Department>,
    /// Only the kinds that there are.
    pub galleries: Vec<Album>,
}

/// One tab of "most viewed".
pub struct Ranking {
    pub span: &'static str,
    pub name: &'static str,
    pub href: String,
    pub cards: Vec<Card>,
}

/// The latest of one section.
pub struct Department {
    pub name: String,
    pub href: String,
    pub lead: Card,
    pub cards: Vec<Card>,
}

/// One tab of the gallery.
pub struct Album {
    pub kind: &'static str,
    pub name: &'static str,
    pub href: String,
    pub galleries: Vec<Gallery>,
}

impl Blocks {
    pub async fn load(app: &App) -> Result<Self> {
        let db = &app.db;
        let mut shown: Vec<i64> = Vec::new();
        let mut news = card::latest(db, Cursor::START, NEWS).await?.cards;
        shown.extend(news.iter().map(|card| card.id.0));
        let lead = (!news.is_empty()).then(|| news.remove(0));
        let placed = card::placed(db, &shown, Cursor::START, PLACED).await?.cards;
        shown.extend(placed.iter().map(|card| card.id.0));
        Ok(Self {
            chosen: front::editors_choice(db, CHOSEN).await?,
            most_viewed: rankings(app).await?,
            topics: topic::pinned(db).await?,
            sections: departments(app, &shown).await?,
            galleries: albums(app).await?,
            lead,
            news,
            placed,
        })
    }

    pub fn has_rail(&self) -> bool {
        !(self.chosen.is_empty() && self.most_viewed.is_empty())
    }

    pub fn is_empty(&self) -> bool {
        self.lead.is_none() && self.topics.is_empty() && self.galleries.is_empty()
    }
}

async fn rankings(app: &App) -> Result<Vec<Ranking>> {
    let mut rankings = Vec::new();
    for span in Span::ALL {
        let cards = views::most_viewed(&app.db, span, MOST_VIEWED).await?;
        if !cards.is_empty() {
            let href = paths::most_viewed(span.as_str());
            rankings.push(Ranking { span: span.as_str(), name: span.name(), href, cards });
        }
    }
    Ok(rankings)
}

/// In the order of the menu, sections without a story left out.
async fn departments(app: &App, shown: &[i64]) -> Result<Vec<Department>> {
    let cards = card::latest_of_sections(&app.db, shown, OF_SECTION).await?;
    let mut departments: Vec<Department> = Vec::new();
    let sections = section::all(&app.db).await?;
    for section in sections {
        let mut of_section = cards.iter().filter(|card| card.section_slug == section.slug).cloned();
        if let Some(lead) = of_section.next() {
            let href = section.href();
            departments.push(Department { name: section.name, href, lead, cards: of_section.collect() });
        }
    }
    Ok(departments)
}

async fn albums(app: &App) -> Result<Vec<Album>> {
    let mut albums = Vec::new();
    for kind in Kind::ALL {
        let (galleries, _) = gallery::latest(&app.db, Some(kind), Cursor::START, GALLERIES).await?;
        if !galleries.is_empty() {
            let href = paths::gallery_kind(kind.as_str());
            albums.push(Album { kind: kind.as_str(), name: kind.name(), href, galleries });
        }
    }
    Ok(albums)
}
