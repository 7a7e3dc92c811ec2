//! Films from elsewhere on a public page: a link, then an offer, then a frame, and nobody is asked before the click.

use crate::newsroom::Story;
use crate::stage::Stage;

const BODY: &str = "<p>Before.</p><figure class=\"embed\" data-provider=\"youtube\"><a href=\"https://www.youtube.com/watch?v=abcDEF12345\">Video: the storm</a></figure>\
                    <figure class=\"embed\"><a href=\"https://films.example/1\">Another film</a></figure>";

#[tokio::test]
async fn a_film_is_loaded_by_a_click_and_by_nothing_else() {
    let stage = Stage::new().await;
    let id = Story::new("The storm").body(BODY).publish(&stage.world).await;
    let window = stage.reader().await;
    window.requests().await;
    window.go(&format!("/article/{id}/the-storm")).await;
    window.until("document.querySelector('.embed-offer button')").await;
    let own = format!("{}/", stage.base_url);
    let asked = window.requests().await;
    assert!(asked.iter().all(|url| url.starts_with(&own)), "{asked:?}");
    assert!(
        window
            .text("document.querySelector('.embed-offer').innerText")
            .await
            .contains("www.youtube-nocookie.com")
    );
    // What no frame may hold stays a link.
    assert_eq!(window.value("document.querySelectorAll('.embed-offer').length").await, 1);
    assert_eq!(window.text("document.querySelector('.embed > a').href").await, "https://films.example/1");
    assert_eq!(window.complaints().await, Vec::<String>::new());

    let watch = "(window.forbidden = [], document.addEventListener('securitypolicyviolation', \
                 (event) => window.forbidden.push(event.blockedURI)), null)";
    window.value(watch).await;
    window.click(".embed-offer button").await;
    window.until("document.querySelector('.embed-frame')").await;
    let frame = "document.querySelector('.embed-frame')";
    let src = window.text(&format!("{frame}.src")).await;
    assert!(src.starts_with("https://www.youtube-nocookie.com/embed/abcDEF12345"), "{src}");
    assert_eq!(window.text(&format!("{frame}.title")).await, "Video: the storm");
    assert_eq!(window.text(&format!("{frame}.referrerPolicy")).await, "strict-origin");
    let sandbox = window.text(&format!("{frame}.getAttribute('sandbox')")).await;
    assert!(sandbox.contains("allow-scripts") && !sandbox.contains("top-navigation"), "{sandbox}");
    assert_eq!(window.texts("window.forbidden").await, Vec::<String>::new());
    let asked = window.requests().await;
    assert!(asked.iter().any(|url| url.starts_with("https://www.youtube-nocookie.com/")), "{asked:?}");

    // The policy lets nobody else into a frame.
    let other = "(document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://films.example/1' })), null)";
    window.value(other).await;
    window.until("window.forbidden.length === 1").await;
    window.close().await;
}

#[tokio::test]
async fn without_scripts_a_film_is_a_link() {
    let stage = Stage::new().await;
    let id = Story::new("The storm").body(BODY).publish(&stage.world).await;
    let window = stage.reader().await;
    window.without_scripts().await;
    window.go(&format!("/article/{id}/the-storm")).await;
    assert_eq!(window.value("document.querySelectorAll('.embed-offer, iframe').length").await, 0);
    assert!(window.shows(".embed a[href='https://www.youtube.com/watch?v=abcDEF12345']").await);
    window.close().await;
}
