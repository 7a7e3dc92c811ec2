//! The icons of a site, from one logo: square PNG files in the sizes that browsers, phones and search engines ask for.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use super::probe::{self, Refused};

/// The small ones for tabs and search engines, then a phone's home screen, then a manifest's two.
pub const SIZES: [u32; 5] = [32, 48, HOME_SCREEN, 192, 512];
/// A phone puts no ground below it and cuts its corners.
pub const HOME_SCREEN: u32 = 180;
/// Of the home screen's icon, on each side, in hundredths.
const MARGIN: u32 = 10;

/// One file.
#[derive(Clone, Debug)]
pub struct Icon {
    pub size: u32,
    pub png: Vec<u8>,
}

/// All of them. A logo that is not square gets room above or beside it.
pub fn make(logo: &[u8]) -> Result<Vec<Icon>, Refused> {
    let (logo, _) = probe::decode(logo)?;
    SIZES.into_iter().map(|size| icon(&logo, size)).collect()
}

fn icon(logo: &DynamicImage, size: u32) -> Result<Icon, Refused> {
    let is_home = size == HOME_SCREEN;
    let ground = if is_home { Rgba([255, 255, 255, 255]) } else { Rgba([0, 0, 0, 0]) };
    let inner = if is_home { size - 2 * size * MARGIN / 100 } else { size };
    let fitted = logo.resize(inner, inner, FilterType::Lanczos3).to_rgba8();
    let mut canvas = RgbaImage::from_pixel(size, size, ground);
    let (left, top) = ((size - fitted.width()) / 2, (size - fitted.height()) / 2);
    imageops::overlay(&mut canvas, &fitted, i64::from(left), i64::from(top));
    let mut png = Cursor::new(Vec::new());
    canvas.write_to(&mut png, ImageFormat::Png).map_err(|_| Refused::Broken)?;
    Ok(Icon { size, png: png.into_inner() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_logo_gets_room_and_a_phone_gets_a_ground() {
        let logo = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(300, 100, image::Rgb([200, 0, 0])));
        let mut bytes = Cursor::new(Vec::new());
        logo.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let icons = make(&bytes.into_inner()).unwrap();
        assert_eq!(icons.iter().map(|icon| icon.size).collect::<Vec<_>>(), SIZES);
        for icon in icons {
            let picture = image::load_from_memory(&icon.png).unwrap().to_rgba8();
            assert_eq!(picture.dimensions(), (icon.size, icon.size));
            let corner = picture.get_pixel(0, 0).0;
            assert_eq!(corner, if icon.size == HOME_SCREEN { [255; 4] } else { [0; 4] });
            assert_eq!(picture.get_pixel(icon.size / 2, icon.size / 2).0, [200, 0, 0, 255]);
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(make(b"<svg></svg>").is_err());
    }
}
