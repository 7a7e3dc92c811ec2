//! Lists that are only drawn: a paragraph that begins with a bullet or a number and is moved to the side.

/// What stood before an item: whether it counts, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    pub ordered: bool,
    pub number: i64,
}

impl Marker {
    /// `·`, `1.`, `a)`, `(iv)`
    pub fn parse(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '(');
        let word = text.trim_end_matches(['.', ')']);
        let is_word = !word.is_empty() && word.chars().all(char::is_alphanumeric);
        // Word's bullets of the second level are the letter o, without a full stop.
        let ordered = is_word && (word.len() < text.len() || word.chars().all(char::is_numeric));
        Self { ordered, number: word.parse().unwrap_or(1) }
    }

    /// Splits it from a paragraph: a short word, then blanks that do not break.
    pub fn split(text: &str) -> Option<(Self, &str)> {
        let text = text.trim_start();
        let end = text.find(|c: char| c == '\u{a0}' || c.is_whitespace())?;
        let (word, rest) = text.split_at(end);
        let is_short = word.chars().count() <= 5;
        let looks_like_one =
            word.chars().all(|c| !c.is_alphanumeric()) || word.ends_with(['.', ')']) || word == "o";
        let after = rest.trim_start_matches(|c: char| c == '\u{a0}' || c.is_whitespace());
        let is_apart = rest[..rest.len() - after.len()].contains('\u{a0}');
        (is_short && looks_like_one && is_apart).then(|| (Self::parse(word), after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_and_numbers_are_told_apart() {
        for (text, ordered, number) in [
            ("·", false, 1),
            ("o", false, 1),
            ("1.", true, 1),
            ("12)", true, 12),
            ("a.", true, 1),
            ("§", false, 1),
        ] {
            assert_eq!(Marker::parse(text), Marker { ordered, number }, "{text}");
        }
        let (marker, rest) = Marker::split("3.\u{a0}\u{a0} The third").unwrap_or((Marker::parse(""), ""));
        assert_eq!((marker.ordered, marker.number, rest), (true, 3, "The third"));
        assert_eq!(Marker::split("Mr. Holt said"), None);
    }
}
