//! Every URL of the site as a function. Templates, feeds and redirects build addresses here and nowhere else.

use std::fmt::Display;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::text::{Cursor, Slug};

pub mod api;
pub mod comments;
pub mod documents;
pub mod feeds;
pub mod imports;
pub mod people;
pub mod pictures;
pub mod workflow;
pub mod writing;

/// What must not stand bare in a path segment or a query value.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'+')
    .add(b'/')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// One segment of a path, or one value of a query, safe in an address.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The same list, further down.
pub fn before(path: &str, cursor: &Cursor) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}before={cursor}")
}

/// A path with a query; empty values are left out.
pub fn query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let joint = if address.contains('?') { "&" } else { "?" };
        address.extend([joint, name, "=", &encode(value)]);
    }
    address
}

/// A path as the log may keep it: whoever reads a log must not come to have somebody's link.
pub fn logged(path: &str) -> &str {
    if path.starts_with(workflow::PREVIEW) { workflow::PREVIEW } else { path }
}

pub const HOME: &str = "/";
pub const MAP: &str = "/map";
pub const MAP_GEOJSON: &str = "/map.geojson";
pub const TOPICS: &str = "/focus";
pub const GALLERY: &str = "/gallery";
pub const SEARCH: &str = "/search";
pub const ARCHIVE: &str = "/archive";
pub const EDITORS_CHOICE: &str = "/editors-choice";
pub const FEEDS: &str = "/feeds";
pub const LICENCES: &str = "/about/licences";
pub const FEED: &str = "/feed.xml";
pub const SITEMAP: &str = "/sitemap.xml";

pub fn section(slug: &Slug) -> String {
    format!("/section/{}", encode(slug.as_str()))
}

pub fn tag(slug: &Slug) -> String {
    format!("/tag/{}", encode(slug.as_str()))
}

pub fn topic(slug: &Slug) -> String {
    format!("/focus/{}", encode(slug.as_str()))
}

pub fn author(slug: &Slug) -> String {
    format!("/author/{}", encode(slug.as_str()))
}

/// The feed of a list page: `/feed.xml` below its address.
pub fn feed_of(page: &str) -> String {
    format!("{}/feed.xml", page.trim_end_matches('/'))
}

pub fn article(id: impl Display, slug: &Slug) -> String {
    format!("/article/{id}/{}", encode(slug.as_str()))
}

pub fn article_comments(id: impl Display) -> String {
    format!("/article/{id}/comments")
}

pub fn gallery_kind(kind: &str) -> String {
    format!("/gallery/{kind}")
}

pub fn gallery(id: impl Display, slug: &Slug) -> String {
    format!("/gallery/{id}/{}", encode(slug.as_str()))
}

pub fn most_viewed(span: &str) -> String {
    format!("/most-viewed/{span}")
}

pub fn archive_month(year: i32, month: u32) -> String {
    format!("/archive/{year:04}/{month:02}")
}

pub fn archive_day(year: i32, month: u32, day: u32) -> String {
    format!("/archive/{year:04}/{month:02}/{day:02}")
}

pub fn search(words: &str) -> String {
    format!("/search?q={}", encode(words))
}

pub fn sitemap_month(year: i32, month: u32) -> String {
    format!("/sitemap/{year:04}-{month:02}.xml")
}

/// A static file by its hashed name; `web::assets::url` knows the hash.
pub fn static_file(hashed_name: &str) -> String {
    format!("/static/{hashed_name}")
}

/// An icon of the site.
pub fn icon(version: &str, size: u32) -> String {
    format!("/icons/{version}-{size}.png")
}

/// The picture that was drawn for an article without one.
pub fn drawing(article: impl Display, version: &str) -> String {
    format!("/article/{article}/picture/{version}.png")
}

pub const MANIFEST: &str = "/site.webmanifest";

pub fn media(sha256: &str, name: &str) -> String {
    format!("/media/{sha256}/{name}")
}

pub mod board;

/// The desk.
pub mod desk {
    use super::{Display, encode};

    pub const HOME: &str = "/desk";
    pub const LOGIN: &str = "/desk/login";
    pub const LOGOUT: &str = "/desk/logout";
    pub const SETUP: &str = "/desk/setup";
    pub const ARTICLES: &str = "/desk/articles";
    pub const ARTICLE_NEW: &str = "/desk/articles/new";
    pub const COMMENTS: &str = "/desk/comments";
    pub const TOPICS: &str = "/desk/topics";
    pub const SECTIONS: &str = "/desk/sections";
    pub const TAGS: &str = "/desk/tags";
    pub const FRONT: &str = "/desk/front";
    pub const GALLERIES: &str = "/desk/galleries";
    pub const MEDIA: &str = "/desk/media";
    pub const USERS: &str = "/desk/users";
    pub const AUDIT: &str = "/desk/audit";
    pub const ARTICLE_SUGGESTIONS: &str = "/desk/articles/suggestions";
    pub const TAG_SUGGESTIONS: &str = "/desk/tags/suggestions";

    pub fn article(id: impl Display) -> String {
        format!("/desk/articles/{id}")
    }

    pub fn setup(token: &str) -> String {
        format!("/desk/setup?token={}", encode(token))
    }

    pub const SECTION_ORDER: &str = "/desk/sections/order";
    pub const TOPIC_NEW: &str = "/desk/topics/new";
    pub const TOPIC_ORDER: &str = "/desk/topics/order";
    pub const GALLERY_NEW: &str = "/desk/galleries/new";

    pub fn comments_of(state: &str) -> String {
        format!("/desk/comments?state={state}")
    }

    pub fn comment(id: impl Display) -> String {
        format!("/desk/comments/{id}")
    }

    pub fn topic(id: impl Display) -> String {
        format!("/desk/topics/{id}")
    }

    pub fn section(id: impl Display) -> String {
        format!("/desk/sections/{id}")
    }

    pub fn section_delete(id: impl Display) -> String {
        format!("/desk/sections/{id}/delete")
    }

    pub fn tag_merge(id: impl Display) -> String {
        format!("/desk/tags/{id}/merge")
    }

    pub fn tag_delete(id: impl Display) -> String {
        format!("/desk/tags/{id}/delete")
    }

    pub fn topic_pin(id: impl Display) -> String {
        format!("/desk/topics/{id}/pin")
    }

    pub fn topic_delete(id: impl Display) -> String {
        format!("/desk/topics/{id}/delete")
    }

    pub fn gallery_pictures(id: impl Display) -> String {
        format!("/desk/galleries/{id}/pictures")
    }

    pub fn gallery_upload(id: impl Display) -> String {
        format!("/desk/galleries/{id}/upload")
    }

    pub fn gallery_delete(id: impl Display) -> String {
        format!("/desk/galleries/{id}/delete")
    }

    pub fn user_state(id: impl Display) -> String {
        format!("/desk/users/{id}/state")
    }

    pub fn user_password(id: impl Display) -> String {
        format!("/desk/users/{id}/password")
    }

    pub fn tag(id: impl Display) -> String {
        format!("/desk/tags/{id}")
    }

    pub fn gallery(id: impl Display) -> String {
        format!("/desk/galleries/{id}")
    }

    pub fn user(id: impl Display) -> String {
        format!("/desk/users/{id}")
    }

    pub fn gallery_new(kind: &str) -> String {
        format!("/desk/galleries/new?kind={kind}")
    }

    pub fn tags_after(words: &str, name: &str) -> String {
        format!("/desk/tags?q={}&after={}", encode(words), encode(name))
    }

    pub fn audit_of(noun: &str) -> String {
        format!("/desk/audit?noun={}", encode(noun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_ascii_whatever_the_script() {
        let slug = Slug::of_or("خبر روز", "x");
        assert_eq!(article(7, &slug), "/article/7/%D8%AE%D8%A8%D8%B1-%D8%B1%D9%88%D8%B2");
    }

    #[test]
    fn a_query_value_cannot_break_out() {
        assert_eq!(search("a&b=c#d\"<"), "/search?q=a%26b%3Dc%23d%22%3C");
    }

    #[test]
    fn a_query_leaves_out_what_is_empty() {
        assert_eq!(
            query(SEARCH, &[("q", "a b"), ("tag", ""), ("to", "2025-01-22")]),
            "/search?q=a%20b&to=2025-01-22"
        );
        assert_eq!(query(MAP, &[("place", "")]), "/map");
        let filtered = workflow::articles("draft", "", "", "a&b");
        assert_eq!(filtered, "/desk/articles?state=draft&q=a%26b");
    }

    #[test]
    fn every_list_has_its_feed_below_it() {
        assert_eq!(feed_of(HOME), "/feed.xml");
        assert_eq!(feed_of("/section/paper"), "/section/paper/feed.xml");
    }
}
