//! The fields of a picture in a form: the file itself, and the number of one that was kept before.
//!
//! A picture is kept as soon as it arrives, even when something else in the form is refused: the form comes back
//! with its number, and nobody has to choose the file again.

use bytes::Bytes;
use serde_json::json;

use crate::media::Extension;
use crate::media::probe::Refused;
use crate::news::audit::{self, Actor};
use crate::news::media::{self, Kind, Media, MediaId, NewMedia, NewRendition};
use crate::queue::{self, Payload};
use crate::web::upload::UploadedFile;
use crate::web::{App, Error, Errors, Result, StreamedFile, Upload};

/// The names of such fields: `file` is the input, `id` the hidden number of what is kept, `remove` the box that
/// takes it away.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    pub file: &'static str,
    pub id: &'static str,
    pub remove: &'static str,
}

pub const PICTURE: Names = Names { file: "picture", id: "picture_id", remove: "picture_remove" };
pub const POSTER: Names = Names { file: "poster", id: "poster_id", remove: "poster_remove" };
pub const FILM: Names = Names { file: "film", id: "film_id", remove: "film_remove" };

/// The picture that a form means: a new file, or the kept one. A file that is refused is named, and the kept
/// one stays.
pub async fn read(
    app: &App,
    actor: &Actor,
    upload: &Upload,
    names: Names,
    errors: &mut Errors,
) -> Result<Option<Media>> {
    if let Some(file) = upload.file(names.file) {
        match keep(app, actor, file).await? {
            Ok(id) => return Ok(media::by_id(&app.db, id).await?),
            Err(refused) => errors.add(names.file, refused.to_string()),
        }
    }
    kept(app, upload, names, Kind::Picture).await
}

/// The film that a form means, in the same way.
pub async fn read_film(
    app: &App,
    actor: &Actor,
    upload: &Upload,
    streamed: Option<StreamedFile>,
    errors: &mut Errors,
) -> Result<Option<Media>> {
    if let Some(file) = streamed {
        match keep_film(app, actor, file).await? {
            Ok(id) => return Ok(media::by_id(&app.db, id).await?),
            Err(refused) => errors.add(FILM.file, refused.to_string()),
        }
    }
    kept(app, upload, FILM, Kind::Film).await
}

async fn kept(app: &App, upload: &Upload, names: Names, kind: Kind) -> Result<Option<Media>> {
    if !upload.text(names.remove).is_empty() {
        return Ok(None);
    }
    let Ok(id) = upload.text(names.id).parse::<MediaId>() else { return Ok(None) };
    Ok(media::by_id(&app.db, id).await?.filter(|medium| medium.kind == kind))
}

/// Cleans a picture and keeps it, with its row, its job and its audit row in one transaction.
pub async fn keep(app: &App, actor: &Actor, file: &UploadedFile) -> Result<Result<MediaId, Refused>> {
    let clean = match app.workshop.picture(Bytes::from(file.bytes.clone())).await {
        Ok(clean) => clean,
        Err(refused) => return refusal(refused),
    };
    let bytes = clean.bytes.len() as u64;
    let digest = app.media.put_original(clean.bytes, clean.extension).await?;
    let new = NewMedia {
        kind: Kind::Picture,
        digest,
        extension: clean.extension,
        name: &file.name,
        width: clean.width,
        height: clean.height,
        bytes,
        created_by: actor.user,
    };
    let mut tx = app.db.begin().await?;
    let id = media::create(&mut tx, &new).await?;
    queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: id.0 }).await?;
    audit::record(&mut tx, actor, "upload", "picture", Some(id.0), json!({ "name": file.name })).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

/// Cleans a film in place and keeps it. A film is its own only rendition, so it is ready at once.
async fn keep_film(app: &App, actor: &Actor, sent: StreamedFile) -> Result<Result<MediaId, Refused>> {
    let (film, incoming) = match app.workshop.film(sent.incoming).await {
        Ok(cleaned) => cleaned,
        Err(refused) => return refusal(refused),
    };
    let bytes = incoming.bytes();
    let extension: Extension = film.extension;
    let digest = app.media.keep_public(incoming, extension).await?;
    let (width, height) = (film.width, film.height);
    let new = NewMedia {
        kind: Kind::Film,
        digest,
        extension,
        name: &sent.name,
        width,
        height,
        bytes,
        created_by: actor.user,
    };
    let mut tx = app.db.begin().await?;
    let id = media::create(&mut tx, &new).await?;
    media::save_renditions(&mut tx, id, &[NewRendition { digest, extension, width, height, bytes }]).await?;
    audit::record(&mut tx, actor, "upload", "film", Some(id.0), json!({ "name": sent.name })).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

/// The disk's failure is ours; everything else is for the editor to read.
fn refusal<T>(refused: Refused) -> Result<Result<T, Refused>> {
    match refused {
        Refused::Unread(cause) => Err(Error::internal(anyhow::anyhow!(cause))),
        refused => Ok(Err(refused)),
    }
}
