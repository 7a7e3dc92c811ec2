//! Markdown, as GitHub and the usual editors write it. It becomes HTML, and that is read like any other.

use comrak::Options;

use super::{Draft, Refused, front_matter, html};

/// As much as an article may have, and some markup.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Quotes and lists in one another, on one line. Nobody writes ten.
const MOST_NESTED: usize = 32;

pub fn read(source: &str) -> Result<Draft, Refused> {
    let (source, pictures) = html::embedded(source);
    check(&source)?;
    let mut draft = Draft::default();
    let (title, text) = front_matter::read(&source, &mut draft);
    html::fragment(&comrak::markdown_to_html(text, &options()), pictures, draft, title)
}

/// The HTML of a text alone.
pub fn to_html(source: &str) -> Result<String, Refused> {
    check(source)?;
    Ok(comrak::markdown_to_html(source, &options()))
}

fn check(source: &str) -> Result<(), Refused> {
    if source.len() > MOST_BYTES {
        return Err(Refused::TooLarge("its text is longer than any article"));
    }
    if source.lines().any(|line| nested(line) > MOST_NESTED) {
        return Err(Refused::Hostile("its quotes or lists are nested beyond measure"));
    }
    Ok(())
}

/// Raw HTML passes: all of it is read and cleaned like a page.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.render.r#unsafe = true;
    options
}

/// The marks of quotes and lists that a line begins with.
fn nested(line: &str) -> usize {
    let blank_or_mark = |c: &char| matches!(c, ' ' | '\t' | '>' | '-' | '*' | '+' | '0'..='9' | '.' | ')');
    let head = line.chars().take_while(blank_or_mark);
    head.filter(|c| matches!(c, '>' | '-' | '*' | '+' | '.' | ')')).count().saturating_sub(rule(line))
}

/// A line of dashes is one rule, however long.
fn rule(line: &str) -> usize {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let first = marks.next();
    if matches!(first, Some('-' | '*')) && marks.all(|mark| Some(mark) == first) { line.len() } else { 0 }
}
