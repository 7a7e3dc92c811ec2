//! The ways a letter leaves: a mail server, files in a folder where there is none, memory in tests.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;
use tokio::io::AsyncWriteExt;

use crate::config::{Config, Smtp, SmtpTls};
use crate::queue::Letter;

/// For each step of the talk with the server; the job's lease is longer than all of them.
const PATIENCE: Duration = Duration::from_secs(20);

/// Letters kept as files are for a developer to look at, and hold addresses.
const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

#[derive(Clone, Debug)]
pub struct Post {
    from: Mailbox,
    /// The site's own, for the ids of letters.
    host: String,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Kept>>>),
}

/// A letter that left into memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// As a server would have got it.
    pub raw: String,
}

impl Post {
    /// By the mail server of the configuration, else into files. `base_url` is the address of the site.
    pub fn open(config: &Config, base_url: &str) -> anyhow::Result<Self> {
        let host = host(base_url);
        let from = match &config.mail_from {
            Some(from) => from.clone(),
            None => nobody(&host, &config.site_name)?,
        };
        let way = match &config.smtp {
            Some(smtp) => Way::Smtp(server(smtp, &host)?),
            None => Way::Folder(config.data.join("mail")),
        };
        Ok(Self { from, host, way })
    }

    /// Nothing leaves; `kept` has it.
    pub fn memory() -> anyhow::Result<Self> {
        let host = "localhost".to_owned();
        Ok(Self { from: nobody(&host, "Broadsheet")?, host, way: Way::Memory(Arc::default()) })
    }

    /// The letters that left into memory, oldest first.
    pub fn kept(&self) -> Vec<Kept> {
        match &self.way {
            Way::Memory(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// Where letters lie when no mail server is set: the desk says so, because then nobody gets them.
    pub fn folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Hands a letter over. What fails may be tried again; the reason names no address.
    pub async fn deliver(&self, letter: &Letter) -> anyhow::Result<()> {
        let message = self.message(letter)?;
        match &self.way {
            Way::Smtp(server) => {
                let sent = server.send(message).await;
                sent.map_err(|why| anyhow::anyhow!(unnamed(&why, &letter.to)))?;
            }
            Way::Folder(folder) => {
                let path = folder.join(format!("{}.eml", letter.id));
                keep(&path, &message.formatted()).await.with_context(|| format!("{}", path.display()))?;
                tracing::info!("No mail server is set: a letter was kept as {}.", path.display());
            }
            Way::Memory(kept) => {
                let Letter { to, subject, text, .. } = letter.clone();
                let raw = String::from_utf8_lossy(&message.formatted()).into_owned();
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(Kept { to, subject, text, raw });
            }
        }
        Ok(())
    }

    /// Forgets letters that were kept as files a while ago.
    pub async fn sweep(&self) -> std::io::Result<()> {
        let Way::Folder(folder) = &self.way else { return Ok(()) };
        let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return Ok(()) };
        while let Some(entry) = entries.next_entry().await? {
            let age = entry.metadata().await?.modified()?.elapsed().unwrap_or_default();
            if age > KEPT_FOR && entry.path().extension().is_some_and(|ending| ending == "eml") {
                tokio::fs::remove_file(entry.path()).await?;
            }
        }
        Ok(())
    }

    fn message(&self, letter: &Letter) -> anyhow::Result<Message> {
        let to: Address = letter.to.parse().map_err(|_| anyhow::anyhow!("the letter has no address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .date_now()
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(Generated)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())?;
        Ok(message)
    }
}

/// Tells other programs not to answer, so that no two of them write to each other for ever.
#[derive(Clone)]
struct Generated;

impl Header for Generated {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn server(smtp: &Smtp, host: &str) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let parameters = || TlsParameters::new(smtp.host.clone()).context("TLS to the mail server");
    let tls = match smtp.tls {
        SmtpTls::Wrapped => Tls::Wrapper(parameters()?),
        SmtpTls::Required => Tls::Required(parameters()?),
        SmtpTls::Off => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(PATIENCE))
        .hello_name(ClientId::Domain(host.to_owned()));
    if let Some((user, password)) = &smtp.user {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
    }
    Ok(builder.build())
}

/// The sender where nobody is named; only files and tests know it.
fn nobody(host: &str, name: &str) -> anyhow::Result<Mailbox> {
    let address = Address::new("no-reply", host).or_else(|_| Address::new("no-reply", "localhost"))?;
    Ok(Mailbox::new(Some(name.to_owned()), address))
}

fn host(base_url: &str) -> String {
    let url = url::Url::parse(base_url).ok();
    match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(domain)) => domain.to_owned(),
        Some(url::Host::Ipv4(address)) => format!("[{address}]"),
        Some(url::Host::Ipv6(address)) => format!("[IPv6:{address}]"),
        None => "localhost".to_owned(),
    }
}

/// Servers repeat the address when they refuse it, and reasons are stored and shown.
fn unnamed(why: &lettre::transport::smtp::Error, address: &str) -> String {
    let mut said = why.to_string();
    let mut cause = std::error::Error::source(why);
    while let Some(deeper) = cause {
        let deeper_said = deeper.to_string();
        if !said.contains(&deeper_said) {
            said = format!("{said}: {deeper_said}");
        }
        cause = deeper.source();
    }
    said.replace(address, "the address")
}

/// Readable for the site's own user alone.
async fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    let mut file = options.create(true).write(true).truncate(true).mode(0o600).open(path).await?;
    file.write_all(bytes).await?;
    file.sync_all().await
}
