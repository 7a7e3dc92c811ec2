//! Sends an invitation its link. The link is made here, so that no table ever holds it; a try that failed makes another.

use askama::Template;

use crate::accounts::Role;
use crate::accounts::invitation::{self, InvitationId};
use crate::mail;
use crate::paths;
use crate::web::App;

#[derive(Template)]
#[template(path = "mail/invitation.txt")]
struct Invited<'a> {
    site: &'a str,
    by: &'a str,
    role: Role,
    link: String,
    hours: i32,
}

impl mail::View for Invited<'_> {
    fn subject(&self) -> String {
        format!("Your account at {}", self.site)
    }
}

/// Used or revoked meanwhile: nothing to do.
pub async fn run(app: &App, id: InvitationId) -> anyhow::Result<()> {
    let found = invitation::by_id(&app.db, id).await?;
    let Some(invited) = found.filter(|one| mail::is_address(&one.email)) else { return Ok(()) };
    let mut tx = app.db.begin().await?;
    let Some(token) = invitation::link(&mut tx, id).await? else { return Ok(()) };
    tx.commit().await?;
    let view = Invited {
        site: &app.site.name,
        by: &invited.by,
        role: invited.role,
        link: app.site.absolute(&paths::people::invited(&token)),
        hours: invitation::HOURS,
    };
    app.post.deliver(&mail::write(&invited.email, &view)?).await
}
