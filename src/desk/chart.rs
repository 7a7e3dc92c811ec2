//! Columns as an SVG that the page's style colours: drawn on the server, named for screen readers, with its numbers in
//! a table beside it. No script and no style of its own.

/// The room of the drawing, in its own units.
pub const WIDTH: f64 = 720.0;
pub const HEIGHT: f64 = 220.0;
/// Beside the columns: numbers at the start, hours below.
const START: f64 = 56.0;
const BELOW: f64 = 26.0;
const ABOVE: f64 = 10.0;
/// Of a column's place, what is left free.
const GAP: f64 = 0.25;
/// Every so many columns have their name below.
const NAMED: usize = 4;

/// `templates/desk/chart.html` draws it, as `chart`.
pub struct Chart {
    /// Tells it apart from others on the page.
    pub id: &'static str,
    pub title: String,
    /// What it shows, in a sentence.
    pub description: String,
    /// What the first column of the table is: "Hour".
    pub unit: &'static str,
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    /// Where the columns stand.
    pub base: String,
}

pub struct Column {
    pub name: String,
    pub value: i64,
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    pub middle: String,
    pub is_named: bool,
}

/// A line across, with its number.
pub struct Line {
    pub value: i64,
    pub y: String,
}

impl Chart {
    /// Of name and value, in order.
    pub fn new(
        id: &'static str,
        title: impl Into<String>,
        description: impl Into<String>,
        unit: &'static str,
        values: Vec<(String, i64)>,
    ) -> Self {
        let most = values.iter().map(|(_, value)| *value).max().unwrap_or(0);
        let step = step(most);
        let top = (most.max(1) + step - 1) / step * step;
        let y = |value: i64| ABOVE + (HEIGHT - ABOVE - BELOW) * (1.0 - share(value, top));
        let place = (WIDTH - START) / f64::from(u32::try_from(values.len().max(1)).unwrap_or(1));
        let columns = values.into_iter().enumerate().map(|(at, (name, value))| {
            let x = START + place * f64::from(u32::try_from(at).unwrap_or_default()) + place * GAP / 2.0;
            let width = place * (1.0 - GAP);
            Column {
                name,
                value,
                x: units(x),
                y: units(y(value)),
                width: units(width),
                height: units(y(0) - y(value)),
                middle: units(x + width / 2.0),
                is_named: at % NAMED == 0,
            }
        });
        let lines = (0..=top / step).map(|n| Line { value: n * step, y: units(y(n * step)) });
        Self {
            id,
            title: title.into(),
            description: description.into(),
            unit,
            columns: columns.collect(),
            lines: lines.collect(),
            base: units(HEIGHT - BELOW),
        }
    }
}

/// 1, 2 or 5 with zeros: three to five lines, whatever the numbers.
fn step(most: i64) -> i64 {
    let mut unit = 1;
    loop {
        for step in [unit, 2 * unit, 5 * unit] {
            if most <= 4 * step {
                return step;
            }
        }
        unit *= 10;
    }
}

#[allow(clippy::cast_precision_loss)] // a drawing
fn share(value: i64, top: i64) -> f64 {
    value as f64 / top as f64
}

fn units(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_have_round_numbers() {
        for (most, expected) in [(0, 1), (3, 1), (4, 1), (5, 2), (9, 5), (38, 10), (77, 20), (1500, 500)] {
            assert_eq!(step(most), expected, "{most}");
        }
    }

    #[test]
    fn the_highest_column_reaches_no_higher_than_the_drawing() {
        let values = [0, 7, 40].map(|value| (value.to_string(), value)).to_vec();
        let chart = Chart::new("x", "X", "", "Hour", values);
        assert_eq!(chart.columns[2].y, units(ABOVE));
        assert_eq!(chart.columns[0].height, "0.0");
        assert_eq!(chart.lines.iter().map(|line| line.value).collect::<Vec<_>>(), [0, 10, 20, 30, 40]);
    }

    #[test]
    fn nothing_at_all_can_be_drawn() {
        assert!(Chart::new("x", "X", "", "Hour", Vec::new()).columns.is_empty());
        assert_eq!(Chart::new("x", "X", "", "Hour", vec![("0".to_owned(), 0)]).lines.len(), 2);
    }
}
