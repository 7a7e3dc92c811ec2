//! What strangers and editors send in to make the page of somebody else do something.

use crate::newsroom::{Story, section};
use crate::stage::Stage;
use crate::window::Window;

/// Bodies as an attacker writes them. Whatever runs calls `alert`, which no page survives unnoticed.
const BODIES: [&str; 44] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=/static/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script >",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)//",
    "<img/src='x'/onerror='alert(1)'>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>",
    "<img src=javascript:alert(1)>",
    "<img srcset='x 1x, javascript:alert(1) 2x' onload=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text x=20 y=20>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=javascript:alert(1)>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1) id=bait>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=vbscript:alert(1)>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style=position:fixed;inset:0>cover</p>",
    "<p onclick=alert(1) onmouseover=alert(1)>x</p>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)><option>x</select>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>body { display: none }</style>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<template><img src=x onerror=alert(1)></template>",
    "</article></main><h1>Another headline</h1><!--><img src=x onerror=alert(1)>-->",
];

/// Anything on a page that could do something, besides what the site itself puts there.
const DANGERS: &str = r#"(() => {
    const body = document.querySelector(".body");
    const forbidden = "script, style, iframe, frame, object, embed, svg, math, form, input, select, button, base, \
        meta, link, template, video, audio, marquee, details";
    const bad = [...body.querySelectorAll(forbidden)];
    bad.push(...document.querySelectorAll("script:not([src^='/static/'], head > [type='application/ld+json']), [style], iframe, base, body + *"));
    for (const element of document.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
            const leads = ["href", "src", "action", "formaction", "data", "srcset"].includes(name);
            const plain = value.replace(/[\s\u0000-\u001f]/g, "").toLowerCase();
            if (name.startsWith("on") || (leads && /^(javascript|data|vbscript):/.test(plain))) bad.push(element);
        }
    }
    if (document.querySelectorAll("h1").length !== 1) bad.push(document.querySelector("h1"));
    return bad.map((element) => element.outerHTML.slice(0, 200));
})()"#;

#[tokio::test]
async fn a_hostile_comment_is_text_at_the_desk_and_on_the_page() {
    let stage = Stage::new().await;
    let id = Story::new("The ferry runs again").publish(&stage.world).await;
    let (name, text) = ("\"><svg onload=alert(1)>", "<img src=x onerror=alert(1)>");

    let reader = stage.reader().await;
    reader.go(&format!("/article/{id}")).await;
    reader.write("#comment-name", name).await;
    reader.write("#comment-text", text).await;
    reader.follow(".comment-form button").await;
    is_harmless(&reader, "after sending").await;

    let editor = stage.editor().await;
    editor.go("/desk/comments").await;
    assert_eq!(editor.text("document.querySelector('.comment-by bdi').textContent").await, name);
    assert_eq!(editor.text("document.querySelector('.comment-text').innerText.trim()").await, text);
    assert_eq!(editor.value("document.querySelectorAll('main svg, main img').length").await, 0);
    assert!(!editor.is_asked_by_an_alert().await);
    editor.follow("#queue button[value=approved]").await;

    reader.go(&format!("/article/{id}")).await;
    assert_eq!(reader.text("document.querySelector('.comment b').textContent").await, name);
    assert_eq!(reader.text("document.querySelector('.comment > p[dir]').textContent").await, text);
    assert_eq!(reader.value("document.querySelectorAll('.comments svg, .comments img').length").await, 0);
    is_harmless(&reader, "after approval").await;
    editor.close().await;
    reader.close().await;
}

#[tokio::test]
async fn nothing_of_a_hostile_body_runs_or_stays() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let editor = stage.editor().await;
    let reader = stage.reader().await;
    for body in BODIES {
        editor.go("/desk/articles/new").await;
        editor.write("#headline", "The ferry runs again").await;
        editor.fill("#body", &format!("<p>Before.</p>{body}<p>After.</p>")).await;
        editor.choose("#section", "news").await;
        editor.follow("button[value=publish]").await;
        assert!(!editor.is_asked_by_an_alert().await, "at the desk: {body}");
        let page = editor.text("document.querySelector(\".page-head a[href^='/article/']\").pathname").await;
        reader.go(&page).await;
        is_harmless(&reader, body).await;
        let kept = reader.text("document.querySelector('.body').innerText").await;
        assert!(kept.contains("Before."), "{body}: {kept}");
    }
    assert_eq!(editor.complaints().await, Vec::<String>::new());
    editor.close().await;
    reader.close().await;
}

#[tokio::test]
async fn the_test_for_harm_sees_harm() {
    let stage = Stage::new().await;
    let id = Story::new("The ferry runs again").publish(&stage.world).await;
    let reader = stage.reader().await;
    reader.go(&format!("/article/{id}")).await;
    for harm in ["<svg></svg>", "<p onclick=x>x</p>", "<a href='java\tscript:x'>x</a>", "<h1>x</h1>"] {
        reader.value("(document.querySelector('.body').innerHTML = '', null)").await;
        assert_eq!(reader.texts(DANGERS).await, Vec::<String>::new());
        let harm = serde_json::to_string(harm).unwrap();
        reader.value(&format!("(document.querySelector('.body').innerHTML = {harm}, null)")).await;
        assert_eq!(reader.texts(DANGERS).await.len(), 1, "{harm}");
    }
    reader.close().await;
}

async fn is_harmless(window: &Window, what: &str) {
    assert!(!window.is_asked_by_an_alert().await, "it ran: {what}");
    assert_eq!(window.texts(DANGERS).await, Vec::<String>::new(), "{what}");
    // A picture that is not there is a picture; what the policy had to stop would be a hole in the cleaning.
    let mut complaints = window.complaints().await;
    complaints.retain(|said| !said.contains("status of 404"));
    assert_eq!(complaints, Vec::<String>::new(), "{what}");
}
