//! What the operator can set. `keys` is the table of settings, `source` finds a value, `values` reads it; this
//! file puts them together. Nothing else reads the environment, but for RUST_LOG and NO_COLOR in `telemetry`.

mod keys;
mod source;
#[cfg(test)]
mod tests;
mod values;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::SecretString;
use url::Url;

pub use keys::{KEYS, Key};
pub use source::{Origin, Setting, Values, environment};

/// What is shown in the place of a secret.
const MASK: &str = "********";

/// Whether sample news may be loaded without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demo {
    /// Into an empty private database.
    Auto,
    Off,
}

/// What an instance does; several of each work over one Postgres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Web,
    Worker,
    All,
}

impl Role {
    /// Pages, the desk, the feeds.
    pub fn answers(self) -> bool {
        self != Self::Worker
    }

    /// The queue, and what is done by the clock.
    pub fn works(self) -> bool {
        self != Self::Web
    }
}

/// Where letters are handed over.
#[derive(Debug, Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub user: Option<(String, SecretString)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte.
    Wrapped,
    /// By STARTTLS, or nothing is sent.
    Required,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// All settings, read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub database_url: Option<SecretString>,
    pub listen: SocketAddr,
    pub role: Role,
    pub data: PathBuf,
    /// Without a trailing slash. Where links are made, take `public_url`, which knows the default.
    pub base_url: Option<String>,
    pub site_name: String,
    pub timezone: chrono_tz::Tz,
    pub language: String,
    pub demo: Demo,
    pub trusted_proxies: Vec<IpNet>,
    pub smtp: Option<Smtp>,
    pub mail_from: Option<Mailbox>,
    /// In bytes.
    pub media_per_person: Option<u64>,
    pub media_total: Option<u64>,
    /// Bytes.
    pub page_cache: u64,
    /// The cache in front of the site.
    pub purge_url: Option<Url>,
    /// For Prometheus.
    pub metrics_listen: Option<SocketAddr>,
    pub log_format: LogFormat,
    pub pg_bin_dir: Option<PathBuf>,
}

/// A configuration with the way it came about.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    /// Every key in the order of the table, for `config show`.
    pub settings: Vec<Setting>,
    /// Whole sentences about variables that look like settings and are none.
    pub warnings: Vec<String>,
}

/// Everything that is wrong, so that it can be mended in one go. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.join("\n"))]
pub struct ConfigError {
    pub problems: Vec<String>,
}

/// Reads the settings from flags (named as in the table, without dashes) and variables.
pub fn load(flags: &Values, environment: &Values) -> Result<Loaded, ConfigError> {
    let mut problems = Vec::new();
    let mut settings = Vec::new();
    for key in KEYS {
        match source::resolve(key, flags, environment) {
            Ok(setting) => settings.push(setting),
            Err(problem) => problems.push(problem),
        }
    }

    let mut reader = Reader { settings: &settings, problems: &mut problems };
    let config = (|| {
        // Every value is read before the first `?`, so that one run names every mistake.
        let database_url = reader.read(keys::DATABASE_URL, values::database_url);
        let listen = reader.read(keys::LISTEN, values::listen);
        let role = reader.read(keys::ROLE, values::role);
        let data = reader.read(keys::DATA, |text| Ok(PathBuf::from(text)));
        let base_url = reader.read(keys::BASE_URL, values::base_url);
        let site_name = reader.read(keys::SITE_NAME, values::site_name);
        let timezone = reader.read(keys::TIMEZONE, values::timezone);
        let language = reader.read(keys::LANGUAGE, values::language);
        let demo = reader.read(keys::DEMO, values::demo);
        let trusted_proxies = reader.read(keys::TRUSTED_PROXIES, values::networks);
        let smtp = reader.read(keys::SMTP_URL, values::smtp);
        let mail_from = reader.read(keys::MAIL_FROM, values::mail_from);
        let media_per_person = reader.read(keys::MEDIA_PER_PERSON, values::size);
        let media_total = reader.read(keys::MEDIA_TOTAL, values::size);
        let page_cache = reader.read(keys::PAGE_CACHE, values::bytes);
        let purge_url = reader.read(keys::PURGE_URL, values::purge_url);
        let metrics_listen = reader.read(keys::METRICS_LISTEN, values::listen);
        let log_format = reader.read(keys::LOG_FORMAT, values::log_format);
        let pg_bin_dir = reader.read(keys::PG_BIN_DIR, |text| Ok(PathBuf::from(text)));
        Some(Config {
            database_url: database_url.map(SecretString::from),
            listen: listen?,
            role: role?,
            data: data?,
            base_url,
            site_name: site_name?,
            timezone: timezone?,
            language: language?,
            demo: demo?,
            trusted_proxies: trusted_proxies.unwrap_or_default(),
            smtp,
            mail_from,
            media_per_person,
            media_total,
            page_cache: page_cache?,
            purge_url,
            metrics_listen,
            log_format: log_format?,
            pg_bin_dir,
        })
    })();
    if config.as_ref().is_some_and(|config| config.smtp.is_some() && config.mail_from.is_none()) {
        problems.push(format!(
            "{} is set: {} must say who writes.",
            keys::SMTP_URL.name,
            keys::MAIL_FROM.name
        ));
    }
    match config {
        Some(config) if problems.is_empty() => {
            Ok(Loaded { config, settings, warnings: source::unknown(environment) })
        }
        _ => Err(ConfigError { problems }),
    }
}

impl Config {
    /// The address readers use, without a trailing slash. `bound` is what the listener really got.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("http://localhost:{}", bound.port()))
    }

    /// Where the site can be reached from this machine: "any address" is not one that can be called.
    pub fn local_address(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        SocketAddr::new(ip, self.listen.port())
    }
}

impl Setting {
    /// The value as it may be shown to anybody who looks at the screen.
    pub fn shown(&self) -> &str {
        match &self.value {
            Some(_) if self.key.secret => MASK,
            Some(value) => value,
            None => "",
        }
    }
}

struct Reader<'a> {
    settings: &'a [Setting],
    problems: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn read<T>(&mut self, key: Key, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let setting = self.settings.iter().find(|setting| setting.key == key)?;
        match read(setting.value.as_deref()?) {
            Ok(value) => Some(value),
            Err(expected) => {
                let shown = if key.secret { String::new() } else { format!("={}", setting.shown()) };
                self.problems.push(format!("{}{shown} {expected}.", key.name));
                None
            }
        }
    }
}
