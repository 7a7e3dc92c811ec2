//! Parts of a text: excerpts, highlights, counts.

/// Words a minute of a reader who pays attention.
pub const READING_SPEED: usize = 230;

/// What Postgres puts around a found word: private-use characters, which no cleaned text holds, so that the
/// marks can never be mistaken for markup.
pub const MARK_START: char = '\u{e000}';
pub const MARK_END: char = '\u{e001}';

/// The first words of a text, at most `limit` letters, with an ellipsis where it was cut.
pub fn first(text: &str, limit: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(limit) else { return text };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', ';', ':', '.', '—', '–', ' ']))
}

pub fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

pub fn minutes(words: usize) -> usize {
    words.div_ceil(READING_SPEED).max(1)
}

/// A stretch of an excerpt, found or not; a template escapes the text and marks the found ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub found: bool,
    pub text: String,
}

/// Splits an excerpt at its marks.
pub fn stretches(marked: &str) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for (index, part) in marked.split(MARK_START).enumerate() {
        let (found, rest) = match part.split_once(MARK_END) {
            Some((found, rest)) if index > 0 => (found, rest),
            _ => ("", part),
        };
        for (found, text) in [(true, found), (false, rest)] {
            if !text.is_empty() {
                stretches.push(Stretch { found, text: text.replace([MARK_START, MARK_END], "") });
            }
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_at_a_word() {
        assert_eq!(first("The river rose, and the bridge closed.", 16), "The river rose…");
        assert_eq!(first("Short.", 16), "Short.");
        assert_eq!(first("رودخانه بالا آمد و پل بسته شد", 16), "رودخانه بالا…");
    }

    #[test]
    fn a_found_word_is_a_stretch_of_its_own() {
        let found = |text: &str| Stretch { found: true, text: text.to_owned() };
        let plain = |text: &str| Stretch { found: false, text: text.to_owned() };
        assert_eq!(
            stretches("the \u{e000}river\u{e001} rose"),
            [plain("the "), found("river"), plain(" rose")]
        );
        assert_eq!(stretches("a stray \u{e001} mark"), [plain("a stray  mark")]);
        assert_eq!(stretches(""), []);
    }

    #[test]
    fn words_are_counted_without_dashes() {
        assert_eq!(words("One — two, three"), 3);
        assert_eq!((minutes(0), minutes(230), minutes(231)), (1, 1, 2));
    }
}
