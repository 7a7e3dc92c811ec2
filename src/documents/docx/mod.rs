//! Word documents (`.docx`), as Word, LibreOffice, Google Docs and Pages write them.
//!
//! Styles decide what a paragraph means, never its looks: a heading is what its style or its outline level calls
//! one. Tracked changes are taken as accepted; comments, text boxes, drawings and formulas are left out and counted.

mod fields;
mod notes;
mod numbering;
mod parts;
mod pictures;
mod run;
mod story;
mod styles;
mod tables;

use self::notes::Notes;
use self::numbering::Numbering;
use self::parts::{Kind, Parts};
use self::pictures::Pictures;
use self::story::Story;
use self::styles::Styles;
use super::writer::Writer;
use super::zip::Archive;
use super::{Draft, Refused, front_matter};
use crate::text::Language;

pub fn read(bytes: &[u8]) -> Result<Draft, Refused> {
    let archive = Archive::open(bytes)?;
    let parts = Parts::open(&archive)?;
    let styles = Styles::read(&parts)?;
    let mut story = Story {
        numbering: Numbering::read(&parts)?,
        notes: Notes::read(&parts)?,
        pictures: Pictures::new(&parts),
        relations: parts.relations(&parts.main)?,
        writer: Writer::default(),
        styles: &styles,
        draft: Draft::default(),
        title: Vec::new(),
        fields: fields::Fields::default(),
        carried: None,
        note_number: 0,
        asked_notes: Vec::new(),
        rtl_paragraphs: 0,
        paragraphs: 0,
        has_rule: false,
        is_bold: true,
    };
    story.document(&parts.main_text()?)?;
    story.write_notes(&parts)?;
    let Story { mut draft, writer, title, pictures, rtl_paragraphs, paragraphs, .. } = story;
    draft.pieces = writer.finish();
    draft.pictures = pictures.into_taken();
    let about = about(&parts)?;
    draft.tags = about.keywords;
    draft.language = about.language;
    if draft.language.is_none() && rtl_paragraphs * 2 > paragraphs {
        draft.language = styles.rtl_language.as_deref().and_then(|tag| Language::parse(tag).ok());
    }
    draft.find_headline(title.join(" "), &about.title);
    Ok(draft)
}

#[derive(Default)]
struct About {
    title: String,
    keywords: Vec<String>,
    language: Option<Language>,
}

/// What the document says of itself. Its author is not asked: that is whose computer it was.
fn about(parts: &Parts<'_>) -> Result<About, Refused> {
    let mut about = About::default();
    let Some(text) = parts.by_kind(Kind::Core)? else { return Ok(about) };
    let mut xml = super::xml::Xml::new(&text);
    xml.child()?;
    while let Some(tag) = xml.child()? {
        let said = xml.text()?;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        match tag.name.as_str() {
            "title" => about.title = said,
            "keywords" => about.keywords = front_matter::words(&said),
            "language" => about.language = Language::parse(&said).ok(),
            _ => {}
        }
    }
    Ok(about)
}
