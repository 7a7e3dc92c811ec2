//! One account: its role, whether it is open, its password and second factor, where it is logged in, its page as an
//! author.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::{check_password, role};
use crate::accounts::{
    Role, User, UserId, password, reset as resets, second_factor, session, throttle, user,
};
use crate::desk::{Acting, Frame, notices};
use crate::news::{audit, author};
use crate::paths;
use crate::text::Slug;
use crate::web::{Admin, App, Error, Errors, Flash, Form, Fresh, Notice, Page, Path, Result};

const YOURSELF: &str = "This is your own account. Ask another administrator to change it.";
const LAST: &str = "This is the last administrator. Make another one first.";

#[derive(Template)]
#[template(path = "desk/user.html")]
struct UserForm {
    frame: Frame,
    user: User,
    roles: [Role; 3],
    errors: Errors,
    yourself: bool,
    min_chars: usize,
    has_second_factor: bool,
    sessions: usize,
    author: Option<author::Author>,
    /// As typed into its field.
    author_slug: String,
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
    let author = author::of_user(&app.db, id).await?;
    Ok(UserForm {
        frame: Frame::new(app, viewer, format!("User: {}", user.name)).at(paths::desk::USERS),
        yourself: user.id == viewer.id,
        user,
        roles: Role::ALL,
        errors: Errors::default(),
        min_chars: password::MIN_CHARS,
        has_second_factor: second_factor::is_on(&app.db, id).await?,
        sessions: session::open_of(&app.db, id).await?.len(),
        author_slug: author.as_ref().map(|author| author.slug.clone()).unwrap_or_default(),
        author,
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
    by: Acting<Fresh<Admin>>,
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
    notices::tell(&app, &mut tx, &user.email, notices::About::Role).await?;
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
    by: Acting<Fresh<Admin>>,
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
async fn must_stay(
    tx: &mut PgConnection,
    by: &Acting<Fresh<Admin>>,
    user: &User,
) -> Result<Option<&'static str>> {
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
    by: Acting<Fresh<Admin>>,
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
    throttle::pardon(&mut tx, &app.network_key, &user.email).await?;
    notices::tell(&app, &mut tx, &user.email, notices::About::Password).await?;
    audit::record(&mut tx, &by.actor, "reset password", "user", Some(id.0), json!({ "name": user.name }))
        .await?;
    tx.commit().await?;
    // Resetting one's own ends one's own session too; the login form comes by itself.
    Ok(Flash::new(&app, &format!("{} has a new password.", user.name)).to(&paths::desk::user(id)))
}

#[derive(Template)]
#[template(path = "desk/link_once.html")]
pub(super) struct Once {
    pub frame: Frame,
    pub link: String,
    pub words: String,
    pub back: String,
}

/// POST: a link with which its owner sets a new password, shown once.
pub async fn reset_link(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Path(id): Path<UserId>,
) -> Result<Page> {
    let user = user::by_id(&app.db, id).await?.filter(|user| !user.disabled).ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    let token = resets::create(&mut tx, id, Some(by.user.id)).await?;
    let detail = json!({ "name": user.name });
    audit::record(&mut tx, &by.actor, "make a reset link for", "user", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Page::new(&Once {
        frame: Frame::new(&app, &by.user, "A link for a new password").at(paths::desk::USERS),
        link: app.site.absolute(&paths::people::reset(&token)),
        words: format!(
            "Hand it to {} on a way that nobody else reads. It works once, within {} minutes.",
            user.name,
            resets::MINUTES
        ),
        back: paths::desk::user(id),
    }))
}

/// POST: for somebody who lost both the app and the recovery codes. Sessions end.
pub async fn take_off_second_factor(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Path(id): Path<UserId>,
) -> Result<Response> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    if id == by.user.id {
        return refused_on(&app, &by.user, id, "second_factor", "Take off your own at your account.").await;
    }
    let mut tx = app.db.begin().await?;
    if !second_factor::remove(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    user::log_out_everywhere(&mut tx, id).await?;
    let detail = json!({ "name": user.name });
    audit::record(&mut tx, &by.actor, "take off the second factor of", "user", Some(id.0), detail).await?;
    notices::tell(&app, &mut tx, &user.email, notices::About::FactorOff).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("{} has no second factor any more.", user.name)).to(&paths::desk::user(id)))
}

/// POST: logged out everywhere.
pub async fn log_out(
    State(app): State<App>,
    by: Acting<Fresh<Admin>>,
    Path(id): Path<UserId>,
) -> Result<Response> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    user::log_out_everywhere(&mut tx, id).await?;
    let detail = json!({ "name": user.name });
    audit::record(&mut tx, &by.actor, "log out everywhere", "user", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("{} is logged out everywhere.", user.name)).to(&paths::desk::user(id)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// A slug, an address that ends with one, or "" for none.
    author: String,
}

/// POST: which author's page is theirs.
pub async fn link_author(
    State(app): State<App>,
    by: Acting<Admin>,
    Path(id): Path<UserId>,
    Form(form): Form<Linked>,
) -> Result<Response> {
    let user = user::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let slug = form.author.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let found = match Slug::of(slug) {
        Some(slug) => author::by_slug(&app.db, slug.as_str()).await?,
        None => None,
    };
    if found.is_none() && !slug.is_empty() {
        let mut view = self::form(&app, &by.user, id).await?;
        view.author_slug.clone_from(&form.author);
        view.errors.add("author", "There is no author with this address.");
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    author::set_user(&mut tx, id, found.as_ref().map(|author| author.id)).await?;
    let detail = json!({ "name": user.name, "author": found.map(|author| author.slug) });
    audit::record(&mut tx, &by.actor, "link the author of", "user", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The author's page is set.").to(&paths::desk::user(id)))
}
