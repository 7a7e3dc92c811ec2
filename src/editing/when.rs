//! Moments as the desk writes them, in the zone of the site.

use chrono::{DateTime, Utc};

use crate::text::date;
use crate::web::Site;

/// For `<time datetime="{{ at.machine }}">{{ at.text }}</time>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    pub machine: String,
    pub text: String,
}

/// `22 Jan 2025, 10:05`: short, because it stands in tables, and to the minute, because acts follow each other.
pub fn when(at: DateTime<Utc>, site: &Site) -> When {
    When {
        machine: date::machine(at, site.timezone),
        text: at.with_timezone(&site.timezone).format("%-d %b %Y, %H:%M").to_string(),
    }
}
