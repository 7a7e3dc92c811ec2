//! What the styles of a document mean. Their ids are in the language of whoever made them, their names mostly not.

use std::collections::HashMap;

use super::parts::{Kind, Parts};
use crate::documents::Refused;
use crate::documents::xml::{Tag, Xml};

/// A style may rest on another; more steps than this are a circle.
const MOST_STEPS: usize = 16;

#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    /// The language of text from right to left, if the document says one.
    pub rtl_language: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    base: Option<String>,
    outline: Option<u8>,
    list: Option<(String, usize)>,
    rtl: Option<bool>,
    bold: Option<bool>,
    italic: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meaning {
    #[default]
    Body,
    Title,
    Subtitle,
    Author,
    Heading(u8),
    Quote,
    Code,
    Caption,
    Contents,
    Rule,
}

impl Styles {
    pub fn read(parts: &Parts<'_>) -> Result<Self, Refused> {
        let mut styles = Self::default();
        if let Some(text) = parts.by_kind(Kind::Settings)? {
            let mut xml = Xml::new(&text);
            xml.child()?;
            while let Some(tag) = xml.child()? {
                xml.skip()?;
                if tag.name == "themeFontLang" {
                    styles.rtl_language = tag.attribute("bidi").map(str::to_owned);
                }
            }
        }
        let Some(text) = parts.by_kind(Kind::Styles)? else { return Ok(styles) };
        let mut xml = Xml::new(&text);
        xml.child()?;
        while let Some(tag) = xml.child()? {
            match tag.name.as_str() {
                "style" => {
                    let id = tag.attribute("styleId").unwrap_or_default().to_owned();
                    let style = style(&mut xml)?;
                    styles.styles.insert(id, style);
                }
                "docDefaults" => styles.defaults(&mut xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(styles)
    }

    fn defaults(&mut self, xml: &mut Xml<'_>) -> Result<(), Refused> {
        walk(xml, &mut |tag| {
            if tag.name == "lang"
                && let Some(language) = tag.attribute("bidi")
            {
                self.rtl_language = Some(language.to_owned());
            }
        })
    }

    /// What a paragraph of this style is.
    pub fn meaning(&self, id: &str) -> Meaning {
        let mut chain = self.chain(id);
        // A document without a list of styles is written by programs that use the usual ids.
        let named = chain.find_map(|style| meaning(&style.name)).or_else(|| meaning(&spaced(id)));
        named.or_else(|| self.outline(id).map(|level| Meaning::Heading(level + 1))).unwrap_or_default()
    }

    pub fn outline(&self, id: &str) -> Option<u8> {
        self.chain(id).find_map(|style| style.outline).filter(|level| *level < 9)
    }

    pub fn list(&self, id: &str) -> Option<(String, usize)> {
        self.chain(id).find_map(|style| style.list.clone())
    }

    pub fn rtl(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.rtl).unwrap_or_default()
    }

    /// Bold, italic, and whether it is code: of a style for letters.
    pub fn letters(&self, id: &str) -> (bool, bool, bool) {
        let bold = self.chain(id).find_map(|style| style.bold).unwrap_or_default();
        let italic = self.chain(id).find_map(|style| style.italic).unwrap_or_default();
        let code = self.chain(id).any(|style| is_code(&style.name)) || is_code(&spaced(id));
        (bold, italic, code)
    }

    fn chain<'s>(&'s self, id: &str) -> impl Iterator<Item = &'s Style> {
        let base = |style: &&'s Style| self.styles.get(style.base.as_deref()?);
        std::iter::successors(self.styles.get(id), base).take(MOST_STEPS)
    }
}

fn style(xml: &mut Xml<'_>) -> Result<Style, Refused> {
    let mut style = Style::default();
    let mut list = (None, 0);
    walk(xml, &mut |tag| {
        let value = || tag.attribute("val").unwrap_or_default().to_owned();
        match tag.name.as_str() {
            "name" => style.name = value().to_lowercase(),
            "basedOn" => style.base = Some(value()),
            "outlineLvl" => style.outline = tag.number("val").and_then(|level| u8::try_from(level).ok()),
            "numId" => list.0 = Some(value()),
            "ilvl" => list.1 = tag.number("val").and_then(|level| usize::try_from(level).ok()).unwrap_or(0),
            "bidi" => style.rtl = Some(tag.is_on()),
            "b" => style.bold = Some(tag.is_on()),
            "i" => style.italic = Some(tag.is_on()),
            _ => {}
        }
    })?;
    style.list = list.0.map(|id| (id, list.1));
    Ok(style)
}

/// Every tag inside the one that was opened last.
fn walk(xml: &mut Xml<'_>, see: &mut impl FnMut(&Tag)) -> Result<(), Refused> {
    use crate::documents::xml::{Step, broken};
    let mut open = 1;
    while open > 0 {
        match xml.step()?.ok_or_else(broken)? {
            Step::Open(tag) => {
                open += 1;
                see(&tag);
            }
            Step::Close => open -= 1,
            Step::Text(_) => {}
        }
    }
    Ok(())
}

fn meaning(name: &str) -> Option<Meaning> {
    if let Some(level) = name.strip_prefix("heading ") {
        return level.trim().parse().ok().filter(|level| (1..=9).contains(level)).map(Meaning::Heading);
    }
    Some(match name {
        "title" => Meaning::Title,
        "subtitle" => Meaning::Subtitle,
        "author" | "authors" | "byline" => Meaning::Author,
        "quote" | "quotations" | "intense quote" | "block text" | "block quote" | "blockquote" => {
            Meaning::Quote
        }
        "html preformatted" | "preformatted text" | "source code" | "plain text code" => Meaning::Code,
        "caption" | "figure" | "illustration" | "image caption" | "table caption" | "table" => {
            Meaning::Caption
        }
        "horizontal line" => Meaning::Rule,
        _ if name.starts_with("toc ") || name.starts_with("contents ") || name == "toc heading" => {
            Meaning::Contents
        }
        _ => return None,
    })
}

fn is_code(name: &str) -> bool {
    matches!(name, "html code" | "verbatim char" | "source text" | "code" | "inline code")
}

/// `Heading1` as `heading 1`.
fn spaced(id: &str) -> String {
    let lower = id.to_lowercase();
    let digits = lower.find(|c: char| c.is_ascii_digit()).unwrap_or(lower.len());
    let (word, number) = lower.split_at(digits);
    format!("{} {number}", word.trim()).trim().to_owned()
}
