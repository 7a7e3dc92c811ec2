//! The picture of an article that has none: its headline on paper, as large as a link's preview elsewhere. Letters are
//! drawn one by one, so only scripts that need nothing more are drawn; for the others there is none.

use std::io::Cursor;
use std::sync::LazyLock;

use fontdue::layout::{CoordinateSystem, Layout, LayoutSettings, TextStyle};
use fontdue::{Font, FontSettings};
use image::{ImageFormat, Rgb, RgbImage};

pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 630;

const PAPER: Rgb<u8> = Rgb([251, 250, 247]);
const INK: Rgb<u8> = Rgb([27, 27, 24]);
const ACCENT: Rgb<u8> = Rgb([163, 39, 31]);
/// Of the paper on each side.
const MARGIN: f32 = 80.0;
const BAND: u32 = 20;
/// Of a headline, the largest that fits in its room.
const SIZES: [f32; 5] = [80.0, 68.0, 58.0, 48.0, 40.0];
const ROOM: f32 = 350.0;
const SMALL: f32 = 32.0;
/// Letters of a headline; what is longer is cut.
const LETTERS: usize = 160;

static FONT: LazyLock<Option<Font>> =
    LazyLock::new(|| Font::from_bytes(ttf_noto_sans::BOLD, FontSettings::default()).ok());

/// What stands on the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub site: String,
    pub section: String,
    pub headline: String,
}

/// A PNG. `None`: the headline is in a script that cannot be drawn like this.
pub fn draw(words: &Words) -> Option<Vec<u8>> {
    let font = FONT.as_ref()?;
    let headline = crate::text::excerpt::first(&words.headline, LETTERS);
    if !can_be_drawn(font, &headline) {
        return None;
    }
    let mut paper = RgbImage::from_pixel(WIDTH, HEIGHT, PAPER);
    for (x, y) in (0..BAND).flat_map(|x| (0..HEIGHT).map(move |y| (x, y))) {
        paper.put_pixel(x, y, ACCENT);
    }
    let line = |text: &str| if can_be_drawn(font, text) { text.to_owned() } else { String::new() };
    write(&mut paper, font, &line(&words.section), SMALL, 70.0, ACCENT);
    let size = SIZES.into_iter().find(|size| set(font, &headline, *size, 0.0).height() <= ROOM);
    write(&mut paper, font, &headline, size.unwrap_or(SIZES[4]), 135.0, INK);
    write(&mut paper, font, &line(&words.site), SMALL, 530.0, INK);
    let mut png = Cursor::new(Vec::new());
    paper.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

/// Scripts whose letters stand side by side as they are.
fn can_be_drawn(font: &Font, text: &str) -> bool {
    let is_plain = |c: char| matches!(c, ' '..='\u{52f}' | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}');
    text.chars().all(|c| is_plain(c) && (c.is_whitespace() || font.lookup_glyph_index(c) != 0))
}

fn set(font: &Font, text: &str, size: f32, top: f32) -> Layout {
    let mut layout = Layout::new(CoordinateSystem::PositiveYDown);
    #[allow(clippy::cast_precision_loss)] // a picture's width is exact in an f32
    let width = WIDTH as f32 - 2.0 * MARGIN;
    layout.reset(&LayoutSettings { x: MARGIN, y: top, max_width: Some(width), ..LayoutSettings::default() });
    layout.append(&[font], &TextStyle::new(text, size, 0));
    layout
}

fn write(paper: &mut RgbImage, font: &Font, text: &str, size: f32, top: f32, ink: Rgb<u8>) {
    for glyph in set(font, text, size, top).glyphs() {
        let (_, coverage) = font.rasterize_config(glyph.key);
        for (at, cover) in coverage.iter().enumerate().filter(|_| glyph.width > 0) {
            #[allow(clippy::cast_possible_truncation)] // both lie on the paper or are left out below
            let (left, top) = (glyph.x.round() as i64, glyph.y.round() as i64);
            let (Ok(x), Ok(y)) = (i64::try_from(at % glyph.width), i64::try_from(at / glyph.width)) else {
                continue;
            };
            let (Ok(x), Ok(y)) = (u32::try_from(left + x), u32::try_from(top + y)) else { continue };
            if let Some(pixel) = paper.get_pixel_mut_checked(x, y) {
                *pixel = mixed(*pixel, ink, *cover);
            }
        }
    }
}

fn mixed(below: Rgb<u8>, above: Rgb<u8>, cover: u8) -> Rgb<u8> {
    let cover = u16::from(cover);
    let mix =
        |a: u8, b: u8| u8::try_from((u16::from(a) * (255 - cover) + u16::from(b) * cover) / 255).unwrap_or(b);
    Rgb([mix(below[0], above[0]), mix(below[1], above[1]), mix(below[2], above[2])])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words(headline: &str) -> Words {
        Words { site: "The Lantern".to_owned(), section: "News".to_owned(), headline: headline.to_owned() }
    }

    fn ink(headline: &str) -> usize {
        let picture = image::load_from_memory(&draw(&words(headline)).unwrap()).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
        picture.pixels().filter(|pixel| pixel.0[0] < 100).count()
    }

    #[test]
    fn a_headline_stands_on_the_picture_and_stays_on_it() {
        assert!(ink("Harbour wall holds – «почти» Ωmega") > ink("Ha"));
        assert!(ink(&"A long headline that goes on ".repeat(20)) > 1_000);
        assert_eq!(draw(&words("Twice")), draw(&words("Twice")));
    }

    #[test]
    fn a_script_that_cannot_be_drawn_has_no_picture() {
        for headline in ["باران در شهر", "שלום", "新闻", "समाचार"] {
            assert_eq!(draw(&words(headline)), None, "{headline}");
        }
    }
}
