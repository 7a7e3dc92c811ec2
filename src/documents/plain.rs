//! Plain text: the first line is the headline, an empty line ends a paragraph.

use super::line::{Line, Marks};
use super::writer::{Kind, Place, Writer};
use super::{Draft, Refused};

const MOST_BYTES: usize = 2 * 1024 * 1024;
const HEADLINE_LETTERS: usize = 200;
/// Lines of this length were broken by a machine, shorter ones by whoever wrote them.
const BROKEN_AT: usize = 50;

pub fn read(source: &str) -> Result<Draft, Refused> {
    if source.len() > MOST_BYTES {
        return Err(Refused::TooLarge("its text is longer than any article"));
    }
    let source = source.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{c}'], "\n");
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in source.trim().lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => last.push(line),
            _ => paragraphs.push(Vec::new()),
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    // No empty line anywhere: each line is a paragraph.
    if paragraphs.len() == 1 && !is_broken(&paragraphs[0]) {
        paragraphs = paragraphs.swap_remove(0).into_iter().map(|line| vec![line]).collect();
    }
    let mut draft = Draft::default();
    if paragraphs.len() > 1
        && paragraphs[0].len() == 1
        && paragraphs[0][0].chars().count() <= HEADLINE_LETTERS
    {
        paragraphs.remove(0)[0].trim_start_matches(['#', ' ']).clone_into(&mut draft.headline);
    }
    let mut writer = Writer::default();
    for lines in paragraphs {
        writer.block(Kind::Paragraph, Place::default(), is_rtl(&lines.concat()), line(&lines));
    }
    draft.pieces = writer.finish();
    Ok(draft)
}

fn line(lines: &[&str]) -> Line {
    let is_broken = is_broken(lines);
    let mut whole = Line::default();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 && is_broken {
            whole.text(" ", &Marks::default());
        } else if at > 0 {
            whole.line_break();
        }
        whole.text(line, &Marks::default());
    }
    whole
}

/// Whether the lines end where there was no more room.
fn is_broken(lines: &[&str]) -> bool {
    let (_, before) = lines.split_last().unwrap_or((&"", &[]));
    !before.is_empty() && before.iter().all(|line| line.chars().count() >= BROKEN_AT)
}

/// By its first letter that has a direction.
pub fn is_rtl(text: &str) -> bool {
    let directed = text.chars().find(|c| c.is_alphabetic());
    directed.is_some_and(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}
