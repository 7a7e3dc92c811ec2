//! The forms of Ghost's editors, Lexical and before it Mobiledoc, as HTML: for posts that were never published and have
//! none. What has no words and no picture is left out, and named.
#![allow(clippy::format_push_string)] // a few letters; `write!` would have a result to be thrown away

use serde_json::Value;

use super::json::{first, list, text};
use crate::documents::{self, escape};

#[derive(Default)]
pub struct Read {
    pub html: String,
    pub left_out: Vec<String>,
}

const MOST_DEPTH: usize = 50;

pub fn of_lexical(document: &Value) -> Read {
    let mut read = Read::default();
    if let Some(root) = document.get("root") {
        read.children(root, 0);
    }
    read
}

pub fn of_mobiledoc(document: &Value) -> Read {
    let mut read = Read::default();
    for section in list(document, "sections") {
        match section.get(0).and_then(Value::as_i64) {
            Some(1) => {
                let tag = section.get(1).and_then(Value::as_str).unwrap_or("p");
                let tag = if matches!(tag, "h1" | "h2" | "h3" | "h4" | "blockquote") { tag } else { "p" };
                let inner = markers(document, section.get(2));
                read.html.push_str(&format!("<{tag}>{inner}</{tag}>\n"));
            }
            Some(3) => {
                let tag = if section.get(1).and_then(Value::as_str) == Some("ol") { "ol" } else { "ul" };
                read.html.push_str(&format!("<{tag}>"));
                for item in section.get(2).and_then(Value::as_array).into_iter().flatten() {
                    read.html.push_str(&format!("<li>{}</li>", markers(document, Some(item))));
                }
                read.html.push_str(&format!("</{tag}>\n"));
            }
            Some(10) => {
                let card = section.get(1).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
                let card = card.and_then(|at| list(document, "cards").get(at));
                let name = card.and_then(|card| card.get(0)).and_then(Value::as_str).unwrap_or_default();
                let nothing = Value::Null;
                read.card(name, card.and_then(|card| card.get(1)).unwrap_or(&nothing));
            }
            _ => {}
        }
    }
    read
}

/// The letters of a section with what they are marked with.
fn markers(document: &Value, markers: Option<&Value>) -> String {
    let mut html = String::new();
    let mut open: Vec<&str> = Vec::new();
    for marker in markers.and_then(Value::as_array).into_iter().flatten() {
        for markup in marker.get(1).and_then(Value::as_array).into_iter().flatten() {
            let at = markup.as_u64().and_then(|at| usize::try_from(at).ok());
            let Some(markup) = at.and_then(|at| list(document, "markups").get(at)) else { continue };
            let tag = match markup.get(0).and_then(Value::as_str).unwrap_or_default() {
                tag @ ("strong" | "b" | "em" | "i" | "s" | "sub" | "sup" | "code") => tag,
                "a" => "a",
                _ => "span",
            };
            if tag == "a" {
                let href =
                    markup.get(1).and_then(|pair| pair.get(1)).and_then(Value::as_str).unwrap_or_default();
                html.push_str(&format!("<a href=\"{}\">", escape(href)));
            } else {
                html.push_str(&format!("<{tag}>"));
            }
            open.push(tag);
        }
        if marker.get(0).and_then(Value::as_i64) == Some(0) {
            html.push_str(&escape(marker.get(3).and_then(Value::as_str).unwrap_or_default()));
        } else {
            html.push_str("<br>");
        }
        for _ in 0..marker.get(2).and_then(Value::as_u64).unwrap_or_default().min(64) {
            if let Some(tag) = open.pop() {
                html.push_str(&format!("</{tag}>"));
            }
        }
    }
    html
}

impl Read {
    fn children(&mut self, node: &Value, depth: usize) {
        if depth < MOST_DEPTH {
            for child in list(node, "children") {
                self.node(child, depth + 1);
            }
        }
    }

    fn inside(&mut self, tag: &str, node: &Value, depth: usize) {
        self.html.push_str(&format!("<{tag}>"));
        self.children(node, depth);
        self.html.push_str(&format!("</{tag}>"));
    }

    fn node(&mut self, node: &Value, depth: usize) {
        match text(node, "type") {
            "paragraph" => self.inside("p", node, depth),
            "heading" | "extended-heading" => {
                let tag = match text(node, "tag") {
                    tag @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => tag,
                    _ => "h2",
                };
                self.inside(tag, node, depth);
            }
            "list" => self.inside(if text(node, "listType") == "number" { "ol" } else { "ul" }, node, depth),
            "listitem" => self.inside("li", node, depth),
            "quote" | "extended-quote" | "aside" => self.inside("blockquote", node, depth),
            "link" | "autolink" => {
                self.html.push_str(&format!("<a href=\"{}\">", escape(text(node, "url"))));
                self.children(node, depth);
                self.html.push_str("</a>");
            }
            "linebreak" => self.html.push_str("<br>"),
            "text" | "extended-text" | "code-highlight" => {
                let format = node.get("format").and_then(Value::as_i64).unwrap_or_default();
                let mut html = escape(text(node, "text"));
                for (bit, tag) in [(1, "strong"), (2, "em"), (4, "s"), (16, "code"), (32, "sub"), (64, "sup")]
                {
                    if format & bit != 0 {
                        html = format!("<{tag}>{html}</{tag}>");
                    }
                }
                self.html.push_str(&html);
            }
            name if !list(node, "children").is_empty() => {
                let _ = name;
                self.children(node, depth);
            }
            name => self.card(name, node),
        }
    }

    fn card(&mut self, name: &str, card: &Value) {
        match name {
            "image" | "image-card" => self.picture(card),
            "gallery" => {
                for image in list(card, "images") {
                    self.picture(image);
                }
                let caption = text(card, "caption");
                if !caption.is_empty() {
                    self.html.push_str(&format!("<p>{caption}</p>\n"));
                }
            }
            "html" => self.html.push_str(text(card, "html")),
            "markdown" | "card-markdown" => match documents::markdown_html(text(card, "markdown")) {
                Ok(html) => self.html.push_str(&html),
                Err(_) => self.leave(name),
            },
            "embed" | "bookmark" | "video" | "audio" | "file" => match first(card, &["url", "src"]) {
                "" => self.leave(name),
                url => self.html.push_str(&format!("<iframe src=\"{}\"></iframe>", escape(url))),
            },
            "horizontalrule" | "hr" => self.html.push_str("<hr>"),
            "codeblock" | "code" => self.html.push_str(&format!("<pre>{}</pre>", escape(text(card, "code")))),
            "callout" => {
                self.html.push_str(&format!("<blockquote>{}</blockquote>", text(card, "calloutText")));
            }
            "toggle" => {
                self.html.push_str(&format!("<h3>{}</h3>{}", text(card, "heading"), text(card, "content")));
            }
            "button" => self.html.push_str(&format!(
                "<p><a href=\"{}\">{}</a></p>",
                escape(text(card, "buttonUrl")),
                escape(text(card, "buttonText"))
            )),
            // Where readers of mails saw the rest.
            "paywall" | "" => {}
            other => self.leave(other),
        }
    }

    fn picture(&mut self, card: &Value) {
        self.html.push_str(&format!(
            "<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>\n",
            escape(text(card, "src")),
            escape(text(card, "alt")),
            text(card, "caption")
        ));
    }

    fn leave(&mut self, name: &str) {
        if self.left_out.len() < 10 && !self.left_out.iter().any(|known| known == name) {
            self.left_out.push(name.to_owned());
        }
    }
}
