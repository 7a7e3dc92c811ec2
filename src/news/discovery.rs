//! What the site tells machines about itself: how feeds are filled, whom they are announced to, which crawlers are
//! welcome, who publishes. The documents that say it are made in `feeds`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use crate::news::article::ArticleId;
use crate::paths;
use crate::queue::{self, Payload};
use crate::text::Slug;

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

/// Has hubs and search engines told that what readers see of an article changes, now or when its time comes. Part of
/// every save that readers notice.
pub async fn announce(
    db: &mut PgConnection,
    article: ArticleId,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let discovery = of_site(&mut *db).await?;
    let article_id = article.0;
    for hub in discovery.hubs() {
        queue::enqueue_at(db, &Payload::PingHub { hub: hub.to_owned(), article_id }, at).await?;
    }
    if discovery.indexnow {
        queue::enqueue_at(db, &Payload::TellEngines { article_id }, at).await?;
    }
    Ok(())
}

/// The pages whose lists an article is in, as paths: those of its section, its tags, its authors.
pub async fn lists_of(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Vec<String>> {
    let lists = sqlx::query!(
        r#"select 'section' as "kind!", s.slug as "slug!: Slug"
           from articles a join sections s on s.id = a.section_id where a.id = $1
           union all
           select 'tag', t.slug from article_tags l join tags t on t.id = l.tag_id where l.article_id = $1
           union all
           select 'author', w.slug from article_authors l join authors w on w.id = l.author_id where l.article_id = $1"#,
        article as ArticleId
    )
    .fetch_all(db)
    .await?;
    let path = |kind: &str, slug: &Slug| match kind {
        "section" => paths::section(slug),
        "tag" => paths::tag(slug),
        _ => paths::author(slug),
    };
    Ok(lists.iter().map(|list| path(&list.kind, &list.slug)).collect())
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
