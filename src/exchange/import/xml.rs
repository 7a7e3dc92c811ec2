//! XML as exports are written, a step at a time and within bounds: no document type, no entities of its own, no depth,
//! tag or list of attributes that an honest program would not write.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::stream::{Broken, Stream};

const MOST_DEPTH: usize = 64;
const MOST_ATTRIBUTES: usize = 256;
const MOST_TAG_BYTES: usize = 64 * 1024;

/// An element that begins: its name with its prefix, and its attributes.
#[derive(Debug, Default)]
pub struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

pub enum Step {
    Open(Tag),
    Close,
    Text(String),
}

pub struct Xml {
    reader: Reader<Stream>,
    buffer: Vec<u8>,
    depth: usize,
    is_empty: bool,
}

impl Xml {
    pub fn new(stream: Stream) -> Self {
        let mut reader = Reader::from_reader(stream);
        reader.config_mut().check_end_names = true;
        Self { reader, buffer: Vec::new(), depth: 0, is_empty: false }
    }

    /// `None` at the end of the file.
    pub fn step(&mut self) -> Result<Option<Step>, Broken> {
        if std::mem::take(&mut self.is_empty) {
            return Ok(Some(Step::Close));
        }
        loop {
            self.buffer.clear();
            if self.buffer.capacity() > 1024 * 1024 {
                self.buffer.shrink_to(64 * 1024);
            }
            self.reader.get_mut().allow();
            let at = self.reader.buffer_position();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|cause| damaged(at, &cause))?;
            match event {
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth > MOST_DEPTH {
                        return Err(Broken::refused("Its elements are nested beyond measure."));
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
                    let letter = match reference.resolve_char_ref() {
                        Ok(Some(letter)) => letter,
                        Ok(None) => named(&reference.xml10_content())?,
                        Err(_) => '\u{fffd}',
                    };
                    return Ok(Some(Step::Text(letter.to_string())));
                }
                Event::DocType(_) => {
                    return Err(Broken::refused("It declares a document type, and such files are not read."));
                }
                Event::Decl(decl) => check_encoding(&decl)?,
                Event::Eof if self.depth > 0 => {
                    return Err(Broken::refused("It ends in the middle: the file is incomplete."));
                }
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::PI(_) => {}
            }
        }
    }

    /// The next child of the element that was opened last; `None` at its end. Each has to be read or skipped.
    pub fn child(&mut self) -> Result<Option<Tag>, Broken> {
        loop {
            match self.step()? {
                Some(Step::Open(tag)) => return Ok(Some(tag)),
                Some(Step::Text(_)) => {}
                Some(Step::Close) | None => return Ok(None),
            }
        }
    }

    /// The text inside the element that was opened last, and past its end.
    pub fn text(&mut self) -> Result<String, Broken> {
        let mut text = String::new();
        let mut open = 1;
        while open > 0 {
            match self.step()? {
                Some(Step::Open(_)) => open += 1,
                Some(Step::Close) => open -= 1,
                Some(Step::Text(part)) => text.push_str(&part),
                None => return Err(Broken::refused("It ends in the middle: the file is incomplete.")),
            }
            if text.len() > super::stream::MOST_AT_ONCE {
                return Err(Broken::refused("One text in it is longer than 8 MiB."));
            }
        }
        Ok(text.replace('\0', ""))
    }

    pub fn skip(&mut self) -> Result<(), Broken> {
        let mut open = 1;
        while open > 0 {
            match self.step()? {
                Some(Step::Open(_)) => open += 1,
                Some(Step::Close) => open -= 1,
                Some(Step::Text(_)) => {}
                None => return Err(Broken::refused("It ends in the middle: the file is incomplete.")),
            }
        }
        Ok(())
    }

    /// The markup inside the element that was opened last, as it would stand in a page: of XHTML in a feed.
    pub fn markup(&mut self) -> Result<String, Broken> {
        let mut html = String::new();
        let mut open: Vec<String> = Vec::new();
        loop {
            match self.step()? {
                Some(Step::Open(tag)) => {
                    let name = tag.name.rsplit(':').next().unwrap_or_default().to_owned();
                    html.push('<');
                    html.push_str(&name);
                    for (key, value) in &tag.attributes {
                        html.extend([" ", key, "=\"", &crate::documents::escape(value), "\""]);
                    }
                    html.push('>');
                    open.push(name);
                }
                Some(Step::Close) => match open.pop() {
                    Some(name) => html.extend(["</", &name, ">"]),
                    None => return Ok(html),
                },
                Some(Step::Text(text)) => html.push_str(&crate::documents::escape(&text)),
                None => return Err(Broken::refused("It ends in the middle: the file is incomplete.")),
            }
            if html.len() > super::stream::MOST_AT_ONCE {
                return Err(Broken::refused("One text in it is longer than 8 MiB."));
            }
        }
    }
}

fn read(tag: &BytesStart<'_>) -> Result<Tag, Broken> {
    if tag.len() > MOST_TAG_BYTES {
        return Err(Broken::refused("One of its tags is larger than 64 KiB."));
    }
    let mut attributes = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Broken::refused("One of its tags is broken."))?;
        if attributes.len() == MOST_ATTRIBUTES {
            return Err(Broken::refused("One of its tags has more than 256 attributes."));
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|_| Broken::refused("An attribute in it uses an entity that XML does not have."))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Tag { name: tag.name().as_ref().to_owned(), attributes })
}

fn check_encoding(decl: &quick_xml::events::BytesDecl<'_>) -> Result<(), Broken> {
    let Some(Ok(encoding)) = decl.encoding() else { return Ok(()) };
    let name: &str = encoding.as_ref();
    if matches!(name.to_ascii_lowercase().as_str(), "utf-8" | "utf8" | "us-ascii") {
        Ok(())
    } else {
        Err(Broken::refused(format!("It is written in {name}. Save it as UTF-8 and send it again.")))
    }
}

fn damaged(at: u64, cause: &quick_xml::Error) -> Broken {
    let text = cause.to_string();
    if matches!(cause, quick_xml::Error::Encoding(_)) {
        return Broken::refused("The file is not text in UTF-8. Save it as UTF-8 and send it again.");
    }
    if matches!(cause, quick_xml::Error::Io(_)) {
        return Broken::refused(format!("The file cannot be read: {text}."));
    }
    Broken::refused(format!("Its XML is broken near byte {at}: {text}."))
}

/// The five entities that XML has without a document type, and those of HTML that feeds use all the same.
fn named(name: &str) -> Result<char, Broken> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        "nbsp" => Ok('\u{a0}'),
        "hellip" => Ok('…'),
        "ndash" => Ok('–'),
        "mdash" => Ok('—'),
        "lsquo" => Ok('‘'),
        "rsquo" => Ok('’'),
        "ldquo" => Ok('“'),
        "rdquo" => Ok('”'),
        "copy" => Ok('©'),
        _ => Err(Broken::refused("It uses an entity that XML does not have.")),
    }
}
