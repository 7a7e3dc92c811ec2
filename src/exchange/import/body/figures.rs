//! Pictures, films and sounds in a body: figures with their words, embeds as links.

#![allow(clippy::format_push_string)] // a few letters; `write!` would have a result to be thrown away

use html5ever::tokenizer::Tag;
use url::Url;

use super::reader::State;
use super::{Figure, Part, tidy};
use crate::documents::escape;
use crate::exchange::import::embeds;

impl State<'_> {
    pub(super) fn picture(&mut self, tag: &Tag) {
        let attribute = |name: &str| {
            tag.attrs.iter().find(|one| &*one.name.local == name).map_or("", |one| one.value.trim())
        };
        // Pictures that wait until they are scrolled to say elsewhere where they lie.
        let lazy = ["data-orig-file", "data-src", "data-lazy-src", "data-full-url", "src"];
        let Some(src) =
            lazy.into_iter().map(attribute).find(|src| !src.is_empty() && !src.starts_with("data:"))
        else {
            return;
        };
        let address = if src.starts_with("file:") || src.starts_with("/media/") {
            src.to_owned()
        } else {
            match (Url::parse(src), &self.base) {
                (Ok(url), _) => url.to_string(),
                (Err(_), Some(base)) => base.join(src).map_or_else(|_| src.to_owned(), |url| url.to_string()),
                (Err(_), None) => src.to_owned(),
            }
        };
        let figure = Figure {
            address,
            alt: tidy(attribute("alt"), 500),
            caption: String::new(),
            credit: String::new(),
        };
        // A letter's width: it counts readers, or smiles.
        let is_dot = ["width", "height"].iter().any(|side| matches!(attribute(side), "0" | "1"));
        if is_dot || attribute("class").contains("wp-smiley") || attribute("class").contains("emoji") {
            if self.figures.is_empty() && !figure.alt.is_empty() && !is_dot {
                self.text(&figure.alt);
            }
            return;
        }
        match self.figures.last_mut() {
            Some(open) => open.pictures.push(figure),
            None => self.figure(figure),
        }
    }

    pub(super) fn frame(&mut self, src: &str) {
        let src = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
        if !src.starts_with("http") {
            return;
        }
        match self.figures.last_mut() {
            Some(figure) => {
                if figure.frame.is_empty() {
                    figure.frame = src;
                }
            }
            None => self.embed(&src, ""),
        }
    }

    /// The link of an embed of ours, or of one that was saved by its address.
    pub(super) fn frame_link(&mut self, href: &str) {
        if let Some(figure) = self.figures.last_mut()
            && figure.frame.is_empty()
            && embeds::of(href).is_some()
        {
            href.clone_into(&mut figure.frame);
        }
    }

    pub(super) fn embed(&mut self, address: &str, title: &str) {
        self.close_block();
        let title = |address: &str| if title.is_empty() { address.to_owned() } else { title.to_owned() };
        if let Some((provider, address)) = embeds::of(address) {
            self.buffer.push_str(&format!(
                "<figure class=\"embed\" data-provider=\"{provider}\"><a href=\"{}\">{}</a></figure>\n\n",
                escape(&address),
                escape(&title(&address))
            ));
        } else {
            self.embeds += 1;
            self.buffer.push_str(&format!(
                "<p><a href=\"{}\">{}</a></p>\n\n",
                escape(address),
                escape(&title(address))
            ));
        }
    }

    pub(super) fn end_figure(&mut self) {
        let Some(mut open) = self.figures.pop() else { return };
        let caption = tidy(&open.caption, 500);
        let credit = tidy(&open.credit, 200);
        if open.pictures.is_empty() {
            if !open.frame.is_empty() {
                return self.embed(&open.frame, &caption);
            }
            if !caption.is_empty() {
                self.close_block();
                self.buffer.push_str(&format!("<p>{}</p>\n\n", escape(&caption)));
            }
            return;
        }
        if let [only] = open.pictures.as_mut_slice() {
            (only.caption, only.credit) = (caption, credit);
        } else if let Some(last) = open.pictures.last_mut() {
            // What is said of several is said at the last.
            (last.caption, last.credit) = (caption, credit);
        }
        for picture in open.pictures {
            self.figure(picture);
        }
    }

    pub(super) fn figure(&mut self, figure: Figure) {
        self.close_block();
        self.flush();
        for element in &mut self.open {
            (element.start, element.content) = (usize::MAX, usize::MAX);
        }
        self.parts.push(Part::Figure(figure));
    }
}
