//! Bodies as other programs write them, in the shape that ours have: paragraphs, headings, lists, tables, figures with
//! captions, embeds as links. The text is taken apart and put together anew; the cleaner has the last word.
//!
//! Pictures stay where they lie until they are fetched (`finish`); `Body` can be written with them and without.

mod figures;
mod reader;

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use url::Url;

use self::reader::{Reader, State};
use super::item::Markup;
use super::shortcodes;
use crate::documents::{self, escape};
use crate::text::html;

/// More are no body of one article.
const MOST_BYTES: usize = 2 * 1024 * 1024;
const MOST_TAGS: usize = 100_000;

/// A picture in a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    pub address: String,
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

#[derive(Clone, Debug)]
enum Part {
    Html(String),
    Figure(Figure),
}

#[derive(Clone, Debug, Default)]
pub struct Body {
    parts: Vec<Part>,
    /// Whole addresses of the site it comes from.
    pub links: Vec<String>,
    /// What did not come along.
    pub notes: Vec<String>,
}

/// What links of the old site lead to now, by their keys.
pub type Leads = HashMap<String, String>;

impl Body {
    /// `site`: the address of the old site, or "".
    pub fn read(source: &str, markup: Markup, site: &str, leads: &Leads) -> Result<Self, String> {
        let mut notes = Vec::new();
        let by_lines;
        let html = match markup {
            Markup::Html => {
                by_lines = false;
                source.to_owned()
            }
            Markup::WordPress => {
                by_lines = !source.contains("<!-- wp:");
                shortcodes::read(source, &mut notes)
            }
            Markup::Markdown => {
                by_lines = false;
                let (html, left_out) = shortcodes::of_hugo(source);
                notes.extend(left_out);
                documents::markdown_html(&html).map_err(|refused| refused.to_string())?
            }
            Markup::Plain => {
                by_lines = true;
                escape(source)
            }
        };
        if html.len() > MOST_BYTES {
            return Err("it is longer than 2 MiB".to_owned());
        }
        match html::tags(&html) {
            Ok(count) if count <= MOST_TAGS => {}
            Ok(_) => return Err("it has more than 100000 tags".to_owned()),
            Err(unclean) => return Err(unclean.to_string()),
        }
        let reader = Reader(RefCell::new(State {
            by_lines,
            base: Url::parse(site).ok(),
            leads,
            parts: Vec::new(),
            buffer: String::new(),
            open: Vec::new(),
            figures: Vec::new(),
            skipped: 0,
            links: Vec::new(),
            embeds: 0,
        }));
        let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html.as_str()));
        while let TokenizerResult::Script(()) | TokenizerResult::EncodingIndicator(_) = tokenizer.feed(&input)
        {
        }
        tokenizer.end();
        let mut state = tokenizer.sink.0.into_inner();
        while !state.figures.is_empty() {
            state.end_figure();
        }
        state.close_to(0);
        state.flush();
        if state.embeds > 0 {
            notes.push(format!("{} films, sounds or frames became links.", state.embeds));
        }
        Ok(Self { parts: state.parts, links: state.links, notes })
    }

    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.parts.iter().filter_map(|part| match part {
            Part::Figure(figure) => Some(figure),
            Part::Html(_) => None,
        })
    }

    /// With each picture as `show` says; `None` leaves it out.
    pub fn write(&self, mut show: impl FnMut(&Figure) -> Option<Figure>) -> String {
        let mut html = String::new();
        for part in &self.parts {
            match part {
                Part::Html(text) => html.push_str(text),
                Part::Figure(figure) => {
                    if let Some(figure) = show(figure) {
                        html.push_str(&figure.html());
                    }
                }
            }
        }
        html.trim().to_owned()
    }

    /// As it is kept: pictures lie where they lay.
    pub fn source(&self) -> String {
        self.write(|figure| Some(figure.clone()))
    }

    /// As readers see it until the pictures are there.
    pub fn bare(&self) -> String {
        self.write(|figure| figure.is_ours().then(|| figure.clone()))
    }
}

impl Figure {
    pub fn is_ours(&self) -> bool {
        self.address.starts_with("/media/")
    }

    fn html(&self) -> String {
        let part = |tag: &str, class: &str, text: &str| match text {
            "" => String::new(),
            text => format!("<{tag} class=\"{class}\">{}</{tag}>", escape(text)),
        };
        let words = part("span", "caption", &self.caption) + &part("small", "credit", &self.credit);
        let words = if words.is_empty() { words } else { format!("<figcaption>{words}</figcaption>") };
        let (address, alt) = (escape(&self.address), escape(&self.alt));
        format!("<figure><img src=\"{address}\" alt=\"{alt}\">{words}</figure>\n\n")
    }
}

pub fn is_of_site(site: &Url, url: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned());
    matches!(url.scheme(), "http" | "https") && bare(site).is_some() && bare(site) == bare(url)
}

/// One line of text, at most so many letters.
pub fn tidy(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}
