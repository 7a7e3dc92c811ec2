//! What the list pages have in common: where they go on, and headings between their stories.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use crate::news::article::card::{Card, Listing};
use crate::paths;
use crate::text::{Cursor, date};
use crate::web::{Error, Layout, Result};

/// The query of a list page. Other keys (those of campaigns and trackers) change nothing.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Before {
    before: Option<String>,
}

impl Before {
    pub fn cursor(&self) -> Result<Cursor> {
        cursor(self.before.as_deref())
    }

    pub fn is_first(&self) -> bool {
        self.before.as_deref().unwrap_or_default().is_empty()
    }

    /// The address of this page of the list at `path`, without anything else that the reader's held.
    pub fn path(&self, path: &str) -> String {
        match self.before.as_deref().unwrap_or_default().parse() {
            Ok(cursor) => paths::before(path, &cursor),
            Err(_) => path.to_owned(),
        }
    }
}

/// The cursor in an address; none is the start.
pub fn cursor(text: Option<&str>) -> Result<Cursor> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(Cursor::START),
        Some(text) => text.parse().map_err(|_| {
            Error::BadRequest(
                "The address names a place in the list (before) that does not exist.".to_owned(),
            )
        }),
    }
}

/// The links below a list.
#[derive(Debug, Default)]
pub struct Pager {
    pub older: Option<String>,
    /// Back to the start, from further down.
    pub newest: Option<String>,
}

impl Pager {
    pub fn new(path: &str, is_first: bool, next: Option<&Cursor>) -> Self {
        Self {
            older: next.map(|next| paths::before(path, next)),
            newest: (!is_first).then(|| path.to_owned()),
        }
    }
}

/// A page of a list at `path`: its address, its stories, its links.
pub struct Stories {
    pub cards: Vec<Card>,
    pub pager: Pager,
}

impl Stories {
    pub fn new(path: &str, before: &Before, listing: Listing) -> Self {
        Self { pager: Pager::new(path, before.is_first(), listing.next.as_ref()), cards: listing.cards }
    }

    /// The first story, shown large where the list begins.
    pub fn take_lead(&mut self, before: &Before) -> Option<Card> {
        (before.is_first() && !self.cards.is_empty()).then(|| self.cards.remove(0))
    }
}

/// Stories below one heading.
pub struct Group {
    pub heading: Heading,
    pub cards: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub text: String,
    pub href: String,
}

/// By the months of the site's zone.
pub fn by_month(cards: Vec<Card>, layout: &Layout) -> Vec<Group> {
    let zone = layout.site.timezone;
    group(cards, |card| {
        let day = card.publish_at.with_timezone(&zone);
        Heading {
            text: date::month(card.publish_at, zone, &layout.site.language),
            href: paths::archive_month(day.year(), day.month()),
        }
    })
}

/// By the days of the site's zone.
pub fn by_day(cards: Vec<Card>, layout: &Layout) -> Vec<Group> {
    let zone = layout.site.timezone;
    group(cards, |card| Heading {
        text: layout.long(&card.publish_at),
        href: day_href(card.publish_at, zone),
    })
}

pub fn day_href(at: DateTime<Utc>, zone: Tz) -> String {
    let day = at.with_timezone(&zone);
    paths::archive_day(day.year(), day.month(), day.day())
}

fn group(cards: Vec<Card>, heading: impl Fn(&Card) -> Heading) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for card in cards {
        let heading = heading(&card);
        match groups.last_mut().filter(|group| group.heading == heading) {
            Some(group) => group.cards.push(card),
            None => groups.push(Group { heading, cards: vec![card] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_a_cursor_begins_at_the_start() {
        assert!(cursor(None).is_ok_and(|at| at == Cursor::START));
        assert!(cursor(Some("")).is_ok_and(|at| at == Cursor::START));
    }

    #[test]
    fn a_cursor_that_is_none_is_the_readers_mistake() {
        assert!(matches!(cursor(Some("yesterday")), Err(Error::BadRequest(_))));
    }

    #[test]
    fn only_a_later_page_leads_back_to_the_newest() {
        let first = Pager::new("/tag/a", true, Some(&Cursor::START));
        assert!(first.newest.is_none() && first.older.is_some_and(|href| href.starts_with("/tag/a?before=")));
        let last = Pager::new("/tag/a", false, None);
        assert!(last.older.is_none() && last.newest.as_deref() == Some("/tag/a"));
    }
}
