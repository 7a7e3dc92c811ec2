//! Articles that an editor names in a field: by number, by address of the page or of the desk, or by the exact
//! headline.

use url::Url;

use crate::news::article::{self, ArticleId};
use crate::web::{App, Result};

/// No list picked by hand is longer; each line may cost a question to the database.
const MAX_LINES: usize = 200;

/// What the lines of a field name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// Each once, in the order of the lines.
    pub ids: Vec<ArticleId>,
    /// Lines that name no article.
    pub unknown: Vec<String>,
}

/// Reads a field with one article a line.
pub async fn read(app: &App, text: &str) -> Result<Picked> {
    let mut picked = Picked::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MAX_LINES) {
        match one(app, line).await? {
            Some(id) if picked.ids.contains(&id) => {}
            Some(id) => picked.ids.push(id),
            None => picked.unknown.push(line.to_owned()),
        }
    }
    Ok(picked)
}

/// The article that this line names, if there is one.
pub async fn one(app: &App, line: &str) -> Result<Option<ArticleId>> {
    if let Some(id) = number(line, &app.site.base_url) {
        let found = article::existing(&app.db, &[id]).await?;
        if let Some(id) = found.into_iter().next() {
            return Ok(Some(id));
        }
    }
    Ok(article::by_headline(&app.db, line.trim()).await?)
}

/// As a field shows an article that was picked before: its number, and its headline for people.
pub fn line(id: ArticleId, headline: &str) -> String {
    format!("#{id} {headline}\n")
}

/// `17`, `#17`, `#17 Its headline`, `/article/17/slug`, `/desk/articles/17`, or the same with our own address before it.
fn number(line: &str, base_url: &str) -> Option<ArticleId> {
    let line = line.trim();
    if let Ok(id) = line.parse() {
        return Some(id);
    }
    if let Some(marked) = line.strip_prefix('#') {
        return marked.split_whitespace().next()?.parse().ok();
    }
    let base = Url::parse(base_url).ok()?;
    let address = base.join(line).ok()?;
    if address.origin() != base.origin() {
        return None;
    }
    let path = address.path();
    let rest = path.strip_prefix("/article/").or_else(|| path.strip_prefix("/desk/articles/"))?;
    rest.split('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://news.example";

    #[test]
    fn an_article_is_named_by_number_or_by_any_of_its_addresses() {
        for line in [
            "17",
            " #17 ",
            "#17 12 people found",
            "/article/17/a-slug",
            "/article/17",
            "/desk/articles/17",
            "https://news.example/article/17/a-slug?x=1#y",
        ] {
            assert_eq!(number(line, BASE), Some(ArticleId(17)), "{line}");
        }
    }

    #[test]
    fn an_address_elsewhere_or_of_another_page_names_none() {
        for line in
            ["https://other.example/article/17/a-slug", "/section/17", "17 people found", "/article/x", ""]
        {
            assert_eq!(number(line, BASE), None, "{line}");
        }
    }
}
