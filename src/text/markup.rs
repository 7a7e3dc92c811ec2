//! The tags of clean HTML, one after the other. Nothing else may be read like this: only what the cleaner wrote has
//! every attribute in double quotes and no bracket outside a tag.

use std::borrow::Cow;

use super::CleanHtml;
use super::html::unescape;

/// From its name to before its `>`.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'a>(&'a str);

impl<'a> Tag<'a> {
    pub fn is_end(self) -> bool {
        self.0.starts_with('/')
    }

    /// The same for the start and the end of an element.
    pub fn name(self) -> &'a str {
        let tag = self.0.trim_start_matches('/');
        &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())]
    }

    pub fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.0;
        while let Some((before, after)) = rest.split_once("=\"") {
            let (value, next) = after.split_once('"')?;
            if before.rsplit(' ').next() == Some(name) {
                return Some(unescape(value));
            }
            rest = next;
        }
        None
    }
}

pub fn tags(body: &CleanHtml) -> impl Iterator<Item = Tag<'_>> {
    let parts = body.as_str().split('<').skip(1);
    parts.filter_map(|part| part.split_once('>').map(|(tag, _)| Tag(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_with_their_attributes_as_they_are_read() {
        let html = "<p>a &lt; b <a href=\"/x?a=1&amp;b=2\">c</a><img alt=\"D = E\" src=\"/media/f\"></p>";
        let body = CleanHtml::clean(html).unwrap_or_default();
        let names: Vec<_> = tags(&body).map(|tag| (tag.name(), tag.is_end())).collect();
        assert_eq!(names, [("p", false), ("a", false), ("a", true), ("img", false), ("p", true)]);
        let read = |name: &str, attribute: &str| {
            tags(&body).find(|tag| tag.name() == name).and_then(|tag| tag.attribute(attribute))
        };
        assert_eq!(read("a", "href").as_deref(), Some("/x?a=1&b=2"));
        assert_eq!(read("img", "alt").as_deref(), Some("D = E"));
        assert_eq!(read("img", "src").as_deref(), Some("/media/f"));
        assert_eq!(read("img", "title"), None);
    }
}
