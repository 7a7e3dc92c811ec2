//! The tokens of a body, one after the other, become our own elements: what only divides ends a paragraph, text that
//! stands in nothing begins one.

#![allow(clippy::format_push_string)] // a few letters; `write!` would have a result to be thrown away

use std::cell::RefCell;

use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use url::Url;

use super::{Figure, Leads, Part, is_of_site};
use crate::documents::{escape, inside_html};
use crate::exchange::import::embeds;
use crate::news::old_address;

/// Elements in one another; what is deeper is read as if it were not there.
const MOST_DEPTH: usize = 100;

pub(super) struct Reader<'a>(pub(super) RefCell<State<'a>>);

pub(super) struct State<'a> {
    /// Empty lines make paragraphs, line ends make lines.
    pub(super) by_lines: bool,
    pub(super) base: Option<Url>,
    pub(super) leads: &'a Leads,
    pub(super) parts: Vec<Part>,
    pub(super) buffer: String,
    pub(super) open: Vec<Element>,
    /// Figures that are open, and the pictures in them.
    pub(super) figures: Vec<OpenFigure>,
    pub(super) skipped: usize,
    pub(super) links: Vec<String>,
    pub(super) embeds: usize,
}

pub(super) struct Element {
    pub(super) name: String,
    /// Where its tag and its content begin; past the end when a picture came since.
    pub(super) start: usize,
    pub(super) content: usize,
}

#[derive(Default)]
pub(super) struct OpenFigure {
    pub(super) pictures: Vec<Figure>,
    pub(super) caption: String,
    pub(super) credit: String,
    pub(super) in_caption: bool,
    pub(super) in_credit: bool,
    pub(super) frame: String,
}

impl TokenSink for Reader<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                state.start(&tag);
                return inside_html(&tag.name);
            }
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State<'_> {
    pub(super) fn text(&mut self, text: &str) {
        if self.skipped > 0 {
            return;
        }
        if let Some(figure) = self.figures.last_mut() {
            if figure.in_credit {
                figure.credit.push_str(text);
            } else if figure.in_caption {
                figure.caption.push_str(text);
            }
            return;
        }
        if self.by_lines && !self.open.iter().any(|element| element.name == "pre") {
            return self.lines(&text.replace("\r\n", "\n"));
        }
        if text.trim().is_empty() && !self.holds_text() {
            return;
        }
        self.ensure_paragraph();
        self.buffer.push_str(&escape(text));
    }

    pub(super) fn lines(&mut self, text: &str) {
        for (number, paragraph) in text.split("\n\n").enumerate() {
            if number > 0 && self.is_in("p") {
                self.close_paragraph();
            }
            let trimmed = paragraph.trim_matches('\n');
            if trimmed.trim().is_empty() && !(self.holds_text() && number == 0) {
                continue;
            }
            self.ensure_paragraph();
            let breaks = self.is_in("p");
            let mut lines = paragraph.split('\n').peekable();
            let mut at_start = self.buffer.ends_with('>') && !self.buffer.ends_with("/a>");
            while let Some(line) = lines.next() {
                self.buffer.push_str(&escape(line));
                let is_blank = at_start && line.trim().is_empty();
                if lines.peek().is_some() {
                    self.buffer.push_str(if breaks && !is_blank { "<br>\n" } else { "\n" });
                }
                at_start &= is_blank;
            }
        }
    }

    pub(super) fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let attribute =
            |name: &str| tag.attrs.iter().find(|one| &*one.name.local == name).map_or("", |one| &*one.value);
        if matches!(name, "script" | "style" | "noscript" | "template" | "svg" | "math" | "form" | "object") {
            self.skipped += 1;
        }
        if self.skipped > 0 {
            return;
        }
        if let Some(figure) = self.figures.last_mut() {
            match name {
                "figcaption" => figure.in_caption = true,
                "small" | "cite" => figure.in_credit = figure.in_caption,
                "span" if attribute("class").contains("credit") => figure.in_credit = figure.in_caption,
                _ => {}
            }
        }
        match name {
            "img" => self.picture(tag),
            "figure" => self.figures.push(OpenFigure::default()),
            "iframe" | "embed" => self.frame(attribute("src")),
            "video" | "audio" | "source" if !attribute("src").is_empty() => self.frame(attribute("src")),
            _ if !self.figures.is_empty() => self.frame_link(attribute("href")),
            "br" if self.holds_text() => self.buffer.push_str("<br>"),
            "br" => {}
            "hr" => {
                self.close_block();
                self.buffer.push_str("<hr>\n\n");
            }
            "h1" | "h2" => self.block("h2", ""),
            "h3" => self.block("h3", ""),
            "h4" | "h5" | "h6" => self.block("h4", ""),
            "p" | "pre" | "blockquote" | "ul" | "ol" | "table" => {
                let mut attributes = directions(tag);
                if name == "ol" && attribute("start").parse::<u16>().is_ok() {
                    attributes.push_str(&format!(" start=\"{}\"", attribute("start")));
                }
                self.block(name, &attributes);
            }
            "li" => {
                self.close_since("li", &["ul", "ol"]);
                self.push("li", &directions(tag));
            }
            "thead" | "tbody" | "tfoot" | "caption" => {
                self.close_since("tr", &["table"]);
                self.push(if name == "tfoot" { "tbody" } else { name }, "");
            }
            "tr" => {
                self.close_since("tr", &["table", "tbody", "thead"]);
                self.push("tr", "");
            }
            "td" | "th" => {
                self.close_since("td", &["tr"]);
                self.close_since("th", &["tr"]);
                let mut attributes = String::new();
                for key in ["colspan", "rowspan", "scope"] {
                    if !attribute(key).is_empty() {
                        attributes.push_str(&format!(" {key}=\"{}\"", escape(attribute(key))));
                    }
                }
                self.push(name, &attributes);
            }
            "a" => self.link(attribute("href")),
            "strong" | "b" | "em" | "i" | "s" | "sup" | "sub" | "code" => self.inline(name),
            "del" | "strike" => self.inline("s"),
            "cite" | "dfn" => self.inline("em"),
            "kbd" | "samp" | "tt" => self.inline("code"),
            name if is_boundary(name) => self.close_block(),
            _ => {}
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        if matches!(name, "script" | "style" | "noscript" | "template" | "svg" | "math" | "form" | "object") {
            self.skipped = self.skipped.saturating_sub(1);
            return;
        }
        if self.skipped > 0 {
            return;
        }
        if let Some(figure) = self.figures.last_mut() {
            match name {
                "figcaption" => (figure.in_caption, figure.in_credit) = (false, false),
                "small" | "cite" | "span" => figure.in_credit = false,
                "figure" => self.end_figure(),
                _ => {}
            }
            return;
        }
        let name = match name {
            "h1" => "h2",
            "h5" | "h6" => "h4",
            "del" | "strike" => "s",
            "cite" | "dfn" => "em",
            "kbd" | "samp" | "tt" => "code",
            "tfoot" => "tbody",
            name => name,
        };
        let found = self.open.iter().rposition(|element| element.name == name);
        match found {
            Some(at) => {
                // An end tag in a cell or an item closes nothing outside it.
                let wall =
                    self.open.iter().rposition(|element| matches!(element.name.as_str(), "td" | "th" | "li"));
                if wall.is_none_or(|wall| wall <= at) || is_container(name) {
                    self.close_to(at);
                }
            }
            None if is_boundary(name) => self.close_block(),
            None => {}
        }
    }

    pub(super) fn block(&mut self, name: &str, attributes: &str) {
        self.close_block();
        self.push(name, attributes);
    }

    pub(super) fn inline(&mut self, name: &str) {
        self.ensure_paragraph();
        self.push(name, "");
    }

    pub(super) fn link(&mut self, href: &str) {
        let href = href.trim();
        if let Some(at) = self.open.iter().rposition(|element| element.name == "a") {
            self.close_to(at);
        }
        let whole = match Url::parse(href) {
            Ok(url) => Some(url),
            Err(_) if href.starts_with('#') || href.is_empty() => None,
            Err(_) => self.base.as_ref().and_then(|base| base.join(href).ok()),
        };
        let Some(url) = whole else {
            // A path of our own stays one.
            if href.starts_with('/') && !href.starts_with("//") {
                self.ensure_paragraph();
                self.push("a", &format!(" href=\"{}\"", escape(href)));
            }
            return;
        };
        let mut address = url.to_string();
        if self.base.as_ref().is_some_and(|base| is_of_site(base, &url)) {
            if let Some(lead) = old_address::key(url.path(), url.query()).and_then(|key| self.leads.get(&key))
            {
                address.clone_from(lead);
            } else {
                self.links.push(address.clone());
            }
        }
        self.ensure_paragraph();
        self.push("a", &format!(" href=\"{}\"", escape(&address)));
    }

    pub(super) fn flush(&mut self) {
        if !self.buffer.is_empty() {
            self.parts.push(Part::Html(std::mem::take(&mut self.buffer)));
        }
    }

    pub(super) fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|element| element.name == name)
    }

    /// Text may stand where we are.
    pub(super) fn holds_text(&self) -> bool {
        let wall = self.open.iter().rposition(|element| is_container(&element.name)).map_or(0, |at| at + 1);
        self.open[wall..].iter().any(|element| holds_text(&element.name))
            || wall.checked_sub(1).is_some_and(|at| holds_text(&self.open[at].name))
    }

    pub(super) fn ensure_paragraph(&mut self) {
        if !self.holds_text() {
            self.push("p", "");
        }
    }

    pub(super) fn push(&mut self, name: &str, attributes: &str) {
        if self.open.len() >= MOST_DEPTH {
            return;
        }
        let start = self.buffer.len();
        self.buffer.push_str(&format!("<{name}{attributes}>"));
        self.open.push(Element { name: name.to_owned(), start, content: self.buffer.len() });
    }

    pub(super) fn close_paragraph(&mut self) {
        if let Some(at) = self.open.iter().rposition(|element| element.name == "p") {
            self.close_to(at);
        }
    }

    /// Ends the text before a block: everything inside the innermost container.
    pub(super) fn close_block(&mut self) {
        let wall = self.open.iter().rposition(|element| is_container(&element.name)).map_or(0, |at| at + 1);
        self.close_to(wall);
    }

    /// Ends the last element of a name, unless one of `walls` stands within it.
    pub(super) fn close_since(&mut self, name: &str, walls: &[&str]) {
        let wall = self.open.iter().rposition(|element| walls.contains(&element.name.as_str()));
        let found = self.open.iter().rposition(|element| element.name == name);
        if let Some(at) = found.filter(|at| wall.is_none_or(|wall| wall < *at)) {
            self.close_to(at);
        }
    }

    pub(super) fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(element) = self.open.pop() else { return };
            if element.content <= self.buffer.len() {
                let content = self.buffer[element.content..].trim();
                if content.is_empty() && !matches!(element.name.as_str(), "td" | "th" | "tr") {
                    self.buffer.truncate(element.start);
                    continue;
                }
                if element.name == "p"
                    && content.starts_with("http")
                    && !content.contains(['<', ' ', '\n'])
                    && embeds::of(&content.replace("&amp;", "&")).is_some()
                {
                    let address = content.replace("&amp;", "&");
                    self.buffer.truncate(element.start);
                    self.embed(&address, "");
                    continue;
                }
                let end = self.buffer.trim_end().len();
                let end = self.buffer[..end]
                    .strip_suffix("<br>")
                    .filter(|_| element.name == "p")
                    .map_or(end, str::len);
                self.buffer.truncate(end.max(element.content));
            }
            self.buffer.push_str(&format!("</{}>", element.name));
            if matches!(
                element.name.as_str(),
                "p" | "h2" | "h3" | "h4" | "ul" | "ol" | "blockquote" | "table" | "pre"
            ) {
                self.buffer.push_str("\n\n");
            }
        }
    }
}

fn directions(tag: &Tag) -> String {
    let mut attributes = String::new();
    for one in &tag.attrs {
        if matches!(&*one.name.local, "dir" | "lang") {
            attributes.push_str(&format!(" {}=\"{}\"", &*one.name.local, escape(&one.value)));
        }
    }
    attributes
}

fn is_container(name: &str) -> bool {
    matches!(name, "ul" | "ol" | "li" | "blockquote" | "table" | "thead" | "tbody" | "tr" | "td" | "th")
}

fn holds_text(name: &str) -> bool {
    matches!(name, "p" | "h2" | "h3" | "h4" | "li" | "pre" | "td" | "th" | "caption")
}

/// Elements that only divide.
fn is_boundary(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "address"
            | "center"
            | "details"
            | "summary"
            | "dl"
            | "dt"
            | "dd"
            | "fieldset"
            | "p"
    )
}
