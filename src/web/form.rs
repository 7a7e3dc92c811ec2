//! Forms: reading them, and saying which field is wrong. Uploads live in `upload`.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::{App, Error};

/// An urlencoded body as a struct. Give the struct `#[serde(deny_unknown_fields)]`, and take numbers and
/// choices as `String` when a person types them, so that the form can be shown again.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        match axum::Form::<T>::from_request(request, app).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(FormRejection::InvalidFormContentType(_)) => {
                Err(Error::UnsupportedMedia("This form is sent as application/x-www-form-urlencoded.".into()))
            }
            Err(FormRejection::BytesRejection(cause)) if cause.status() == 413 => Err(Error::TooLarge),
            // The text names the field and what was expected of it, and nothing of ours.
            Err(cause) => Err(Error::BadRequest(cause.body_text())),
        }
    }
}

/// Field errors in the order in which they were found, for the summary and for the place of each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(Vec<(&'static str, String)>);

impl Errors {
    /// The first message for a field stays.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        if self.on(field).is_none() {
            self.0.push((field, message.into()));
        }
    }

    /// What is wrong with this field.
    pub fn on(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, message)| message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, message)| (*field, message.as_str()))
    }
}

impl<M: Into<String>> FromIterator<(&'static str, M)> for Errors {
    fn from_iter<I: IntoIterator<Item = (&'static str, M)>>(pairs: I) -> Self {
        let mut errors = Self::default();
        for (field, message) in pairs {
            errors.add(field, message);
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_keep_their_order_and_the_first_message_of_a_field() {
        let errors: Errors =
            [("email", "first"), ("name", "second"), ("email", "third")].into_iter().collect();
        assert_eq!(errors.iter().collect::<Vec<_>>(), [("email", "first"), ("name", "second")]);
        assert_eq!(errors.on("email"), Some("first"));
        assert_eq!(errors.on("text"), None);
    }
}
