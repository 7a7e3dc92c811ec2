//! Pages stand still while their pictures come, and films play.

use serde_json::Value;

use crate::demo::demo;
use crate::stage::Stage;
use crate::window::Window;

/// A cumulative layout shift below this is reported as 0.000: a line of a few pixels, once.
const STILL: f64 = 0.0005;

const OBSERVE: &str = r"(() => {
    window.seen = false;
    requestAnimationFrame(() => requestAnimationFrame(() => {
        window.moved = [];
        const name = (source) => (source.node?.outerHTML ?? source.node?.textContent ?? '').slice(0, 200);
        const keep = (entries) => window.moved.push(
            ...entries.map((entry) => ({ value: entry.value, what: entry.sources.map(name) })));
        const observer = new PerformanceObserver((list) => keep(list.getEntries()));
        observer.observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => requestAnimationFrame(() => {
            keep(observer.takeRecords());
            observer.disconnect();
            window.seen = true;
        }));
    }));
})()";

#[tokio::test]
async fn the_front_and_an_article_stand_still_while_they_load() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    let article = demo.pages.iter().find(|path| path.starts_with("/article/")).unwrap();
    for width in [390, 1280] {
        window.resize(width).await;
        for path in ["/", article] {
            window.go(path).await;
            // Down to the end, so that the lazy pictures come too.
            window
                .value("document.querySelectorAll('img').forEach((image) => image.loading = 'eager')")
                .await;
            window
                .until("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
                .await;
            let moved = moved(&window).await;
            assert!(shift(&moved) < STILL, "{path} at {width}: {moved}");
        }
    }
    window.close().await;
}

#[tokio::test]
async fn the_test_for_standing_still_sees_what_moves() {
    let stage = Stage::new().await;
    let window = stage.reader().await;
    window.go("/").await;
    assert!(shift(&moved(&window).await) < STILL);
    window.value("document.querySelector('.masthead').style.marginTop = '200px'").await;
    assert!(shift(&moved(&window).await) > STILL);
    window.close().await;
}

#[tokio::test]
async fn a_film_plays_from_where_one_wants() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    window.go(&demo.film).await;
    window.until("document.querySelector('video').readyState >= 1").await;
    assert_eq!(window.value("document.querySelector('video').videoWidth > 0").await, true);
    window
        .value("(document.querySelector('video').muted = true, document.querySelector('video').play(), null)")
        .await;
    window.until("document.querySelector('video').currentTime > 0").await;
    window
        .value("document.querySelector('video').currentTime = document.querySelector('video').duration * 0.8")
        .await;
    let arrived = "(({ currentTime, duration, seeking, error }) => \
                   !seeking && !error && currentTime >= duration * 0.79)(document.querySelector('video'))";
    window.until(arrived).await;
    window.close().await;
}

/// The sum over all movements, as browsers report it.
fn shift(moved: &Value) -> f64 {
    moved.as_array().into_iter().flatten().filter_map(|one| one["value"].as_f64()).sum()
}

/// What moved by itself, and how far, each time that it did.
async fn moved(window: &Window) -> Value {
    // The next frames are drawn, and reported.
    window.value(OBSERVE).await;
    window.until("window.seen").await;
    window.value("window.moved").await
}
