//! Files that were made to hurt, and files that are broken: refused with a sentence, and nothing of them is run.

use broadsheet::exchange::import::{End, Kind, Options};

use super::wordpress::{Post, wxr};
use super::{count, create, file, go, import, text};
use crate::browser::{Folder, World};

async fn refused(kind: Kind, file: impl AsRef<[u8]>) -> String {
    let world = World::new().await;
    let outcome = import(&world, kind, &file).await;
    assert_eq!(outcome.end, End::Failed);
    outcome.run.failed
}

#[tokio::test]
async fn a_document_type_is_refused_whatever_it_declares() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">\
                <!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><channel><title>&b;&x;</title></channel></rss>";
    assert!(refused(Kind::Wxr, bomb).await.contains("document type"));
    assert!(refused(Kind::Rss, bomb).await.contains("document type"));
}

#[tokio::test]
async fn depth_and_size_have_bounds() {
    let deep = format!("<rss><channel>{}", "<a>".repeat(100_000));
    assert!(refused(Kind::Wxr, deep).await.contains("nested beyond measure"));
    let long = format!("<rss><channel><title>{}</title></channel></rss>", "x".repeat(9 * 1024 * 1024));
    assert!(refused(Kind::Wxr, long).await.contains("longer than 8 MiB"));
    let wide = format!(
        "<rss {}><channel/></rss>",
        (0..400).map(|n| format!("a{n}=\"\"")).collect::<Vec<_>>().join(" ")
    );
    assert!(refused(Kind::Wxr, wide).await.contains("256 attributes"));
    let nested = format!("{{\"db\":{}", "[".repeat(100_000));
    assert!(refused(Kind::Ghost, nested).await.len() < 200);
}

#[tokio::test]
async fn half_a_file_keeps_what_came_before_the_break() {
    let world = World::new().await;
    let whole = wxr(&Post::default().xml());
    let outcome = import(&world, Kind::Wxr, &whole[..whole.len() - 10]).await;
    assert_eq!(outcome.end, End::Failed);
    assert_eq!(count(&world, "select count(*) from articles").await, 1);
    assert!(!outcome.run.failed.is_empty());
}

#[tokio::test]
async fn another_file_than_it_is_said_to_be_is_named() {
    assert_eq!(
        refused(Kind::Wxr, "<html><body>no</body></html>").await,
        "This is no export of WordPress (WXR)."
    );
    assert_eq!(refused(Kind::Rss, "<html></html>").await, "This is no feed in RSS or Atom.");
    assert_eq!(refused(Kind::Ghost, "[1]").await, "This is no export of Ghost (JSON).");
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><channel><title>F\xe4hre</title></channel></rss>";
    assert!(refused(Kind::Wxr, latin).await.contains("UTF-8"));
    let unmarked = b"<rss><channel><title>F\xe4hre</title></channel></rss>";
    assert!(refused(Kind::Wxr, unmarked).await.contains("UTF-8"));
}

#[tokio::test]
async fn bodies_go_through_the_cleaner_and_nothing_grants_anything() {
    let world = World::new().await;
    let body = "<p onclick=\"x()\">Hello<script>alert(1)</script><a href=\"javascript:alert(1)\">x</a></p>\
                <img src=x onerror=alert(1)><svg onload=alert(1)></svg><iframe src=\"https://evil.example/\"></iframe>\
                <form action=\"/desk\"><input></form>";
    let outcome = import(&world, Kind::Wxr, &wxr(&Post { body, ..Post::default() }.xml())).await;
    assert_eq!(outcome.counts(), [1, 0, 0, 0, 0]);
    let html = text(&world, "select body_html from articles").await;
    for bad in ["script", "onclick", "onerror", "svg", "iframe", "javascript:", "<form", "<input"] {
        assert!(!html.contains(bad), "{bad}: {html}");
    }
    let line = "{\"kind\":\"article\",\"key\":\"1\",\"headline\":\"A\",\"body\":\"<p>B</p>\",\"role\":\"admin\",\"password\":\"x\"}\n\
                {\"kind\":\"user\",\"email\":\"a@b.example\",\"role\":\"admin\"}\n{\"kind\":\"article\",\"key\":2}\nnonsense";
    let outcome = import(&world, Kind::Jsonl, line).await;
    assert_eq!((outcome.run.imported, outcome.run.refused), (1, 3));
    assert!(outcome.of("1").reason.contains("password, role"), "{:?}", outcome.lines);
    assert_eq!(count(&world, "select count(*) from users").await, 0);
}

#[tokio::test]
async fn links_out_of_a_folder_are_not_followed() {
    let world = World::new().await;
    let folder = Folder::new();
    let path =
        file(&folder, "a.md", "---\ntitle: A\n---\n![x](../../../../etc/passwd) ![y](link.png)\n\nText.");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link.png")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.path().join("b")).unwrap();
    let id = create(&world, Kind::Markdown, &Options::default(), false).await;
    let outcome = go(&world, id, path.parent().unwrap()).await;
    assert_eq!(outcome.counts(), [1, 0, 0, 0, 0]);
    assert_eq!(count(&world, "select count(*) from media").await, 0);
    assert!(outcome.of("a.md").reason.contains("Picture"));
}
