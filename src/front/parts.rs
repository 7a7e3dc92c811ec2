//! The parts of the front page, top to bottom, each with what stands in it. A part with nothing in it is not there.

use std::collections::HashMap;

use crate::news::article::card::Card;
use crate::news::front::board::{Block, BlockId, Kind, Rule};
use crate::news::front::fill::{self, Filled};
use crate::news::front::store::Seen;
use crate::news::gallery::{self, Gallery};
use crate::news::section::Section;
use crate::news::topic::{self, Topic};
use crate::news::views::Span;
use crate::paths;
use crate::web::{App, Result};

pub enum Part {
    /// With the blocks that stand beside it.
    News {
        lead: Box<Card>,
        cards: Vec<Card>,
        rail: Vec<Part>,
    },
    Choice {
        cards: Vec<Card>,
    },
    /// Only the spans in which something was read.
    MostViewed {
        rankings: Vec<Ranking>,
    },
    InFocus {
        topics: Vec<Topic>,
    },
    Map {
        cards: Vec<Card>,
    },
    Sections {
        departments: Vec<Department>,
    },
    /// Only the kinds that there are.
    Gallery {
        albums: Vec<Album>,
    },
    Stories {
        id: BlockId,
        title: String,
        href: Option<String>,
        cards: Vec<Card>,
    },
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

pub async fn load(app: &App, seen: &Seen, sections: &[Section]) -> Result<Vec<Part>> {
    let filled = fill::fill(&app.db, &seen.board, seen.at).await?;
    let mut filled: HashMap<BlockId, Filled> = filled.into_iter().map(|one| (one.block, one)).collect();
    let mut parts: Vec<Part> = Vec::new();
    for block in seen.board.blocks.iter().filter(|block| block.on) {
        let filled = filled.remove(&block.id).map(|filled| (filled.cards, filled.rankings));
        let Some(part) = part(app, seen, block, filled.unwrap_or_default(), sections).await? else {
            continue;
        };
        match (parts.last_mut(), part) {
            // What follows the news at once stands beside it where there is room.
            (Some(Part::News { rail, .. }), part @ (Part::Choice { .. } | Part::MostViewed { .. })) => {
                rail.push(part);
            }
            (_, part) => parts.push(part),
        }
    }
    Ok(parts)
}

async fn part(
    app: &App,
    seen: &Seen,
    block: &Block,
    (mut cards, rankings): (Vec<Card>, Vec<(Span, Vec<Card>)>),
    sections: &[Section],
) -> Result<Option<Part>> {
    Ok(match block.kind {
        Kind::News if cards.is_empty() => None,
        Kind::News => Some(Part::News { lead: Box::new(cards.remove(0)), cards, rail: Vec::new() }),
        Kind::MostViewed => {
            let rankings = rankings.into_iter().map(|(span, cards)| Ranking {
                span: span.as_str(),
                name: span.name(),
                href: paths::most_viewed(span.as_str()),
                cards,
            });
            Some(rankings.collect::<Vec<_>>())
                .filter(|rankings| !rankings.is_empty())
                .map(|rankings| Part::MostViewed { rankings })
        }
        Kind::InFocus => {
            let mut topics = topic::pinned(&app.db).await?;
            topics.truncate(block.size);
            (!topics.is_empty()).then_some(Part::InFocus { topics })
        }
        Kind::Sections => {
            let departments = departments(&cards, block.size, sections);
            (!departments.is_empty()).then_some(Part::Sections { departments })
        }
        Kind::Gallery => {
            let albums = albums(&gallery::newest_of_kinds(&app.db, seen.at, block.size).await?);
            (!albums.is_empty()).then_some(Part::Gallery { albums })
        }
        _ if cards.is_empty() => None,
        Kind::Choice => Some(Part::Choice { cards }),
        Kind::Map => Some(Part::Map { cards }),
        Kind::Stories => {
            let (title, href) = (block.title.clone(), more(block.rule, sections));
            Some(Part::Stories { id: block.id, title, href, cards })
        }
    })
}

/// Where a block of the editors' own goes on.
fn more(rule: Rule, sections: &[Section]) -> Option<String> {
    match rule {
        Rule::Section(id) => sections.iter().find(|section| section.id == id).map(Section::href),
        Rule::MostViewed(span) => Some(paths::most_viewed(span.as_str())),
        _ => None,
    }
}

/// In the order of the menu, sections without a story left out. Stories placed by hand lead their section.
fn departments(cards: &[Card], size: usize, sections: &[Section]) -> Vec<Department> {
    let department = |section: &Section| {
        let mut of_section =
            cards.iter().filter(|card| card.section_slug == section.slug).take(size).cloned();
        let lead = of_section.next()?;
        Some(Department {
            name: section.name.clone(),
            href: section.href(),
            lead,
            cards: of_section.collect(),
        })
    };
    sections.iter().filter_map(department).collect()
}

fn albums(galleries: &[Gallery]) -> Vec<Album> {
    let album = |kind: gallery::Kind| Album {
        kind: kind.as_str(),
        name: kind.name(),
        href: paths::gallery_kind(kind.as_str()),
        galleries: galleries.iter().filter(|gallery| gallery.kind == kind).cloned().collect(),
    };
    gallery::Kind::ALL.into_iter().map(album).filter(|album| !album.galleries.is_empty()).collect()
}
