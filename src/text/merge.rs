//! Three bodies into one: what two people made of the same text, block by block.
//!
//! A function of the texts alone: the page that offers the choices and the answer to it see the same rows.

use super::CleanHtml;
use super::compare::{Block, align, blocks};

/// Which side of a row goes into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    Mine,
    Theirs,
    /// Theirs, then mine.
    Both,
}

impl Take {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "mine" => Some(Self::Mine),
            "theirs" => Some(Self::Theirs),
            "both" => Some(Self::Both),
            _ => None,
        }
    }
}

/// One place of the text and what each side has there. A side without a block has taken it out, or never had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub base: Option<Block>,
    pub mine: Option<Block>,
    pub theirs: Option<Block>,
    has_base: bool,
}

impl Row {
    pub fn is_same(&self) -> bool {
        self.mine == self.theirs
    }

    /// The side that changed something, when only one did. Without the text both began with, nobody knows.
    pub fn preset(&self) -> Option<Take> {
        if !self.has_base || self.is_same() {
            None
        } else if self.mine == self.base {
            Some(Take::Theirs)
        } else if self.theirs == self.base {
            Some(Take::Mine)
        } else {
            None
        }
    }

    /// Both sides have something to keep.
    pub fn may_be_both(&self) -> bool {
        self.mine.is_some() && self.theirs.is_some()
    }

    fn taken(&self, take: Take) -> Vec<&Block> {
        let sides = match take {
            _ if self.is_same() => [&self.mine, &None],
            Take::Mine => [&self.mine, &None],
            Take::Theirs => [&self.theirs, &None],
            Take::Both => [&self.theirs, &self.mine],
        };
        sides.into_iter().flatten().collect()
    }
}

/// The rows in reading order. `base` is the text both began with, where it is known.
pub fn rows(base: Option<&CleanHtml>, mine: &CleanHtml, theirs: &CleanHtml) -> Vec<Row> {
    let (mine, theirs) = (blocks(mine), blocks(theirs));
    match base {
        Some(base) => three(&blocks(base), &mine, &theirs),
        None => two(&mine, &theirs, false),
    }
}

/// The body that the choices make, one for each row. `Err` names the first row that nobody has decided.
pub fn body(rows: &[Row], choice: impl Fn(usize) -> Option<Take>) -> Result<String, usize> {
    let mut parts: Vec<&str> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let take = if row.is_same() { Some(Take::Mine) } else { choice(at) };
        parts.extend(row.taken(take.ok_or(at)?).iter().map(|block| block.html.as_str()));
    }
    Ok(parts.join("\n\n"))
}

fn two(mine: &[Block], theirs: &[Block], has_base: bool) -> Vec<Row> {
    let pick = |blocks: &[Block], at: Option<usize>| at.and_then(|at| blocks.get(at).cloned());
    align(theirs, mine)
        .into_iter()
        .map(|(their, my)| Row { base: None, mine: pick(mine, my), theirs: pick(theirs, their), has_base })
        .collect()
}

fn three(base: &[Block], mine: &[Block], theirs: &[Block]) -> Vec<Row> {
    let (my, their) = (Side::of(base, mine), Side::of(base, theirs));
    let mut rows = Vec::new();
    for at in 0..=base.len() {
        // What came before this block on either side; what both put there is compared in its turn.
        rows.extend(two(&my.before[at], &their.before[at], true));
        if let Some(block) = base.get(at) {
            let row = Row {
                base: Some(block.clone()),
                mine: my.became[at].clone(),
                theirs: their.became[at].clone(),
                has_base: true,
            };
            if row.mine.is_some() || row.theirs.is_some() {
                rows.push(row);
            }
        }
    }
    rows
}

/// What one side made of each block of the base, and what it put before it; the last is what it put at the end.
struct Side {
    before: Vec<Vec<Block>>,
    became: Vec<Option<Block>>,
}

impl Side {
    fn of(base: &[Block], side: &[Block]) -> Self {
        let mut before = vec![Vec::new(); base.len() + 1];
        let mut became = vec![None; base.len()];
        let mut next = 0;
        for (old, new) in align(base, side) {
            let block = new.and_then(|at| side.get(at).cloned());
            match old {
                Some(at) => {
                    became[at] = block;
                    next = at + 1;
                }
                None => before[next].extend(block),
            }
        }
        Self { before, became }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn clean(html: &str) -> CleanHtml {
        CleanHtml::clean(html).unwrap()
    }

    fn three_of(base: &str, mine: &str, theirs: &str) -> Vec<Row> {
        rows(Some(&clean(base)), &clean(mine), &clean(theirs))
    }

    fn preset(rows: &[Row]) -> Result<String, usize> {
        body(rows, |at| rows[at].preset())
    }

    const BASE: &str = "<p>The first one.</p><p>The second one.</p><p>The third one.</p>";

    #[test]
    fn what_only_one_side_changed_is_taken_from_it() {
        let merged = preset(&three_of(
            BASE,
            "<p>The first one, mine.</p><p>The second one.</p><p>The third one.</p><p>My end.</p>",
            "<p>The first one.</p><p>The second one.</p><p>The third one, theirs.</p>",
        ));
        assert_eq!(
            merged.unwrap(),
            "<p>The first one, mine.</p>\n\n<p>The second one.</p>\n\n<p>The third one, theirs.</p>\n\n<p>My end.</p>"
        );
    }

    #[test]
    fn what_one_side_took_out_is_gone() {
        let merged = preset(&three_of(BASE, BASE, "<p>The first one.</p><p>The third one.</p>")).unwrap();
        assert_eq!(merged, "<p>The first one.</p>\n\n<p>The third one.</p>");
    }

    #[test]
    fn what_both_changed_is_nobodys_to_decide_but_a_persons() {
        let rows = three_of(
            BASE,
            "<p>The first one, mine.</p><p>The second one.</p><p>The third one.</p>",
            "<p>The first one, theirs.</p><p>The second one.</p><p>The third one.</p>",
        );
        assert_eq!(preset(&rows), Err(0));
        let choose = |take| body(&rows, |_| Some(take)).unwrap();
        assert!(choose(Take::Mine).starts_with("<p>The first one, mine.</p>\n\n<p>The second"));
        assert!(choose(Take::Theirs).starts_with("<p>The first one, theirs.</p>\n\n<p>The second"));
        assert!(
            choose(Take::Both).starts_with("<p>The first one, theirs.</p>\n\n<p>The first one, mine.</p>")
        );
    }

    #[test]
    fn a_block_that_one_took_out_and_the_other_changed_is_asked_about() {
        let rows = three_of(
            BASE,
            "<p>The second one.</p><p>The third one.</p>",
            &BASE.replace("first one", "first one again"),
        );
        assert_eq!(preset(&rows), Err(0));
        assert_eq!((rows[0].mine.is_none(), rows[0].may_be_both()), (true, false));
    }

    #[test]
    fn what_both_wrote_alike_is_there_once() {
        let same = "<p>The first one, ours.</p><p>The second one.</p><p>The third one.</p><p>New.</p>";
        let rows = three_of(BASE, same, same);
        assert!(rows.iter().all(Row::is_same));
        assert_eq!(preset(&rows).unwrap().matches("New.").count(), 1);
    }

    #[test]
    fn both_may_write_at_the_same_place() {
        let rows = three_of(
            BASE,
            &format!("{BASE}<p>Mine at the end.</p>"),
            &format!("{BASE}<p>Their last word.</p>"),
        );
        let both = body(&rows, |_| Some(Take::Both)).unwrap();
        assert!(both.contains("Mine at the end.") && both.contains("Their last word."));
    }

    #[test]
    fn without_the_text_both_began_with_every_difference_is_asked_about() {
        let rows = rows(None, &clean("<p>Same.</p><p>A new word.</p>"), &clean("<p>Same.</p>"));
        assert_eq!(preset(&rows), Err(1));
        assert_eq!(body(&rows, |_| Some(Take::Theirs)).unwrap(), "<p>Same.</p>");
    }

    #[test]
    fn no_choice_loses_what_is_the_same() {
        let mine = "<p>a a</p><ul><li>x</li></ul><p>b b</p>";
        let rows = rows(None, &clean(mine), &clean("<p>c c</p><ul><li>x</li></ul><p>d d</p>"));
        for take in [Take::Mine, Take::Theirs, Take::Both] {
            assert!(body(&rows, |_| Some(take)).unwrap().contains("<ul><li>x</li></ul>"));
        }
        assert_eq!(body(&rows, |_| Some(Take::Mine)).unwrap().replace("\n\n", ""), mine);
    }
}
