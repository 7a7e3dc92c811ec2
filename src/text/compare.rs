//! Two texts side by side: a body as blocks, which blocks belong together, and which words of them changed.
//!
//! Everything here is a function of the texts alone, without a clock: what is compared twice comes out the same.
//! Bringing three bodies together is `merge`.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::CleanHtml;
use super::html::text_of;

/// A body of more blocks is compared as one: the work grows with the square.
const MAX_BLOCKS: usize = 2_000;
/// Longer texts are shown as replaced; a long paragraph has some hundred.
const MAX_TOKENS: usize = 4_000;
/// Blocks that changed places are matched pair by pair only among so many.
const MAX_PAIRS: usize = 2_500;
/// From this share of common words on, a block is an older one rewritten.
const ALIKE: f64 = 0.4;

/// What stands inside a paragraph; all else begins a block of its own.
const INLINE: [&str; 15] =
    ["a", "b", "br", "code", "em", "i", "img", "mark", "s", "small", "span", "strong", "sub", "sup", "u"];
const VOID: [&str; 3] = ["br", "hr", "img"];

/// A paragraph, a heading, a whole list, a figure: what is moved and chosen as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    pub html: String,
    /// Its words, with a picture as `[Picture: its alt text]`.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Same,
    Removed,
    Added,
}

impl Change {
    pub fn is_removed(self) -> bool {
        self == Self::Removed
    }

    pub fn is_added(self) -> bool {
        self == Self::Added
    }
}

/// A stretch of words that stayed, went or came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub change: Change,
    pub text: String,
}

/// One line of a comparison: a block and what became of it. Never both `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub old: Option<Block>,
    pub new: Option<Block>,
}

impl Row {
    pub fn is_same(&self) -> bool {
        self.old == self.new
    }

    /// The same words in other markup: a link, a heading, emphasis.
    pub fn is_only_markup(&self) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => old.text == new.text && old.html != new.html,
            _ => false,
        }
    }

    pub fn runs(&self) -> Vec<Run> {
        let text = |block: &Option<Block>| block.as_ref().map(|block| block.text.clone()).unwrap_or_default();
        words(&text(&self.old), &text(&self.new))
    }
}

/// Two bodies, block by block in reading order.
pub fn bodies(old: &CleanHtml, new: &CleanHtml) -> Vec<Row> {
    let (old, new) = (blocks(old), blocks(new));
    let row = |(before, after): (Option<usize>, Option<usize>)| Row {
        old: before.and_then(|at| old.get(at).cloned()),
        new: after.and_then(|at| new.get(at).cloned()),
    };
    align(&old, &new).into_iter().map(row).collect()
}

/// The blocks of a body; joined again they are the body, but for blanks between them.
pub fn blocks(body: &CleanHtml) -> Vec<Block> {
    let mut parts = split(body.as_str());
    if parts.len() > MAX_BLOCKS {
        parts = vec![body.as_str().to_owned()];
    }
    parts.into_iter().map(|html| Block { text: text_of(&with_named_pictures(&html)), html }).collect()
}

fn split(html: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0_usize);
    let mut end = |part: &mut String| {
        if !part.trim().is_empty() {
            parts.push(part.trim().to_owned());
        }
        part.clear();
    };
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>').map(|at| open + at + 1) else { break };
        let (text, tag) = (&rest[..open], &rest[open..close]);
        part.push_str(text);
        let name = name(tag);
        let is_block = !INLINE.contains(&name);
        if tag.starts_with("</") {
            part.push_str(tag);
            depth = depth.saturating_sub(1);
        } else {
            if depth == 0 && is_block {
                end(&mut part);
            }
            part.push_str(tag);
            depth += usize::from(!VOID.contains(&name));
        }
        if depth == 0 && is_block {
            end(&mut part);
        }
        rest = &rest[close..];
    }
    part.push_str(rest);
    end(&mut part);
    parts
}

fn name(tag: &str) -> &str {
    let tag = tag.trim_start_matches(['<', '/']);
    &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())]
}

/// A picture has no words, and would go unnoticed.
fn with_named_pictures(html: &str) -> String {
    let mut named = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find("<img") {
        let Some(close) = rest[open..].find('>').map(|at| open + at + 1) else { break };
        let tag = &rest[open..close];
        let alt =
            tag.split_once(" alt=\"").and_then(|(_, value)| value.split('"').next()).unwrap_or_default();
        named.push_str(&rest[..open]);
        named.push_str("[Picture");
        named.push_str(if alt.is_empty() { "" } else { ": " });
        named.push_str(alt);
        named.push(']');
        rest = &rest[close..];
    }
    named.push_str(rest);
    named
}

/// Which block became which, in reading order; a block that came or went stands alone.
pub fn align(old: &[Block], new: &[Block]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                pairs.extend((0..len).map(|at| (Some(old_index + at), Some(new_index + at))));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                pairs.extend((old_index..old_index + old_len).map(|at| (Some(at), None)));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                pairs.extend((new_index..new_index + new_len).map(|at| (None, Some(at))));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let (before, after) =
                    (&old[old_index..old_index + old_len], &new[new_index..new_index + new_len]);
                let found = rewritten(before, after);
                pairs.extend(
                    found.into_iter().map(|(b, a)| (b.map(|at| old_index + at), a.map(|at| new_index + at))),
                );
            }
        }
    }
    pairs
}

/// Matches blocks that replaced others by the words they share, keeping both orders.
fn rewritten(old: &[Block], new: &[Block]) -> Vec<(Option<usize>, Option<usize>)> {
    if let ([_], [_]) = (old, new) {
        return vec![(Some(0), Some(0))];
    }
    let (rows, columns) = (old.len(), new.len());
    if rows * columns > MAX_PAIRS {
        let at = |index: usize, length: usize| (index < length).then_some(index);
        return (0..rows.max(columns)).map(|index| (at(index, rows), at(index, columns))).collect();
    }
    let (before, after) = (bags(old), bags(new));
    let alike: Vec<Vec<f64>> =
        before.iter().map(|bag| after.iter().map(|other| bag.likeness(other)).collect()).collect();
    // best[i][j]: the most likeness to be had from the blocks after i and j.
    let mut best = vec![vec![0.0_f64; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let skip = best[row + 1][column].max(best[row][column + 1]);
            let pair = alike[row][column];
            let take = if pair >= ALIKE { pair + best[row + 1][column + 1] } else { 0.0 };
            best[row][column] = skip.max(take);
        }
    }
    let (mut pairs, mut row, mut column) = (Vec::new(), 0, 0);
    while row < rows && column < columns {
        let pair = alike[row][column];
        if pair >= ALIKE && best[row][column] <= pair + best[row + 1][column + 1] {
            pairs.push((Some(row), Some(column)));
            (row, column) = (row + 1, column + 1);
        } else if best[row + 1][column] >= best[row][column + 1] {
            pairs.push((Some(row), None));
            row += 1;
        } else {
            pairs.push((None, Some(column)));
            column += 1;
        }
    }
    pairs.extend((row..rows).map(|at| (Some(at), None)));
    pairs.extend((column..columns).map(|at| (None, Some(at))));
    pairs
}

fn bags(blocks: &[Block]) -> Vec<Bag<'_>> {
    blocks.iter().map(|block| Bag::of(&block.text)).collect()
}

/// How often each word occurs.
struct Bag<'a> {
    words: HashMap<&'a str, u32>,
    count: u32,
}

impl<'a> Bag<'a> {
    fn of(text: &'a str) -> Self {
        let mut bag = Self { words: HashMap::new(), count: 0 };
        for word in tokens(text).into_iter().filter(|token| token.chars().any(char::is_alphanumeric)) {
            *bag.words.entry(word).or_default() += 1;
            bag.count += 1;
        }
        bag
    }

    /// From 0, nothing in common, to 1, the same words.
    fn likeness(&self, other: &Self) -> f64 {
        let common: u32 = self
            .words
            .iter()
            .map(|(word, count)| other.words.get(word).map_or(0, |theirs| *count.min(theirs)))
            .sum();
        match self.count + other.count {
            0 => 0.0,
            all => f64::from(2 * common) / f64::from(all),
        }
    }
}

/// Two texts as one, word by word. What stayed and went is the old text, what stayed and came the new one.
pub fn words(old: &str, new: &str) -> Vec<Run> {
    let (before, after) = (tokens(old), tokens(new));
    let mut runs = Runs::default();
    if before.len().max(after.len()) > MAX_TOKENS && old != new {
        runs.change(old, new);
        return runs.finish();
    }
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let last = ops.len().saturating_sub(1);
    for (at, op) in ops.iter().enumerate() {
        let (removed, added) = (before[op.old_range()].concat(), after[op.new_range()].concat());
        match op {
            // A blank that stayed between two words that did not would only cut the marks into pieces.
            DiffOp::Equal { .. } if removed.trim().is_empty() && at > 0 && at < last => {
                runs.change(&removed, &removed);
            }
            DiffOp::Equal { .. } => runs.keep(&removed),
            _ => runs.change(&removed, &added),
        }
    }
    runs.finish()
}

#[derive(Default)]
struct Runs {
    settled: Vec<Run>,
    removed: String,
    added: String,
}

impl Runs {
    fn change(&mut self, removed: &str, added: &str) {
        self.removed.push_str(removed);
        self.added.push_str(added);
    }

    fn keep(&mut self, text: &str) {
        self.settle();
        self.push(Change::Same, text.to_owned());
    }

    fn settle(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        self.push(Change::Removed, removed);
        self.push(Change::Added, added);
    }

    fn push(&mut self, change: Change, text: String) {
        if !text.is_empty() {
            self.settled.push(Run { change, text });
        }
    }

    fn finish(mut self) -> Vec<Run> {
        self.settle();
        self.settled
    }
}

/// Words, blanks and marks. Chinese and Japanese write no blanks: there each letter is a word.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens: Vec<&str> = Vec::new();
    let (mut start, mut last) = (0, Kind::Alone);
    for (at, letter) in text.char_indices() {
        let kind = Kind::of(letter, last);
        if at > start && (kind != last || kind == Kind::Alone) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = kind;
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Alone,
}

impl Kind {
    fn of(letter: char, last: Self) -> Self {
        match letter {
            '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Self::Alone,
            // The apostrophe of "isn't", the joiners and vowel signs inside words of other scripts.
            '\'' | '’' | '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' if last == Self::Word => {
                Self::Word
            }
            '\u{64b}'..='\u{65f}' if last == Self::Word => Self::Word,
            letter if letter.is_alphanumeric() => Self::Word,
            letter if letter.is_whitespace() => Self::Blank,
            _ => Self::Alone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(html: &str) -> CleanHtml {
        CleanHtml::clean(html).unwrap_or_default()
    }

    fn texts(html: &str) -> Vec<String> {
        blocks(&body(html)).into_iter().map(|block| block.text).collect()
    }

    /// `[-went-]` and `{+came+}` around what changed.
    fn marked(runs: &[Run]) -> String {
        let mark = |run: &Run| match run.change {
            Change::Same => run.text.clone(),
            Change::Removed => format!("[-{}-]", run.text),
            Change::Added => format!("{{+{}+}}", run.text),
        };
        runs.iter().map(mark).collect()
    }

    fn compared(old: &str, new: &str) -> Vec<String> {
        bodies(&body(old), &body(new)).iter().map(|row| marked(&row.runs())).collect()
    }

    #[test]
    fn a_body_falls_into_its_blocks() {
        let html = "<h2>Sub</h2><p>One <em>two</em>.</p><ul><li>a</li><li>b</li></ul><hr>\
                    <blockquote><p>Q</p><p>R</p></blockquote>loose <b>words</b><p>End</p>";
        let parts = split(body(html).as_str());
        assert_eq!(
            parts,
            [
                "<h2>Sub</h2>",
                "<p>One <em>two</em>.</p>",
                "<ul><li>a</li><li>b</li></ul>",
                "<hr>",
                "<blockquote><p>Q</p><p>R</p></blockquote>",
                "loose <b>words</b>",
                "<p>End</p>",
            ]
        );
        assert_eq!(parts.concat(), body(html).as_str());
    }

    #[test]
    fn a_picture_is_named_by_its_alt_text() {
        let html =
            "<figure><img src=\"/media/a/b.jpg\" alt=\"A &amp; B\"><figcaption>C</figcaption></figure>";
        assert_eq!(texts(html), ["[Picture: A & B]\nC"]);
        assert_eq!(texts("<p><img src=\"/media/a/b.jpg\"></p>"), ["[Picture]"]);
    }

    #[test]
    fn a_body_of_too_many_blocks_is_one() {
        assert_eq!(blocks(&body(&"<p>a</p>".repeat(MAX_BLOCKS + 1))).len(), 1);
    }

    #[test]
    fn only_the_words_that_changed_are_marked() {
        assert_eq!(
            compared("<p>The river rose fast.</p>", "<p>The river fell fast.</p>"),
            ["The river [-rose-]{+fell+} fast."]
        );
        assert_eq!(marked(&words("It isn't late", "It isn't too late")), "It isn't {+too +}late");
        assert_eq!(marked(&words("one two", "three four")), "[-one two-]{+three four+}");
        assert_eq!(marked(&words("他去学校", "他来学校")), "他[-去-]{+来+}学校");
        assert_eq!(marked(&words("می‌رود خانه", "می‌آید خانه")), "[-می‌رود-]{+می‌آید+} خانه");
        assert!(words("", "").is_empty());
    }

    #[test]
    fn both_texts_can_be_read_out_of_the_comparison() {
        let texts =
            ["", "a b c", "a  c", "c b a", "The quick, brown fox.", "The slow brown  fox", " x ", "x"];
        for old in texts {
            for new in texts {
                let runs = words(old, new);
                let read = |without: Change| -> String {
                    runs.iter().filter(|run| run.change != without).map(|run| run.text.as_str()).collect()
                };
                assert_eq!((read(Change::Added).as_str(), read(Change::Removed).as_str()), (old, new));
            }
        }
    }

    #[test]
    fn a_paragraph_that_came_moves_no_other() {
        assert_eq!(
            compared(
                "<p>One stays here.</p><p>Two stays too.</p>",
                "<p>One stays here.</p><p>New.</p><p>Two stays too.</p>"
            ),
            ["One stays here.", "{+New.+}", "Two stays too."]
        );
        assert_eq!(compared("<p>One.</p><p>Two.</p>", "<p>Two.</p>"), ["[-One.-]", "Two."]);
    }

    #[test]
    fn a_rewritten_paragraph_is_found_among_new_ones() {
        assert_eq!(
            compared(
                "<p>The bridge was closed on Monday.</p><p>Nobody was hurt.</p>",
                "<p>Police came.</p><p>The bridge was closed on Tuesday.</p><p>Two people were hurt.</p>"
            ),
            [
                "{+Police came.+}",
                "The bridge was closed on [-Monday-]{+Tuesday+}.",
                "[-Nobody was hurt.-]",
                "{+Two people were hurt.+}",
            ]
        );
    }

    #[test]
    fn the_same_words_in_other_markup_are_told_apart() {
        let rows = bodies(&body("<p>A link.</p>"), &body("<p>A <a href=\"/x\">link</a>.</p>"));
        assert!(rows.iter().all(|row| row.is_only_markup() && !row.is_same()));
    }

    #[test]
    fn a_text_too_long_to_compare_is_replaced() {
        let long = "a b ".repeat(MAX_TOKENS);
        assert_eq!(words(&long, "x").len(), 2);
        assert_eq!(words(&long, &long).len(), 1);
    }
}
