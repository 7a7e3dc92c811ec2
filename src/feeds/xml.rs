//! XML as all documents of this surface are written: one escaper, one shape.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesPI, BytesStart, BytesText, Event};

use super::feed::Image;
use crate::web::assets;

pub const ATOM: (&str, &str) = ("xmlns:atom", "http://www.w3.org/2005/Atom");
pub const MEDIA: (&str, &str) = ("xmlns:media", "http://search.yahoo.com/mrss/");

/// Writes XML into memory. Writing there cannot fail, so nothing here answers an error.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub fn new() -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// What goes on where another part ended.
    pub fn part() -> Self {
        Self(Writer::new_with_indent(Vec::new(), b' ', 1))
    }

    /// For documents that a person may open too.
    pub fn styled() -> Self {
        let mut xml = Self::new();
        let style = format!("xml-stylesheet type=\"text/css\" href=\"{}\"", assets::url("css/feed.css"));
        xml.write(Event::PI(BytesPI::new(style)));
        xml
    }

    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.write(Event::Start(element(name, attributes)));
        self
    }

    pub fn close(&mut self, name: &str) -> &mut Self {
        self.write(Event::End(BytesEnd::new(name)));
        self
    }

    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.write(Event::Empty(element(name, attributes)));
        self
    }

    /// An element that holds a text.
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.text_with(name, &[], text)
    }

    pub fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> &mut Self {
        self.write(Event::Start(element(name, attributes)));
        self.write(Event::Text(BytesText::new(&legal(text))));
        self.write(Event::End(BytesEnd::new(name)));
        self
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }

    fn write(&mut self, event: Event<'_>) {
        if let Err(error) = self.0.write_event(event) {
            tracing::error!(%error, "XML could not be written to memory");
        }
    }
}

fn element<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for (name, value) in attributes {
        element.push_attribute((*name, legal(value).as_str()));
    }
    element
}

/// A picture as Media RSS has it, in RSS and in Atom.
pub fn media(xml: &mut Xml, picture: &Image) {
    let sizes = [picture.bytes.to_string(), picture.width.to_string(), picture.height.to_string()];
    xml.open(
        "media:content",
        &[
            ("url", &picture.href),
            ("fileSize", &sizes[0]),
            ("type", Image::MEDIA_TYPE),
            ("medium", "image"),
            ("width", &sizes[1]),
            ("height", &sizes[2]),
        ],
    );
    if !picture.caption.is_empty() {
        xml.text_with("media:description", &[("type", "plain")], &picture.caption);
    }
    if !picture.credit.is_empty() {
        xml.text_with("media:credit", &[("role", "photographer")], &picture.credit);
    }
    xml.close("media:content");
}

/// Drops what XML 1.0 forbids even as an entity; a feed with one such character is no feed at all.
fn legal(text: &str) -> String {
    text.chars()
        .filter(|&c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_its_element() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", "\"<&")]).text("c", "]]></c><&\u{0}\u{b}\u{fffe}\"").close("a");
        let text = String::from_utf8(xml.into_bytes()).unwrap_or_default();
        assert!(text.contains("<a b=\"&quot;&lt;&amp;\">"), "{text}");
        assert!(text.contains("<c>]]&gt;&lt;/c&gt;&lt;&amp;&quot;</c>"), "{text}");
    }
}
