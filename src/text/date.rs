//! Dates as readers, machines and form fields write them. All times are UTC inside; the zone is the site's.

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Language;

/// `Wednesday 22 January 2025`, in the language's own names.
pub fn long(at: DateTime<Utc>, zone: Tz, language: &Language) -> String {
    at.with_timezone(&zone).format_localized("%A %-d %B %Y", language.locale()).to_string()
}

/// `22 January 2025`
pub fn short(at: DateTime<Utc>, zone: Tz, language: &Language) -> String {
    at.with_timezone(&zone).format_localized("%-d %B %Y", language.locale()).to_string()
}

/// `22 January 2025`, of a day that belongs to no zone.
pub fn of_day(day: NaiveDate, language: &Language) -> String {
    day.format_localized("%-d %B %Y", language.locale()).to_string()
}

/// `January 2025`
pub fn month(at: DateTime<Utc>, zone: Tz, language: &Language) -> String {
    at.with_timezone(&zone).format_localized("%B %Y", language.locale()).to_string()
}

/// `10:05`
pub fn time(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// `2025-01-22T10:05:00+03:30`, for `<time datetime>` and feeds.
pub fn machine(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `Wed, 22 Jan 2025 10:05:00 +0000`, for RSS and HTTP.
pub fn rfc822(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// `2025-01-22T10:05`, as `<input type="datetime-local">` holds it.
pub fn field(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error("write the date and time like 2025-01-22 10:05")]
    Unreadable,
    #[error("the clocks skip this time in {0}; choose another")]
    Skipped(Tz),
}

/// Reads what such a field sends. A time that the clock shows twice means the first of the two; a time that
/// the clock skips is refused, since nobody can say what was meant.
pub fn parse_field(text: &str, zone: Tz) -> Result<DateTime<Utc>, FieldError> {
    let text = text.trim().replacen(' ', "T", 1);
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .filter(|local| (1900..=9000).contains(&local.year()))
        .ok_or(FieldError::Unreadable)?;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(at.with_timezone(&Utc)),
        LocalResult::None => Err(FieldError::Skipped(zone)),
    }
}

/// The same for a field in which programs write a whole moment, with its distance from UTC.
pub fn parse_any(text: &str, zone: Tz) -> Result<DateTime<Utc>, FieldError> {
    match DateTime::parse_from_rfc3339(text.trim()) {
        Ok(at) if (1900..=9000).contains(&at.to_utc().year()) => Ok(at.to_utc()),
        Ok(_) => Err(FieldError::Unreadable),
        Err(_) => parse_field(text, zone),
    }
}

/// Whether the clock shows this time once more an hour later, or did an hour before.
pub fn comes_twice(at: DateTime<Utc>, zone: Tz) -> bool {
    matches!(zone.from_local_datetime(&at.with_timezone(&zone).naive_local()), LocalResult::Ambiguous(..))
}

/// The moments at which a local day begins and ends; `None` for a date that does not exist.
pub fn day(year: i32, month: u32, day: u32, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    Some((midnight(date, zone)?, midnight(date.succ_opt()?, zone)?))
}

/// The moments at which a local month begins and ends.
pub fn month_of(year: i32, month: u32, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let next = first.checked_add_months(chrono::Months::new(1))?;
    Some((midnight(first, zone)?, midnight(next, zone)?))
}

/// Midnight, or the first moment of the day where the clocks skip midnight.
fn midnight(date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    (0..=3)
        .find_map(|hour| zone.from_local_datetime(&date.and_hms_opt(hour, 0, 0)?).earliest())
        .map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEHRAN: Tz = chrono_tz::Asia::Tehran;
    const BERLIN: Tz = chrono_tz::Europe::Berlin;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap_or_else(|_| panic!("{tag}"))
    }

    #[test]
    fn the_long_date_is_the_day_in_the_sites_zone() {
        let evening = at("2025-01-21T22:00:00Z");
        assert_eq!(long(evening, TEHRAN, &language("en")), "Wednesday 22 January 2025");
        assert_eq!(long(evening, chrono_tz::UTC, &language("en")), "Tuesday 21 January 2025");
    }

    #[test]
    fn the_long_date_speaks_the_sites_language() {
        assert_eq!(long(at("2025-01-22T10:00:00Z"), BERLIN, &language("de")), "Mittwoch 22 Januar 2025");
        assert!(long(at("2025-01-22T10:00:00Z"), TEHRAN, &language("fa")).contains("ژانویه"));
    }

    #[test]
    fn a_field_goes_there_and_back() {
        let read = parse_field("2025-01-22T10:00", TEHRAN);
        assert_eq!(read, Ok(at("2025-01-22T06:30:00Z")));
        assert_eq!(field(at("2025-01-22T06:30:00Z"), TEHRAN), "2025-01-22T10:00");
    }

    #[test]
    fn a_time_that_the_clock_skips_is_refused() {
        assert_eq!(parse_field("2026-03-29T02:30", BERLIN), Err(FieldError::Skipped(BERLIN)));
    }

    #[test]
    fn a_time_that_comes_twice_means_the_first() {
        assert_eq!(parse_field("2026-10-25T02:30", BERLIN), Ok(at("2026-10-25T00:30:00Z")));
        assert!(comes_twice(at("2026-10-25T00:30:00Z"), BERLIN));
        assert!(!comes_twice(at("2026-10-25T03:30:00Z"), BERLIN));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "tomorrow", "2025-02-30T10:00", "2025-01-22", "99999-01-01T00:00"] {
            assert_eq!(parse_field(text, BERLIN), Err(FieldError::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_day_is_as_long_as_the_clock_says() {
        let (from, to) = day(2026, 3, 29, BERLIN).unwrap_or_default();
        assert_eq!((to - from).num_hours(), 23);
        assert_eq!(day(2026, 2, 30, BERLIN), None);
    }
}
