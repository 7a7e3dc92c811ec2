//! Letters: each a view with its template in `templates/mail/`, like a page; and how they leave.
//!
//! A letter is plain text. It says what the reader's own program shows best, holds nothing that calls home, and
//! needs no escaping. It is written in the transaction of the change it tells of (`send`), waits in the queue, and
//! `jobs::send_mail` hands it to the `Post`. With the job goes the address.

pub mod comment;
mod post;

pub use post::{Kept, Post};

use askama::Template;
use chrono::Utc;
use lettre::Address;
use sqlx::PgConnection;

use crate::queue::{self, Letter, Payload};

/// What a letter says. The template is its text.
pub trait View: Template {
    /// One line.
    fn subject(&self) -> String;
}

/// Writes a letter, to be sent once the caller's transaction commits. An address that no mail server could take
/// is an error: check what people type with `is_address`.
pub async fn send(db: &mut PgConnection, to: &str, view: &impl View) -> anyhow::Result<()> {
    let letter = write(to, view)?;
    queue::enqueue(db, &Payload::SendMail(letter)).await?;
    Ok(())
}

/// The same, to a reader: strangers type the addresses of readers, so few letters leave in an hour, and the others
/// wait. `recipient` is a keyed hash of the address.
pub async fn send_to_reader(
    db: &mut PgConnection,
    to: &str,
    recipient: &[u8],
    view: &impl View,
) -> anyhow::Result<()> {
    queue::enqueue_letter(db, write(to, view)?, recipient).await?;
    Ok(())
}

/// The letter alone: for a job that makes the secret in it at the last moment, so that no table ever holds it.
pub fn write(to: &str, view: &impl View) -> anyhow::Result<Letter> {
    anyhow::ensure!(is_address(to), "a letter has no address");
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|cause| anyhow::anyhow!("no randomness: {cause}"))?;
    Ok(Letter {
        id: format!("{}.{}", Utc::now().format("%Y%m%d%H%M%S"), hex::encode(random)),
        to: to.to_owned(),
        subject: one_line(&view.subject()),
        text: view.render()?,
    })
}

/// Exactly one address, of somebody at some domain.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254
        && text.parse::<Address>().is_ok_and(|address| {
            let domain = address.domain();
            domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        })
}

/// Nothing that was typed may begin a line of its own in a header.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address() {
        for good in ["a@x.org", "a.b+c@mail.x.org", "o'hara@x.org"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a@x",
            "a@x.org,b@x.org",
            "a b@x.org",
            "a@x.org\r\nBcc: b@x.org",
            "<a@x.org>",
            "@x.org",
            "a@.org",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(one_line("Your comment\r\nBcc: b@x.org\u{0}!"), "Your comment Bcc: b@x.org !");
    }
}
