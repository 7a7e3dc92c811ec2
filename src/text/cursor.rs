//! Cursors: where a list goes on, as one short word in the address.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};

/// Everything before this moment and, within it, before this id. Lists are ordered newest first, so a
/// cursor stays true while articles arrive at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: DateTime<Utc>,
    pub id: i64,
}

impl Cursor {
    /// Before which everything stands: the start of a list.
    pub const START: Self = Self { at: FAR_FUTURE, id: i64::MAX };
}

/// Later than any article; Postgres knows it as a plain date, and the 'infinity' of drafts lies behind it.
const FAR_FUTURE: DateTime<Utc> = match DateTime::from_timestamp(253_370_764_800, 0) {
    Some(time) => time,
    None => DateTime::<Utc>::MAX_UTC,
};

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of this site")]
pub struct NotACursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.at.timestamp_micros(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (at, id) = text.split_once('-').ok_or(NotACursor)?;
        let cursor = Self { at: DateTime::from_timestamp_micros(hex(at)?).ok_or(NotACursor)?, id: hex(id)? };
        (cursor.at <= FAR_FUTURE && cursor.to_string() == text).then_some(cursor).ok_or(NotACursor)
    }
}

fn hex(text: &str) -> Result<i64, NotACursor> {
    i64::from_str_radix(text, 16).ok().filter(|&number| number >= 0).ok_or(NotACursor)
}

/// Cuts a list that was read one longer than its page, and says where the next page begins.
pub fn page<T, C>(mut items: Vec<T>, size: usize, cursor: impl Fn(&T) -> C) -> (Vec<T>, Option<C>) {
    let more = items.len() > size;
    items.truncate(size);
    let next = if more { items.last().map(cursor) } else { None };
    (items, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_address() {
        let cursor =
            Cursor { at: DateTime::from_timestamp_micros(1_737_540_000_123_456).unwrap_or_default(), id: 42 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!(Cursor::START.to_string().parse(), Ok(Cursor::START));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in [
            "",
            "-",
            "1",
            "x-1",
            "1-x",
            "-1-1",
            "1--1",
            "+1-1",
            "01-1",
            "1-2-3",
            "ffffffffffffffff-1",
            "7fffffffffffffff-1",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }

    #[test]
    fn a_page_knows_whether_more_follows() {
        let at = |&id: &i64| Cursor { at: FAR_FUTURE, id };
        assert_eq!(page(vec![3, 2, 1], 2, at), (vec![3, 2], Some(Cursor { at: FAR_FUTURE, id: 2 })));
        assert_eq!(page(vec![3, 2], 2, at), (vec![3, 2], None));
    }
}
