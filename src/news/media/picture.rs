//! How a picture or a film is shown: the files it has, as the attributes that pages, feeds and previews need.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

use crate::media::Extension;
use crate::media::renditions::Shape;
use crate::paths;

/// The width that suits a column, for browsers that choose none themselves.
const USUAL_WIDTH: i32 = 960;
/// An address stays readable when it is pasted.
const NAME_BYTES: usize = 60;

/// One file, as `json_build_object('w', …)` in the queries writes it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rendition {
    pub w: i32,
    pub h: i32,
    /// Extension.
    pub e: String,
    /// SHA-256, in hex.
    pub s: String,
    /// The crop that it is; none for the whole picture.
    #[serde(default)]
    pub c: Option<Shape>,
}

/// A picture where it is used, with the words that belong to it there.
#[derive(Clone, Debug)]
pub struct Picture {
    pub renditions: Vec<Rendition>,
    pub crops: Vec<Rendition>,
    pub width: i32,
    pub height: i32,
    pub alt: String,
    pub caption: String,
    pub credit: String,
    /// As it stands in the addresses of its files.
    pub name: String,
}

impl Picture {
    /// `None` only for sizes that no picture has. The words are alt text, caption and credit.
    pub fn new(
        name: &str,
        (width, height): (i32, i32),
        renditions: Vec<Rendition>,
        (alt, caption, credit): (&str, &str, &str),
    ) -> Option<Self> {
        let (crops, renditions) = renditions.into_iter().partition(|file| file.c.is_some());
        (width > 0 && height > 0).then(|| Self {
            renditions,
            crops,
            width,
            height,
            alt: alt.to_owned(),
            caption: caption.to_owned(),
            credit: credit.to_owned(),
            name: address_name(name, "picture"),
        })
    }

    /// The crop 16:9 for a card; the picture as it is while there is none.
    #[must_use]
    pub fn wide(&self) -> Self {
        self.crop(Shape::Wide)
    }

    /// The crop 4:3.
    #[must_use]
    pub fn classic(&self) -> Self {
        self.crop(Shape::Classic)
    }

    /// The crop 1:1.
    #[must_use]
    pub fn square(&self) -> Self {
        self.crop(Shape::Square)
    }

    fn crop(&self, shape: Shape) -> Self {
        let files: Vec<Rendition> = self.crops.iter().filter(|file| file.c == Some(shape)).cloned().collect();
        match files.last().map(|widest| (widest.w, widest.h)) {
            Some((width, height)) => Self { renditions: files, width, height, ..self.clone() },
            None => self.clone(),
        }
    }

    /// The job has made its files; until then a page keeps its place free.
    pub fn is_ready(&self) -> bool {
        self.jpegs().next().is_some()
    }

    /// Not in the first moments, when there is one JPEG alone.
    pub fn has_webp(&self) -> bool {
        self.renditions.iter().any(|file| file.e == Extension::Webp.as_str())
    }

    /// The JPEG nearest to a column's width.
    pub fn src(&self) -> String {
        self.usual().map(|(.., href)| href).unwrap_or_default()
    }

    /// The smallest JPEG, for a list of the desk.
    pub fn thumb(&self) -> String {
        self.jpegs().min_by_key(|file| file.w).map(|file| self.href(file)).unwrap_or_default()
    }

    /// The file of `src`, with its own size.
    pub fn usual(&self) -> Option<(i32, i32, String)> {
        let file = self.jpegs().min_by_key(|file| (file.w - USUAL_WIDTH).abs())?;
        Some((file.w, file.h, self.href(file)))
    }

    /// `…-480.webp 480w, …-960.webp 960w`
    pub fn srcset_webp(&self) -> String {
        self.srcset(Extension::Webp)
    }

    pub fn srcset_jpeg(&self) -> String {
        self.srcset(Extension::Jpg)
    }

    /// Width, height and address of the widest JPEG, for feeds and previews elsewhere.
    pub fn largest(&self) -> Option<(i32, i32, String)> {
        self.jpegs().max_by_key(|file| file.w).map(|file| (file.w, file.h, self.href(file)))
    }

    /// The same of the widest that is no wider than this.
    pub fn within(&self, width: i32) -> Option<(i32, i32, String)> {
        let file = self.jpegs().filter(|file| file.w <= width).max_by_key(|file| file.w)?;
        Some((file.w, file.h, self.href(file)))
    }

    fn jpegs(&self) -> impl Iterator<Item = &Rendition> {
        self.renditions.iter().filter(|file| file.e == Extension::Jpg.as_str())
    }

    fn srcset(&self, extension: Extension) -> String {
        let mut set = String::new();
        for file in self.renditions.iter().filter(|file| file.e == extension.as_str()) {
            let comma = if set.is_empty() { "" } else { ", " };
            let _ = write!(set, "{comma}{} {}w", self.href(file), file.w);
        }
        set
    }

    fn href(&self, file: &Rendition) -> String {
        paths::media(&file.s, &format!("{}-{}.{}", self.name, file.w, file.e))
    }
}

/// A film that can be played.
#[derive(Clone, Debug)]
pub struct Film {
    pub src: String,
    pub content_type: &'static str,
    pub width: i32,
    pub height: i32,
}

impl Film {
    /// `None` when there is no file that plays.
    pub fn new(name: &str, (width, height): (i32, i32), renditions: &[Rendition]) -> Option<Self> {
        let file = renditions.iter().find(|file| file.e == "mp4" || file.e == "webm")?;
        let extension: Extension = file.e.parse().ok()?;
        let name = format!("{}-{}.{extension}", address_name(name, "film"), file.w);
        Some(Self {
            src: paths::media(&file.s, &name),
            content_type: extension.content_type(),
            width,
            height,
        })
    }
}

/// The name without its extension, in plain letters, for an address that needs no encoding anywhere.
fn address_name(name: &str, otherwise: &str) -> String {
    let is_extension = |end: &str| end.len() <= 5 && end.bytes().all(|b| b.is_ascii_alphanumeric());
    let stem = name.rsplit_once('.').filter(|(_, end)| is_extension(end)).map_or(name, |(stem, _)| stem);
    let mut out = String::new();
    // Decomposed, so that an accented letter leaves its plain one.
    for c in stem.nfkd().filter(|&c| c.is_ascii() || c.is_alphanumeric()) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
        if out.len() == NAME_BYTES {
            break;
        }
    }
    let name = out.trim_end_matches('-');
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn file(w: i32, e: &str) -> Rendition {
        Rendition { w, h: w / 2, e: e.to_owned(), s: format!("{w:064x}"), c: None }
    }

    fn picture(widths: &[i32]) -> Picture {
        let files = widths.iter().flat_map(|&w| [file(w, "jpg"), file(w, "webp")]).collect();
        Picture::new("Sea of ice.jpg", (4000, 2000), files, ("Ice", "", "")).unwrap()
    }

    #[test]
    fn every_width_stands_in_the_srcset_of_its_kind() {
        let picture = picture(&[480, 960]);
        let (narrow, wide) = (format!("{:064x}", 480), format!("{:064x}", 960));
        assert_eq!(
            picture.srcset_webp(),
            format!("/media/{narrow}/sea-of-ice-480.webp 480w, /media/{wide}/sea-of-ice-960.webp 960w")
        );
        assert!(picture.srcset_jpeg().ends_with("sea-of-ice-960.jpg 960w"));
    }

    #[test]
    fn the_usual_file_is_the_jpeg_nearest_to_a_column() {
        assert!(picture(&[480, 960, 1600]).src().ends_with("/sea-of-ice-960.jpg"));
        assert!(picture(&[480, 700]).src().ends_with("/sea-of-ice-700.jpg"));
        let (width, height, href) = picture(&[480, 960, 1600]).largest().unwrap();
        assert_eq!((width, height), (1600, 800));
        assert!(href.ends_with("/sea-of-ice-1600.jpg"));
    }

    #[test]
    fn a_picture_without_files_is_not_ready() {
        let picture = picture(&[]);
        assert!(!picture.is_ready());
        assert_eq!((picture.src().as_str(), picture.largest()), ("", None));
    }

    #[derive(askama::Template)]
    #[template(
        source = r#"{% import "parts/picture.html" as parts %}{% call parts::picture(p, "(min-width: 60rem) 50vw, 100vw", "lazy") %}{% endcall %}"#,
        ext = "html"
    )]
    struct Shown {
        p: Picture,
    }

    #[test]
    fn a_page_offers_every_file_and_the_size_of_the_picture() {
        let page = Shown { p: picture(&[480, 960]) }.to_string();
        let page = scraper::Html::parse_fragment(&page);
        let attribute = |selector: &str, name: &str| {
            let selector = scraper::Selector::parse(selector).unwrap();
            page.select(&selector).next().unwrap().attr(name).unwrap().to_owned()
        };
        assert!(attribute("picture > source[type='image/webp']", "srcset").ends_with("960.webp 960w"));
        assert!(attribute("picture > img", "src").ends_with("/sea-of-ice-960.jpg"));
        assert_eq!(attribute("picture > img", "sizes"), "(min-width: 60rem) 50vw, 100vw");
        assert_eq!((attribute("img", "width"), attribute("img", "height")), ("4000".into(), "2000".into()));
        assert_eq!((attribute("img", "alt"), attribute("img", "loading")), ("Ice".into(), "lazy".into()));
    }

    #[test]
    fn a_page_keeps_the_room_of_a_picture_that_has_no_files_yet() {
        let mut waiting = picture(&[]);
        waiting.alt = "\"><script>".to_owned();
        let page = Shown { p: waiting }.to_string();
        assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("<img"), "{page}");
        assert!(page.contains(r#"viewBox="0 0 4000 2000" width="4000" height="2000""#), "{page}");
    }

    #[test]
    fn a_name_becomes_plain_letters_or_the_stand_in() {
        for (name, expected) in [
            ("Café à l'étage.JPG", "cafe-a-l-etage"),
            ("../../x", "x"),
            ("St. Petersburg, 1914", "st-petersburg-1914"),
            ("..\\..\\x.png", "x"),
            ("новости.jpg", "picture"),
            ("новости 2024.jpg", "2024"),
            ("", "picture"),
            ("\"><script>.png", "script"),
        ] {
            assert_eq!(address_name(name, "picture"), expected, "{name}");
        }
        assert_eq!(address_name(&"ab ".repeat(100), "picture").len(), 59);
    }

    #[test]
    fn the_files_are_read_as_the_queries_write_them() {
        let json = r#"[{"w": 480, "h": 320, "e": "jpg", "s": "ab"}]"#;
        let files: Vec<Rendition> = serde_json::from_str(json).unwrap();
        assert_eq!(files, [Rendition { w: 480, h: 320, e: "jpg".into(), s: "ab".into(), c: None }]);
        let json = r#"[{"w": 480, "h": 270, "e": "jpg", "s": "ab", "c": "16x9"}, {"w": 1, "h": 1, "e": "jpg", "s": "ab", "c": null}]"#;
        let files: Vec<Rendition> = serde_json::from_str(json).unwrap();
        assert_eq!((files[0].c, files[1].c), (Some(Shape::Wide), None));
    }

    #[test]
    fn a_card_shows_the_crop_of_its_shape_or_the_picture_as_it_is() {
        let mut files = vec![file(480, "jpg"), file(960, "jpg")];
        files.push(Rendition { w: 320, h: 320, c: Some(Shape::Square), ..file(320, "jpg") });
        let picture = Picture::new("ice.jpg", (4000, 2000), files, ("Ice", "", "")).unwrap();
        let square = picture.square();
        assert_eq!((square.width, square.height, square.alt.as_str()), (320, 320, "Ice"));
        assert!(square.srcset_jpeg().ends_with("/ice-320.jpg 320w") && !square.srcset_jpeg().contains(','));
        assert_eq!((picture.wide().width, picture.wide().srcset_jpeg()), (4000, picture.srcset_jpeg()));
        assert!(!picture.srcset_jpeg().contains("320w"));
    }
}
