//! What stands in the blocks of a board at a moment: what was placed by hand, then what the block's rule finds. No
//! rule shows a story that stands somewhere else already: by hand in any block, or by the rule of one above.
//!
//! Two questions, however many blocks there are: which articles come into question for each of them, as ids alone, and
//! then the cards of those that stand somewhere. Each rule names so many more as may stand elsewhere, at most.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, PgPool};

use super::board::{Block, BlockId, Board, Kind, Rule};
use crate::news::article::card::{self, Card};
use crate::news::views::Span;

/// More sections than any paper has: each shows so many stories in its block.
const MOST_SECTIONS: usize = 50;

/// The stories of a block.
#[derive(Debug)]
pub struct Filled {
    pub block: BlockId,
    /// Those placed by hand come first.
    pub cards: Vec<Card>,
    pub by_hand: usize,
    /// Of a block that shows what was read most: the spans in which something was.
    pub rankings: Vec<(Span, Vec<Card>)>,
}

/// An article that comes into question.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    id: i64,
    section: i64,
}

/// What is asked about a block: what was placed, what its rule finds, or a ranking.
struct Asked {
    rule: &'static str,
    /// What the rule names: a section, a tag, a topic; the articles placed by hand.
    targets: Vec<i64>,
    span: &'static str,
    most: usize,
}

/// A block with the ids of what stands in it.
struct Chosen {
    block: BlockId,
    ids: Vec<i64>,
    by_hand: usize,
    rankings: Vec<(Span, Vec<i64>)>,
}

/// All blocks of stories that are on, in the order of the board.
pub async fn fill(db: &PgPool, board: &Board, at: DateTime<Utc>) -> sqlx::Result<Vec<Filled>> {
    let blocks: Vec<&Block> = board.blocks.iter().filter(|block| block.on && is_filled(block)).collect();
    let mut found = candidates(db, &asked(&blocks, at), at).await?.into_iter();
    let mut next = || found.next().unwrap_or_default();
    let answered = blocks.iter().map(|block| {
        if block.kind == Kind::MostViewed {
            let rankings = Span::ALL.into_iter().map(|span| (span, ids(&next()))).collect();
            (Vec::new(), Vec::new(), rankings)
        } else {
            (placed(block, next()), next(), Vec::new())
        }
    });
    let answered: Vec<_> = answered.collect();
    let mut shown: HashSet<i64> = answered.iter().flat_map(|(placed, ..)| ids(placed)).collect();
    let chosen = blocks.iter().zip(answered).map(|(block, (placed, by_rule, rankings))| Chosen {
        rankings,
        ..choose(block, placed, by_rule, &mut shown)
    });
    let chosen: Vec<Chosen> = chosen.collect();
    let all: Vec<i64> = chosen.iter().flat_map(Chosen::all).collect::<HashSet<_>>().into_iter().collect();
    let cards = if all.is_empty() { Vec::new() } else { card::of_ids_at(db, at, &all).await? };
    let cards: HashMap<i64, Card> = cards.into_iter().map(|card| (card.id.0, card)).collect();
    let of = |ids: &[i64]| -> Vec<Card> { ids.iter().filter_map(|id| cards.get(id).cloned()).collect() };
    let filled = chosen.iter().map(|chosen| Filled {
        block: chosen.block,
        cards: of(&chosen.ids),
        by_hand: chosen.by_hand,
        rankings: chosen
            .rankings
            .iter()
            .map(|(span, ids)| (*span, of(ids)))
            .filter(|(_, cards)| !cards.is_empty())
            .collect(),
    });
    Ok(filled.collect())
}

fn is_filled(block: &Block) -> bool {
    block.kind.takes_placings() || block.kind == Kind::MostViewed
}

/// What is to be asked for the blocks, two or three questions for each, in their order.
fn asked(blocks: &[&Block], at: DateTime<Utc>) -> Vec<Asked> {
    let in_force = |block: &Block| -> Vec<i64> {
        let placings = block.placings.iter().filter(|placing| placing.is_in_force(at));
        placings.map(|placing| placing.article.0).collect()
    };
    let mut asked = Vec::new();
    // As many as may stand elsewhere at most: all that are placed, and what the rules above find.
    let mut above = blocks.iter().map(|block| in_force(block).len()).sum();
    for block in blocks {
        if block.kind == Kind::MostViewed {
            let ranking = |span: Span| Asked {
                rule: "most viewed",
                targets: Vec::new(),
                span: span.as_str(),
                most: block.size,
            };
            asked.extend(Span::ALL.map(ranking));
            continue;
        }
        let placed = in_force(block);
        asked.push(Asked { rule: "hand", most: placed.len(), targets: placed, span: "" });
        asked.push(by_rule(block, above));
        above += if block.kind == Kind::Sections { block.size * MOST_SECTIONS } else { block.size };
    }
    asked
}

/// The rule of a block, with so many found in vain at most.
fn by_rule(block: &Block, above: usize) -> Asked {
    let (rule, targets, span) = match (block.kind, block.rule) {
        (Kind::Sections, _) => ("sections", Vec::new(), ""),
        (_, Rule::Hand) => ("none", Vec::new(), ""),
        (Kind::Map, _) => ("placed", Vec::new(), ""),
        (_, Rule::Latest) => ("latest", Vec::new(), ""),
        (_, Rule::Section(id)) => ("section", vec![id.0], ""),
        (_, Rule::Tag(id)) => ("tag", vec![id.0], ""),
        (_, Rule::Topic(id)) => ("topic", vec![id.0], ""),
        (_, Rule::MostViewed(span)) => ("most viewed", Vec::new(), span.as_str()),
    };
    Asked { rule, targets, span, most: block.size + above }
}

/// How many stories can be placed in it by hand; in each section's there is room for every placing.
fn room(block: &Block) -> usize {
    if block.kind == Kind::Sections { super::board::MOST_PLACINGS } else { block.size }
}

/// What was placed in it and has its place.
fn placed(block: &Block, placed: Vec<Candidate>) -> Vec<Candidate> {
    let mut stories: Vec<Candidate> = placed.into_iter().take(room(block)).collect();
    keep_drawn(block, &mut stories);
    stories
}

/// What was placed first, then what the rule found, without what is shown elsewhere.
fn choose(
    block: &Block,
    mut stories: Vec<Candidate>,
    found: Vec<Candidate>,
    shown: &mut HashSet<i64>,
) -> Chosen {
    let by_hand = stories.len();
    let free = |candidate: &Candidate| !shown.contains(&candidate.id);
    if block.kind == Kind::Sections {
        // Of each section the newest that are free; those placed by hand come on top of them.
        let mut taken: HashMap<i64, usize> = HashMap::new();
        stories.extend(found.into_iter().filter(free).filter(|candidate| {
            let taken = taken.entry(candidate.section).or_default();
            *taken += 1;
            *taken <= block.size
        }));
    } else {
        stories.extend(found.into_iter().filter(free).take(room(block) - by_hand));
    }
    keep_drawn(block, &mut stories);
    shown.extend(ids(&stories));
    Chosen { block: block.id, ids: ids(&stories), by_hand, rankings: Vec::new() }
}

/// Of each section as many as are drawn: what has no place there may stand in a block below.
fn keep_drawn(block: &Block, stories: &mut Vec<Candidate>) {
    if block.kind == Kind::Sections {
        let mut drawn: HashMap<i64, usize> = HashMap::new();
        stories.retain(|story| {
            let there = drawn.entry(story.section).or_default();
            *there += 1;
            *there <= block.size
        });
    }
}

fn ids(candidates: &[Candidate]) -> Vec<i64> {
    candidates.iter().map(|candidate| candidate.id).collect()
}

impl Chosen {
    fn all(&self) -> impl Iterator<Item = i64> {
        self.ids.iter().chain(self.rankings.iter().flat_map(|(_, ids)| ids)).copied()
    }
}

/// What comes into question for each, visible at the moment and in its order. The order is part of each branch, because
/// only there it is that of an index.
#[allow(clippy::too_many_lines)] // one statement
async fn candidates(
    db: impl PgExecutor<'_>,
    asked: &[Asked],
    at: DateTime<Utc>,
) -> sqlx::Result<Vec<Vec<Candidate>>> {
    let rules: Vec<String> = asked.iter().map(|asked| asked.rule.to_owned()).collect();
    let spans: Vec<String> = asked.iter().map(|asked| asked.span.to_owned()).collect();
    let most: Vec<i64> = asked.iter().map(|asked| i64::try_from(asked.most).unwrap_or_default()).collect();
    let target: Vec<i64> =
        asked.iter().map(|asked| asked.targets.first().copied().unwrap_or_default()).collect();
    let (mut placed_in, mut placed): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
    for (n, asked) in (1..).zip(asked).filter(|(_, asked)| asked.rule == "hand") {
        placed_in.extend(asked.targets.iter().map(|_| n));
        placed.extend(&asked.targets);
    }
    let rows = sqlx::query!(
        r#"select b.n as "n!", found.id as "id!", found.section_id as "section!"
           from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) with ordinality as b (rule, span, target, most, n)
           cross join lateral (
               (select a.id, a.section_id, p.place
                from unnest($6::bigint[], $7::bigint[]) with ordinality as p (block, id, place)
                join articles a on a.id = p.id
                where b.rule = 'hand' and p.block = b.n
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1))
               union all
               (select a.id, a.section_id, row_number() over (order by a.publish_at desc, a.id desc)
                from articles a
                where b.rule = 'latest'
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                order by a.publish_at desc, a.id desc
                limit b.most)
               union all
               (select a.id, a.section_id, row_number() over (order by a.publish_at desc, a.id desc)
                from articles a
                where b.rule = 'placed' and a.place_id is not null
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                order by a.publish_at desc, a.id desc
                limit b.most)
               union all
               (select a.id, a.section_id, row_number() over (order by a.publish_at desc, a.id desc)
                from articles a
                where b.rule = 'section' and a.section_id = b.target
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                order by a.publish_at desc, a.id desc
                limit b.most)
               union all
               (select a.id, a.section_id, row_number() over (order by l.publish_at desc, l.article_id desc)
                from article_tags l join articles a on a.id = l.article_id
                where b.rule = 'tag' and l.tag_id = b.target
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                order by l.publish_at desc, l.article_id desc
                limit b.most)
               union all
               (select a.id, a.section_id, w.rank
                from most_viewed w join articles a on a.id = w.article_id
                where b.rule = 'most viewed' and w.span = b.span
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                order by w.rank
                limit b.most)
               union all
               (select newest.id, newest.section_id,
                       row_number() over (order by d.position, d.id, newest.publish_at desc, newest.id desc)
                from sections d
                cross join lateral (
                    select a.id, a.section_id, a.publish_at
                    from articles a
                    where a.section_id = d.id
                      and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                    order by a.publish_at desc, a.id desc
                    limit b.most
                ) newest
                where b.rule = 'sections')
               union all
               (select a.id, a.section_id,
                       row_number() over (order by k.position nulls last, a.publish_at desc, a.id desc)
                from (
                    select gathered.article_id
                    from topics o
                    join topic_tags t on t.topic_id = o.id
                    cross join lateral (
                        select l.article_id
                        from article_tags l
                        join articles v on v.id = l.article_id
                        where l.tag_id = t.tag_id
                          and v.state = 'published' and v.publish_at <= $1 and (v.expire_at is null or v.expire_at > $1)
                          and (o.section_id is null or v.section_id = o.section_id)
                          and (not o.match_all
                               or not exists (select from topic_tags y
                                              where y.topic_id = o.id
                                                and not exists (select from article_tags x
                                                                where x.article_id = v.id and x.tag_id = y.tag_id)))
                          and not exists (select from topic_articles h
                                          where h.topic_id = o.id and h.article_id = v.id and h.place = 'out')
                        order by l.publish_at desc, l.article_id desc
                        limit b.most
                    ) gathered
                    where o.id = b.target
                    union
                    select gathered.id
                    from topics o
                    cross join lateral (
                        select v.id
                        from articles v
                        where v.section_id = o.section_id
                          and v.state = 'published' and v.publish_at <= $1 and (v.expire_at is null or v.expire_at > $1)
                          and not exists (select from topic_articles h
                                          where h.topic_id = o.id and h.article_id = v.id and h.place = 'out')
                        order by v.publish_at desc, v.id desc
                        limit b.most
                    ) gathered
                    where o.id = b.target and not exists (select from topic_tags y where y.topic_id = o.id)
                    union
                    select h.article_id from topic_articles h where h.topic_id = b.target and h.place <> 'out'
                ) gathered
                join articles a on a.id = gathered.article_id
                left join topic_articles k on k.article_id = a.id and k.topic_id = b.target and k.place = 'top'
                where b.rule = 'topic'
                  and a.state = 'published' and a.publish_at <= $1 and (a.expire_at is null or a.expire_at > $1)
                order by k.position nulls last, a.publish_at desc, a.id desc
                limit b.most)
           ) found (id, section_id, place)
           order by b.n, found.place"#,
        at,
        &rules,
        &spans,
        &target,
        &most,
        &placed_in,
        &placed
    )
    .fetch_all(db)
    .await?;
    let mut found = vec![Vec::new(); asked.len()];
    for row in rows {
        if let Some(found) = usize::try_from(row.n - 1).ok().and_then(|n| found.get_mut(n)) {
            found.push(Candidate { id: row.id, section: row.section });
        }
    }
    Ok(found)
}
