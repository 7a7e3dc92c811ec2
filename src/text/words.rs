//! Words looked for in what people write, in any script.
//!
//! A word is found where it stands alone; in scripts that are written without spaces, wherever it stands. An editor
//! writes `*` at an end of a word to have it found inside longer ones.

use unicode_normalization::UnicodeNormalization;

/// Words that have been normalised, ready to be looked for.
#[derive(Debug, Default)]
pub struct Words(Vec<String>);

impl Words {
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().filter(|word| !bare(word).is_empty()).collect())
    }

    /// The first of them that stands in the text, as the editor wrote it.
    pub fn find(&self, text: &str) -> Option<&str> {
        let text = normalise(text);
        self.0.iter().map(String::as_str).find(|word| stands_in(word, &text))
    }
}

/// What is typed in one line of a list: one way of writing for one word. Signs that only look the same do not differ,
/// signs that nobody sees are gone, and capitals are small.
pub fn normalise(text: &str) -> String {
    let folded = text.nfkc().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase).map(one_sigma).nfkc();
    folded.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sigma at the end of a word is the other one.
fn one_sigma(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

fn bare(word: &str) -> &str {
    word.trim_matches('*').trim()
}

fn stands_in(word: &str, text: &str) -> bool {
    let open_left = word.starts_with('*');
    let open_right = word.ends_with('*');
    let word = bare(word);
    text.match_indices(word).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        let starts = open_left || is_edge(before, word.chars().next());
        let ends = open_right || is_edge(after, word.chars().next_back());
        starts && ends
    })
}

/// Whether a word may end between its own last sign and what stands beside it.
fn is_edge(beside: Option<char>, own: Option<char>) -> bool {
    let joins = beside.is_some_and(|c| c.is_alphanumeric() || is_mark(c));
    !joins || own.is_some_and(is_unspaced) || own.is_some_and(|c| !c.is_alphanumeric() && !is_mark(c))
}

/// Signs that are drawn onto the one before, in scripts where they are no letters of their own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}

/// Thai, Lao, Tibetan, Burmese, Khmer, kana, Han; and Hangul, where endings are written onto the word.
fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{e00}'..='\u{fff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1100}'..='\u{11ff}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3130}'..='\u{318f}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{20000}'..='\u{323af}'
    )
}

/// Joiners, direction signs, soft hyphens, the long Arabic stroke: put into a word so that it is not found.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{640}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str, text: &str) -> bool {
        Words::new([normalise(word)]).find(text).is_some()
    }

    #[test]
    fn a_word_is_found_alone_and_not_inside_another() {
        assert!(found("casino", "Visit my CASINO, now!"));
        assert!(found("casino", "casino"));
        assert!(!found("casino", "The Casinos of old"));
        assert!(!found("ass", "Classes at the pass"));
        assert!(found("buy now", "please  Buy\nNOW."));
    }

    #[test]
    fn a_star_opens_an_end() {
        assert!(found("casino*", "The Casinos of old"));
        assert!(found("*coin", "all about bitcoin"));
        assert!(!found("*coin", "all about coins"));
        assert!(!found("**", "anything"));
    }

    #[test]
    fn capitals_widths_and_unseen_signs_do_not_hide_a_word() {
        assert!(found("viagra", "ＶＩＡＧＲＡ"));
        assert!(found("viagra", "via\u{200b}gra and vi\u{ad}agra"));
        assert!(found("οδος", "ΟΔΟΣ"));
        assert!(found("Straße", "STRAßE"));
        assert!(found("café", "cafe\u{301}"));
    }

    #[test]
    fn arabic_and_persian_are_words_between_spaces() {
        assert!(found("قمار", "سایت قمار، همین حالا"));
        assert!(found("قمار", "ق\u{640}مار"));
        assert!(!found("قمار", "قماربازی"));
        assert!(found("قمار*", "قماربازی"));
        assert!(found("شرط\u{200c}بندی", "شرط\u{200c}بندی آنلاین"));
    }

    #[test]
    fn scripts_without_spaces_are_searched_inside() {
        assert!(found("时时彩", "欢迎来到时时彩平台"));
        assert!(found("カジノ", "オンラインカジノです"));
        assert!(found("การพนัน", "เว็บการพนันออนไลน์"));
        assert!(found("도박", "온라인도박은"));
        assert!(!found("时时彩", "时时"));
    }

    #[test]
    fn cyrillic_devanagari_and_signs_are_found() {
        assert!(found("казино", "Лучшее Казино!"));
        assert!(!found("казино", "казиношный"));
        assert!(found("जुआ", "यह जुआ है"));
        assert!(found("$$$", "earn $$$now"));
    }
}
