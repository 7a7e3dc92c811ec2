//! Decisions, about one comment or many: the same act, each with its row in the audit and its letter.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::super::Acting;
use super::letters;
use crate::news::audit;
use crate::news::comment::{self, CommentId, Decided, Decision, MAX_REASON, State as Held};
use crate::paths;
use crate::web::{App, Editor, Error, Flash, Form, Path, Result};

/// A screen of the queue, and some that a program may add.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    state: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    reason_text: String,
    /// The tab on which the button was pressed, to go back to; or the address of the whole list.
    #[serde(default)]
    from: String,
}

/// POST: moves a comment to another state.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<CommentId>,
    Form(form): Form<Moderation>,
) -> Result<Response> {
    let state = state(&form.state)?;
    let reason = reason(&form.reason, &form.reason_text)?;
    let mut tx = app.db.begin().await?;
    if decide(&app, &mut tx, &by, id, state, &reason).await?.is_none() {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(Flash::new(&app, done(state)).to(&back(&form.from)))
}

/// POST: moves every comment that is ticked.
pub async fn update_many(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let many = Many::read(&pairs)?;
    let to = back(&many.form.from);
    if many.ids.is_empty() {
        return Ok(Flash::new(&app, "No comment was ticked, so nothing changed.").to(&to));
    }
    let state = state(&many.form.state)?;
    let reason = reason(&many.form.reason, &many.form.reason_text)?;
    let mut tx = app.db.begin().await?;
    let mut moved = 0;
    for id in many.ids {
        moved += usize::from(decide(&app, &mut tx, &by, id, state, &reason).await?.is_some());
    }
    tx.commit().await?;
    let comments = if moved == 1 { "1 comment".to_owned() } else { format!("{moved} comments") };
    Ok(Flash::new(&app, &format!("{comments}: {}.", verb_done(state))).to(&to))
}

/// Several fields of one name, which no struct can be read from.
struct Many {
    ids: Vec<CommentId>,
    form: Moderation,
}

impl Many {
    fn read(pairs: &[(String, String)]) -> Result<Self> {
        let unexpected = |name: &str| Error::BadRequest(format!("There is no field {name} in this form."));
        let mut form = Moderation {
            state: String::new(),
            reason: String::new(),
            reason_text: String::new(),
            from: String::new(),
        };
        let mut ids = Vec::new();
        for (name, value) in pairs {
            match name.as_str() {
                "id" => ids.push(
                    value.parse().map_err(|_| Error::BadRequest("The field id is a number.".to_owned()))?,
                ),
                "state" => form.state.clone_from(value),
                "reason" => form.reason.clone_from(value),
                "reason_text" => form.reason_text.clone_from(value),
                "from" => form.from.clone_from(value),
                other => return Err(unexpected(other)),
            }
        }
        // In one order, so that two editors who tick the same ones never wait for each other in a circle.
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > MOST {
            return Err(Error::BadRequest(format!("At most {MOST} comments are moved at once.")));
        }
        Ok(Self { ids, form })
    }
}

async fn decide(
    app: &App,
    tx: &mut PgConnection,
    by: &Acting<Editor>,
    id: CommentId,
    state: Held,
    reason: &str,
) -> Result<Option<Decided>> {
    let decision = Decision { state, reason, by: Some(by.user.id) };
    let Some(decided) = comment::decide(&mut *tx, &app.comment_keys, id, &decision).await? else {
        return Ok(None);
    };
    let mut detail = json!({ "article": decided.article });
    if state == Held::Rejected && !reason.is_empty() {
        detail["reason"] = reason.into();
    }
    audit::record(&mut *tx, &by.actor, verb(state), "comment", Some(id.0), detail).await?;
    letters::decided(app, tx, &decided, &decision).await?;
    Ok(Some(decided))
}

fn state(text: &str) -> Result<Held> {
    Held::parse(text).ok_or_else(|| {
        Error::BadRequest("The field state is pending, approved, rejected or spam.".to_owned())
    })
}

/// One of the list, words of one's own, or both.
pub(super) fn reason(chosen: &str, own: &str) -> Result<String> {
    let own = own.replace("\r\n", "\n");
    let both = [chosen.trim(), own.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let reason: String = both.join(" ").chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if reason.chars().count() > MAX_REASON {
        return Err(Error::BadRequest(format!("A reason has at most {MAX_REASON} letters.")));
    }
    Ok(reason)
}

/// The list that the button was pressed on; never another place.
pub(super) fn back(from: &str) -> String {
    let list = format!("{}?", paths::desk::COMMENTS);
    if from.starts_with(&list) && !from.chars().any(char::is_control) {
        return from.to_owned();
    }
    paths::desk::comments_of(Held::parse(from).unwrap_or(Held::Pending).as_str())
}

fn verb(state: Held) -> &'static str {
    match state {
        Held::Pending => "hold",
        Held::Approved => "approve",
        Held::Rejected => "reject",
        Held::Spam => "mark as spam",
    }
}

fn done(state: Held) -> &'static str {
    match state {
        Held::Pending => "The comment waits again.",
        Held::Approved => "The comment is approved and stands below its article.",
        Held::Rejected => "The comment is rejected.",
        Held::Spam => "The comment is marked as spam.",
    }
}

fn verb_done(state: Held) -> &'static str {
    match state {
        Held::Pending => "back to pending",
        Held::Approved => "approved",
        Held::Rejected => "rejected",
        Held::Spam => "marked as spam",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_a_list_of_comments() {
        assert_eq!(back("spam"), "/desk/comments?state=spam");
        assert_eq!(back("/desk/comments?state=spam&q=a"), "/desk/comments?state=spam&q=a");
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example/desk/comments?",
            "/desk/users",
            "/desk/comments?\r\nX: y",
        ] {
            assert_eq!(back(elsewhere), "/desk/comments?state=pending", "{elsewhere}");
        }
    }

    #[test]
    fn a_reason_is_chosen_or_written_or_both() {
        assert_eq!(reason("It advertises.", "").ok().as_deref(), Some("It advertises."));
        assert_eq!(reason("It advertises.", " Twice. ").ok().as_deref(), Some("It advertises. Twice."));
        assert!(reason("", &"x".repeat(1001)).is_err());
    }
}
