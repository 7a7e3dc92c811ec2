//! A letter to whoever wrote an edit that others have saved over: it waits for a person, and nobody else may know why.

use askama::Template;

use crate::mail;
use crate::news::article::scheduled;
use crate::paths;
use crate::text::date;
use crate::web::App;

#[derive(Template)]
#[template(path = "mail/edit_held.txt")]
struct Held<'a> {
    site: &'a str,
    headline: &'a str,
    at: String,
    zone: &'a str,
    link: String,
}

impl mail::View for Held<'_> {
    fn subject(&self) -> String {
        format!("Your edit is held: {}", self.headline)
    }
}

/// Decided meanwhile, or nobody to be told: nothing to do.
pub async fn run(app: &App, edit: i64) -> anyhow::Result<()> {
    let found = scheduled::told(&app.db, edit).await?;
    let Some(told) = found.filter(|told| mail::is_address(&told.email)) else { return Ok(()) };
    let zone = app.site.timezone;
    let view = Held {
        site: &app.site.name,
        headline: &told.headline,
        at: date::field(told.effective_at, zone).replace('T', " "),
        zone: zone.name(),
        link: app.site.absolute(&paths::desk::article(told.article_id)),
    };
    app.post.deliver(&mail::write(&told.email, &view)?).await
}
