//! The text of a document, block by block: paragraphs and what stands in them. Tables are `tables`.

use std::rc::Rc;

use super::fields::{self, Fields};
use super::notes::{NoteId, Notes};
use super::numbering::Numbering;
use super::parts::{Kind as Role, Parts, Relations};
use super::pictures::Pictures;
use super::run;
use super::styles::{Meaning, Styles};
use crate::documents::line::{Line, Marks, link};
use crate::documents::writer::{Kind, List, Place, Writer};
use crate::documents::xml::{Step, Tag, Xml, broken};
use crate::documents::{Draft, Refused};

pub struct Story<'a> {
    pub numbering: Numbering,
    pub notes: Notes,
    pub pictures: Pictures<'a>,
    pub relations: Relations,
    pub writer: Writer,
    pub styles: &'a Styles,
    pub draft: Draft,
    pub title: Vec<String>,
    pub fields: Fields,
    /// A paragraph whose end was deleted: the next one goes on with it.
    pub carried: Option<Line>,
    pub note_number: usize,
    pub asked_notes: Vec<NoteId>,
    pub rtl_paragraphs: usize,
    pub paragraphs: usize,
    /// A line across the page was drawn in this paragraph.
    pub has_rule: bool,
    /// Whether all words of the cell that is being read are bold.
    pub is_bold: bool,
}

/// What is said of a paragraph as a whole.
#[derive(Default)]
struct Properties {
    style: String,
    list: (Option<String>, Option<usize>),
    outline: Option<u8>,
    rtl: Option<bool>,
    end_is_deleted: bool,
    is_underlined: bool,
}

impl Story<'_> {
    pub fn document(&mut self, text: &str) -> Result<(), Refused> {
        let mut xml = Xml::new(text);
        xml.child()?;
        while let Some(tag) = xml.child()? {
            if tag.name == "body" { self.blocks(&mut xml)? } else { xml.skip()? }
        }
        if let Some(line) = self.carried.take() {
            self.writer.block(Kind::Paragraph, Place::default(), false, line);
        }
        // Nothing but white space may follow.
        while xml.step()?.is_some() {}
        Ok(())
    }

    pub fn write_notes(&mut self, parts: &Parts<'_>) -> Result<(), Refused> {
        let mut written = Vec::new();
        let mut relations = [Relations::default(), Relations::default()];
        for (at, role) in [Role::Footnotes, Role::Endnotes].into_iter().enumerate() {
            if let Some(name) = parts.name(role) {
                relations[at] = parts.relations(name)?;
            }
        }
        for id in std::mem::take(&mut self.asked_notes) {
            let Some(text) = self.notes.text(&id).map(str::to_owned) else { continue };
            let outer = std::mem::take(&mut self.writer);
            let own = &mut relations[usize::from(id.is_end)];
            std::mem::swap(&mut self.relations, own);
            let read = self.blocks(&mut Xml::new(&text));
            std::mem::swap(&mut self.relations, &mut relations[usize::from(id.is_end)]);
            written.push(std::mem::replace(&mut self.writer, outer).finish());
            read?;
        }
        self.writer.notes(written);
        Ok(())
    }

    /// The blocks inside the element that was opened last.
    pub fn blocks(&mut self, xml: &mut Xml<'_>) -> Result<(), Refused> {
        self.blocks_after(xml, &mut |xml| xml.skip())
    }

    /// The same for a cell of a table, which says what it is before its blocks.
    pub fn blocks_after(
        &mut self,
        xml: &mut Xml<'_>,
        cell: &mut dyn FnMut(&mut Xml<'_>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "tcPr" => cell(xml)?,
                "p" => self.paragraph(xml)?,
                "tbl" => self.table(xml)?,
                "sdt" => self.frame(xml)?,
                "ins" | "moveTo" | "customXml" | "smartTag" | "AlternateContent" | "Choice" => {
                    self.blocks(xml)?;
                }
                "altChunk" => {
                    self.draft.left_out.add("embedded document", "embedded documents");
                    xml.skip()?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// A part that Word made: the table of contents is left out, the others are text.
    fn frame(&mut self, xml: &mut Xml<'_>) -> Result<(), Refused> {
        let mut is_contents = false;
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "sdtPr" => is_contents = is_contents_list(xml)?,
                "sdtContent" if is_contents => {
                    self.draft.left_out.add("table of contents", "tables of contents");
                    xml.skip()?;
                }
                "sdtContent" => self.blocks(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, xml: &mut Xml<'_>) -> Result<(), Refused> {
        let mut line = self.carried.take().unwrap_or_default();
        let mut properties = Properties::default();
        self.has_rule = false;
        self.inlines(xml, None, &mut line, &mut properties)?;
        if properties.end_is_deleted {
            self.carried = Some(line);
            return Ok(());
        }
        if line.is_empty() {
            if self.has_rule || properties.is_underlined {
                self.writer.rule();
            }
            return Ok(());
        }
        self.end_of_paragraph(line, &properties);
        Ok(())
    }

    fn end_of_paragraph(&mut self, mut line: Line, properties: &Properties) {
        let style = properties.style.as_str();
        let rtl = properties.rtl.unwrap_or_else(|| self.styles.rtl(style));
        self.paragraphs += 1;
        self.rtl_paragraphs += usize::from(rtl);
        self.is_bold &= line.is_bold();
        let meaning = match (self.styles.meaning(style), properties.outline) {
            (Meaning::Body, Some(level)) => Meaning::Heading(level + 1),
            (meaning, _) => meaning,
        };
        let is_first = self.writer.is_blank();
        let kind = match meaning {
            Meaning::Contents => {
                self.draft.left_out.add("line of a table of contents", "lines of a table of contents");
                return;
            }
            Meaning::Title if is_first => return self.title.push(line.words()),
            Meaning::Subtitle if is_first && self.draft.standfirst.is_empty() => {
                self.draft.standfirst = line.words();
                return;
            }
            Meaning::Author if is_first => {
                let comma = if self.draft.byline.is_empty() { "" } else { ", " };
                self.draft.byline = format!("{}{comma}{}", self.draft.byline, line.words());
                return;
            }
            Meaning::Title => Kind::Heading(1),
            Meaning::Heading(level) => Kind::Heading(level),
            Meaning::Code => Kind::Pre,
            Meaning::Caption => Kind::Caption,
            Meaning::Body | Meaning::Quote | Meaning::Rule | Meaning::Subtitle | Meaning::Author => {
                Kind::Paragraph
            }
        };
        let mut place = Place { quote: meaning == Meaning::Quote, list: List::Outside };
        if kind == Kind::Paragraph {
            place.list = self.item(properties);
        }
        line.is_pre = kind == Kind::Pre;
        self.writer.block(kind, place, rtl, line);
    }

    fn item(&mut self, properties: &Properties) -> List {
        let styled = self.styles.list(&properties.style);
        let id = properties.list.0.clone().or_else(|| styled.as_ref().map(|(id, _)| id.clone()));
        let level = properties.list.1.or_else(|| styled.map(|(_, level)| level)).unwrap_or(0);
        match id.and_then(|id| self.numbering.next(&id, level)) {
            Some(item) => List::Item { level: item.level, ordered: item.ordered, start: item.number },
            None => List::Outside,
        }
    }

    /// What stands in a paragraph, or in a part of one.
    fn inlines(
        &mut self,
        xml: &mut Xml<'_>,
        link_to: Option<&Rc<str>>,
        line: &mut Line,
        properties: &mut Properties,
    ) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "pPr" => *properties = read_properties(xml)?,
                "r" => self.run(xml, link_to, line)?,
                "hyperlink" => {
                    let target = tag.attribute("id").and_then(|id| self.relations.get(id));
                    let target = target.filter(|target| target.is_external).and_then(|it| link(&it.target));
                    self.inlines(xml, target.as_ref().or(link_to), line, properties)?;
                }
                "fldSimple" => {
                    let target = fields::target(tag.attribute("instr").unwrap_or_default());
                    self.inlines(xml, target.as_ref().or(link_to), line, properties)?;
                }
                "ins" | "moveTo" | "smartTag" | "customXml" | "bdo" | "dir" | "sdt" | "sdtContent"
                | "AlternateContent" | "Choice" => self.inlines(xml, link_to, line, properties)?,
                "oMath" | "oMathPara" => {
                    self.draft.left_out.add("formula", "formulas");
                    xml.skip()?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn run(&mut self, xml: &mut Xml<'_>, link_to: Option<&Rc<str>>, line: &mut Line) -> Result<(), Refused> {
        let mut look = run::Look::default();
        self.in_run(xml, link_to, line, &mut look)
    }

    fn in_run(
        &mut self,
        xml: &mut Xml<'_>,
        link_to: Option<&Rc<str>>,
        line: &mut Line,
        look: &mut run::Look,
    ) -> Result<(), Refused> {
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "rPr" => {
                    *look = run::look(xml, self.styles)?;
                    continue;
                }
                "t" => {
                    let text = xml.text()?;
                    self.text(&text, link_to, line, look);
                    continue;
                }
                "instrText" => {
                    let text = xml.text()?;
                    self.fields.instruct(&text);
                    continue;
                }
                "AlternateContent" | "Choice" | "ruby" | "rubyBase" => {
                    self.in_run(xml, link_to, line, look)?;
                    continue;
                }
                "r" => {
                    self.run(xml, link_to, line)?;
                    continue;
                }
                "drawing" | "pict" | "object" => {
                    self.drawing(xml, &tag, line)?;
                    continue;
                }
                "fldChar" if self.fields.mark(tag.attribute("fldCharType").unwrap_or_default()) => {
                    self.draft.left_out.add("table of contents", "tables of contents");
                }
                "tab" => self.text(" ", link_to, line, look),
                "noBreakHyphen" => self.text("\u{2011}", link_to, line, look),
                "softHyphen" => self.text("\u{ad}", link_to, line, look),
                "sym" => {
                    let letter = tag.attribute("char").and_then(|code| u32::from_str_radix(code, 16).ok());
                    // From F000 on they are pictures of a font.
                    let letter =
                        letter.filter(|code| !(0xe000..0xf900).contains(code)).and_then(char::from_u32);
                    self.text(letter.map(String::from).as_deref().unwrap_or("•"), link_to, line, look);
                }
                "br" if matches!(tag.attribute("type"), Some("page" | "column")) => {}
                "br" | "cr" if !self.fields.hides() => line.line_break(),
                "footnoteReference" => self.note(&tag, false, line),
                "endnoteReference" => self.note(&tag, true, line),
                "commentReference" => self.draft.left_out.add("comment", "comments"),
                _ => {}
            }
            xml.skip()?;
        }
        Ok(())
    }

    fn text(&self, text: &str, link_to: Option<&Rc<str>>, line: &mut Line, look: &run::Look) {
        if look.hidden || self.fields.hides() {
            return;
        }
        let mut marks = look.marks.clone();
        marks.link = link_to.cloned().or_else(|| self.fields.link());
        line.text(text, &marks);
    }

    fn note(&mut self, tag: &Tag, is_end: bool, line: &mut Line) {
        let id = NoteId { is_end, id: tag.attribute("id").unwrap_or_default().to_owned() };
        if self.notes.has(&id) && !self.fields.hides() {
            self.note_number += 1;
            line.text(&self.note_number.to_string(), &Marks { sup: true, ..Marks::default() });
            self.asked_notes.push(id);
        }
    }

    /// A drawing, new or old: its pictures are taken, the rest is counted.
    fn drawing(&mut self, xml: &mut Xml<'_>, outer: &Tag, line: &mut Line) -> Result<(), Refused> {
        let (mut open, mut alt, mut found) = (1, String::new(), false);
        while open > 0 {
            let tag = match xml.step()?.ok_or_else(broken)? {
                Step::Close => {
                    open -= 1;
                    continue;
                }
                Step::Text(_) => continue,
                Step::Open(tag) => tag,
            };
            let left_out = &mut self.draft.left_out;
            match tag.name.as_str() {
                "docPr" | "cNvPr" | "shape" => {
                    let said = tag.attribute("descr").or_else(|| tag.attribute("alt"));
                    // The first is what the writer was asked for; inside, the file is often named.
                    if let Some(said) = said.map(described).filter(|_| alt.is_empty()) {
                        alt = said;
                    }
                }
                "blip" | "imagedata" => {
                    found = true;
                    let id = tag.attribute("embed").or_else(|| tag.attribute("id"));
                    let target = id.and_then(|id| self.relations.get(id));
                    match target {
                        Some(target) if !target.is_external => {
                            if let Some(number) = self.pictures.take(&target.target, &alt, left_out)? {
                                line.picture(number);
                            }
                        }
                        Some(target) => left_out.picture_elsewhere(&target.target),
                        None => {
                            let linked = tag.attribute("link").and_then(|id| self.relations.get(id));
                            left_out.picture_elsewhere(linked.map_or("", |linked| &linked.target));
                        }
                    }
                }
                "txbxContent" => {
                    found = true;
                    left_out.add("text box", "text boxes");
                    xml.skip()?;
                    continue;
                }
                "chart" => {
                    found = true;
                    left_out.add("chart", "charts");
                }
                "relIds" => {
                    found = true;
                    left_out.add("diagram", "diagrams");
                }
                "Fallback" => {
                    xml.skip()?;
                    continue;
                }
                _ => self.has_rule |= tag.attribute("hr").is_some_and(|on| matches!(on, "t" | "true" | "1")),
            }
            open += 1;
        }
        if outer.name == "object" && !found {
            self.draft.left_out.add("embedded object", "embedded objects");
        }
        Ok(())
    }
}

/// Reads `sdtPr`.
fn is_contents_list(xml: &mut Xml<'_>) -> Result<bool, Refused> {
    let (mut open, mut found) = (1, false);
    while open > 0 {
        match xml.step()?.ok_or_else(broken)? {
            Step::Open(tag) => {
                open += 1;
                let value = tag.attribute("val").unwrap_or_default();
                found |= tag.name == "docPartGallery" && value == "Table of Contents";
            }
            Step::Close => open -= 1,
            Step::Text(_) => {}
        }
    }
    Ok(found)
}

/// Reads `pPr`. What it was before a change stands in it too, and is passed over.
fn read_properties(xml: &mut Xml<'_>) -> Result<Properties, Refused> {
    let mut properties = Properties::default();
    while let Some(tag) = xml.child()? {
        match tag.name.as_str() {
            "pStyle" => tag.attribute("val").unwrap_or_default().clone_into(&mut properties.style),
            "outlineLvl" => {
                properties.outline =
                    tag.number("val").and_then(|it| u8::try_from(it).ok()).filter(|it| *it < 9);
            }
            "bidi" => properties.rtl = Some(tag.is_on()),
            "numPr" => {
                while let Some(tag) = xml.child()? {
                    match tag.name.as_str() {
                        "numId" => properties.list.0 = tag.attribute("val").map(str::to_owned),
                        "ilvl" => {
                            properties.list.1 = tag.number("val").and_then(|it| usize::try_from(it).ok());
                        }
                        _ => {}
                    }
                    xml.skip()?;
                }
                continue;
            }
            "pBdr" => {
                while let Some(tag) = xml.child()? {
                    properties.is_underlined |= tag.name == "bottom" && tag.is_on();
                    xml.skip()?;
                }
                continue;
            }
            "rPr" => {
                while let Some(tag) = xml.child()? {
                    properties.end_is_deleted |= matches!(tag.name.as_str(), "del" | "moveFrom");
                    xml.skip()?;
                }
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(properties)
}

/// What Word guessed is marked as its guess; the mark is for the writer, not for the reader.
fn described(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let marks = ["Description automatically generated", "Automatisch generierte Beschreibung"];
    let end = marks.iter().find_map(|mark| words.find(mark)).unwrap_or(words.len());
    words[..end].trim_end().to_owned()
}
