//! How an article and its pictures are written: what was typed, checked field by field and saved, for every surface that
//! takes it. The desk's forms and the API come here, so that what holds for one holds for the other.
//!
//! | what | where |
//! |---|---|
//! | the fields as they were typed, and as `news` takes them | `typed`, `fields`, `comments`, `work` |
//! | what is done with them: why, when, what readers are told | `act` |
//! | what a section requires | `checklist` |
//! | the one transaction | `write` |
//! | files: multipart forms, pictures, what is known of one | `multipart`, `pictures`, `about` |
//!
//! No screen lives here (`desk`), no rule of who may do what (`news::article::state`), no SQL.

pub mod about;
pub mod act;
pub mod checklist;
pub mod comments;
pub mod fields;
pub mod multipart;
pub mod pictures;
pub mod typed;
pub mod when;
pub mod work;
pub mod write;

use crate::accounts::{Role, User, UserId};
use crate::news::article::related::{self, Chosen};
use crate::news::article::{self, Article, ArticleId, scheduled};
use crate::news::audit::Actor;
use crate::news::media::{self, Media, MediaId, uses};
use crate::web::{App, Error, Errors, Result};

use self::typed::Typed;

/// Who writes, and the same person as the audit trail names them.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub user: &'a User,
    pub actor: &'a Actor,
}

/// An article that this person may open.
pub struct Existing {
    pub article: Article,
    pub chosen: Vec<Chosen>,
}

/// What is to be saved.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub typed: &'a Typed,
    pub picture: Option<MediaId>,
    /// What was wrong with it before anybody looked at its fields.
    pub errors: &'a Errors,
}

/// To an author the articles of others do not exist.
pub async fn existing(app: &App, user: &User, id: &str) -> Result<Existing> {
    let id: ArticleId = id.parse().map_err(|_| Error::NotFound)?;
    scheduled::settle(&app.db, id).await?;
    let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    if !article.is_open_to(user) {
        return Err(Error::NotFound);
    }
    Ok(Existing { chosen: related::chosen(&app.db, id).await?, article })
}

/// The form of an article before anybody types.
pub async fn stored(app: &App, existing: &Existing) -> Result<Typed> {
    let mut typed = Typed::stored(&existing.article, &existing.chosen, app.site.timezone);
    typed.discussion = comments::Typed::stored(&app.db, existing.article.id).await?;
    typed.work = work::Typed::stored(&app.db, existing.article.id).await?;
    Ok(typed)
}

/// Whose articles and pictures this person may see: `None` means everybody's.
pub fn only(user: &User) -> Option<UserId> {
    (user.role < Role::Editor).then_some(user.id)
}

/// A picture or film that this person may see: an editor every one, an author their own and those that readers see.
pub async fn seen(app: &App, user: &User, id: MediaId) -> Result<Media> {
    let medium = media::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    if user.role >= Role::Editor || medium.created_by == Some(user.id) {
        return Ok(medium);
    }
    let is_public = uses::of(&app.db, &[id], 1).await?.iter().any(|one| one.visible);
    if is_public { Ok(medium) } else { Err(Error::NotFound) }
}
