//! Lists that people type into one field: tags, names in a byline.

/// The tags of a comma-separated field, in order, each once whatever its case; commas of any script.
pub fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for name in text.split([',', '،', '、', '，', '\n', ';', '؛']) {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.is_empty() && !tags.iter().any(|tag| tag.to_lowercase() == name.to_lowercase()) {
            tags.push(name);
        }
    }
    tags
}

/// The names in a byline such as "By Mira Aldan, Tomas Reyl and Ines Okoro".
pub fn byline(text: &str) -> Vec<String> {
    let text = text.trim();
    let text = text.strip_prefix("By ").or_else(|| text.strip_prefix("by ")).unwrap_or(text);
    tags(&text.replace(" and ", ",").replace(" & ", ",").replace(" و ", ","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_split_at_commas_and_kept_once() {
        assert_eq!(tags(" Rivers, city  budget,,rivers ,آب، رود"), ["Rivers", "city budget", "آب", "رود"]);
        assert!(tags(" , ,").is_empty());
    }

    #[test]
    fn a_byline_names_each_author() {
        assert_eq!(
            byline("By Mira Aldan, Tomas Reyl and Ines Okoro"),
            ["Mira Aldan", "Tomas Reyl", "Ines Okoro"]
        );
        assert_eq!(byline("Alexandra Sandoval"), ["Alexandra Sandoval"]);
    }
}
