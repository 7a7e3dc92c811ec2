//! The board: blocks in order, each with a number of items, a rule, and the articles placed in it by hand. Pure
//! data and the changes that editors make to it; `store` keeps it as one document.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::news::article::ArticleId;
use crate::news::section::SectionId;
use crate::news::tag::TagId;
use crate::news::topic::TopicId;
use crate::news::views::Span;

id!(BlockId);
id!(PlacingId);

/// No page is longer, and no block: what a form sends beyond it is refused.
pub const MOST_BLOCKS: usize = 40;
pub const MOST_PLACINGS: usize = 60;
/// Letters of the title of a block.
pub const MAX_TITLE: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub id: BlockId,
    pub kind: Kind,
    /// Of a block of the editors' own; the others are called by their kind.
    #[serde(default)]
    pub title: String,
    pub on: bool,
    /// How many items it shows.
    pub size: usize,
    /// What fills the places that nobody filled by hand.
    pub rule: Rule,
    pub placings: Vec<Placing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The lead and the rows below it.
    News,
    Choice,
    MostViewed,
    InFocus,
    Map,
    /// The latest of each section.
    Sections,
    Gallery,
    /// A block of the editors' own, with a title.
    Stories,
}

/// An article that an editor put there, from then until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placing {
    pub id: PlacingId,
    pub article: ArticleId,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum Rule {
    /// By hand alone.
    Hand,
    Latest,
    Section(SectionId),
    Tag(TagId),
    Topic(TopicId),
    MostViewed(Span),
}

/// Where a placing or a block goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<T> {
    Up,
    Down,
    /// Before that one, or behind all.
    Before(Option<T>),
}

/// From a start to an end, either of which may be open.
pub type Times = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl Kind {
    /// Those that a board has once at most; the board that brings one of them back lost it before.
    pub const SINGLE: [Self; 7] =
        [Self::News, Self::Choice, Self::MostViewed, Self::InFocus, Self::Map, Self::Sections, Self::Gallery];

    pub fn name(self) -> &'static str {
        match self {
            Self::News => "News",
            Self::Choice => "Editor's choice",
            Self::MostViewed => "Most viewed",
            Self::InFocus => "In focus",
            Self::Map => "Map",
            Self::Sections => "Latest of each section",
            Self::Gallery => "Gallery",
            Self::Stories => "Stories",
        }
    }

    /// Articles can be put into it by hand.
    pub fn takes_placings(self) -> bool {
        !matches!(self, Self::MostViewed | Self::InFocus | Self::Gallery)
    }

    /// The editor chooses what fills it.
    pub fn takes_rule(self) -> bool {
        matches!(self, Self::News | Self::Choice | Self::Stories)
    }

    /// What is counted in `size`.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Sections => "Stories of each section",
            Self::InFocus => "Topics",
            Self::Gallery => "Galleries of each kind",
            _ => "Stories",
        }
    }

    pub fn most(self) -> usize {
        match self {
            Self::Sections | Self::Gallery => 8,
            Self::MostViewed => 10,
            _ => 24,
        }
    }
}

impl Block {
    /// This article can be placed in it: it takes placings, has room, and does not hold it yet.
    pub fn takes(&self, article: ArticleId) -> bool {
        self.kind.takes_placings()
            && self.placings.len() < MOST_PLACINGS
            && self.placings.iter().all(|placing| placing.article != article)
    }

    /// It takes this article, or holds it already.
    pub fn has_room_for(&self, article: ArticleId) -> bool {
        self.takes(article) || self.placings.iter().any(|placing| placing.article == article)
    }

    pub fn name(&self) -> &str {
        if self.title.is_empty() { self.kind.name() } else { &self.title }
    }
}

impl Placing {
    /// At this moment: the start counts, the end does not.
    pub fn is_in_force(&self, at: DateTime<Utc>) -> bool {
        self.starts_at.is_none_or(|start| start <= at) && self.ends_at.is_none_or(|end| at < end)
    }
}

impl Board {
    /// The page as it is where nobody has arranged anything; the migration of boards wrote the same.
    pub fn first() -> Self {
        let mut board = Self::default();
        for (kind, size, rule) in [
            (Kind::News, 7, Rule::Latest),
            (Kind::Choice, 5, Rule::Hand),
            (Kind::MostViewed, 5, Rule::Hand),
            (Kind::InFocus, 24, Rule::Hand),
            (Kind::Map, 4, Rule::Latest),
            (Kind::Sections, 4, Rule::Latest),
            (Kind::Gallery, 4, Rule::Hand),
        ] {
            let id = BlockId(i64::try_from(board.blocks.len()).unwrap_or_default() + 1);
            let (title, placings) = (String::new(), Vec::new());
            board.blocks.push(Block { id, kind, title, on: true, size, rule, placings });
        }
        board
    }

    pub fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.iter().find(|block| block.id == id)
    }

    pub fn block_mut(&mut self, id: BlockId) -> Option<&mut Block> {
        self.blocks.iter_mut().find(|block| block.id == id)
    }

    pub fn of_kind(&self, kind: Kind) -> Option<&Block> {
        self.blocks.iter().find(|block| block.kind == kind)
    }

    pub fn placing(&self, id: PlacingId) -> Option<(&Block, &Placing)> {
        let found = |block| placings(block).iter().find(|placing| placing.id == id);
        self.blocks.iter().find_map(|block| Some((block, found(block)?)))
    }

    /// All articles placed by hand, whenever.
    pub fn articles(&self) -> Vec<ArticleId> {
        self.blocks.iter().flat_map(placings).map(|placing| placing.article).collect()
    }

    /// Puts an article behind those that stand in the block by hand. One that stands in it already gets the new
    /// times where it is. `None`: there is no such block, it takes none, or it is full.
    pub fn place(
        &mut self,
        block: BlockId,
        article: ArticleId,
        (starts_at, ends_at): Times,
    ) -> Option<PlacingId> {
        let id = PlacingId(self.next_id());
        let block = self.block_mut(block).filter(|block| block.kind.takes_placings())?;
        if let Some(there) = block.placings.iter_mut().find(|placing| placing.article == article) {
            (there.starts_at, there.ends_at) = (starts_at, ends_at);
            return Some(there.id);
        }
        (block.placings.len() < MOST_PLACINGS).then(|| {
            block.placings.push(Placing { id, article, starts_at, ends_at });
            id
        })
    }

    /// Changes the times of a placing. `None`: it is not on the board.
    pub fn time(&mut self, id: PlacingId, (starts_at, ends_at): Times) -> Option<()> {
        let placing =
            self.blocks.iter_mut().flat_map(|block| &mut block.placings).find(|one| one.id == id)?;
        (placing.starts_at, placing.ends_at) = (starts_at, ends_at);
        Some(())
    }

    /// Takes a placing off the board; the article itself stays as it is.
    pub fn remove(&mut self, id: PlacingId) -> Option<Placing> {
        let (block, at) = self.blocks.iter_mut().find_map(|block| {
            let at = block.placings.iter().position(|placing| placing.id == id)?;
            Some((block, at))
        })?;
        Some(block.placings.remove(at))
    }

    /// Moves a placing: within its block by a step, or into a block at a place. `None`: one of them is not there.
    pub fn shift(&mut self, id: PlacingId, into: Option<BlockId>, step: Step<PlacingId>) -> Option<()> {
        let home = self.placing(id)?.0.id;
        let into = into.unwrap_or(home);
        if into != home {
            let article = self.placing(id)?.1.article;
            self.block(into).filter(|block| block.takes(article))?;
            let placing = self.remove(id)?;
            self.block_mut(into)?.placings.push(placing);
        }
        shift(&mut self.block_mut(into)?.placings, |placing| placing.id, id, step)
    }

    pub fn shift_block(&mut self, id: BlockId, step: Step<BlockId>) -> Option<()> {
        shift(&mut self.blocks, |block| block.id, id, step)
    }

    /// A new block at the end. `None`: there are too many.
    pub fn add(&mut self, kind: Kind, title: &str, size: usize, rule: Rule) -> Option<BlockId> {
        let id = BlockId(self.next_id());
        let title = title.to_owned();
        (self.blocks.len() < MOST_BLOCKS).then(|| {
            self.blocks.push(Block { id, kind, title, on: true, size, rule, placings: Vec::new() });
            id
        })
    }

    pub fn remove_block(&mut self, id: BlockId) -> Option<Block> {
        let at = self.blocks.iter().position(|block| block.id == id)?;
        Some(self.blocks.remove(at))
    }

    fn next_id(&self) -> i64 {
        let blocks = self.blocks.iter().map(|block| block.id.0);
        let placings = self.blocks.iter().flat_map(placings).map(|placing| placing.id.0);
        // Above every id of the first board, so that an address means one thing.
        blocks.chain(placings).max().unwrap_or(0).max(1000) + 1
    }
}

fn placings(block: &Block) -> &Vec<Placing> {
    &block.placings
}

fn shift<T, I: PartialEq + Copy>(
    list: &mut Vec<T>,
    id: impl Fn(&T) -> I,
    one: I,
    step: Step<I>,
) -> Option<()> {
    let at = list.iter().position(|item| id(item) == one)?;
    let bottom = list.len() - 1;
    match step {
        Step::Up => list.swap(at, at.saturating_sub(1)),
        Step::Down => list.swap(at, (at + 1).min(bottom)),
        Step::Before(Some(other)) if other == one => {}
        Step::Before(other) => {
            let item = list.remove(at);
            let to = other.and_then(|other| list.iter().position(|item| id(item) == other));
            list.insert(to.unwrap_or(list.len()), item);
        }
    }
    Some(())
}

/// As the form sends it: `latest`, `section:3`, `most_viewed:week`.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hand => f.write_str("hand"),
            Self::Latest => f.write_str("latest"),
            Self::Section(id) => write!(f, "section:{id}"),
            Self::Tag(id) => write!(f, "tag:{id}"),
            Self::Topic(id) => write!(f, "topic:{id}"),
            Self::MostViewed(span) => write!(f, "most_viewed:{}", span.as_str()),
        }
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no rule of a block")]
pub struct NoRule;

impl FromStr for Rule {
    type Err = NoRule;

    fn from_str(text: &str) -> Result<Self, NoRule> {
        match text.split_once(':') {
            None if text == "hand" => Some(Self::Hand),
            None if text == "latest" => Some(Self::Latest),
            Some(("section", id)) => id.parse().ok().map(Self::Section),
            Some(("tag", id)) => id.parse().ok().map(Self::Tag),
            Some(("topic", id)) => id.parse().ok().map(Self::Topic),
            Some(("most_viewed", span)) => Span::parse(span).map(Self::MostViewed),
            _ => None,
        }
        .ok_or(NoRule)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn board() -> (Board, BlockId, BlockId, Vec<PlacingId>) {
        let mut board = Board::default();
        let news = board.add(Kind::News, "", 7, Rule::Latest).unwrap();
        let own = board.add(Kind::Stories, "The river", 4, Rule::Tag(TagId(3))).unwrap();
        let ids = (1..=3).map(|n| board.place(news, ArticleId(n), (None, None)).unwrap()).collect();
        (board, news, own, ids)
    }

    fn articles(board: &Board, block: BlockId) -> Vec<i64> {
        board.block(block).unwrap().placings.iter().map(|placing| placing.article.0).collect()
    }

    #[test]
    fn a_placing_goes_a_step_or_before_another_or_into_another_block() {
        let (mut board, news, own, ids) = board();
        board.shift(ids[2], None, Step::Up).unwrap();
        assert_eq!(articles(&board, news), [1, 3, 2]);
        board.shift(ids[1], None, Step::Before(Some(ids[0]))).unwrap();
        assert_eq!(articles(&board, news), [2, 1, 3]);
        board.shift(ids[0], Some(own), Step::Before(None)).unwrap();
        assert_eq!((articles(&board, news), articles(&board, own)), (vec![2, 3], vec![1]));
    }

    #[test]
    fn a_block_holds_an_article_once() {
        let (mut board, news, own, ids) = board();
        assert_eq!(board.place(news, ArticleId(2), (None, None)), Some(ids[1]));
        board.place(own, ArticleId(1), (None, None)).unwrap();
        assert_eq!(board.shift(ids[0], Some(own), Step::Before(None)), None);
        assert_eq!(articles(&board, news), [1, 2, 3]);
    }

    #[test]
    fn a_start_counts_and_an_end_does_not() {
        let at = |hour| format!("2026-11-25T{hour:02}:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let placing =
            Placing { id: PlacingId(1), article: ArticleId(1), starts_at: Some(at(6)), ends_at: Some(at(9)) };
        assert_eq!([5, 6, 8, 9].map(|hour| placing.is_in_force(at(hour))), [false, true, true, false]);
    }

    #[test]
    fn a_rule_goes_through_the_form_and_the_document() {
        for rule in [
            Rule::Hand,
            Rule::Latest,
            Rule::Section(SectionId(3)),
            Rule::Tag(TagId(4)),
            Rule::Topic(TopicId(5)),
            Rule::MostViewed(Span::Week),
        ] {
            assert_eq!(rule.to_string().parse(), Ok(rule));
            let stored = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Rule>(&stored).unwrap(), rule, "{stored}");
        }
        assert_eq!("section:x".parse::<Rule>(), Err(NoRule));
    }
}
