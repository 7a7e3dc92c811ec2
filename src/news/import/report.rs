//! The report as a file: CSV, or a line of JSON for each thing.

use std::path::Path;

use anyhow::Context;
use serde_json::json;
use sqlx::PgPool;
use tokio::io::AsyncWriteExt;

use super::ImportId;
use super::line::{self, Line};

const STEP: i64 = 1000;
pub const HEAD: &str = "number,kind,key,title,outcome,reason,id\r\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    /// By the ending of a file's name.
    pub fn named(name: &str) -> Option<Self> {
        match name.rsplit('.').next()? {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/x-ndjson",
        }
    }

    pub fn head(self) -> &'static str {
        match self {
            Self::Csv => HEAD,
            Self::JsonLines => "",
        }
    }

    pub fn line(self, line: &Line) -> String {
        let id = line.noun_id.map(|id| id.to_string()).unwrap_or_default();
        match self {
            Self::Csv => {
                let fields = [
                    line.number.to_string(),
                    cell(&line.noun),
                    cell(&line.key),
                    cell(&line.title),
                    line.outcome.as_str().to_owned(),
                    cell(&line.reason),
                    id,
                ];
                fields.join(",") + "\r\n"
            }
            Self::JsonLines => {
                let json = json!({
                    "number": line.number, "kind": line.noun, "key": line.key, "title": line.title,
                    "outcome": line.outcome.as_str(), "reason": line.reason, "id": line.noun_id,
                });
                format!("{json}\n")
            }
        }
    }
}

/// A cell of a table. What a spreadsheet would take for a formula is told to be text.
fn cell(text: &str) -> String {
    let mark = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

/// A thousand lines of it, behind a number.
pub async fn stretch(
    db: &PgPool,
    id: ImportId,
    format: Format,
    after: i64,
) -> sqlx::Result<Option<(String, i64)>> {
    let lines = line::of_run(db, id, None, after, STEP).await?;
    let Some(last) = lines.last() else { return Ok(None) };
    Ok(Some((lines.iter().map(|line| format.line(line)).collect(), last.number)))
}

pub async fn write(db: &PgPool, id: ImportId, path: &Path) -> anyhow::Result<()> {
    let name = path.to_string_lossy();
    let format = Format::named(&name).context("A report is called .csv or .jsonl.")?;
    let mut file =
        tokio::fs::File::create(path).await.with_context(|| format!("{name} cannot be written."))?;
    file.write_all(format.head().as_bytes()).await?;
    let mut after = 0;
    while let Some((text, last)) = stretch(db, id, format, after).await? {
        file.write_all(text.as_bytes()).await?;
        after = last;
    }
    file.flush().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::line::Outcome;
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_quotes_are_kept() {
        let line = Line::new(1, "article", "1", "=HYPERLINK(\"x\")", Outcome::Refused).because("a, \"b\"");
        assert_eq!(
            Format::Csv.line(&line),
            "1,\"article\",\"1\",\"'=HYPERLINK(\"\"x\"\")\",refused,\"a, \"\"b\"\"\",\r\n"
        );
        assert!(Format::JsonLines.line(&line).ends_with("}\n"));
    }
}
