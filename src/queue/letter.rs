//! A letter on its way: written, addressed, not sent yet. It lies in its job and goes with it.

use std::fmt;

/// How a letter is written and how it leaves is `mail`; this is what waits in between.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Letter {
    /// The same in every try, so that a letter that was sent twice is recognised as one.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Logs see neither the address nor the links in the text.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.id)
    }
}

/// What somebody typed as their address; logs do not see it.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Typed(pub String);

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address")
    }
}
