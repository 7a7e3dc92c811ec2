//! The fields of a picture's form: as stored, as typed, and checked.

use chrono::{Datelike, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::media::renditions::Focus;
use crate::news::media::about::About;
use crate::news::media::{Kind, Media};
use crate::text::date;
use crate::web::Errors;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    pub alt: String,
    pub decorative: String,
    pub caption: String,
    pub credit: String,
    pub source: String,
    pub licence: String,
    /// The last day on which it may be shown.
    pub licence_until: String,
    /// In hundredths of its width, from the left.
    pub focus_x: String,
    pub focus_y: String,
}

impl Typed {
    pub fn of(medium: &Media, zone: Tz) -> Self {
        let last = medium.licence_ends_at.map(|end| (end - TimeDelta::seconds(1)).with_timezone(&zone));
        let percent = |part: i16| f64::from(part) / 10.0;
        Self {
            alt: medium.alt.clone(),
            decorative: if medium.decorative { "on".to_owned() } else { String::new() },
            caption: medium.caption.clone(),
            credit: medium.credit.clone(),
            source: medium.source.clone(),
            licence: medium.licence.clone(),
            licence_until: last.map_or_else(String::new, |last| last.format("%Y-%m-%d").to_string()),
            focus_x: percent(medium.focus_x).to_string(),
            focus_y: percent(medium.focus_y).to_string(),
        }
    }

    pub fn focus(&self) -> Option<Focus> {
        Some(Focus { x: thousandths(&self.focus_x)?, y: thousandths(&self.focus_y)? })
    }
}

/// What was typed, or what is wrong with it.
pub fn check(typed: &Typed, kind: Kind, zone: Tz, errors: &mut Errors) -> Option<About> {
    let decorative = !typed.decorative.is_empty();
    let limits: [(&'static str, &str, usize); 5] = [
        ("alt", &typed.alt, 500),
        ("caption", &typed.caption, 500),
        ("credit", &typed.credit, 200),
        ("source", &typed.source, 200),
        ("licence", &typed.licence, 200),
    ];
    for (field, text, limit) in limits {
        let letters = tidy(text).chars().count();
        if letters > limit {
            errors.add(field, format!("At most {limit} letters fit here; these are {letters}."));
        }
    }
    if kind == Kind::Picture && decorative != tidy(&typed.alt).is_empty() {
        let message = if decorative {
            "Decoration needs no description: empty the field, or untick the box."
        } else {
            "Say what the picture shows, or tick that it is mere decoration."
        };
        errors.add("alt", message);
    }
    let licence_ends_at = match typed.licence_until.trim() {
        "" => None,
        text => {
            let end = text
                .parse::<NaiveDate>()
                .ok()
                .filter(|day| (1900..=9999).contains(&day.year()))
                .and_then(|day| date::day(day.year(), day.month(), day.day(), zone));
            if end.is_none() {
                errors.add("licence_until", "Write a date, as 2027-01-31.");
            }
            end.map(|(_, end)| end)
        }
    };
    for (field, text) in [("focus_x", &typed.focus_x), ("focus_y", &typed.focus_y)] {
        if thousandths(text).is_none() {
            errors.add(field, "Write a number from 0 to 100.");
        }
    }
    let focus = typed.focus().filter(|_| errors.is_empty())?;
    Some(About {
        alt: tidy(&typed.alt),
        decorative,
        caption: tidy(&typed.caption),
        credit: tidy(&typed.credit),
        source: tidy(&typed.source),
        licence: tidy(&typed.licence),
        licence_ends_at,
        focus,
    })
}

/// One line.
fn tidy(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `33.3` as 333; empty is the middle.
fn thousandths(percent: &str) -> Option<u16> {
    let text = percent.trim().replace(',', ".");
    if text.is_empty() {
        return Some(500);
    }
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number))?;
    (0..=1000).min_by(|one, other| {
        let away = |part: &u16| (f64::from(*part) / 10.0 - number).abs();
        away(one).total_cmp(&away(other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_in_hundredths_and_kept_in_thousandths() {
        for (typed, kept) in
            [("0", Some(0)), ("33.34", Some(333)), ("33,36", Some(334)), ("100", Some(1000)), ("", Some(500))]
        {
            assert_eq!(thousandths(typed), kept, "{typed}");
        }
        for wrong in ["-1", "100.1", "NaN", "x", "inf"] {
            assert_eq!(thousandths(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_licence_ends_with_its_last_day_where_the_site_is() {
        let typed = Typed { alt: "Ice".into(), licence_until: "2027-01-31".into(), ..Typed::default() };
        let mut errors = Errors::default();
        let about = check(&typed, Kind::Picture, chrono_tz::Europe::Berlin, &mut errors);
        let end = about.and_then(|about| about.licence_ends_at).map(|end| end.to_rfc3339());
        assert_eq!(end.as_deref(), Some("2027-01-31T23:00:00+00:00"));
    }
}
