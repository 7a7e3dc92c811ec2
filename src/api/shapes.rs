//! The shapes of what is read. Addresses are whole ones; moments are in UTC.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::news::article::card::Card;
use crate::news::article::entry::Entry;
use crate::news::article::work;
use crate::news::media::Picture as Shown;
use crate::news::{author, section, tag, topic};
use crate::paths::{self, api};
use crate::text::excerpt;
use crate::web::Site;

/// An article that readers see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Article {
    #[schema(minimum = 1)]
    pub id: i64,
    /// Its page.
    #[schema(format = "uri")]
    pub url: String,
    /// Itself in this API.
    #[schema(format = "uri")]
    pub api_url: String,
    pub slug: String,
    pub language: String,
    pub section: Named,
    /// The line above the headline; may be empty.
    pub kicker: String,
    pub headline: String,
    pub standfirst: String,
    /// The standfirst, or the first words of the text.
    pub summary: String,
    pub byline: String,
    pub authors: Vec<Named>,
    pub tags: Vec<String>,
    pub published_at: DateTime<Utc>,
    /// When readers were last told of something new in it.
    pub changed_at: DateTime<Utc>,
    pub place: Option<Place>,
    pub picture: Option<Picture>,
    #[schema(minimum = 0)]
    pub words: i64,
    /// The text, clean HTML. In lists only when `fields` names it.
    pub body_html: Option<String>,
}

/// Something with an address and a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    pub slug: String,
    pub name: String,
    #[schema(format = "uri")]
    pub url: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    pub name: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Picture {
    /// A JPEG of a usual width.
    #[schema(format = "uri")]
    pub url: String,
    pub width: i32,
    pub height: i32,
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Section {
    pub slug: String,
    pub name: String,
    #[schema(format = "uri")]
    pub url: String,
    pub description: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Topic {
    pub slug: String,
    pub name: String,
    #[schema(format = "uri")]
    pub url: String,
    pub description: String,
    pub tags: Vec<String>,
    pub picture: Option<Picture>,
}

/// Whoever stands in a byline; never an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Author {
    pub slug: String,
    pub name: String,
    #[schema(format = "uri")]
    pub url: String,
    pub bio: String,
}

/// What kind of work an article is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    Report,
    Analysis,
    Opinion,
    Background,
    Review,
    Interview,
}

impl Work {
    pub fn noun(self) -> work::Work {
        match self {
            Self::Report => work::Work::Report,
            Self::Analysis => work::Work::Analysis,
            Self::Opinion => work::Work::Opinion,
            Self::Background => work::Work::Background,
            Self::Review => work::Work::Review,
            Self::Interview => work::Work::Interview,
        }
    }
}

impl Article {
    pub fn of(site: &Site, entry: &Entry, with_body: bool) -> Self {
        let card = &entry.card;
        let summary = if card.standfirst.is_empty() {
            excerpt::first(&entry.body.text(), 280)
        } else {
            card.standfirst.clone()
        };
        Self {
            id: card.id.0,
            url: site.absolute(&card.href()),
            api_url: site.absolute(&api::article(card.id)),
            slug: card.slug.to_string(),
            language: card.language.to_string(),
            section: section_of(site, card),
            kicker: card.kicker.clone(),
            headline: card.headline.clone(),
            standfirst: card.standfirst.clone(),
            summary,
            byline: card.byline.clone(),
            authors: entry.authors.iter().map(|author| Named::author(site, author)).collect(),
            tags: entry.tags.clone(),
            published_at: card.publish_at,
            changed_at: entry.changed_at,
            place: card.place.as_ref().map(|name| Place {
                name: name.clone(),
                latitude: card.latitude,
                longitude: card.longitude,
            }),
            picture: card.picture().as_ref().and_then(|picture| Picture::of(site, picture)),
            words: i64::try_from(excerpt::words(&entry.body.text())).unwrap_or_default(),
            body_html: with_body.then(|| entry.body.absolute(&site.base_url).as_str().to_owned()),
        }
    }
}

fn section_of(site: &Site, card: &Card) -> Named {
    Named {
        slug: card.section_slug.to_string(),
        name: card.section_name.clone(),
        url: site.absolute(&card.section_href()),
    }
}

impl Named {
    pub fn author(site: &Site, author: &author::Author) -> Self {
        Self { slug: author.slug.clone(), name: author.name.clone(), url: site.absolute(&author.href()) }
    }

    pub fn tag(site: &Site, tag: &tag::Tag) -> Self {
        Self { slug: tag.slug.clone(), name: tag.name.clone(), url: site.absolute(&tag.href()) }
    }
}

impl Picture {
    pub fn of(site: &Site, picture: &Shown) -> Option<Self> {
        let (width, height, href) = picture.usual()?;
        Some(Self {
            url: site.absolute(&href),
            width,
            height,
            alt: picture.alt.clone(),
            caption: picture.caption.clone(),
            credit: picture.credit.clone(),
        })
    }
}

impl Section {
    pub fn of(site: &Site, section: &section::Section) -> Self {
        Self {
            slug: section.slug.to_string(),
            name: section.name.clone(),
            url: site.absolute(&section.href()),
            description: section.description.clone(),
        }
    }
}

impl Topic {
    pub fn of(site: &Site, topic: &topic::Topic) -> Self {
        Self {
            slug: topic.slug.to_string(),
            name: topic.title.clone(),
            url: site.absolute(&paths::topic(&topic.slug)),
            description: topic.description.clone(),
            tags: topic.tags.iter().map(|tag| tag.name.clone()).collect(),
            picture: topic.picture().as_ref().and_then(|picture| Picture::of(site, picture)),
        }
    }
}

impl Author {
    pub fn of(site: &Site, author: &author::Author) -> Self {
        Self {
            slug: author.slug.clone(),
            name: author.name.clone(),
            url: site.absolute(&author.href()),
            bio: author.bio.clone(),
        }
    }
}

/// What every refusal looks like: RFC 9457. Made by `web::problem`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Which kind; `about:blank` when the status says it all.
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub detail: Option<String>,
    /// For whoever runs the site: it stands in the log.
    pub request_id: String,
    pub errors: Option<Vec<FieldError>>,
    /// With a stale version: the one that is the newest now.
    pub newest_version: Option<i32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    pub field: String,
    pub detail: String,
}
