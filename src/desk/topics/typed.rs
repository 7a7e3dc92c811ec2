//! What the fields of a topic hold, as typed or as stored: shown again whatever is wrong with it.

use crate::desk::picked;
use crate::news::media::Media;
use crate::news::topic::{Picked, Place, Target, Topic};
use crate::web::Upload;

/// Empty rows below those that are filled.
const ROOM: usize = 3;

pub const FIELDS: [&str; 20] = [
    "title",
    "slug",
    "description",
    "picture",
    "picture_id",
    "picture_remove",
    "picture_alt",
    "pinned",
    "tags",
    "match",
    "section",
    "top",
    "articles",
    "left_out",
    "link_label",
    "link_to",
    "link_place",
    "date_day",
    "date_text",
    "date_to",
];

#[derive(Default)]
pub struct Typed {
    pub title: String,
    pub slug: String,
    pub description: String,
    pub picture: Option<Media>,
    pub picture_alt: String,
    pub pinned: bool,
    pub tags: String,
    /// `any` or `all` of the tags.
    pub matches: String,
    /// The number of a section, or nothing.
    pub section: String,
    pub top: String,
    pub articles: String,
    pub left_out: String,
    pub links: Vec<LinkRow>,
    pub dates: Vec<DateRow>,
}

/// A row of "start here".
#[derive(Default)]
pub struct LinkRow {
    pub place: String,
    pub label: String,
    pub to: String,
    pub error: Option<String>,
}

/// A row of the key dates.
#[derive(Default)]
pub struct DateRow {
    pub day: String,
    pub text: String,
    pub to: String,
    pub error: Option<String>,
}

impl LinkRow {
    pub fn is_empty(&self) -> bool {
        self.label.trim().is_empty() && self.to.trim().is_empty()
    }
}

impl DateRow {
    pub fn is_empty(&self) -> bool {
        self.day.trim().is_empty() && self.text.trim().is_empty() && self.to.trim().is_empty()
    }
}

impl Typed {
    pub fn stored(topic: &Topic, picture: Option<Media>, picked: &[Picked]) -> Self {
        let those = |place: Place| -> String {
            let there = picked.iter().filter(|picked| picked.place == place);
            there.map(|picked| picked::line(picked.id, &picked.headline)).collect()
        };
        let links = topic.links.0.clone().into_iter().map(|link| LinkRow {
            label: link.label,
            to: to(&link.target),
            ..LinkRow::default()
        });
        let dates = topic.dates.0.clone().into_iter().map(|date| DateRow {
            day: date.day.to_string(),
            text: date.text,
            to: to(&date.target),
            error: None,
        });
        Self {
            title: topic.title.clone(),
            slug: topic.slug.to_string(),
            description: topic.description.clone(),
            picture,
            picture_alt: topic.picture_alt.clone(),
            pinned: topic.pinned,
            tags: topic.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join(", "),
            matches: if topic.match_all { "all" } else { "any" }.to_owned(),
            section: topic.section_id.map(|id| id.to_string()).unwrap_or_default(),
            top: those(Place::Top),
            articles: those(Place::In),
            left_out: those(Place::Out),
            links: links.collect(),
            dates: dates.collect(),
        }
        .with_room()
    }

    pub fn sent(upload: &Upload, picture: Option<Media>) -> Self {
        let text = |name: &str| upload.text(name).replace("\r\n", "\n");
        let column = |name: &str| -> Vec<String> { upload.texts(name).map(str::to_owned).collect() };
        let cell = |column: &[String], at: usize| column.get(at).cloned().unwrap_or_default();
        let (labels, targets, places) = (column("link_label"), column("link_to"), column("link_place"));
        let links = (0..labels.len()).map(|at| LinkRow {
            place: cell(&places, at),
            label: cell(&labels, at),
            to: cell(&targets, at),
            error: None,
        });
        let (days, texts, leads) = (column("date_day"), column("date_text"), column("date_to"));
        let dates = (0..days.len()).map(|at| DateRow {
            day: cell(&days, at),
            text: cell(&texts, at),
            to: cell(&leads, at),
            error: None,
        });
        Self {
            title: text("title"),
            slug: text("slug"),
            description: text("description"),
            picture,
            picture_alt: text("picture_alt"),
            pinned: !upload.text("pinned").is_empty(),
            tags: text("tags"),
            matches: text("match"),
            section: text("section"),
            top: text("top"),
            articles: text("articles"),
            left_out: text("left_out"),
            links: links.filter(|row| !row.is_empty()).collect(),
            dates: dates.filter(|row| !row.is_empty()).collect(),
        }
        .with_room()
    }

    /// With empty rows to write into.
    #[must_use]
    pub fn with_room(mut self) -> Self {
        self.links.extend((0..ROOM).map(|_| LinkRow::default()));
        self.dates.extend((0..ROOM).map(|_| DateRow::default()));
        self
    }
}

/// As the field of a link holds it.
fn to(target: &Target) -> String {
    match (target.article, &target.headline) {
        (Some(id), Some(headline)) => picked::line(id, headline).trim().to_owned(),
        _ => target.address.clone(),
    }
}
