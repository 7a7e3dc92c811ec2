//! One line of text with its marks, as it is read; and the HTML of it.

use std::fmt::Write as _;
use std::rc::Rc;

use super::html::Marker;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub bold: bool,
    pub italic: bool,
    pub strike: bool,
    pub sup: bool,
    pub sub: bool,
    pub code: bool,
    pub link: Option<Rc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Bit {
    Text(String, Marks),
    Break,
    /// By its number in the document.
    Picture(usize),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    bits: Vec<Bit>,
    /// Blanks and line ends mean what they are.
    pub is_pre: bool,
}

/// A part of a line: pictures stand by themselves.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    Html(String),
    Picture(usize),
}

impl Line {
    pub fn text(&mut self, text: &str, marks: &Marks) {
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        if text.is_empty() {
            return;
        }
        match self.bits.last_mut() {
            Some(Bit::Text(before, same)) if same == marks => before.push_str(&text),
            _ => self.bits.push(Bit::Text(text, marks.clone())),
        }
    }

    pub fn line_break(&mut self) {
        self.bits.push(Bit::Break);
    }

    pub fn picture(&mut self, number: usize) {
        self.bits.push(Bit::Picture(number));
    }

    /// The bullet or number that the line begins with, taken from it.
    pub fn take_marker(&mut self) -> Option<Marker> {
        let Some(Bit::Text(text, _)) = self.bits.iter_mut().find(|bit| matches!(bit, Bit::Text(..))) else {
            return None;
        };
        let (marker, rest) = Marker::split(text)?;
        *text = rest.to_owned();
        Some(marker)
    }

    /// The words alone.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for bit in &self.bits {
            match bit {
                Bit::Text(text, _) => words.push_str(text),
                Bit::Break => words.push(' '),
                Bit::Picture(_) => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|bit| match bit {
            Bit::Text(text, _) => text.chars().all(char::is_whitespace),
            Bit::Break => true,
            Bit::Picture(_) => false,
        })
    }

    /// Whether every word is bold.
    pub fn is_bold(&self) -> bool {
        let mut texts = self.bits.iter().filter_map(|bit| match bit {
            Bit::Text(text, marks) if !text.trim().is_empty() => Some(marks.bold),
            _ => None,
        });
        texts.next() == Some(true) && texts.all(|bold| bold)
    }

    /// A heading is bold by itself.
    pub fn without_bold(mut self) -> Self {
        for bit in &mut self.bits {
            if let Bit::Text(_, marks) = bit {
                marks.bold = false;
            }
        }
        self
    }

    /// The parts of the line, in order; what is empty is not among them.
    pub fn parts(self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut texts = Vec::new();
        let is_pre = self.is_pre;
        for bit in self.bits {
            if let Bit::Picture(number) = bit {
                parts.extend(html(std::mem::take(&mut texts), is_pre).map(Part::Html));
                parts.push(Part::Picture(number));
            } else {
                texts.push(bit);
            }
        }
        parts.extend(html(texts, is_pre).map(Part::Html));
        parts
    }
}

/// Texts and breaks without blanks at their ends; `None` if nothing is left.
fn html(bits: Vec<Bit>, is_pre: bool) -> Option<String> {
    let bits = if is_pre { bits.into_iter().map(without_code).collect() } else { tidy(bits) };
    let mut html = String::new();
    let mut open: Vec<String> = Vec::new();
    for (at, bit) in bits.iter().enumerate() {
        // Marks end before a break, unless they go on after it.
        let wanted = bits[at..].iter().find_map(wanted).unwrap_or_default();
        let same = open.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
        close(&mut html, &mut open, same);
        let Bit::Text(text, _) = bit else {
            html.push_str(if is_pre { "\n" } else { "<br>" });
            continue;
        };
        for tag in &wanted[same..] {
            let _ = write!(html, "<{tag}>");
            open.push(tag.clone());
        }
        html.push_str(&escape(text));
    }
    close(&mut html, &mut open, 0);
    (!html.trim().is_empty()).then_some(html)
}

fn close(html: &mut String, open: &mut Vec<String>, keep: usize) {
    for tag in open.drain(keep..).rev() {
        let name = tag.split(' ').next().unwrap_or_default();
        let _ = write!(html, "</{name}>");
    }
}

/// A block of code is code already.
fn without_code(bit: Bit) -> Bit {
    match bit {
        Bit::Text(text, marks) => Bit::Text(text, Marks { code: false, ..marks }),
        bit => bit,
    }
}

fn wanted(bit: &Bit) -> Option<Vec<String>> {
    match bit {
        Bit::Text(text, marks) if text.trim().is_empty() && marks.link.is_none() => Some(Vec::new()),
        Bit::Text(_, marks) => Some(tags(marks)),
        _ => None,
    }
}

/// From the outside in.
fn tags(marks: &Marks) -> Vec<String> {
    let link = marks.link.as_ref().map(|href| format!("a href=\"{}\"", escape(href)));
    let marks = [
        (marks.bold, "strong"),
        (marks.italic, "em"),
        (marks.strike, "s"),
        (marks.sup, "sup"),
        (marks.sub, "sub"),
        (marks.code, "code"),
    ];
    link.into_iter().chain(marks.iter().filter(|(on, _)| *on).map(|(_, tag)| (*tag).to_owned())).collect()
}

/// Blanks in a row are one, and none stand at the ends of a line or beside a break. A blank belongs to no mark's end.
fn tidy(bits: Vec<Bit>) -> Vec<Bit> {
    let mut tidy: Vec<Bit> = Vec::new();
    let mut after_blank = true;
    for bit in bits {
        let Bit::Text(text, marks) = bit else {
            trim_end(&mut tidy);
            tidy.push(bit);
            after_blank = true;
            continue;
        };
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            let is_blank = matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}');
            if !is_blank {
                out.push(c);
            } else if !after_blank {
                out.push(' ');
            }
            after_blank = is_blank;
        }
        if out.is_empty() {
            continue;
        }
        let has_end = out.ends_with(' ') && out.len() > 1 && marks != Marks::default();
        if has_end {
            out.pop();
        }
        tidy.push(Bit::Text(out, marks));
        if has_end {
            tidy.push(Bit::Text(" ".to_owned(), Marks::default()));
        }
    }
    while matches!(tidy.last(), Some(Bit::Break)) {
        tidy.pop();
    }
    let first = tidy.iter().position(|bit| *bit != Bit::Break).unwrap_or(tidy.len());
    tidy.drain(..first);
    trim_end(&mut tidy);
    joined(tidy)
}

/// Texts of the same marks that became neighbours.
fn joined(bits: Vec<Bit>) -> Vec<Bit> {
    let mut joined: Vec<Bit> = Vec::with_capacity(bits.len());
    for bit in bits {
        match (joined.last_mut(), bit) {
            (Some(Bit::Text(before, same)), Bit::Text(text, marks)) if *same == marks => {
                before.push_str(&text);
            }
            (_, bit) => joined.push(bit),
        }
    }
    joined
}

fn trim_end(bits: &mut Vec<Bit>) {
    while let Some(Bit::Text(text, _)) = bits.last_mut() {
        text.truncate(text.trim_end_matches(' ').len());
        if !text.is_empty() {
            break;
        }
        bits.pop();
    }
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The address of a link that leads somewhere from everywhere; within the document or beside it there is nothing.
pub fn link(address: &str) -> Option<Rc<str>> {
    let address = address.trim();
    let scheme = address.split_once(':')?.0.to_ascii_lowercase();
    let leads = matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel");
    (leads && !address.contains(char::is_control)).then(|| unwrapped(address).into())
}

/// Google's documents lead through a page of theirs: `https://www.google.com/url?q=…`.
fn unwrapped(address: &str) -> String {
    let Ok(url) = url::Url::parse(address) else { return address.to_owned() };
    let is_wrapped = url.host_str() == Some("www.google.com") && url.path() == "/url";
    let inner = url.query_pairs().find(|(key, _)| key == "q").map(|(_, value)| value.into_owned());
    inner.filter(|inner| is_wrapped && inner.starts_with("http")).unwrap_or_else(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(line: Line) -> Vec<Part> {
        line.parts()
    }

    fn bold() -> Marks {
        Marks { bold: true, ..Marks::default() }
    }

    #[test]
    fn marks_are_nested_and_blanks_stay_outside() {
        let mut line = Line::default();
        let plain = Marks::default();
        line.text("  The ", &plain);
        line.text("ferry ", &bold());
        line.text("runs", &Marks { italic: true, ..bold() });
        line.text(" & \n rests. ", &plain);
        let expected = "The <strong>ferry</strong> <strong><em>runs</em></strong> &amp; rests.";
        assert_eq!(html(line), [Part::Html(expected.to_owned())]);
    }

    #[test]
    fn a_picture_divides_the_line() {
        let mut line = Line::default();
        line.text("Before", &Marks::default());
        line.picture(3);
        line.line_break();
        line.text("after", &bold());
        let after = Part::Html("<strong>after</strong>".to_owned());
        assert_eq!(html(line), [Part::Html("Before".to_owned()), Part::Picture(3), after]);
    }

    #[test]
    fn only_links_that_lead_somewhere_are_links() {
        assert_eq!(link("https://a.example/?x=1&y").as_deref(), Some("https://a.example/?x=1&y"));
        assert_eq!(
            link("https://www.google.com/url?q=https://a.example/b&sa=D").as_deref(),
            Some("https://a.example/b")
        );
        for nowhere in ["#note", "other.html", "javascript:alert(1)", "file:///etc/passwd", ""] {
            assert_eq!(link(nowhere), None, "{nowhere}");
        }
    }
}
