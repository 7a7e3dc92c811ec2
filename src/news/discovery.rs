//! What the site tells machines about itself: how feeds are filled, whom they are announced to, which crawlers are
//! welcome, who publishes. The documents that say it are made in `feeds`.

use std::collections::BTreeMap;

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

pub const MAX_HUBS: usize = 2_000;
pub const MAX_LINES: usize = 8_000;

/// Which crawlers are welcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Robots {
    #[default]
    All,
    /// Those of search engines, not those that gather texts to train models.
    Search,
    None,
}

impl Robots {
    pub const ALL: [Self; 3] = [Self::All, Self::Search, Self::None];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Search => "search",
            Self::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text)
    }
}

/// Pages that say how a newsroom works, as schema.org names them, and as people call them.
pub const POLICIES: [(&str, &str); 9] = [
    ("publishingPrinciples", "Publishing principles"),
    ("ethicsPolicy", "Ethics"),
    ("correctionsPolicy", "Corrections"),
    ("ownershipFundingInfo", "Ownership and funding"),
    ("masthead", "Masthead: who we are"),
    ("diversityPolicy", "Diversity"),
    ("verificationFactCheckingPolicy", "Verification"),
    ("unnamedSourcesPolicy", "Unnamed sources"),
    ("actionableFeedbackPolicy", "Feedback"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// Feeds carry whole articles.
    pub full_text: bool,
    /// WebSub hubs, one a line.
    pub hubs: String,
    pub robots: Robots,
    pub robots_lines: String,
    pub llms: bool,
    pub indexnow: bool,
    /// Empty until it was on for the first time.
    pub indexnow_key: String,
    pub trust_lines: String,
    /// By their names in schema.org.
    pub policies: Json<BTreeMap<String, String>>,
}

/// Before anybody has changed it.
impl Default for Discovery {
    fn default() -> Self {
        Self {
            full_text: true,
            hubs: String::new(),
            robots: Robots::All,
            robots_lines: String::new(),
            llms: false,
            indexnow: false,
            indexnow_key: String::new(),
            trust_lines: String::new(),
            policies: Json(BTreeMap::new()),
        }
    }
}

impl Discovery {
    pub fn hubs(&self) -> impl Iterator<Item = &str> {
        self.hubs.lines().map(str::trim).filter(|hub| !hub.is_empty())
    }
}

pub async fn of_site(db: impl PgExecutor<'_>) -> sqlx::Result<Discovery> {
    let found = sqlx::query_as!(
        Discovery,
        r#"select full_text, hubs, robots as "robots: Robots", robots_lines, llms, indexnow, indexnow_key, trust_lines,
                  policies as "policies: Json<BTreeMap<String, String>>"
           from discovery"#
    );
    Ok(found.fetch_optional(db).await?.unwrap_or_default())
}

pub async fn save(db: &mut PgConnection, discovery: &Discovery) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into discovery (full_text, hubs, robots, robots_lines, llms, indexnow, indexnow_key, trust_lines,
                                policies)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (only_row) do update
             set full_text = excluded.full_text, hubs = excluded.hubs, robots = excluded.robots,
                 robots_lines = excluded.robots_lines, llms = excluded.llms, indexnow = excluded.indexnow,
                 indexnow_key = excluded.indexnow_key, trust_lines = excluded.trust_lines,
                 policies = excluded.policies",
        discovery.full_text,
        discovery.hubs,
        discovery.robots as Robots,
        discovery.robots_lines,
        discovery.llms,
        discovery.indexnow,
        discovery.indexnow_key,
        discovery.trust_lines,
        &discovery.policies as _
    )
    .execute(db)
    .await?;
    Ok(())
}
