//! The lines between `---` before a Markdown text: names and values, lists too. No YAML is read: what is not as
//! simple as this is passed over.

use super::Draft;
use crate::text::Language;

/// Fills in what stands before the text; the rest of it is the text. The title is given back, for the text may hold
/// it too.
pub fn read<'a>(source: &'a str, draft: &mut Draft) -> (String, &'a str) {
    let (fence, separator) = if source.starts_with("+++") { ("+++", '=') } else { ("---", ':') };
    let mut title = String::new();
    let Some((front, rest)) = split(source, fence) else { return (title, source) };
    for (name, values) in pairs(front, separator) {
        let value = values.join(", ");
        match name.as_str() {
            "title" | "headline" => title = value,
            "subtitle" | "standfirst" | "description" | "summary" | "excerpt" | "abstract" | "lead"
                if draft.standfirst.is_empty() =>
            {
                draft.standfirst = value;
            }
            "author" | "authors" | "byline" => draft.byline = value,
            "kicker" => draft.kicker = value,
            "dateline" => draft.dateline = value,
            "tags" | "keywords" => draft.tags = values.iter().flat_map(|value| words(value)).collect(),
            "lang" | "language" | "locale" => draft.language = Language::parse(&value.replace('_', "-")).ok(),
            _ => {}
        }
    }
    (title, rest)
}

/// All names in lower case with their values, and the text behind them.
pub fn all(source: &str) -> (Vec<(String, Vec<String>)>, &str) {
    let (fence, separator) = if source.starts_with("+++") { ("+++", '=') } else { ("---", ':') };
    match split(source, fence) {
        Some((front, rest)) => (pairs(front, separator), rest),
        None => (Vec::new(), source),
    }
}

/// `a, b; c`
pub fn words(list: &str) -> Vec<String> {
    list.split([',', ';', '،']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn split<'a>(source: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let after = source.strip_prefix(fence)?;
    let after = after.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n')?;
    let mut at = 0;
    for line in after.split_inclusive('\n') {
        if line.trim_end() == fence || (fence == "---" && line.trim_end() == "...") {
            return Some((&after[..at], &after[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

fn pairs(front: &str, separator: char) -> Vec<(String, Vec<String>)> {
    let mut pairs: Vec<(String, Vec<String>)> = Vec::new();
    for line in front.lines() {
        let is_indented = line.starts_with([' ', '\t', '-']);
        let line = line.trim();
        match (line.strip_prefix("- "), pairs.last_mut()) {
            (_, _) if line.is_empty() || line.starts_with('#') => {}
            (Some(item), Some((_, values))) if is_indented => values.push(bare(item)),
            // A folded value, or one of several parts.
            (None, Some((_, values))) if is_indented => match values.last_mut() {
                Some(last) => last.extend([" ", line]),
                None => values.push(bare(line)),
            },
            _ => {
                if let Some((name, value)) = line.split_once(separator) {
                    pairs.push((name.trim().to_ascii_lowercase(), values(value.trim())));
                }
            }
        }
    }
    pairs
}

fn values(value: &str) -> Vec<String> {
    match value {
        "" | ">" | "|" | ">-" | "|-" => Vec::new(),
        _ => match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
            Some(list) => list.split(',').map(bare).filter(|value| !value.is_empty()).collect(),
            None => vec![bare(value)],
        },
    }
}

/// Without the quotes around it.
fn bare(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote)) {
            return inner.replace("\\\"", "\"").replace("''", "'");
        }
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_values_and_lists_are_read() {
        let source = "---\ntitle: \"The ferry: a story\"\nauthor:\n  - Mira Holt\n  - Jon Elling\n\
                      tags: [harbour, 'ferries']\nlang: pt_BR\nsummary: >\n  It runs\n  again.\nodd\n---\n# Text\n";
        let mut draft = Draft::default();
        let (title, rest) = read(source, &mut draft);
        assert_eq!((title.as_str(), rest), ("The ferry: a story", "# Text\n"));
        assert_eq!(
            (draft.byline.as_str(), draft.standfirst.as_str()),
            ("Mira Holt, Jon Elling", "It runs again.")
        );
        assert_eq!(draft.tags, ["harbour", "ferries"]);
        assert_eq!(draft.language.unwrap_or_default().as_str(), "pt-BR");
    }

    #[test]
    fn a_rule_is_no_front_matter() {
        let mut draft = Draft::default();
        assert_eq!(read("---\n\nText\n", &mut draft).1, "---\n\nText\n");
    }
}
