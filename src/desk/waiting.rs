//! Text that nobody saved by hand, shown to its writer again: in the form, or in a list of what waits.

use super::article_typed::Typed;
use super::picture_key::PictureKey;
use crate::accounts::User;
use crate::news::article::ArticleId;
use crate::news::article::autosave::{self, Autosave, Key, Subject, Waiting};
use crate::news::media::Media;
use crate::paths;
use crate::text::date;
use crate::web::{App, Result, Upload};

/// Nobody has more in hand.
const LISTED: i64 = 20;

/// The text of an autosave as if it had just been sent.
pub struct Restored {
    pub typed: Typed,
    pub picture: Option<Media>,
    pub notice: Unsaved,
    pub sequence: i32,
}

/// What is said above a form that shows such text.
#[derive(Clone, Debug)]
pub struct Unsaved {
    /// The time on the clock of the site.
    pub at: String,
    pub discard: String,
    /// "" for an article, which the address names.
    pub draft: String,
}

/// The form that was kept, on the version on which it was written.
pub async fn restore(app: &App, subject: &Subject, autosave: Autosave) -> Result<Restored> {
    let sequence = autosave.sequence;
    let (draft, discard) = match subject {
        Subject::Article(id) => (String::new(), paths::writing::discard(id)),
        Subject::Edit(id) => (String::new(), paths::writing::edit_discard(id)),
        Subject::Draft(key) => (key.as_str().to_owned(), paths::writing::DRAFT_DISCARD.to_owned()),
    };
    let mut upload = Upload { fields: autosave.fields.0.into_iter().collect(), files: Vec::new() };
    if !matches!(subject, Subject::Draft(_)) {
        upload.fields.push(("version".to_owned(), autosave.base_version.to_string()));
    }
    upload.fields.push(("draft".to_owned(), draft.clone()));
    let picture = match upload.text("picture_id").parse::<PictureKey>() {
        Ok(key) => key.open(app).await?,
        Err(_) => None,
    };
    let at = date::time(autosave.saved_at, app.site.timezone);
    Ok(Restored { typed: Typed::sent(&upload), picture, notice: Unsaved { at, discard, draft }, sequence })
}

/// The newest text of this person, by its number: what was just sent by hand goes on from there.
pub async fn sequence(app: &App, user: &User, article: Option<ArticleId>, typed: &Typed) -> Result<i32> {
    let subject = match article {
        Some(id) if typed.is_edit() => Some(Subject::Edit(id)),
        Some(id) => Some(Subject::Article(id)),
        None => Key::parse(&typed.draft).map(Subject::Draft),
    };
    let Some(subject) = subject else { return Ok(0) };
    Ok(autosave::of(&app.db, user.id, &subject).await?.map_or(0, |kept| kept.sequence))
}

/// What the address of a new article's form leads to.
pub enum Draft {
    Text(Box<Restored>),
    /// It was saved in the meantime.
    Article(ArticleId),
    /// Nothing was written under this key yet.
    Blank(Key),
    None,
}

pub async fn draft(app: &App, user: &User, key: &str) -> Result<Draft> {
    let Some(key) = Key::parse(key) else { return Ok(Draft::None) };
    let subject = Subject::Draft(key.clone());
    match autosave::of(&app.db, user.id, &subject).await? {
        None => Ok(Draft::Blank(key)),
        Some(Autosave { became: Some(id), .. }) => Ok(Draft::Article(id)),
        Some(autosave) => Ok(Draft::Text(Box::new(restore(app, &subject, autosave).await?))),
    }
}

/// A line of the list.
pub struct Line {
    pub href: String,
    pub headline: String,
    pub at: super::when::When,
}

/// Everything that waits for this person.
pub async fn lines(app: &App, user: &User) -> Result<Vec<Line>> {
    let waiting = autosave::waiting(&app.db, user.id, LISTED).await?;
    Ok(waiting.into_iter().map(|text| line(text, app)).collect())
}

/// What waits and has no article yet.
pub async fn drafts(app: &App, user: &User) -> Result<Vec<Line>> {
    let waiting = autosave::waiting(&app.db, user.id, LISTED).await?;
    Ok(waiting.into_iter().filter(|text| text.article_id.is_none()).map(|text| line(text, app)).collect())
}

fn line(text: Waiting, app: &App) -> Line {
    let href = match (text.article_id, text.draft_key) {
        (Some(id), None) => paths::desk::article(id),
        (Some(id), Some(_)) => paths::workflow::edit(id),
        (None, key) => paths::writing::draft(&key.unwrap_or_default()),
    };
    Line { href, headline: text.headline, at: super::when::when(text.saved_at, &app.site) }
}
