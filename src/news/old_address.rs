//! Addresses that the site had elsewhere: paths that lead, in one step, to what has come from there.

use percent_encoding::percent_decode_str;
use sqlx::{PgConnection, PgExecutor};

use crate::{paths, text::Slug};

/// The schema's limit, in bytes.
const MAX_BYTES: usize = 1000;
/// What stood for an article where its address was a number.
const NUMBERS: [&str; 4] = ["p", "page_id", "attachment_id", "post"];

/// Under what an address is kept and looked for: its path without a slash at its end, read as letters; or the one
/// number that its query gives, as in `/?p=12`. `None` for what can be no old address.
pub fn key(path: &str, query: Option<&str>) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let path = path.trim_end_matches('/');
    let sound = path.len() <= MAX_BYTES && !path.chars().any(char::is_control);
    if !sound || (!path.is_empty() && !path.starts_with('/')) {
        return None;
    }
    if is_front(path) {
        return number(query?);
    }
    Some(path.to_owned())
}

fn is_front(path: &str) -> bool {
    matches!(path, "" | "/" | "/index.php")
}

/// Whether it is the address of the front page but for the number in its query.
pub fn is_number(path: &str, query: Option<&str>) -> bool {
    query.is_some() && is_front(path) && query.and_then(number).is_some()
}

fn number(query: &str) -> Option<String> {
    let (name, value) =
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| NUMBERS.contains(name))?;
    let is_number = (1..=19).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("/?{name}={value}"))
}

/// The key of a whole address, as an export names it.
pub fn key_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    key(url.path(), url.query())
}

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    Article,
    Section,
    Tag,
    Author,
}

impl Noun {
    fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Section => "section",
            Self::Tag => "tag",
            Self::Author => "author",
        }
    }
}

/// Keeps old addresses, as their keys; what led elsewhere before leads here now.
pub async fn record(db: &mut PgConnection, noun: Noun, leads: &[(String, i64)]) -> sqlx::Result<()> {
    let mut leads: Vec<&(String, i64)> = leads.iter().filter(|(key, _)| key.len() <= MAX_BYTES).collect();
    leads.sort();
    leads.dedup_by(|one, other| one.0 == other.0);
    let keys: Vec<String> = leads.iter().map(|(key, _)| key.clone()).collect();
    let ids: Vec<i64> = leads.iter().map(|(_, id)| *id).collect();
    sqlx::query!(
        "insert into old_addresses (address, noun, noun_id)
         select address, $3, id from unnest($1::text[], $2::bigint[]) as leads(address, id)
         on conflict (address) do update set noun = excluded.noun, noun_id = excluded.noun_id",
        &keys,
        &ids,
        noun.as_str()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Where an old address leads, if readers may go there.
pub async fn find(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<Option<String>> {
    let row = sqlx::query!(
        r#"select o.noun, coalesce(a.id, 0) as "id!",
                  coalesce(a.slug, s.slug, t.slug, w.slug) as "slug: Slug"
           from old_addresses o
           left join articles a on o.noun = 'article' and a.id = o.noun_id
                                and a.state in ('published', 'withdrawn') and a.publish_at <= now()
           left join sections s on o.noun = 'section' and s.id = o.noun_id
           left join tags t on o.noun = 'tag' and t.id = o.noun_id
           left join authors w on o.noun = 'author' and w.id = o.noun_id
           where o.address = $1"#,
        key
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| {
        let slug = row.slug?;
        Some(match row.noun.as_str() {
            "article" => paths::article(row.id, &slug),
            "section" => paths::section(&slug),
            "tag" => paths::tag(&slug),
            _ => paths::author(&slug),
        })
    }))
}

/// Where each of these old addresses leads, whether readers may go there already or not: for links in bodies.
pub async fn all(
    db: impl PgExecutor<'_>,
    keys: &[String],
) -> sqlx::Result<std::collections::HashMap<String, String>> {
    let rows = sqlx::query!(
        r#"select o.address as "address!", o.noun as "noun!", o.noun_id as "id!",
                  coalesce(a.slug, s.slug, t.slug, w.slug) as "slug: Slug"
           from old_addresses o
           left join articles a on o.noun = 'article' and a.id = o.noun_id
           left join sections s on o.noun = 'section' and s.id = o.noun_id
           left join tags t on o.noun = 'tag' and t.id = o.noun_id
           left join authors w on o.noun = 'author' and w.id = o.noun_id
           where o.address = any($1)"#,
        keys
    )
    .fetch_all(db)
    .await?;
    let leads = rows.into_iter().filter_map(|row| {
        let slug = row.slug?;
        let path = match row.noun.as_str() {
            "article" => paths::article(row.id, &slug),
            "section" => paths::section(&slug),
            "tag" => paths::tag(&slug),
            _ => paths::author(&slug),
        };
        Some((row.address, path))
    });
    Ok(leads.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_has_one_key_however_its_address_is_written() {
        let of = |path: &str| key(path, None);
        assert_eq!(of("/2019/03/04/ferry/").as_deref(), Some("/2019/03/04/ferry"));
        assert_eq!(of("/%D8%AE%D8%A8%D8%B1").as_deref(), Some("/خبر"));
        assert_eq!(of("/%d8%ae%d8%a8%d8%b1/").as_deref(), Some("/خبر"));
    }

    #[test]
    fn a_number_is_an_address_and_other_queries_of_the_front_page_are_none() {
        assert_eq!(key("/", Some("p=123")).as_deref(), Some("/?p=123"));
        assert_eq!(key("/index.php", Some("utm=x&p=7")).as_deref(), Some("/?p=7"));
        assert_eq!(key_of("https://old.example/?page_id=9").as_deref(), Some("/?page_id=9"));
        for query in ["p=", "p=12a", "q=12", "p=99999999999999999999"] {
            assert_eq!(key("/", Some(query)), None, "{query}");
        }
        assert_eq!(key("/", None), None);
    }

    #[test]
    fn what_can_be_no_address_is_not_looked_for() {
        assert_eq!(key("/a%00b", None), None);
        assert_eq!(key("/%ff", None), None);
        assert_eq!(key(&format!("/{}", "x".repeat(2000)), None), None);
    }
}
