//! Which words of the query count at an address. The routes say it themselves, the first time each is asked for: only
//! then is there a page of it to be found.

use std::sync::{PoisonError, RwLock};

use axum::http::Uri;

use super::address::{Address, Fields};

#[derive(Debug, Default)]
pub struct Routes(RwLock<Vec<Route>>);

#[derive(Debug)]
struct Route {
    /// As axum writes it: `/section/{slug}`.
    pattern: String,
    fields: Fields,
}

impl Routes {
    pub fn learn(&self, pattern: &str, fields: &Fields) {
        let knows = |routes: &[Route]| routes.iter().any(|route| route.pattern == pattern);
        if knows(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !knows(&routes) {
            routes.push(Route { pattern: pattern.to_owned(), fields: fields.clone() });
            // As in the router: a segment that is written out goes before one that stands for all.
            routes.sort_by_key(|route| route.pattern.matches('{').count());
        }
    }

    /// Under what the page of this address is kept. `None` while no page of this route can be there.
    pub fn address(&self, uri: &Uri) -> Option<Address> {
        let routes = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let route = routes.iter().find(|route| matches(&route.pattern, uri.path()))?;
        Address::of(uri, &route.fields)
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|part| {
        segments
            .next()
            .is_some_and(|segment| part == segment || (part.starts_with('{') && !segment.is_empty()))
    }) && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(routes: &Routes, uri: &'static str) -> Option<String> {
        routes.address(&Uri::from_static(uri)).map(|address| address.as_str().to_owned())
    }

    #[test]
    fn a_route_tells_what_counts_once_it_is_known() {
        let routes = Routes::default();
        assert_eq!(address(&routes, "/section/news?before=1"), None);
        routes.learn("/section/{slug}", &vec!["before"]);
        routes.learn("/section/{slug}/feed.xml", &vec![]);
        routes.learn("/", &vec![]);
        let cases = [
            ("/section/news?before=1&x=2", Some("/section/news?before=1")),
            ("/section/news/feed.xml?before=1", Some("/section/news/feed.xml")),
            ("/?before=1", Some("/")),
            ("/section/?before=1", None),
            ("/section/news/x?before=1", None),
            ("/tag/news?before=1", None),
        ];
        for (asked, kept) in cases {
            assert_eq!(address(&routes, asked).as_deref(), kept, "{asked}");
        }
    }

    #[test]
    fn a_written_segment_goes_before_a_variable_one() {
        let routes = Routes::default();
        routes.learn("/article/{id}/{slug}", &vec!["a"]);
        routes.learn("/article/{id}/comments", &vec!["b"]);
        assert_eq!(
            address(&routes, "/article/7/comments?a=1&b=2").as_deref(),
            Some("/article/7/comments?b=2")
        );
    }
}
