//! Two people saved one article: the page that shows where the texts differ, and lets the second take either side of
//! each place with nothing lost. What comes of it is `merge`'s.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::article_form::{May, Sent};
use super::article_typed::Typed;
use super::merge::{Difference, Merge};
use super::picture_key::PictureKey;
use super::when::{When, when};
use super::{Frame, article_comments, article_work};
use crate::accounts::User;
use crate::news::article::base::{self, Base};
use crate::news::article::save::Action;
use crate::news::article::{Article, related};
use crate::news::media::{self, Media, MediaId};
use crate::paths;
use crate::text::compare::{self, Block, Change, Run};
use crate::text::merge::{Row, Take};
use crate::web::{App, Errors, Page, Result};

/// So many blocks that are the same are shown around a place; the others are folded.
const CONTEXT: usize = 1;

#[derive(Template)]
#[template(path = "desk/article_conflict.html")]
struct Conflict {
    frame: Frame,
    merge: String,
    discard: String,
    /// The button that was pressed.
    pressed: &'static str,
    hidden: Vec<(String, String)>,
    errors: Errors,
    version: i32,
    saved: When,
    /// Who saved what is stored now.
    by: Option<String>,
    fields: Vec<Choice>,
    parts: Vec<Part>,
    language: String,
    /// Not when an editor has taken the article over from its author.
    may_save: bool,
}

/// A place where the texts differ.
struct Choice {
    /// As the radio buttons are called.
    name: String,
    id: String,
    legend: String,
    /// Which side has changed it, in words.
    said: &'static str,
    mine: Side,
    theirs: Side,
    may_be_both: bool,
    taken: Option<Take>,
}

impl Choice {
    fn is_mine(&self) -> bool {
        self.taken == Some(Take::Mine)
    }

    fn is_theirs(&self) -> bool {
        self.taken == Some(Take::Theirs)
    }

    fn is_both(&self) -> bool {
        self.taken == Some(Take::Both)
    }
}

/// One side of it; no words: it is empty, or taken out.
struct Side {
    runs: Vec<Run>,
    /// The words are the same, the markup is not.
    is_only_markup: bool,
}

/// The text in reading order.
enum Part {
    Same(Vec<String>),
    /// The same, and far from any difference.
    Folded(Vec<String>),
    Differs(Choice),
}

/// 409 for a save that came too late, 200 for text that waited while others saved.
pub async fn page(
    app: &App,
    user: &User,
    theirs: &Article,
    mut sent: Sent,
    action: Action,
    status: StatusCode,
) -> Result<Response> {
    // What is withdrawn already is not withdrawn again, what was handed in not twice.
    let action = if theirs.may(user, action) { action } else { Action::Save };
    let base = match sent.typed.version.parse() {
        Ok(version) => base::at(&app.db, theirs.id, version).await?,
        Err(_) => None,
    };
    let chosen = related::chosen(&app.db, theirs.id).await?;
    let mut stored = Typed::stored(theirs, &chosen, app.site.timezone);
    stored.discussion = article_comments::Typed::stored(&app.db, theirs.id).await?;
    stored.work = article_work::Typed::stored(&app.db, theirs.id).await?;
    // A form that says nothing of it changes nothing.
    if sent.typed.discussion.mode.is_empty() {
        sent.typed.discussion = stored.discussion.clone();
    }
    if sent.typed.work.0.is_empty() {
        sent.typed.work = stored.work.clone();
    }
    let key = |picture: Option<&Media>| {
        picture.and_then(PictureKey::of).map(|key| key.to_string()).unwrap_or_default()
    };
    let their_picture = opened(app, theirs.picture_id).await?;
    let base_picture = match base.as_ref().and_then(Base::picture) {
        Some(id) => Some(key(opened(app, id).await?.as_ref())),
        None => None,
    };
    let began = |name: &str| match name {
        "picture_id" => base_picture.clone(),
        _ => base.as_ref()?.field(name, app.site.timezone),
    };
    let mine = (&sent.typed, key(sent.picture.as_ref()));
    let stored = (&stored, key(their_picture.as_ref()));
    let merge = Merge::of(mine, stored, began, theirs.version, action.as_str());
    show(app, user, theirs, &merge.await?, sent.errors, status).await
}

async fn opened(app: &App, picture: Option<MediaId>) -> Result<Option<Media>> {
    match picture {
        Some(id) => Ok(media::by_id(&app.db, id).await?),
        None => Ok(None),
    }
}

/// 422: the same page again, with what is chosen already.
pub async fn undecided(
    app: &App,
    user: &User,
    theirs: &Article,
    merge: &Merge,
    errors: Errors,
) -> Result<Response> {
    show(app, user, theirs, merge, errors, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn show(
    app: &App,
    user: &User,
    theirs: &Article,
    merge: &Merge,
    errors: Errors,
    status: StatusCode,
) -> Result<Response> {
    let mut fields = Vec::with_capacity(merge.differences.len());
    for difference in &merge.differences {
        let [mine, their, base] = shown(app, difference).await?;
        let pair = (mine.unwrap_or_default(), their.unwrap_or_default());
        fields.push(field(merge, difference, pair, base.as_deref()));
    }
    let view = Conflict {
        frame: Frame::new(app, user, "Two versions of this article").at(paths::desk::ARTICLES),
        merge: paths::writing::merge(theirs.id),
        discard: if merge.is_edit() {
            paths::writing::edit_discard(theirs.id)
        } else {
            paths::writing::discard(theirs.id)
        },
        pressed: Action::named(&merge.action).unwrap_or(Action::Save).as_str(),
        hidden: merge.hidden(),
        errors,
        version: merge.version,
        saved: when(theirs.updated_at, &app.site),
        by: base::saved_by(&app.db, theirs.id, theirs.version).await?,
        fields,
        parts: merge.body.as_ref().map(|body| parts(merge, &body.rows)).unwrap_or_default(),
        language: theirs.language.to_string(),
        may_save: May::of(user, Some(theirs)).save,
    };
    Ok(Page::new(&view).status(status).into_response())
}

/// The values as a person reads them: a picture by its name, not by its key.
async fn shown(app: &App, difference: &Difference) -> Result<[Option<String>; 3]> {
    let mut shown = [Some(difference.mine.clone()), Some(difference.theirs.clone()), difference.base.clone()];
    for value in shown.iter_mut().flatten() {
        match difference.name {
            "picture_id" => {
                *value = match value.parse::<PictureKey>() {
                    Ok(key) => key.open(app).await?.map(|picture| picture.name).unwrap_or_default(),
                    Err(_) => String::new(),
                };
            }
            article_comments::MODE => {
                *value = match value.as_str() {
                    "site" => "As the site does".to_owned(),
                    "open" => "Shown at once".to_owned(),
                    _ => "Read first".to_owned(),
                }
            }
            "comments" => *value = if value == "on" { "Yes".to_owned() } else { "No".to_owned() },
            _ => {}
        }
    }
    Ok(shown)
}

fn field(
    merge: &Merge,
    difference: &Difference,
    (mine, theirs): (String, String),
    base: Option<&str>,
) -> Choice {
    let said = match base {
        None => "",
        Some(base) if base == mine => "Only they changed it.",
        Some(base) if base == theirs => "Only you changed it.",
        Some(_) => "Both of you changed it.",
    };
    let side = |side: &str, other: &str| Side {
        runs: match base {
            Some(base) => compare::words(base, side),
            None => against(side, other),
        },
        is_only_markup: false,
    };
    Choice {
        name: format!("take-{}", difference.name),
        id: difference.name.to_owned(),
        legend: label(difference.name),
        said,
        mine: side(&mine, &theirs),
        theirs: side(&theirs, &mine),
        may_be_both: false,
        taken: merge.choice(difference),
    }
}

/// Without a common beginning: what only this side has.
fn against(side: &str, other: &str) -> Vec<Run> {
    compare::words(other, side).into_iter().filter(|run| run.change != Change::Removed).collect()
}

fn parts(merge: &Merge, rows: &[Row]) -> Vec<Part> {
    let is_near = |at: usize| {
        let (from, to) = (at.saturating_sub(CONTEXT), (at + CONTEXT + 1).min(rows.len()));
        rows[from..to].iter().any(|row| !row.is_same())
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut number = 0;
    for (at, row) in rows.iter().enumerate() {
        if !row.is_same() {
            number += 1;
            parts.push(Part::Differs(block(merge, at, number, row)));
            continue;
        }
        let Some(text) = row.mine.as_ref().map(|block| block.text.clone()) else { continue };
        match (parts.last_mut(), is_near(at)) {
            (Some(Part::Same(texts)), true) | (Some(Part::Folded(texts)), false) => texts.push(text),
            (_, true) => parts.push(Part::Same(vec![text])),
            (_, false) => parts.push(Part::Folded(vec![text])),
        }
    }
    parts
}

fn block(merge: &Merge, at: usize, number: usize, row: &Row) -> Choice {
    let said = match (row.preset(), &row.base, &row.mine, &row.theirs) {
        (Some(Take::Mine), None, ..) => "Only you wrote this.",
        (Some(Take::Mine), _, None, _) => "Only you took this out.",
        (Some(Take::Mine), ..) => "Only you changed this.",
        (Some(Take::Theirs), None, ..) => "Only they wrote this.",
        (Some(Take::Theirs), _, _, None) => "Only they took this out.",
        (Some(Take::Theirs), ..) => "Only they changed this.",
        (_, Some(_), None, _) => "You took this out; they changed it.",
        (_, Some(_), _, None) => "They took this out; you changed it.",
        (_, Some(_), ..) => "Both of you changed this.",
        (_, None, Some(_), Some(_)) => "You and they wrote something else here.",
        (_, None, None, _) => "Only they have this.",
        (_, None, _, None) => "Only you have this.",
    };
    Choice {
        name: format!("block-{at}"),
        id: format!("block-{at}"),
        legend: format!("Place {number}"),
        said,
        mine: side(row.base.as_ref(), row.mine.as_ref(), row.theirs.as_ref()),
        theirs: side(row.base.as_ref(), row.theirs.as_ref(), row.mine.as_ref()),
        may_be_both: row.may_be_both(),
        taken: merge.block_choice(at, row),
    }
}

fn side(base: Option<&Block>, side: Option<&Block>, other: Option<&Block>) -> Side {
    let Some(side) = side else { return Side { runs: Vec::new(), is_only_markup: false } };
    let before = base.or(other);
    let runs = match (base, other) {
        (Some(base), _) => compare::words(&base.text, &side.text),
        (None, Some(other)) => against(&side.text, &other.text),
        (None, None) => compare::words("", &side.text),
    };
    Side { runs, is_only_markup: before.is_some_and(|old| old.text == side.text && old.html != side.html) }
}

fn label(name: &str) -> String {
    let label = match name {
        "slug" => "Address",
        "body" => "Text",
        "picture_id" => "Lead picture",
        "picture_alt" => "What the picture shows",
        "picture_caption" => "Caption",
        "picture_credit" => "Credit",
        "publish_at" => "Goes out",
        "expire_at" => "Ends",
        "comments" => "Readers may comment",
        article_comments::MODE => "How comments are taken",
        article_comments::DAYS => "Days for comments",
        article_work::NAME => "Kind of work",
        "related" => "Related content",
        "latitude" => "Degrees north",
        "longitude" => "Degrees east",
        "withdrawn_note" => "Note for readers after a withdrawal",
        _ => {
            let (first, rest) = name.split_at(name.len().min(1));
            return first.to_uppercase() + &rest.replace('_', " ");
        }
    };
    label.to_owned()
}
