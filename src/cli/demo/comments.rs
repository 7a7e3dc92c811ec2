//! Writes what the readers of the sample news say: remarks below many articles, whole threads below a few.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::world::{Article, BANNED, SAID_BELOW, SUSPECT, Said};
use crate::news::article::ArticleId;
use crate::news::comment::take::{self, New};
use crate::news::comment::word_list::{self, List};
use crate::news::comment::{CommentId, Decision, Fields, Keys, MAX_DEPTH, State, decide};

pub(super) async fn remarks(db: &mut PgConnection, id: ArticleId, article: &Article) -> anyhow::Result<()> {
    for one in article.comments {
        let fields = Fields { name: one.name.to_owned(), email: None, text: one.body.to_owned() };
        let state = if one.approved { State::Approved } else { State::Pending };
        take::insert(db, &New { state, ..New::of(id, &fields) }).await?;
    }
    Ok(())
}

/// Below the articles that were added, and the lists of words if nobody has any yet.
pub(super) async fn threads(
    db: &mut PgConnection,
    keys: &Keys,
    added: &[&Article],
    articles: &HashMap<&str, ArticleId>,
) -> anyhow::Result<()> {
    for (key, said) in SAID_BELOW.iter().filter(|(key, _)| added.iter().any(|article| article.key == *key)) {
        let Some(article) = articles.get(key) else { continue };
        for one in *said {
            say(db, keys, *article, one, None).await?;
        }
    }
    let lists = word_list::all(&mut *db).await?;
    if lists.suspect.is_empty() && lists.banned.is_empty() {
        for (list, words) in [(List::Suspect, SUSPECT), (List::Banned, BANNED)] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            word_list::save(db, list, &words).await?;
        }
    }
    Ok(())
}

async fn say(
    db: &mut PgConnection,
    keys: &Keys,
    article: ArticleId,
    said: &Said,
    above: Option<(CommentId, i16)>,
) -> anyhow::Result<()> {
    let email = (!said.email.is_empty()).then(|| said.email.to_owned());
    let fields = Fields { name: said.name.to_owned(), email, text: said.body.to_owned() };
    let new = New {
        parent: above,
        commenter: fields.email.as_deref().map(|email| keys.commenter(email)),
        state: said.state,
        marks: said.marks.iter().map(|mark| (*mark).to_owned()).collect(),
        newsroom: said.newsroom,
        ..New::of(article, &fields)
    };
    let id = take::insert(db, &new).await?;
    if !said.reason.is_empty() {
        let decision = Decision { state: said.state, reason: said.reason, by: None };
        decide(db, keys, id, &decision).await?;
    }
    let depth = above.map_or(1, |(_, depth)| (depth + 1).min(MAX_DEPTH));
    for answer in said.answers {
        Box::pin(say(db, keys, article, answer, Some((id, depth)))).await?;
    }
    Ok(())
}
