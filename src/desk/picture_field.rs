//! The fields of a picture in a form: the file itself, and the number of one that was kept before.
//!
//! A picture is kept as soon as it arrives, even when something else in the form is refused: the form comes back
//! with its number, and nobody has to choose the file again.

use bytes::Bytes;
use serde_json::json;

use crate::media::Extension;
use crate::media::probe::Refused;
use crate::news::audit::{self, Actor};
use crate::news::media::{self, Kept, Kind, Media, MediaId, NewMedia, NewRendition};
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
            Ok(kept) => return Ok(media::by_id(&app.db, kept.id).await?),
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
            Ok(kept) => return Ok(media::by_id(&app.db, kept.id).await?),
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

/// Cleans a picture and keeps it, with its row, its first file, its job and its audit row in one transaction.
pub async fn keep(app: &App, actor: &Actor, file: &UploadedFile) -> Result<Result<Kept, Refused>> {
    let (clean, first) = match app.workshop.picture_with_first(Bytes::from(file.bytes.clone())).await {
        Ok(made) => made,
        Err(refused) => return refusal(refused),
    };
    let bytes = clean.bytes.len() as u64;
    let digest = app.media.put_original(clean.bytes, clean.extension).await?;
    let (width, height, extension) = (first.width, first.height, first.extension);
    let first_bytes = first.bytes.len() as u64;
    let first = app.media.put_public(first.bytes, extension).await?;
    let first = NewRendition { digest: first, extension, width, height, bytes: first_bytes };
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
    let kept = media::create(&mut tx, &new).await?;
    media::save_first(&mut tx, kept.id, &first).await?;
    queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: kept.id.0 }).await?;
    audit::record(&mut tx, actor, "upload", "picture", Some(kept.id.0), json!({ "name": file.name })).await?;
    tx.commit().await?;
    Ok(Ok(kept))
}

/// Cleans a film in place and keeps it. A film is its own only rendition, so it is ready at once.
async fn keep_film(app: &App, actor: &Actor, sent: StreamedFile) -> Result<Result<Kept, Refused>> {
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
    let kept = media::create(&mut tx, &new).await?;
    let itself = NewRendition { digest, extension, width, height, bytes };
    media::save_renditions(&mut tx, kept.id, &[itself]).await?;
    audit::record(&mut tx, actor, "upload", "film", Some(kept.id.0), json!({ "name": sent.name })).await?;
    tx.commit().await?;
    Ok(Ok(kept))
}

/// The disk's failure is ours; everything else is for the editor to read.
fn refusal<T>(refused: Refused) -> Result<Result<T, Refused>> {
    match refused {
        Refused::Unread(cause) => Err(Error::internal(anyhow::anyhow!(cause))),
        refused => Ok(Err(refused)),
    }
}
