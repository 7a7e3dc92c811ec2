//! The screens of the desk, through the whole router: one file per screen, and the table of who may do what.

mod article_form;
mod article_list;
mod article_roles;
mod banners;
mod comment_acts;
mod autosave;
mod autosave_of_edits;
mod checklist;
mod comments;
mod corrections;
mod dashboard;
mod document;
mod focal;
mod front;
mod galleries;
mod jobs;
mod lead_picture;
mod library;
mod media;
mod merge;
mod planned;
mod presence;
mod newsdesk;
mod notes;
mod preview;
mod revisions;
mod roles;
pub mod scene;
mod schedule;
mod screens;
mod sections;
mod tags;
mod tokens;
mod topics;
mod trash;
mod users;
mod work;
mod workflow;

use std::io::Cursor;

use broadsheet::news::section;
use broadsheet::text::Slug;
use scraper::{Html, Selector};

use crate::browser::{Answer, World};

/// A page of the desk, asked by CSS selectors.
pub struct Screen(Html);

impl Screen {
    pub fn of(answer: &Answer) -> Self {
        Self(Html::parse_document(&answer.body))
    }

    /// The text of everything that matches.
    pub fn text(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let text = |found: scraper::ElementRef<'_>| {
            found.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        self.0.select(&selector).map(text).collect()
    }

    /// An attribute of the first that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).next()?.attr(name).map(str::to_owned)
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.text(selector).is_empty()
    }

    /// What a field holds, as a browser would send it back.
    pub fn field(&self, name: &str) -> String {
        let area = self.text_of(&format!("textarea[name={name}]"));
        area.or_else(|| self.attribute(&format!("input[name={name}]"), "value"))
            .or_else(|| self.attribute(&format!("select[name={name}] option[selected]"), "value"))
            .unwrap_or_default()
    }

    /// What a browser would send of the form with this action, but for its buttons.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let fields = format!("form[action='{action}'] :is(input, textarea, select)");
        let option = Selector::parse("option[selected]").unwrap();
        let mut sent = Vec::new();
        for field in self.0.select(&Selector::parse(&fields).unwrap()) {
            let Some(name) = field.attr("name") else { continue };
            let is_on = field.attr("checked").is_some();
            let value = match (field.value().name(), field.attr("type")) {
                ("textarea", _) => field.text().collect(),
                ("select", _) => field
                    .select(&option)
                    .next()
                    .and_then(|option| option.attr("value"))
                    .unwrap_or("")
                    .to_owned(),
                (_, Some("checkbox" | "radio")) if !is_on => continue,
                (_, Some("file")) => continue,
                _ => field.attr("value").unwrap_or("").to_owned(),
            };
            sent.push((name.to_owned(), value));
        }
        sent
    }

    /// With its line breaks; a browser drops the one after the tag, and so does the parser.
    fn text_of(&self, selector: &str) -> Option<String> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).next().map(|found| found.text().collect())
    }
}

pub async fn with_section(world: &World) {
    let mut tx = world.db.pool.begin().await.unwrap();
    section::create(&mut tx, &Slug::of("paper").unwrap(), "Paper", "").await.unwrap();
    tx.commit().await.unwrap();
}

/// A small picture that really is one; `tone` makes another.
pub fn png(tone: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(40, 30, |x, y| {
        image::Rgb([u8::try_from(x * 6).unwrap(), u8::try_from(y * 8).unwrap(), tone])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
