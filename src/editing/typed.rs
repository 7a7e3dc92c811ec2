//! The fields of the article form as they were typed, or as they are stored. Whether they are right is
//! `fields`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{comments, work};
use crate::news::article::Article;
use crate::news::article::related::Chosen;
use crate::news::place::Place;
use crate::text::date;
use crate::web::{Site, Upload};

/// Every field the form has. What is sent besides is refused: nobody typed it.
pub const NAMES: &[&str] = &[
    "section",
    "kicker",
    "headline",
    "slug",
    "standfirst",
    "body",
    "byline",
    "dateline",
    "tags",
    "related",
    "picture",
    "picture_id",
    "library_picture",
    "remove_picture",
    "picture_alt",
    "picture_caption",
    "picture_credit",
    "publish_at",
    "expire_at",
    "comments",
    comments::MODE,
    comments::DAYS,
    work::NAME,
    "language",
    "place",
    "latitude",
    "longitude",
    "withdrawn_note",
    "draft",
    "override_reason",
    "why",
    "change",
    "correction_note",
    "effective_at",
    "edit",
    "version",
    "action",
];

/// As typed, every field; what was not sent is empty.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub section: String,
    pub kicker: String,
    pub headline: String,
    pub slug: String,
    pub standfirst: String,
    pub body: String,
    pub byline: String,
    pub dateline: String,
    pub language: String,
    pub tags: String,
    pub related: String,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    pub place: String,
    pub latitude: String,
    pub longitude: String,
    pub comments: bool,
    pub discussion: comments::Typed,
    pub work: work::Typed,
    pub publish_at: String,
    pub expire_at: String,
    pub withdrawn_note: String,
    /// What an unsaved article goes by; only while it has no number.
    pub draft: String,
    /// Why an administrator publishes although something is missing.
    pub override_reason: String,
    pub why: String,
    /// `minor` or `correction`.
    pub change: String,
    pub correction_note: String,
    pub effective_at: String,
    /// The edit that waits and that this form was opened with.
    pub edit: String,
    pub version: String,
}

impl Typed {
    /// The form of an edit that waits for its time, and not of the article.
    pub fn is_edit(&self) -> bool {
        !self.edit.is_empty()
    }

    /// An empty form.
    pub fn blank(site: &Site) -> Self {
        Self { comments: true, language: site.language.to_string(), ..Self::default() }
    }

    pub fn sent(upload: &Upload) -> Self {
        let line = |name| line(upload.text(name));
        let text = |name| text(upload.text(name));
        Self {
            section: line("section"),
            kicker: line("kicker"),
            headline: line("headline"),
            slug: line("slug"),
            standfirst: text("standfirst"),
            body: text("body"),
            byline: line("byline"),
            dateline: line("dateline"),
            language: line("language"),
            tags: text("tags"),
            related: text("related"),
            picture_alt: text("picture_alt"),
            picture_caption: text("picture_caption"),
            picture_credit: line("picture_credit"),
            place: line("place"),
            latitude: line("latitude"),
            longitude: line("longitude"),
            comments: upload.text("comments") == "on",
            discussion: comments::Typed::sent(upload),
            work: work::Typed::sent(upload),
            publish_at: line("publish_at"),
            expire_at: line("expire_at"),
            withdrawn_note: text("withdrawn_note"),
            draft: line("draft"),
            override_reason: text("override_reason"),
            why: line("why"),
            change: line("change"),
            correction_note: text("correction_note"),
            effective_at: line("effective_at"),
            edit: line("edit"),
            version: line("version"),
        }
    }

    pub fn stored(article: &Article, chosen: &[Chosen], zone: Tz) -> Self {
        let moment = |at: Option<DateTime<Utc>>| at.map(|at| date::field(at, zone)).unwrap_or_default();
        let degrees = |number: fn(&Place) -> f64| {
            article.place.as_ref().map(|place| number(place).to_string()).unwrap_or_default()
        };
        let tags: Vec<&str> = article.tags.iter().map(|tag| tag.name.as_str()).collect();
        let related: Vec<String> =
            chosen.iter().map(|chosen| format!("{} {}", chosen.id, chosen.headline)).collect();
        Self {
            section: article.section_slug.to_string(),
            kicker: article.kicker.clone(),
            headline: article.headline.clone(),
            slug: article.slug.to_string(),
            standfirst: article.standfirst.clone(),
            body: blocks_apart(&article.body_source),
            byline: article.byline.clone(),
            dateline: article.dateline.clone(),
            language: article.language.to_string(),
            tags: tags.join(", "),
            related: related.join("\n"),
            picture_alt: article.picture_alt.clone(),
            picture_caption: article.picture_caption.clone(),
            picture_credit: article.picture_credit.clone(),
            place: article.place.as_ref().map(|place| place.name.clone()).unwrap_or_default(),
            latitude: degrees(|place| place.latitude),
            longitude: degrees(|place| place.longitude),
            comments: article.comments_open,
            // What the article says itself is asked for by whoever shows the form.
            discussion: comments::Typed::default(),
            publish_at: moment(article.publish_at),
            expire_at: moment(article.expire_at),
            withdrawn_note: article.withdrawn_note.clone(),
            draft: String::new(),
            override_reason: String::new(),
            version: article.version.to_string(),
            ..Self::default()
        }
    }
}

impl Typed {
    /// What is said of the change and is no part of the article.
    pub fn about(&self) -> Vec<(String, String)> {
        let texts = [
            ("why", &self.why),
            ("change", &self.change),
            ("correction_note", &self.correction_note),
            ("effective_at", &self.effective_at),
            ("edit", &self.edit),
        ];
        let said = texts.into_iter().filter(|(_, text)| !text.is_empty());
        said.map(|(name, text)| (name.to_owned(), text.clone())).collect()
    }

    /// Names and values as the form sends them, but for what says where it stands.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        // Every field by name, so that a new one is not forgotten here.
        let Self {
            section,
            kicker,
            headline,
            standfirst,
            body,
            byline,
            dateline,
            tags,
            related,
            picture_alt,
            picture_caption,
            picture_credit,
            publish_at,
            expire_at,
            language,
            slug,
            place,
            latitude,
            longitude,
            withdrawn_note,
            comments,
            discussion,
            work,
            draft: _,
            override_reason: _,
            why: _,
            change: _,
            correction_note: _,
            effective_at: _,
            edit: _,
            version: _,
        } = self;
        let texts = [
            ("section", section),
            ("kicker", kicker),
            ("headline", headline),
            ("standfirst", standfirst),
            ("body", body),
            ("byline", byline),
            ("dateline", dateline),
            ("tags", tags),
            ("related", related),
            ("picture_alt", picture_alt),
            ("picture_caption", picture_caption),
            ("picture_credit", picture_credit),
            ("publish_at", publish_at),
            ("expire_at", expire_at),
            ("language", language),
            ("slug", slug),
            ("place", place),
            ("latitude", latitude),
            ("longitude", longitude),
            ("withdrawn_note", withdrawn_note),
        ];
        let mut pairs: Vec<_> = texts.into_iter().map(|(name, value)| (name, value.clone())).collect();
        pairs.push(("comments", if *comments { "on" } else { "" }.to_owned()));
        pairs.push((comments::MODE, discussion.mode.clone()));
        pairs.push((comments::DAYS, discussion.days.clone()));
        pairs.push((work::NAME, work.0.clone()));
        pairs
    }
}

/// One line: whatever breaks it becomes a space.
pub fn line(sent: &str) -> String {
    let line: String = sent.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}

/// Lines as we keep them, without the control characters that no database takes.
pub fn text(sent: &str) -> String {
    let lines = sent.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = lines.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.trim().to_owned()
}

/// A body that came on one line, as a person can read it: an empty line between its blocks.
fn blocks_apart(html: &str) -> String {
    let mut apart = html.to_owned();
    for block in ["p", "h2", "h3", "h4", "ul", "ol", "blockquote", "figure", "pre", "table"] {
        let end = format!("</{block}><");
        apart = apart
            .replace(&end, &format!("</{block}>\n\n<"))
            .replace(&format!("</{block}>\n\n</"), &format!("{end}/"));
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_on_one_line_is_shown_block_by_block() {
        assert_eq!(
            blocks_apart("<p>One</p><h2>Two</h2><blockquote><p>Three</p></blockquote><p>Four</p>"),
            "<p>One</p>\n\n<h2>Two</h2>\n\n<blockquote><p>Three</p></blockquote>\n\n<p>Four</p>"
        );
    }

    #[test]
    fn nothing_that_a_database_refuses_is_kept() {
        assert_eq!(text("a\0b\r\nc\td"), "ab\nc\td");
        assert_eq!(line(" a\0b\r\nc "), "a b  c");
    }
}
