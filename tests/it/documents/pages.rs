//! HTML, from word processors and from the web.

use super::{body, read};

fn lines(html: &str) -> Vec<String> {
    body(&read("a.html", html.as_bytes()))
}

const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[test]
fn a_page_gives_its_headline_its_words_and_its_language() {
    let page = "<!doctype html><html lang=fa dir=rtl><head><meta charset=utf-8><title>The ferry – The Paper</title>\
        <meta name=author content='Mira Holt'><meta name=description content='It runs.'><meta name=keywords content='a, b'>\
        <style>p > b { color: red }</style></head><body><nav><a href=/>Home</a></nav><article><h1>The ferry</h1><p>One<p>Two <script>alert(1)</script>\
        <h2>At sea</h2><div>Loose <b>text</b></div></article><footer>© all</footer>";
    let draft = read("a.html", page.as_bytes());
    assert_eq!(
        (draft.headline.as_str(), draft.byline.as_str(), draft.standfirst.as_str()),
        ("The ferry", "Mira Holt", "It runs.")
    );
    assert_eq!((draft.tags.len(), draft.language.as_ref().unwrap().as_str()), (2, "fa"));
    assert_eq!(
        body(&draft),
        [
            "<p dir=\"rtl\">One</p>",
            "<p dir=\"rtl\">Two</p>",
            "<h2 dir=\"rtl\">At sea</h2>",
            "<p dir=\"rtl\">Loose <strong>text</strong></p>"
        ]
    );
}

#[test]
fn words_lists_are_lists_again() {
    let word = |level: u32, marker: &str, text: &str| {
        format!(
            "<p class=MsoListParagraphCxSpFirst style='margin-left:{}.0pt;text-indent:-18.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]>\
                 <span style='font-family:Symbol'><span style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{text}<o:p></o:p></p>",
            level * 36
        )
    };
    let page = [word(1, "·", "a"), word(2, "o", "a1"), word(1, "·", "b"), word(1, "1.", "one")].concat();
    let expected = "<ul><li>a<ul><li>a1</li></ul></li><li>b</li></ul><ol><li>one</li></ol>";
    assert_eq!(lines(&page).concat(), expected);
    // Saved as a filtered page, it says nothing of lists at all.
    let filtered = "<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:-18.0pt'><span style='font-family:Symbol'>·<span>&nbsp;&nbsp; </span></span>a</p>\
        <p class=MsoListParagraph style='margin-left:72.0pt'>o<span>&nbsp;&nbsp; </span>a1</p><p class=MsoListParagraph>plain</p>";
    assert_eq!(lines(filtered).concat(), "<ul><li>a<ul><li>a1</li></ul></li></ul><p>plain</p>");
}

#[test]
fn googles_looks_are_read_from_its_style_sheet() {
    let page = "<html><head><style>.c1{font-weight:700}.c2{font-style:italic}ul.lst-kix_x-0{list-style-type:none}</style></head><body>\
        <b style='font-weight:normal'><p class=c0><span class='c1'>Bold</span><span class=c2> italic</span><span> plain </span>\
        <a href='https://www.google.com/url?q=https://a.example/b&amp;sa=D'>link</a></p></b>\
        <ul class='c5 lst-kix_x-0 start'><li><span>a</span></li></ul><ul class='lst-kix_x-1 start'><li>a1</li></ul><ul class=lst-kix_x-0><li>b</li></ul>";
    assert_eq!(
        lines(page).concat(),
        "<p><strong>Bold</strong><em> italic</em> plain <a href=\"https://a.example/b\">link</a></p>\
         <ul><li>a<ul><li>a1</li></ul></li><li>b</li></ul>"
    );
}

#[test]
fn pictures_in_the_page_are_taken_and_those_elsewhere_named() {
    let page = format!(
        "<h1>T</h1><figure><img src=\"data:image/png;base64,{PIXEL}\" alt=\"A dot\"><figcaption>The dot</figcaption></figure>\
         <p>a<img src=https://a.example/b.png>b<img src='image002.jpg'></p><iframe src=x></iframe><svg><text>no</text></svg>"
    );
    let draft = read("a.html", page.as_bytes());
    assert_eq!(body(&draft), ["<p>[0 A dot|The dot]</p>", "<p>ab</p>"]);
    assert!(draft.pictures[0].bytes.starts_with(b"\x89PNG"));
    assert_eq!(
        draft.left_out.to_string(),
        "2 pictures that are not in the file (https://a.example/b.png, image002.jpg), 1 embedded frame, 1 drawing"
            .replace(" (https://a.example/b.png, image002.jpg)", "")
            + " (https://a.example/b.png, image002.jpg)"
    );
}

#[test]
fn tables_lists_and_quotes_of_a_page_keep_their_order() {
    let page = "<h1>T</h1><table border=1><caption>Boats</caption><thead><tr><th>Port<th>Boats</thead><tr><td rowspan=2>North<td>1<tr><td>2</table>\
        <ol start=3><li><p>three</p><p>more</p><li>four<ul><li>deep</ul></ol><blockquote>Said</blockquote><pre>a\n  b</pre>";
    assert_eq!(
        lines(page).join("|"),
        "<p>Boats</p>|<table>|<thead>|<tr><th scope=\"col\">Port</th><th scope=\"col\">Boats</th></tr>|</thead>|<tbody>|\
         <tr><td rowspan=\"2\">North</td><td>1</td></tr>|<tr><td>2</td></tr>|</tbody>|</table>|\
         <ol start=\"3\">|<li>three<p>more</p>|</li>|<li>four|<ul>|<li>deep</li>|</ul>|</li>|</ol>|<blockquote>|<p>Said</p>|</blockquote>|<pre>a|  b</pre>"
    );
}

#[test]
fn markdown_gives_the_parts_of_the_article() {
    let text = format!(
        "---\ntitle: The ferry\nauthor: Mira Holt\ntags: [a, b]\nlang: de\n---\n\n# The ferry\n\nIt **runs** ~~not~~ [again](https://a.example)[^1].\n\n\
         ## At sea\n\n- a\n  - a1\n\n| Port | Boats |\n|------|-------|\n| N    | 1     |\n\n![A dot][image1]\n\n![far](https://a.example/x.png)\n\n\
         <script>alert(1)</script>\n\n[^1]: Source.\n\n[image1]: <data:image/png;base64,{PIXEL}>\n"
    );
    let draft = read("ferry.md", text.as_bytes());
    assert_eq!(
        (draft.headline.as_str(), draft.byline.as_str(), draft.tags.len()),
        ("The ferry", "Mira Holt", 2)
    );
    assert_eq!(draft.language.as_ref().unwrap().as_str(), "de");
    assert_eq!(
        body(&draft).concat(),
        "<p>It <strong>runs</strong> <s>not</s> <a href=\"https://a.example\">again</a><sup>1</sup>.</p><h2>At sea</h2>\
         <ul><li>a<ul><li>a1</li></ul></li></ul><table><thead><tr><th scope=\"col\">Port</th><th scope=\"col\">Boats</th></tr></thead>\
         <tbody><tr><td>N</td><td>1</td></tr></tbody></table><p>[0 A dot|]</p><hr><ol><li>Source.</li></ol>"
    );
    assert_eq!(draft.left_out.to_string(), "1 picture that is not in the file (https://a.example/x.png)");
}
