//! The contract of the configuration, each sentence of it one test.
#![allow(clippy::unwrap_used)]

use secrecy::ExposeSecret;

use super::*;

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn from_env(pairs: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    load(&Values::new(), &values(pairs))
}

fn problem(pairs: &[(&str, &str)]) -> String {
    from_env(pairs).unwrap_err().to_string()
}

/// A file that is gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("broadsheet-config-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn nothing_set_gives_a_site_on_this_machine() {
    let Loaded { config, warnings, .. } = from_env(&[]).unwrap();
    assert!(config.database_url.is_none());
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.data, PathBuf::from("./data"));
    assert_eq!(config.site_name, "Broadsheet");
    assert_eq!(config.timezone, chrono_tz::UTC);
    assert_eq!(config.language, "en");
    assert_eq!(config.demo, Demo::Auto);
    assert_eq!(config.log_format, LogFormat::Text);
    assert!(config.trusted_proxies.is_empty());
    assert!(warnings.is_empty());
}

#[test]
fn a_flag_wins_over_the_environment() {
    let flags = values(&[("listen", "127.0.0.1:1")]);
    let loaded = load(&flags, &values(&[("BROADSHEET_LISTEN", "127.0.0.1:2")])).unwrap();
    assert_eq!(loaded.config.listen.port(), 1);
    let setting = loaded.settings.iter().find(|setting| setting.key.flag == "listen").unwrap();
    assert_eq!(setting.origin, Origin::Flag);
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    assert_eq!(from_env(&[("BROADSHEET_LISTEN", "")]).unwrap().config.listen.port(), 8080);
    assert!(from_env(&[("DATABASE_URL", "")]).unwrap().config.database_url.is_none());
}

#[test]
fn a_secret_comes_from_a_file_without_its_last_newline() {
    let file = Scratch::new("newline", "postgres://a:b@h/d\n");
    let config = from_env(&[("DATABASE_URL_FILE", file.path())]).unwrap().config;
    assert_eq!(config.database_url.unwrap().expose_secret(), "postgres://a:b@h/d");
}

#[test]
fn a_secret_file_can_be_named_by_a_flag() {
    let file = Scratch::new("flag", "postgres://a:b@h/d");
    let config = load(&values(&[("database-url-file", file.path())]), &Values::new()).unwrap().config;
    assert_eq!(config.database_url.unwrap().expose_secret(), "postgres://a:b@h/d");
}

#[test]
fn a_secret_set_twice_is_an_error_that_names_both() {
    let said = problem(&[("DATABASE_URL", "postgres://h/d"), ("DATABASE_URL_FILE", "/x")]);
    assert_eq!(said, "DATABASE_URL and DATABASE_URL_FILE are both set; set only one.");
}

#[test]
fn an_unreadable_or_empty_secret_file_is_an_error_with_its_path() {
    let said = problem(&[("DATABASE_URL_FILE", "/nowhere/at/all")]);
    assert!(said.contains("DATABASE_URL_FILE names /nowhere/at/all"), "{said}");
    let file = Scratch::new("empty", "\n");
    let said = problem(&[("DATABASE_URL_FILE", file.path())]);
    assert!(said.ends_with("which is empty.") && said.contains(file.path()), "{said}");
}

#[test]
fn an_unknown_variable_is_a_warning_that_names_the_nearest_key() {
    let loaded = from_env(&[("BROADSHEET_LISEN", "x"), ("BROADSHEET_TIMEZONES", "x")]).unwrap();
    assert_eq!(loaded.warnings.len(), 2);
    assert!(loaded.warnings[0].ends_with("Did you mean BROADSHEET_LISTEN?"), "{:?}", loaded.warnings);
    assert!(loaded.warnings[1].ends_with("Did you mean BROADSHEET_TIMEZONE?"), "{:?}", loaded.warnings);
}

#[test]
fn every_mistake_is_named_at_once() {
    let said = problem(&[
        ("BROADSHEET_LISTEN", "here"),
        ("BROADSHEET_BASE_URL", "ftp://x"),
        ("BROADSHEET_SITE_NAME", " "),
        ("BROADSHEET_TIMEZONE", "Moon/Sea"),
        ("BROADSHEET_LANGUAGE", "english please"),
        ("BROADSHEET_DEMO", "yes"),
        ("BROADSHEET_TRUSTED_PROXIES", "10.0.0.0/8,nonsense"),
        ("BROADSHEET_LOG_FORMAT", "xml"),
        ("BROADSHEET_SMTP_URL", "http://mail.example.org"),
        ("BROADSHEET_MAIL_FROM", "nobody"),
        ("BROADSHEET_MEDIA_PER_PERSON", "much"),
        ("BROADSHEET_MEDIA_TOTAL", "0 GiB"),
    ]);
    assert_eq!(said.lines().count(), 12, "{said}");
    assert!(said.starts_with("BROADSHEET_LISTEN=here is not an address and port"), "{said}");
}

#[test]
fn no_message_holds_the_secret() {
    let said = problem(&[("DATABASE_URL", "mysql://user:canary@h/d")]);
    assert!(said.starts_with("DATABASE_URL is not") && !said.contains("canary"), "{said}");
    let loaded = from_env(&[("DATABASE_URL", "postgres://user:canary@h/d")]).unwrap();
    assert!(!format!("{:?}", loaded.config).contains("canary"));
    let shown: Vec<&str> = loaded.settings.iter().map(Setting::shown).collect();
    assert!(!shown.join(" ").contains("canary"));
}

#[test]
fn the_base_url_loses_its_trailing_slash_and_keeps_its_path() {
    let url = |text| from_env(&[("BROADSHEET_BASE_URL", text)]).unwrap().config.base_url.unwrap();
    assert_eq!(url("https://news.example.org/"), "https://news.example.org");
    assert_eq!(url("https://example.org/news/"), "https://example.org/news");
    assert!(problem(&[("BROADSHEET_BASE_URL", "https://a:b@example.org/?q")]).contains("no query"));
}

#[test]
fn the_public_url_falls_back_to_the_port_that_was_bound() {
    let config = from_env(&[("BROADSHEET_LISTEN", "127.0.0.1:0")]).unwrap().config;
    assert_eq!(config.public_url("127.0.0.1:4711".parse().unwrap()), "http://localhost:4711");
}

#[test]
fn the_local_address_is_one_that_can_be_called() {
    let local = |text| from_env(&[("BROADSHEET_LISTEN", text)]).unwrap().config.local_address().to_string();
    assert_eq!(local("0.0.0.0:80"), "127.0.0.1:80");
    assert_eq!(local("[::]:80"), "[::1]:80");
    assert_eq!(local("192.0.2.1:80"), "192.0.2.1:80");
}

#[test]
fn proxies_may_be_networks_or_single_addresses() {
    let proxies =
        from_env(&[("BROADSHEET_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap().config.trusted_proxies;
    assert_eq!(proxies.len(), 2);
    assert!(proxies[1].contains(&"::1".parse::<IpAddr>().unwrap()));
}

#[test]
fn languages_have_the_shape_of_bcp_47() {
    for good in ["en", "de-AT", "zh-Hant", "sr-Latn-RS", "fil"] {
        assert!(from_env(&[("BROADSHEET_LANGUAGE", good)]).is_ok(), "{good}");
    }
    for bad in ["e", "english", "en_GB", "en-", "en-toolongpart"] {
        assert!(from_env(&[("BROADSHEET_LANGUAGE", bad)]).is_err(), "{bad}");
    }
}

#[test]
fn a_mail_server_is_spoken_to_in_secret_unless_it_is_near() {
    let smtp = |url| {
        let pairs = [("BROADSHEET_SMTP_URL", url), ("BROADSHEET_MAIL_FROM", "news@example.org")];
        let smtp = from_env(&pairs).unwrap().config.smtp.unwrap();
        (smtp.tls, smtp.port)
    };
    assert_eq!(smtp("smtps://u:p@mail.example.org"), (SmtpTls::Wrapped, 465));
    assert_eq!(smtp("smtp://mail.example.org"), (SmtpTls::Required, 587));
    assert_eq!(smtp("smtp://mail.example.org:2525?tls=off"), (SmtpTls::Off, 2525));
    assert_eq!(smtp("smtp://localhost"), (SmtpTls::Off, 25));
}

#[test]
fn the_password_of_the_mail_server_is_decoded_and_never_shown() {
    let url = "smtps://news%40example.org:can%2Fary@mail.example.org";
    let pairs = [("BROADSHEET_SMTP_URL", url), ("BROADSHEET_MAIL_FROM", "The News <news@example.org>")];
    let loaded = from_env(&pairs).unwrap();
    let (user, password) = loaded.config.smtp.clone().unwrap().user.unwrap();
    assert_eq!((user.as_str(), password.expose_secret()), ("news@example.org", "can/ary"));
    assert!(!format!("{:?}", loaded.config).contains("ary"));
    let said = problem(&[("BROADSHEET_SMTP_URL", "smtps://news:canary@mail.example.org?tls=maybe")]);
    assert!(said.contains("may end in ?tls=off") && !said.contains("canary"), "{said}");
}

#[test]
fn a_mail_server_needs_a_sender() {
    let said = problem(&[("BROADSHEET_SMTP_URL", "smtp://localhost")]);
    assert_eq!(said, "BROADSHEET_SMTP_URL is set: BROADSHEET_MAIL_FROM must say who writes.");
}

#[test]
fn memory_is_counted_in_powers_of_1024() {
    for (text, bytes) in
        [("64MB", 64 << 20), ("1 gb", 1 << 30), ("512KiB", 512 << 10), ("0", 0), ("4096", 4096)]
    {
        let loaded = from_env(&[("BROADSHEET_PAGE_CACHE", text)]).unwrap();
        assert_eq!(loaded.config.page_cache, bytes, "{text}");
    }
    for wrong in ["much", "1TB", "-1MB", "1.5GB", "99999999999GB"] {
        let problem = problem(&[("BROADSHEET_PAGE_CACHE", wrong)]);
        assert!(problem.contains("is not an amount of memory"), "{problem}");
    }
}

#[test]
fn a_cache_outside_is_told_over_plain_http_without_a_password() {
    let loaded = from_env(&[("BROADSHEET_PURGE_URL", "http://127.0.0.1:6081")]).unwrap();
    assert_eq!(loaded.config.purge_url.unwrap().as_str(), "http://127.0.0.1:6081/");
    assert!(from_env(&[]).unwrap().config.purge_url.is_none());
    for wrong in
        ["varnish:6081", "https://cdn.example.org", "http://user:pass@a.example", "http://a.example/?x=1"]
    {
        assert!(problem(&[("BROADSHEET_PURGE_URL", wrong)]).contains("is not an address"), "{wrong}");
    }
}
