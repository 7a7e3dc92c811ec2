//! What of a site goes into which archive. A table that is named nowhere here is in every backup and in no export:
//! so nothing is lost by default, and nothing is given away by default.

use crate::db::rows::Selection;

/// What is known for a while only, of one instance or one visit; after a restore everybody logs in again.
const PASSING: [&str; 12] = [
    "sessions",
    "login_challenges",
    "known_devices",
    "setup_tokens",
    "password_resets",
    "reset_requests",
    "login_failures",
    "login_streaks",
    "presence",
    // The keys for hashes of networks are destroyed after two days, and must not outlive that in a file.
    "network_keys",
    "schedules",
    // What waited to be sent is sent by the site that was, not again by its copy.
    "letters",
];

/// The jobs that change nothing outside the site.
const OWN_JOBS: [&str; 2] = ["make_renditions", "draw"];

/// Who wrote something in the newsroom goes as a name and no more.
const NOT_OF_A_COLLEAGUE: [&str; 7] =
    ["email", "role", "password_hash", "password_short", "last_login_at", "disabled_at", "languages"];
/// What readers were promised that nobody hears.
const NOT_OF_A_COMMENTER: [&str; 4] = ["email", "commenter", "network", "wants_answer"];
const NOT_OF_AN_AUTHOR: [&str; 1] = ["user_id"];

/// The tables of a paper, and the columns that stay behind.
const PAPER: [(&str, &[&str]); 41] = [
    ("article_authors", &[]),
    ("article_media", &[]),
    ("article_notes", &[]),
    ("article_related", &[]),
    ("article_search", &[]),
    ("article_tags", &[]),
    ("articles", &[]),
    ("authors", &NOT_OF_AN_AUTHOR),
    ("banners", &[]),
    ("board_draft", &[]),
    ("boards", &[]),
    ("comment_rules", &[]),
    ("comment_words", &[]),
    ("comments", &NOT_OF_A_COMMENTER),
    ("corrections", &[]),
    ("discovery", &[]),
    ("drawings", &[]),
    ("editors_choice", &[]),
    ("galleries", &[]),
    ("gallery_pictures", &[]),
    ("media", &[]),
    ("media_files", &[]),
    ("most_viewed", &[]),
    ("old_addresses", &[]),
    ("origins", &[]),
    ("places", &[]),
    ("renditions", &[]),
    ("revisions", &[]),
    ("scheduled_edits", &[]),
    ("sections", &[]),
    ("site_icons", &[]),
    ("tag_aliases", &[]),
    ("tags", &[]),
    ("topic_articles", &[]),
    ("topic_dates", &[]),
    ("topic_links", &[]),
    ("topic_tags", &[]),
    ("topics", &[]),
    ("users", &NOT_OF_A_COLLEAGUE),
    ("view_days", &[]),
    ("view_hours", &[]),
];

/// Tables that a backup has and an export has not, because they are of the machine, of accounts or of nobody's concern
/// elsewhere. Only for the test that asks about every table.
pub const NOT_IN_EXPORTS: [&str; 17] = [
    "api_tokens",
    "audit",
    "autosaves",
    "broken_links",
    "comment_bans",
    "comment_tokens",
    "import_files",
    "import_lines",
    "imports",
    "invitations",
    "jobs",
    "link_checks",
    "previews",
    "recovery_codes",
    "role_rules",
    "second_factors",
    "secrets",
];

/// What an archive is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything, for the same site on another day. Holds what the database holds, secrets too.
    Backup,
    /// The paper, for another site or another program. Holds no secret and no account.
    Export,
}

impl Kind {
    pub fn format(self) -> &'static str {
        match self {
            Self::Backup => "broadsheet backup",
            Self::Export => "broadsheet export",
        }
    }

    pub fn named(format: &str) -> Option<Self> {
        [Self::Backup, Self::Export].into_iter().find(|kind| kind.format() == format)
    }

    /// What is taken of this table; `None`: nothing.
    pub fn selection(self, table: &str) -> Option<Selection<'_>> {
        let whole = Selection { table, without: &[], only: None };
        match self {
            Self::Backup if PASSING.contains(&table) => None,
            Self::Backup if table == "jobs" => Some(Selection { only: Some(("kind", &OWN_JOBS)), ..whole }),
            Self::Backup => Some(whole),
            Self::Export => {
                let (_, without) = PAPER.iter().find(|(name, _)| *name == table)?;
                Some(Selection { without, ..whole })
            }
        }
    }
}

/// The columns of this table that an export does not have.
pub(super) fn left_out(table: &str) -> &'static [&'static str] {
    PAPER.iter().find(|(name, _)| *name == table).map_or(&[], |(_, without)| without)
}

/// Whether somebody has thought of this table.
pub fn is_decided(table: &str) -> bool {
    PASSING.contains(&table)
        || NOT_IN_EXPORTS.contains(&table)
        || PAPER.iter().any(|(name, _)| *name == table)
}
