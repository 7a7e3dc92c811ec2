//! What the article form shows about the text that is being written: whether it is kept, who else is there, how long
//! it is, and what is missing.

use super::article_typed::Typed;
use super::checklist::{self, Checklist};
use super::presence::{self, Other};
use super::waiting::{self, Line, Unsaved};
use crate::accounts::{Role, User, UserId};
use crate::news::article::ArticleId;
use crate::news::media::MediaId;
use crate::paths;
use crate::web::{App, Result};

/// `templates/desk/article/*.html` read this as `writing`; the scripts as `data-` attributes of the form.
pub struct Writing {
    /// Where autosaves go.
    pub autosave: String,
    /// The newest one that this page knows of: the one that it shows. It goes over no other.
    pub sequence: i32,
    /// What is kept on a device is kept for one person.
    pub user: UserId,
    /// Above a form that shows text nobody saved yet.
    pub unsaved: Option<Unsaved>,
    /// Above the form of a new article: texts that have no article yet.
    pub drafts: Vec<Line>,
    /// "" for an article that nobody else can have open.
    pub presence: String,
    pub others: Vec<Other>,
    pub checklist: Checklist,
    pub is_admin: bool,
}

impl Writing {
    pub async fn new(
        app: &App,
        user: &User,
        article: Option<ArticleId>,
        typed: &Typed,
        picture: Option<MediaId>,
        (unsaved, sequence): (Option<Unsaved>, i32),
    ) -> Result<Self> {
        let (others, drafts) = match article {
            Some(id) => (presence::others(app, id, user.id).await?, Vec::new()),
            None if typed.draft.is_empty() => (Vec::new(), waiting::drafts(app, user).await?),
            None => (Vec::new(), Vec::new()),
        };
        let autosave = match article {
            Some(id) if typed.is_edit() => paths::writing::edit_autosave(id),
            Some(id) => paths::writing::autosave(id),
            None => paths::writing::DRAFT_AUTOSAVE.to_owned(),
        };
        Ok(Self {
            autosave,
            sequence,
            user: user.id,
            unsaved,
            drafts,
            presence: article.map(paths::writing::presence).unwrap_or_default(),
            others,
            checklist: checklist::of(app, typed, picture).await?,
            is_admin: user.role >= Role::Admin,
        })
    }
}
