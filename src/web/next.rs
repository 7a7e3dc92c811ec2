//! Where to go after the login: only paths of our own.

use url::Url;

use crate::paths;

/// Longer ones are nobody's bookmark.
const MAX_BYTES: usize = 2048;

/// The path if it stays on this site however a browser reads it, or `None`.
pub fn safe(path: &str) -> Option<&str> {
    let plain = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= MAX_BYTES
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    // The last word belongs to the parser that browsers use.
    let ours = Url::parse("http://ours.invalid").ok()?;
    let joined = ours.join(path).ok()?;
    let stays = joined.origin() == ours.origin() && !joined.path().starts_with("//");
    (plain && stays).then_some(path)
}

/// The login form that leads back to `path`.
pub fn login(path: &str) -> String {
    match safe(path) {
        Some(path) => {
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
            format!("{}?{query}", paths::desk::LOGIN)
        }
        None => paths::desk::LOGIN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_paths_are_kept() {
        for path in ["/", "/desk/articles", "/desk/articles?state=draft&q=a%20b", "/section/été", "/a%2f%2fb"]
        {
            assert_eq!(safe(path), Some(path));
        }
    }

    #[test]
    fn everything_that_could_leave_the_site_is_refused() {
        let table = [
            "",
            "desk",
            "//e",
            "//e/x",
            "///e",
            "/\\e",
            "\\/e",
            "\\\\e",
            "https:e",
            "https://e",
            "http:/e",
            "//\\e",
            "/\te",
            "/\t/e",
            "\t//e",
            " //e",
            "/\n/e",
            "/\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "data:text/html,x",
            "/./\\e",
            "/x\\..\\e",
            ".",
            "@e",
            "?next=//e",
            "#//e",
            "/\0",
            "/..//e",
            "/.//e",
        ];
        for path in table {
            assert_eq!(safe(path), None, "{path:?}");
        }
    }

    #[test]
    fn the_login_leads_back_to_where_one_was() {
        assert_eq!(login("/desk/tags?q=a&b=c"), "/desk/login?next=%2Fdesk%2Ftags%3Fq%3Da%26b%3Dc");
        assert_eq!(login("//evil"), "/desk/login");
    }
}
