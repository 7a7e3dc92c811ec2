//! Multipart forms, read with their limits enforced while they stream.
//!
//! A file that is too large is thrown away as it arrives, and the fields after it are still read: the form can
//! be shown again with everything that was typed.

use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};

use super::{App, Error};
use crate::media::store::Incoming;

const MIB: usize = 1024 * 1024;
/// No form of ours has more.
const MAX_PARTS: usize = 200;
/// Silence in the middle of a body.
const CHUNK_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// All text fields together, in bytes.
    pub fields: usize,
    /// Each file, in bytes.
    pub file: usize,
    pub files: usize,
    /// The whole body: what is over it is not read at all.
    pub body: usize,
}

impl UploadLimits {
    /// A form with pictures of at most 20 MiB each.
    pub const PICTURES: Self = Self { fields: 2 * MIB, file: 20 * MIB, files: 10, body: 64 * MIB };

    /// An album filled at once: each picture is cleaned and kept before the next form comes.
    pub const ALBUM: Self = Self { fields: 2 * MIB, file: 20 * MIB, files: 20, body: 160 * MIB };
}

/// A file too large for memory: written to the media store's folder of unfinished files as it arrives.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    pub field: &'static str,
    /// In bytes.
    pub limit: u64,
}

#[derive(Debug)]
pub struct StreamedFile {
    pub name: String,
    /// Dropped before it is kept, it is gone.
    pub incoming: Incoming,
}

#[derive(Clone, Debug, Default)]
pub struct Upload {
    pub fields: Vec<(String, String)>,
    pub files: Vec<UploadedFile>,
}

#[derive(Clone, Debug)]
pub struct UploadedFile {
    pub field: String,
    /// As the client calls it: for showing, never for a path.
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug)]
pub enum UploadError {
    /// This field was over its limit of so many bytes; the rest is in `read`.
    TooLarge { field: String, limit: usize, read: Upload },
    /// Not a form at all, cut off, or far over everything.
    Refused(Error),
}

/// For handlers that have no form to show again.
impl From<UploadError> for Error {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::TooLarge { .. } => Self::TooLarge,
            UploadError::Refused(error) => error,
        }
    }
}

impl From<Error> for UploadError {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl Upload {
    /// Takes the whole request, because only the handler knows the limits.
    pub async fn read(request: Request, app: &App, limits: UploadLimits) -> Result<Self, UploadError> {
        let reader = Reader { limits, upload: Self::default(), text_bytes: 0, too_large: None, stream: None };
        reader.read(request, app).await?.finish()
    }

    /// The same, with one large file that goes to the disk. What is over its limit is named like every other
    /// file; then nothing of it remains.
    pub async fn read_with_stream(
        request: Request,
        app: &App,
        mut limits: UploadLimits,
        stream: Stream,
    ) -> Result<(Self, Option<StreamedFile>), UploadError> {
        limits.body += usize::try_from(stream.limit).unwrap_or(usize::MAX / 2);
        let stream = Some((stream, None));
        let reader = Reader { limits, upload: Self::default(), text_bytes: 0, too_large: None, stream };
        let mut reader = reader.read(request, app).await?;
        let streamed = reader.stream.take().and_then(|(_, file)| file);
        Ok((reader.finish()?, streamed))
    }

    /// The first field of that name, or "".
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// All fields of that name.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first file of that name that holds something: a file input left alone sends an empty one.
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.field == name)
    }
}

/// A body announced as far too large is not read at all.
fn refuse_announced(request: &Request, limits: UploadLimits) -> Result<(), Error> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|bytes| bytes > limits.body as u64) { Err(Error::TooLarge) } else { Ok(()) }
}

struct Reader {
    limits: UploadLimits,
    upload: Upload,
    text_bytes: usize,
    /// The first field that was over its limit, and that limit.
    too_large: Option<(String, usize)>,
    /// The file that goes to the disk, and what has come of it.
    stream: Option<(Stream, Option<StreamedFile>)>,
}

impl Reader {
    async fn read(mut self, mut request: Request, app: &App) -> Result<Self, Error> {
        refuse_announced(&request, self.limits)?;
        DefaultBodyLimit::max(self.limits.body).apply(&mut request);
        let multipart = Multipart::from_request(request, app).await;
        let mut multipart = multipart
            .map_err(|_| Error::UnsupportedMedia("This form is sent as multipart/form-data.".to_owned()))?;
        for _ in 0..MAX_PARTS {
            let Some(part) = in_time(multipart.next_field()).await? else { return Ok(self) };
            self.part(part, app).await?;
        }
        Err(Error::BadRequest("The form has too many fields.".to_owned()))
    }

    async fn part(&mut self, part: Field<'_>, app: &App) -> Result<(), Error> {
        let field = part.name().unwrap_or_default().to_owned();
        let streams = matches!(&self.stream, Some((stream, None)) if stream.field == field);
        match part.file_name().map(str::to_owned) {
            Some(name) if streams => self.stream(name, part, app).await,
            Some(name) => self.file(field, name, part).await,
            None => self.text(field, part).await,
        }
    }

    async fn stream(&mut self, name: String, mut part: Field<'_>, app: &App) -> Result<(), Error> {
        let Some((stream, kept)) = &mut self.stream else { return Ok(()) };
        let mut incoming = Some(app.media.incoming().await?);
        while let Some(chunk) = in_time(part.chunk()).await? {
            // What is over the limit is read to its end for nothing, so that the form can be shown again.
            if let Some(file) = &mut incoming {
                if file.bytes() + chunk.len() as u64 > stream.limit {
                    incoming = None;
                } else {
                    file.write(&chunk).await?;
                }
            }
        }
        match incoming {
            None => {
                let limit = usize::try_from(stream.limit).unwrap_or(usize::MAX);
                self.too_large.get_or_insert((stream.field.to_owned(), limit));
            }
            Some(file) if file.bytes() == 0 => {}
            Some(incoming) => *kept = Some(StreamedFile { name, incoming }),
        }
        Ok(())
    }

    async fn file(&mut self, field: String, name: String, part: Field<'_>) -> Result<(), Error> {
        let limit = if self.upload.files.len() < self.limits.files { self.limits.file } else { 0 };
        let (bytes, is_whole) = collect(part, limit).await?;
        if !is_whole {
            self.too_large.get_or_insert((field, limit));
        } else if !bytes.is_empty() {
            self.upload.files.push(UploadedFile { field, name, bytes });
        }
        Ok(())
    }

    async fn text(&mut self, field: String, part: Field<'_>) -> Result<(), Error> {
        let left = self.limits.fields - self.text_bytes;
        let (bytes, is_whole) = collect(part, left).await?;
        if !is_whole {
            self.too_large.get_or_insert((field, self.limits.fields));
            return Ok(());
        }
        self.text_bytes += bytes.len();
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::BadRequest(format!("The field {field} is not text in UTF-8.")))?;
        self.upload.fields.push((field, text));
        Ok(())
    }

    fn finish(self) -> Result<Upload, UploadError> {
        match self.too_large {
            Some((field, limit)) => Err(UploadError::TooLarge { field, limit, read: self.upload }),
            None => Ok(self.upload),
        }
    }
}

/// The bytes of a part and `true`; or, when it is longer than `limit`, it is read to its end for nothing.
async fn collect(mut part: Field<'_>, limit: usize) -> Result<(Vec<u8>, bool), Error> {
    let mut bytes = Vec::new();
    let mut is_whole = true;
    while let Some(chunk) = in_time(part.chunk()).await? {
        is_whole = is_whole && bytes.len() + chunk.len() <= limit;
        if is_whole {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok((bytes, is_whole))
}

async fn in_time<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Error> {
    match tokio::time::timeout(CHUNK_TIMEOUT, next).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(cause)) if cause.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge),
        Ok(Err(_)) => Err(Error::BadRequest("The form arrived incomplete.".to_owned())),
        Err(_) => Err(Error::RequestTimeout),
    }
}
