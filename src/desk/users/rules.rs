//! Which roles must have a second factor. It holds at the next click of everybody who lacks one.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::accounts::{Role, second_factor};
use crate::desk::Acting;
use crate::news::audit;
use crate::paths;
use crate::web::{Admin, App, Error, Flash, Form, Fresh, Result};

/// POST: one field `role` for each role that must. A list and not a struct: it is one name several times.
pub async fn update(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut roles: Vec<Role> = Vec::new();
    for (name, value) in &sent {
        match value.parse() {
            Ok(role) if name == "role" => roles.push(role),
            _ => return Err(Error::BadRequest("The field role is author, editor or admin.".to_owned())),
        }
    }
    let mut tx = app.db.begin().await?;
    second_factor::require_of(&mut tx, &roles).await?;
    let detail = json!({ "second factor required of": roles });
    audit::record(&mut tx, &by.actor, "set the rules for", "user", None, detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The rules are set.").to(paths::desk::USERS))
}
