//! The fields of the article form as `article::save` takes them, once each of them is right.
//!
//! Not here: what was typed (`typed`), the screen (`desk::article_form`), the picture (`pictures`).

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use super::only;
use super::typed::Typed;
use crate::accounts::{Role, User};
use crate::news::article::related::{self, Chosen};
use crate::news::article::save::{Action, Fields};
use crate::news::article::{Article, ArticleId, State};
use crate::news::media::MediaId;
use crate::news::place::{self, PlaceId, Refused};
use crate::news::{section, tag};
use crate::text::html::{CleanHtml, Unclean};
use crate::text::{Language, Slug, date, names};
use crate::web::{Errors, Site};

/// More would be a list of words, not keywords.
const MAX_TAGS: usize = 30;
const MAX_RELATED: usize = 50;
/// The schema's limit on an author's name.
const MAX_AUTHOR: usize = 100;

/// What the fields are checked against.
pub struct Asked<'a> {
    pub site: &'a Site,
    pub user: &'a User,
    pub action: Action,
    /// Absent for a new article.
    pub stored: Option<&'a Article>,
    /// What is related already may stay, whoever may see it.
    pub chosen: &'a [Chosen],
    pub picture: Option<MediaId>,
}

/// The fields ready to be saved; or `None`, and each that is wrong is named in `errors`. Runs in the transaction
/// that saves, because a new place is made here.
pub async fn check(
    db: &mut PgConnection,
    typed: &Typed,
    body: &Result<CleanHtml, Unclean>,
    asked: &Asked<'_>,
    errors: &mut Errors,
) -> sqlx::Result<Option<Fields>> {
    lengths(typed, errors);
    if typed.headline.is_empty() {
        errors.add("headline", "Write a headline.");
    }
    let slug = slug(typed, asked, errors);
    match body {
        Err(unclean) => errors.add("body", sentence(&unclean.to_string())),
        Ok(body) if asked.goes_out(typed) && body.as_str().trim().is_empty() => {
            errors.add("body", "Write the text before it goes out.");
        }
        Ok(_) => {}
    }
    let related = related(&mut *db, typed, asked, errors).await?;
    let section = section::by_slug(&mut *db, &typed.section).await?;
    if section.is_none() {
        errors.add("section", "Choose a section.");
    }
    let tags = tags(typed, errors);
    let (publish_at, expire_at) = times(typed, asked, errors);
    let place_id = place(&mut *db, typed, asked.user, errors).await?;
    let language = match typed.language.as_str() {
        "" => Some(asked.site.language.clone()),
        tag => {
            Language::parse(tag).map_err(|wrong| errors.add("language", sentence(&wrong.to_string()))).ok()
        }
    };
    let (Some(section), Ok(body), Some(language), true) = (section, body, language, errors.is_empty()) else {
        return Ok(None);
    };
    Ok(Some(Fields {
        section_id: section.id,
        kicker: typed.kicker.clone(),
        headline: typed.headline.clone(),
        slug,
        standfirst: typed.standfirst.clone(),
        body_source: typed.body.clone(),
        body: body.clone(),
        byline: typed.byline.clone(),
        dateline: typed.dateline.clone(),
        language,
        tags,
        related,
        picture_id: asked.picture,
        picture_alt: typed.picture_alt.clone(),
        picture_caption: typed.picture_caption.clone(),
        picture_credit: typed.picture_credit.clone(),
        place_id,
        comments_open: typed.comments,
        publish_at,
        expire_at,
        withdrawn_note: typed.withdrawn_note.clone(),
    }))
}

/// The field to name when something vanished between the check and the save.
pub fn blamed(cause: &sqlx::Error) -> Option<(&'static str, &'static str)> {
    match cause.as_database_error()?.constraint()? {
        "articles_section_id_fkey" => Some(("section", "This section was just deleted. Choose another.")),
        "articles_picture_id_fkey" => Some(("picture", "This picture was just deleted. Choose another.")),
        "article_related_target_id_fkey" => {
            Some(("related", "One of these articles was just deleted. Take it out."))
        }
        _ => None,
    }
}

impl Asked<'_> {
    pub fn state(&self) -> State {
        self.stored.map_or(State::Draft, |article| article.state)
    }

    /// Whether readers will see what is saved, now or in time.
    fn goes_out(&self, typed: &Typed) -> bool {
        match self.action {
            Action::Publish | Action::Schedule => true,
            Action::Save => self.state() == State::Published && !self.loses_its_time(typed),
            _ => false,
        }
    }

    /// Whether it was to go out, and is not any more.
    pub fn loses_its_time(&self, typed: &Typed) -> bool {
        self.action == Action::Save
            && typed.publish_at.is_empty()
            && self.stored.is_some_and(|article| article.planned)
    }

    /// When readers see it first, as `article::save` will have it.
    fn first_seen(&self, publish_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        if matches!(self.action.applied_to(self.state()), State::Draft | State::Review) {
            return publish_at;
        }
        publish_at.or_else(|| self.stored?.publish_at).or_else(|| Some(Utc::now()))
    }
}

fn lengths(typed: &Typed, errors: &mut Errors) {
    let limits: [(&'static str, &str, usize); 11] = [
        ("kicker", &typed.kicker, 60),
        ("headline", &typed.headline, 200),
        ("standfirst", &typed.standfirst, 1000),
        ("byline", &typed.byline, 300),
        ("dateline", &typed.dateline, 60),
        ("picture_alt", &typed.picture_alt, 500),
        ("picture_caption", &typed.picture_caption, 500),
        ("picture_credit", &typed.picture_credit, 200),
        ("place", &typed.place, 100),
        ("language", &typed.language, 35),
        ("withdrawn_note", &typed.withdrawn_note, 500),
    ];
    for (field, text, limit) in limits {
        let letters = text.chars().count();
        if letters > limit {
            errors.add(field, format!("At most {limit} letters fit here; these are {letters}."));
        }
    }
    if let Some(name) = names::byline(&typed.byline).iter().find(|name| name.chars().count() > MAX_AUTHOR) {
        errors.add("byline", format!("A name has at most {MAX_AUTHOR} letters: “{name}”."));
    }
}

/// The address of what no reader has follows the headline, until somebody sets another.
fn slug(typed: &Typed, asked: &Asked<'_>, errors: &mut Errors) -> Slug {
    if !typed.slug.is_empty() && Slug::of(&typed.slug).is_none() {
        errors.add("slug", "The address needs a letter or a digit.");
    }
    let of_headline = |article: &Article| article.slug == Slug::of_or(&article.headline, "article");
    let follows = asked.action != Action::Schedule
        && asked.stored.is_some_and(|article| {
            let is_unseen = article.planned || matches!(article.state, State::Draft | State::Review);
            is_unseen && typed.slug == article.slug.as_str() && of_headline(article)
        });
    let source = if typed.slug.is_empty() || follows { &typed.headline } else { &typed.slug };
    Slug::of_or(source, "article")
}

fn tags(typed: &Typed, errors: &mut Errors) -> Vec<String> {
    let tags = names::tags(&typed.tags);
    if tags.len() > MAX_TAGS {
        errors.add("tags", format!("At most {MAX_TAGS} tags; these are {}.", tags.len()));
    }
    for name in &tags {
        if name.chars().count() > tag::MAX_NAME {
            errors.add("tags", format!("A tag has at most {} letters: “{name}”.", tag::MAX_NAME));
        } else if Slug::of(name).is_none() {
            errors.add("tags", format!("A tag needs a letter or a digit: “{name}”."));
        }
    }
    tags
}

type Moment = Option<DateTime<Utc>>;

fn times(typed: &Typed, asked: &Asked<'_>, errors: &mut Errors) -> (Moment, Moment) {
    let zone = asked.site.timezone;
    let mut read = |field, text: &str, stored: Moment| match moment(text, stored, zone) {
        Ok(at) => at,
        Err(wrong) => {
            errors.add(field, sentence(&wrong.to_string()));
            None
        }
    };
    let publish_at =
        read("publish_at", &typed.publish_at, asked.stored.and_then(|article| article.publish_at));
    let expire_at = read("expire_at", &typed.expire_at, asked.stored.and_then(|article| article.expire_at));
    if let (Some(end), Some(start)) = (expire_at, asked.first_seen(publish_at))
        && end <= start
    {
        errors.add("expire_at", "The end has to come after the publication.");
    }
    (publish_at, expire_at)
}

/// The field holds minutes. A time that nobody touched stays what it was, to the second and on the right side of
/// an hour that comes twice.
fn moment(text: &str, stored: Moment, zone: Tz) -> Result<Moment, date::FieldError> {
    match stored {
        _ if text.is_empty() => Ok(None),
        Some(at) if date::field(at, zone) == text => Ok(stored),
        _ => date::parse_any(text, zone).map(Some),
    }
}

async fn related(
    db: &mut PgConnection,
    typed: &Typed,
    asked: &Asked<'_>,
    errors: &mut Errors,
) -> sqlx::Result<Vec<ArticleId>> {
    let lines: Vec<&str> = typed.related.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MAX_RELATED {
        errors.add("related", format!("At most {MAX_RELATED} articles; these are {}.", lines.len()));
        return Ok(Vec::new());
    }
    let named: Vec<(&str, Option<ArticleId>)> =
        lines.into_iter().map(|line| (line, named(line, &asked.site.base_url))).collect();
    let is_chosen = |id: &ArticleId| asked.chosen.iter().any(|chosen| chosen.id == *id);
    let ids: Vec<ArticleId> = named.iter().filter_map(|(_, id)| *id).collect();
    let new: Vec<i64> = ids.iter().filter(|id| !is_chosen(id)).map(|id| id.0).collect();
    let missing = related::missing(db, &new, only(asked.user)).await?;
    let unknown: Vec<String> = named
        .iter()
        .filter(|(_, id)| id.is_none_or(|id| missing.contains(&id.0)))
        .map(|(line, _)| format!("“{line}”"))
        .collect();
    if !unknown.is_empty() {
        errors.add("related", format!("No article is found by {}.", unknown.join(", ")));
    }
    Ok(ids)
}

/// The article that a line names: `17`, `17 Its headline`, `/article/17/its-slug` or the same with our own address
/// before it; the desk's address will do too.
fn named(line: &str, base_url: &str) -> Option<ArticleId> {
    let first = line.split_whitespace().next()?;
    if let Ok(id) = first.trim_start_matches('#').parse() {
        return Some(id);
    }
    let path = first.strip_prefix(base_url).unwrap_or(first);
    let rest = path.strip_prefix("/article/").or_else(|| path.strip_prefix("/desk/articles/"))?;
    rest.split(['/', '?', '#']).next()?.parse().ok()
}

async fn place(
    db: &mut PgConnection,
    typed: &Typed,
    user: &User,
    errors: &mut Errors,
) -> sqlx::Result<Option<PlaceId>> {
    let coordinates = coordinates(typed, errors);
    if typed.place.is_empty() {
        if coordinates.is_some() {
            errors.add("place", "Name this place.");
        }
        return Ok(None);
    }
    if ["place", "latitude", "longitude"].iter().any(|field| errors.on(field).is_some()) {
        return Ok(None);
    }
    // Where a place lies is everybody's: authors name places and add new ones, and move none.
    let known = place::find_or_create(&mut *db, &typed.place, None).await?;
    let found = match (known, coordinates) {
        (Ok(id), _) if user.role < Role::Editor => Ok(id),
        (known, None) => known,
        (_, coordinates) => place::find_or_create(db, &typed.place, coordinates).await?,
    };
    Ok(found
        .map_err(|refused| {
            let field = match refused {
                Refused::Unknown => "place",
                Refused::Latitude => "latitude",
                Refused::Longitude => "longitude",
            };
            errors.add(field, sentence(&refused.to_string()));
        })
        .ok())
}

fn coordinates(typed: &Typed, errors: &mut Errors) -> Option<(f64, f64)> {
    if typed.latitude.is_empty() && typed.longitude.is_empty() {
        return None;
    }
    let mut degrees = |field, text: &str| {
        let number = text.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            errors.add(field, "Write degrees, such as 52.52 or -0.13.");
        }
        number
    };
    degrees("latitude", &typed.latitude).zip(degrees("longitude", &typed.longitude))
}

pub fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BASE: &str = "https://news.example";

    #[test]
    fn an_article_is_named_by_its_number_or_any_of_its_addresses() {
        for line in [
            "17",
            "#17",
            "17 The bridge reopens",
            "/article/17/the-bridge",
            "/article/17?x",
            "/desk/articles/17",
        ] {
            assert_eq!(named(line, BASE), Some(ArticleId(17)), "{line}");
        }
        assert_eq!(named("https://news.example/article/17/the-bridge", BASE), Some(ArticleId(17)));
        for line in ["The bridge", "https://other.example/article/17/x", "/section/17", "17th"] {
            assert_eq!(named(line, BASE), None, "{line}");
        }
    }

    #[test]
    fn a_time_that_nobody_touched_stays_to_the_second() {
        let berlin = chrono_tz::Europe::Berlin;
        // The second half past two of the night in which the clocks go back.
        let stored: DateTime<Utc> = "2026-10-25T01:30:27Z".parse().unwrap();
        assert_eq!(moment("2026-10-25T02:30", Some(stored), berlin).unwrap(), Some(stored));
        assert_eq!(moment("", Some(stored), berlin).unwrap(), None);
        assert!(moment("2026-03-29T02:30", Some(stored), berlin).is_err());
    }
}
