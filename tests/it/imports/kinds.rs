//! The other kinds: each with all that it can say.

use broadsheet::exchange::import::{End, Kind, Options};

use super::{count, create, file, go, import, import_with, old_site, text};
use crate::browser::{Folder, World};
use crate::desk::png;

const STATES: &str = "select string_agg(headline || ': ' || state, ', ' order by headline) from articles";

#[tokio::test]
async fn lines_of_json_come_over() {
    let world = World::new().await;
    let lines = r#"{"kind":"site","address":"https://old.example"}
{"kind":"section","name":"Harbour","description":"Ships","addresses":["https://old.example/harbour"]}
{"kind":"author","name":"Mira Holt","bio":"Reports."}
{"kind":"article","key":"a1","headline":"The ferry","body":"<p>See <a href=\"/b\">b</a>.</p>","byline":["Mira Holt"],"section":"Harbour","tags":["Ships"],"publish_at":"2019-03-04T10:30:00+01:00","addresses":["https://old.example/a"],"comments":[{"key":"1","text":"Fine.","state":"approved"}]}
{"kind":"article","key":"a2","headline":"The quay","format":"markdown","body":"It is *wide*.","state":"withdrawn","publish_at":"2019-03-05T10:30:00Z","addresses":["https://old.example/b"]}
"#;
    let outcome = import(&world, Kind::Jsonl, lines).await;
    assert_eq!((outcome.end, outcome.counts()), (End::Done, [2, 0, 0, 0, 0]));
    assert_eq!(text(&world, STATES).await, "The ferry: published, The quay: withdrawn");
    let at =
        "select to_char(publish_at at time zone 'UTC', 'HH24:MI') from articles where headline = 'The ferry'";
    assert_eq!(text(&world, at).await, "09:30");
    let quay = outcome.of("a2").noun_id.unwrap();
    let html = text(&world, "select body_html from articles where headline = 'The ferry'").await;
    assert!(html.contains(&format!("/article/{quay}/the-quay")), "{html}");
    assert_eq!(text(&world, "select bio from authors").await, "Reports.");
    assert_eq!(world.browser().get("/harbour").await.header("location"), "/section/harbour");
    assert_eq!(count(&world, "select count(*) from comments where state = 'approved'").await, 1);
}

#[tokio::test]
async fn a_folder_of_hugo_and_jekyll_comes_over_with_its_pictures() {
    let world = World::new().await;
    let folder = Folder::new();
    file(
        &folder,
        "content/harbour/ferry/index.md",
        "+++\ntitle = \"The ferry\"\ndate = 2019-03-04T10:00:00+01:00\ntags = [\"Ships\", \"Boats\"]\nimage = \"lead.png\"\n\
         aliases = [\"/old/ferry/\"]\n+++\n\nIt *runs*. [The next](../../../_posts/2019-03-05-quay.md)\n\n\
         {{< figure src=\"/img/quay.png\" caption=\"At the quay\" >}}\n",
    );
    file(&folder, "content/harbour/ferry/lead.png", &png(3));
    file(&folder, "static/img/quay.png", &png(4));
    file(&folder, "content/harbour/_index.md", "---\ntitle: Harbour\n---\n");
    file(
        &folder,
        "_posts/2019-03-05-quay.md",
        "---\ntitle: 'The quay: wide'\ncategories: [Town]\nauthor: Mira Holt\n---\n# One\n\nText.\n",
    );
    file(&folder, "_drafts/idea.md", "---\ntitle: An idea\n---\nText.\n");
    file(&folder, "content/later.md", "---\ntitle: Later\ndraft: true\ndate: 2019-03-06\n---\nText.\n");
    let id = create(&world, Kind::Markdown, &Options::default(), false).await;
    let outcome = go(&world, id, folder.path()).await;
    assert_eq!((outcome.end, outcome.counts()), (End::Done, [4, 0, 0, 0, 0]));
    assert_eq!(
        text(&world, STATES).await,
        "An idea: draft, Later: draft, The ferry: published, The quay: wide: published"
    );
    let ferry = outcome.of("content/harbour/ferry/index.md").noun_id.unwrap();
    let quay = outcome.of("_posts/2019-03-05-quay.md").noun_id.unwrap();
    let mut reader = world.browser();
    for (old, id) in
        [("/old/ferry/", ferry), ("/harbour/ferry/", ferry), ("/town/2019/03/05/quay.html", quay)]
    {
        let lead = reader.get(old).await.header("location").to_owned();
        assert!(lead.starts_with(&format!("/article/{id}/")), "{old}: {lead}");
    }
    let page = reader.read(&format!("/article/{ferry}/ferry")).await;
    assert_eq!(page.attributes(&format!("main a[href='/article/{quay}/quay']"), "href").len(), 1);
    assert_eq!(
        count(&world, "select count(*) from media").await,
        2,
        "{}",
        outcome.of("content/harbour/ferry/index.md").reason
    );
    assert!(page.texts("main figcaption").join(" ").contains("At the quay"));
    let sections = "select string_agg(s.slug, ',' order by a.headline) from articles a join sections s on s.id = a.section_id";
    assert_eq!(text(&world, sections).await, "news,news,harbour,town");
}

#[tokio::test]
async fn an_export_of_ghost_comes_over() {
    let world = World::new().await;
    let lexical = r#"{\"root\":{\"children\":[{\"type\":\"paragraph\",\"children\":[{\"type\":\"text\",\"text\":\"Bold\",\"format\":1}]},{\"type\":\"signup\"}]}}"#;
    let export = format!(
        r##"{{"db":[{{"meta":{{"version":"5.87.0"}},"data":{{
        "posts":[
          {{"id":"p1","title":"The ferry","slug":"ferry","html":"<p>Go <a href=\"__GHOST_URL__/quay/\">on</a>.</p><figure class=\"kg-card kg-embed-card\"><iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ\"></iframe><figcaption>A film</figcaption></figure>","status":"published","visibility":"public","type":"post","published_at":"2019-03-04T09:30:00.000Z","custom_excerpt":"Short"}},
          {{"id":"p2","title":"The quay","slug":"quay","html":null,"lexical":"{lexical}","status":"draft","type":"post","published_at":null}},
          {{"id":"p3","title":"Paid","slug":"paid","html":"<p>x</p>","status":"published","visibility":"paid","type":"post","published_at":"2019-03-04T09:30:00.000Z"}},
          {{"id":"p4","title":"About","slug":"about","html":"<p>x</p>","status":"published","type":"page"}}],
        "posts_authors":[{{"post_id":"p1","author_id":"u1","sort_order":0}}],
        "posts_tags":[{{"post_id":"p1","tag_id":"t2","sort_order":1}},{{"post_id":"p1","tag_id":"t1","sort_order":0}},{{"post_id":"p1","tag_id":"t3","sort_order":2}}],
        "roles":[{{"name":"Owner"}}],"sessions":[{{"session_id":"secret"}}],
        "tags":[{{"id":"t1","name":"Harbour","slug":"harbour"}},{{"id":"t2","name":"Ships","slug":"ships"}},{{"id":"t3","name":"#internal","slug":"hash"}}],
        "users":[{{"id":"u1","name":"Mira Holt","slug":"mira","email":"mira@old.example","password":"$2a$10$x","bio":"Reports."}}]
        }}}}]}}"##
    );
    let options = Options { site: "https://old.example/".to_owned(), ..Options::default() };
    let outcome = import_with(&world, Kind::Ghost, &export, &options).await;
    assert_eq!((outcome.end, outcome.counts()), (End::Done, [3, 0, 0, 0, 0]));
    assert_eq!(text(&world, STATES).await, "Paid: draft, The ferry: published, The quay: draft");
    assert!(outcome.of("p2").reason.contains("signup") && outcome.of("p3").reason.contains("paid"));
    assert!(
        text(&world, "select body_html from articles where headline = 'The quay'")
            .await
            .contains("<strong>Bold</strong>")
    );
    let html = text(&world, "select body_html from articles where headline = 'The ferry'").await;
    assert!(html.contains("data-provider=\"youtube\"") && html.contains("/quay\""), "{html}");
    assert_eq!(text(&world, "select string_agg(name, ',') from tags").await, "Ships");
    assert_eq!(text(&world, "select name || bio from authors").await, "Mira HoltReports.");
    assert_eq!(count(&world, "select count(*) from users").await, 0);
    let ferry = outcome.of("p1").noun_id.unwrap();
    assert_eq!(world.browser().get("/ferry/").await.header("location"), format!("/article/{ferry}/ferry"));
}

#[tokio::test]
async fn feeds_come_over_as_far_as_they_are_whole() {
    let world = World::new().await;
    let site = old_site().await;
    let rss = format!(
        "<rss version=\"2.0\" xmlns:content=\"c\" xmlns:dc=\"d\"><channel><title>Old</title><link>https://old.example/</link>\
         <item><title>The ferry &amp;amp; the quay</title><link>https://old.example/2019/ferry.html</link><guid>tag:1</guid>\
         <pubDate>Mon, 04 Mar 2019 10:30:00 +0100</pubDate><dc:creator>Mira Holt</dc:creator><category>Harbour</category>\
         <category>Ships</category><description>Short.</description><content:encoded><![CDATA[<p>Whole&nbsp;text.</p>]]></content:encoded>\
         <enclosure url=\"http://{site}/files/ferry.png\" type=\"image/png\" length=\"1\"/></item>\
         <item><title>Two</title><link>https://old.example/2</link><description>Only this.</description></item></channel></rss>"
    );
    let outcome = import(&world, Kind::Rss, &rss).await;
    assert_eq!((outcome.end, outcome.counts()), (End::Done, [2, 0, 0, 0, 0]));
    assert!(outcome.of("https://old.example/2").reason.contains("summary"));
    assert_eq!(text(&world, STATES).await, "The ferry & the quay: published, Two: published");
    assert_eq!(count(&world, "select count(*) from articles where picture_id is not null").await, 1);
    let ferry = outcome.of("tag:1").noun_id.unwrap();
    assert_eq!(
        world.browser().get("/2019/ferry.html").await.header("location"),
        format!("/article/{ferry}/ferry")
    );
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Old</title><link href=\"https://atom.example/\"/>\
                <entry><title type=\"html\">&lt;b&gt;One&lt;/b&gt;</title><id>urn:1</id><link rel=\"alternate\" href=\"https://atom.example/one\"/>\
                <published>2019-03-04T09:30:00Z</published><author><name>Ada</name></author><category term=\"Town\"/>\
                <content type=\"xhtml\"><div xmlns=\"x\"><p>Whole <em>text</em>.</p></div></content></entry></feed>";
    let outcome = import(&world, Kind::Rss, atom).await;
    assert_eq!(outcome.counts(), [1, 0, 0, 0, 0]);
    let html = text(&world, "select body_html from articles where headline = 'One'").await;
    assert!(html.contains("<p>Whole <em>text</em>.</p>"), "{html}");
}

#[tokio::test]
async fn an_agencys_ninjs_of_every_version_comes_over() {
    let world = World::new().await;
    let one = r#"{"uri":"urn:newsml:a:1","type":"text","versioncreated":"2019-03-04T09:30:00Z","pubstatus":"usable","headline":"The ferry","byline":"By Ada and Bo","located":"PORT","language":"en","subject":[{"name":"Ships"}],"description_text":"Short","body_html":"<p>Text.</p>"}"#;
    let two = r#"[{"uri":"urn:newsml:a:2","type":"text","versionCreated":"2019-03-04T09:30:00Z","pubStatus":"usable","headlines":[{"role":"main","value":"The quay"}],"by":"Ada","subjects":[{"name":"Town"}],"bodies":[{"role":"main","contentType":"text/html","value":"<p>Wide.</p>"}]},
      {"uri":"urn:newsml:a:3","type":"text","pubStatus":"withheld","headlines":[{"value":"Wait"}],"bodies":[{"contentType":"text/plain","value":"One.\n\nTwo."}]},
      {"uri":"urn:newsml:a:4","type":"picture","headlines":[{"value":"A picture"}]},
      {"type":"text","headlines":[{"value":"Nameless"}]}]"#;
    assert_eq!(import(&world, Kind::Ninjs, one).await.counts(), [1, 0, 0, 0, 0]);
    let folder = Folder::new();
    let path = file(&folder, "two.json", two);
    let id = create(&world, Kind::Ninjs, &Options::default(), false).await;
    let outcome = go(&world, id, path.parent().unwrap()).await;
    assert_eq!(outcome.counts(), [2, 0, 0, 0, 1]);
    assert_eq!(outcome.of("urn:newsml:a:4").outcome.as_str(), "skipped");
    assert_eq!(text(&world, STATES).await, "The ferry: published, The quay: published, Wait: draft");
    let ferry =
        "select dateline || ' ' || byline || ' ' || standfirst from articles where headline = 'The ferry'";
    assert_eq!(text(&world, ferry).await, "PORT Ada, Bo Short");
    assert!(
        text(&world, "select body_html from articles where headline = 'Wait'").await.contains("<p>Two.</p>")
    );
}
