//! Inline styles and the few rules of a style sheet that mean something: bold, italic, struck out, raised, hidden.

use std::collections::HashMap;

use crate::documents::line::Marks;

/// What a `style` says, as far as it counts. `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub strike: Option<bool>,
    pub sup: bool,
    pub sub: bool,
    pub hidden: bool,
    pub rtl: Option<bool>,
    /// Word: the level of a list that this paragraph belongs to.
    pub list_level: Option<usize>,
    /// Word: the number or the bullet, drawn by hand.
    pub is_marker: bool,
    /// In points, for lists that are only moved to the side.
    pub indent: Option<f32>,
}

/// No page has more classes than this that matter.
const MOST_RULES: usize = 2000;

impl Style {
    pub fn parse(text: &str) -> Self {
        let mut style = Self::default();
        for declaration in text.split(';') {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            style.declare(&name.trim().to_ascii_lowercase(), &value.trim().to_ascii_lowercase());
        }
        style
    }

    fn declare(&mut self, name: &str, value: &str) {
        match name {
            "font-weight" => {
                let heavy = value.parse::<u32>().map_or(value.starts_with("bold"), |weight| weight >= 600);
                self.bold = Some(heavy);
            }
            "font-style" => self.italic = Some(value.starts_with("italic") || value.starts_with("oblique")),
            "text-decoration" | "text-decoration-line" => self.strike = Some(value.contains("line-through")),
            "vertical-align" => {
                self.sup = value == "super";
                self.sub = value == "sub";
            }
            "display" => self.hidden |= value == "none",
            "visibility" => self.hidden |= value == "hidden",
            "mso-hide" => self.hidden |= value == "all",
            "direction" => self.rtl = Some(value == "rtl"),
            "mso-list" if value == "ignore" => self.is_marker = true,
            "mso-list" => {
                let level =
                    value.split_whitespace().find_map(|word| word.strip_prefix("level")?.parse().ok());
                self.list_level = level.map(|level: usize| level.saturating_sub(1));
            }
            "margin-left" | "margin-right" => self.indent = points(value).or(self.indent),
            "margin" => self.indent = value.split_whitespace().nth(3).and_then(points).or(self.indent),
            _ => {}
        }
    }

    /// The other one, where it says something.
    pub fn and(mut self, other: &Self) -> Self {
        self.bold = other.bold.or(self.bold);
        self.italic = other.italic.or(self.italic);
        self.strike = other.strike.or(self.strike);
        self.sup |= other.sup;
        self.sub |= other.sub;
        self.hidden |= other.hidden;
        self.rtl = other.rtl.or(self.rtl);
        self.list_level = other.list_level.or(self.list_level);
        self.is_marker |= other.is_marker;
        self.indent = other.indent.or(self.indent);
        self
    }

    pub fn apply(&self, marks: &mut Marks) {
        marks.bold = self.bold.unwrap_or(marks.bold);
        marks.italic = self.italic.unwrap_or(marks.italic);
        marks.strike |= self.strike == Some(true);
        marks.sup |= self.sup;
        marks.sub |= self.sub;
    }
}

fn points(value: &str) -> Option<f32> {
    let number = value.trim_end_matches(char::is_alphabetic);
    let points: f32 = number.parse().ok()?;
    match &value[number.len()..] {
        "pt" => Some(points),
        "px" => Some(points * 0.75),
        "in" => Some(points * 72.0),
        "cm" => Some(points * 28.35),
        _ => None,
    }
}

/// Rules for one class (`.c3{…}`), which is how Google's documents write all their looks.
#[derive(Debug, Default)]
pub struct Sheet(HashMap<String, Style>);

impl Sheet {
    pub fn read(&mut self, text: &str) {
        for rule in text.split('}') {
            let Some((selectors, declarations)) = rule.rsplit_once('{') else { continue };
            for selector in selectors.split(',').map(str::trim) {
                let class = selector.split_once('.').map_or("", |(_, class)| class);
                let is_plain = !class.is_empty()
                    && class.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
                if is_plain && self.0.len() < MOST_RULES {
                    let style = Style::parse(declarations);
                    let known = self.0.remove(class).unwrap_or_default();
                    self.0.insert(class.to_owned(), known.and(&style));
                }
            }
        }
    }

    /// What the classes and the style of an element say together.
    pub fn of(&self, classes: &str, own: &str) -> Style {
        let from_classes = classes
            .split_whitespace()
            .filter_map(|class| self.0.get(class))
            .fold(Style::default(), Style::and);
        from_classes.and(&Style::parse(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_read_from_classes_and_styles() {
        let mut sheet = Sheet::default();
        sheet.read("@import url(x); .c1{font-weight:700;color:#000} p.c2, ul li:first { font-style:italic } .c1{margin:0}");
        let style = sheet.of("c0 c1 c2", "FONT-WEIGHT: normal; vertical-align:super");
        assert_eq!((style.bold, style.italic, style.sup), (Some(false), Some(true), true));
        assert_eq!(sheet.of("c1", "").bold, Some(true));
    }

    #[test]
    fn words_lists_are_known_by_their_level() {
        let style = Style::parse("margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1");
        assert_eq!((style.list_level, style.indent), (Some(1), Some(72.0)));
        assert!(Style::parse("mso-list:Ignore").is_marker);
    }
}
