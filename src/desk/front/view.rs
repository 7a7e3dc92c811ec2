//! What the screen of the board shows: each block with the articles placed in it, whether readers see them and why
//! not, and what its rule finds besides.

use askama::Template;
use chrono::{DateTime, Utc};

use super::blocks::{NewBlock, Settings};
use super::placings::{Change, NewPlacing};
use super::previews::Previews;
use crate::accounts::User;
use crate::desk::Frame;
use crate::desk::when::{When, when};
use crate::news::article::{ArticleId, State as Stage};
use crate::news::front::board::{Block, BlockId, Kind, Placing, PlacingId, Rule};
use crate::news::front::fill::{self, Filled};
use crate::news::front::store::{self, BoardId, Draft, Named};
use crate::news::section::{self, Section};
use crate::news::tag::{self, Tag};
use crate::news::topic::{self, Topic};
use crate::news::views::Span;
use crate::paths;
use crate::text::date;
use crate::web::{App, Errors, Result, Site};

#[derive(Template)]
#[template(path = "desk/front/board.html")]
pub struct View {
    pub frame: Frame,
    /// 409: the form was made of an older version.
    pub stale: bool,
    zone: String,
    version: i32,
    /// Readers see something else than the draft.
    changed: bool,
    updated_at: When,
    updated_by: String,
    /// As the field of a moment holds it.
    now: String,
    rows: Vec<Row>,
    /// Where a placing can go.
    takers: Vec<(BlockId, String)>,
    /// Blocks that the board could have and has not.
    missing: Vec<(String, &'static str)>,
    new_block: NewBlock,
    errors: Errors,
    rules: Rules,
    undo: Option<Undo>,
    pub previews: Previews,
}

/// The board before the one that readers see.
struct Undo {
    id: BoardId,
    at: When,
    by: String,
}

/// What a rule can name.
struct Rules {
    sections: Vec<Section>,
    topics: Vec<Topic>,
    tags: Vec<Tag>,
}

struct Row {
    block: Block,
    slots: Vec<Slot>,
    /// What the rule finds.
    found: Vec<Found>,
    /// "7 stories, the newest of the site"
    summary: String,
    settings: Settings,
    errors: Errors,
    new: NewPlacing,
    new_errors: Errors,
    first: bool,
    last: bool,
}

impl Row {
    /// What the select of the rule shows.
    fn is_rule(&self, rule: &str) -> bool {
        self.settings.rule == rule
    }
}

struct Found {
    id: ArticleId,
    headline: String,
    section: String,
}

struct Slot {
    id: PlacingId,
    article: ArticleId,
    headline: String,
    shown: bool,
    /// Why readers would not see it there now.
    reasons: Vec<String>,
    /// "from 25 Nov 2026, 06:00 until ..."
    span: String,
    change: Change,
    errors: Errors,
    first: bool,
    last: bool,
}

impl Slot {
    fn open(&self) -> bool {
        !self.errors.is_empty()
    }
}

impl View {
    pub async fn load(app: &App, user: &User) -> Result<Self> {
        let draft = store::draft(&app.db).await?;
        let now = store::seen(&app.db, store::Which::Draft, None).await?.at;
        let named = store::named(&app.db, &draft.board.articles()).await?;
        let filled = fill::fill(&app.db, &draft.board, now).await?;
        let tags: Vec<_> = draft
            .board
            .blocks
            .iter()
            .filter_map(|block| match block.rule {
                Rule::Tag(id) => Some(id),
                _ => None,
            })
            .collect();
        let rules = Rules {
            sections: section::all(&app.db).await?,
            topics: topic::all(&app.db).await?,
            tags: if tags.is_empty() { Vec::new() } else { tag::of_ids(&app.db, &tags).await? },
        };
        let undo = store::history(&app.db, 2).await?.into_iter().nth(1).map(|board| Undo {
            id: board.id,
            at: when(board.at, &app.site),
            by: board.by,
        });
        let count = draft.board.blocks.len();
        let rows = draft.board.blocks.iter().enumerate().map(|(at, block)| {
            let filled = filled.iter().find(|filled| filled.block == block.id);
            Row {
                first: at == 0,
                last: at + 1 == count,
                ..row(app, &draft, block, filled, &named, &rules, now)
            }
        });
        let rows: Vec<Row> = rows.collect();
        let takers = draft.board.blocks.iter().filter(|block| block.kind.takes_placings());
        Ok(Self {
            frame: Frame::new(app, user, "Front page").at(paths::desk::FRONT),
            stale: false,
            zone: app.site.timezone.to_string(),
            version: draft.version,
            changed: draft.is_changed(),
            updated_at: when(draft.updated_at, &app.site),
            updated_by: draft.updated_by.clone(),
            now: date::field(now, app.site.timezone),
            takers: takers.map(|block| (block.id, block.name().to_owned())).collect(),
            missing: missing(&draft),
            rows,
            new_block: NewBlock::default(),
            errors: Errors::default(),
            rules,
            undo,
            previews: Previews::load(app).await?,
        })
    }

    /// With what was typed to place an article.
    pub fn with_new(mut self, block: BlockId, new: NewPlacing, errors: Errors) -> Self {
        if let Some(row) = self.rows.iter_mut().find(|row| row.block.id == block) {
            (row.new, row.new_errors) = (new, errors);
        }
        self
    }

    /// With what was typed to change a placing.
    pub fn with_change(mut self, id: PlacingId, change: Change, errors: Errors) -> Self {
        let slot = self.rows.iter_mut().flat_map(|row| &mut row.slots).find(|slot| slot.id == id);
        if let Some(slot) = slot {
            (slot.change, slot.errors) = (change, errors);
        }
        self
    }

    /// With what was typed to change a block.
    pub fn with_settings(mut self, id: BlockId, settings: Settings, errors: Errors) -> Self {
        if let Some(row) = self.rows.iter_mut().find(|row| row.block.id == id) {
            (row.settings, row.errors) = (settings, errors);
        }
        self
    }

    pub fn with_new_block(mut self, new: NewBlock, errors: Errors) -> Self {
        (self.new_block, self.errors) = (new, errors);
        self
    }
}

fn missing(draft: &Draft) -> Vec<(String, &'static str)> {
    let gone = Kind::SINGLE.into_iter().filter(|kind| draft.board.of_kind(*kind).is_none());
    gone.filter_map(|kind| Some((serde_json::to_value(kind).ok()?.as_str()?.to_owned(), kind.name())))
        .collect()
}

fn row(
    app: &App,
    draft: &Draft,
    block: &Block,
    filled: Option<&Filled>,
    named: &[Named],
    rules: &Rules,
    now: DateTime<Utc>,
) -> Row {
    let count = block.placings.len();
    let drawn: Vec<ArticleId> = filled.map_or_else(Vec::new, |filled| {
        filled.cards.iter().take(filled.by_hand).map(|card| card.id).collect()
    });
    let slots = block.placings.iter().enumerate().map(|(at, placing)| {
        let article = named.iter().find(|named| named.id == placing.article);
        let mut slot = slot(&app.site, block, placing, article, now);
        if slot.shown && !drawn.contains(&slot.article) {
            (slot.shown, slot.reasons) = (false, vec!["those before it fill the block".to_owned()]);
        }
        Slot { first: at == 0, last: at + 1 == count, ..slot }
    });
    let found = filled.map(|filled| filled.cards.iter().skip(filled.by_hand)).into_iter().flatten();
    Row {
        slots: slots.collect(),
        found: found
            .map(|card| Found {
                id: card.id,
                headline: card.headline.clone(),
                section: card.section_name.clone(),
            })
            .collect(),
        summary: summary(block, rules),
        settings: settings(block, draft.version, rules),
        errors: Errors::default(),
        new: NewPlacing::default(),
        new_errors: Errors::default(),
        first: false,
        last: false,
        block: block.clone(),
    }
}

fn settings(block: &Block, version: i32, rules: &Rules) -> Settings {
    let tag = match block.rule {
        Rule::Tag(id) => rules.tags.iter().find(|tag| tag.id == id),
        _ => None,
    };
    Settings {
        title: block.title.clone(),
        on: if block.on { "on" } else { "" }.to_owned(),
        size: block.size.to_string(),
        rule: if matches!(block.rule, Rule::Tag(_)) { "tag".to_owned() } else { block.rule.to_string() },
        tag: tag.map(|tag| tag.name.clone()).unwrap_or_default(),
        version: version.to_string(),
    }
}

/// How many, and where from.
fn summary(block: &Block, rules: &Rules) -> String {
    let gone = || "something that is gone".to_owned();
    let from = match (block.kind, block.rule) {
        (Kind::MostViewed, _) => "read most in a day, a week, a month".to_owned(),
        (Kind::InFocus, _) => "pinned topics, in the order of the topics".to_owned(),
        (Kind::Gallery, _) => "newest albums and films".to_owned(),
        (Kind::Sections, _) => "newest of each section, in the order of the menu".to_owned(),
        (Kind::Map, _) => "newest with a place".to_owned(),
        (_, Rule::Hand) => "by hand alone".to_owned(),
        (_, Rule::Latest) => "newest of the site".to_owned(),
        (_, Rule::Section(id)) => {
            let section = rules.sections.iter().find(|section| section.id == id);
            format!("newest of the section {}", section.map_or_else(gone, |section| section.name.clone()))
        }
        (_, Rule::Tag(id)) => {
            let tag = rules.tags.iter().find(|tag| tag.id == id);
            format!("newest with the tag {}", tag.map_or_else(gone, |tag| tag.name.clone()))
        }
        (_, Rule::Topic(id)) => {
            let topic = rules.topics.iter().find(|topic| topic.id == id);
            format!("newest of the topic {}", topic.map_or_else(gone, |topic| topic.title.clone()))
        }
        (_, Rule::MostViewed(Span::Day)) => "read most in a day".to_owned(),
        (_, Rule::MostViewed(Span::Week)) => "read most in a week".to_owned(),
        (_, Rule::MostViewed(Span::Month)) => "read most in a month".to_owned(),
    };
    format!("{}: {}; {from}", block.kind.unit(), block.size)
}

fn slot(site: &Site, block: &Block, placing: &Placing, named: Option<&Named>, now: DateTime<Utc>) -> Slot {
    let field = |at: Option<DateTime<Utc>>| at.map(|at| date::field(at, site.timezone)).unwrap_or_default();
    let reasons = reasons(site, block, placing, named, now);
    Slot {
        id: placing.id,
        article: placing.article,
        headline: named.map_or_else(|| "An article that is gone".to_owned(), |named| named.headline.clone()),
        shown: reasons.is_empty(),
        reasons,
        span: span(site, placing),
        change: Change {
            starts_at: field(placing.starts_at),
            ends_at: field(placing.ends_at),
            block: block.id.to_string(),
            version: String::new(),
        },
        errors: Errors::default(),
        first: false,
        last: false,
    }
}

fn span(site: &Site, placing: &Placing) -> String {
    let text = |at| when(at, site).text;
    match (placing.starts_at, placing.ends_at) {
        (None, None) => String::new(),
        (Some(start), None) => format!("from {}", text(start)),
        (None, Some(end)) => format!("until {}", text(end)),
        (Some(start), Some(end)) => format!("from {} until {}", text(start), text(end)),
    }
}

/// In words for whoever wonders where the article is.
fn reasons(
    site: &Site,
    block: &Block,
    placing: &Placing,
    named: Option<&Named>,
    now: DateTime<Utc>,
) -> Vec<String> {
    let at = |time: Option<DateTime<Utc>>| time.map(|time| when(time, site).text).unwrap_or_default();
    let mut reasons = Vec::new();
    if !block.on {
        reasons.push("the block is off".to_owned());
    }
    if placing.starts_at.is_some_and(|start| start > now) {
        reasons.push(format!("its time here starts {}", at(placing.starts_at)));
    } else if placing.ends_at.is_some_and(|end| end <= now) {
        reasons.push(format!("its time here ended {}", at(placing.ends_at)));
    }
    let Some(named) = named else {
        reasons.push("the article is gone".to_owned());
        return reasons;
    };
    match named.state {
        _ if named.visible => {}
        Stage::Withdrawn => reasons.push("the article is withdrawn".to_owned()),
        Stage::Published if named.publish_at.is_some_and(|time| time > now) => {
            reasons.push(format!("the article is scheduled for {}", at(named.publish_at)));
        }
        Stage::Published => reasons.push("the article has expired".to_owned()),
        Stage::Review => reasons.push("the article waits for an editor".to_owned()),
        Stage::Draft => reasons.push("the article is a draft".to_owned()),
    }
    reasons
}
