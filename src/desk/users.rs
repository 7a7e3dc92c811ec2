//! Accounts, for administrators: who works here, in which role, and who does not any more.
//!
//! Nobody takes themself away, and the last administrator stays.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::accounts::user::{self, CreateError, NewUser};
use crate::accounts::{Role, User, UserId, password};
use crate::news::audit;
use crate::paths;
use crate::web::{Admin, App, Error, Errors, Flash, Form, Notice, Page, Path, Result};

const YOURSELF: &str = "This is your own account. Ask another administrator to change it.";
const LAST: &str = "This is the last administrator. Make another one first.";

pub fn routes() -> Routes {
    vec![
        (paths::desk::USERS, get(index).post(create)),
        ("/desk/users/{id}", get(edit).post(update)),
        ("/desk/users/{id}/state", post(switch)),
        ("/desk/users/{id}/password", post(reset)),
    ]
}

#[derive(Template)]
#[template(path = "desk/users.html")]
struct Users {
    frame: Frame,
    rows: Vec<Row>,
    roles: [Role; 3],
    new: NewAccount,
    errors: Errors,
    min_chars: usize,
}

struct Row {
    user: User,
    last_login: Option<When>,
}

/// GET: everybody, by name.
pub async fn index(State(app): State<App>, Admin(viewer): Admin, notice: Notice) -> Result<Page> {
    let view = view(&app, &viewer).await?;
    Ok(Page::new(&Users { frame: view.frame.notice(notice), ..view }))
}

async fn view(app: &App, viewer: &User) -> Result<Users> {
    let rows = user::accounts(&app.db).await?.into_iter().map(|account| Row {
        last_login: account.last_login_at.map(|at| when(at, &app.site)),
        user: account.user,
    });
    Ok(Users {
        frame: Frame::new(app, viewer, "Users").at(paths::desk::USERS),
        rows: rows.collect(),
        roles: Role::ALL,
        new: NewAccount { role: Role::Author.as_str().to_owned(), ..NewAccount::default() },
        errors: Errors::default(),
        min_chars: password::MIN_CHARS,
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    name: String,
    email: String,
    role: String,
    password: String,
}

/// POST: a new account. The password is told to its owner by whoever made it.
pub async fn create(
    State(app): State<App>,
    by: Acting<Admin>,
    Form(form): Form<NewAccount>,
) -> Result<Response> {
    let role = role(&form.role)?;
    let mut errors: Errors = user::check(&form.email, &form.name).into_iter().collect();
    check_password(&app, &form.password, &form.email, &form.name, &mut errors);
    if !errors.is_empty() {
        return refused(&app, &by.user, form, errors).await;
    }
    let hash = app.hasher.hash(&form.password).await?;
    let new = NewUser { email: &form.email, name: &form.name, role, password_hash: &hash };
    let mut tx = app.db.begin().await?;
    let id = match user::create(&mut tx, &new).await {
        Ok(id) => id,
        Err(taken @ CreateError::EmailTaken) => {
            errors.add("email", taken.to_string());
            return refused(&app, &by.user, form, errors).await;
        }
        Err(CreateError::Database(cause)) => return Err(cause.into()),
    };
    let detail = json!({ "name": form.name.trim(), "role": role });
    audit::record(&mut tx, &by.actor, "create", "user", Some(id.0), detail).await?;
    tx.commit().await?;
    let done = format!("The account of {} is made.", form.name.trim());
    Ok(Flash::new(&app, &done).to(paths::desk::USERS))
}

/// Everything that was typed comes back, but for the password.
async fn refused(app: &App, viewer: &User, form: NewAccount, errors: Errors) -> Result<Response> {
    let view = view(app, viewer).await?;
    let new = NewAccount { password: String::new(), ..form };
    Ok(Page::new(&Users { new, errors, ..view }).unprocessable().into_response())
}

#[derive(Template)]
#[template(path = "desk/user.html")]
struct UserForm {
    frame: Frame,
    user: User,
    roles: [Role; 3],
    errors: Errors,
    yourself: bool,
    min_chars: usize,
}

/// GET: one account with its forms.
pub async fn edit(
    State(app): State<App>,
    Admin(viewer): Admin,
    notice: Notice,
    Path(id): Path<UserId>,
) -> Result<Page> {
    let view = form(&app, &viewer, id).await?;
    Ok(Page::new(&UserForm { frame: view.frame.notice(notice), ..view }))
}

async fn form(app: &App, viewer: &User, id: UserId) -> Result<UserForm> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    Ok(UserForm {
        frame: Frame::new(app, viewer, format!("User: {}", user.name)).at(paths::desk::USERS),
        yourself: user.id == viewer.id,
        user,
        roles: Role::ALL,
        errors: Errors::default(),
        min_chars: password::MIN_CHARS,
    })
}

async fn refused_on(
    app: &App,
    viewer: &User,
    id: UserId,
    field: &'static str,
    why: impl Into<String>,
) -> Result<Response> {
    let mut view = form(app, viewer, id).await?;
    view.errors.add(field, why);
    Ok(Page::new(&view).unprocessable().into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    role: String,
}

/// POST: another role. Sessions end, so that it holds from now on.
pub async fn update(
    State(app): State<App>,
    by: Acting<Admin>,
    Path(id): Path<UserId>,
    Form(form): Form<Changed>,
) -> Result<Response> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let role = role(&form.role)?;
    if role == user.role {
        return Ok(Flash::new(&app, "Nothing has changed.").to(&paths::desk::user(id)));
    }
    let mut tx = app.db.begin().await?;
    if let Some(why) = must_stay(&mut tx, &by, &user).await? {
        return refused_on(&app, &by.user, id, "role", why).await;
    }
    user::set_role(&mut tx, id, role).await?;
    let detail = json!({ "name": user.name, "role": role, "was": user.role });
    audit::record(&mut tx, &by.actor, "change role", "user", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("{} is {role} now.", user.name)).to(&paths::desk::user(id)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// `enabled` or `disabled`
    state: String,
}

/// POST: shuts an account, which ends its sessions, or opens it again.
pub async fn switch(
    State(app): State<App>,
    by: Acting<Admin>,
    Path(id): Path<UserId>,
    Form(form): Form<Switch>,
) -> Result<Response> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    let (verb, done) = match form.state.as_str() {
        "disabled" => {
            if let Some(why) = must_stay(&mut tx, &by, &user).await? {
                return refused_on(&app, &by.user, id, "state", why).await;
            }
            user::disable(&mut tx, id).await?;
            ("disable", format!("The account of {} is disabled.", user.name))
        }
        "enabled" => {
            user::enable(&mut tx, id).await?;
            ("enable", format!("The account of {} is open again.", user.name))
        }
        _ => return Err(Error::BadRequest("The field state is enabled or disabled.".to_owned())),
    };
    audit::record(&mut tx, &by.actor, verb, "user", Some(id.0), json!({ "name": user.name })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &done).to(&paths::desk::user(id)))
}

/// Why this account keeps what it may do.
async fn must_stay(tx: &mut PgConnection, by: &Acting<Admin>, user: &User) -> Result<Option<&'static str>> {
    if user.id == by.user.id {
        return Ok(Some(YOURSELF));
    }
    let is_admin = user.role == Role::Admin && !user.disabled;
    Ok(if is_admin && !user::has_other_admin(tx, user.id).await? { Some(LAST) } else { None })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
}

/// POST: a new password for somebody who forgot theirs. Sessions end.
pub async fn reset(
    State(app): State<App>,
    by: Acting<Admin>,
    Path(id): Path<UserId>,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut errors = Errors::default();
    check_password(&app, &form.password, &user.email, &user.name, &mut errors);
    if let Some(why) = errors.on("password") {
        return refused_on(&app, &by.user, id, "password", why).await;
    }
    let hash = app.hasher.hash(&form.password).await?;
    let mut tx = app.db.begin().await?;
    user::reset_password(&mut tx, id, &hash).await?;
    audit::record(&mut tx, &by.actor, "reset password", "user", Some(id.0), json!({ "name": user.name }))
        .await?;
    tx.commit().await?;
    // Resetting one's own ends one's own session too; the login form comes by itself.
    Ok(Flash::new(&app, &format!("{} has a new password.", user.name)).to(&paths::desk::user(id)))
}

/// A choice that the form does not offer was not made in the form.
fn role(text: &str) -> Result<Role> {
    text.parse().map_err(|_| Error::BadRequest("The field role is author, editor or admin.".to_owned()))
}

fn check_password(app: &App, typed: &str, email: &str, name: &str, errors: &mut Errors) {
    if let Err(weak) = password::check(typed, &[&app.site.name, email, name]) {
        errors.add("password", weak.to_string());
    }
}
