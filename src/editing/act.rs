//! What is done with the fields of the article form: why, when, and what readers are told of it.

use chrono::{DateTime, Utc};

use super::fields::Asked;
use super::typed::Typed;
use crate::news::article::State;
use crate::news::article::correction::MAX_NOTE;
use crate::news::article::revision::MAX_WHY;
use crate::news::article::save::{Act, Action};
use crate::text::date;
use crate::web::Errors;

/// An act, and its time if it has one of its own.
#[derive(Clone, Debug)]
pub struct Deed {
    pub act: Act,
    /// With `Action::Schedule` always, else never.
    pub effective_at: Option<DateTime<Utc>>,
}

/// What is wrong is named in `errors`; the act is of use only when there is nothing.
pub fn check(typed: &Typed, asked: &Asked<'_>, errors: &mut Errors) -> Deed {
    let why = typed.why.clone();
    let letters = why.chars().count();
    if letters > MAX_WHY {
        errors.add("why", format!("At most {MAX_WHY} letters fit here; these are {letters}."));
    }
    let hands_back_to_another = asked.action == Action::Return
        && asked.state() == State::Review
        && asked.stored.is_some_and(|article| article.created_by.is_some() && !article.is_of(asked.user));
    if hands_back_to_another && why.is_empty() {
        errors.add("why", "Tell the author what is missing.");
    }
    let correction = correction(typed, asked, errors);
    let effective_at = match asked.action {
        Action::Schedule => effective_at(typed, asked, errors),
        _ => None,
    };
    Deed { act: Act { why, correction, ..asked.action.into() }, effective_at }
}

/// The public note, if this is a correction of what readers have read.
fn correction(typed: &Typed, asked: &Asked<'_>, errors: &mut Errors) -> Option<String> {
    let goes_out = matches!(asked.action, Action::Save | Action::Publish | Action::Schedule);
    match typed.change.as_str() {
        "correction" if !goes_out => None,
        "correction" if !asked.stored.is_some_and(|article| article.visible) => {
            errors.add("change", "No reader has seen this article yet, so there is nothing to correct.");
            None
        }
        "correction" => {
            let letters = typed.correction_note.chars().count();
            if letters == 0 {
                errors.add("correction_note", "Tell readers what was wrong and what is right.");
            } else if letters > MAX_NOTE {
                errors.add(
                    "correction_note",
                    format!("At most {MAX_NOTE} letters fit here; these are {letters}."),
                );
            }
            Some(typed.correction_note.clone())
        }
        "" | "minor" => None,
        _ => {
            errors.add("change", "A change is minor or a correction.");
            None
        }
    }
}

/// When the edit takes effect, in the zone of the site.
fn effective_at(typed: &Typed, asked: &Asked<'_>, errors: &mut Errors) -> Option<DateTime<Utc>> {
    if typed.effective_at.is_empty() {
        errors.add("effective_at", "Say when this edit takes effect.");
        return None;
    }
    let at = match date::parse_any(&typed.effective_at, asked.site.timezone) {
        Ok(at) => at,
        Err(wrong) => {
            errors.add("effective_at", super::fields::sentence(&wrong.to_string()));
            return None;
        }
    };
    let article = asked.stored?;
    if at <= Utc::now() {
        errors.add("effective_at", "This time is over. To change the article now, save it.");
    } else if article.publish_at.is_some_and(|start| at <= start) {
        errors.add("effective_at", "The article is not out by then. Save the change: it goes out with it.");
    } else if article.expire_at.is_some_and(|end| at >= end) {
        errors.add("effective_at", "The article has ended by then.");
    }
    Some(at)
}
