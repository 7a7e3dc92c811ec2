//! The letters that go with a decision, written in its transaction.

use sqlx::PgConnection;

use crate::mail;
use crate::mail::comment as letters;
use crate::news::comment::decide::{Asked, REWRITE_DAYS};
use crate::news::comment::{Decided, Decision, State, own};
use crate::paths;
use crate::web::{App, Result};

/// To whoever asked to be told, once.
pub(super) async fn decided(
    app: &App,
    tx: &mut PgConnection,
    decided: &Decided,
    decision: &Decision<'_>,
) -> Result<()> {
    let Some(to) = &decided.tell else { return Ok(()) };
    let own = own::token(&mut *tx, decided.id).await?;
    let article = paths::article(decided.article, &decided.slug);
    let approved = decision.state == State::Approved;
    let link = if approved { paths::comments::permalink(&article, decided.id) } else { article };
    let letter = letters::Decided {
        site: &app.site.name,
        headline: &decided.headline,
        approved,
        link: &app.site.absolute(&link),
        reason: decision.reason,
        own: &app.site.absolute(&paths::comments::own(&own)),
    };
    send(app, tx, to, &letter).await
}

pub(super) async fn rewrite(app: &App, tx: &mut PgConnection, asked: &Asked, note: &str) -> Result<()> {
    let letter = letters::Rewrite {
        site: &app.site.name,
        headline: &asked.headline,
        note,
        days: REWRITE_DAYS,
        link: &app.site.absolute(&paths::comments::rewrite(&asked.token)),
    };
    send(app, tx, &asked.to, &letter).await
}

/// Comments from before addresses were read strictly may have one that no server takes: that stops no decision.
async fn send(app: &App, tx: &mut PgConnection, to: &str, letter: &impl mail::View) -> Result<()> {
    if mail::is_address(to) {
        mail::send_to_reader(tx, to, &app.comment_keys.commenter(to), letter).await?;
    }
    Ok(())
}
