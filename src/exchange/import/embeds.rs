//! Films and sounds from elsewhere: whose an address is, and the one that people open. `text::embed` says whose are
//! shown at all.

use url::Url;

/// The provider, and the address of the page at it.
pub fn of(address: &str) -> Option<(&'static str, String)> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    let path: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let asked =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let id = match (host, path.as_slice()) {
        ("youtu.be", [id]) => return named("youtube", "https://www.youtube.com/watch?v=", id),
        (
            "youtube.com" | "youtube-nocookie.com" | "music.youtube.com",
            ["embed" | "shorts" | "live" | "v", id, ..],
        ) => {
            return named("youtube", "https://www.youtube.com/watch?v=", id);
        }
        ("youtube.com" | "music.youtube.com", ["watch"]) => {
            return named("youtube", "https://www.youtube.com/watch?v=", &asked("v")?);
        }
        ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) => id,
        ("dai.ly", [id]) | ("dailymotion.com", ["video", id] | ["embed", "video", id]) => {
            return named("dailymotion", "https://www.dailymotion.com/video/", id);
        }
        ("w.soundcloud.com", ["player"]) => {
            return of(&asked("url")?).filter(|(key, _)| *key == "soundcloud");
        }
        ("soundcloud.com", [_, _, ..]) => return Some(("soundcloud", address.to_owned())),
        ("open.spotify.com", ["embed", kind, id] | [kind, id]) => {
            return named("spotify", &format!("https://open.spotify.com/{kind}/"), id);
        }
        _ => return None,
    };
    id.bytes().all(|byte| byte.is_ascii_digit()).then(|| ("vimeo", format!("https://vimeo.com/{id}")))
}

fn named(provider: &'static str, before: &str, id: &str) -> Option<(&'static str, String)> {
    let is_id = (5..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_id.then(|| (provider, format!("{before}{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_known_by_the_page_that_people_open() {
        for (address, provider, page) in [
            (
                "https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0",
                "youtube",
                "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            ),
            ("https://youtu.be/dQw4w9WgXcQ", "youtube", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("https://player.vimeo.com/video/76979871", "vimeo", "https://vimeo.com/76979871"),
            (
                "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/forss/flickermood&color=f",
                "soundcloud",
                "https://soundcloud.com/forss/flickermood",
            ),
        ] {
            assert_eq!(of(address), Some((provider, page.to_owned())), "{address}");
        }
        for address in ["https://example.org/embed/x", "javascript:alert(1)", "https://youtube.com/watch?v=a"]
        {
            assert_eq!(of(address), None, "{address}");
        }
    }
}
