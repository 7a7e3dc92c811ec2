//! Slugs: the readable half of an address, in whatever script the headline has.

use std::fmt;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Bytes, not letters: an address must stay short after percent-encoding too, and the schema checks the same.
pub const MAX_BYTES: usize = 80;

/// Letters, digits and marks of any script in lower case, joined by single hyphens; never empty,
/// at most [`MAX_BYTES`] bytes, never transliterated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, serde::Serialize)]
#[sqlx(transparent)]
pub struct Slug(String);

impl Slug {
    /// The slug of a text, or `None` when the text holds no letter and no digit.
    pub fn of(text: &str) -> Option<Self> {
        let mut slug = String::new();
        let mut gap = false;
        for c in text.nfc().flat_map(char::to_lowercase).nfc() {
            if c.is_alphanumeric() || (is_combining_mark(c) && !slug.is_empty() && !gap) {
                let hyphen = usize::from(gap && !slug.is_empty());
                if slug.len() + hyphen + c.len_utf8() > MAX_BYTES {
                    return Some(Self(shorten(slug, gap)));
                }
                if hyphen == 1 {
                    slug.push('-');
                }
                gap = false;
                slug.push(c);
            } else if !is_apostrophe(c) {
                gap = true;
            }
        }
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// Like [`Slug::of`], with a stand-in for a text that has no letters at all.
    pub fn of_or(text: &str, stand_in: &str) -> Self {
        Self::of(text).unwrap_or_else(|| Self(stand_in.to_owned()))
    }

    /// The same slug with a number behind it, for a second thing of the same name.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let tail = format!("-{number}");
        let mut head = self.0.clone();
        while head.len() + tail.len() > MAX_BYTES {
            head.pop();
        }
        Self(head + &tail)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Cuts at the last hyphen when the cut would fall inside a word and a good part of the slug remains.
fn shorten(mut slug: String, at_word_end: bool) -> String {
    if !at_word_end && let Some(hyphen) = slug.rfind('-').filter(|&at| at > MAX_BYTES / 3) {
        slug.truncate(hyphen);
    }
    slug
}

/// "don't" is one word.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> String {
        Slug::of(text).map_or_else(String::new, |slug| slug.to_string())
    }

    #[test]
    fn words_are_joined_by_single_hyphens() {
        assert_eq!(slug("  Iran & Pakistan:  A New Chapter! "), "iran-pakistan-a-new-chapter");
    }

    #[test]
    fn an_apostrophe_does_not_split_a_word() {
        assert_eq!(slug("The city\u{2019}s market isn't closed"), "the-citys-market-isnt-closed");
    }

    #[test]
    fn every_script_keeps_its_letters() {
        assert_eq!(slug("خبرگزاری‌ها گزارش دادند"), "خبرگزاری-ها-گزارش-دادند");
        assert_eq!(slug("Ειδήσεις της ημέρας"), "ειδήσεις-της-ημέρας");
        assert_eq!(slug("新闻 网站"), "新闻-网站");
        assert_eq!(slug("हिन्दी समाचार"), "हिन्दी-समाचार");
    }

    #[test]
    fn composed_and_decomposed_letters_give_one_slug() {
        assert_eq!(slug("Cafe\u{301}"), slug("Café"));
    }

    #[test]
    fn a_long_text_is_cut_between_words_within_the_limit() {
        let long = slug(&"reservoir ".repeat(20));
        assert!(long.len() <= MAX_BYTES && long.ends_with("reservoir"), "{long}");
        assert!(slug(&"ж".repeat(200)).len() <= MAX_BYTES);
    }

    #[test]
    fn a_text_without_letters_has_no_slug() {
        assert_eq!(Slug::of("?! —"), None);
    }

    #[test]
    fn a_slug_is_its_own_slug() {
        for text in ["A New Chapter", "خبرگزاری‌ها", "İstanbul", "ﬁne ligature", &"reservoir ".repeat(20)]
        {
            assert_eq!(slug(&slug(text)), slug(text));
        }
    }

    #[test]
    fn a_numbered_slug_stays_within_the_limit() {
        let numbered = Slug::of_or(&"x".repeat(300), "x").numbered(12);
        assert!(numbered.as_str().len() <= MAX_BYTES && numbered.as_str().ends_with("-12"));
    }
}
