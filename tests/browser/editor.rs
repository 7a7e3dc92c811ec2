//! Writing an article in the editor over the field: by keys and by the toolbar, with pictures, tables and films, and
//! with the editor away.

use std::path::PathBuf;

use broadsheet::text::CleanHtml;
use fantoccini::key::Key;
use image::RgbImage;
use serde_json::json;

use crate::newsroom::section;
use crate::stage::Stage;
use crate::window::Window;

const TEXT: &str = ".editor-text .ProseMirror";
pub const BODY: &str = "document.getElementById('body').value";
const COVERED: &str = "document.getElementById('body').classList.contains('is-covered')";

/// A new article's form, with the editor in it and everything that the policy forbids counted.
pub async fn opened(stage: &Stage) -> Window {
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.go("/desk/articles/new").await;
    ready(&window).await;
    window
}

async fn ready(window: &Window) {
    window.until("document.querySelector('.ProseMirror')").await;
    window
        .value(
            "(window.forbidden = [], document.addEventListener('securitypolicyviolation', \
             (event) => window.forbidden.push(event.violatedDirective + ' ' + event.blockedURI)), null)",
        )
        .await;
}

/// Nothing was forbidden, and nothing went wrong.
pub async fn is_quiet(window: &Window) {
    assert_eq!(window.texts("window.forbidden ?? []").await, Vec::<String>::new());
    assert_eq!(window.complaints().await, Vec::<String>::new());
}

/// As the field will be sent.
async fn becomes(window: &Window, body: &str) {
    window.until(&format!("{BODY} === {}", json!(body))).await;
}

/// A tool, by keyboard alone: into the toolbar, along it, and pressed. The text has the focus again afterwards.
async fn tool(window: &Window, name: &str) {
    window.chord(&[Key::Alt], Key::F10).await;
    window.until("!!document.activeElement.dataset.tool").await;
    window.press(Key::Home).await;
    for _ in 0..40 {
        if window.text("document.activeElement.dataset.tool").await == name {
            window.press(Key::Enter).await;
            return;
        }
        window.press(Key::Right).await;
    }
    panic!("there is no tool {name}");
}

async fn in_the_text(window: &Window) {
    window.until("document.activeElement.classList.contains('ProseMirror')").await;
}

/// Saved as a draft, and the form read again.
async fn saved(window: &Window) {
    window.write("#headline", "The ferry runs again").await;
    window.choose("#section", "news").await;
    window.follow("button[value=save]").await;
    assert_ne!(window.path().await, "/desk/articles/new");
    ready(window).await;
}

#[tokio::test]
async fn a_text_is_written_with_the_keyboard_alone_and_comes_back_as_it_was() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    window.type_in("The water rose.").await;
    window.press(Key::Enter).await;
    tool(&window, "h2").await;
    in_the_text(&window).await;
    window.type_in("What is shut").await;
    window.press(Key::Enter).await;
    tool(&window, "bullets").await;
    in_the_text(&window).await;
    window.type_in("The bridge").await;
    window.press(Key::Enter).await;
    window.type_in("both lanes").await;
    window.press(Key::Tab).await;
    window.press(Key::Enter).await;
    window.press(Key::Enter).await;
    window.press(Key::Enter).await;
    window.type_in("It is ").await;
    window.chord(&[Key::Control], 'b').await;
    window.type_in("not").await;
    window.chord(&[Key::Control], 'b').await;
    window.type_in(" over.").await;
    let body = "<p>The water rose.</p>\n<h2>What is shut</h2>\n<ul>\n<li>The bridge\n<ul>\n<li>both lanes</li>\n\
                </ul></li>\n</ul>\n<p>It is <strong>not</strong> over.</p>";
    becomes(&window, body).await;

    window.chord(&[Key::Alt], Key::F10).await;
    window.until("!!document.activeElement.dataset.tool").await;
    window.press(Key::Escape).await;
    in_the_text(&window).await;

    saved(&window).await;
    assert_eq!(window.text(BODY).await, body);
    window.click(".ProseMirror > p:last-child").await;
    window.press(Key::End).await;
    window.type_in("!").await;
    becomes(&window, &body.replace("over.", "over.!")).await;
    window.chord(&[Key::Control], 'z').await;
    becomes(&window, body).await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_link_is_set_and_taken_away_by_keys() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    window.type_in("the gauge").await;
    window.chord(&[Key::Control], 'a').await;
    window.chord(&[Key::Control], 'k').await;
    window.until("document.activeElement.closest('.editor-dialog')").await;
    window.type_in("javascript:alert(1)").await;
    window.press(Key::Enter).await;
    window.until("document.querySelector('.editor-dialog .error:not([hidden])')").await;
    window.value("(document.activeElement.value = '', null)").await;
    window.type_in("example.org/gauge").await;
    window.press(Key::Enter).await;
    becomes(&window, "<p><a href=\"https://example.org/gauge\">the gauge</a></p>").await;
    in_the_text(&window).await;
    window.chord(&[Key::Control], 'k').await;
    window.click(".editor-dialog .danger").await;
    becomes(&window, "<p>the gauge</p>").await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_picture_is_sent_described_and_stands_in_the_article() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    window.type_in("Before.").await;
    window.press(Key::Enter).await;
    tool(&window, "picture").await;
    window.write(".editor-dialog input[type=file]", picture(&stage, "ferry.png").to_str().unwrap()).await;
    window
        .until("/in the library/.test(document.querySelector('.editor-dialog [role=status]').textContent)")
        .await;
    window.until("document.querySelector('.editor-dialog .thumb').naturalWidth > 0").await;
    window.click(".editor-dialog .primary").await;
    assert!(window.shows(".editor-dialog textarea[aria-invalid=true] ~ .error").await);
    let into = async |at: usize, text: &str| {
        let field = "document.querySelectorAll('.editor-dialog :is(textarea, input[type=text])')";
        window.value(&format!("{field}[{at}].focus()")).await;
        window.type_in(text).await;
    };
    into(0, "A ferry at its landing").await;
    into(1, "The first boat").await;
    into(2, "Ada Lind").await;
    window.click(".editor-dialog .primary").await;
    in_the_text(&window).await;
    window.type_in("After.").await;
    window.until(&format!("/<p>After.<.p>$/.test({BODY})")).await;
    let body = window.text(BODY).await;
    assert!(body.starts_with("<p>Before.</p>\n<figure><img src=\"/media/"), "{body}");
    assert!(body.contains("alt=\"A ferry at its landing\" width=\""), "{body}");
    let lines = "<figcaption><span class=\"caption\">The first boat</span><small class=\"credit\">Ada Lind</small></figcaption></figure>\n<p>After.</p>";
    assert!(body.ends_with(lines), "{body}");

    saved(&window).await;
    assert_eq!(window.text(BODY).await, body);
    window.until("document.querySelector('.ProseMirror figure img').naturalWidth > 0").await;
    // Its caption is written in the text, and from there Enter leads below.
    window.click(".ProseMirror .caption").await;
    window.press(Key::End).await;
    window.type_in(" today").await;
    window.press(Key::Enter).await;
    window.press(Key::Enter).await;
    window.type_in("Below. ").await;
    becomes(&window, &body.replace("boat", "boat today").replace("After.", "Below. After.")).await;
    is_quiet(&window).await;

    window.follow("button[value=publish]").await;
    window.follow(".page-head a[href^='/article/']").await;
    let shown = "document.querySelector('.body figure img')";
    window.until(&format!("{shown}.naturalWidth > 0")).await;
    assert_eq!(window.text(&format!("{shown}.alt")).await, "A ferry at its landing");
    assert_eq!(window.text("document.querySelector('.body .credit').innerText").await, "Ada Lind");
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn a_picture_of_the_library_brings_what_is_known_of_it() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    let place = picture(&stage, "pier.png");
    window.click(TEXT).await;
    window.click("[data-tool=picture]").await;
    window.write(".editor-dialog input[type=file]", place.to_str().unwrap()).await;
    window
        .until("/in the library/.test(document.querySelector('.editor-dialog [role=status]').textContent)")
        .await;
    window.press(Key::Escape).await;
    window.until("!document.querySelector('.editor-dialog')").await;
    sqlx::query("update media set alt = 'The pier', credit = 'Ada Lind'")
        .execute(&stage.world.db.pool)
        .await
        .unwrap();
    window.click("[data-tool=picture]").await;
    window.until("document.querySelector('.editor-shelf button')").await;
    window.click(".editor-shelf button").await;
    window.click(".editor-dialog .primary").await;
    window.until(&format!("/alt=\"The pier\".*Ada Lind/.test({BODY})")).await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_table_is_made_and_changed_by_keys() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    tool(&window, "table").await;
    window.until("document.activeElement.type === 'number'").await;
    window.value("(document.activeElement.value = '2', document.querySelectorAll('.editor-dialog input[type=number]')[1].value = '2', null)").await;
    window.press(Key::Enter).await;
    window.until("document.querySelector('.ProseMirror table')").await;
    in_the_text(&window).await;
    for (at, word) in ["Gauge", "Metres", "Pier", "3.1"].into_iter().enumerate() {
        if at > 0 {
            window.press(Key::Tab).await;
        }
        window.type_in(word).await;
    }
    let made = "<table>\n<thead>\n<tr><th scope=\"col\">Gauge</th><th scope=\"col\">Metres</th></tr>\n</thead>\n<tbody>\n<tr><td>Pier</td><td>3.1</td></tr>\n</tbody>\n</table>";
    becomes(&window, made).await;
    window.press(Key::Tab).await;
    window.type_in("Mole").await;
    tool(&window, "columnAfter").await;
    in_the_text(&window).await;
    becomes(
        &window,
        "<table>\n<thead>\n<tr><th scope=\"col\">Gauge</th><th scope=\"col\"></th><th scope=\"col\">Metres</th></tr>\n</thead>\n<tbody>\n<tr><td>Pier</td><td></td><td>3.1</td></tr>\n<tr><td>Mole</td><td></td><td></td></tr>\n</tbody>\n</table>",
    )
    .await;
    tool(&window, "columnDelete").await;
    in_the_text(&window).await;
    tool(&window, "head").await;
    in_the_text(&window).await;
    saved(&window).await;
    assert!(window.text(BODY).await.starts_with("<table>\n<tbody>\n<tr><td>"), "{}", window.text(BODY).await);
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_block_runs_from_right_to_left_and_stays_so() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    window.type_in("آب بالا آمد.").await;
    tool(&window, "rtl").await;
    in_the_text(&window).await;
    becomes(&window, "<p dir=\"rtl\">آب بالا آمد.</p>").await;
    saved(&window).await;
    assert_eq!(window.text(BODY).await, "<p dir=\"rtl\">آب بالا آمد.</p>");
    assert_eq!(
        window.text("getComputedStyle(document.querySelector('.ProseMirror p')).direction").await,
        "rtl"
    );
    window.click(TEXT).await;
    tool(&window, "rtl").await;
    becomes(&window, "<p>آب بالا آمد.</p>").await;
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn the_source_can_be_written_and_is_what_is_sent() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click("[data-tool=source]").await;
    window.until(&format!("!{COVERED}")).await;
    let source = "<p>By <b>hand</b></p><p onclick=x>two</p>";
    window.write("#body", source).await;
    window.click("[data-tool=source]").await;
    window.until(COVERED).await;
    assert_eq!(
        window.text("document.querySelector('.ProseMirror').innerHTML").await,
        "<p>By <strong>hand</strong></p><p>two</p>"
    );
    // Nobody wrote in the text: what was typed stands.
    // The form only puts the blocks on lines of their own.
    saved(&window).await;
    assert_eq!(window.text(BODY).await, source.replace("</p><p", "</p>\n\n<p"));
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn who_sets_the_field_is_read_again() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    window.type_in("mine").await;
    becomes(&window, "<p>mine</p>").await;
    window
        .value(
            "(document.getElementById('body').value = '<p>theirs</p>', \
             document.getElementById('body').dispatchEvent(new CustomEvent('body:replaced')), null)",
        )
        .await;
    window.until("document.querySelector('.ProseMirror').textContent === 'theirs'").await;
    assert_eq!(window.text(BODY).await, "<p>theirs</p>");
    window.click(TEXT).await;
    window.press(Key::End).await;
    window.type_in(", and mine").await;
    becomes(&window, "<p>theirs, and mine</p>").await;
    is_quiet(&window).await;
    window.close().await;
}

/// Everything that may stand in a body, as the editor writes it.
const WHOLE: &str = r#"<p>One <strong>two</strong> <em lang="fr">trois</em>, H<sub>2</sub>O, x<sup>2</sup>, <s>no</s>, <code>x</code>, <span lang="fa" dir="rtl">خبر</span>.</p>
<h2>Subhead</h2>
<blockquote>
<p>Words.</p>
<p>More.</p>
</blockquote>
<ul>
<li>a
<ol start="3">
<li>b</li>
</ol></li>
<li>c</li>
</ul>
<p dir="rtl" lang="fa">متن <a href="https://example.org" hreflang="fa">پیوند</a></p>
<figure><img src="/media/ab/x.jpg" alt="A" width="9" height="6"><figcaption><span class="caption">C <em>d</em></span><small class="credit">D</small></figcaption></figure>
<figure><img src="/media/ab/x.jpg" alt=""><figcaption><small class="credit">D</small></figcaption></figure>
<figure><img src="/media/ab/x.jpg"></figure>
<figure class="embed" data-provider="youtube"><a href="https://www.youtube.com/watch?v=abcDEF12345">Video: the storm</a></figure>
<table>
<caption>T</caption>
<thead>
<tr><th scope="col">a</th><th colspan="2" scope="col">b</th></tr>
</thead>
<tbody>
<tr><th rowspan="2" scope="row">c</th><td>d<br>e</td><td dir="rtl">f</td></tr>
<tr><td></td><td><strong>g</strong></td></tr>
</tbody>
</table>
<hr>
<pre><code>a &lt; b
  c</code></pre>
<h3>x</h3>
<h4 dir="rtl">y</h4>
<p>end</p>"#;

#[tokio::test]
async fn what_may_stand_in_a_body_is_read_and_written_without_loss() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.fill("#body", WHOLE).await;
    window.until("document.querySelector('.ProseMirror table')").await;
    assert_eq!(window.text(BODY).await, WHOLE);
    window.click(".ProseMirror > p:last-child").await;
    window.press(Key::End).await;
    window.type_in("!").await;
    becomes(&window, &WHOLE.replace("<p>end</p>", "<p>end!</p>")).await;
    // And what the server keeps of it is all of it.
    let kept = CleanHtml::clean(WHOLE).unwrap().to_string();
    assert_eq!(kept.replace(" rel=\"noopener noreferrer\"", ""), WHOLE);
    window.close().await;
}

#[tokio::test]
async fn a_long_text_that_waits_to_be_written_is_sent_whole() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    let sent = "(() => {
        const { editor } = document.querySelector('.ProseMirror');
        const html = editor.getHTML.bind(editor);
        editor.getHTML = () => { const end = performance.now() + 30; while (performance.now() < end); return html(); };
        editor.commands.insertContent('slow');
        editor.commands.insertContent(' and whole');
        const waits = document.getElementById('body').value;
        return [waits, new FormData(document.getElementById('body').form).get('body'), document.getElementById('body').value];
    })()";
    let whole = "<p>slow and whole</p>";
    assert_eq!(window.texts(sent).await, ["<p>slow</p>", whole, whole]);
    is_quiet(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_label_and_a_link_to_the_field_lead_into_the_text() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click("label[for=body]").await;
    in_the_text(&window).await;
    window.value("document.getElementById('headline').focus()").await;
    window.value("(location.hash = '#body', null)").await;
    in_the_text(&window).await;
    window.close().await;
}

#[tokio::test]
async fn without_the_engine_the_field_is_what_people_write_in() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.devtools("Network.enable", json!({})).await;
    window.devtools("Network.setBlockedURLs", json!({ "urls": ["*tiptap*"] })).await;
    window.go("/desk/articles/new").await;
    assert_eq!(window.value("typeof window.TipTap").await, "undefined");
    writes_in_the_field(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_fault_of_the_engine_leaves_the_field_with_all_that_was_written() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.click(TEXT).await;
    window.type_in("Kept").await;
    becomes(&window, "<p>Kept</p>").await;
    // The next letter breaks it.
    let broken =
        "(document.querySelector('.ProseMirror').editor.getHTML = () => { throw new Error('broken') }, null)";
    window.value(broken).await;
    window.type_in("!").await;
    window.until("!document.querySelector('.ProseMirror')").await;
    assert!(window.shows("#body").await);
    assert!(window.shows(".field > .notice[role=alert]").await);
    assert_eq!(window.text(BODY).await, "<p>Kept</p>");
    window.fill("#body", "").await;
    writes_in_the_field(&window).await;
    window.close().await;
}

#[tokio::test]
async fn without_scripts_the_field_is_what_people_write_in() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.without_scripts().await;
    window.go("/desk/articles/new").await;
    writes_in_the_field(&window).await;
    window.close().await;
}

async fn writes_in_the_field(window: &Window) {
    assert!(window.shows("#body").await);
    assert_eq!(window.value("document.querySelectorAll('.editor').length").await, 0);
    window.write("#body", "<p>By hand.</p>").await;
    window.write("#headline", "The ferry runs again").await;
    window.choose("#section", "news").await;
    window.follow("button[value=publish]").await;
    window.follow(".page-head a[href^='/article/']").await;
    assert_eq!(window.text("document.querySelector('.body').innerText").await, "By hand.");
}

#[tokio::test]
async fn on_a_phone_the_toolbar_is_one_row_that_fingers_can_use() {
    let stage = Stage::new().await;
    let window = opened(&stage).await;
    window.resize(390).await;
    window.click(TEXT).await;
    window.click("[data-tool=table]").await;
    window.click(".editor-dialog .primary").await;
    window.until("document.querySelector('.ProseMirror table')").await;
    let small = "[...document.querySelectorAll('.editor-bar button')].filter((button) => button.checkVisibility()) \
                 .filter((button) => button.offsetWidth < 44 || button.offsetHeight < 44).map((button) => button.title)";
    assert_eq!(window.texts(small).await, Vec::<String>::new());
    assert_eq!(window.value("document.querySelector('.editor-bar').offsetHeight < 70").await, true);
    let wide = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(window.value(wide).await, true);
    let nameless = "[...document.querySelectorAll('.editor button')].filter((button) => !(button.ariaLabel || button.innerText.trim())).map((button) => button.outerHTML)";
    assert_eq!(window.texts(nameless).await, Vec::<String>::new());
    is_quiet(&window).await;
    window.close().await;
}

/// A small picture, in a folder that goes with the stage.
fn picture(stage: &Stage, name: &str) -> PathBuf {
    let path = stage.world.app.config.data.join(name);
    RgbImage::from_pixel(640, 360, image::Rgb([30, 80, 120])).save(&path).unwrap();
    path
}
