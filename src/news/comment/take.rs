//! Taking a comment in: whether it is taken at all, and whether it waits.
//!
//! Whoever is refused learns it: a closed discussion, a limit. Whoever is held does not learn why: lists and bans that
//! can be asked can be got round, and a ban that can be asked says whose address it is.

use std::time::Duration;

use sqlx::PgConnection;

use super::word_list::{self, List};
use super::{Age, CommentId, Fields, Keys, Limits, MAX_DEPTH, State, ban, limits, links, own, rules};
use crate::accounts::network::NetworkHash;
use crate::news::article::ArticleId;

/// What a reader sent, with what is known about the sending.
#[derive(Debug)]
pub struct Arrival<'a> {
    pub article: ArticleId,
    pub fields: &'a Fields,
    pub parent: Option<CommentId>,
    pub wants_answer: bool,
    /// Today's name of the network and, if there is one, yesterday's.
    pub networks: Vec<NetworkHash>,
    pub age: Age,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// With the token by which the commenter may take it back.
    Held {
        id: CommentId,
        own: String,
    },
    Shown {
        id: CommentId,
        own: String,
    },
    /// A second press of the button: it is there already.
    Twice,
    Closed,
    TooMany(Duration),
}

/// Takes a comment in, in the caller's transaction.
pub async fn take(
    db: &mut PgConnection,
    keys: &Keys,
    limits: &Limits,
    arrival: &Arrival<'_>,
) -> anyhow::Result<Taken> {
    // One after another over the whole site: counting and writing are one act. They are a few a minute.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('comments', 0))").execute(&mut *db).await?;
    let Some(discussion) = rules::discussion(&mut *db, arrival.article).await? else {
        return Ok(Taken::Closed);
    };
    if !discussion.takes_comments() {
        return Ok(Taken::Closed);
    }
    if let Some(wait) = limits::wait(db, limits, arrival.article, &arrival.networks).await? {
        return Ok(Taken::TooMany(wait));
    }
    if is_there(db, arrival).await? {
        return Ok(Taken::Twice);
    }
    let commenter = arrival.fields.email.as_deref().map(|email| keys.commenter(email));
    let (state, marks) = judge(db, arrival, commenter.as_deref(), discussion.mode).await?;
    let new = New {
        parent: place(db, arrival).await?,
        commenter,
        network: arrival.networks.first().copied(),
        wants_answer: arrival.wants_answer && arrival.fields.email.is_some() && state == State::Pending,
        state,
        marks,
        ..New::of(arrival.article, arrival.fields)
    };
    let id = insert(db, &new).await?;
    let own = own::token(db, id).await?;
    Ok(if state == State::Approved { Taken::Shown { id, own } } else { Taken::Held { id, own } })
}

/// Where it goes, and what an editor should know about it.
async fn judge(
    db: &mut PgConnection,
    arrival: &Arrival<'_>,
    commenter: Option<&[u8]>,
    mode: rules::Mode,
) -> sqlx::Result<(State, Vec<String>)> {
    let mut marks = Vec::new();
    match arrival.age {
        Age::Sound => (),
        Age::Quick => marks.push("quick".to_owned()),
        Age::Stale => marks.push("stale".to_owned()),
        Age::Unsigned => marks.push("unsigned".to_owned()),
    }
    let text = format!("{}\n{}", arrival.fields.name, arrival.fields.text);
    if links(&text) > 0 {
        marks.push("link".to_owned());
    }
    match known(db, commenter, &arrival.fields.name).await? {
        Known::Nobody => marks.push("first".to_owned()),
        Known::ByAnotherName => marks.push("name".to_owned()),
        Known::Themselves => (),
    }
    let (condemned, found) = condemned(db, &text).await?;
    marks.extend(found);
    if condemned {
        return Ok((State::Spam, marks));
    }
    let is_banned = match commenter {
        Some(commenter) => ban::holds(db, commenter).await?,
        None => false,
    };
    if is_banned || ban::holds_network(db, &arrival.networks).await? {
        marks.push("banned".to_owned());
        return Ok((State::Rejected, marks));
    }
    let shows = mode == rules::Mode::Open && marks.is_empty();
    Ok((if shows { State::Approved } else { State::Pending }, marks))
}

/// Whether a banned word stands in a text, and the mark for the word that was found.
pub(super) async fn condemned(db: &mut PgConnection, text: &str) -> sqlx::Result<(bool, Option<String>)> {
    Ok(match word_list::all(db).await?.find(text) {
        Some((List::Banned, word)) => (true, Some(format!("banned word: {word}"))),
        Some((List::Suspect, word)) => (false, Some(format!("suspect: {word}"))),
        None => (false, None),
    })
}

/// Whether an editor has approved something of a commenter before.
enum Known {
    Nobody,
    /// Whoever typed the address signs otherwise than its owner did: an address is not verified.
    ByAnotherName,
    Themselves,
}

async fn known(db: &mut PgConnection, commenter: Option<&[u8]>, name: &str) -> sqlx::Result<Known> {
    let same_name = sqlx::query_scalar!(
        r#"select bool_or(lower(name) = lower($2)) as "same_name" from comments
           where commenter = $1 and state = 'approved' and moderated_at is not null"#,
        commenter,
        name
    );
    Ok(match same_name.fetch_one(db).await? {
        None => Known::Nobody,
        Some(false) => Known::ByAnotherName,
        Some(true) => Known::Themselves,
    })
}

/// From the same network: two readers may well say the same two words.
async fn is_there(db: &mut PgConnection, arrival: &Arrival<'_>) -> sqlx::Result<bool> {
    let networks: Vec<Vec<u8>> = arrival.networks.iter().map(|network| network.as_bytes().to_vec()).collect();
    sqlx::query_scalar!(
        r#"select exists(select from comments
                         where article_id = $1 and name = $2 and body = $3 and network = any($4)
                           and created_at > now() - interval '1 minute') as "there!""#,
        arrival.article as ArticleId,
        arrival.fields.name,
        arrival.fields.text,
        &networks
    )
    .fetch_one(db)
    .await
}

/// The comment it stands under: one that readers see. A reply to the deepest stands beside it.
async fn place(db: &mut PgConnection, arrival: &Arrival<'_>) -> sqlx::Result<Option<(CommentId, i16)>> {
    let Some(parent) = arrival.parent else { return Ok(None) };
    let row = sqlx::query!(
        r#"select id as "id: CommentId", depth, parent_id as "parent_id: CommentId"
           from comments
           where id = $1 and article_id = $2 and state = 'approved' and removed_at is null"#,
        parent as CommentId,
        arrival.article as ArticleId
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| match row.parent_id {
        Some(above) if row.depth >= MAX_DEPTH => (above, row.depth),
        _ => (row.id, (row.depth + 1).min(MAX_DEPTH)),
    }))
}

/// A comment as it is written.
#[derive(Debug)]
pub struct New<'a> {
    pub article: ArticleId,
    pub fields: &'a Fields,
    /// With the depth that it gives.
    pub parent: Option<(CommentId, i16)>,
    pub commenter: Option<Vec<u8>>,
    pub network: Option<NetworkHash>,
    pub wants_answer: bool,
    pub state: State,
    pub marks: Vec<String>,
    pub newsroom: bool,
}

impl<'a> New<'a> {
    /// Pending, from nobody in particular.
    pub fn of(article: ArticleId, fields: &'a Fields) -> Self {
        Self {
            article,
            fields,
            parent: None,
            commenter: None,
            network: None,
            wants_answer: false,
            state: State::Pending,
            marks: Vec::new(),
            newsroom: false,
        }
    }
}

/// Writes a comment. Its address stays only while a decision is to come.
pub async fn insert(db: &mut PgConnection, new: &New<'_>) -> sqlx::Result<CommentId> {
    let email = new.fields.email.as_deref().filter(|_| new.state == State::Pending);
    sqlx::query_scalar!(
        r#"insert into comments (article_id, name, email, body, parent_id, depth, commenter, network, wants_answer,
                                 state, marks, newsroom)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           returning id as "id: CommentId""#,
        new.article as ArticleId,
        new.fields.name,
        email,
        new.fields.text,
        new.parent.map(|(id, _)| id) as Option<CommentId>,
        new.parent.map_or(0, |(_, depth)| depth),
        new.commenter,
        new.network.map(|network| network.as_bytes().to_vec()),
        new.wants_answer,
        new.state as State,
        &new.marks,
        new.newsroom
    )
    .fetch_one(db)
    .await
}
