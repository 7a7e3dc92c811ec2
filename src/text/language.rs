//! Languages: their direction, their dates, their dictionary in the search.

use std::fmt;

use chrono::Locale;

/// A language tag such as `en`, `fa` or `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Language(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is written like en, fa or pt-BR")]
pub struct NotALanguage;

impl Language {
    pub fn parse(text: &str) -> Result<Self, NotALanguage> {
        let mut parts = text.trim().split('-');
        let primary = parts.next().unwrap_or_default();
        let sound = (2..=3).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_alphabetic())
            && parts
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if sound { Ok(Self(text.trim().to_owned())) } else { Err(NotALanguage) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `rtl` or `ltr`, as the `dir` attribute wants it.
    pub fn direction(&self) -> &'static str {
        match self.primary().as_str() {
            "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi" => "rtl",
            _ => "ltr",
        }
    }

    /// The text search configuration of Postgres; `simple` where it has no dictionary.
    pub fn search_config(&self) -> &'static str {
        match self.primary().as_str() {
            "ar" => "arabic",
            "hy" => "armenian",
            "eu" => "basque",
            "ca" => "catalan",
            "da" => "danish",
            "nl" => "dutch",
            "en" => "english",
            "fi" => "finnish",
            "fr" => "french",
            "de" => "german",
            "el" => "greek",
            "hi" => "hindi",
            "hu" => "hungarian",
            "id" => "indonesian",
            "ga" => "irish",
            "it" => "italian",
            "lt" => "lithuanian",
            "ne" => "nepali",
            "no" | "nb" | "nn" => "norwegian",
            "pt" => "portuguese",
            "ro" => "romanian",
            "ru" => "russian",
            "sr" => "serbian",
            "es" => "spanish",
            "sv" => "swedish",
            "ta" => "tamil",
            "tr" => "turkish",
            "yi" => "yiddish",
            _ => "simple",
        }
    }

    /// How this language writes its dates.
    pub(crate) fn locale(&self) -> Locale {
        let whole = self.0.replace('-', "_");
        if let Ok(locale) = Locale::try_from(whole.as_str()) {
            return locale;
        }
        let primary = self.primary();
        let region = match primary.as_str() {
            "ar" => "EG",
            "cs" => "CZ",
            "da" => "DK",
            "el" => "GR",
            "fa" => "IR",
            "he" => "IL",
            "hi" => "IN",
            "ja" => "JP",
            "ko" => "KR",
            "ps" => "AF",
            "sv" => "SE",
            "uk" => "UA",
            "ur" => "PK",
            "zh" => "CN",
            _ => "",
        };
        let region = if region.is_empty() { primary.to_uppercase() } else { region.to_owned() };
        Locale::try_from(format!("{primary}_{region}").as_str()).unwrap_or(Locale::POSIX)
    }

    fn primary(&self) -> String {
        self.0.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }
}

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_knows_its_direction_and_dictionary() {
        let of = |tag: &str| Language::parse(tag).map(|l| (l.direction(), l.search_config()));
        assert_eq!(of("en-GB"), Ok(("ltr", "english")));
        assert_eq!(of("fa"), Ok(("rtl", "simple")));
        assert_eq!(of("ar-EG"), Ok(("rtl", "arabic")));
    }

    #[test]
    fn what_is_no_language_tag_is_refused() {
        for text in ["", "e", "english language", "en_GB", "en-", "12", "<b>"] {
            assert_eq!(Language::parse(text), Err(NotALanguage), "{text}");
        }
    }
}
