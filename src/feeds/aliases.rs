//! Where other programs keep their feeds: readers that followed another site, or guess, find ours.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::paths;
use crate::paths::feeds::{Format, in_format};
use crate::web::{self, App, Path};

/// Of WordPress, Ghost, Hugo, Jekyll, Blogger.
const OF_SITE: [(&str, Format); 14] = [
    ("/feed", Format::Rss),
    ("/feed/rss", Format::Rss),
    ("/feed/rss2", Format::Rss),
    ("/feed/rdf", Format::Rss),
    ("/feed/atom", Format::Atom),
    ("/feed/json", Format::Json),
    ("/rss", Format::Rss),
    ("/rss.xml", Format::Rss),
    ("/index.xml", Format::Rss),
    ("/index.rdf", Format::Rss),
    ("/atom", Format::Atom),
    ("/atom.xml", Format::Atom),
    ("/index.json", Format::Json),
    ("/feeds/posts/default", Format::Atom),
];

/// What stands behind the page of a list.
const OF_LIST: [(&str, Format); 5] = [
    ("feed", Format::Rss),
    ("feed/rss2", Format::Rss),
    ("feed/atom", Format::Atom),
    ("feed/json", Format::Json),
    ("rss", Format::Rss),
];

/// Each with and without the slash at its end, so that nobody is sent on twice.
pub fn router() -> Router<App> {
    let mut router = Router::new();
    for (alias, format) in OF_SITE {
        let moved = move || async move { web::moved(&in_format(paths::FEED, format)) };
        router = router.route(alias, get(moved)).route(&format!("{alias}/"), get(moved));
    }
    // WordPress calls a section a category.
    for (list, ours) in [
        ("section", "section"),
        ("category", "section"),
        ("tag", "tag"),
        ("author", "author"),
        ("focus", "focus"),
    ] {
        for (alias, format) in OF_LIST {
            let moved = move |Path(slug): Path<String>| async move { of_list(ours, &slug, format) };
            let path = format!("/{list}/{{slug}}/{alias}");
            router = router.route(&path, get(moved)).route(&format!("{path}/"), get(moved));
        }
    }
    let of_article =
        |Path((id, _)): Path<(i64, String)>| async move { web::moved(&paths::feeds::of_comments(id)) };
    router
        .route("/article/{id}/{slug}/feed", get(of_article))
        .route("/article/{id}/{slug}/feed/", get(of_article))
}

fn of_list(list: &str, slug: &str, format: Format) -> Response {
    let page = format!("/{list}/{}", paths::encode(slug));
    web::moved(&in_format(&paths::feed_of(&page), format))
}
