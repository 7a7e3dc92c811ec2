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
    /// Hands it back to its author; its author takes it back with the same word.
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

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Whoever began the article or has it assigned; and every editor.
    Own,
    /// Editors and admins.
    Editors,
}

/// What is not in here nobody may.
const RULES: [(Action, State, Who); 15] = [
    (Action::Save, State::Draft, Who::Own),
    (Action::Save, State::Review, Who::Editors),
    (Action::Save, State::Published, Who::Editors),
    (Action::Save, State::Withdrawn, Who::Editors),
    (Action::Submit, State::Draft, Who::Own),
    (Action::Return, State::Review, Who::Own),
    (Action::Publish, State::Draft, Who::Editors),
    (Action::Publish, State::Review, Who::Editors),
    (Action::Publish, State::Published, Who::Editors),
    (Action::Publish, State::Withdrawn, Who::Editors),
    (Action::Schedule, State::Published, Who::Editors),
    (Action::Withdraw, State::Published, Who::Editors),
    (Action::Trash, State::Draft, Who::Own),
    (Action::Trash, State::Review, Who::Editors),
    (Action::Restore, State::Draft, Who::Own),
];

/// Whether `role` may do this to an article in this state; `own`: it is theirs.
pub fn may(role: Role, own: bool, state: State, is_trashed: bool, action: Action) -> bool {
    // In the trash nothing happens but the way out of it.
    if is_trashed != (action == Action::Restore) {
        return false;
    }
    RULES.iter().any(|(what, from, who)| {
        *what == action && *from == state && (role >= Role::Editor || (own && *who == Who::Own))
    })
}

impl Article {
    /// Whether it is theirs: they began it, or it was given to them.
    pub fn is_of(&self, user: &User) -> bool {
        self.created_by == Some(user.id) || self.assignee == Some(user.id)
    }

    /// To an author the articles of others do not exist.
    pub fn is_open_to(&self, user: &User) -> bool {
        user.role >= Role::Editor || self.is_of(user)
    }

    pub fn may(&self, user: &User, action: Action) -> bool {
        may(user.role, self.is_of(user), self.state, self.trashed_at.is_some(), action)
    }
}
