//! Pictures: told by content, measured before they are decoded, turned upright, and encoded anew so that
//! only pixels survive.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::{Refused, colour};
use crate::media::Extension;

/// The largest file that is looked at.
pub const PICTURE_BYTES: u64 = 20 * 1024 * 1024;
/// The longest side that is decoded.
pub const PICTURE_SIDE: u32 = 12_000;
/// What a good camera makes; 160 MB of memory with four channels.
pub const PICTURE_PIXELS: u64 = 40_000_000;
/// What one decode may allocate. A 48 kB file can ask for 400 MB without this.
const DECODE_BYTES: u64 = 256 * 1024 * 1024;
/// High enough that the renditions, which are made from this copy, show no second generation.
const ORIGINAL_QUALITY: u8 = 92;

/// A picture that is only a picture.
#[derive(Debug, Clone)]
pub struct Clean {
    pub bytes: Vec<u8>,
    pub extension: Extension,
    pub width: u32,
    pub height: u32,
}

/// Decodes and encodes again. Of an animation the first frame remains. Takes seconds for the largest
/// pictures: call it through `Workshop`.
pub fn picture(bytes: &[u8]) -> Result<Clean, Refused> {
    picture_and_pixels(bytes).map(|(clean, _)| clean)
}

/// The same, with its pixels for whoever makes something of them at once.
pub fn picture_and_pixels(bytes: &[u8]) -> Result<(Clean, DynamicImage), Refused> {
    if bytes.len() as u64 > PICTURE_BYTES {
        return Err(Refused::TooHeavy);
    }
    let (image, format) = decode(bytes)?;
    let (width, height) = (image.width(), image.height());
    let (bytes, extension) = match format {
        ImageFormat::Jpeg => (jpeg(&image)?, Extension::Jpg),
        _ => (png(&image)?, Extension::Png),
    };
    Ok((Clean { bytes, extension, width, height }, image))
}

/// The pixels, upright, in sRGB, 8 bits a channel.
pub fn decode(bytes: &[u8]) -> Result<(DynamicImage, ImageFormat), Refused> {
    let format = format(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // Sides are checked by hand below, where the sentence can name them.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODE_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;

    let (width, height) = decoder.dimensions();
    if width > PICTURE_SIDE || height > PICTURE_SIDE || u64::from(width) * u64::from(height) > PICTURE_PIXELS
    {
        return Err(Refused::TooLarge { width, height });
    }
    if decoder.total_bytes() > DECODE_BYTES {
        return Err(Refused::TooDeep);
    }

    // Damaged metadata is no reason to refuse a sound picture: it is thrown away in any case.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    let mut image = colour::to_srgb(eight_bits(image), profile.as_deref());
    image.apply_orientation(orientation);
    Ok((image, format))
}

fn format(bytes: &[u8]) -> Result<ImageFormat, Refused> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif)) => {
            Ok(format)
        }
        Ok(ImageFormat::Tiff) => Err(Refused::OtherPicture("TIFF")),
        Ok(ImageFormat::Bmp) => Err(Refused::OtherPicture("BMP")),
        Ok(ImageFormat::Ico) => Err(Refused::OtherPicture("ICO")),
        Ok(ImageFormat::Avif) => Err(Refused::OtherPicture("AVIF")),
        _ if is_heic(bytes) => Err(Refused::OtherPicture("HEIC")),
        _ if is_svg(bytes) => Err(Refused::Svg),
        _ => Err(Refused::NotAPicture),
    }
}

/// What telephones call a photo.
fn is_heic(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        && matches!(bytes.get(8..12), Some(b"heic" | b"heix" | b"mif1" | b"hevc"))
}

/// Only chooses the sentence; what is not one of the four formats is refused either way.
fn is_svg(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    head.windows(4).any(|window| window.eq_ignore_ascii_case(b"<svg"))
}

fn eight_bits(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageLuma8(_)
        | DynamicImage::ImageLumaA8(_)
        | DynamicImage::ImageRgb8(_)
        | DynamicImage::ImageRgba8(_) => image,
        deep if deep.color().has_alpha() => deep.into_rgba8().into(),
        deep => deep.into_rgb8().into(),
    }
}

fn jpeg(image: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    image
        .write_with_encoder(JpegEncoder::new_with_quality(&mut out, ORIGINAL_QUALITY))
        .map_err(|error| refused(&error))?;
    Ok(out)
}

fn png(image: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    // Nobody downloads the original, so time counts for more than its last kilobytes.
    let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
    image.write_with_encoder(encoder).map_err(|error| refused(&error))?;
    Ok(out)
}

fn refused(error: &ImageError) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::TooDeep,
        _ => Refused::Broken,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, Instant};

    use exif::{In, Tag};
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    const CANARY: &[u8] = b"SOURCE-IS-AT-59.9139";

    /// Left half red, right half blue, wider than high.
    fn two_halves() -> RgbImage {
        RgbImage::from_fn(64, 32, |x, _| if x < 32 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
    }

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn contains(bytes: &[u8], canary: &[u8]) -> bool {
        bytes.windows(canary.len()).any(|window| window == canary)
    }

    /// Orientation 6 (turn clockwise), a description and a position, as a camera writes them.
    fn exif_block() -> Vec<u8> {
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            let value = if kind == 3 { value << 16 } else { value };
            [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
        };
        let text = u32::try_from(CANARY.len()).unwrap();
        let text_at = 8 + 2 + 3 * 12 + 4;
        let gps_at = text_at + text;
        let gps_text_at = gps_at + 2 + 12 + 4;
        [
            &b"MM\0*\0\0\0\x08"[..],
            &3u16.to_be_bytes(),
            &entry(0x010E, 2, text, text_at),
            &entry(0x0112, 3, 1, 6),
            &entry(0x8825, 4, 1, gps_at),
            &[0; 4],
            CANARY,
            &1u16.to_be_bytes(),
            &entry(0x001C, 7, text, gps_text_at),
            &[0; 4],
            CANARY,
        ]
        .concat()
    }

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap();
        [&[0xFF, marker][..], &length.to_be_bytes(), body].concat()
    }

    fn telltale_jpeg() -> Vec<u8> {
        let plain = encoded(&two_halves().into(), ImageFormat::Jpeg);
        [
            &plain[..2],
            &segment(0xE1, &[b"Exif\0\0", &exif_block()[..]].concat()),
            &segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>", CANARY].concat()),
            &segment(0xED, &[b"Photoshop 3.0\x008BIM\x04\x04\0\0", CANARY].concat()),
            &segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", CANARY].concat()),
            &segment(0xFE, CANARY),
            &plain[2..],
            CANARY,
            b"PK\x03\x04 <script>alert(1)</script>",
        ]
        .concat()
    }

    #[test]
    fn nothing_a_camera_wrote_survives_and_the_picture_stands_upright() {
        let original = telltale_jpeg();
        let read = exif::Reader::new().read_from_container(&mut Cursor::new(&original)).unwrap();
        assert_eq!(read.get_field(Tag::Orientation, In::PRIMARY).unwrap().value.get_uint(0), Some(6));
        assert!(read.fields().any(|field| field.tag == Tag::GPSAreaInformation));

        let clean = picture(&original).unwrap();
        assert_eq!(clean.extension, Extension::Jpg);
        assert_eq!((clean.width, clean.height), (32, 64));
        for left in [CANARY, b"Exif", b"xmpmeta", b"Photoshop", b"ICC_PROFILE", b"<script", b"PK\x03\x04"] {
            assert!(!contains(&clean.bytes, left), "{}", String::from_utf8_lossy(left));
        }
        let upright = image::load_from_memory(&clean.bytes).unwrap().into_rgb8();
        assert_eq!(upright.dimensions(), (32, 64));
        assert!(upright.get_pixel(16, 8).0[0] > 150, "what was left is now above: red");
        assert!(upright.get_pixel(16, 56).0[2] > 150, "what was right is now below: blue");
    }

    #[test]
    fn a_png_loses_its_text_and_its_tail_and_keeps_its_pixels() {
        let level = |at: u32| u8::try_from(at * 25).unwrap();
        let pixels = RgbaImage::from_fn(9, 7, |x, y| Rgba([level(x), level(y), 128, level(x)]));
        let plain = encoded(&pixels.clone().into(), ImageFormat::Png);
        let text = [b"tEXtComment\0", CANARY].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&text);
        let length = u32::try_from(text.len() - 4).unwrap();
        // After the signature and IHDR.
        let with_text =
            [&plain[..33], &length.to_be_bytes(), &text, &crc.sum().to_be_bytes(), &plain[33..], CANARY]
                .concat();
        let clean = picture(&with_text).unwrap();
        assert_eq!(clean.extension, Extension::Png);
        assert!(!contains(&clean.bytes, CANARY));
        assert_eq!(image::load_from_memory(&clean.bytes).unwrap().into_rgba8(), pixels);
    }

    #[test]
    fn gif_and_webp_become_png() {
        for format in [ImageFormat::Gif, ImageFormat::WebP] {
            let bytes = encoded(&DynamicImage::from(two_halves()).into_rgba8().into(), format);
            let clean = picture(&[&bytes[..], CANARY].concat()).unwrap();
            assert_eq!((clean.extension, clean.width, clean.height), (Extension::Png, 64, 32));
            assert!(!contains(&clean.bytes, CANARY));
        }
    }

    #[test]
    fn a_profile_is_applied_before_it_is_thrown_away() {
        let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        let pixels = RgbImage::from_pixel(32, 32, Rgb([120, 200, 60]));
        let plain = encoded(&pixels.into(), ImageFormat::Jpeg);
        let icc = segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &profile[..]].concat());
        let wide = [&plain[..2], &icc, &plain[2..]].concat();
        let pixel = |bytes: &[u8]| {
            let clean = picture(bytes).unwrap();
            image::load_from_memory(&clean.bytes).unwrap().into_rgb8().get_pixel(16, 16).0
        };
        let [red, green, _] = pixel(&plain);
        let [wide_red, wide_green, _] = pixel(&wide);
        // The same numbers mean a stronger green in Display P3: in sRGB less red, more green.
        assert!(wide_red + 10 < red, "{wide_red} {red}");
        assert!(wide_green > green, "{wide_green} {green}");
    }

    /// A PNG of nothing: the header claims the size, the data are a few zeros.
    fn claiming_png(side: u32) -> Vec<u8> {
        let chunk = |name: &[u8; 4], body: &[u8]| {
            let mut crc = flate2::Crc::new();
            crc.update(name);
            crc.update(body);
            let length = u32::try_from(body.len()).unwrap();
            [&length.to_be_bytes()[..], name, body, &crc.sum().to_be_bytes()].concat()
        };
        let bytes = side.to_be_bytes();
        let header = [&bytes[..], &bytes, &[8, 2, 0, 0, 0]].concat();
        [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header), &chunk(b"IDAT", &[0; 64]), &chunk(b"IEND", &[])]
            .concat()
    }

    #[test]
    fn a_flood_of_pixels_is_refused_before_it_is_decoded() {
        let started = Instant::now();
        for side in [12_001, 20_000, 50_000] {
            let refused = picture(&claiming_png(side)).unwrap_err();
            assert_eq!(refused, Refused::TooLarge { width: side, height: side });
        }
        // Within its sides, but too many pixels in all.
        assert_eq!(
            picture(&claiming_png(7_000)).unwrap_err(),
            Refused::TooLarge { width: 7_000, height: 7_000 }
        );
        assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
    }

    #[test]
    fn what_is_no_picture_is_refused_whatever_it_is_called() {
        let cases: [(&[u8], Refused); 7] = [
            (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", Refused::Svg),
            (b"<!doctype html><script>alert(1)</script>", Refused::NotAPicture),
            (b"%PDF-1.7", Refused::NotAPicture),
            (b"", Refused::NotAPicture),
            (b"II*\0 a tiff", Refused::OtherPicture("TIFF")),
            (b"\0\0\x01\0 an icon", Refused::OtherPicture("ICO")),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Refused::OtherPicture("HEIC")),
        ];
        for (bytes, refused) in cases {
            assert_eq!(picture(bytes).unwrap_err(), refused);
        }
    }

    #[test]
    fn a_file_that_is_too_heavy_is_not_looked_at() {
        let bytes = vec![0; usize::try_from(PICTURE_BYTES).unwrap() + 1];
        assert_eq!(picture(&bytes).unwrap_err(), Refused::TooHeavy);
    }

    #[test]
    fn a_script_that_begins_like_a_gif_is_refused() {
        assert_eq!(picture(b"GIF89a/*\x01\x01\x01\x01*/=0;alert(1)//").unwrap_err(), Refused::Broken);
    }

    #[test]
    fn a_torn_picture_is_refused_and_never_panics() {
        let png = encoded(&two_halves().into(), ImageFormat::Png);
        for cut in 8..png.len() - 20 {
            assert!(picture(&png[..cut]).is_err(), "cut at {cut}");
        }
        let jpeg = telltale_jpeg();
        for cut in (0..jpeg.len()).step_by(7) {
            // A decoder may fill in what is missing; that is a picture still.
            let _ = picture(&jpeg[..cut]);
        }
    }
}
