//! Under what a page is kept: its path, and of its query what its route reads. The fields of the struct that a handler
//! takes as `Query` are that list; a key that is not among them changes nothing and is left out.

use std::sync::Arc;

use axum::http::Uri;
use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use url::form_urlencoded;

use crate::paths;

/// The words of a query that a route reads.
pub type Fields = Vec<&'static str>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// `None`: the same page has another address, under which it is kept.
    pub fn of(uri: &Uri, fields: &[&'static str]) -> Option<Self> {
        is_canonical(uri.path()).then(|| Self::loose(uri, fields))
    }

    /// The same for a path that may be spelt in some other way, under which nothing is kept.
    pub fn loose(uri: &Uri, fields: &[&'static str]) -> Self {
        let path = uri.path();
        Self(match uri.query().and_then(|query| canonical(query, fields)) {
            Some(query) => format!("{path}?{query}").into(),
            None => path.into(),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a query makes it one of many that could be thought up.
    pub fn is_variant(&self) -> bool {
        self.0.contains('?')
    }

    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// As the extractors read it.
    pub fn uri(&self) -> Option<Uri> {
        self.0.parse().ok()
    }
}

/// The words that are read, each once, in the order of the route's own list; empty ones are the same as none.
fn canonical(query: &str, fields: &[&'static str]) -> Option<String> {
    let mut written = form_urlencoded::Serializer::new(String::new());
    let mut any = false;
    for field in fields {
        let value = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == field);
        if let Some((_, value)) = value.filter(|(_, value)| !value.is_empty()) {
            written.append_pair(field, &value);
            any = true;
        }
    }
    any.then(|| written.finish())
}

/// A path that is written as ours are: otherwise one page would have endlessly many addresses.
fn is_canonical(path: &str) -> bool {
    path == "/" || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_canonical_segment))
}

fn is_canonical_segment(segment: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !segment.is_empty() && segment.bytes().all(plain) {
        // Numbers are ids, or the days of months.
        return !(segment.len() > 2
            && segment.starts_with('0')
            && segment.bytes().all(|b| b.is_ascii_digit()));
    }
    let decoded = percent_decode_str(segment).decode_utf8();
    decoded.is_ok_and(|text| !text.is_empty() && paths::encode(&text) == segment)
}

/// The names of the fields of a struct, as its `Deserialize` knows them.
pub fn fields<T: for<'de> Deserialize<'de>>() -> Fields {
    let mut found = Fields::new();
    let _ = T::deserialize(Probe(&mut found));
    found
}

/// Answers nothing, and remembers what it was asked for.
struct Probe<'a>(&'a mut Fields);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("nothing is here"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields.to_vec();
        Err(Self::Error::custom("nothing is here"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(uri: &'static str, fields: &[&'static str]) -> Option<String> {
        Address::of(&Uri::from_static(uri), fields).map(|address| address.as_str().to_owned())
    }

    #[test]
    fn only_what_the_route_reads_tells_pages_apart() {
        let fields = &["before", "place"];
        let cases = [
            ("/map", "/map"),
            ("/map?", "/map"),
            ("/map?utm_source=x&fbclid=y", "/map"),
            ("/map?place=&before=", "/map"),
            ("/map?x=1&place=Berlin&before=a", "/map?before=a&place=Berlin"),
            ("/map?place=Berlin&place=Rome", "/map?place=Berlin"),
            ("/map?place=%42erlin", "/map?place=Berlin"),
        ];
        for (asked, kept) in cases {
            assert_eq!(address(asked, fields).as_deref(), Some(kept), "{asked}");
        }
    }

    #[test]
    fn a_page_is_kept_under_its_own_spelling_alone() {
        for own in
            ["/", "/section/news", "/tag/caf%C3%A9", "/archive/2026/01/05", "/article/10/a-b_c", "/feed.xml"]
        {
            assert_eq!(address(own, &[]).as_deref(), Some(own));
        }
        for other in [
            "/section/n%65ws",
            "/tag/caf%c3%a9",
            "/section//news",
            "/section/news/",
            "/article/007/x",
            "/article/+7/x",
            "/tag/%FF",
        ] {
            assert_eq!(address(other, &[]), None, "{other}");
        }
    }

    #[test]
    fn a_struct_names_its_fields() {
        #[derive(serde::Deserialize)]
        #[allow(dead_code)]
        struct Typed {
            q: String,
            #[serde(default, rename = "from")]
            since: String,
        }
        assert_eq!(fields::<Typed>(), ["q", "from"]);
        assert!(fields::<()>().is_empty());
    }
}
