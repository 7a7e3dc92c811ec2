//! Whose films and sounds a page may show in a frame. `static/js/editor/providers.js` knows how their addresses look;
//! a test of `tests/it` holds the two lists together.

/// The word that stands in `data-provider`, and the one host that the frame comes from.
pub const PROVIDERS: [(&str, &str); 5] = [
    ("dailymotion", "geo.dailymotion.com"),
    ("soundcloud", "w.soundcloud.com"),
    ("spotify", "open.spotify.com"),
    ("vimeo", "player.vimeo.com"),
    ("youtube", "www.youtube-nocookie.com"),
];

pub fn is_provider(word: &str) -> bool {
    PROVIDERS.iter().any(|(key, _)| *key == word)
}

/// For the policy of pages: what may stand in a frame, and nothing else.
pub fn frame_sources() -> String {
    PROVIDERS.map(|(_, host)| format!("https://{host}")).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_may_stand_in_a_frame() {
        assert!(is_provider("youtube"));
        assert!(!is_provider("YouTube") && !is_provider("example"));
        assert!(frame_sources().contains("https://player.vimeo.com https://www.youtube-nocookie.com"));
        assert!(!frame_sources().contains('*'));
    }
}
