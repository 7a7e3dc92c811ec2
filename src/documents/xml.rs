//! XML as word processors write it, read as it comes and within bounds: no document type, no entities of its own, no
//! depth, tag or list of attributes that an honest writer would not need.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::Refused;

const MOST_DEPTH: usize = 256;
/// The first tag of a Word document names some forty namespaces.
const MOST_ATTRIBUTES: usize = 128;
const MOST_TAG_BYTES: usize = 64 * 1024;

/// One step through a document. Names come without their prefix.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    Open(Tag),
    Close,
    Text(String),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// `<w:b/>` is on, `<w:b w:val="0"/>` is off.
    pub fn is_on(&self) -> bool {
        !matches!(self.attribute("val"), Some("0" | "false" | "off" | "none"))
    }
}

pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// An empty element was opened, and is closed by the next step.
    is_empty: bool,
}

impl<'a> Xml<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        Self { reader, depth: 0, is_empty: false }
    }

    /// The next step, or `None` at the end.
    pub fn step(&mut self) -> Result<Option<Step>, Refused> {
        if std::mem::take(&mut self.is_empty) {
            return Ok(Some(Step::Close));
        }
        loop {
            match self.reader.read_event().map_err(|_| broken())? {
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth > MOST_DEPTH {
                        return Err(Refused::Hostile("its elements are nested beyond measure"));
                    }
                    return Ok(Some(Step::Open(read(&tag)?)));
                }
                Event::Empty(tag) => {
                    self.is_empty = true;
                    return Ok(Some(Step::Open(read(&tag)?)));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Step::Close));
                }
                Event::Text(text) => return Ok(Some(Step::Text(text.xml10_content().into_owned()))),
                Event::CData(text) => return Ok(Some(Step::Text(text.xml10_content().into_owned()))),
                Event::GeneralRef(reference) => {
                    let letter = match reference.resolve_char_ref().map_err(|_| broken())? {
                        Some(letter) => letter,
                        None => named(&reference.xml10_content())?,
                    };
                    return Ok(Some(Step::Text(letter.to_string())));
                }
                Event::DocType(_) => return Err(Refused::Hostile("it declares a document type")),
                Event::Eof if self.depth > 0 => return Err(broken()),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// Steps over the element that was opened last.
    pub fn skip(&mut self) -> Result<(), Refused> {
        let mut open = 1;
        while open > 0 {
            match self.step()? {
                Some(Step::Open(_)) => open += 1,
                Some(Step::Close) => open -= 1,
                Some(Step::Text(_)) => {}
                None => return Err(broken()),
            }
        }
        Ok(())
    }

    /// Where in the source the content of the element lies that was opened last; and past its end.
    pub fn content(&mut self) -> Result<Range<usize>, Refused> {
        let start = self.position();
        let mut open = 1;
        loop {
            let before = self.position();
            match self.step()?.ok_or_else(broken)? {
                Step::Open(_) => open += 1,
                Step::Close => open -= 1,
                Step::Text(_) => {}
            }
            if open == 0 {
                return Ok(start..before);
            }
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The text inside the element that was opened last, and past its end.
    pub fn text(&mut self) -> Result<String, Refused> {
        let mut text = String::new();
        let mut open = 1;
        while open > 0 {
            match self.step()? {
                Some(Step::Open(_)) => open += 1,
                Some(Step::Close) => open -= 1,
                Some(Step::Text(part)) => text.push_str(&part),
                None => return Err(broken()),
            }
        }
        Ok(text)
    }

    /// The next child of the element that was opened last; `None` at its end. Text between children is passed over.
    /// Each child must be read or skipped before the next is asked for.
    pub fn child(&mut self) -> Result<Option<Tag>, Refused> {
        loop {
            match self.step()? {
                Some(Step::Open(tag)) => return Ok(Some(tag)),
                Some(Step::Text(_)) => {}
                Some(Step::Close) | None => return Ok(None),
            }
        }
    }
}

fn read(tag: &BytesStart<'_>) -> Result<Tag, Refused> {
    if tag.len() > MOST_TAG_BYTES {
        return Err(Refused::Hostile("one of its tags is larger than any word processor writes"));
    }
    let mut attributes = Vec::new();
    // Looking for duplicates takes the square of their number, and one of two is as good as the other.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| broken())?;
        if attributes.len() == MOST_ATTRIBUTES {
            return Err(Refused::Hostile(
                "one of its tags has more attributes than any word processor writes",
            ));
        }
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| broken())?;
        attributes.push((local(attribute.key.as_ref()), value.into_owned()));
    }
    Ok(Tag { name: local(tag.name().as_ref()), attributes })
}

fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned()
}

/// The five entities that XML has without a document type.
fn named(name: &str) -> Result<char, Refused> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Refused::Hostile("it uses an entity that XML does not have")),
    }
}

pub fn broken() -> Refused {
    Refused::Damaged("its XML cannot be read")
}
