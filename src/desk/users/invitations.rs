//! Asking somebody in: with a link that is handed over, or by mail.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::one::Once;
use super::{Users, role, view};
use crate::accounts::invitation::{self, InvitationId};
use crate::accounts::{Role, User, user};
use crate::desk::{Acting, Frame};
use crate::mail;
use crate::news::audit;
use crate::paths;
use crate::queue::{self, Payload};
use crate::web::{Admin, App, Error, Errors, Flash, Form, Fresh, Page, Path, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    pub email: String,
    pub role: String,
    /// `link` or `mail`
    way: String,
}

impl Default for Asked {
    fn default() -> Self {
        Self { email: String::new(), role: Role::Author.to_string(), way: String::new() }
    }
}

/// POST: a new invitation; its link is shown once, or goes by mail.
pub async fn create(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let role = role(&asked.role)?;
    let by_mail = asked.way == "mail";
    let errors = check(&asked.email, by_mail);
    if !errors.is_empty() {
        let view = view(&app, &by.user).await?;
        let page = Page::new(&Users { invited: asked, errors, ..view });
        return Ok(page.unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    let id = invitation::create(&mut tx, &asked.email, role, by.user.id).await?;
    let detail = json!({ "role": role, "by": if by_mail { "mail" } else { "link" } });
    audit::record(&mut tx, &by.actor, "invite", "user", None, detail).await?;
    if by_mail {
        queue::enqueue(&mut tx, &Payload::MailInvitation { invitation_id: id.0 }).await?;
        tx.commit().await?;
        return Ok(Flash::new(&app, &sent(&app, "The invitation is on its way.")).to(paths::desk::USERS));
    }
    let token = invitation::link(&mut tx, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(show(&app, &by.user, &token).into_response())
}

/// The form of the page has another field `email`, hence the name.
fn check(email: &str, by_mail: bool) -> Errors {
    let mut errors = Errors::default();
    if by_mail && !mail::is_address(email.trim()) {
        errors.add("invited_email", "Enter the address to which the letter goes.");
    } else if !email.trim().is_empty() && !user::check(email, "x").is_empty() {
        errors.add("invited_email", "Enter an e-mail address, such as name@example.org, or none.");
    }
    errors
}

/// Without a mail server nobody gets a letter, and whoever invites has to know.
fn sent(app: &App, said: &str) -> String {
    app.post.folder().map_or_else(
        || said.to_owned(),
        |folder| {
            format!(
                "No mail server is set, so nobody gets the invitation: its letter lies in {}. Make another link to hand \
                 it over yourself.",
                folder.display()
            )
        },
    )
}

fn show(app: &App, viewer: &User, token: &str) -> Page {
    Page::new(&Once {
        frame: Frame::new(app, viewer, "An invitation").at(paths::desk::USERS),
        link: app.site.absolute(&paths::people::invited(token)),
        words: format!(
            "Hand it to whom you invite, on a way that nobody else reads. It makes one account, within {} hours.",
            invitation::HOURS
        ),
        back: paths::desk::USERS.to_owned(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renewed {
    way: String,
}

/// POST: another link, shown or mailed; the one before opens nothing any more.
pub async fn renew(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Path(id): Path<InvitationId>,
    Form(form): Form<Renewed>,
) -> Result<Response> {
    let invited = invitation::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    audit::record(&mut tx, &by.actor, "invite again", "user", None, json!({ "role": invited.role })).await?;
    if form.way == "mail" && mail::is_address(&invited.email) {
        queue::enqueue(&mut tx, &Payload::MailInvitation { invitation_id: id.0 }).await?;
        tx.commit().await?;
        return Ok(
            Flash::new(&app, &sent(&app, "The invitation is on its way again.")).to(paths::desk::USERS)
        );
    }
    let token = invitation::link(&mut tx, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(show(&app, &by.user, &token).into_response())
}

/// POST: taken back.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !invitation::revoke(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, &by.actor, "revoke an invitation of", "user", None, json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The invitation is taken back.").to(paths::desk::USERS))
}
