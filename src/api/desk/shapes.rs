//! The shapes of what is worked on: an article with everything its form has, what changes it, a medium.
// `null` and nothing are two things in a change.
#![allow(clippy::option_option)]

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::accounts::User;
use crate::api::articles::machine;
use crate::api::shapes::Place;
use crate::editing::Existing;
use crate::editing::typed::{self, Typed};
use crate::news::article::State;
use crate::news::article::save::Action;
use crate::news::media::{Kind, Media};
use crate::paths::api;
use crate::web::{Errors, Site};

/// An article as the desk knows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Draft {
    pub id: i64,
    /// Send it back as `If-Match: "7"` with what changes it.
    pub version: i32,
    /// draft, review, published or withdrawn.
    pub state: String,
    /// Readers see it now.
    pub visible: bool,
    /// Its page, once readers have it.
    pub url: Option<String>,
    pub api_url: String,
    pub section: String,
    pub kicker: String,
    pub headline: String,
    pub slug: String,
    pub standfirst: String,
    /// HTML as it was sent; what readers get is cleaned.
    pub body: String,
    pub byline: String,
    pub dateline: String,
    pub language: String,
    pub tags: Vec<String>,
    /// Numbers of articles.
    pub related: Vec<i64>,
    /// The number of its picture.
    pub picture: Option<i64>,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    pub place: Option<Place>,
    pub work: String,
    pub comments: bool,
    pub publish_at: Option<DateTime<Utc>>,
    pub expire_at: Option<DateTime<Utc>>,
    pub withdrawn_note: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// What the owner of the token may do with it now.
    pub may: Vec<String>,
}

/// An article in the desk's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Line {
    pub id: i64,
    pub version: i32,
    pub state: String,
    pub headline: String,
    pub section_name: String,
    pub byline: String,
    pub publish_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    pub api_url: String,
}

/// What is to be saved. What is left out stays as it is; `null` empties what may be empty.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Changes {
    /// The slug of a section.
    section: Option<String>,
    kicker: Option<String>,
    #[schema(max_length = 200)]
    headline: Option<String>,
    slug: Option<String>,
    standfirst: Option<String>,
    /// HTML; scripts, styles and whatever else has no place in a text are taken out.
    body: Option<String>,
    byline: Option<String>,
    dateline: Option<String>,
    language: Option<String>,
    #[schema(max_items = 30)]
    tags: Option<Vec<String>>,
    #[schema(max_items = 50)]
    related: Option<Vec<i64>>,
    /// The number of a picture of the media.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub picture: Option<Option<i64>>,
    picture_alt: Option<String>,
    picture_caption: Option<String>,
    picture_credit: Option<String>,
    /// The name of a place that is known.
    place: Option<String>,
    /// report, analysis, opinion, background, review or interview.
    work: Option<String>,
    comments: Option<bool>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    publish_at: Option<Option<DateTime<Utc>>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    expire_at: Option<Option<DateTime<Utc>>>,
    /// Why, for the newsroom.
    why: Option<String>,
    /// For readers: what was wrong and is right now.
    correction: Option<String>,
}

/// What is said of an act.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deed {
    /// Why, for the newsroom.
    why: Option<String>,
    /// When to publish; now, when nobody says.
    publish_at: Option<DateTime<Utc>>,
    /// With a withdrawal: what readers are told.
    note: Option<String>,
}

/// A picture or film.
#[derive(Debug, Serialize, ToSchema)]
pub struct Medium {
    pub id: i64,
    /// picture or film.
    pub kind: String,
    pub name: String,
    /// A file that may stand in a text; null in the first moments.
    pub url: Option<String>,
    pub width: i32,
    pub height: i32,
    pub alt: String,
    pub decorative: bool,
    pub caption: String,
    pub credit: String,
    pub source: String,
    pub licence: String,
    pub licence_ends_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub api_url: String,
}

/// Tells `null` from nothing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl Draft {
    pub fn of(site: &Site, user: &User, existing: &Existing) -> Self {
        let article = &existing.article;
        let acts = [Action::Save, Action::Submit, Action::Return, Action::Publish, Action::Withdraw];
        let may = acts.into_iter().filter(|action| article.may(user, *action));
        Self {
            id: article.id.0,
            version: article.version,
            state: article.state.as_str().to_owned(),
            visible: article.visible,
            url: article.visible.then(|| site.absolute(&article.href())),
            api_url: site.absolute(&api::desk_article(article.id)),
            section: article.section_slug.to_string(),
            kicker: article.kicker.clone(),
            headline: article.headline.clone(),
            slug: article.slug.to_string(),
            standfirst: article.standfirst.clone(),
            body: article.body_source.clone(),
            byline: article.byline.clone(),
            dateline: article.dateline.clone(),
            language: article.language.to_string(),
            tags: article.tags.iter().map(|tag| tag.name.clone()).collect(),
            related: existing.chosen.iter().map(|chosen| chosen.id.0).collect(),
            picture: article.picture_id.map(|id| id.0),
            picture_alt: article.picture_alt.clone(),
            picture_caption: article.picture_caption.clone(),
            picture_credit: article.picture_credit.clone(),
            place: article.place.as_ref().map(|place| Place {
                name: place.name.clone(),
                latitude: Some(place.latitude),
                longitude: Some(place.longitude),
            }),
            work: article.work.as_str().to_owned(),
            comments: article.comments_open,
            publish_at: article.publish_at,
            expire_at: article.expire_at,
            withdrawn_note: article.withdrawn_note.clone(),
            created_at: article.created_at,
            updated_at: article.updated_at,
            may: may.map(|action| action.as_str().to_owned()).collect(),
        }
    }
}

impl Changes {
    /// Over what is stored, as if it had been typed.
    pub fn type_into(&self, typed: &mut Typed, errors: &mut Errors) {
        let lines = [
            (&self.section, &mut typed.section),
            (&self.kicker, &mut typed.kicker),
            (&self.headline, &mut typed.headline),
            (&self.slug, &mut typed.slug),
            (&self.byline, &mut typed.byline),
            (&self.dateline, &mut typed.dateline),
            (&self.language, &mut typed.language),
            (&self.picture_credit, &mut typed.picture_credit),
            (&self.place, &mut typed.place),
            (&self.work, &mut typed.work.0),
            (&self.why, &mut typed.why),
        ];
        for (sent, field) in lines {
            if let Some(sent) = sent {
                *field = typed::line(sent);
            }
        }
        let texts = [
            (&self.standfirst, &mut typed.standfirst),
            (&self.body, &mut typed.body),
            (&self.picture_alt, &mut typed.picture_alt),
            (&self.picture_caption, &mut typed.picture_caption),
            (&self.correction, &mut typed.correction_note),
        ];
        for (sent, field) in texts {
            if let Some(sent) = sent {
                *field = typed::text(sent);
            }
        }
        if self.place.is_some() {
            // Where it lies is known, or it is no place.
            (typed.latitude, typed.longitude) = (String::new(), String::new());
        }
        if self.correction.is_some() {
            "correction".clone_into(&mut typed.change);
        }
        if let Some(tags) = &self.tags {
            if tags.iter().any(|tag| tag.contains([',', '\n'])) {
                errors.add("tags", "A tag holds no comma.");
            }
            typed.tags = typed::text(&tags.join(", "));
        }
        if let Some(related) = &self.related {
            typed.related = related.iter().map(i64::to_string).collect::<Vec<_>>().join("\n");
        }
        if let Some(comments) = self.comments {
            typed.comments = comments;
        }
        for (sent, field) in
            [(self.publish_at, &mut typed.publish_at), (self.expire_at, &mut typed.expire_at)]
        {
            if let Some(at) = sent {
                *field = at.map(machine).unwrap_or_default();
            }
        }
    }
}

impl Deed {
    pub fn type_into(&self, typed: &mut Typed) {
        if let Some(why) = &self.why {
            typed.why = typed::line(why);
        }
        if let Some(note) = &self.note {
            typed.withdrawn_note = typed::text(note);
        }
        if let Some(at) = self.publish_at {
            typed.publish_at = machine(at);
        }
    }
}

impl Medium {
    pub fn of(site: &Site, medium: &Media) -> Self {
        let file = medium.picture().and_then(|picture| picture.usual());
        let (width, height, url) = match file {
            Some((width, height, href)) => (width, height, Some(site.absolute(&href))),
            None => (medium.width, medium.height, None),
        };
        Self {
            id: medium.id.0,
            kind: if medium.kind == Kind::Picture { "picture" } else { "film" }.to_owned(),
            name: medium.name.clone(),
            url,
            width,
            height,
            alt: medium.alt.clone(),
            decorative: medium.decorative,
            caption: medium.caption.clone(),
            credit: medium.credit.clone(),
            source: medium.source.clone(),
            licence: medium.licence.clone(),
            licence_ends_at: medium.licence_ends_at,
            created_at: medium.created_at,
            api_url: site.absolute(&api::desk_medium(medium.id)),
        }
    }
}

/// Which articles the list shows.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    Draft,
    Review,
    Scheduled,
    Published,
    Withdrawn,
}

impl Which {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => State::Draft.as_str(),
            Self::Review => State::Review.as_str(),
            Self::Scheduled => "scheduled",
            Self::Published => State::Published.as_str(),
            Self::Withdrawn => State::Withdrawn.as_str(),
        }
    }
}
