//! What comes into the editor from other programs: kept is what belongs into an article, and nothing of it does
//! anything. The files in `fixtures/` are our own, written as these programs write.

use std::path::PathBuf;

use fantoccini::key::Key;
use image::RgbImage;
use serde_json::json;

use crate::editor::{BODY, is_quiet, opened};
use crate::stage::Stage;
use crate::window::Window;

const WORD: &str = include_str!("fixtures/word.html");
const GOOGLE_DOCS: &str = include_str!("fixtures/google-docs.html");
const LIBREOFFICE: &str = include_str!("fixtures/libreoffice.html");
const WEB: &str = include_str!("fixtures/web.html");
const ATTACK: &str = include_str!("fixtures/attack.html");

/// As Ctrl+V brings it.
async fn paste(window: &Window, html: &str, text: &str) {
    let script = "const data = new DataTransfer(); \
                  if (arguments[0]) data.setData('text/html', arguments[0]); \
                  data.setData('text/plain', arguments[1]); \
                  document.querySelector('.ProseMirror').dispatchEvent(\
                      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
    window.run(script, vec![json!(html), json!(text)]).await;
}

async fn pasted(html: &str) -> String {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(".ProseMirror").await;
    paste(&window, html, "").await;
    window.until(&format!("{BODY} !== ''")).await;
    let body = window.text(BODY).await;
    assert!(!window.is_asked_by_an_alert().await);
    is_quiet(&window).await;
    window.close().await;
    body
}

#[tokio::test]
async fn a_text_of_word_keeps_its_form_and_loses_the_rest() {
    assert_eq!(
        pasted(WORD).await,
        r#"<h2>The storm</h2>
<p>It rose <strong>quickly</strong> and <em>without</em> a warning[1], said <a href="https://example.org/ferry">the ferry office</a>.</p>
<h3>What is shut</h3>
<ul>
<li>The bridge
<ul>
<li>both <strong>lanes</strong></li>
</ul></li>
<li>The harbour</li>
</ul>
<p>In this order:</p>
<ol>
<li>Boats</li>
<li>Cars</li>
</ol>
<p dir="rtl">آب تا پلهٔ سوم بالا آمد.</p>
<table>
<thead>
<tr><th>Gauge</th><th>Metres</th></tr>
</thead>
<tbody>
<tr><td>Pier<br>(north)</td><td>3.1</td></tr>
</tbody>
</table>
<p>H<sub>2</sub>O <s>not</s> put in here</p>
<p>[1] Since 1953.</p>"#
    );
}

/// The clipboard filled by the keys for it, and emptied by them.
#[tokio::test]
async fn the_keys_for_pasting_bring_the_same() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    let fill = "const html = arguments[0]; document.addEventListener('copy', (event) => { \
                    event.clipboardData.setData('text/html', html); event.preventDefault(); \
                }, { once: true })";
    window.run(fill, vec![json!(GOOGLE_DOCS)]).await;
    window.write("#headline", "The night").await;
    window.chord(&[Key::Control], 'a').await;
    window.chord(&[Key::Control], 'c').await;
    window.click(".ProseMirror").await;
    window.chord(&[Key::Control], 'v').await;
    window.until(&format!("{BODY} !== ''")).await;
    let body = window.text(BODY).await;
    assert!(
        body.starts_with("<h2>The night</h2>\n<p>The water stood <strong>three</strong><em> metres</em>"),
        "{body}"
    );
    assert!(body.ends_with("<tr><td>Pier</td><td>3.1</td></tr>\n</tbody>\n</table>"), "{body}");
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_text_of_google_docs_is_bold_only_where_it_was() {
    assert_eq!(
        pasted(GOOGLE_DOCS).await,
        r#"<h2>The night</h2>
<p>The water stood <strong>three</strong><em> metres</em> high, says <a href="https://example.org/gauge?a=1&amp;b=2">the gauge</a><sup>[1]</sup>.</p>
<ul>
<li>First
<ul>
<li><strong>Inside</strong></li>
</ul></li>
<li>Second</li>
</ul>
<table>
<tbody>
<tr><td>Pier</td><td>3.1</td></tr>
</tbody>
</table>"#
    );
}

#[tokio::test]
async fn a_text_of_libreoffice_keeps_its_form_and_loses_the_rest() {
    assert_eq!(
        pasted(LIBREOFFICE).await,
        r#"<h2>The islands</h2>
<p>The <strong>post</strong> boat <em>runs</em> again<sup>1</sup>, and <a href="https://example.org/boat">twice a day</a>.</p>
<h3>Stops</h3>
<ol>
<li>Tolvane
<ul>
<li>the old pier</li>
</ul></li>
<li>Elling</li>
</ol>
<table>
<thead>
<tr><th>Stop</th><th>Time</th></tr>
</thead>
<tbody>
<tr><td rowspan="2">Tolvane</td><td>08:10</td></tr>
<tr><td>17:40</td></tr>
</tbody>
</table>
<p>1 Since Monday.</p>"#
    );
}

#[tokio::test]
async fn a_page_of_the_web_is_a_text_without_its_pictures_and_parts() {
    assert_eq!(
        pasted(WEB).await,
        r#"<h2>A town decides</h2>
<p>By Ada Lind</p>
<p>The council met</p>
<p>and voted.</p>
<h4>How they voted</h4>
<p><strong>Nine</strong> for, <em>two</em> against.</p>
<p><a href="https://cdn.example.org/hall.jpg">The town hall</a></p>
<p>The hall</p>
<blockquote>
<p>It is done.</p>
</blockquote>
<pre><code>let a = 1;
let b = 2;</code></pre>
<figure class="embed" data-provider="youtube"><a href="https://www.youtube.com/watch?v=abcDEF12345">The session</a></figure>
<ul>
<li>one</li>
<li>two</li>
</ul>"#
    );
}

#[tokio::test]
async fn nothing_of_an_attack_arrives() {
    let body = pasted(ATTACK).await;
    assert_eq!(body, "<p>before</p>\n<p>onetwothreefour</p>\n<p>after</p>\n<p>last</p>");
}

#[tokio::test]
async fn what_is_copied_in_the_editor_is_pasted_whole() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    let body = r#"<p lang="fr">Un <strong>mot</strong></p>
<figure><img src="/static/none.png" alt="never"></figure>
<figure class="embed" data-provider="vimeo"><a href="https://vimeo.com/123456789">The film</a></figure>
<table>
<caption>T</caption>
<tbody>
<tr><td colspan="2">a</td></tr>
<tr><td>b</td><td>c</td></tr>
</tbody>
</table>
<p dir="rtl">آب</p>"#;
    window.fill("#body", body).await;
    window.until("document.querySelector('.ProseMirror table')").await;
    window.click(".ProseMirror > p").await;
    window.chord(&[Key::Control], 'a').await;
    let copied = "(() => { const data = new DataTransfer(); \
                  document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('copy', \
                  { clipboardData: data, bubbles: true, cancelable: true })); return data.getData('text/html'); })()";
    let html = window.text(copied).await;
    assert!(html.contains("data-pm-slice"), "{html}");
    paste(&window, &html, "").await;
    // A picture that is none of the library's is a link.
    let foreign = "<figure><img src=\"/static/none.png\" alt=\"never\"></figure>";
    let want = body.replace(foreign, "<p><a href=\"/static/none.png\">never</a></p>");
    window.until(&format!("{BODY} === {}", json!(want))).await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn an_address_becomes_a_link_or_a_film() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(".ProseMirror").await;
    paste(&window, "", "https://youtu.be/abcDEF12345").await;
    let film = "<figure class=\"embed\" data-provider=\"youtube\"><a href=\"https://www.youtube.com/watch?v=abcDEF12345\">YouTube</a></figure>";
    window.until(&format!("{BODY} === {}", json!(film))).await;
    window.click(".ProseMirror > p:last-child").await;
    window.type_in("the gauge").await;
    window.chord(&[Key::Shift], Key::Home).await;
    window.until("document.getSelection().toString() === 'the gauge'").await;
    paste(&window, "", "https://example.org/").await;
    let both = format!("{film}\n<p><a href=\"https://example.org/\">the gauge</a></p>");
    window.until(&format!("{BODY} === {}", json!(both))).await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn into_a_cell_come_lines_and_never_blocks() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.fill("#body", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>").await;
    window.until("document.querySelector('.ProseMirror td')").await;
    window.click(".ProseMirror td").await;
    window.press(Key::End).await;
    paste(&window, "<h1>One</h1><ul><li>two</li></ul>", "").await;
    let want = "<table>\n<tbody>\n<tr><td>aOne<br>two</td><td>b</td></tr>\n</tbody>\n</table>";
    window.until(&format!("{BODY} === {}", json!(want))).await;
    window.close().await;
}

#[tokio::test]
async fn a_picture_that_is_pasted_asks_what_it_shows() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(".ProseMirror").await;
    pastes_pictures(&window, &stage, 1).await;
    window
        .until("/in the library/.test(document.querySelector('.editor-dialog [role=status]').textContent)")
        .await;
    window.until("document.activeElement.localName === 'textarea'").await;
    window.type_in("A flat sea").await;
    window.click(".editor-dialog .primary").await;
    window.until(&format!("/^<figure><img src=\"\\/media\\/.*alt=\"A flat sea\"/.test({BODY})")).await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn several_pictures_come_one_below_the_other_and_say_that_they_lack_words() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(".ProseMirror").await;
    pastes_pictures(&window, &stage, 3).await;
    window.until(&format!("{BODY}.match(/<figure><img src=\"\\/media\\/[^>]*>/g)?.length === 3")).await;
    assert_eq!(window.value("document.querySelectorAll('.editor-lacks:not([hidden])').length").await, 3);
    assert!(!window.text(BODY).await.contains("alt="));
    is_quiet(&window).await;
    window.close().await;
}

/// Files on the clipboard, by way of a field for files.
async fn pastes_pictures(window: &Window, stage: &Stage, count: u8) {
    let paths: Vec<PathBuf> = (0..count).map(|at| picture(stage, at)).collect();
    window
        .value(
            "(document.body.append(Object.assign(document.createElement('input'), \
             { type: 'file', id: 'brought', multiple: true })), null)",
        )
        .await;
    let names: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    window.write("#brought", &names.join("\n")).await;
    let script = "const data = new DataTransfer(); \
                  for (const file of document.getElementById('brought').files) data.items.add(file); \
                  document.getElementById('brought').remove(); \
                  document.querySelector('.ProseMirror').dispatchEvent(\
                      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
    window.run(script, Vec::new()).await;
}

fn picture(stage: &Stage, at: u8) -> PathBuf {
    let path = stage.world.app.config.data.join(format!("sea-{at}.png"));
    RgbImage::from_pixel(320, 200, image::Rgb([40 * at, 90, 140])).save(&path).unwrap();
    path
}
