//! Data for machines inside a page: JSON in a block that no browser runs and no text can end.

use std::fmt::{self, Write as _};

use serde_json::Value;

/// What stands between `<script type="application/ld+json">` and its end. It can only be made of a value, and whatever
/// could be taken for markup is written as an escape of JSON.
#[derive(Clone, Debug)]
pub struct Data(String);

impl Data {
    pub fn new(value: &Value) -> Self {
        let json = value.to_string();
        let mut safe = String::with_capacity(json.len());
        for c in json.chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(safe, "\\u{:04x}", u32::from(c));
                }
                c => safe.push(c),
            }
        }
        Self(safe)
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Data {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}
impl askama::filters::HtmlSafe for Data {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_text_ends_the_block_and_every_text_is_read_again() {
        let hostile = "</script><script>alert(1)</script>]]>&--><!-- \u{2028}";
        let value = json!({ hostile: hostile });
        let data = Data::new(&value).to_string();
        assert!(!data.contains(['<', '>', '&', '\u{2028}']), "{data}");
        assert_eq!(serde_json::from_str::<Value>(&data).unwrap(), value);
    }
}
