//! Sends somebody who forgot their password a link. The link is made here, so that no table ever holds it; a try that
//! failed makes another.

use askama::Template;

use crate::accounts::{reset, user};
use crate::mail;
use crate::paths;
use crate::web::App;

#[derive(Template)]
#[template(path = "mail/reset.txt")]
struct Reset<'a> {
    site: &'a str,
    link: String,
    minutes: i32,
}

impl mail::View for Reset<'_> {
    fn subject(&self) -> String {
        format!("A new password for {}", self.site)
    }
}

/// Nobody of this address, or nobody who may log in: nothing to do.
pub async fn run(app: &App, email: &str) -> anyhow::Result<()> {
    let found = user::by_email(&app.db, email).await?;
    let Some(user) = found.filter(|user| !user.disabled && mail::is_address(&user.email)) else {
        return Ok(());
    };
    let mut tx = app.db.begin().await?;
    let token = reset::create(&mut tx, user.id, None).await?;
    tx.commit().await?;
    let link = app.site.absolute(&paths::people::reset(&token));
    let view = Reset { site: &app.site.name, link, minutes: reset::MINUTES };
    app.post.deliver(&mail::write(&user.email, &view)?).await
}
