//! The words that hold a comment back, and those that condemn it. How they are found is `text::words`.

use sqlx::{PgConnection, PgExecutor};

use crate::text::words::{Words, normalise};

pub const MAX_WORD: usize = 100;
/// Each is looked for in each comment.
pub const MAX_WORDS: usize = 2000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum List {
    /// The comment waits, and the editor is shown why.
    Suspect,
    /// The comment is spam.
    Banned,
}

/// Both lists, each in the order of the alphabet.
#[derive(Debug, Default)]
pub struct Lists {
    pub suspect: Vec<String>,
    pub banned: Vec<String>,
}

impl Lists {
    /// What of it stands in a text: the worse list first.
    pub fn find(self, text: &str) -> Option<(List, String)> {
        let found =
            |list, words: Vec<String>| Words::new(words).find(text).map(|word| (list, word.to_owned()));
        found(List::Banned, self.banned).or_else(|| found(List::Suspect, self.suspect))
    }
}

pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Lists> {
    let rows = sqlx::query!(r#"select list as "list: List", word from comment_words order by word"#);
    let mut lists = Lists::default();
    for row in rows.fetch_all(db).await? {
        match row.list {
            List::Suspect => lists.suspect.push(row.word),
            List::Banned => lists.banned.push(row.word),
        }
    }
    Ok(lists)
}

/// What an editor typed, a word or a phrase a line, as it is kept; or the line that cannot be.
pub fn read(typed: &str) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = typed.lines().map(normalise).filter(|word| !word.is_empty()).collect();
    words.sort();
    words.dedup();
    if words.len() > MAX_WORDS {
        return Err(format!("A list has at most {MAX_WORDS} words."));
    }
    match words
        .iter()
        .find(|word| word.chars().count() > MAX_WORD || word.trim_matches('*').trim().is_empty())
    {
        Some(word) => {
            let start: String = word.chars().take(30).collect();
            Err(format!(
                "A line is a word or a phrase of at most {MAX_WORD} letters; this one is not: “{start}”."
            ))
        }
        None => Ok(words),
    }
}

pub async fn save(db: &mut PgConnection, list: List, words: &[String]) -> sqlx::Result<()> {
    sqlx::query!("delete from comment_words where list = $1", list as List).execute(&mut *db).await?;
    sqlx::query!("insert into comment_words (list, word) select $1, unnest($2::text[])", list as List, words)
        .execute(db)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line_each_word_once() {
        assert_eq!(
            read("Casino\n\n  buy   now \r\ncasino"),
            Ok(vec!["buy now".to_owned(), "casino".to_owned()])
        );
        assert!(read("**").is_err());
        assert!(read(&"x".repeat(101)).is_err_and(|why| why.contains("at most 100")));
    }

    #[test]
    fn a_banned_word_counts_before_a_suspect_one() {
        let lists = Lists { suspect: vec!["cheap".into()], banned: vec!["watches".into()] };
        assert_eq!(lists.find("Cheap watches"), Some((List::Banned, "watches".to_owned())));
    }
}
