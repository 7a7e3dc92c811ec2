//! Square codes as the outline of an SVG path, which a template can print like any text and the page's style can
//! colour.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Without this margin of white, cameras do not find the code.
const MARGIN: usize = 4;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    /// Modules along each side, the margin included: `viewBox="0 0 size size"`.
    pub size: usize,
    /// The dark ones.
    pub path: String,
}

/// `None` when it is too long for any.
pub fn square(text: &str) -> Option<Square> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, module)| **module == Color::Dark) {
            // Writing into a text cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    Some(Square { size: width + 2 * MARGIN, path })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let square = square("otpauth://totp/x").unwrap();
        let last = square.size - MARGIN - 1;
        for corner in
            [format!("M{MARGIN} {MARGIN}h"), format!("M{last} {MARGIN}h"), format!("M{MARGIN} {last}h")]
        {
            assert!(square.path.contains(&corner), "{corner}");
        }
        assert!(super::square(&"x".repeat(5000)).is_none());
    }
}
