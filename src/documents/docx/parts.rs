//! The parts of a document and how they refer to each other.

use std::collections::HashMap;

use crate::documents::Refused;
use crate::documents::xml::Xml;
use crate::documents::zip::Archive;

/// The XML of a thousand pages.
const MOST_XML: u64 = 32 * 1024 * 1024;
const MOST_RELATIONS: usize = 20_000;

pub struct Parts<'a> {
    pub archive: &'a Archive<'a>,
    /// The name of the text itself, mostly `word/document.xml`.
    pub main: String,
    package: Relations,
    own: Relations,
}

#[derive(Clone, Copy)]
pub enum Kind {
    Core,
    Styles,
    Numbering,
    Footnotes,
    Endnotes,
    Settings,
}

/// By their id.
#[derive(Debug, Default)]
pub struct Relations(HashMap<String, Relation>);

#[derive(Debug)]
pub struct Relation {
    kind: String,
    /// A name in the archive, or an address.
    pub target: String,
    pub is_external: bool,
}

impl<'a> Parts<'a> {
    pub fn open(archive: &'a Archive<'a>) -> Result<Self, Refused> {
        if !archive.has("[Content_Types].xml") {
            return Err(match () {
                () if archive.has("content.xml") => Refused::OtherKind("an OpenDocument file"),
                () if archive.has("Index/Document.iwa") => Refused::OtherKind("a Pages document"),
                () => Refused::NotWord,
            });
        }
        let package = Relations::read(archive, "")?;
        let main = match package.of_kind("officeDocument") {
            Some(main) => main.target.clone(),
            None => "word/document.xml".to_owned(),
        };
        if !archive.has(&main) || main.starts_with("xl/") || main.starts_with("ppt/") {
            return Err(Refused::NotWord);
        }
        let own = Relations::read(archive, &main)?;
        Ok(Self { archive, main, package, own })
    }

    pub fn main_text(&self) -> Result<String, Refused> {
        self.text(&self.main)?.ok_or(Refused::NotWord)
    }

    pub fn relations(&self, part: &str) -> Result<Relations, Refused> {
        Relations::read(self.archive, part)
    }

    /// The part that plays this role, if there is one.
    pub fn by_kind(&self, kind: Kind) -> Result<Option<String>, Refused> {
        self.name(kind).map_or(Ok(None), |name| self.text(name))
    }

    pub fn name(&self, kind: Kind) -> Option<&str> {
        let (relations, word) = match kind {
            Kind::Core => (&self.package, "core-properties"),
            Kind::Styles => (&self.own, "styles"),
            Kind::Numbering => (&self.own, "numbering"),
            Kind::Footnotes => (&self.own, "footnotes"),
            Kind::Endnotes => (&self.own, "endnotes"),
            Kind::Settings => (&self.own, "settings"),
        };
        relations.of_kind(word).map(|relation| relation.target.as_str())
    }

    fn text(&self, name: &str) -> Result<Option<String>, Refused> {
        read(self.archive, name)
    }
}

fn read(archive: &Archive<'_>, name: &str) -> Result<Option<String>, Refused> {
    let Some(bytes) = archive.read(name, MOST_XML)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|_| Refused::Damaged("its text is not in UTF-8"))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

impl Relations {
    /// Those of a part, or of the whole document for "".
    fn read(archive: &Archive<'_>, part: &str) -> Result<Self, Refused> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let at = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut relations = Self::default();
        let Some(text) = read(archive, &format!("{at}_rels/{file}.rels"))? else { return Ok(relations) };
        let mut xml = Xml::new(&text);
        xml.child()?;
        while let Some(tag) = xml.child()? {
            xml.skip()?;
            let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target")) else { continue };
            if relations.0.len() == MOST_RELATIONS {
                return Err(Refused::TooLarge("it has more links and pictures than any article"));
            }
            let is_external = tag.attribute("TargetMode") == Some("External");
            let target = if is_external { target.to_owned() } else { resolved(folder, target) };
            let kind = tag.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.0.insert(id.to_owned(), Relation { kind, target, is_external });
        }
        Ok(relations)
    }

    pub fn get(&self, id: &str) -> Option<&Relation> {
        self.0.get(id)
    }

    fn of_kind(&self, kind: &str) -> Option<&Relation> {
        self.0.values().find(|relation| relation.kind == kind && !relation.is_external)
    }
}

/// A name in the archive: `media/a.png` beside `word/document.xml` is `word/media/a.png`.
fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_beside_its_part_and_never_outside() {
        assert_eq!(resolved("word", "media/a.png"), "word/media/a.png");
        assert_eq!(resolved("word", "/word/media/a.png"), "word/media/a.png");
        assert_eq!(resolved("word", "../../../etc/passwd"), "etc/passwd");
    }
}
