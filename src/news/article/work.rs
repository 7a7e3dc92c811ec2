//! What kind of work an article is. It belongs to the article as its section does, and is no part of its text: a new
//! version of the text changes nothing here.

use sqlx::{PgConnection, PgExecutor};

use super::ArticleId;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Work {
    #[default]
    Report,
    Analysis,
    Opinion,
    Background,
    Review,
    Interview,
}

impl Work {
    pub const ALL: [Self; 6] =
        [Self::Report, Self::Analysis, Self::Opinion, Self::Background, Self::Review, Self::Interview];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Analysis => "analysis",
            Self::Opinion => "opinion",
            Self::Background => "background",
            Self::Review => "review",
            Self::Interview => "interview",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "Report",
            Self::Analysis => "Analysis",
            Self::Opinion => "Opinion",
            Self::Background => "Background",
            Self::Review => "Review",
            Self::Interview => "Interview",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|work| work.as_str() == text)
    }

    /// As schema.org calls it; a word for an interview it has not.
    pub fn schema(self) -> Option<&'static str> {
        match self {
            Self::Report => Some("ReportageNewsArticle"),
            Self::Analysis => Some("AnalysisNewsArticle"),
            Self::Opinion => Some("OpinionNewsArticle"),
            Self::Background => Some("BackgroundNewsArticle"),
            Self::Review => Some("ReviewNewsArticle"),
            Self::Interview => None,
        }
    }
}

pub async fn of_article(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Work> {
    let work = sqlx::query_scalar!(
        r#"select work as "work: Work" from articles where id = $1"#,
        article as ArticleId
    );
    Ok(work.fetch_optional(db).await?.unwrap_or_default())
}

pub async fn save(db: &mut PgConnection, article: ArticleId, work: Work) -> sqlx::Result<()> {
    sqlx::query!("update articles set work = $2 where id = $1", article as ArticleId, work as Work)
        .execute(db)
        .await?;
    Ok(())
}
