//! The smaller copies of a picture that pages show.
//!
//! Not here: the original (`probe`), where copies are kept (`store`), when they are made (`jobs`).

use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{IntoImageView, IntoImageViewMut, PixelTrait, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage, RgbaImage};

use super::Extension;
use super::probe::{self, Refused};

/// From a narrow telephone to a column on a fine screen.
pub const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];
/// What can be shown the moment after an upload, before the job has made the rest.
const FIRST_WIDTH: u32 = 960;
/// Where photographs look the same and weigh about a third less than at 90.
const WEBP_QUALITY: f32 = 78.0;
const JPEG_QUALITY: u8 = 80;

/// A part of a picture, as cards show it. The picture's own shape is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Shape {
    #[serde(rename = "16x9")]
    Wide,
    #[serde(rename = "4x3")]
    Classic,
    #[serde(rename = "1x1")]
    Square,
}

impl Shape {
    pub const ALL: [Self; 3] = [Self::Wide, Self::Classic, Self::Square];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wide => "16x9",
            Self::Classic => "4x3",
            Self::Square => "1x1",
        }
    }

    /// Width to height.
    pub fn ratio(self) -> (u32, u32) {
        match self {
            Self::Wide => (16, 9),
            Self::Classic => (4, 3),
            Self::Square => (1, 1),
        }
    }

    /// As wide as the places that show it, on plain and on fine screens.
    fn widths(self) -> &'static [u32] {
        match self {
            Self::Wide => &[480, 960, 1600],
            Self::Classic => &[320, 640, 960],
            Self::Square => &[160, 320, 640],
        }
    }
}

/// A place in a picture, in thousandths of its width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Focus {
    pub x: u16,
    pub y: u16,
}

impl Default for Focus {
    fn default() -> Self {
        Self { x: 500, y: 500 }
    }
}

/// A part of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// The largest part of this shape, with the focal point as near to its middle as the edges let it.
pub fn area(shape: Shape, (width, height): (u32, u32), focus: Focus) -> Area {
    let (across, down) = shape.ratio();
    let fitted = |side: u32, by: u32, per: u32| {
        u32::try_from((u64::from(side) * u64::from(by) + u64::from(per) / 2) / u64::from(per))
            .unwrap_or(side)
            .max(1)
    };
    let (w, h) = if u64::from(width) * u64::from(down) > u64::from(height) * u64::from(across) {
        (fitted(height, across, down).min(width), height)
    } else {
        (width, fitted(width, down, across).min(height))
    };
    let start = |side: u32, part: u32, at: u16| {
        let middle = fitted(side, u32::from(at.min(1000)), 1000);
        middle.saturating_sub(part / 2).min(side - part)
    };
    Area { x: start(width, w, focus.x), y: start(height, h, focus.y), width: w, height: h }
}

/// One file of a picture, ready for the store.
#[derive(Debug, Clone)]
pub struct Rendition {
    /// `None`: the whole picture.
    pub shape: Option<Shape>,
    pub width: u32,
    pub height: u32,
    pub extension: Extension,
    pub bytes: Vec<u8>,
}

/// What is to be made of a picture.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Files of the whole picture that are there already: they stay what they are.
    pub known: Vec<(Extension, u32)>,
    /// Crops around this point; none without.
    pub crops: Option<Focus>,
}

impl Order {
    /// Whether a picture of this width has all its files.
    pub fn is_done(&self, width: u32) -> bool {
        self.crops.is_none()
            && widths(&WIDTHS, width).iter().all(|&width| self.wanted(width).next().is_none())
    }

    fn wanted(&self, width: u32) -> impl Iterator<Item = Extension> {
        [Extension::Webp, Extension::Jpg]
            .into_iter()
            .filter(move |kind| !self.known.contains(&(*kind, width)))
    }
}

/// Each width as WebP and as JPEG, smallest first; then the crops. Nothing is enlarged: the widest copy is as wide
/// as the original, or 1920. Takes seconds for a large photograph: call it through `Workshop`.
pub fn make(original: &[u8], order: &Order) -> Result<Vec<Rendition>, Refused> {
    let (image, _) = probe::decode(original)?;
    let image = two_kinds(image);
    let mut resizer = Resizer::new();
    let mut crops = Vec::new();
    for (shape, focus) in Shape::ALL.into_iter().filter_map(|shape| Some((shape, order.crops?))) {
        let part = area(shape, (image.width(), image.height()), focus);
        let part = image.crop_imm(part.x, part.y, part.width, part.height);
        let both = |_| vec![Extension::Webp, Extension::Jpg];
        crops.extend(series(&mut resizer, part, shape.widths(), Some(shape), both)?);
    }
    let mut made = series(&mut resizer, image, &WIDTHS, None, |width| order.wanted(width).collect())?;
    made.extend(crops);
    Ok(made)
}

/// Each from the next larger: the whole original is walked through once only.
fn series(
    resizer: &mut Resizer,
    mut image: DynamicImage,
    at: &[u32],
    shape: Option<Shape>,
    kinds: impl Fn(u32) -> Vec<Extension>,
) -> Result<Vec<Rendition>, Refused> {
    let original = (image.width(), image.height());
    let mut made = Vec::with_capacity(at.len() * 2);
    for width in widths(at, original.0).into_iter().rev() {
        let height = match shape.map(Shape::ratio) {
            Some((across, down)) => scaled(down, width, across),
            None => scaled(original.1, width, original.0),
        };
        image = resized(resizer, image, width, height)?;
        for extension in kinds(width).into_iter().rev() {
            let bytes = if extension == Extension::Webp { webp(&image)? } else { jpeg(&image)? };
            made.push(Rendition { shape, width, height, extension, bytes });
        }
    }
    made.reverse();
    Ok(made)
}

/// One JPEG of a picture whose pixels are at hand. Some hundredths of a second.
pub fn first(image: DynamicImage) -> Result<Rendition, Refused> {
    let image = two_kinds(image);
    let width = FIRST_WIDTH.min(image.width());
    let height = scaled(image.height(), width, image.width());
    let image = resized(&mut Resizer::new(), image, width, height)?;
    Ok(Rendition { shape: None, width, height, extension: Extension::Jpg, bytes: jpeg(&image)? })
}

fn two_kinds(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() { image.into_rgba8().into() } else { image.into_rgb8().into() }
}

/// Those below the original's width, and the widest that it fills.
fn widths(at: &[u32], original: u32) -> Vec<u32> {
    let widest = at.iter().max().map_or(original, |largest| (*largest).min(original));
    let mut widths: Vec<u32> = at.iter().copied().filter(|&width| width < widest).collect();
    widths.push(widest);
    widths
}

fn resized(
    resizer: &mut Resizer,
    image: DynamicImage,
    width: u32,
    height: u32,
) -> Result<DynamicImage, Refused> {
    if (width, height) == (image.width(), image.height()) {
        return Ok(image);
    }
    let mut small = DynamicImage::new(width, height, image.color());
    // The two kinds of pixels there are, by name: left to find out, the library is built for thirteen.
    let done = if image.color().has_alpha() {
        resize::<U8x4>(resizer, &image, &mut small)
    } else {
        resize::<U8x3>(resizer, &image, &mut small)
    };
    done.map(|()| small).ok_or(Refused::Broken)
}

/// Lanczos3, with colours weighed by alpha, is the library's default.
fn resize<P: PixelTrait>(resizer: &mut Resizer, from: &DynamicImage, to: &mut DynamicImage) -> Option<()> {
    resizer.resize_typed(&from.image_view::<P>()?, &mut to.image_view_mut::<P>()?, None).ok()
}

/// Rounded, and never nothing.
fn scaled(height: u32, width: u32, original_width: u32) -> u32 {
    let original_width = u64::from(original_width.max(1));
    let scaled = (u64::from(height) * u64::from(width) + original_width / 2) / original_width;
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

fn webp(image: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let encoder = match image {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, image.width(), image.height()),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, image.width(), image.height()),
        _ => return Err(Refused::Broken),
    };
    encoder.encode_simple(false, WEBP_QUALITY).map(|file| file.to_vec()).map_err(|_| Refused::Broken)
}

fn jpeg(image: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
    let written = match image {
        DynamicImage::ImageRgba8(pixels) => on_white(pixels).write_with_encoder(encoder),
        _ => image.write_with_encoder(encoder),
    };
    written.map_err(|_| Refused::Broken)?;
    Ok(out)
}

/// JPEG knows no transparency, and paper is white.
fn on_white(pixels: &RgbaImage) -> RgbImage {
    let mut out = RgbImage::new(pixels.width(), pixels.height());
    for (from, to) in pixels.pixels().zip(out.pixels_mut()) {
        let [red, green, blue, alpha] = from.0;
        to.0 = [red, green, blue].map(|channel| over_white(channel, alpha));
    }
    out
}

fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    let mixed = (channel * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgb, Rgba};

    use super::*;

    fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image.into().write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn nothing_is_enlarged_and_there_is_always_one() {
        let at = [480, 960, 1600];
        assert_eq!(widths(&at, 4000), [480, 960, 1600]);
        assert_eq!(widths(&at, 1600), [480, 960, 1600]);
        assert_eq!(widths(&at, 1200), [480, 960, 1200]);
        assert_eq!(widths(&at, 481), [480, 481]);
        assert_eq!(widths(&at, 300), [300]);
        assert_eq!(widths(&at, 1), [1]);
    }

    fn sizes(made: &[Rendition]) -> Vec<(Option<Shape>, u32, u32, Extension)> {
        made.iter().map(|one| (one.shape, one.width, one.height, one.extension)).collect()
    }

    #[test]
    fn each_width_is_made_as_webp_and_as_jpeg() {
        let made = make(&png(RgbImage::from_pixel(700, 350, Rgb([200, 30, 30]))), &Order::default()).unwrap();
        let (webp, jpg) = (Extension::Webp, Extension::Jpg);
        assert_eq!(
            sizes(&made),
            [
                (None, 320, 160, webp),
                (None, 320, 160, jpg),
                (None, 640, 320, webp),
                (None, 640, 320, jpg),
                (None, 700, 350, webp),
                (None, 700, 350, jpg),
            ]
        );
        for one in made {
            let format = if one.extension == jpg { ImageFormat::Jpeg } else { ImageFormat::WebP };
            let image = image::load_from_memory_with_format(&one.bytes, format).unwrap().into_rgb8();
            assert_eq!(image.dimensions(), (one.width, one.height));
            assert!(image.get_pixel(one.width / 2, one.height / 2).0[0] > 180);
        }
    }

    #[test]
    fn what_is_there_is_not_made_again() {
        let picture = png(RgbImage::new(400, 200));
        let mut order = Order { known: vec![(Extension::Jpg, 320)], crops: None };
        let made = make(&picture, &order).unwrap();
        let (webp, jpg) = (Extension::Webp, Extension::Jpg);
        assert_eq!(sizes(&made), [(None, 320, 160, webp), (None, 400, 200, webp), (None, 400, 200, jpg)]);
        assert!(!order.is_done(400));
        order.known.extend(made.iter().map(|one| (one.extension, one.width)));
        assert!(order.is_done(400));
    }

    #[test]
    fn a_crop_is_the_largest_part_of_its_shape_around_the_focal_point() {
        let at = |shape, size, (x, y)| {
            let Area { x, y, width, height } = area(shape, size, Focus { x, y });
            (x, y, width, height)
        };
        assert_eq!(at(Shape::Square, (600, 400), (500, 500)), (100, 0, 400, 400));
        assert_eq!(at(Shape::Square, (600, 400), (0, 0)), (0, 0, 400, 400));
        assert_eq!(at(Shape::Square, (600, 400), (1000, 0)), (200, 0, 400, 400));
        assert_eq!(at(Shape::Square, (600, 400), (600, 0)), (160, 0, 400, 400));
        assert_eq!(at(Shape::Wide, (1600, 1600), (500, 250)), (0, 0, 1600, 900));
        assert_eq!(at(Shape::Wide, (1600, 1600), (500, 800)), (0, 700, 1600, 900));
        assert_eq!(at(Shape::Classic, (400, 300), (900, 900)), (0, 0, 400, 300));
        assert_eq!(at(Shape::Wide, (1, 1), (500, 500)), (0, 0, 1, 1));
        assert_eq!(at(Shape::Wide, (12_000, 1), (500, 500)), (5999, 0, 2, 1));
    }

    #[test]
    fn crops_show_what_lies_at_the_focal_point() {
        // Red at the left, blue at the right.
        let picture =
            RgbImage::from_fn(900, 300, |x, _| if x < 450 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) });
        let order = Order { known: Vec::new(), crops: Some(Focus { x: 900, y: 500 }) };
        let made = make(&png(picture), &order).unwrap();
        let squares: Vec<_> = made.iter().filter(|one| one.shape == Some(Shape::Square)).collect();
        assert_eq!(squares.iter().map(|one| one.width).collect::<Vec<_>>(), [160, 160, 300, 300]);
        for one in squares {
            let image = image::load_from_memory(&one.bytes).unwrap().into_rgb8();
            assert_eq!(image.dimensions(), (one.width, one.width));
            assert!(image.get_pixel(5, 5).0[2] > 180);
        }
        let wide = made.iter().find(|one| one.shape == Some(Shape::Wide)).unwrap();
        assert_eq!((wide.width, wide.height), (480, 270));
    }

    #[test]
    fn a_sliver_keeps_a_pixel_of_height() {
        let made = make(&png(RgbImage::new(2000, 1)), &Order::default()).unwrap();
        assert!(made.iter().all(|one| one.height == 1));
    }

    #[test]
    fn what_is_transparent_is_white_in_a_jpeg_and_stays_transparent_in_webp() {
        let made =
            make(&png(RgbaImage::from_pixel(40, 40, Rgba([10, 10, 10, 0]))), &Order::default()).unwrap();
        let pixel = |extension| {
            let file = made.iter().find(|one| one.extension == extension).unwrap();
            image::load_from_memory(&file.bytes).unwrap().into_rgba8().get_pixel(20, 20).0
        };
        assert!(pixel(Extension::Jpg)[..3].iter().all(|&channel| channel > 250));
        assert_eq!(pixel(Extension::Webp)[3], 0);
    }
}
