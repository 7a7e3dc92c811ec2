//! The pictures in a body, as a page shows them: each by the files it has now, or not at all. The words of the body
//! stay what they were; nothing here comes from anywhere but our own addresses and escaped text.

use std::fmt::Write as _;

use super::{CleanHtml, escape, name};

/// What a column is wide.
const SIZES: &str = "(min-width: 60rem) 38rem, 100vw";
const ADDRESS: &str = "/media/";

/// What becomes of a picture that a body names.
#[derive(Clone, Debug)]
pub enum Figure {
    Shown(Shown),
    /// It may not be shown any more, and its figure goes with it.
    Gone,
}

/// Addresses of ours, and words to be escaped.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub src: String,
    pub srcset_webp: String,
    pub srcset_jpeg: String,
    pub width: i32,
    pub height: i32,
    /// Where the body has no words of its own.
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

/// A `<figure>` that is being written.
struct Open {
    start: usize,
    has_caption: bool,
    is_gone: bool,
    words: String,
}

impl CleanHtml {
    /// The SHA-256 of every picture that the body shows, in hex.
    pub fn pictures(&self) -> Vec<&str> {
        let images = tags(&self.0).filter(|tag| name(tag.inner) == "img");
        images.filter_map(|tag| digest(attribute(tag.inner, "src")?)).collect()
    }

    /// The body with its pictures as `find` says; those that it does not know stay as they are.
    #[must_use]
    pub fn with_pictures(&self, find: impl Fn(&str) -> Option<Figure>) -> Self {
        let mut out = String::with_capacity(self.0.len() * 2);
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        for tag in tags(&self.0) {
            out.push_str(&self.0[at..tag.start]);
            at = tag.end;
            let whole = &self.0[tag.start..tag.end];
            match (tag.inner.starts_with('/'), name(tag.inner.trim_start_matches('/')).as_str()) {
                (false, "figure") => {
                    let start = out.len();
                    open.push(Open { start, has_caption: false, is_gone: false, words: String::new() });
                    out.push_str(whole);
                }
                (true, "figure") => {
                    let figure = open.pop();
                    match figure {
                        Some(figure) if figure.is_gone => {
                            out.truncate(figure.start);
                            continue;
                        }
                        Some(figure) if !figure.has_caption => out.push_str(&figure.words),
                        _ => {}
                    }
                    out.push_str(whole);
                }
                (false, "figcaption") => {
                    for figure in &mut open {
                        figure.has_caption = true;
                    }
                    out.push_str(whole);
                }
                (false, "img") => match attribute(tag.inner, "src").and_then(digest).and_then(&find) {
                    Some(Figure::Shown(shown)) => {
                        shown.write(&mut out, attribute(tag.inner, "alt"));
                        if let Some(figure) = open.last_mut() {
                            figure.words = shown.figcaption();
                        }
                    }
                    Some(Figure::Gone) => {
                        for figure in &mut open {
                            figure.is_gone = true;
                        }
                    }
                    None => out.push_str(whole),
                },
                _ => out.push_str(whole),
            }
        }
        out.push_str(&self.0[at..]);
        Self(out)
    }
}

impl Shown {
    /// `alt` as it stands in the body, escaped already.
    fn write(&self, out: &mut String, alt: Option<&str>) {
        let alt = alt.map_or_else(|| escape(&self.alt), str::to_owned);
        if !self.srcset_webp.is_empty() {
            let set = escape(&self.srcset_webp);
            let _ = write!(out, "<picture><source type=\"image/webp\" srcset=\"{set}\" sizes=\"{SIZES}\">");
        }
        let _ = write!(
            out,
            "<img src=\"{}\" srcset=\"{}\" sizes=\"{SIZES}\" width=\"{}\" height=\"{}\" alt=\"{alt}\" \
             loading=\"lazy\" decoding=\"async\">",
            escape(&self.src),
            escape(&self.srcset_jpeg),
            self.width,
            self.height
        );
        if !self.srcset_webp.is_empty() {
            out.push_str("</picture>");
        }
    }

    fn figcaption(&self) -> String {
        let part = |tag: &str, class: &str, text: &str| match text {
            "" => String::new(),
            text => format!("<{tag} class=\"{class}\">{}</{tag}>", escape(text)),
        };
        let words = part("span", "caption", &self.caption) + &part("small", "credit", &self.credit);
        if words.is_empty() { words } else { format!("<figcaption>{words}</figcaption>") }
    }
}

/// A tag, from `<` to `>`, and what stands between.
struct Tag<'a> {
    start: usize,
    end: usize,
    inner: &'a str,
}

/// The tags of clean HTML: in its text every `<` is escaped, in its attributes none need be.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + html.get(at..)?.find('<')?;
        let mut quoted = false;
        let length = html[start..].find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        })?;
        at = start + length + 1;
        Some(Tag { start, end: at, inner: &html[start + 1..start + length] })
    })
}

/// The value of an attribute, as it is written: the serializer puts every value between double quotes.
fn attribute<'a>(tag: &'a str, wanted: &str) -> Option<&'a str> {
    let mut parts = tag.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        let found = before.trim_end_matches('=').rsplit(char::is_whitespace).next()?;
        if found == wanted {
            return Some(value);
        }
    }
    None
}

fn digest(src: &str) -> Option<&str> {
    let digest = src.strip_prefix(ADDRESS)?.split('/').next()?;
    (digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn clean(body: &str) -> CleanHtml {
        CleanHtml::clean(&body.replace("SHA", SHA)).unwrap_or_default()
    }

    fn shown() -> Figure {
        Figure::Shown(Shown {
            src: "/media/new/x-960.jpg".to_owned(),
            srcset_webp: "/media/w/x-320.webp 320w, /media/w/x-960.webp 960w".to_owned(),
            srcset_jpeg: "/media/new/x-960.jpg 960w".to_owned(),
            width: 960,
            height: 640,
            alt: "From the <library>".to_owned(),
            caption: "A \"river\"".to_owned(),
            credit: "Ada".to_owned(),
        })
    }

    #[test]
    fn a_picture_is_shown_by_the_files_it_has_now_and_keeps_its_words() {
        let body = clean(
            "<p>a</p><figure><img src=\"/media/SHA/x-960.jpg\" alt='1 &gt; 0 &lt;img src=\"/media/\"'>\
             <figcaption><span class=\"caption\">C</span></figcaption></figure><p>b</p>",
        );
        assert_eq!(body.pictures(), [SHA]);
        let page = body.with_pictures(|sha| (sha == SHA).then(shown)).to_string();
        assert!(
            page.starts_with(
                "<p>a</p><figure><picture><source type=\"image/webp\" srcset=\"/media/w/x-320.webp"
            ),
            "{page}"
        );
        assert!(page.contains("width=\"960\" height=\"640\" alt=\"1 "), "{page}");
        assert!(page.ends_with("loading=\"lazy\" decoding=\"async\"></picture><figcaption><span class=\"caption\">C</span></figcaption></figure><p>b</p>"), "{page}");
    }

    #[test]
    fn the_librarys_words_stand_where_the_body_has_none() {
        let page = clean("<figure><img src=\"/media/SHA/x.jpg\"></figure>").with_pictures(|_| Some(shown()));
        let page = page.to_string();
        assert!(page.contains("alt=\"From the &lt;library&gt;\""), "{page}");
        assert!(
            page.ends_with("<figcaption><span class=\"caption\">A &quot;river&quot;</span><small class=\"credit\">Ada</small></figcaption></figure>"),
            "{page}"
        );
    }

    #[test]
    fn a_picture_that_is_gone_takes_its_figure_along_and_nothing_else() {
        let body = clean(
            "<p>a</p><figure><img src=\"/media/SHA/x.jpg\" alt=\"x\"><figcaption>c</figcaption></figure><p>b<img src=\"/media/SHA/x.jpg\" alt=\"\"></p>",
        );
        assert_eq!(body.with_pictures(|_| Some(Figure::Gone)).as_str(), "<p>a</p><p>b</p>");
    }

    #[test]
    fn a_body_without_known_pictures_stays_what_it_is() {
        for body in [
            "<p>1 &lt; 2 <a href=\"/x\">y</a></p><figure class=\"embed\"><a href=\"https://e.example/?a=1&amp;b\">v</a></figure>",
            "<figure><img src=\"/media/SHA/x.jpg\" alt=\"a\"></figure>",
            "<figure><img src=\"/media/abc/x.jpg\" alt=\"a\"></figure>",
        ] {
            let body = clean(body);
            assert_eq!(body.with_pictures(|_| None), body);
        }
    }
}
