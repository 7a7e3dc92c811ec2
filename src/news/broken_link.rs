//! Links in what readers see that lead to no page of ours. Found by the clock, a little at a time; nothing foreign is
//! ever asked.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use sqlx::{PgConnection, PgExecutor};

use super::article::ArticleId;
use crate::text::CleanHtml;

/// Newly saved articles that are looked through for what nobody checked yet. What is older is found when it is saved.
const LATELY: i64 = 500;
/// Days after which an article is looked at again: what it links to may have gone.
const AGAIN_DAYS: i32 = 1;
/// More links of one article are not kept.
const PER_ARTICLE: usize = 50;

/// An article and its links that lead nowhere.
#[derive(Clone, Debug)]
pub struct Broken {
    pub article_id: ArticleId,
    pub headline: String,
    pub hrefs: Vec<String>,
    pub found_at: DateTime<Utc>,
}

/// Of what readers see, the newest findings first.
pub async fn latest(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Broken>> {
    sqlx::query_as!(
        Broken,
        r#"select a.id as "article_id: ArticleId", a.headline, array_agg(b.href order by b.href) as "hrefs!",
                  max(b.found_at) as "found_at!"
             from broken_links b
             join articles a on a.id = b.article_id and a.state = 'published'
            group by a.id
            order by max(b.found_at) desc, a.id desc
            limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

struct Due {
    id: i64,
    version: i32,
    body: CleanHtml,
}

/// Looks at up to `limit` articles: saved since they were last looked at, then those longest not looked at. Returns
/// how many.
pub async fn check_some(tx: &mut PgConnection, base_url: &str, limit: i64) -> anyhow::Result<usize> {
    let due = due(&mut *tx, limit).await?;
    for one in &due {
        let links = links(&one.body, base_url);
        let broken = broken(&mut *tx, &links).await?;
        replace(&mut *tx, one, &broken).await?;
    }
    Ok(due.len())
}

async fn due(db: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"with late as (select id, version, updated_at from articles order by updated_at desc, id desc limit $2),
                found as (
                    (select l.id, 0 as rank, l.updated_at as since
                       from late l
                       left join link_checks c on c.article_id = l.id
                      where c.version is distinct from l.version)
                    union all
                    (select c.article_id, 1, c.checked_at
                       from link_checks c
                      where c.checked_at < now() - make_interval(days => $3)
                      order by c.checked_at
                      limit $1))
           select a.id, a.version, a.body_html as "body: CleanHtml"
             from found f
             join articles a on a.id = f.id
            where a.state = 'published'
            order by f.rank, f.since
            limit $1"#,
        limit,
        LATELY,
        AGAIN_DAYS
    )
    .fetch_all(db)
    .await
}

async fn replace(db: &mut PgConnection, one: &Due, broken: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from broken_links where article_id = $1 and not (href = any($2::text[]))",
        one.id,
        broken
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into broken_links (article_id, href)
         select $1, href from unnest($2::text[]) href
         on conflict do nothing",
        one.id,
        broken
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into link_checks (article_id, version) values ($1, $2)
         on conflict (article_id) do update set version = excluded.version, checked_at = now()",
        one.id,
        one.version
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A link to a page of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    /// As the body has it.
    href: String,
    /// The first part of the path: `article`, `tag` ...
    kind: String,
    /// Of an article or a gallery; 0 for what is no number.
    id: i64,
    slug: String,
}

fn links(body: &CleanHtml, base_url: &str) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    // A clean body writes every attribute in one way.
    for part in body.as_str().split(" href=\"").skip(1) {
        let href = part.split('"').next().unwrap_or_default().replace("&amp;", "&");
        if let Some(link) = link(&href, base_url)
            && !found.contains(&link)
            && found.len() < PER_ARTICLE
        {
            found.push(link);
        }
    }
    found
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
async fn broken(db: impl PgExecutor<'_>, links: &[Link]) -> sqlx::Result<Vec<String>> {
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
        let found = links(&CleanHtml::clean(html).unwrap(), "https://news.example");
        let named: Vec<_> =
            found.iter().map(|link| (link.kind.as_str(), link.id, link.slug.as_str())).collect();
        assert_eq!(named, [("tag", 0, "x"), ("article", 7, "7"), ("nowhere", 0, "")]);
    }
}
