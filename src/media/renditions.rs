//! The smaller copies of a picture that pages show.
//!
//! Not here: the original (`probe`), where copies are kept (`store`), when they are made (`jobs`).

use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{IntoImageView, IntoImageViewMut, PixelTrait, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage, RgbaImage};

use super::Extension;
use super::probe::{self, Refused};

/// A card, a column, a whole screen (or a column on a fine screen).
pub const WIDTHS: [u32; 3] = [480, 960, 1600];
/// What can be shown the moment after an upload, before the job has made the rest.
const FIRST_WIDTH: u32 = 960;
/// Where photographs look the same and weigh about a third less than at 90.
const WEBP_QUALITY: f32 = 78.0;
const JPEG_QUALITY: u8 = 80;

/// One file of a picture, ready for the store.
#[derive(Debug, Clone)]
pub struct Rendition {
    pub width: u32,
    pub height: u32,
    pub extension: Extension,
    pub bytes: Vec<u8>,
}

/// Each width as WebP and as JPEG, smallest first. Nothing is enlarged: the widest copy is as wide as the
/// original, or 1600. Takes about a second for a large photograph: call it through `Workshop`.
pub fn make(original: &[u8]) -> Result<Vec<Rendition>, Refused> {
    let (image, _) = probe::decode(original)?;
    let mut image = two_kinds(image);
    let original = (image.width(), image.height());
    let mut resizer = Resizer::new();
    let mut renditions = Vec::with_capacity(WIDTHS.len() * 2);
    // Each from the next larger: the whole original is walked through once only.
    for width in widths(original.0).into_iter().rev() {
        let height = scaled(original.1, width, original.0);
        image = resized(&mut resizer, image, width, height)?;
        let files = [(Extension::Jpg, jpeg(&image)?), (Extension::Webp, webp(&image)?)];
        renditions.extend(files.map(|(extension, bytes)| Rendition { width, height, extension, bytes }));
    }
    renditions.reverse();
    Ok(renditions)
}

/// One JPEG of a picture whose pixels are at hand. Some hundredths of a second.
pub fn first(image: DynamicImage) -> Result<Rendition, Refused> {
    let image = two_kinds(image);
    let width = FIRST_WIDTH.min(image.width());
    let height = scaled(image.height(), width, image.width());
    let image = resized(&mut Resizer::new(), image, width, height)?;
    Ok(Rendition { width, height, extension: Extension::Jpg, bytes: jpeg(&image)? })
}

fn two_kinds(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() { image.into_rgba8().into() } else { image.into_rgb8().into() }
}

fn widths(original: u32) -> Vec<u32> {
    let widest = WIDTHS.into_iter().max().map_or(original, |largest| largest.min(original));
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|&width| width < widest).collect();
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
        assert_eq!(widths(4000), [480, 960, 1600]);
        assert_eq!(widths(1600), [480, 960, 1600]);
        assert_eq!(widths(1200), [480, 960, 1200]);
        assert_eq!(widths(960), [480, 960]);
        assert_eq!(widths(481), [480, 481]);
        assert_eq!(widths(300), [300]);
        assert_eq!(widths(1), [1]);
    }

    #[test]
    fn each_width_is_made_as_webp_and_as_jpeg() {
        let made = make(&png(RgbImage::from_pixel(1000, 500, Rgb([200, 30, 30])))).unwrap();
        let sizes: Vec<_> = made.iter().map(|one| (one.width, one.height, one.extension)).collect();
        let (webp, jpg) = (Extension::Webp, Extension::Jpg);
        assert_eq!(
            sizes,
            [
                (480, 240, webp),
                (480, 240, jpg),
                (960, 480, webp),
                (960, 480, jpg),
                (1000, 500, webp),
                (1000, 500, jpg),
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
    fn a_sliver_keeps_a_pixel_of_height() {
        let made = make(&png(RgbImage::new(2000, 1))).unwrap();
        assert!(made.iter().all(|one| one.height == 1));
    }

    #[test]
    fn what_is_transparent_is_white_in_a_jpeg_and_stays_transparent_in_webp() {
        let made = make(&png(RgbaImage::from_pixel(40, 40, Rgba([10, 10, 10, 0])))).unwrap();
        let pixel = |extension| {
            let file = made.iter().find(|one| one.extension == extension).unwrap();
            image::load_from_memory(&file.bytes).unwrap().into_rgba8().get_pixel(20, 20).0
        };
        assert!(pixel(Extension::Jpg)[..3].iter().all(|&channel| channel > 250));
        assert_eq!(pixel(Extension::Webp)[3], 0);
    }
}
