//! Where a value comes from: a flag, the environment, a file that the environment names, or the default.
//! What a value means stands in `values.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use super::keys::{KEYS, Key};

/// Names and values, as the process was given them or as a test makes them up.
pub type Values = BTreeMap<String, String>;

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Environment,
    File(String),
    Default,
}

/// What one key was given. `None` when nothing was said and there is no default.
#[derive(Debug, Clone)]
pub struct Setting {
    pub key: Key,
    pub value: Option<String>,
    pub origin: Origin,
}

/// The settings among the variables of this process.
pub fn environment() -> Result<Values, String> {
    let mut values = Values::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| is_ours(name)) else { continue };
        let value = value.into_string().map_err(|_| format!("{name} is not valid UTF-8."))?;
        values.insert(name.to_owned(), value);
    }
    Ok(values)
}

/// Flag before environment before file before default. An empty variable counts as not set, because compose
/// files pass empty strings for what is not there.
pub fn resolve(key: Key, flags: &Values, environment: &Values) -> Result<Setting, String> {
    let found = |value: String, origin| Ok(Setting { key, value: Some(value), origin });
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());

    if let Some(value) = flags.get(key.flag) {
        return if key.secret {
            found(read(&format!("--{}", key.flag), value)?, Origin::File(value.clone()))
        } else {
            found(value.clone(), Origin::Flag)
        };
    }
    let file = key.file_name().and_then(|name| set(&name).map(|path| (name, path)));
    match (set(key.name), file) {
        (Some(_), Some((file, _))) => Err(format!("{} and {file} are both set; set only one.", key.name)),
        (Some(value), None) => found(value.clone(), Origin::Environment),
        (None, Some((file, path))) => found(read(&file, path)?, Origin::File(path.clone())),
        (None, None) if key.default.is_empty() => Ok(Setting { key, value: None, origin: Origin::Default }),
        (None, None) => found(key.default.to_owned(), Origin::Default),
    }
}

/// A sentence for each variable that looks like ours and is not.
pub fn unknown(environment: &Values) -> Vec<String> {
    let known: Vec<String> =
        KEYS.iter().flat_map(|key| std::iter::once(key.name.to_owned()).chain(key.file_name())).collect();
    environment
        .keys()
        .filter(|name| is_ours(name) && !known.contains(name))
        .map(|name| match known.iter().min_by_key(|key| distance(name, key)) {
            Some(nearest) => format!("{name} is not a setting and is ignored. Did you mean {nearest}?"),
            None => format!("{name} is not a setting and is ignored."),
        })
        .collect()
}

fn is_ours(name: &str) -> bool {
    name.starts_with("BROADSHEET_")
        || KEYS.iter().any(|key| key.name == name || key.file_name().is_some_and(|file| file == name))
}

/// Editors end a file with a newline that belongs to no password: one is taken off.
fn read(name: &str, path: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(Path::new(path))
        .map_err(|error| format!("{name} names {path}, which cannot be read: {error}."))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(format!("{name} names {path}, which is empty."));
    }
    Ok(text.to_owned())
}

/// How many letters must change to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..to.len() {
            let change = diagonal + usize::from(letter != to[j]);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_changed_added_and_missing_letters() {
        assert_eq!(distance("LISTEN", "LISTEN"), 0);
        assert_eq!(distance("LISEN", "LISTEN"), 1);
        assert_eq!(distance("LISTENS", "LISTEN"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
