//! Clean HTML: what an editor may put into a body, and the only way to get there.
//!
//! Cleaning happens when a body is written, never when it is shown. The list of what may stand in a body is
//! the contract between the editor, the cleaner and the style sheet.

pub mod data;
pub mod figures;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use super::embed;

/// Bytes of one body. Everything below is measured against the cleaner's worst cases, which are quadratic.
pub const MAX_BYTES: usize = 1024 * 1024;
const MAX_DEPTH: usize = 256;
const MAX_ATTRIBUTES: usize = 64;
/// Start tags of a text in which end tags cannot be trusted.
const MAX_OBSCURE_TAGS: usize = 8_000;
const MAX_TAGS: usize = 50_000;
const MAX_ENTITIES: usize = 20_000;

/// How an embed is marked, and nothing else can be.
const EMBED: &str = " class=\"embed\"";

/// HTML that has been through the cleaner: safe to print as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct CleanHtml(String);

/// Why a body is not even looked at. Cleaning it could take minutes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unclean {
    #[error("the text is longer than {} KiB", MAX_BYTES / 1024)]
    TooLong,
    #[error("the text has elements nested more than {MAX_DEPTH} deep")]
    TooDeep,
    #[error("one element of the text has more than {MAX_ATTRIBUTES} attributes")]
    TooManyAttributes,
    #[error("the text has more than {MAX_TAGS} tags")]
    TooManyTags,
    #[error("the text has more than {MAX_ENTITIES} ampersands")]
    TooManyEntities,
}

impl CleanHtml {
    /// Cleans a body: at most some hundred milliseconds of work, so call it off the async threads.
    pub fn clean(source: &str) -> Result<Self, Unclean> {
        check(source)?;
        Ok(Self(CLEANER.clean(source).to_string()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The words alone, a line for each block.
    pub fn text(&self) -> String {
        text_of(&self.0)
    }

    /// Whether something in it can be loaded from elsewhere by a click.
    pub fn has_embed(&self) -> bool {
        self.0.contains(EMBED)
    }

    /// The same body with a dateline at the head of its first paragraph.
    #[must_use]
    pub fn with_dateline(&self, dateline: &str) -> Self {
        if dateline.is_empty() {
            return self.clone();
        }
        let span = format!("<span class=\"dateline\">{} —</span> ", escape(dateline));
        Self(match self.0.strip_prefix("<p>") {
            Some(rest) => format!("<p>{span}{rest}"),
            None => format!("<p>{span}</p>{}", self.0),
        })
    }
}

impl CleanHtml {
    /// The same body for readers that do not know the site: whole addresses instead of paths, and an embed is a link
    /// in a paragraph.
    #[must_use]
    pub fn absolute(&self, base_url: &str) -> Self {
        let mut html = String::with_capacity(self.0.len() + 256);
        let mut in_embed = false;
        for part in self.0.split_inclusive('>') {
            let tag = part.rfind('<').unwrap_or(part.len());
            html.push_str(&part[..tag]);
            let tag = &part[tag..];
            if tag.starts_with("<figure") && tag.contains(EMBED) {
                in_embed = true;
                html.push_str("<p>");
                continue;
            }
            if in_embed && tag == "</figure>" {
                in_embed = false;
                html.push_str("</p>");
                continue;
            }
            html.push_str(
                &tag.replace(" href=\"/", &format!(" href=\"{base_url}/"))
                    .replace(" src=\"/", &format!(" src=\"{base_url}/")),
            );
        }
        Self(html)
    }
}

impl fmt::Display for CleanHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// A clean body is the one thing that a template prints unescaped, and only by this type.
impl askama::FastWritable for CleanHtml {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}
impl askama::filters::HtmlSafe for CleanHtml {}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from([
            "p",
            "br",
            "h2",
            "h3",
            "h4",
            "strong",
            "b",
            "em",
            "i",
            "s",
            "sup",
            "sub",
            "code",
            "pre",
            "a",
            "ul",
            "ol",
            "li",
            "blockquote",
            "hr",
            "figure",
            "figcaption",
            "img",
            "span",
            "small",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "caption",
        ]))
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "noscript", "iframe", "title", "svg", "math",
        ]))
        .generic_attributes(HashSet::from(["dir", "lang"]))
        .add_tag_attributes("a", ["href", "hreflang"])
        .add_tag_attributes("img", ["src", "alt", "width", "height"])
        .add_tag_attributes("figure", ["data-provider"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .add_tag_attributes("th", ["colspan", "rowspan", "scope"])
        .add_allowed_classes("figure", ["embed"])
        .add_allowed_classes("span", ["caption"])
        .add_allowed_classes("small", ["credit"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            // Pictures come from our own store: nothing foreign is fetched when a page is read.
            ("img", "src") => value.starts_with("/media/").then_some(Cow::Borrowed(value)),
            // Who may stand in a frame; the rest of an embed is a link and stays.
            ("figure", "data-provider") => embed::is_provider(value).then_some(Cow::Borrowed(value)),
            (_, "width" | "height" | "start" | "colspan" | "rowspan") => {
                is_number(value).then_some(Cow::Borrowed(value))
            }
            ("th", "scope") => {
                matches!(value, "row" | "col" | "rowgroup" | "colgroup").then_some(Cow::Borrowed(value))
            }
            (_, "dir") => matches!(value, "ltr" | "rtl" | "auto").then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    cleaner
});

/// One pass over the bytes that counts what the cleaner is slow at. It errs on the strict side: where markup
/// could mean something else to a parser than to this pass, end tags no longer count as ends.
fn check(source: &str) -> Result<(), Unclean> {
    if source.len() > MAX_BYTES {
        return Err(Unclean::TooLong);
    }
    if source.bytes().filter(|&byte| byte == b'&').count() > MAX_ENTITIES {
        return Err(Unclean::TooManyEntities);
    }
    let (mut tags, mut opened, mut depth, mut deepest) = (0, 0, 0, 0);
    let mut obscure = contains_obscure(source);
    let mut open: HashMap<String, usize> = HashMap::new();
    // Each tag is read once in an honest text; only a text made to be slow is read over and over.
    let mut steps = 4 * source.len() + 1024;
    for (at, _) in source.match_indices('<') {
        tags += 1;
        if tags > MAX_TAGS {
            return Err(Unclean::TooManyTags);
        }
        let rest = &source[at + 1..];
        if let Some(end) = rest.strip_prefix('/') {
            if let Some(count) = open.get_mut(&name(end)).filter(|count| **count > 0) {
                *count -= 1;
                depth -= 1;
            }
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = read_tag(rest.as_bytes());
            if tag.attributes > MAX_ATTRIBUTES {
                return Err(Unclean::TooManyAttributes);
            }
            steps = steps.checked_sub(tag.length).ok_or(Unclean::TooManyTags)?;
            obscure |= tag.holds_bracket;
            let name = name(rest);
            if !closes_itself(&name) {
                opened += 1;
                depth += 1;
                deepest = deepest.max(depth);
                *open.entry(name).or_default() += 1;
            }
        }
    }
    let too_deep = if obscure { opened > MAX_OBSCURE_TAGS } else { deepest > MAX_DEPTH };
    if too_deep { Err(Unclean::TooDeep) } else { Ok(()) }
}

/// The number of tags in a page, if a tokenizer reads each of them in fair time. For what is not a body yet: the
/// body that is made of it is checked like any other.
pub fn tags(source: &str) -> Result<usize, Unclean> {
    let mut steps = 4 * source.len() + 1024;
    let mut tags = 0;
    for (at, _) in source.match_indices('<') {
        tags += 1;
        let tag = read_tag(&source.as_bytes()[at + 1..]);
        if tag.attributes > MAX_ATTRIBUTES {
            return Err(Unclean::TooManyAttributes);
        }
        steps = steps.checked_sub(tag.length).ok_or(Unclean::TooManyTags)?;
    }
    Ok(tags)
}

/// Places in which `</div>` is not an end tag, or `<div>` not a start tag.
fn contains_obscure(source: &str) -> bool {
    let lower = source.to_ascii_lowercase();
    [
        "<!",
        "<?",
        "<script",
        "<style",
        "<svg",
        "<math",
        "<textarea",
        "<title",
        "<xmp",
        "<iframe",
        "<no",
        "<plaintext",
        "<template",
        "<select",
    ]
    .iter()
    .any(|place| lower.contains(place))
}

#[derive(Default)]
struct Tag {
    length: usize,
    attributes: usize,
    /// A `<` inside the tag: whatever follows it might be text to a parser.
    holds_bracket: bool,
}

/// Reads a start tag to its end, or to one attribute too many. Every run of blanks or a slash may begin an
/// attribute; a quote counts where a value may begin.
fn read_tag(tag: &[u8]) -> Tag {
    let mut read = Tag::default();
    let (mut quote, mut gap, mut value) = (0u8, false, false);
    for &byte in tag {
        read.length += 1;
        read.holds_bracket |= byte == b'<';
        match byte {
            _ if quote != 0 => {
                if byte == quote {
                    quote = 0;
                    gap = true;
                }
            }
            b'>' => break,
            b'"' | b'\'' if value => quote = byte,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => gap = true,
            b'/' => (gap, value) = (true, false),
            b'=' => value = true,
            _ => {
                if gap && !value {
                    read.attributes += 1;
                }
                (gap, value) = (false, false);
            }
        }
        if read.attributes > MAX_ATTRIBUTES {
            break;
        }
    }
    read
}

/// Elements that need no end tag: a text full of unclosed `<p>` or `<br>` is not nested.
fn closes_itself(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "p" | "li" | "input" | "meta" | "link" | "wbr" | "col")
}

/// The words of clean HTML, or of a piece of it.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&unescape(&rest[..open]));
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        if is_block(tag) && !text.ends_with('\n') && !text.is_empty() {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(&unescape(rest));
    text.trim().to_owned()
}

fn is_number(value: &str) -> bool {
    (1..=5).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Caption and credit are lines of their own, whatever their tags.
fn is_block(tag: &str) -> bool {
    if tag.contains(" class=\"caption\"") || tag.contains(" class=\"credit\"") {
        return true;
    }
    let name = name(tag.strip_prefix('/').unwrap_or(tag));
    !matches!(
        name.as_str(),
        "strong" | "b" | "em" | "i" | "s" | "sup" | "sub" | "code" | "a" | "span" | "small"
    )
}

fn name(tag: &str) -> String {
    tag.chars().take_while(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}

/// The few entities that the serializer writes.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&nbsp;", "\u{a0}")
            .replace("&amp;", "&"),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
