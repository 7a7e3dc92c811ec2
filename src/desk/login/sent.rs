//! How the forms of the login arrive: small ones as everywhere; one that carries a kept form along is multipart,
//! because texts of any script would be three times as long otherwise.

use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::Deserialize;

use super::Login;
use super::kept::Kept;
use crate::desk::multipart;
use crate::web::{App, Error, Form, Result, Upload, UploadLimits};

const MIB: usize = 1024 * 1024;
/// The fields of the largest form, written as JSON, in which a line break or a quotation mark takes two bytes.
const LIMITS: UploadLimits = UploadLimits { fields: 5 * MIB, file: 0, files: 0, body: 6 * MIB };

pub enum Fields {
    /// To be read as an ordinary form.
    Plain(Request),
    WithKept(Upload),
}

pub async fn fields(app: &App, request: Request, known: &[&'static str]) -> Result<Fields> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/")) {
        return Ok(Fields::Plain(request));
    }
    let (upload, errors) = multipart::read(app, request, LIMITS, known).await?;
    if errors.is_empty() { Ok(Fields::WithKept(upload)) } else { Err(Error::TooLarge) }
}

pub fn kept(upload: &Upload) -> Result<Option<Kept>> {
    match upload.text("kept") {
        "" => Ok(None),
        text => Kept::read(text).map(Some),
    }
}

/// The first step, as sent.
pub struct Sent(pub Login);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

impl FromRequest<App> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        match fields(app, request, &["email", "password", "next", "kept"]).await? {
            Fields::Plain(request) => {
                let Form(Plain { email, password, next }) = Form::from_request(request, app).await?;
                Ok(Self(Login { email, password, next, kept: None }))
            }
            Fields::WithKept(upload) => {
                let text = |name: &str| upload.text(name).to_owned();
                let (email, password, next) = (text("email"), text("password"), text("next"));
                Ok(Self(Login { email, password, next, kept: kept(&upload)? }))
            }
        }
    }
}
