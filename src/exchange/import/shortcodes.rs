//! Words in brackets: those of WordPress that mean pictures, films and sounds, and those of Hugo. What only a plugin
//! knows goes, and is noted; brackets that somebody wrote stay.
#![allow(clippy::format_push_string)] // a few letters; `write!` would have a result to be thrown away

use std::collections::BTreeSet;

/// A word in brackets at the beginning of `text`: its name, its attributes, and how long it is.
struct Code<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    length: usize,
}

/// Longer brackets are text.
const MOST: usize = 4000;

pub fn read(source: &str, notes: &mut Vec<String>) -> String {
    let mut html = String::with_capacity(source.len());
    let mut left_out = BTreeSet::new();
    let mut rest = source;
    while let Some(at) = rest.find('[') {
        html.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(code) = code(rest) else {
            html.push('[');
            rest = &rest[1..];
            continue;
        };
        let after = &rest[code.length..];
        let closing = format!("[/{}]", code.name);
        // Only what is near is looked through: a text full of open brackets would take the square of its length.
        let near = &after[..floor(after, 100_000)];
        let inner = near.find(&closing).map(|end| &after[..end]);
        let get =
            |name: &str| code.attributes.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
        let skip = match (code.name, inner) {
            ("caption" | "wp_caption", Some(inner)) => {
                html.push_str(&caption(inner, get("caption")));
                code.length + inner.len() + closing.len()
            }
            ("gallery", _) => {
                for id in get("ids").split([',', ' ']).filter(|id| is_number(id)) {
                    html.push_str(&format!("<img src=\"file:{id}\">"));
                }
                if get("ids").is_empty() {
                    left_out.insert("gallery".to_owned());
                }
                code.length
            }
            ("embed" | "youtube" | "vimeo", Some(inner)) => {
                html.push_str(&format!("\n\n{}\n\n", inner.trim()));
                code.length + inner.len() + closing.len()
            }
            ("embed" | "youtube" | "vimeo" | "soundcloud", None) => {
                let address =
                    code.attributes.iter().map(|(_, value)| *value).find(|value| value.starts_with("http"));
                html.push_str(&address.map(|address| format!("\n\n{address}\n\n")).unwrap_or_default());
                code.length
            }
            ("video" | "audio" | "playlist", _) => {
                let src = ["src", "mp4", "webm", "mp3", "m4a", "ogg"].map(get);
                match src.into_iter().find(|src| src.starts_with("http")) {
                    Some(src) => {
                        html.push_str(&format!("<video src=\"{}\"></video>", src.replace('"', "&quot;")));
                    }
                    None => {
                        left_out.insert(code.name.to_owned());
                    }
                }
                code.length + inner.map_or(0, |inner| inner.len() + closing.len())
            }
            // A plugin's: its words stay, its brackets go.
            (name, inner) if inner.is_some() || !code.attributes.is_empty() => {
                left_out.insert(name.to_owned());
                code.length
            }
            (name, None) if name.starts_with('/') && left_out.contains(&name[1..]) => code.length,
            _ => {
                html.push('[');
                1
            }
        };
        rest = &rest[skip..];
    }
    html.push_str(rest);
    if !left_out.is_empty() {
        let names: Vec<String> = left_out.iter().map(|name| format!("[{name}]")).collect();
        notes.push(format!("Left out, for no plugin of it is here: {}.", names.join(", ")));
    }
    html
}

fn caption(inner: &str, said: &str) -> String {
    // The picture, perhaps in a link; what follows it are the words.
    let end = inner.find("</a>").map(|at| at + 4).or_else(|| {
        let img = inner.find("<img")?;
        Some(img + inner[img..].find('>')? + 1)
    });
    let (picture, words) = inner.split_at(end.unwrap_or(inner.len()));
    let words = if words.trim().is_empty() { said } else { words.trim() };
    format!("\n\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n\n")
}

fn code(text: &str) -> Option<Code<'_>> {
    let near = &text[..floor(text, MOST)];
    let end = near.find(']')?;
    let inside = near.get(1..end)?;
    let mark = usize::from(inside.starts_with('/'));
    let length = inside[mark..]
        .find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-')));
    let name = &inside[..length.map_or(inside.len(), |length| length + mark)];
    let begins = name[mark..].starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || text[end + 1..].starts_with('(') {
        return None;
    }
    let rest = &inside[name.len()..];
    if !(rest.is_empty() || rest.starts_with([' ', '\n', '=']) || rest == "/") {
        return None;
    }
    Some(Code { name, attributes: attributes(rest), length: end + 1 })
}

/// `a="b" c='d' e=f g`: what has no name has the name "". Words that stand alone are text, but for addresses.
fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(['=', ' ']).trim_end_matches('/');
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let equals =
            rest.find(['=', ' ']).filter(|at| rest[*at..].starts_with('=') && !rest.starts_with("http"));
        let (name, from) = equals.map_or(("", 0), |at| (&rest[..at], at + 1));
        let value = &rest[from..];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, length) = if let Some(quote) = quote {
            let Some(end) = value[1..].find(quote) else { return found };
            (&value[1..=end], end + 2)
        } else {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            (&value[..end], end)
        };
        if !name.is_empty() || value.starts_with("http") {
            found.push((name, value));
        }
        rest = &rest[from + length..];
    }
    found
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn floor(text: &str, most: usize) -> usize {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// `{{< figure src="a.jpg" caption="b" >}}` and `{% include x %}`: pictures and films are read, the rest goes.
pub fn of_hugo(source: &str) -> (String, Option<String>) {
    let mut text = String::with_capacity(source.len());
    let mut left_out = BTreeSet::new();
    let mut rest = source;
    loop {
        let next = ["{{<", "{{%", "{%"].iter().filter_map(|mark| Some((rest.find(mark)?, mark.len()))).min();
        let Some((at, mark)) = next else { break };
        text.push_str(&rest[..at]);
        let inside = &rest[at + mark..];
        let near = &inside[..floor(inside, MOST)];
        let ends = [">}}", "%}}", "%}"].iter().filter_map(|mark| Some((near.find(mark)?, mark.len()))).min();
        let Some((end, close)) = ends else {
            text.push_str(&rest[at..at + mark]);
            rest = inside;
            continue;
        };
        let words = near[..end].trim();
        let (name, given) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let attributes = attributes(given);
        let get =
            |name: &str| attributes.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
        let bare = given.trim().trim_matches(['"', '\'']);
        let escape = crate::documents::escape;
        match name {
            "figure" | "image" | "img" => text.push_str(&format!(
                "\n\n<figure><img src=\"{}\" alt=\"{}\"><figcaption>{} <small>{}</small></figcaption></figure>\n\n",
                escape(get("src")),
                escape(get("alt")),
                escape(if get("caption").is_empty() { get("title") } else { get("caption") }),
                escape(get("attr"))
            )),
            "youtube" => text.push_str(&format!("\n\nhttps://youtu.be/{}\n\n", if get("id").is_empty() { bare } else { get("id") })),
            "vimeo" => text.push_str(&format!("\n\nhttps://vimeo.com/{}\n\n", if get("id").is_empty() { bare } else { get("id") })),
            "raw" | "endraw" | "/raw" | "comment" | "endcomment" => {}
            other => {
                left_out.insert(other.trim_start_matches(['/', '-']).to_owned());
            }
        }
        rest = &inside[end + close..];
    }
    text.push_str(rest);
    left_out.remove("");
    let names: Vec<String> = left_out.into_iter().take(10).collect();
    let note = (!names.is_empty()).then(|| format!("Left out, for it is a theme's: {}.", names.join(", ")));
    (text, note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> (String, Vec<String>) {
        let mut notes = Vec::new();
        (read(source, &mut notes), notes)
    }

    #[test]
    fn a_caption_is_a_figure_and_a_gallery_its_pictures() {
        let (read, notes) = html(
            "A [caption id=\"attachment_3\" width=\"300\"]<a href=\"/x\"><img src=\"/a.jpg\" /></a> The <em>ferry</em>[/caption] B \
             [gallery ids=\"12,13\" columns='2']",
        );
        assert!(read.contains("<figure><a href=\"/x\"><img src=\"/a.jpg\" /></a><figcaption>The <em>ferry</em></figcaption></figure>"), "{read}");
        assert!(read.contains("<img src=\"file:12\"><img src=\"file:13\">"), "{read}");
        assert!(notes.is_empty());
    }

    #[test]
    fn what_only_a_plugin_knows_goes_and_what_somebody_wrote_stays() {
        let (read, notes) =
            html("He [sic] said [1] [quote](https://a.example) [slider id=\"4\"] [box]kept[/box].");
        assert_eq!(read, "He [sic] said [1] [quote](https://a.example)  kept.");
        assert_eq!(notes, ["Left out, for no plugin of it is here: [box], [slider]."]);
    }

    #[test]
    fn films_and_sounds_become_their_addresses() {
        let (read, _) = html(
            "[embed]https://youtu.be/abcdefghijk[/embed][video src=\"https://a.example/b.mp4\"][/video]",
        );
        assert!(
            read.contains("\n\nhttps://youtu.be/abcdefghijk\n\n")
                && read.contains("<video src=\"https://a.example/b.mp4\">"),
            "{read}"
        );
    }

    #[test]
    fn a_text_full_of_brackets_takes_no_square_of_its_length() {
        let many = "[box ".repeat(100_000);
        assert_eq!(html(&many).0, many);
    }

    #[test]
    fn hugos_figures_are_figures() {
        let (text, note) =
            of_hugo("{{< figure src=\"a.jpg\" caption=\"A <b>\" >}} {{< youtube abcdefghijk >}} {{< toc >}}");
        assert!(text.contains("<img src=\"a.jpg\" alt=\"\">") && text.contains("A &lt;b&gt;"), "{text}");
        assert!(text.contains("https://youtu.be/abcdefghijk"));
        assert_eq!(note.as_deref(), Some("Left out, for it is a theme's: toc."));
    }
}
