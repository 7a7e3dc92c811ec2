//! Comments that come with their articles: in the state in which they were, under what they answer.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::news::article::ArticleId;
use crate::news::comment::{Fields, MAX_DEPTH, State};

/// One of a batch. A comment that is answered stands before its answers.
#[derive(Clone, Debug)]
pub struct New {
    pub article: ArticleId,
    pub fields: Fields,
    pub state: State,
    pub at: DateTime<Utc>,
    pub commenter: Option<Vec<u8>>,
    pub parent: Option<Parent>,
}

/// What a comment answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Another of the batch, by its place in it.
    Here(usize),
    /// One that is there.
    There(i64),
}

/// Writes a batch, and gives back the ids in its order. A reply to the deepest stands beside it. An address stays only
/// while a decision is to come, as with every comment.
pub async fn insert(db: &mut PgConnection, batch: &[New]) -> sqlx::Result<Vec<i64>> {
    let count = i32::try_from(batch.len()).unwrap_or(i32::MAX);
    let ids = sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence('comments', 'id')) as "id!" from generate_series(1, $1)"#,
        count
    )
    .fetch_all(&mut *db)
    .await?;
    let there: Vec<i64> = batch
        .iter()
        .filter_map(|new| match new.parent {
            Some(Parent::There(id)) => Some(id),
            _ => None,
        })
        .collect();
    let there = sqlx::query!("select id, depth, parent_id from comments where id = any($1)", &there)
        .fetch_all(&mut *db)
        .await?;
    let mut places: Vec<(Option<i64>, i16)> = Vec::with_capacity(batch.len());
    for new in batch {
        let above = match new.parent {
            Some(Parent::Here(at)) => {
                places.get(at).map(|(parent, depth)| (ids.get(at).copied(), *parent, *depth))
            }
            Some(Parent::There(id)) => {
                there.iter().find(|row| row.id == id).map(|row| (Some(row.id), row.parent_id, row.depth))
            }
            None => None,
        };
        places.push(match above {
            Some((_, parent @ Some(_), depth)) if depth >= MAX_DEPTH => (parent, depth),
            Some((id, _, depth)) => (id, (depth + 1).min(MAX_DEPTH)),
            None => (None, 0),
        });
    }
    write(db, batch, &ids, &places).await?;
    Ok(ids)
}

async fn write(
    db: &mut PgConnection,
    batch: &[New],
    ids: &[i64],
    places: &[(Option<i64>, i16)],
) -> sqlx::Result<()> {
    let articles: Vec<i64> = batch.iter().map(|new| new.article.0).collect();
    let states: Vec<String> = batch.iter().map(|new| new.state.as_str().to_owned()).collect();
    let names: Vec<String> = batch.iter().map(|new| new.fields.name.clone()).collect();
    let emails: Vec<Option<String>> =
        batch.iter().map(|new| new.fields.email.clone().filter(|_| new.state == State::Pending)).collect();
    let texts: Vec<String> = batch.iter().map(|new| new.fields.text.clone()).collect();
    let times: Vec<DateTime<Utc>> = batch.iter().map(|new| new.at).collect();
    let commenters: Vec<Option<Vec<u8>>> = batch.iter().map(|new| new.commenter.clone()).collect();
    let parents: Vec<Option<i64>> = places.iter().map(|(parent, _)| *parent).collect();
    let depths: Vec<i16> = places.iter().map(|(_, depth)| *depth).collect();
    sqlx::query!(
        "insert into comments (id, article_id, state, name, email, body, created_at, moderated_at, commenter, parent_id,
                               depth)
         overriding system value
         select id, article_id, state, name, email, body, at, case when state <> 'pending' then now() end, commenter,
                parent_id, depth
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                     $8::bytea[], $9::bigint[], $10::smallint[])
              as batch(id, article_id, state, name, email, body, at, commenter, parent_id, depth)",
        ids,
        &articles,
        &states,
        &names,
        &emails as _,
        &texts,
        &times,
        &commenters as _,
        &parents as _,
        &depths
    )
    .execute(db)
    .await?;
    Ok(())
}
