//! Which lists have bullets and which have numbers, and where a number goes on.

use std::collections::HashMap;

use super::parts::{Kind, Parts};
use crate::documents::Refused;
use crate::documents::xml::Xml;

const LEVELS: usize = 9;

#[derive(Debug, Default)]
pub struct Numbering {
    /// The definition behind each list.
    lists: HashMap<String, String>,
    starts: HashMap<(String, usize), i64>,
    levels: HashMap<(String, usize), Level>,
    counted: HashMap<String, [Option<i64>; LEVELS]>,
}

#[derive(Clone, Debug)]
struct Level {
    format: String,
    start: i64,
}

/// One item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub level: usize,
    pub ordered: bool,
    pub number: i64,
}

impl Numbering {
    pub fn read(parts: &Parts<'_>) -> Result<Self, Refused> {
        let mut numbering = Self::default();
        let Some(text) = parts.by_kind(Kind::Numbering)? else { return Ok(numbering) };
        let mut xml = Xml::new(&text);
        xml.child()?;
        while let Some(tag) = xml.child()? {
            match (tag.name.as_str(), tag.attribute("abstractNumId"), tag.attribute("numId")) {
                ("abstractNum", Some(id), _) => numbering.definition(&mut xml, id)?,
                ("num", _, Some(id)) => numbering.list(&mut xml, id)?,
                _ => xml.skip()?,
            }
        }
        Ok(numbering)
    }

    fn definition(&mut self, xml: &mut Xml<'_>, id: &str) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            let (true, Some(at)) = (tag.name == "lvl", level(tag.number("ilvl"))) else {
                xml.skip()?;
                continue;
            };
            let mut level = Level { format: "decimal".to_owned(), start: 1 };
            while let Some(tag) = xml.child()? {
                match tag.name.as_str() {
                    "numFmt" => tag.attribute("val").unwrap_or_default().clone_into(&mut level.format),
                    "start" => level.start = tag.number("val").unwrap_or(1),
                    _ => {}
                }
                xml.skip()?;
            }
            self.levels.insert((id.to_owned(), at), level);
        }
        Ok(())
    }

    fn list(&mut self, xml: &mut Xml<'_>, id: &str) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "abstractNumId" => {
                    self.lists.insert(id.to_owned(), tag.attribute("val").unwrap_or_default().to_owned());
                    xml.skip()?;
                }
                "lvlOverride" => {
                    let at = level(tag.number("ilvl")).unwrap_or(0);
                    while let Some(tag) = xml.child()? {
                        if let ("startOverride", Some(start)) = (tag.name.as_str(), tag.number("val")) {
                            self.starts.insert((id.to_owned(), at), start);
                        }
                        xml.skip()?;
                    }
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// The next item of this list; `None` where it is a list in name only.
    pub fn next(&mut self, id: &str, at: usize) -> Option<Item> {
        let at = at.min(LEVELS - 1);
        let definition = self.lists.get(id)?.clone();
        let level = self.levels.get(&(definition.clone(), at));
        let format = level.map_or("bullet", |level| level.format.as_str());
        if id == "0" || format == "none" {
            return None;
        }
        let ordered = format != "bullet";
        // Lists of one definition count on, unless one of them says where it starts.
        let own = self.starts.contains_key(&(id.to_owned(), at));
        let start = self.starts.get(&(id.to_owned(), at)).copied().or_else(|| level.map(|level| level.start));
        let key = if own { format!("list {id}") } else { definition };
        let counted = self.counted.entry(key).or_default();
        let number = counted[at].map_or(start.unwrap_or(1), |last| last.saturating_add(1));
        counted[at] = Some(number);
        counted[at + 1..].fill(None);
        Some(Item { level: at, ordered, number })
    }
}

fn level(number: Option<i64>) -> Option<usize> {
    usize::try_from(number?).ok().filter(|level| *level < LEVELS)
}
