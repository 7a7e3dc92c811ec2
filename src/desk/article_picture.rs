//! The lead picture of an article's form: a new file, one of the library, or the one that it holds; and the words
//! that are known of it, offered where the form has none.

use super::article_typed::Typed;
use super::picture_key::PictureKey;
use super::{Acting, articles, media::seen, picture_field};
use crate::accounts::User;
use crate::editing::pictures::offered;
use crate::news::article::Article;
use crate::news::media::library::{self, Filter};
use crate::news::media::{self, Kind, Media, MediaId};
use crate::web::{App, Author, Error, Errors, Result, Upload};

/// How many of the library the plain list offers; a script finds all others.
const OFFERED: i64 = 40;

/// A picture of the library in the plain list.
pub struct Offer {
    pub id: MediaId,
    pub name: String,
}

/// The newest pictures that this person may use.
pub async fn offers(app: &App, user: &User) -> Result<Vec<Offer>> {
    let filter = Filter { kind: Some(Kind::Picture), only_for: articles::only(user), ..Filter::default() };
    let found = library::latest(&app.db, &filter, None, OFFERED).await?;
    Ok(found.into_iter().map(|medium| Offer { id: medium.id, name: medium.name }).collect())
}

/// The new file, the one chosen from the library, or the picture that the form holds. A file that is refused is
/// named, and the one before it stays. A form that says nothing of a picture changes none. `known`: what is said of a
/// file that was there already.
pub async fn read(
    app: &App,
    by: &Acting<Author>,
    upload: &Upload,
    article: Option<&Article>,
    typed: &mut Typed,
    errors: &mut Errors,
    known: &mut String,
) -> Result<Option<Media>> {
    if let Some(file) = upload.file("picture") {
        match picture_field::keep(app, &by.actor, file).await? {
            Ok(kept) => {
                let picture = media::by_id(&app.db, kept.id).await?;
                if let Some(picture) = picture.as_ref().filter(|_| kept.duplicate) {
                    *known = format!(
                        "This picture was in the library already, as “{}”: that one is used, and nothing is there twice.",
                        picture.name
                    );
                }
                return Ok(offered(picture, typed));
            }
            Err(refused) => errors.add("picture", refused.to_string()),
        }
    }
    if let Ok(id) = upload.text("library_picture").parse::<MediaId>() {
        match seen(app, &by.user, id).await {
            Ok(medium) if medium.kind == Kind::Picture => return Ok(offered(Some(medium), typed)),
            Ok(_) | Err(Error::NotFound) => {
                errors.add("picture", "This picture is not there any more. Choose it again.");
            }
            Err(other) => return Err(other),
        }
    }
    if !upload.text("remove_picture").is_empty() {
        return Ok(None);
    }
    let is_told = upload.texts("picture_id").next().is_some();
    match (upload.text("picture_id"), article.and_then(|article| article.picture_id)) {
        (_, Some(id)) if !is_told => Ok(media::by_id(&app.db, id).await?),
        ("", _) => Ok(None),
        (key, _) => {
            let opened = match key.parse::<PictureKey>() {
                Ok(key) => key.open(app).await?,
                Err(_) => None,
            };
            if opened.is_none() {
                errors.add("picture", "This picture is not there any more. Choose it again.");
            }
            Ok(opened)
        }
    }
}
