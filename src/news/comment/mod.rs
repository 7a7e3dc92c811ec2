//! Comments: what a reader writes below an article, held until a person approves it.
//!
//! A comment is text: nothing in it is ever treated as markup. Its e-mail is for letters alone; nobody is shown it, and
//! it is forgotten with the decision.
//!
//! | what happens | file |
//! |---|---|
//! | a reader sends one: rules, limits, words, bans | `take`, `rules`, `limits`, `word_list`, `ban`, `key` |
//! | readers see them | `thread` |
//! | editors look through them | `queue` |
//! | editors decide, ask for a change, answer | `decide` |
//! | the commenter changes it or takes it back | `own` |
//! | what is not needed any more goes | `sweep` |

pub mod ban;
pub mod decide;
mod key;
pub mod limits;
pub mod own;
pub mod queue;
pub mod rules;
mod sweep;
pub mod take;
pub mod thread;
pub mod word_list;

pub use decide::{Decided, Decision, decide};
pub use key::{Age, Keys};
pub use limits::Limits;
pub use sweep::sweep;
pub use take::{Arrival, Taken, take};

id!(CommentId);

pub const MAX_NAME: usize = 60;
pub const MAX_EMAIL: usize = 254;
pub const MAX_TEXT: usize = 5_000;
pub const MAX_REASON: usize = 1_000;
/// What a reader who gives no name is called; it stands in the row, so that every list shows the same.
pub const ANONYMOUS: &str = "Anonymous";
/// More links than this are advertising.
pub const MAX_LINKS: usize = 2;
/// A reply to a reply is as deep as it goes: deeper ones are narrow columns on a phone.
pub const MAX_DEPTH: i16 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum State {
    Pending,
    Approved,
    Rejected,
    Spam,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Approved, Self::Rejected, Self::Spam];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What a reader sends, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pub name: String,
    pub email: Option<String>,
    pub text: String,
}

/// Why a field of a comment is refused, as (field, sentence).
pub type Refusal = (&'static str, &'static str);

impl Fields {
    /// Checks what was typed; every refused field is named.
    pub fn check(name: &str, email: &str, text: &str) -> Result<Self, Vec<Refusal>> {
        let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let (email, text) = (email.trim(), text.replace("\r\n", "\n").trim().to_owned());
        let mut refusals = Vec::new();
        if name.is_empty() {
            ANONYMOUS.clone_into(&mut name);
        } else if name.chars().count() > MAX_NAME {
            refusals.push(("name", "A name has at most 60 letters."));
        }
        if email.len() > MAX_EMAIL {
            refusals.push(("email", "An e-mail address has at most 254 letters."));
        } else if !email.is_empty() && !is_address(email) {
            refusals.push(("email", "This is not an e-mail address."));
        }
        if text.is_empty() {
            refusals.push(("text", "Please write something."));
        } else if text.chars().count() > MAX_TEXT {
            refusals.push(("text", "A comment has at most 5000 letters."));
        } else if links(&text) > MAX_LINKS {
            refusals.push(("text", "A comment holds at most two links."));
        }
        if refusals.is_empty() {
            Ok(Self { name, email: (!email.is_empty()).then(|| email.to_owned()), text })
        } else {
            Err(refusals)
        }
    }
}

fn is_address(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    let fits =
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    // What no mail server would take is no address of a person.
    fits && email.parse::<lettre::Address>().is_ok()
}

fn links(text: &str) -> usize {
    let text = text.to_lowercase();
    let written_out = text.matches("http://").count() + text.matches("https://").count();
    written_out.max(text.matches("www.").count())
}

/// The paragraphs that somebody made with blank lines.
pub fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, email: &str, text: &str) -> Vec<&'static str> {
        Fields::check(name, email, text)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(field, _)| field)
            .collect()
    }

    #[test]
    fn every_refused_field_is_named() {
        assert_eq!(refused(&"x".repeat(61), "nobody", " "), ["name", "email", "text"]);
        assert_eq!(refused("", "", &"x".repeat(5001)), ["text"]);
    }

    #[test]
    fn an_address_is_one_address() {
        for email in
            ["a@x", "a@x.org,b@x.org", "a b@x.org", "a@x.org\nBcc:b@x.org", "@x.org", "a@.org", "<a@x.org>"]
        {
            assert_eq!(refused("A", email, "text"), ["email"], "{email}");
        }
    }

    #[test]
    fn the_email_may_be_left_out() {
        assert_eq!(
            Fields::check(" A  reader ", "", "One.\r\n\r\nTwo."),
            Ok(Fields { name: "A reader".into(), email: None, text: "One.\n\nTwo.".into() })
        );
    }

    #[test]
    fn whoever_gives_no_name_is_called_anonymous() {
        let fields = Fields::check(" \t ", "", "One.");
        assert_eq!(fields, Ok(Fields { name: "Anonymous".into(), email: None, text: "One.".into() }));
    }

    #[test]
    fn a_comment_full_of_links_is_refused() {
        assert_eq!(refused("A", "", "http://a.b https://c.d http://e.f"), ["text"]);
    }
}
