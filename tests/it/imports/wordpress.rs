//! An export of WordPress: everything that comes over, and where its addresses lead.

use broadsheet::exchange::import::{End, Kind};

use super::{count, import, old_site, text};
use crate::browser::World;

/// A post of a made-up export.
pub struct Post<'a> {
    pub id: u32,
    pub title: &'a str,
    pub status: &'a str,
    pub date: &'a str,
    pub body: &'a str,
    pub more: &'a str,
}

impl Default for Post<'_> {
    fn default() -> Self {
        Self {
            id: 1,
            title: "The ferry is back",
            status: "publish",
            date: "2019-03-04 09:30:00",
            body: "<p>It runs again.</p>",
            more: "",
        }
    }
}

impl Post<'_> {
    pub fn xml(&self) -> String {
        let Self { id, title, status, date, body, more } = self;
        let slug = title.to_lowercase().replace(' ', "-");
        let path = date.get(..10).unwrap_or_default().replace('-', "/");
        format!(
            "<item><title>{title}</title><link>https://old.example/{path}/{slug}/</link>\
             <dc:creator><![CDATA[mira]]></dc:creator><guid>https://old.example/?p={id}</guid>\
             <content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>\
             <wp:post_id>{id}</wp:post_id><wp:post_date_gmt>{date}</wp:post_date_gmt>\
             <wp:comment_status>open</wp:comment_status><wp:post_name>{slug}</wp:post_name>\
             <wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>{more}</item>"
        )
    }
}

pub fn wxr(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\">\
         <channel><title>The Old Paper</title><link>https://old.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>\
         <wp:author><wp:author_login>mira</wp:author_login><wp:author_display_name>Mira Holt</wp:author_display_name></wp:author>\
         <wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>harbour</wp:category_nicename>\
         <wp:category_parent></wp:category_parent><wp:cat_name>Harbour</wp:cat_name></wp:category>\
         <wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>ferries</wp:category_nicename>\
         <wp:category_parent>harbour</wp:category_parent><wp:cat_name>Ferries</wp:cat_name></wp:category>\
         {items}</channel></rss>"
    )
}

const IN_FERRIES: &str = "<category domain=\"category\" nicename=\"ferries\">Ferries</category>\
                          <category domain=\"post_tag\" nicename=\"boats\">Boats</category>";

#[tokio::test]
async fn a_post_comes_over_with_its_section_tags_author_time_and_address() {
    let world = World::new().await;
    let post = Post { more: IN_FERRIES, ..Post::default() };
    let outcome = import(&world, Kind::Wxr, &wxr(&post.xml())).await;
    assert_eq!((outcome.end, outcome.counts()), (End::Done, [1, 0, 0, 0, 0]));
    let mut reader = world.browser();
    // One step, whichever of its addresses somebody kept.
    let id = outcome.of("1").noun_id.unwrap();
    let now = format!("/article/{id}/the-ferry-is-back");
    for old in ["/2019/03/04/the-ferry-is-back/", "/2019/03/04/the-ferry-is-back", "/?p=1"] {
        let answer = reader.get(old).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (301, now.as_str()), "{old}");
    }
    assert_eq!(reader.get("/category/harbour/").await.header("location"), "/section/harbour");
    assert_eq!(reader.get("/author/mira").await.header("location"), "/author/mira-holt");
    assert_eq!(reader.get("/2019/03/04/another/").await.header("location"), "/2019/03/04/another");
    let page = reader.read(&now).await;
    assert_eq!(page.text("h1"), "The ferry is back");
    assert!(page.text("main").contains("It runs again.") && page.text("main").contains("Mira Holt"));
    let tags = "select string_agg(t.name, ',' order by l.position) from article_tags l join tags t on t.id = l.tag_id";
    assert_eq!(text(&world, tags).await, "Ferries,Boats");
    let at = "select to_char(publish_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from articles";
    assert_eq!(text(&world, at).await, "2019-03-04 09:30");
    assert_eq!(
        text(&world, "select s.slug from articles a join sections s on s.id = a.section_id").await,
        "harbour"
    );
}

#[tokio::test]
async fn drafts_stay_drafts_and_what_is_scheduled_waits_for_its_time() {
    let world = World::new().await;
    let states = ["draft", "pending", "future", "private", "trash", "publish"];
    let items: String = (1..)
        .zip(states)
        .map(|(id, status)| {
            let date = if status == "future" { "2999-01-01 00:00:00" } else { "2019-03-04 09:30:00" };
            let locked = if status == "publish" { "<wp:post_password>secret</wp:post_password>" } else { "" };
            Post { id, status, date, title: &format!("Story {status}"), more: locked, ..Post::default() }
                .xml()
        })
        .collect();
    let outcome = import(&world, Kind::Wxr, &wxr(&items)).await;
    assert_eq!(outcome.counts(), [5, 0, 0, 1, 0]);
    let states = "select string_agg(slug || ' ' || state, ', ' order by slug) from articles";
    assert_eq!(
        text(&world, states).await,
        "story-draft draft, story-future published, story-pending review, story-private draft, story-publish draft"
    );
    assert!(outcome.of("6").reason.contains("password"));
    // What waits is nobody's to see, by its old address neither.
    let waiting = world.browser().get("/?p=3").await;
    assert_ne!(waiting.status.as_u16(), 301);
}

#[tokio::test]
async fn comments_keep_their_states_and_stand_under_what_they_answer() {
    let world = World::new().await;
    let comment = |id: u32, parent: u32, approved: &str, kind: &str| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>\
             <wp:comment_author_email>ada@example.org</wp:comment_author_email>\
             <wp:comment_date_gmt>2019-03-05 10:00:00</wp:comment_date_gmt>\
             <wp:comment_content><![CDATA[<p>No {id} &amp; <b>more</b></p>]]></wp:comment_content>\
             <wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>\
             <wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
        )
    };
    // The answer stands before what it answers.
    let more = comment(2, 1, "1", "comment")
        + &comment(1, 0, "1", "")
        + &comment(3, 0, "0", "")
        + &comment(4, 0, "spam", "")
        + &comment(5, 0, "1", "pingback");
    let file = wxr(&Post { more: &more, ..Post::default() }.xml());
    import(&world, Kind::Wxr, &file).await;
    let found = "select string_agg(body || ' ' || state || ' ' || depth, ', ' order by body) from comments";
    assert_eq!(
        text(&world, found).await,
        "No 1 & more approved 0, No 2 & more approved 1, No 3 & more pending 0, No 4 & more spam 0"
    );
    let parents =
        "select count(*) from comments c join comments p on p.id = c.parent_id where p.body like 'No 1%'";
    assert_eq!(count(&world, parents).await, 1);
    // An address stays only while a decision is to come.
    assert_eq!(
        text(&world, "select string_agg(state, ',') from comments where email is not null").await,
        "pending"
    );
    // And again: none twice, though the article has changed.
    import(&world, Kind::Wxr, &file.replace("It runs again", "It ran again")).await;
    assert_eq!(count(&world, "select count(*) from comments").await, 4);
}

#[tokio::test]
async fn pictures_are_fetched_and_captions_galleries_and_links_come_along() {
    let world = World::new().await;
    let site = old_site().await;
    let attachment = |id: u32, name: &str| {
        format!(
            "<item><title>{name}</title><wp:post_id>{id}</wp:post_id><wp:post_type>attachment</wp:post_type>\
             <wp:status>inherit</wp:status><wp:attachment_url>http://{site}/files/{name}.png</wp:attachment_url>\
             <excerpt:encoded>Words of {name}</excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>\
             <wp:meta_value>A {name}</wp:meta_value></wp:postmeta></item>"
        )
    };
    let body = format!(
        "First line\nsecond line.\n\n[caption id=\"x\"]<a href=\"http://{site}/files/ferry.png\">\
         <img src=\"http://{site}/files/ferry-300x200.png\" alt=\"At the quay\" /></a> Back <em>again</em>[/caption]\n\n\
         See <a href=\"https://www.old.example/2019/03/05/the-next-one/\">the next</a>. [gallery ids=\"21,99\"]\n\n\
         https://www.youtube.com/watch?v=dQw4w9WgXcQ\n\n[slider id=\"4\"]"
    );
    let thumbnail = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>20</wp:meta_value></wp:postmeta>";
    let items = Post { body: &body, more: thumbnail, ..Post::default() }.xml()
        + &Post { id: 2, title: "The next one", date: "2019-03-05 09:30:00", ..Post::default() }.xml()
        + &attachment(20, "ferry")
        + &attachment(21, "quay");
    let outcome = import(&world, Kind::Wxr, &wxr(&items)).await;
    let line = outcome.of("1");
    assert_eq!(outcome.end, End::Done);
    assert!(
        !line.open && line.reason.contains("[slider]") && line.reason.contains("file 99"),
        "{}",
        line.reason
    );
    let next = outcome.of("2").noun_id.unwrap();
    let first = line.noun_id.unwrap();
    let page = world.browser().read(&format!("/article/{first}/the-ferry-is-back")).await;
    assert_eq!(
        page.attribute(&format!("main a[href='/article/{next}/the-next-one']"), "href"),
        format!("/article/{next}/the-next-one")
    );
    let shown = page.attributes("main figure img", "src");
    assert!(shown.len() >= 3 && shown.iter().all(|src| src.starts_with("/media/")), "{shown:?}");
    let captions = page.texts("main figcaption").join(" | ");
    assert!(captions.contains("Back again") && captions.contains("Words of quay"), "{captions}");
    assert!(page.attributes("main figure img", "alt").contains(&"At the quay".to_owned()));
    assert_eq!(page.attribute("main figure.embed", "data-provider"), "youtube");
    assert!(page.text("main").contains("First line second line."));
    assert!(!page.text("main").contains("slider"));
    assert_eq!(count(&world, "select count(*) from media").await, 2);
    assert_eq!(
        text(&world, "select picture_alt from articles where picture_id is not null").await,
        "A ferry"
    );
    // What an editor opens is what readers see.
    let source =
        text(&world, "select content->>'body' from revisions where content->>'body' like '%youtube%'").await;
    assert!(source.contains("/media/") && !source.contains("127.0.0.1"), "{source}");
}

#[tokio::test]
async fn nobody_is_told_of_an_import_and_no_feed_is_flooded() {
    let world = World::new().await;
    let hub = "insert into discovery (hubs, indexnow, indexnow_key) values ('https://hub.example/', true, '0123456789abcdef0123456789abcdef')";
    sqlx::query(hub).execute(&world.db.pool).await.unwrap();
    import(&world, Kind::Wxr, &wxr(&Post::default().xml())).await;
    assert_eq!(
        count(&world, "select count(*) from jobs where kind in ('ping_hub', 'tell_engines')").await,
        0
    );
    assert_eq!(count(&world, "select count(*) from articles where released_at = publish_at").await, 1);
}

#[tokio::test]
async fn what_has_no_place_here_is_named() {
    let world = World::new().await;
    let kinds = ["page", "nav_menu_item"].map(|kind| {
        Post { id: 7, title: "About us", ..Post::default() }.xml().replace(">post<", &format!(">{kind}<"))
    });
    let nothing = Post { id: 9, title: "", body: "", ..Post::default() }.xml();
    let outcome = import(&world, Kind::Wxr, &wxr(&(kinds.concat() + &nothing))).await;
    assert_eq!((outcome.run.skipped, outcome.run.refused), (2, 1));
    assert!(outcome.of("9").reason.starts_with("headline: "), "{}", outcome.of("9").reason);
}
