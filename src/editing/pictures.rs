//! The fields of a picture in a form: the file itself, and the number of one that was kept before.
//!
//! A picture is kept as soon as it arrives, even when something else in the form is refused: the form comes back
//! with its number, and nobody has to choose the file again.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use sqlx::PgConnection;

use super::typed::Typed;
use crate::media::probe::{Refused, Words};
use crate::media::store::Area;
use crate::media::{Digest, Extension};
use crate::news::audit::{self, Actor};
use crate::news::media::quota::{self, Exceeded};
use crate::news::media::{self, Kept, Kind, Media, MediaId, NewMedia, NewRendition, about, files};
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

/// Why a file is not kept, in words for whoever chose it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    File(Refused),
    #[error(transparent)]
    Quota(#[from] Exceeded),
}

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
pub async fn keep(app: &App, actor: &Actor, file: &UploadedFile) -> Result<Result<Kept, Refusal>> {
    if let Err(exceeded) = room(app, actor, file.bytes.len() as u64).await? {
        return Ok(Err(exceeded.into()));
    }
    let cleaned = match clean(app, file).await? {
        Ok(cleaned) => cleaned,
        Err(refused) => return Ok(Err(refused)),
    };
    let mut tx = app.db.begin().await?;
    cleaned.claim(app, &mut tx).await?;
    let kept = media::create(&mut tx, &cleaned.medium(file, actor)).await?;
    cleaned.enqueue(&mut tx, kept.id).await?;
    audit::record(&mut tx, actor, "upload", "picture", Some(kept.id.0), json!({ "name": file.name })).await?;
    tx.commit().await?;
    Ok(Ok(kept))
}

/// Puts a file in the place of a picture. The inner error: the picture that this file is already.
pub async fn replace(
    app: &App,
    actor: &Actor,
    id: MediaId,
    file: &UploadedFile,
) -> Result<Result<Result<Kept, MediaId>, Refusal>> {
    if let Err(exceeded) = room(app, actor, file.bytes.len() as u64).await? {
        return Ok(Err(exceeded.into()));
    }
    let cleaned = match clean(app, file).await? {
        Ok(cleaned) => cleaned,
        Err(refused) => return Ok(Err(refused)),
    };
    let mut tx = app.db.begin().await?;
    cleaned.claim(app, &mut tx).await?;
    let replaced = about::replace(&mut tx, id, &cleaned.medium(file, actor)).await?;
    if replaced.is_ok() {
        cleaned.enqueue(&mut tx, id).await?;
        audit::record(&mut tx, actor, "replace", "picture", Some(id.0), json!({ "name": file.name })).await?;
        tx.commit().await?;
    }
    Ok(Ok(replaced))
}

/// Before any work is done for it.
async fn room(app: &App, actor: &Actor, bytes: u64) -> Result<Result<(), Exceeded>> {
    let limits = quota::Limits { person: app.config.media_per_person, site: app.config.media_total };
    Ok(quota::check(&app.db, limits, actor.user, bytes).await?)
}

/// Until the rows are written, nobody removes these files because of another picture that had the same. One that was
/// removed a moment before is missed here, and the upload has to be made again.
async fn claim(app: &App, tx: &mut PgConnection, claimed: &[(Area, Digest, Extension)]) -> Result<()> {
    let digests: Vec<Digest> = claimed.iter().map(|(_, digest, _)| *digest).collect();
    files::claim(tx, &digests).await?;
    for (area, digest, extension) in claimed {
        if !app.media.has(*area, digest, *extension).await? {
            return Err(Error::Unavailable { retry_after: Duration::from_secs(1) });
        }
    }
    Ok(())
}

/// A cleaned picture whose original and first file lie in the store.
struct Cleaned {
    digest: Digest,
    extension: Extension,
    width: u32,
    height: u32,
    bytes: u64,
    first: NewRendition,
    words: Words,
}

async fn clean(app: &App, file: &UploadedFile) -> Result<Result<Cleaned, Refusal>> {
    let (clean, first, words) = match app.workshop.picture_with_first(Bytes::from(file.bytes.clone())).await {
        Ok(made) => made,
        Err(refused) => return refusal(refused),
    };
    let (width, height, extension, bytes) =
        (clean.width, clean.height, clean.extension, clean.bytes.len() as u64);
    let digest = app.media.put_original(clean.bytes, extension).await?;
    let first = NewRendition {
        shape: None,
        extension: first.extension,
        width: first.width,
        height: first.height,
        bytes: first.bytes.len() as u64,
        digest: app.media.put_public(first.bytes, first.extension).await?,
    };
    Ok(Ok(Cleaned { digest, extension, width, height, bytes, first, words }))
}

impl Cleaned {
    fn medium<'a>(&self, file: &'a UploadedFile, actor: &Actor) -> NewMedia<'a> {
        NewMedia {
            kind: Kind::Picture,
            digest: self.digest,
            extension: self.extension,
            name: &file.name,
            width: self.width,
            height: self.height,
            bytes: self.bytes,
            created_by: actor.user,
        }
    }

    async fn claim(&self, app: &App, tx: &mut PgConnection) -> Result<()> {
        let original = (Area::Originals, self.digest, self.extension);
        claim(app, tx, &[original, (Area::Public, self.first.digest, self.first.extension)]).await
    }

    /// Its first file is there to be seen, with the words it carried; the other files are the job's.
    async fn enqueue(&self, db: &mut PgConnection, id: MediaId) -> sqlx::Result<()> {
        media::save_first(db, id, &self.first).await?;
        let Words { alt, caption, credit, source } = &self.words;
        about::fill(db, id, (alt, caption, credit, source)).await?;
        queue::enqueue(db, &Payload::MakeRenditions { media_id: id.0 }).await
    }
}

/// Cleans a film in place and keeps it. A film is its own only rendition, so it is ready at once.
async fn keep_film(app: &App, actor: &Actor, sent: StreamedFile) -> Result<Result<Kept, Refusal>> {
    if let Err(exceeded) = room(app, actor, sent.incoming.bytes()).await? {
        return Ok(Err(exceeded.into()));
    }
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
    claim(app, &mut tx, &[(Area::Public, digest, extension)]).await?;
    let kept = media::create(&mut tx, &new).await?;
    let itself = NewRendition { shape: None, digest, extension, width, height, bytes };
    media::save_renditions(&mut tx, kept.id, &[itself]).await?;
    audit::record(&mut tx, actor, "upload", "film", Some(kept.id.0), json!({ "name": sent.name })).await?;
    tx.commit().await?;
    Ok(Ok(kept))
}

/// The disk's failure is ours; everything else is for the editor to read.
fn refusal<T>(refused: Refused) -> Result<Result<T, Refusal>> {
    match refused {
        Refused::Unread(cause) => Err(Error::internal(anyhow::anyhow!(cause))),
        refused => Ok(Err(Refusal::File(refused))),
    }
}

/// What the file or the library says, where nobody has typed anything.
pub fn offered(picture: Option<Media>, typed: &mut Typed) -> Option<Media> {
    if let Some(picture) = &picture {
        for (field, known) in [
            (&mut typed.picture_alt, &picture.alt),
            (&mut typed.picture_caption, &picture.caption),
            (&mut typed.picture_credit, &picture.credit),
        ] {
            if field.is_empty() {
                known.clone_into(field);
            }
        }
    }
    picture
}
