//! The way of an article to its readers, and who may move it: one table.
//!
//! Scheduled is no state: it is published, and its time has not come. What lies in the trash is a draft.

use super::Article;
use crate::accounts::{Role, User};

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Serialize, serde::Deserialize)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum State {
    Draft,
    /// Its author is done; an editor has to look.
    Review,
    Published,
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Draft, Self::Review, Self::Published, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What is done to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Keeps the state: a draft stays one, a published article shows the new text.
    Save,
    /// Hands a draft to the editors.
    Submit,
    /// Hands it back to its author; its author takes it back with the same word, an editor what has not gone out yet.
    Return,
    /// Visible from `publish_at` on, or from now.
    Publish,
    /// Keeps an edit for a time of its own.
    Schedule,
    Withdraw,
    Trash,
    /// Out of the trash.
    Restore,
}

impl Action {
    pub const ALL: [Self; 8] = [
        Self::Save,
        Self::Submit,
        Self::Return,
        Self::Publish,
        Self::Schedule,
        Self::Withdraw,
        Self::Trash,
        Self::Restore,
    ];

    /// As the audit trail, the revisions and the form's buttons call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Submit => "submit",
            Self::Return => "return",
            Self::Publish => "publish",
            Self::Schedule => "schedule",
            Self::Withdraw => "withdraw",
            Self::Trash => "trash",
            Self::Restore => "restore",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }

    /// The state that it leads to.
    pub fn applied_to(self, state: State) -> State {
        match self {
            Self::Save | Self::Schedule | Self::Restore => state,
            Self::Return | Self::Trash => State::Draft,
            Self::Submit => State::Review,
            Self::Publish => State::Published,
            Self::Withdraw => State::Withdrawn,
        }
    }
}

/// Where an article stands, as the rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Draft,
    Review,
    /// Published, and its time has not come: no reader ever saw it.
    Planned,
    Out,
    Withdrawn,
    Trashed,
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Whoever began the article or has it assigned; and every editor.
    Own,
    /// Editors and admins.
    Editors,
}

/// What is not in here nobody may. What readers have seen is withdrawn and leaves a note; what they have not is taken
/// back and leaves nothing. In the trash nothing happens but the way out of it.
const RULES: [(Action, Standing, Who); 20] = [
    (Action::Save, Standing::Draft, Who::Own),
    (Action::Save, Standing::Review, Who::Editors),
    (Action::Save, Standing::Planned, Who::Editors),
    (Action::Save, Standing::Out, Who::Editors),
    (Action::Save, Standing::Withdrawn, Who::Editors),
    (Action::Submit, Standing::Draft, Who::Own),
    (Action::Return, Standing::Review, Who::Own),
    (Action::Return, Standing::Planned, Who::Editors),
    (Action::Publish, Standing::Draft, Who::Editors),
    (Action::Publish, Standing::Review, Who::Editors),
    (Action::Publish, Standing::Planned, Who::Editors),
    (Action::Publish, Standing::Out, Who::Editors),
    (Action::Publish, Standing::Withdrawn, Who::Editors),
    (Action::Schedule, Standing::Planned, Who::Editors),
    (Action::Schedule, Standing::Out, Who::Editors),
    (Action::Withdraw, Standing::Out, Who::Editors),
    (Action::Trash, Standing::Draft, Who::Own),
    (Action::Trash, Standing::Review, Who::Editors),
    (Action::Trash, Standing::Planned, Who::Editors),
    (Action::Restore, Standing::Trashed, Who::Own),
];

/// Whether `role` may do this to an article that stands there; `own`: it is theirs.
pub fn may(role: Role, own: bool, standing: Standing, action: Action) -> bool {
    RULES.iter().any(|(what, from, who)| {
        *what == action && *from == standing && (role >= Role::Editor || (own && *who == Who::Own))
    })
}

impl Article {
    pub fn standing(&self) -> Standing {
        match self.state {
            _ if self.trashed_at.is_some() => Standing::Trashed,
            State::Draft => Standing::Draft,
            State::Review => Standing::Review,
            State::Published if self.planned => Standing::Planned,
            State::Published => Standing::Out,
            State::Withdrawn => Standing::Withdrawn,
        }
    }

    /// Whether it is theirs: they began it, or it was given to them.
    pub fn is_of(&self, user: &User) -> bool {
        self.created_by == Some(user.id) || self.assignee == Some(user.id)
    }

    /// To an author the articles of others do not exist.
    pub fn is_open_to(&self, user: &User) -> bool {
        user.role >= Role::Editor || self.is_of(user)
    }

    pub fn may(&self, user: &User, action: Action) -> bool {
        may(user.role, self.is_of(user), self.standing(), action)
    }
}
