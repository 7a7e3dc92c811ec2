//! The pictures of the sample news, drawn by the program itself.
//!
//! A scene and a seed decide a picture to the last pixel, so the demo carries no image files. Scenes live in
//! `land`, `shore`, `town`, `rooms`, `marbled` and `portrait`; what they are drawn with in `canvas`, `noise` and `palette`. Nothing
//! here stores or scales pictures for readers: that is `media`.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::many_single_char_names,
    clippy::similar_names,
    clippy::too_many_arguments
)] // drawing is arithmetic between pixels and floats; x, y, w and h are the plain words for it

mod canvas;
mod dusk;
mod land;
mod marbled;
mod noise;
mod palette;
mod portrait;
mod rooms;
mod shore;
mod town;

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};

use canvas::Canvas;
pub use dusk::Dusk;
use noise::Dice;
use palette::{DAY, Palette, ROOM};

/// The longer side of the sheet a scene is drawn on. Larger sizes are scaled up from it: the soft edge suits
/// print, and an unoptimised build draws in a tenth of a second.
const SHEET: u32 = 800;

/// How strong the grain is, in steps of 255.
const GRAIN: f32 = 5.0;

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scene {
    Coast,
    Harbour,
    Sails,
    Turbines,
    Hills,
    Field,
    Forest,
    Mountains,
    Night,
    Skyline,
    Bridge,
    Market,
    Railway,
    Shelves,
    Stage,
    Contours,
    Marbled,
    Portrait,
}

impl Scene {
    #[cfg(test)]
    pub const ALL: [Self; 18] = [
        Self::Coast,
        Self::Harbour,
        Self::Sails,
        Self::Turbines,
        Self::Hills,
        Self::Field,
        Self::Forest,
        Self::Mountains,
        Self::Night,
        Self::Skyline,
        Self::Bridge,
        Self::Market,
        Self::Railway,
        Self::Shelves,
        Self::Stage,
        Self::Contours,
        Self::Marbled,
        Self::Portrait,
    ];
}

/// The picture of a scene; the seed chooses its palette and its details.
pub fn scene(kind: Scene, seed: u64, width: u32, height: u32) -> RgbImage {
    let (columns, rows) = sheet(width, height);
    let mut dice = Dice::new(seed.wrapping_add((kind as u64) << 32));
    let day = DAY[dice.below(DAY.len())];
    let room = ROOM[dice.below(ROOM.len())];
    let mut canvas = Canvas::new(columns as usize, rows as usize);
    draw(&mut canvas, kind, &mut dice, &day, &room);
    // Half of all pictures are mirrored, but never one with handwriting on it.
    if dice.chance(0.5) && kind != Scene::Marbled {
        canvas.flip();
    }
    let bytes = canvas.bytes(&mut dice, GRAIN);
    let drawn = RgbImage::from_raw(columns, rows, bytes).unwrap_or_else(|| RgbImage::new(columns, rows));
    enlarged(drawn, width, height)
}

fn draw(c: &mut Canvas, kind: Scene, dice: &mut Dice, day: &Palette, room: &Palette) {
    match kind {
        Scene::Coast => shore::coast(c, dice, day),
        Scene::Harbour => shore::harbour(c, dice, day),
        Scene::Sails => shore::sails(c, dice, day),
        Scene::Turbines => shore::turbines(c, dice, day),
        Scene::Hills => land::hills(c, dice, day),
        Scene::Field => land::field(c, dice, day),
        Scene::Forest => land::forest(c, dice, day),
        Scene::Mountains => land::mountains(c, dice, day),
        Scene::Night => land::night(c, dice),
        Scene::Skyline => town::skyline(c, dice, day),
        Scene::Bridge => town::bridge(c, dice, day),
        Scene::Market => town::market(c, dice, day),
        Scene::Railway => town::railway(c, dice, day),
        Scene::Shelves => rooms::shelves(c, dice, room),
        Scene::Stage => rooms::stage(c, dice, room),
        Scene::Contours => rooms::contours(c, dice, day),
        Scene::Marbled => marbled::marbled(c, dice, day),
        Scene::Portrait => portrait::portrait(c, dice, day),
    }
}

/// The size of the sheet for a picture: the same shape, never larger than asked.
fn sheet(width: u32, height: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    let part = |side: u32| (side * SHEET.min(longer)).div_ceil(longer).max(8);
    (part(width), part(height))
}

fn enlarged(drawn: RgbImage, width: u32, height: u32) -> RgbImage {
    if drawn.dimensions() == (width, height) {
        return drawn;
    }
    DynamicImage::ImageRgb8(drawn).resize_exact(width, height, FilterType::CatmullRom).into_rgb8()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_size_asked_for() {
        for (width, height) in [(320, 213), (1000, 640), (64, 128)] {
            assert_eq!(scene(Scene::Coast, 1, width, height).dimensions(), (width, height));
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_picture_and_another_seed_another() {
        for kind in Scene::ALL {
            let first = scene(kind, 7, 240, 160);
            assert!(first == scene(kind, 7, 240, 160), "{kind:?} differs from itself");
            assert!(first != scene(kind, 8, 240, 160), "{kind:?} does not heed its seed");
        }
    }

    #[test]
    fn every_scene_covers_its_sheet() {
        for kind in Scene::ALL {
            let picture = scene(kind, 3, 300, 200);
            let bare = picture.pixels().filter(|p| p.0.iter().all(|&part| part < 4)).count();
            assert!(bare < 600, "{kind:?} left {bare} pixels black");
        }
    }
}
