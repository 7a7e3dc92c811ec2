//! What is right in the form of a topic. The rows of links and dates name their own errors; the summary says that
//! there are some.

use chrono::NaiveDate;

use super::typed::Typed;
use crate::desk::{link, picked};
use crate::news::article::ArticleId;
use crate::news::section;
use crate::news::tag;
use crate::news::topic::{Fields, KeyDate, Link, Target};
use crate::text::names;
use crate::web::{App, Errors, Result};

/// As the schema has them.
const MAX_TITLE: usize = 100;
const MAX_DESCRIPTION: usize = 1000;
const MAX_ALT: usize = 500;
const MAX_LABEL: usize = 100;
const MAX_DATE_TEXT: usize = 300;
/// Nobody reads more of them.
const MOST_LINKS: usize = 12;
const MOST_DATES: usize = 60;

/// The fields as they would be stored, and on each that is wrong an error.
pub async fn check(app: &App, typed: &mut Typed, errors: &mut Errors) -> Result<Fields> {
    words(typed, errors);
    let section_id = match typed.section.trim() {
        "" => None,
        text => {
            let found = match text.parse() {
                Ok(id) => section::by_id(&app.db, id).await?,
                Err(_) => None,
            };
            if found.is_none() {
                errors.add("section", "There is no such section.");
            }
            found.map(|section| section.id)
        }
    };
    let top = articles(app, "top", &typed.top, errors).await?;
    let articles_in = articles(app, "articles", &typed.articles, errors).await?;
    let left_out = articles(app, "left_out", &typed.left_out, errors).await?;
    if top.iter().chain(&articles_in).any(|id| left_out.contains(id)) {
        errors.add("left_out", "An article that is picked cannot be left out as well.");
    }
    Ok(Fields {
        title: typed.title.trim().to_owned(),
        description: typed.description.trim().to_owned(),
        picture_id: typed.picture.as_ref().map(|picture| picture.id),
        picture_alt: typed.picture_alt.trim().to_owned(),
        pinned: typed.pinned,
        tags: names::tags(&typed.tags),
        match_all: typed.matches == "all",
        section_id,
        top,
        articles: articles_in,
        left_out,
        links: links(app, typed, errors).await?,
        dates: dates(app, typed, errors).await?,
    })
}

fn words(typed: &Typed, errors: &mut Errors) {
    let length = |text: &str| text.trim().chars().count();
    match length(&typed.title) {
        0 => errors.add("title", "Give the topic a title."),
        1..=MAX_TITLE => {}
        _ => errors.add("title", format!("A title has at most {MAX_TITLE} letters.")),
    }
    if length(&typed.description) > MAX_DESCRIPTION {
        errors.add("description", format!("A description has at most {MAX_DESCRIPTION} letters."));
    }
    match length(&typed.picture_alt) {
        0 if typed.picture.is_some() => {
            errors.add("picture_alt", "Describe the picture for those who cannot see it.");
        }
        0..=MAX_ALT => {}
        _ => errors.add("picture_alt", format!("A description of a picture has at most {MAX_ALT} letters.")),
    }
    if names::tags(&typed.tags).iter().any(|tag| tag.chars().count() > tag::MAX_NAME) {
        errors.add("tags", format!("A tag has at most {} letters.", tag::MAX_NAME));
    }
}

async fn articles(
    app: &App,
    field: &'static str,
    lines: &str,
    errors: &mut Errors,
) -> Result<Vec<ArticleId>> {
    let picked = picked::read(app, lines).await?;
    if !picked.unknown.is_empty() {
        errors.add(field, format!("These lines name no article: {}.", picked.unknown.join("; ")));
    }
    Ok(picked.ids)
}

async fn links(app: &App, typed: &mut Typed, errors: &mut Errors) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for (n, row) in (1..).zip(&mut typed.links).filter(|(_, row)| !row.is_empty()) {
        let label = row.label.trim();
        match (label.chars().count(), target(app, &row.to).await?) {
            (0, _) => row.error = Some("Say what it is: the link needs a name.".to_owned()),
            (1..=MAX_LABEL, Ok(target)) if target == Target::default() => {
                row.error = Some("Say where it leads: an article or an address.".to_owned());
            }
            (1..=MAX_LABEL, Ok(target)) => {
                // Whoever was given another number gets that place.
                let place: i64 = row.place.trim().parse().unwrap_or(n);
                links.push(((place, (place - n).signum()), Link { label: label.to_owned(), target }));
            }
            (1..=MAX_LABEL, Err(why)) => row.error = Some(why.to_owned()),
            _ => row.error = Some(format!("A name has at most {MAX_LABEL} letters.")),
        }
    }
    if typed.links.iter().any(|row| row.error.is_some()) {
        errors.add("links", "A link to start from needs another look.");
    } else if links.len() > MOST_LINKS {
        errors.add("links", format!("At most {MOST_LINKS} links: nobody starts with more."));
    }
    links.sort_by_key(|(place, _)| *place);
    Ok(links.into_iter().map(|(_, link)| link).collect())
}

async fn dates(app: &App, typed: &mut Typed, errors: &mut Errors) -> Result<Vec<KeyDate>> {
    let mut dates = Vec::new();
    for row in typed.dates.iter_mut().filter(|row| !row.is_empty()) {
        let day = NaiveDate::parse_from_str(row.day.trim(), "%Y-%m-%d");
        let text = row.text.trim();
        match (day, text.chars().count(), target(app, &row.to).await?) {
            (Err(_), ..) => row.error = Some("Write the day like 2025-01-22.".to_owned()),
            (_, 0, _) => row.error = Some("Say what happened on that day.".to_owned()),
            (Ok(day), 1..=MAX_DATE_TEXT, Ok(target)) => {
                dates.push(KeyDate { day, text: text.to_owned(), target });
            }
            (_, 1..=MAX_DATE_TEXT, Err(why)) => row.error = Some(why.to_owned()),
            _ => row.error = Some(format!("At most {MAX_DATE_TEXT} letters.")),
        }
    }
    if typed.dates.iter().any(|row| row.error.is_some()) {
        errors.add("dates", "A key date needs another look.");
    } else if dates.len() > MOST_DATES {
        errors.add("dates", format!("At most {MOST_DATES} dates."));
    }
    dates.sort_by_key(|date: &KeyDate| date.day);
    Ok(dates)
}

async fn target(app: &App, typed: &str) -> Result<Result<Target, &'static str>> {
    Ok(link::read(app, typed).await?.map(|link| {
        let (article, address) = link.parts();
        Target { article, address, ..Target::default() }
    }))
}
