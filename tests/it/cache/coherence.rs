//! Whatever is written, every page that is kept is a moment later what it would be if it were drawn just now. A second
//! site over the same database, which keeps nothing, says what that is.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use broadsheet::server;
use broadsheet::web::App;
use broadsheet::web::page_cache::PageCache;
use broadsheet::web::rates::Quotas;

use super::{run, source};
use crate::browser::{BASE, Browser, World};
use crate::newsroom::Story;

/// Tables of which no page that is kept shows anything, and why.
const UNSEEN: [(&str, &str); 45] = [
    ("api_tokens", "accounts"),
    ("article_notes", "the desk's"),
    ("article_search", "written with its article"),
    ("audit", "the desk's"),
    ("autosaves", "the desk's"),
    ("board_draft", "readers see what is published"),
    ("broken_links", "the desk's"),
    ("comment_bans", "decide about what comes in"),
    ("comment_tokens", "pages for one reader"),
    ("comment_words", "decide about what comes in"),
    ("editors_choice", "before there were boards"),
    ("import_files", "the desk's"),
    ("import_lines", "the desk's"),
    ("imports", "the desk's"),
    ("invitations", "accounts"),
    ("jobs", "work"),
    ("known_devices", "accounts"),
    ("letters", "work"),
    ("link_checks", "the desk's"),
    ("login_challenges", "accounts"),
    ("login_failures", "accounts"),
    ("login_streaks", "accounts"),
    ("network_keys", "hashes"),
    ("old_addresses", "lead to pages and are none"),
    ("origins", "where a row came from"),
    ("password_resets", "accounts"),
    ("presence", "the desk's"),
    ("previews", "pages for those who have the link"),
    ("recovery_codes", "accounts"),
    ("reset_requests", "accounts"),
    ("revisions", "never changed; those around a correction come with it"),
    ("role_rules", "accounts"),
    ("schedules", "work"),
    ("second_factors", "accounts"),
    ("secrets", "keys"),
    ("sessions", "accounts"),
    ("setup_tokens", "accounts"),
    ("tag_aliases", "redirects are not kept"),
    ("users", "bylines are of authors"),
    ("view_days", "shown as ranks"),
    ("view_hours", "shown as ranks"),
    ("_sqlx_migrations", "the program's"),
    ("article_presence", "the desk's"),
    ("comment_limits", "counts what comes in"),
    ("comment_networks", "counts what comes in"),
];

/// A table that somebody adds must be watched, or it must be said here why not.
#[tokio::test]
async fn every_table_that_pages_show_is_watched() {
    let world = World::new().await;
    let unwatched: Vec<String> = sqlx::query_scalar(
        "select c.relname::text
         from pg_class c
         where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not c.relispartition
           and (select count(*) from pg_trigger t
                where t.tgrelid = c.oid
                  and t.tgname in ('purge_pages_insert', 'purge_pages_update', 'purge_pages_delete')) < 3
         order by 1",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap();
    let unseen: BTreeSet<&str> = UNSEEN.iter().map(|(table, _)| *table).collect();
    let forgotten: Vec<_> = unwatched.iter().filter(|table| !unseen.contains(table.as_str())).collect();
    assert!(forgotten.is_empty(), "call watch_pages in a migration, or say why not: {forgotten:?}");
}

/// A paper with something of everything.
const PAPER: &str = "
    insert into sections (slug, name, position) values ('news', 'News', 1), ('culture', 'Culture', 2);
    insert into tags (slug, name) values ('harbour', 'Harbour'), ('ships', 'Ships'), ('storms', 'Storms');
    insert into authors (slug, name) values ('ines-ott', 'Ines Ott'), ('jo-lund', 'Jo Lund');
    insert into places (name, latitude, longitude) values ('Port', 1, 2);
    insert into media (kind, sha256, extension, name, width, height, bytes, ready_at)
    values ('picture', sha256('a'), 'jpg', 'quay.jpg', 800, 600, 1, now());
    insert into renditions (media_id, width, height, extension, sha256, bytes)
    values (1, 400, 300, 'jpg', sha256('b'), 1), (1, 400, 300, 'webp', sha256('c'), 1);
    insert into articles (section_id, state, headline, slug, publish_at, body_html, place_id, picture_id, comments_open)
    select 1, 'published', 'Story ' || n, 'story-' || n, now() - n * interval '1 hour',
           '<p>Words of story ' || n || '.</p>', case when n = 1 then 1 end, case when n = 1 then 1 end, true
    from generate_series(1, 6) n;
    insert into articles (section_id, state, headline, slug) values (2, 'draft', 'Draft', 'draft');
    insert into article_tags (tag_id, publish_at, article_id)
    select case when id % 2 = 0 then 1 else 2 end, publish_at, id from articles where state = 'published';
    insert into article_tags (tag_id, publish_at, article_id) select 3, publish_at, id from articles where id = 1;
    insert into article_authors (author_id, publish_at, article_id)
    select 1, publish_at, id from articles where state = 'published';
    insert into article_search (article_id, publish_at, section_id, doc)
    select id, publish_at, section_id, to_tsvector('simple', headline) from articles where state = 'published';
    insert into topics (slug, title, pinned) values ('sea', 'The sea', true), ('land', 'The land', false);
    insert into topic_tags values (1, 1);
    insert into galleries (kind, slug, title, publish_at) values ('photo', 'quays', 'Quays', now() - interval '1 day');
    insert into gallery_pictures (gallery_id, media_id, alt) values (1, 1, 'A quay');
    insert into most_viewed (span, rank, article_id, views) values ('day', 1, 2, 9), ('day', 2, 3, 8);
    insert into comments (article_id, state, name, body) values (1, 'approved', 'Ana', 'Well said.'), (1, 'pending', 'Bo', 'No.');
";

const PAGES: [&str; 39] = [
    "/",
    "/section/news",
    "/section/culture",
    "/tag/harbour",
    "/tag/ships",
    "/tag/storms",
    "/author/ines-ott",
    "/author/jo-lund",
    "/focus",
    "/focus/sea",
    "/focus/land",
    "/article/1/story-1",
    "/article/2/story-2",
    "/article/3/story-3",
    "/article/6/story-6",
    "/gallery",
    "/gallery/photo",
    "/gallery/1/quays",
    "/map",
    "/map?place=Port",
    "/map.geojson",
    "/archive",
    "/editors-choice",
    "/most-viewed/day",
    "/search?q=story",
    "/search?q=story&tag=harbour",
    "/feeds",
    "/feed.xml",
    "/section/news/feed.xml",
    "/section/culture/feed.xml",
    "/tag/harbour/feed.xml",
    "/focus/sea/feed.xml",
    "/author/ines-ott/feed.xml",
    "/corrections",
    "/corrections/feed.xml",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/about/licences",
    "/site.webmanifest",
];

/// Everything that can be written, one after the other on the same paper. The last word says whether readers see it.
const WRITES: [(&str, bool); 67] = [
    ("update articles set headline = 'Story one, anew' where id = 1", true),
    ("update articles set standfirst = 'In short.' where id = 2", true),
    ("update articles set slug = 'story-the-third' where id = 3", true),
    ("update articles set slug = 'story-3' where id = 3", true),
    ("update articles set section_id = 2 where id = 4", true),
    ("update articles set section_id = 1 where id = 4", true),
    ("update articles set state = 'withdrawn' where id = 5", true),
    ("update articles set state = 'published' where id = 5", true),
    ("update articles set publish_at = now() - interval '10 minutes' where id = 6", true),
    ("update articles set headline = 'Draft, anew' where id = 7", false),
    ("update articles set state = 'published', publish_at = now() where id = 7", true),
    ("insert into article_tags (tag_id, publish_at, article_id) select 1, publish_at, id from articles where id = 7", true),
    ("insert into article_authors (author_id, publish_at, article_id) select 2, publish_at, id from articles where id = 7", true),
    ("update article_tags set position = 2 where article_id = 1 and tag_id = 3", false),
    ("delete from article_tags where article_id = 1 and tag_id = 3", true),
    ("insert into article_related (article_id, target_id, position) values (1, 6, 1)", true),
    ("update articles set headline = 'Story six, anew' where id = 6", true),
    ("delete from article_related", true),
    ("update articles set expire_at = now() - interval '1 second', publish_at = now() - interval '1 day' where id = 7", true),
    ("delete from articles where id = 7", false),
    ("insert into corrections (article_id, number, note, from_version, to_version) values (1, 1, 'It was wrong.', 1, 2)", true),
    ("update corrections set note = 'It was very wrong.'", true),
    ("delete from corrections", true),
    (
        "insert into scheduled_edits (article_id, effective_at, based_on, content, kicker, headline, standfirst, body_html,
                                      words, byline, dateline, language, picture_alt, picture_caption, picture_credit,
                                      comments_open, author)
         values (2, now() - interval '1 second', 1, '{\"body\": \"x\"}', '', 'Story two, as planned', '', '<p>x</p>', 1, '',
                 '', 'en', '', '', '', false, 'x')",
        true,
    ),
    ("update scheduled_edits set held = true", true),
    ("delete from scheduled_edits", false),
    ("update comments set state = 'approved' where name = 'Bo'", true),
    ("update comments set body = 'Yes.' where name = 'Bo'", true),
    ("delete from comments where name = 'Bo'", true),
    ("insert into comments (article_id, name, body) values (1, 'Cy', 'Hm.')", false),
    ("insert into comment_rules (mode) values ('closed')", true),
    ("update comment_rules set mode = 'moderated'", true),
    ("delete from comment_rules", false),
    ("update tags set name = 'Harbours' where id = 1", true),
    ("update tags set name = 'Ship' where id = 2", true),
    ("update authors set name = 'Ines Otto' where id = 1", true),
    ("update authors set bio = 'She writes about the sea.' where id = 1", true),
    ("update places set name = 'The port'", true),
    ("update sections set name = 'The news' where id = 1", true),
    ("update sections set position = 9 where id = 1", true),
    ("insert into sections (slug, name, position) values ('third', 'Third', 20)", true),
    ("delete from sections where slug = 'third'", true),
    ("update topics set description = 'Salt and wind.' where id = 1", true),
    ("insert into topic_tags values (2, 2)", true),
    ("update topics set section_id = 1 where id = 2", false),
    ("insert into topic_articles (topic_id, article_id, place) values (1, 3, 'top')", true),
    ("update topic_articles set place = 'out' where article_id = 3", true),
    ("delete from topic_articles", true),
    ("insert into topic_links (topic_id, position, label, article_id) values (1, 1, 'Begin here', 2)", true),
    ("insert into topic_dates (topic_id, position, day, text) values (1, 1, '2026-01-02', 'It began.')", true),
    ("update topics set pinned = false where id = 1", true),
    ("delete from topics where id = 2", true),
    ("update galleries set title = 'All quays'", true),
    ("update gallery_pictures set caption = 'At dawn'", true),
    ("update galleries set withdrawn_at = now()", true),
    ("update galleries set withdrawn_at = null", true),
    ("update media set licence_ends_at = now() - interval '1 day'", true),
    ("update media set licence_ends_at = null", true),
    ("delete from renditions where width = 400", true),
    ("update most_viewed set article_id = 5 where rank = 1", true),
    ("insert into banners (text, article_id, starts_at, ends_at) values ('Flood', 2, now(), now() + interval '1 hour')", true),
    ("update articles set slug = 'story-two' where id = 2", true),
    ("update banners set text = 'The flood'", true),
    ("delete from banners", true),
    ("insert into drawings (article_id, version, png) values (2, '0123456789ab', 'x')", true),
    ("update drawings set version = 'ba9876543210'", true),
    ("insert into site_icons (size, version, png) values (48, '0123456789ab', 'x')", true),
];

#[tokio::test]
async fn after_every_write_each_page_is_as_if_it_were_drawn_just_now() {
    let world = World::new().await;
    run(&world, PAPER).await;
    let mut config = world.app.config.clone();
    config.page_cache = 0;
    let cold = App::assemble(config, BASE, world.db.pool.clone(), Quotas::open()).await.unwrap();
    let (mut kept, mut cold) = (world.browser(), Browser::on(server::router(cold)));
    for path in PAGES {
        kept.get_at_once(path).await;
    }
    for (statement, is_seen) in WRITES {
        run(&world, statement).await;
        let mut changed = Vec::new();
        for path in PAGES {
            let (shown, drawn) = (kept.get_at_once(path).await, cold.get(path).await);
            assert_eq!(shown.status, drawn.status, "{path} after {statement}");
            // An error names its request.
            if shown.status == StatusCode::OK {
                assert_eq!(lasting(&shown.body), lasting(&drawn.body), "{path} after {statement}");
            }
            if source(&shown) != "hit" {
                changed.push(path);
            }
        }
        assert!(!is_seen || !changed.is_empty(), "nothing was drawn anew after {statement}");
    }
}

/// Without what each drawing has of its own: the time in the form for comments.
fn lasting(body: &str) -> String {
    let Some((before, rest)) = body.split_once("name=\"time\" value=\"") else { return body.to_owned() };
    format!("{before}{}", rest.split_once('"').map_or("", |(_, after)| after))
}

#[tokio::test]
async fn a_change_of_one_article_leaves_the_others_where_they_are() {
    let world = World::new().await;
    let tides = Story::new("Tides").tags(&["harbour"]).publish(&world).await;
    let bread = Story::new("Bread").tags(&["kitchen"]).publish(&world).await;
    let (tides, bread) = (format!("/article/{tides}/tides"), format!("/article/{bread}/bread"));
    let mut browser = world.browser();
    for path in [&tides, &bread, "/tag/harbour", "/tag/kitchen", "/"] {
        super::warm(&mut browser, path).await;
    }
    run(&world, "update articles set standfirst = 'In short.' where headline = 'Tides'").await;
    for (path, expected) in [
        (tides.as_str(), "stored"),
        (&bread, "hit"),
        ("/tag/harbour", "stored"),
        ("/tag/kitchen", "hit"),
        ("/", "stored"),
    ] {
        assert_eq!(source(&browser.get(path).await), expected, "{path}");
    }
}

#[tokio::test]
async fn a_comment_touches_the_page_of_its_article_alone() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    let article = format!("/article/{id}/tides");
    for path in ["/", &article] {
        super::warm(&mut browser, path).await;
    }
    run(&world, "insert into comments (article_id, state, name, body) select id, 'approved', 'Ana', 'Well said.' from articles").await;
    assert_eq!(source(&browser.get("/").await), "hit");
    let answer = browser.get(&article).await;
    assert!(source(&answer) == "stored" && answer.body.contains("Well said."));
}

#[tokio::test]
async fn whole_imports_fit_into_what_can_be_said() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    super::warm(&mut browser, "/section/news").await;
    run(
        &world,
        "insert into articles (section_id, state, headline, slug, publish_at)
         select min(s.id), 'published', 'Import ' || n, 'import-' || n, now() - n * interval '1 minute'
         from sections s, generate_series(1, 5000) n group by n;
         update articles set kicker = 'Old' where headline like 'Import %';
         delete from articles where headline like 'Import 4%'",
    )
    .await;
    let answer = browser.get("/section/news").await;
    assert!(source(&answer) == "stored" && answer.body.contains("Import 1<"));
    // Two hundred of them, each with its own keys, are more than one message holds.
    run(
        &world,
        "update articles set kicker = 'New' where id in (select id from articles order by id limit 200)",
    )
    .await;
    assert!(PageCache::settle(&world.app).await);
}
