//! What stands below an article's form: whose turn it is, notes, the edit that waits, links for people without an
//! account, the trash. Each is a form of its own, because none of it is a version of the text.

mod bulk;
mod content;
mod edit;
mod notes;
pub mod previews;
mod revisions;
mod trash;

use super::article_form::Existing;
use super::when::{When, when};
use super::{Acting, Routes, article_form};
use crate::accounts::{Role, User, user};
use crate::news::article::note::{self, Note};
use crate::news::article::revision::{self, Revision};
use crate::news::article::save::Action;
use crate::news::article::{Article, ArticleId, scheduled};
use crate::news::preview::Subject;
use crate::web::{App, Author, Result};

/// Versions that the form's screen names; the others are a click away.
const RECENT: i64 = 3;

pub fn routes() -> Routes {
    let screens = [
        bulk::routes(),
        edit::routes(),
        notes::routes(),
        previews::routes(),
        revisions::routes(),
        trash::routes(),
    ];
    screens.into_iter().flatten().collect()
}

/// For `templates/desk/article/newsroom.html`.
pub struct Newsroom {
    pub id: ArticleId,
    pub edit: Option<edit::Waiting>,
    pub notes: Vec<Said>,
    /// A note that was refused.
    pub typed: String,
    pub people: Vec<Person>,
    /// Only editors give an article to somebody.
    pub may_assign: bool,
    pub assignee: String,
    pub links: Vec<previews::Line>,
    pub revisions: Vec<Version>,
    pub may_trash: bool,
    /// It lies in the trash, until then.
    pub trashed: Option<String>,
    pub may_restore: bool,
}

pub struct Said {
    pub note: Note,
    pub at: When,
}

pub struct Person {
    pub id: String,
    pub name: String,
    pub current: bool,
}

/// A version in a list.
pub struct Version {
    pub revision: Revision,
    pub at: When,
}

impl Version {
    fn new(revision: Revision, app: &App) -> Self {
        Self { at: when(revision.saved_at, &app.site), revision }
    }

    /// What was done, as a sentence begins.
    pub fn deed(&self) -> &str {
        match self.revision.action.as_str() {
            "save" => "Saved",
            "submit" => "Handed to the editors",
            "return" => "Returned to draft",
            "publish" => "Published",
            "withdraw" => "Withdrawn",
            "take effect" => "Took effect at its time",
            "restore" => "An older version again",
            other => other,
        }
    }

    pub fn who(&self) -> &str {
        self.revision.user.as_deref().unwrap_or("the command line")
    }
}

impl Newsroom {
    pub async fn load(app: &App, by: &User, article: &Article) -> Result<Self> {
        let edit = match scheduled::of_article(&app.db, article.id).await? {
            Some(edit) => Some(edit::Waiting::new(edit, article, app).await?),
            None => None,
        };
        let notes = note::of_article(&app.db, article.id).await?;
        let revisions = revision::of_article(&app.db, article.id, i32::MAX, RECENT).await?;
        let may_assign = by.role >= Role::Editor;
        let people = if may_assign { user::list(&app.db).await? } else { Vec::new() };
        let assignee = match article.assignee {
            Some(id) => user::by_id(&app.db, id).await?.map(|user| user.name).unwrap_or_default(),
            None => String::new(),
        };
        Ok(Self {
            id: article.id,
            edit,
            notes: notes.into_iter().map(|note| Said { at: when(note.at, &app.site), note }).collect(),
            typed: String::new(),
            people: people
                .into_iter()
                .filter(|person| !person.disabled)
                .map(|person| Person {
                    current: article.assignee == Some(person.id),
                    id: person.id.to_string(),
                    name: person.name,
                })
                .collect(),
            may_assign,
            assignee,
            links: previews::lines(app, Subject::Article(article.id)).await?,
            revisions: revisions.into_iter().map(|revision| Version::new(revision, app)).collect(),
            may_trash: article.may(by, Action::Trash),
            trashed: article.trashed_at.map(|at| trash::until(at, &app.site)),
            may_restore: article.may(by, Action::Restore),
        })
    }

    /// Whether a link may show it: what is in the trash nobody is shown.
    pub fn is_shown(&self) -> bool {
        self.trashed.is_none()
    }
}

/// An article that this person may open, whatever the act.
async fn opened(app: &App, by: &Acting<Author>, id: &str) -> Result<Existing> {
    article_form::existing(app, &by.user, id).await
}
