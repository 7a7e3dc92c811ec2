//! The tokens of a page, one after the other, become blocks of a `Writer`.

use std::cell::RefCell;

use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};

use super::list::Marker;
use super::names::{is_block, is_skipped};
use super::raw;
use super::style::{Sheet, Style};
use super::tables::Frame;
use crate::documents::line::{Line, Marks, link};
use crate::documents::writer::{Kind, List, Piece, Place, Writer};
use crate::documents::{LeftOut, embedded, front_matter};
use crate::text::Language;

/// Elements in one another; what is deeper is read as if it were not.
const MOST_DEPTH: usize = 400;
const MOST_LISTS: usize = 9;
/// A level of a list that is only moved to the side, in points.
const INDENT: f32 = 36.0;

pub struct Reader(RefCell<State>);

/// What was read.
pub struct Read {
    pub pieces: Vec<Piece>,
    pub left_out: LeftOut,
    pub title: String,
    pub description: String,
    pub author: String,
    pub keywords: Vec<String>,
    pub language: Option<Language>,
    /// The pictures that the text shows, by number, and what they are said to show.
    pub alts: Vec<(usize, String)>,
}

pub(super) struct State {
    read: Read,
    sheet: Sheet,
    open: Vec<Element>,
    /// Inside something that is not text.
    skipped: usize,
    /// The element whose text is the article, if the page has one such, and whether we are in it.
    only: Option<&'static str>,
    inside: bool,
    catching: Option<Catch>,
    caught: String,
    pub(super) writer: Writer,
    pub(super) frames: Vec<Frame>,
    line: Line,
    marks: Marks,
    pub(super) kind: Kind,
    pub(super) quotes: usize,
    pub(super) lists: Vec<Listed>,
    rtl: bool,
    /// Word's and others' drawn lists.
    drawn: Option<Drawn>,
}

/// A list that is open.
pub(super) struct Listed {
    ordered: bool,
    pub(super) level: usize,
    next: i64,
    /// Its item has no text yet.
    is_new: bool,
}

struct Drawn {
    level: usize,
    marker: String,
    /// The marker stands in the text itself.
    in_text: bool,
}

struct Element {
    name: String,
    marks: Marks,
    kind: Kind,
    rtl: bool,
    skips: bool,
    is_block: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Catch {
    Title,
    Style,
    Marker,
}

impl Reader {
    pub fn new(source: &str) -> Self {
        let lower = source.to_ascii_lowercase();
        let only = ["article", "main"].into_iter().find(|name| {
            let begin = format!("<{name}");
            lower.matches(&begin).count() == 1
        });
        let read = Read {
            pieces: Vec::new(),
            left_out: LeftOut::default(),
            title: String::new(),
            description: String::new(),
            author: String::new(),
            keywords: Vec::new(),
            language: None,
            alts: Vec::new(),
        };
        Self(RefCell::new(State {
            read,
            sheet: Sheet::default(),
            open: Vec::new(),
            skipped: 0,
            only,
            inside: only.is_none(),
            catching: None,
            caught: String::new(),
            writer: Writer::default(),
            frames: Vec::new(),
            line: Line::default(),
            marks: Marks::default(),
            kind: Kind::Paragraph,
            quotes: 0,
            lists: Vec::new(),
            rtl: false,
            drawn: None,
        }))
    }

    pub fn finish(self) -> Read {
        let mut state = self.0.into_inner();
        state.pop_to(0);
        state.flush();
        while !state.frames.is_empty() {
            state.end_table();
        }
        state.read.pieces = state.writer.finish();
        state.read
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                state.start(&tag);
                return raw::inside(&tag.name);
            }
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn text(&mut self, text: &str) {
        match self.catching {
            Some(Catch::Marker) => self.drawn.iter_mut().for_each(|drawn| drawn.marker.push_str(text)),
            Some(_) => self.caught.push_str(text),
            None if self.skipped == 0 && self.inside => {
                let marks = self.marks.clone();
                self.line.text(text, &marks);
            }
            None => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let attribute =
            |name: &str| tag.attrs.iter().find(|one| &*one.name.local == name).map_or("", |one| &*one.value);
        if self.only == Some(name) {
            self.inside = true;
        }
        match name {
            "meta" => return self.meta(attribute("name"), attribute("content")),
            "br" if self.skipped == 0 => return self.line.line_break(),
            "hr" if self.skipped == 0 && self.inside => {
                self.flush();
                return self.writer.rule();
            }
            "img" if self.skipped == 0 && self.inside => {
                return self.picture(attribute("src"), attribute("alt"));
            }
            "br" | "hr" | "img" | "link" | "base" | "input" | "wbr" | "col" | "source" | "track" | "area"
            | "embed" | "param" => return,
            _ => {}
        }
        if self.open.len() >= MOST_DEPTH {
            return;
        }
        let style = self.sheet.of(attribute("class"), attribute("style"));
        self.imply(name);
        let is_block = is_block(name);
        if is_block && self.skipped == 0 {
            self.flush();
        }
        let class = attribute("class");
        let skips = style.hidden || is_skipped(name) || class.starts_with("footnote-back");
        if skips && self.skipped == 0 && self.inside {
            self.count(name);
        }
        let element = Element {
            name: name.to_owned(),
            marks: self.marks.clone(),
            kind: self.kind,
            rtl: self.rtl,
            skips,
            is_block,
        };
        self.open.push(element);
        self.skipped += usize::from(skips);
        match attribute("dir") {
            "rtl" | "RTL" => self.rtl = true,
            "ltr" | "LTR" => self.rtl = false,
            _ => self.rtl = style.rtl.unwrap_or(self.rtl),
        }
        if name == "html" {
            self.read.language = Language::parse(attribute("lang")).ok();
        }
        self.mark(name, attribute("href"), class, &style);
        if class == "footnotes" && self.skipped == 0 {
            self.writer.rule();
        }
        match name {
            "title" if self.read.title.is_empty() => self.catching = Some(Catch::Title),
            "style" => self.catching = Some(Catch::Style),
            _ if self.skipped > 0 => {}
            "ul" | "ol" => self.list(name == "ol", attribute("start"), class),
            "li" => {
                if let Some(list) = self.lists.last_mut() {
                    list.is_new = true;
                }
            }
            "blockquote" => self.quotes += 1,
            "table" => self.table(attribute("dir") == "rtl"),
            "tr" => self.row(),
            "td" | "th" => self.cell(name == "th", attribute("colspan"), attribute("rowspan")),
            "thead" => self.head(true),
            "tbody" | "tfoot" => self.head(false),
            "p" | "div" => self.drawn_item(class, &style),
            _ if style.is_marker && self.drawn.is_some() && self.line.is_empty() => {
                self.catching = Some(Catch::Marker);
            }
            _ => {}
        }
    }

    /// What the element means for the letters in it.
    fn mark(&mut self, name: &str, href: &str, class: &str, style: &Style) {
        match name {
            "b" | "strong" | "dt" => self.marks.bold = true,
            "i" | "em" | "cite" | "dfn" | "var" | "address" => self.marks.italic = true,
            "s" | "strike" | "del" => self.marks.strike = true,
            "sup" => self.marks.sup = true,
            "sub" => self.marks.sub = true,
            "code" | "kbd" | "samp" | "tt" => self.marks.code = self.kind != Kind::Pre,
            "a" => self.marks.link = link(href).or_else(|| self.marks.link.clone()),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.kind = Kind::Heading(name[1..].parse().unwrap_or(1));
            }
            "pre" => {
                self.kind = Kind::Pre;
                self.line.is_pre = true;
            }
            "figcaption" | "caption" => self.kind = Kind::Caption,
            "p" if class.split_whitespace().any(|class| class == "MsoCaption") => self.kind = Kind::Caption,
            "p" => match class.split_whitespace().next().unwrap_or_default() {
                "MsoTitle" | "title" => self.kind = Kind::Heading(1),
                "MsoQuote" | "MsoIntenseQuote" => self.marks.italic = false,
                _ => {}
            },
            _ => {}
        }
        style.apply(&mut self.marks);
        // A reference to a note is raised by its style, which is not in the page.
        self.marks.sup |= class.contains("FootnoteReference") || class.contains("EndnoteReference");
    }

    fn end(&mut self, name: &str) {
        let found = self.open.iter().rposition(|element| element.name == name);
        match found {
            Some(at) if !self.is_beyond_cell(at) => self.pop_to(at),
            None if name == "p" && self.skipped == 0 => self.flush(),
            _ => {}
        }
        if self.only == Some(name) {
            self.flush();
            self.inside = false;
        }
    }

    /// An end tag in a cell closes nothing outside its table.
    fn is_beyond_cell(&self, at: usize) -> bool {
        let table = self.open.iter().rposition(|element| matches!(element.name.as_str(), "td" | "th"));
        let name = self.open[at].name.as_str();
        table.is_some_and(|table| table > at) && !matches!(name, "table" | "tr" | "tbody" | "thead" | "tfoot")
    }

    /// Closes the elements from this one on.
    fn pop_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(element) = self.open.pop() else { return };
            if element.skips {
                self.skipped -= 1;
            }
            if element.is_block && self.skipped == 0 {
                self.flush();
            }
            self.marks = element.marks;
            self.kind = element.kind;
            self.rtl = element.rtl;
            match (self.catching.take(), element.name.as_str()) {
                (Some(Catch::Title), "title") => self.read.title = words(&std::mem::take(&mut self.caught)),
                (Some(Catch::Style), "style") => self.sheet.read(&std::mem::take(&mut self.caught)),
                (Some(Catch::Marker), _) => {}
                (catching, _) => self.catching = catching,
            }
            if self.skipped > 0 || element.skips {
                continue;
            }
            match element.name.as_str() {
                "ul" | "ol" => {
                    self.lists.pop();
                }
                "blockquote" => self.quotes = self.quotes.saturating_sub(1),
                "td" | "th" => self.end_cell(),
                "tr" => self.end_row(),
                "thead" => self.head(false),
                "table" => self.end_table(),
                _ => {}
            }
        }
    }

    /// Elements that end where the next of their kind begins.
    fn imply(&mut self, name: &str) {
        let (ended, fences): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "table"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot", "tr"], &["table"]),
            _ if is_block(name) => (&["p"], &["td", "th", "li", "blockquote", "div", "table"]),
            _ => return,
        };
        let names = self.open.iter().enumerate().rev();
        for (at, element) in names {
            if ended.contains(&element.name.as_str()) {
                return self.pop_to(at);
            }
            if fences.contains(&element.name.as_str()) {
                return;
            }
        }
    }

    /// The line is a block.
    pub(super) fn flush(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        self.line.is_pre = self.kind == Kind::Pre;
        let drawn = self.drawn.take();
        if line.is_empty() {
            self.drawn = drawn;
            return;
        }
        let mut place = Place { quote: self.quotes > 0, list: List::Outside };
        if let Some(drawn) = drawn {
            place.list = drawn_list(&drawn, &mut line);
        } else if let Some(list) = self.lists.last_mut() {
            let level = list.level;
            if std::mem::take(&mut list.is_new) {
                place.list = List::Item { level, ordered: list.ordered, start: list.next };
                list.next += 1;
            } else {
                place.list = List::Inside { level };
            }
        }
        self.note_bold(line.is_bold());
        self.writer.block(self.kind, place, self.rtl, line);
    }

    fn list(&mut self, ordered: bool, start: &str, class: &str) {
        // Google's documents write a list in a list beside it, and say its level in a class.
        let said = class.split_whitespace().find_map(|class| {
            class.strip_prefix("lst-kix_").and_then(|rest| rest.rsplit('-').next()?.parse().ok())
        });
        let level = said.unwrap_or(self.lists.last().map_or(0, |list| list.level + 1)).min(MOST_LISTS - 1);
        self.lists.push(Listed { ordered, level, next: start.parse().unwrap_or(1), is_new: true });
    }

    fn drawn_item(&mut self, class: &str, style: &Style) {
        let is_list = class.split_whitespace().any(|class| class.starts_with("MsoListParagraph"));
        if let Some(level) = style.list_level {
            self.drawn =
                Some(Drawn { level: level.min(MOST_LISTS - 1), marker: String::new(), in_text: false });
        } else if is_list && self.lists.is_empty() {
            let steps = (style.indent.unwrap_or(INDENT) / INDENT).clamp(1.0, 9.0);
            // Between 1 and 9.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let level = steps.round() as usize - 1;
            self.drawn = Some(Drawn { level, marker: String::new(), in_text: true });
        }
    }

    fn picture(&mut self, src: &str, alt: &str) {
        let number = src.strip_prefix(embedded::SCHEME).and_then(|number| number.parse().ok());
        match number {
            Some(number) => {
                self.line.picture(number);
                self.read.alts.push((number, words(alt)));
            }
            None if src.starts_with("data:") => self.read.left_out.picture("SVG"),
            None => self.read.left_out.picture_elsewhere(src),
        }
    }

    fn meta(&mut self, name: &str, content: &str) {
        match name.to_ascii_lowercase().as_str() {
            "author" => self.read.author = words(content),
            "description" => self.read.description = words(content),
            "keywords" => self.read.keywords = front_matter::words(content),
            _ => {}
        }
    }

    fn count(&mut self, name: &str) {
        let left_out = &mut self.read.left_out;
        match name {
            "iframe" | "object" => left_out.add("embedded frame", "embedded frames"),
            "video" | "audio" => left_out.add("film or sound", "films or sounds"),
            "svg" => left_out.add("drawing", "drawings"),
            "math" => left_out.add("formula", "formulas"),
            "form" => left_out.add("form", "forms"),
            _ => {}
        }
    }
}

fn drawn_list(drawn: &Drawn, line: &mut Line) -> List {
    let marker = if drawn.in_text { line.take_marker() } else { Some(Marker::parse(&drawn.marker)) };
    match marker {
        Some(Marker { ordered, number }) => List::Item { level: drawn.level, ordered, start: number },
        None => List::Outside,
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
