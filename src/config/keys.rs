//! The one table of what can be set. The flags, `.env.example`, `config show` and the warning about unknown
//! variables all come from it; how a value is read stands in `values.rs`.

/// One setting: an environment variable, and a flag of the same meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The environment variable.
    pub name: &'static str,
    /// The long flag, without its dashes.
    pub flag: &'static str,
    /// The command that has the flag; `None` is every one.
    pub of: Option<&'static str>,
    /// What counts when nothing is set; empty when there is no default.
    pub default: &'static str,
    /// One or two sentences for the operator.
    pub doc: &'static str,
    /// A secret is masked when shown, may come from a file (`NAME_FILE`, `--flag-file`), and has no flag that
    /// takes the value itself, because every user of a machine can read its command lines.
    pub secret: bool,
}

impl Key {
    /// The variable that names a file holding the value.
    pub fn file_name(&self) -> Option<String> {
        self.secret.then(|| format!("{}_FILE", self.name))
    }
}

pub const DATABASE_URL: Key = Key {
    name: "DATABASE_URL",
    flag: "database-url-file",
    of: None,
    default: "",
    doc: "Postgres to use, as postgres://user:password@host/database. Not set: a private Postgres of the program's own, below the data folder.",
    secret: true,
};

pub const LISTEN: Key = Key {
    name: "BROADSHEET_LISTEN",
    flag: "listen",
    of: None,
    default: "127.0.0.1:8080",
    doc: "Address and port to answer on. Port 0 picks a free one and prints it.",
    secret: false,
};

pub const ROLE: Key = Key {
    name: "BROADSHEET_ROLE",
    flag: "role",
    of: Some("serve"),
    default: "all",
    doc: "What this instance does. web: answers readers and editors. worker: does the work of the queue, and answers health checks only. all: both. Any number of each share one Postgres.",
    secret: false,
};

pub const DATA: Key = Key {
    name: "BROADSHEET_DATA",
    flag: "data",
    of: None,
    default: "./data",
    doc: "Folder for pictures and films, and for the private Postgres.",
    secret: false,
};

pub const BASE_URL: Key = Key {
    name: "BROADSHEET_BASE_URL",
    flag: "base-url",
    of: None,
    default: "",
    doc: "The address readers use, as https://news.example.org. Not set: http://localhost with the port that is listened on.",
    secret: false,
};

pub const SITE_NAME: Key = Key {
    name: "BROADSHEET_SITE_NAME",
    flag: "site-name",
    of: None,
    default: "Broadsheet",
    doc: "The name in the masthead, in titles and in feeds.",
    secret: false,
};

pub const TIMEZONE: Key = Key {
    name: "BROADSHEET_TIMEZONE",
    flag: "timezone",
    of: None,
    default: "UTC",
    doc: "The zone in which dates are shown and entered, as Europe/Berlin.",
    secret: false,
};

pub const LANGUAGE: Key = Key {
    name: "BROADSHEET_LANGUAGE",
    flag: "language",
    of: None,
    default: "en",
    doc: "The site's language as a BCP 47 tag. An article may name another.",
    secret: false,
};

pub const DEMO: Key = Key {
    name: "BROADSHEET_DEMO",
    flag: "demo",
    of: None,
    default: "auto",
    doc: "auto: sample news go into an empty private Postgres, so that the first start shows something. off: never.",
    secret: false,
};

pub const TRUSTED_PROXIES: Key = Key {
    name: "BROADSHEET_TRUSTED_PROXIES",
    flag: "trusted-proxies",
    of: None,
    default: "",
    doc: "Networks of the reverse proxies whose X-Forwarded-For is believed, comma-separated, as 10.0.0.0/8,::1. Not set: none.",
    secret: false,
};

pub const SMTP_URL: Key = Key {
    name: "BROADSHEET_SMTP_URL",
    flag: "smtp-url-file",
    of: None,
    default: "",
    doc: "The mail server that takes letters, as smtps://user:password@mail.example.org (TLS from the start) or smtp://... (STARTTLS, without which nothing is sent; ?tls=off for a server on a private network). Not set: letters are kept as files in the folder mail of the data folder.",
    secret: true,
};

pub const MAIL_FROM: Key = Key {
    name: "BROADSHEET_MAIL_FROM",
    flag: "mail-from",
    of: None,
    default: "",
    doc: "The sender of letters, as news@example.org or Example News <news@example.org>. Needed with a mail server.",
    secret: false,
};

pub const MEDIA_PER_PERSON: Key = Key {
    name: "BROADSHEET_MEDIA_PER_PERSON",
    flag: "media-per-person",
    of: None,
    default: "",
    doc: "How much the uploads of one person may take, as 20 GiB or 500 MiB. Not set: as much as there is room for.",
    secret: false,
};

pub const MEDIA_TOTAL: Key = Key {
    name: "BROADSHEET_MEDIA_TOTAL",
    flag: "media-total",
    of: None,
    default: "",
    doc: "How much all uploads together may take. Not set: all but a twentieth of the disk.",
    secret: false,
};

pub const PAGE_CACHE: Key = Key {
    name: "BROADSHEET_PAGE_CACHE",
    flag: "page-cache",
    of: None,
    default: "64MB",
    doc: "Memory for pages that were drawn once for all readers, as 256MB or 1GB. 0 draws every page when it is asked for.",
    secret: false,
};

pub const PURGE_URL: Key = Key {
    name: "BROADSHEET_PURGE_URL",
    flag: "purge-url",
    of: None,
    default: "",
    doc: "A cache in front of the site that is told of every change by HTTP PURGE, as http://127.0.0.1:6081; pages then carry Surrogate-Key. Not set: none.",
    secret: false,
};

pub const METRICS_LISTEN: Key = Key {
    name: "BROADSHEET_METRICS_LISTEN",
    flag: "metrics-listen",
    of: Some("serve"),
    default: "",
    doc: "A second address, as 127.0.0.1:9090, on which /metrics tells Prometheus how the site is doing. It asks for no password: choose one that strangers cannot reach. Not set: nobody is told.",
    secret: false,
};

pub const LOG_FORMAT: Key = Key {
    name: "BROADSHEET_LOG_FORMAT",
    flag: "log-format",
    of: None,
    default: "text",
    doc: "text for people, json for machines. RUST_LOG chooses what is logged, NO_COLOR turns colours off.",
    secret: false,
};

pub const PG_BIN_DIR: Key = Key {
    name: "PG_BIN_DIR",
    flag: "pg-bin-dir",
    of: None,
    default: "",
    doc: "Folder that holds the Postgres programs initdb and postgres, when they are not where they usually are.",
    secret: false,
};

/// Every setting there is, in the order in which they are shown.
pub const KEYS: [Key; 19] = [
    DATABASE_URL,
    LISTEN,
    ROLE,
    DATA,
    BASE_URL,
    SITE_NAME,
    TIMEZONE,
    LANGUAGE,
    DEMO,
    TRUSTED_PROXIES,
    SMTP_URL,
    MAIL_FROM,
    MEDIA_PER_PERSON,
    MEDIA_TOTAL,
    PAGE_CACHE,
    PURGE_URL,
    METRICS_LISTEN,
    LOG_FORMAT,
    PG_BIN_DIR,
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_example_file_lists_exactly_the_keys() {
        let example = include_str!("../../.env.example");
        let listed: Vec<&str> = example
            .lines()
            .filter_map(|line| line.trim_start_matches('#').trim_start().split_once('='))
            .map(|(name, _)| name)
            .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .collect();
        let expected: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        assert_eq!(listed, expected);
    }

    #[test]
    fn the_example_file_shows_every_default_and_its_meaning() {
        let example = include_str!("../../.env.example");
        for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
            let line = format!("{}={}", key.name, key.default);
            assert!(example.lines().any(|have| have.trim_start_matches(['#', ' ']) == line), "{line}");
        }
        let words = example.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>().join(" ");
        for key in KEYS {
            assert!(words.contains(key.doc), "{}", key.name);
        }
    }

    #[test]
    fn no_flag_takes_a_secret_itself() {
        for key in KEYS {
            assert_eq!(key.secret, key.flag.ends_with("-file"), "{}", key.name);
        }
    }
}
