//! One's page as an author: a picture, a few sentences, links. Readers see it once something is published under that
//! name.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use url::Url;

use crate::accounts::{Role, User};
use crate::desk::picture_key::PictureKey;
use crate::desk::{Acting, Frame, multipart, picture_field};
use crate::news::audit;
use crate::news::author::{self, About};
use crate::news::media::{self, Media, Picture};
use crate::paths;
use crate::web::{App, Author, Error, Errors, Flash, Notice, Page, Result, Upload, UploadLimits};

/// As the schema has them.
const MAX_BIO: usize = 1000;
const MAX_LINKS: usize = 1000;
const MAX_ALT: usize = 500;

const FIELDS: [&str; 6] = ["bio", "links", "picture", "picture_id", "picture_remove", "picture_alt"];

#[derive(Template)]
#[template(path = "desk/profile_author.html")]
struct AuthorForm {
    frame: Frame,
    author: Option<author::Author>,
    about: About,
    picture: Option<Kept>,
    errors: Errors,
}

/// The picture that the form holds already.
struct Kept {
    key: String,
    shown: Option<Picture>,
}

impl Kept {
    fn of(medium: &Media) -> Option<Self> {
        let key = PictureKey::of(medium)?.to_string();
        Some(Self { key, shown: medium.picture().filter(Picture::is_ready) })
    }
}

/// GET: the form; without a page yet, it begins one.
pub async fn edit(State(app): State<App>, Author(user): Author, notice: Notice) -> Result<Page> {
    let author = author::of_user(&app.db, user.id).await?;
    let about = match &author {
        Some(author) => author::about(&app.db, author.id).await?,
        None => About::default(),
    };
    let mut view = view(&app, &user, author, about, Errors::default()).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

async fn view(
    app: &App,
    user: &User,
    author: Option<author::Author>,
    about: About,
    errors: Errors,
) -> Result<AuthorForm> {
    let picture = match about.picture_id {
        Some(id) => media::by_id(&app.db, id).await?.as_ref().and_then(Kept::of),
        None => None,
    };
    Ok(AuthorForm { frame: Frame::new(app, user, "Your page as an author"), author, about, picture, errors })
}

/// POST: 303 back to the form; 422 with what is wrong, and a new picture is kept all the same.
pub async fn update(State(app): State<App>, by: Acting<Author>, request: Request) -> Result<Response> {
    let (upload, mut errors) = multipart::read(&app, request, UploadLimits::PICTURES, &FIELDS).await?;
    let picture = picture(&app, &by, &upload, &mut errors).await?;
    let text = |name: &str| upload.text(name).replace("\r\n", "\n").trim().to_owned();
    let about = About {
        bio: text("bio"),
        links: text("links"),
        picture_alt: text("picture_alt"),
        picture_id: picture.as_ref().map(|medium| medium.id),
    };
    check(&about, &mut errors);
    let mut tx = app.db.begin().await?;
    let author = match author::of_user(&mut *tx, by.user.id).await? {
        Some(author) => Some(author.id),
        None if errors.is_empty() => {
            // Whoever may publish under any name may take one that exists; others ask an administrator.
            author::claim(&mut tx, by.user.id, &by.user.name, by.user.role >= Role::Editor).await?
        }
        None => None,
    };
    let Some(author) = author.filter(|_| errors.is_empty()) else {
        drop(tx);
        if errors.is_empty() {
            errors.add(
                "bio",
                "There is an author of your name already. Ask an administrator to give you that page.",
            );
        }
        let author = author::of_user(&app.db, by.user.id).await?;
        let view = view(&app, &by.user, author, about, errors).await?;
        return Ok(Page::new(&view).unprocessable().into_response());
    };
    author::set_about(&mut tx, author, &about).await?;
    audit::record(&mut tx, &by.actor, "describe", "author", Some(author.0), json!({ "name": by.user.name }))
        .await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Your page is saved.").to(paths::people::PROFILE_AUTHOR))
}

/// The new file, or the one that the form names by its key.
async fn picture(
    app: &App,
    by: &Acting<Author>,
    upload: &Upload,
    errors: &mut Errors,
) -> Result<Option<Media>> {
    if let Some(file) = upload.file("picture") {
        match picture_field::keep(app, &by.actor, file).await? {
            Ok(kept) => return Ok(media::by_id(&app.db, kept.id).await?),
            Err(refused) => errors.add("picture", refused.to_string()),
        }
    }
    match upload.text("picture_id") {
        _ if !upload.text("picture_remove").is_empty() => Ok(None),
        "" => Ok(None),
        key => {
            let key: PictureKey = key
                .parse()
                .map_err(|_| Error::BadRequest("The field picture_id names no picture.".to_owned()))?;
            key.open(app).await
        }
    }
}

fn check(about: &About, errors: &mut Errors) {
    let long = |text: &str, most: usize| text.chars().count() > most;
    if long(&about.bio, MAX_BIO) {
        errors.add("bio", format!("At most {MAX_BIO} letters."));
    }
    if long(&about.links, MAX_LINKS) || about.links().any(|link| !is_link(link)) {
        errors.add("links", "One address a line, each beginning with https://.");
    }
    match about.picture_alt.chars().count() {
        0 if about.picture_id.is_some() => {
            errors.add("picture_alt", "Describe the picture for those who cannot see it.");
        }
        0..=MAX_ALT => {}
        _ => errors.add("picture_alt", format!("At most {MAX_ALT} letters.")),
    }
}

fn is_link(link: &str) -> bool {
    Url::parse(link)
        .is_ok_and(|url| url.scheme() == "https" && url.host().is_some() && url.username().is_empty())
}
