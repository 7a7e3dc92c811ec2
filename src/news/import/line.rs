//! The report of an import: what became of each thing, and what is still to be looked after.

use sqlx::{PgConnection, PgExecutor};

use super::ImportId;
use crate::news::article::ArticleId;

/// Letters of a reason and of a title.
const MAX_REASON: usize = 1000;
const MAX_TITLE: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Outcome {
    Imported,
    Updated,
    Unchanged,
    Skipped,
    Refused,
}

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Imported, Self::Updated, Self::Unchanged, Self::Skipped, Self::Refused];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

#[derive(Clone, Debug)]
pub struct Line {
    pub number: i64,
    pub noun: String,
    pub key: String,
    pub title: String,
    pub outcome: Outcome,
    pub reason: String,
    pub noun_id: Option<i64>,
    pub version: Option<i32>,
    pub picture: String,
    pub open: bool,
}

impl Line {
    pub fn new(number: i64, noun: &str, key: &str, title: &str, outcome: Outcome) -> Self {
        Self {
            number,
            noun: noun.to_owned(),
            key: key.chars().take(MAX_TITLE).collect(),
            title: title.chars().take(MAX_TITLE).collect(),
            outcome,
            reason: String::new(),
            noun_id: None,
            version: None,
            picture: String::new(),
            open: false,
        }
    }

    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = reason.chars().take(MAX_REASON).collect();
        self
    }
}

pub async fn record(db: &mut PgConnection, id: ImportId, lines: &[Line]) -> sqlx::Result<()> {
    let numbers: Vec<i64> = lines.iter().map(|line| line.number).collect();
    let texts = |of: fn(&Line) -> &str| -> Vec<String> {
        lines.iter().map(|line| of(line).replace('\0', "")).collect()
    };
    let ids: Vec<Option<i64>> = lines.iter().map(|line| line.noun_id).collect();
    let versions: Vec<Option<i32>> = lines.iter().map(|line| line.version).collect();
    let open: Vec<bool> = lines.iter().map(|line| line.open).collect();
    sqlx::query!(
        "insert into import_lines (import_id, number, noun, key, title, outcome, reason, noun_id, version, picture, open)
         select $1, l.* from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                                    $8::bigint[], $9::integer[], $10::text[], $11::boolean[]) as l
         on conflict (import_id, number) do nothing",
        id as ImportId,
        &numbers,
        &texts(|line| &line.noun),
        &texts(|line| &line.key),
        &texts(|line| &line.title),
        &texts(|line| line.outcome.as_str()),
        &texts(|line| &line.reason),
        &ids as _,
        &versions as _,
        &texts(|line| &line.picture),
        &open
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The lines behind a number, of one outcome or of all.
pub async fn of_run(
    db: impl PgExecutor<'_>,
    id: ImportId,
    outcome: Option<Outcome>,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"select number, noun, key, title, outcome as "outcome: Outcome", reason, noun_id, version, picture, open
           from import_lines
           where import_id = $1 and number > $2 and ($3::text is null or outcome = $3)
           order by number
           limit $4"#,
        id as ImportId,
        after,
        outcome.map(Outcome::as_str),
        limit
    )
    .fetch_all(db)
    .await
}

/// Articles whose pictures and links are still to be looked after.
pub async fn open(db: impl PgExecutor<'_>, id: ImportId, limit: i64) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"select number, noun, key, title, outcome as "outcome: Outcome", reason, noun_id, version, picture, open
           from import_lines
           where import_id = $1 and open
           order by number
           limit $2"#,
        id as ImportId,
        limit
    )
    .fetch_all(db)
    .await
}

/// Looked after; with what did not come along.
pub async fn close(db: &mut PgConnection, id: ImportId, number: i64, more: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update import_lines
         set open = false, reason = left(concat_ws(' ', nullif(reason, ''), nullif($3, '')), 1000)
         where import_id = $1 and number = $2",
        id as ImportId,
        number,
        more
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The articles that a line of a report is about have addresses of their own at the desk.
pub fn article(line: &Line) -> Option<ArticleId> {
    line.noun_id.filter(|_| line.noun == "article").map(ArticleId)
}
