//! The addresses in what the site answers, and what becomes of them in a folder of files. Pages are our own, so they
//! are read by the few signs that they are made of: quotes around attributes, no tag within a tag.

/// Where a file lies has no questions in it, so an address that asks one gets another.
pub enum Place {
    /// As it is: the file has the same name.
    Same,
    Moved(String),
    /// There is nothing of that address in the folder.
    Nowhere,
}

/// An address of the site itself, as a path with its query, without the part behind `#`.
pub fn own<'a>(address: &'a str, base_url: &str) -> Option<&'a str> {
    let path = match address.strip_prefix(base_url) {
        Some("") => "/",
        Some(rest) => rest,
        None => address,
    };
    let path = path.split('#').next().unwrap_or_default();
    (path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

/// Every address of the site in this text, as it stands there; entities are still in it.
pub fn all<'a>(text: &'a str, base_url: &str) -> Vec<&'a str> {
    stretches(text)
        .into_iter()
        .filter(|(_, part)| own(part, base_url).is_some())
        .map(|(_, part)| part)
        .collect()
}

/// The text with each address where `place` says that it is.
pub fn placed(text: &str, base_url: &str, place: impl Fn(&str) -> Place) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, part) in stretches(text) {
        let Some(path) = own(part, base_url) else { continue };
        if let Place::Moved(to) = place(path) {
            let fragment =
                part.split_once('#').map(|(_, fragment)| format!("#{fragment}")).unwrap_or_default();
            let base = if part.starts_with(base_url) && !base_url.is_empty() { base_url } else { "" };
            out.push_str(&text[done..at]);
            out.extend([base, &to, &fragment]);
            done = at + part.len();
        }
    }
    out.push_str(&text[done..]);
    out
}

/// A page without its forms, because nobody answers them, and without links to what is not there: their words stay.
pub fn without_dead_ends(html: &str, base_url: &str, place: impl Fn(&str) -> Place) -> String {
    let html = without_elements(html, "form");
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        let Some(end) = rest[at..].find('>').map(|end| at + end + 1) else { break };
        out.push_str(&rest[..at]);
        let tag = &rest[at..end];
        rest = &rest[end..];
        match attribute(tag, "href") {
            Some((start, href)) if own(href, base_url).is_some_and(|path| is_nowhere(&place(path))) => {
                // A link in the head has no words that could stay.
                if !tag.starts_with("<link") {
                    out.push_str(&tag[..start]);
                    out.push_str(&tag[start + " href=\"\"".len() + href.len()..]);
                }
            }
            _ => out.push_str(tag),
        }
    }
    out.push_str(rest);
    out
}

fn is_nowhere(place: &Place) -> bool {
    matches!(place, Place::Nowhere)
}

fn without_elements(html: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(&open) {
        let Some(end) = rest[at..].find(&close) else { break };
        out.push_str(&rest[..at]);
        rest = &rest[at + end + close.len()..];
    }
    out.push_str(rest);
    out
}

/// Where the attribute begins (with the space before it), and its value.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let sign = format!(" {name}=\"");
    let at = tag.find(&sign)?;
    let value = tag[at + sign.len()..].split('"').next()?;
    Some((at, value))
}

/// What stands between the signs that no address holds bare, with its place.
fn stretches(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut closes) = (0, false);
    for (at, sign) in text.char_indices() {
        if sign.is_whitespace() || "\"'<>()\\`".contains(sign) {
            if !closes && is_worth(&text[start..at]) {
                found.push((start, text[start..at].trim_end_matches(',')));
            }
            start = at + sign.len_utf8();
            // `</a>` is no address.
            closes = sign == '<';
        }
    }
    if is_worth(&text[start..]) {
        found.push((start, &text[start..]));
    }
    found
}

fn is_worth(part: &str) -> bool {
    part.starts_with('/') || part.starts_with("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://news.example";

    fn place(path: &str) -> Place {
        match path {
            "/tag/sea?before=1" => Place::Moved("/more/1/".to_owned()),
            "/search" => Place::Nowhere,
            _ => Place::Same,
        }
    }

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let text = r#"<a href="/a">x</a></p> <img srcset="/b 1w, /c 2w"> <loc>https://news.example/d</loc>
                      {"url":"https://news.example/e"} //elsewhere/f https://other.example/g url(/h)"#;
        let found: Vec<_> = all(text, BASE).iter().filter_map(|part| own(part, BASE)).collect();
        assert_eq!(found, ["/a", "/b", "/c", "/d", "/e", "/h"]);
    }

    #[test]
    fn addresses_that_ask_are_moved_with_their_base_and_their_fragment() {
        let text = r#"<a href="/tag/sea?before=1#x">a</a> https://news.example/tag/sea?before=1 /tag/sea"#;
        let moved = r#"<a href="/more/1/#x">a</a> https://news.example/more/1/ /tag/sea"#;
        assert_eq!(placed(text, BASE, place), moved);
    }

    #[test]
    fn forms_and_dead_links_go_and_words_stay() {
        let html = r#"<link rel="search" href="/search"><form action="/search"><input></form><a class="x" href="/search" id="y">Find</a><a href="/a">A</a>"#;
        assert_eq!(without_dead_ends(html, BASE, place), r#"<a class="x" id="y">Find</a><a href="/a">A</a>"#);
    }
}
