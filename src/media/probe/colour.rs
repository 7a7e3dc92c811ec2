//! Colours: a picture whose profile is thrown away must first be brought to the colours of the web.

use image::{DynamicImage, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// The picture in sRGB. A profile that is damaged, or that does not fit the pixels (the CMYK profile of a
/// JPEG that the decoder has already turned into RGB), is left out of account, as browsers do.
pub fn to_srgb(image: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let Some(profile) = profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok()) else {
        return image;
    };
    transformed(&image, &profile).unwrap_or(image)
}

fn transformed(image: &DynamicImage, profile: &ColorProfile) -> Option<DynamicImage> {
    let (width, height) = (image.width(), image.height());
    match (image, profile.color_space) {
        (DynamicImage::ImageRgb8(pixels), DataColorSpace::Rgb) => {
            let out = run(profile, pixels, Layout::Rgb, 3, Layout::Rgb, 3, width)?;
            RgbImage::from_raw(width, height, out).map(Into::into)
        }
        (DynamicImage::ImageRgba8(pixels), DataColorSpace::Rgb) => {
            let out = run(profile, pixels, Layout::Rgba, 4, Layout::Rgba, 4, width)?;
            RgbaImage::from_raw(width, height, out).map(Into::into)
        }
        (DynamicImage::ImageLuma8(pixels), DataColorSpace::Gray) => {
            let out = run(profile, pixels, Layout::Gray, 1, Layout::Rgb, 3, width)?;
            RgbImage::from_raw(width, height, out).map(Into::into)
        }
        _ => None,
    }
}

fn run(
    profile: &ColorProfile,
    pixels: &[u8],
    from: Layout,
    from_channels: usize,
    to: Layout,
    to_channels: usize,
    width: u32,
) -> Option<Vec<u8>> {
    let transform = profile
        .create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default())
        .ok()?;
    let mut out = vec![0; pixels.len() / from_channels * to_channels];
    let width = width as usize;
    for (from, to) in
        pixels.chunks_exact(width * from_channels).zip(out.chunks_exact_mut(width * to_channels))
    {
        transform.transform(from, to).ok()?;
    }
    Some(out)
}
