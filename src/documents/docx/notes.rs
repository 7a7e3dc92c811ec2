//! Footnotes and endnotes: which there are. They are read when the text has asked for them.

use std::collections::HashMap;
use std::ops::Range;

use super::parts::{Kind, Parts};
use crate::documents::Refused;
use crate::documents::xml::Xml;

/// Foot or end, and the number in the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteId {
    pub is_end: bool,
    pub id: String,
}

#[derive(Debug, Default)]
pub struct Notes {
    foot: Option<String>,
    end: Option<String>,
    found: HashMap<NoteId, Range<usize>>,
}

impl Notes {
    pub fn read(parts: &Parts<'_>) -> Result<Self, Refused> {
        let mut notes = Self::default();
        notes.foot = notes.find(parts.by_kind(Kind::Footnotes)?, false)?;
        notes.end = notes.find(parts.by_kind(Kind::Endnotes)?, true)?;
        Ok(notes)
    }

    /// Where in the file each note stands.
    fn find(&mut self, text: Option<String>, is_end: bool) -> Result<Option<String>, Refused> {
        let Some(text) = text else { return Ok(None) };
        let mut xml = Xml::new(&text);
        xml.child()?;
        while let Some(tag) = xml.child()? {
            let content = xml.content()?;
            if tag.attribute("type").is_none_or(|kind| kind == "normal")
                && let Some(id) = tag.attribute("id")
            {
                self.found.insert(NoteId { is_end, id: id.to_owned() }, content);
            }
        }
        Ok(Some(text))
    }

    pub fn has(&self, id: &NoteId) -> bool {
        self.found.contains_key(id)
    }

    /// The XML of what is in the note.
    pub fn text(&self, id: &NoteId) -> Option<&str> {
        let text = if id.is_end { &self.end } else { &self.foot };
        text.as_deref()?.get(self.found.get(id)?.clone())
    }
}
