//! Accounts, for administrators: who works here, in which role, and who does not any more.
//!
//! Nobody takes themself away, and the last administrator stays. What changes an account asks for the password again
//! when that is a while ago (`Fresh`).

mod invitations;
mod invited;
mod one;
mod rules;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::accounts::invitation::{self, Invitation};
use crate::accounts::user::{self, CreateError, NewUser};
use crate::accounts::{Role, User, password, second_factor};
use crate::news::audit;
use crate::paths;
use crate::web::{Admin, App, Error, Errors, Flash, Form, Fresh, Notice, Page, Result};

pub fn routes() -> Routes {
    vec![
        (paths::desk::USERS, get(index).post(create)),
        (paths::people::ROLE_RULES, post(rules::update)),
        (paths::people::INVITATIONS, post(invitations::create)),
        ("/desk/users/invitations/{id}/link", post(invitations::renew)),
        ("/desk/users/invitations/{id}/revoke", post(invitations::delete)),
        ("/desk/users/{id}", get(one::edit).post(one::update)),
        ("/desk/users/{id}/state", post(one::switch)),
        ("/desk/users/{id}/password", post(one::reset)),
        ("/desk/users/{id}/reset-link", post(one::reset_link)),
        ("/desk/users/{id}/second-factor", post(one::take_off_second_factor)),
        ("/desk/users/{id}/sessions", post(one::log_out)),
        ("/desk/users/{id}/author", post(one::link_author)),
        (paths::people::INVITED, get(invited::new).post(invited::create)),
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
    invitations: Vec<Waiting>,
    invited: invitations::Asked,
    /// Roles that must have a second factor.
    required: Vec<Role>,
    /// Without a mail server letters are files that nobody gets.
    has_mail: bool,
}

struct Row {
    user: User,
    last_login: Option<When>,
    has_second_factor: bool,
}

/// An invitation that nobody has used yet.
struct Waiting {
    invitation: Invitation,
    expires: When,
    is_over: bool,
}

/// GET: everybody, by name.
pub async fn index(State(app): State<App>, Admin(viewer): Admin, notice: Notice) -> Result<Page> {
    let view = view(&app, &viewer).await?;
    Ok(Page::new(&Users { frame: view.frame.notice(notice), ..view }))
}

async fn view(app: &App, viewer: &User) -> Result<Users> {
    let rows = user::accounts(&app.db).await?.into_iter().map(|account| Row {
        last_login: account.last_login_at.map(|at| when(at, &app.site)),
        has_second_factor: account.has_second_factor,
        user: account.user,
    });
    let waiting = invitation::open(&app.db).await?.into_iter().map(|invitation| Waiting {
        expires: when(invitation.expires_at, &app.site),
        is_over: invitation.expires_at <= chrono::Utc::now(),
        invitation,
    });
    Ok(Users {
        frame: Frame::new(app, viewer, "Users").at(paths::desk::USERS),
        rows: rows.collect(),
        roles: Role::ALL,
        new: NewAccount { role: Role::Author.as_str().to_owned(), ..NewAccount::default() },
        errors: Errors::default(),
        min_chars: password::MIN_CHARS,
        invitations: waiting.collect(),
        invited: invitations::Asked::default(),
        required: second_factor::required_of(&app.db).await?,
        has_mail: app.post.folder().is_none(),
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
    by: Acting<Fresh<Admin>>,
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

/// A choice that the form does not offer was not made in the form.
fn role(text: &str) -> Result<Role> {
    text.parse().map_err(|_| Error::BadRequest("The field role is author, editor or admin.".to_owned()))
}

fn check_password(app: &App, typed: &str, email: &str, name: &str, errors: &mut Errors) {
    if let Err(weak) = password::check(typed, &[&app.site.name, email, name]) {
        errors.add("password", weak.to_string());
    }
}
