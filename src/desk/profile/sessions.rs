//! Where one is logged in, and ending it.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::accounts::session::SessionId;
use crate::accounts::{challenge, device, second_factor, session};
use crate::desk::Acting;
use crate::desk::login::set_cookies;
use crate::news::audit;
use crate::paths;
use crate::web::{App, Author, Entered, Error, Flash, Path, Result, cookie};

/// POST: that browser is logged out.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<SessionId>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !session::end_one(&mut *tx, by.user.id, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, &by.actor, "end a session of", "user", Some(by.user.id.0), json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "That session has ended.").to(paths::people::PROFILE))
}

/// POST: every other browser is logged out, and forgotten. So is a key that one of them may have seen.
pub async fn delete_others(
    State(app): State<App>,
    by: Acting<Author>,
    Entered(session): Entered,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let ended = session::end_others(&mut *tx, by.user.id, session.id).await?;
    challenge::end_all(&mut *tx, by.user.id).await?;
    second_factor::forget_unconfirmed(&mut *tx, by.user.id).await?;
    let device = device::forget_others(&mut tx, by.user.id).await?;
    let detail = json!({ "sessions": ended });
    audit::record(&mut tx, &by.actor, "end the other sessions of", "user", Some(by.user.id.0), detail)
        .await?;
    tx.commit().await?;
    let done = match ended {
        0 => "You were logged in nowhere else.".to_owned(),
        1 => "One other session has ended.".to_owned(),
        many => format!("{many} other sessions have ended."),
    };
    let mut response = Flash::new(&app, &done).to(paths::people::PROFILE);
    set_cookies(&mut response, [cookie::set_device(&app.site, &device)]);
    Ok(response)
}
