//! What is asked of every page and screen: that axe-core finds nothing wrong with it in either scheme of colours, on a
//! phone and on a desk; that whatever can be used has a name; that nothing sticks out, and a finger meets everything;
//! that it has one headline; and that the browser complains of nothing.
//!
//! axe-core comes from npm for these tests alone (`tests/axe`), and is put into the page from outside, because no page
//! of ours runs a foreign script. With `BROADSHEET_PICTURES` set to a folder, each page is left there as four
//! pictures, for whoever wants to look at them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::window::Window;

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/axe/node_modules/axe-core/axe.min.js");

/// Everything once on each width, and what depends on colours in the other scheme too.
const ALL: &str = "{ preload: false, resultTypes: ['violations'] }";
const COLOURS: &str = "{ preload: false, resultTypes: ['violations'], \
                       runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }";
const DRESSES: [(u32, &str, &str); 4] =
    [(1280, "light", ALL), (1280, "dark", COLOURS), (390, "dark", ALL), (390, "light", COLOURS)];

/// A page that hides what sticks out would only look as if it fitted.
pub const TOO_WIDE: &str = r#"(() => {
    const page = document.documentElement;
    const found = [...document.body.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.right > page.clientWidth + 1 || box.left < -1);
    });
    const hidden = [page, document.body].some((element) => getComputedStyle(element).overflowX !== "visible");
    if (page.scrollWidth <= page.clientWidth && !hidden) return [];
    return [`${page.scrollWidth} > ${page.clientWidth}${hidden ? ", and hidden" : ""}`,
            ...found.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
})()"#;

/// What a finger meets: the label with its box, the whole story with its headline. Links in running text may be as
/// low as their line; what takes no pointer is for the keyboard alone.
pub const TOO_SMALL: &str = r#"(() => {
    const box = (element) => {
        const drawn = element.getBoundingClientRect();
        if (element.matches("[type=checkbox], [type=radio]") && element.labels.length) {
            return element.labels[0].getBoundingClientRect();
        }
        const cover = getComputedStyle(element, "::after");
        const story = element.closest(".story");
        const covers = story && cover.position === "absolute" && cover.content !== "none";
        return covers ? story.getBoundingClientRect() : drawn;
    };
    const running = (element) => getComputedStyle(element).display === "inline"
        && element.parentElement.textContent.trim() !== element.textContent.trim();
    const met = (element) => element.checkVisibility({ visibilityProperty: true })
        && getComputedStyle(element).pointerEvents !== "none" && !element.closest(".skip, .trap");
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((element) => met(element) && !running(element))
        .map((element) => [element, box(element), element.closest(".menu, .foot nav, .desk-menu") ? 44 : 24])
        .filter(([, { width, height }, least]) => height < least - 0.5 || width < 24 - 0.5)
        .map(([element, { width, height }]) => `${width}×${height}: ${element.outerHTML.slice(0, 160)}`);
})()"#;

const INTERACTIVE: [&str; 11] = [
    "link",
    "button",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "listbox",
    "spinbutton",
    "slider",
    "DisclosureTriangle",
];

const UNLABELLED: &str = r#"[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter((field) => !field.hidden && !field.labels.length && !field.ariaLabel && !field.hasAttribute("aria-labelledby"))
    .map((field) => field.outerHTML.slice(0, 200))"#;

/// One headline, a language, a title.
const HEAD: &str = r#"[
    document.querySelectorAll("h1").length === 1 ? "" : "no headline, or several",
    document.documentElement.lang === "en" ? "" : "no language",
    document.title === "" ? "no title" : "",
].filter(Boolean)"#;

pub struct Inspection<'a> {
    window: &'a Window,
    problems: BTreeSet<String>,
    pictures: Option<PathBuf>,
}

impl<'a> Inspection<'a> {
    pub fn new(window: &'a Window) -> Self {
        let pictures = std::env::var_os("BROADSHEET_PICTURES").map(PathBuf::from);
        Self { window, problems: BTreeSet::new(), pictures }
    }

    pub async fn page(&mut self, path: &str) {
        let (width, scheme, _) = DRESSES[0];
        self.window.resize(width).await;
        self.window.colours(scheme).await;
        self.window.go(path).await;
        self.here(path).await;
    }

    /// What stands in the window now, under a name of the test's.
    pub async fn here(&mut self, name: &str) {
        let mut found = self.complaints().await;
        found.extend(self.window.texts(HEAD).await);
        found.extend(nameless(self.window).await);
        let source = std::fs::read_to_string(AXE)
            .unwrap_or_else(|error| panic!("{AXE}: {error}; run `npm ci --ignore-scripts` in tests/axe"));
        self.window.run(&source, Vec::new()).await;
        for (width, scheme, what) in DRESSES {
            self.window.resize(width).await;
            self.window.colours(scheme).await;
            self.keep_picture(name, width, scheme).await;
            let mut here = self.window.texts(TOO_WIDE).await;
            here.extend(violations(self.window, what).await);
            if width == 390 {
                here.extend(self.window.texts(TOO_SMALL).await);
            }
            found.extend(here.into_iter().map(|problem| format!("at {width}, {scheme}: {problem}")));
        }
        self.window.resize(DRESSES[0].0).await;
        self.window.colours(DRESSES[0].1).await;
        // What axe itself is told by the policy is not the page's.
        self.window.complaints().await;
        self.problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
    }

    pub fn pass(self) {
        let problems: Vec<String> = self.problems.into_iter().collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    /// But for the browser's mention that the page itself was answered with an error, and that a text was left behind.
    async fn complaints(&self) -> Vec<String> {
        let mention = format!(
            "{} - Failed to load resource: the server responded with a status of 4",
            self.window.address().await
        );
        let complaints = self.window.complaints().await;
        let is_ours = |complaint: &String| {
            !complaint.starts_with(&mention)
                && !complaint.contains("Blocked attempt to show a 'beforeunload'")
                // A time that no browser would have sent.
                && !complaint.contains("does not conform to the required format")
        };
        complaints.into_iter().filter(is_ours).collect()
    }

    async fn keep_picture(&self, name: &str, width: u32, scheme: &str) {
        let Some(folder) = &self.pictures else { return };
        let height = self.window.value("document.documentElement.scrollHeight").await.as_u64().unwrap();
        let load = "document.querySelectorAll('img').forEach((image) => image.loading = 'eager')";
        self.window.value(load).await;
        self.window.resize_to(width, height).await;
        let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let picture = self.window.picture().await;
        std::fs::write(folder.join(format!("{name}.{width}.{scheme}.png")), picture).unwrap();
        self.window.resize(width).await;
    }
}

pub async fn violations_of_all(window: &Window) -> Vec<String> {
    let source = std::fs::read_to_string(AXE).unwrap();
    window.run(&source, Vec::new()).await;
    violations(window, ALL).await
}

async fn violations(window: &Window, what: &str) -> Vec<String> {
    let script = format!(
        "axe.run(document, {what}).then((found) => found.violations.flatMap((rule) => rule.nodes.slice(0, 5).map((node) => \
         `${{rule.id}}: ${{node.target.join(' ')}}: ${{node.html.slice(0, 200)}} ${{node.any.concat(node.all, node.none).map((check) => check.message).join('; ')}}`)))"
    );
    window.texts(&script).await
}

pub async fn nameless(window: &Window) -> Vec<String> {
    let tree = window.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().unwrap();
    assert!(nodes.iter().any(is_interactive), "nothing to use on {}", window.path().await);
    let nameless = nodes.iter().filter(|node| is_interactive(node) && name(node).trim().is_empty());
    let nameless = nameless.map(|node| format!("no name: {node}"));
    let unlabelled = window.texts(UNLABELLED).await;
    nameless.chain(unlabelled.iter().map(|field| format!("no label: {field}"))).collect()
}

fn is_interactive(node: &Value) -> bool {
    node["ignored"] == false && INTERACTIVE.iter().any(|role| node["role"]["value"] == *role)
}

fn name(node: &Value) -> &str {
    node["name"]["value"].as_str().unwrap_or_default()
}
