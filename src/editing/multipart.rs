//! Multipart forms of the desk: only fields that the form has, and what was too large named at its place.

use axum::extract::Request;

use crate::web::upload::UploadError;
use crate::web::{App, Error, Errors, Result, Stream, StreamedFile, Upload, UploadLimits};

/// The whole form, with an error on each field that was over its limit. A field that is not among `known` is
/// refused: nobody typed it.
pub async fn read(
    app: &App,
    request: Request,
    limits: UploadLimits,
    known: &[&'static str],
) -> Result<(Upload, Errors)> {
    let read = Upload::read(request, app, limits).await.map(|upload| (upload, None));
    let (upload, _, errors) = settle(read, known)?;
    Ok((upload, errors))
}

/// The same with one file that goes to the disk as it arrives.
pub async fn read_with_stream(
    app: &App,
    request: Request,
    stream: Stream,
    known: &[&'static str],
) -> Result<(Upload, Option<StreamedFile>, Errors)> {
    settle(Upload::read_with_stream(request, app, UploadLimits::PICTURES, stream).await, known)
}

fn settle(
    read: Result<(Upload, Option<StreamedFile>), UploadError>,
    known: &[&'static str],
) -> Result<(Upload, Option<StreamedFile>, Errors)> {
    let mut errors = Errors::default();
    let (upload, streamed) = match read {
        Ok(read) => read,
        Err(UploadError::TooLarge { field, limit, read }) => {
            let field = known.iter().find(|name| **name == field).ok_or_else(|| unknown(&field))?;
            errors.add(field, too_large(limit));
            (read, None)
        }
        Err(UploadError::Refused(error)) => return Err(error),
    };
    let names = upload.fields.iter().map(|(name, _)| name).chain(upload.files.iter().map(|file| &file.field));
    match names.into_iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(unknown(name)),
        None => Ok((upload, streamed, errors)),
    }
}

fn unknown(field: &str) -> Error {
    Error::BadRequest(format!("The form has no field {field}."))
}

fn too_large(limit: usize) -> String {
    match limit / (1024 * 1024) {
        0 => "These are too many files at once.".to_owned(),
        mib => format!("This is larger than {mib} MiB."),
    }
}
