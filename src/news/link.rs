//! Links of a text to pages of ours, and which of them lead nowhere. Nothing foreign is ever asked.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use sqlx::PgExecutor;

use crate::text::{CleanHtml, markup};

/// A link to a page of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As the body has it.
    href: String,
    /// The first part of the path: `article`, `tag` ...
    kind: String,
    /// Of an article or a gallery; 0 for what is no number.
    id: i64,
    slug: String,
}

/// Each address once, in the order of the text.
pub fn of_body(body: &CleanHtml, base_url: &str) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for href in markup::tags(body).filter_map(|tag| (tag.name() == "a").then(|| tag.attribute("href"))?) {
        if let Some(link) = link(&href, base_url)
            && !links.contains(&link)
        {
            links.push(link);
        }
    }
    links
}

/// `None`: to somewhere else, or to a place that is always there.
fn link(href: &str, base_url: &str) -> Option<Link> {
    let path = href.strip_prefix(base_url).unwrap_or(href);
    let path = path.split(['?', '#']).next()?.strip_prefix('/').filter(|path| !path.starts_with('/'))?;
    let mut parts = path.trim_end_matches('/').splitn(3, '/');
    let (kind, name) = (parts.next()?, parts.next().unwrap_or_default());
    let slug = percent_decode_str(name).decode_utf8().unwrap_or(Cow::Borrowed(name)).replace('\0', "");
    let is_known = match kind {
        // Lists with a name of their own, and everything below what has none.
        "focus" | "gallery" => !name.is_empty() && !matches!(name, "photo" | "film" | "feed.xml"),
        "" | "search" | "archive" | "most-viewed" | "editors-choice" | "map" | "feeds" | "feed.xml"
        | "corrections" | "sitemap.xml" | "static" => return None,
        // What has a name is looked up; the desk is no place for readers, and other addresses are none of ours.
        _ => true,
    };
    is_known.then(|| Link {
        href: href.to_owned(),
        kind: kind.to_owned(),
        id: slug.parse().unwrap_or_default(),
        slug,
    })
}

/// Those that a reader would follow to a page that is not there.
pub async fn broken(db: impl PgExecutor<'_>, links: &[Link]) -> sqlx::Result<Vec<String>> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let hrefs: Vec<String> = links.iter().map(|link| link.href.clone()).collect();
    let kinds: Vec<String> = links.iter().map(|link| link.kind.clone()).collect();
    let ids: Vec<i64> = links.iter().map(|link| link.id).collect();
    let slugs: Vec<String> = links.iter().map(|link| link.slug.clone()).collect();
    sqlx::query_scalar!(
        r#"select href as "href!"
           from unnest($1::text[], $2::text[], $3::bigint[], $4::text[])
                with ordinality as link(href, kind, id, slug, place)
           where not case kind
               when 'article' then exists (select from articles a
                                           where a.id = link.id and a.state = 'published' and a.publish_at <= now()
                                             and (a.expire_at is null or a.expire_at > now()))
               when 'tag' then exists (select from tags t where t.slug = link.slug)
                            or exists (select from tag_aliases t where t.slug = link.slug)
               when 'section' then exists (select from sections s where s.slug = link.slug)
               when 'focus' then exists (select from topics t where t.slug = link.slug)
               when 'author' then exists (select from authors w where w.slug = link.slug)
               when 'gallery' then exists (select from galleries g where g.id = link.id and g.publish_at <= now()
                                                       and g.withdrawn_at is null)
               when 'media' then exists (select from renditions r where encode(r.sha256, 'hex') = link.slug)
                              or exists (select from media_files f where encode(f.sha256, 'hex') = link.slug)
               else false
           end
           order by place"#,
        &hrefs,
        &kinds,
        &ids,
        &slugs
    )
    .fetch_all(db)
    .await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_pages_of_ours_are_looked_at() {
        let html = "<p><a href=\"https://example.org/tag/x\">a</a> <a href=\"/tag/x?before=1#a\">b</a>\
                    <a href=\"https://news.example/article/7/y\">c</a> <a href=\"mailto:a@b.example\">d</a>\
                    <a href=\"/search?q=a\">e</a> <a href=\"/\">f</a> <a href=\"/focus\">g</a> <a href=\"/nowhere\">h</a></p>";
        let found = of_body(&CleanHtml::clean(html).unwrap(), "https://news.example");
        let named: Vec<_> =
            found.iter().map(|link| (link.kind.as_str(), link.id, link.slug.as_str())).collect();
        assert_eq!(named, [("tag", 0, "x"), ("article", 7, "7"), ("nowhere", 0, "")]);
    }

    #[test]
    fn links_within_the_site_are_found_however_they_are_written() {
        let found = of_body(
            &CleanHtml::clean(
                "<p><a href=\"/article/17/the-bridge?x#y\">a</a> <a href=\"https://news.example/tag/r%C3%BCgen\">b</a>
                 <a href=\"/section/paper\">c</a> <a href=\"https://other.example/article/1/x\">d</a>
                 <a href=\"/article/x\">e</a> <a href=\"/map\">f</a> <a href=\"#g\">g</a></p>",
            )
            .unwrap(),
            "https://news.example",
        );
        let found: Vec<_> =
            found.iter().map(|link| (link.kind.as_str(), link.id, link.slug.as_str())).collect();
        assert_eq!(
            found,
            [("article", 17, "17"), ("tag", 0, "rügen"), ("section", 0, "paper"), ("article", 0, "x")]
        );
    }
}
