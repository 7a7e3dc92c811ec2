//! What the cleaner keeps, mends and drops.

use super::*;

fn clean(source: &str) -> String {
    CleanHtml::clean(source).map_or_else(|why| why.to_string(), |html| html.to_string())
}

#[test]
fn what_editors_write_passes_unchanged() {
    for body in [
        "<p>One <strong>two</strong> <em>three</em>.</p><h2>Subhead</h2>",
        "<blockquote><p>Words.</p></blockquote><ul><li>a</li><li>b</li></ul>",
        "<p dir=\"rtl\" lang=\"fa\">متن</p>",
        "<figure><img src=\"/media/ab/x.jpg\" alt=\"A\" width=\"9\" height=\"6\"><figcaption><span class=\"caption\">C</span><small class=\"credit\">D</small></figcaption></figure>",
        "<table><thead><tr><th scope=\"col\">a</th></tr></thead><tbody><tr><td colspan=\"2\">b</td></tr></tbody></table>",
    ] {
        assert_eq!(clean(body), body);
    }
}

#[test]
fn what_the_editor_writes_passes_unchanged() {
    for body in [
        "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n</ol>",
        "<figure class=\"embed\" data-provider=\"youtube\"><a href=\"/x\" rel=\"noopener noreferrer\">Video</a></figure>",
        "<table><caption>T</caption><thead><tr><th scope=\"col\" colspan=\"2\">a</th></tr></thead><tbody><tr><td rowspan=\"2\" dir=\"rtl\">b</td><td>c<br>d</td></tr></tbody></table>",
        "<p>H<sub>2</sub>O <s>no</s> <code>x</code> <span lang=\"fa\" dir=\"rtl\">خ</span></p><pre><code>a\n  b</code></pre><hr>",
        "<figure dir=\"rtl\"><img src=\"/media/ab/x.jpg\" alt=\"\" width=\"9\" height=\"6\"><figcaption><span class=\"caption\">A <em>b</em></span></figcaption></figure>",
    ] {
        assert_eq!(clean(body), body);
    }
}

#[test]
fn attributes_hold_only_what_they_are_for() {
    assert_eq!(
        clean("<figure class=\"embed wide\" data-provider=\"example\"><a href=\"/x\">x</a></figure>"),
        "<figure class=\"embed\"><a href=\"/x\" rel=\"noopener noreferrer\">x</a></figure>"
    );
    assert_eq!(
        clean(
            "<table><tbody><tr><th scope=\"x\" colspan=\"1e9\">a</th></tr></tbody></table><ol start=\"-1\"><li>b</li></ol>"
        ),
        "<table><tbody><tr><th>a</th></tr></tbody></table><ol><li>b</li></ol>"
    );
}

#[test]
fn caption_and_credit_are_two_lines_of_the_text() {
    let figure = "<p>Before.</p><figure><img src=\"/media/ab/x.jpg\"><figcaption><span class=\"caption\">The pier</span><small class=\"credit\">Ada</small></figcaption></figure><p>After.</p>";
    assert_eq!(CleanHtml::clean(figure).unwrap().text(), "Before.\nThe pier\nAda\nAfter.");
}

#[test]
fn elsewhere_an_embed_is_a_link() {
    let body = "<p>a</p><figure class=\"embed\" data-provider=\"vimeo\"><a href=\"https://vimeo.com/123456\">Film</a></figure><figure><img src=\"/media/ab/x.jpg\" alt=\"\"></figure>";
    let body = CleanHtml::clean(body).unwrap();
    assert!(body.has_embed());
    assert_eq!(
        body.absolute("https://a.example").as_str(),
        "<p>a</p><p><a href=\"https://vimeo.com/123456\" rel=\"noopener noreferrer\">Film</a></p>\
         <figure><img src=\"https://a.example/media/ab/x.jpg\" alt=\"\"></figure>"
    );
}

#[test]
fn nothing_that_runs_survives() {
    for body in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<p style=\"position:fixed\" onclick=alert(1) id=a class=b>x</p>",
        "<iframe src=\"https://example.org\"></iframe>",
        "<svg><script>alert(1)</script></svg><math><mi xlink:href=\"data:x\">",
        "<form action=/desk/logout><input name=a></form>",
        "<style>@import 'x'</style><link rel=stylesheet href=x><meta http-equiv=refresh><base href=//e>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<a href=\" &#1; javascript:alert(1)\">x</a><img src=\"//e/x.png\"><img src=\"https://e/x.png\">",
    ] {
        let html = clean(body);
        for bad in [
            "script",
            "onerror",
            "onclick",
            "javascript",
            "style",
            "<svg",
            "<math",
            "<form",
            "<input",
            "iframe",
            "//e",
            "<meta",
            "<base",
            "id=",
        ] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
    }
}

#[test]
fn links_tell_no_one_where_the_reader_came_from() {
    assert_eq!(
        clean("<a href=\"https://example.org\" target=_blank>x</a>"),
        "<a href=\"https://example.org\" rel=\"noopener noreferrer\">x</a>"
    );
}

#[test]
fn cleaning_twice_changes_nothing() {
    for body in
        ["<p>a<p>b<b>c", "<h2>x</h2>&nbsp;&amp;lt;script&gt;", "<li>lone", "<td>cell", "a < b && c > d"]
    {
        let once = clean(body);
        assert_eq!(clean(&once), once);
    }
}

#[test]
fn what_would_take_minutes_is_refused_at_once() {
    assert_eq!(CleanHtml::clean(&"<div>".repeat(20_000)), Err(Unclean::TooDeep));
    assert_eq!(CleanHtml::clean(&"<ul><li>".repeat(20_000)), Err(Unclean::TooDeep));
    assert_eq!(CleanHtml::clean(&"&".repeat(1_000_000)), Err(Unclean::TooManyEntities));
    assert_eq!(CleanHtml::clean(&"<br>".repeat(60_000)), Err(Unclean::TooManyTags));
    assert_eq!(CleanHtml::clean(&"x".repeat(MAX_BYTES + 1)), Err(Unclean::TooLong));
    let tag = format!("<p {}>", (0..20_000).fold(String::new(), |all, n| all + " a" + &n.to_string()));
    assert_eq!(CleanHtml::clean(&tag), Err(Unclean::TooManyAttributes));
}

#[test]
fn depth_cannot_be_hidden_from_the_check() {
    for unit in [
        "<div></x>",
        "<div><!--</div>-->",
        "<div><script></div></script>",
        "<div a=\"</div>\">",
        "<div a='>'>",
    ] {
        let text = unit.repeat(20_000);
        assert!(CleanHtml::clean(&text).is_err(), "{unit}");
    }
    let hidden =
        format!("<p a=\">\"{}>", (0..20_000).fold(String::new(), |all, n| all + " a" + &n.to_string()));
    assert_eq!(CleanHtml::clean(&hidden), Err(Unclean::TooManyAttributes));
    assert_eq!(CleanHtml::clean(&"<a".repeat(49_000)), Err(Unclean::TooManyTags));
}

#[test]
fn a_long_honest_text_is_not_refused() {
    assert!(
        CleanHtml::clean(&"<p>A sentence of some words, and <em>one</em> more.</p>".repeat(9_000)).is_ok()
    );
    assert!(CleanHtml::clean(&"<p>unclosed".repeat(5_000)).is_ok());
}

#[test]
fn the_text_of_a_body_is_its_words_with_a_line_for_each_block() {
    let html =
        CleanHtml::clean("<h2>Sub</h2><p>One <em>two</em> &amp; three&nbsp;&lt;4.</p><ul><li>a</li></ul>");
    assert_eq!(html.map(|html| html.text()), Ok("Sub\nOne two & three\u{a0}<4.\na".to_owned()));
}

#[test]
fn paths_become_whole_addresses_inside_tags_only() {
    let body = CleanHtml::clean("<p>a href=\"/x\" <a href=\"/tag/x\">y</a><img src=\"/media/z\"></p>")
        .unwrap_or_default();
    let whole = body.absolute("https://example.org").to_string();
    assert!(
        whole.contains("<a href=\"https://example.org/tag/x\"")
            && whole.contains("src=\"https://example.org/media/z\"")
    );
    assert!(whole.starts_with("<p>a href=\"/x\" "), "{whole}");
}

#[test]
fn the_dateline_opens_the_first_paragraph() {
    let body = CleanHtml::clean("<p>Text.</p>").unwrap_or_default();
    assert_eq!(
        body.with_dateline("A & B").to_string(),
        "<p><span class=\"dateline\">A &amp; B —</span> Text.</p>"
    );
    assert_eq!(body.with_dateline(""), body);
}
