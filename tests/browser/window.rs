//! A browser window on one site: go, look, press, type, and wait for what must come.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::driver::{self, Own};
use crate::keeper::PATIENCE;

pub struct Window {
    client: Client,
    base_url: String,
}

impl Window {
    /// 1280 pixels wide, on no page yet.
    pub async fn open(base_url: &str) -> Self {
        let window = Self { client: driver::client().await, base_url: base_url.to_owned() };
        window.resize(1280).await;
        window
    }

    /// With the session of an account.
    pub async fn open_as(base_url: &str, token: &str) -> Self {
        let window = Self::open(base_url).await;
        let cookie = json!({
            "name": "__Host-sid", "value": token, "url": base_url, "path": "/",
            "secure": true, "httpOnly": true, "sameSite": "Lax",
        });
        window.devtools("Network.setCookie", cookie).await;
        window
    }

    /// Waits until the page and its pictures that are not lazy have come.
    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base_url)).await.unwrap();
    }

    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    pub async fn address(&self) -> String {
        self.client.current_url().await.unwrap().into()
    }

    pub async fn resize(&self, width: u32) {
        self.resize_to(width, 900).await;
    }

    pub async fn resize_to(&self, width: u32, height: u64) {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// What is seen, as a PNG.
    pub async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }

    /// `light` or `dark`.
    pub async fn colours(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// From the next page on, pages run nothing; tests still can, but for what takes its time.
    pub async fn without_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    }

    pub async fn with_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
    }

    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.client.issue_cmd(Own::devtools(command, &parameters)).await.unwrap()
    }

    /// The value of an expression on the page.
    pub async fn value(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), Vec::new()).await.unwrap()
    }

    pub async fn text(&self, expression: &str) -> String {
        let value = self.value(expression).await;
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_owned()
    }

    /// A list of texts: the findings of a check, which are best none.
    pub async fn texts(&self, expression: &str) -> Vec<String> {
        serde_json::from_value(self.value(expression).await).unwrap()
    }

    /// Waits until an expression is true.
    pub async fn until(&self, expression: &str) {
        let started = Instant::now();
        // On the way to the next page there is none to ask.
        while !matches!(
            self.client.execute(&format!("return !!({expression})"), Vec::new()).await,
            Ok(Value::Bool(true))
        ) {
            assert!(started.elapsed() < PATIENCE, "{expression} never came true on {}", self.path().await);
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The first that matches.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self.client.find(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Whether somebody who looks at the page sees it.
    pub async fn shows(&self, selector: &str) -> bool {
        self.find(selector).await.is_displayed().await.unwrap()
    }

    pub async fn click(&self, selector: &str) {
        self.value(&format!("document.querySelector({selector:?}).scrollIntoView({{ block: 'center' }})"))
            .await;
        self.find(selector).await.click().await.unwrap();
    }

    /// Clicks what leads to another page, and waits for that.
    pub async fn follow(&self, selector: &str) {
        self.value("document.documentElement.id = 'left-behind'").await;
        self.click(selector).await;
        self.until("document.documentElement.id !== 'left-behind' && document.readyState === 'complete'")
            .await;
    }

    pub async fn write(&self, selector: &str, text: &str) {
        self.find(selector).await.send_keys(text).await.unwrap();
    }

    /// What typing letter by letter would be too slow for.
    pub async fn fill(&self, selector: &str, text: &str) {
        let script = "arguments[0].value = arguments[1]; \
                      arguments[0].dispatchEvent(new Event('input', { bubbles: true }))";
        let element = serde_json::to_value(self.find(selector).await).unwrap();
        self.client.execute(script, vec![element, json!(text)]).await.unwrap();
    }

    pub async fn choose(&self, selector: &str, value: &str) {
        self.find(selector).await.select_by_value(value).await.unwrap();
    }

    /// Where the focus is.
    pub async fn press(&self, key: Key) {
        let text = char::from(key).to_string();
        self.client.active_element().await.unwrap().send_keys(&text).await.unwrap();
    }

    /// By the browser itself: the driver's keys, sent to a field for files, would be the name of one.
    pub async fn tap(&self, key: &str, code: u8) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.devtools("Input.dispatchKeyEvent", key).await;
        }
    }

    /// The same with other keys held down: another key, or a letter.
    pub async fn chord(&self, held: &[Key], key: impl Into<char>) {
        let mut text: String = held.iter().map(|&key| char::from(key)).collect();
        text.push(key.into());
        text.push(char::from(Key::Null));
        self.client.active_element().await.unwrap().send_keys(&text).await.unwrap();
    }

    /// Letter by letter, where the focus is.
    pub async fn type_in(&self, text: &str) {
        self.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// Statements that are given something.
    pub async fn run(&self, script: &str, given: Vec<Value>) {
        self.client.execute(script, given).await.unwrap();
    }

    /// As a form of ours would send it, without leaving the page.
    pub async fn send(&self, path: &str, fields: Value) {
        let script = format!(
            "fetch({path:?}, {{ method: 'POST', body: new URLSearchParams({fields}) }}).then((answer) => answer.status)"
        );
        assert_eq!(self.value(&script).await, 200, "{path}: {fields}");
    }

    pub async fn is_asked_by_an_alert(&self) -> bool {
        self.client.get_alert_text().await.is_ok()
    }

    /// Everything that the browser complained about since it was last asked: errors of scripts, what the policy
    /// forbade, what did not come.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(Own::log("browser")).await.unwrap();
        let entries = log
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING");
        entries.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The addresses that the browser asked for since it was last asked.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.client.issue_cmd(Own::log("performance")).await.unwrap();
        let events = log.as_array().unwrap().iter().map(|entry| {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            event["message"].clone()
        });
        let sent = events.filter(|event| event["method"] == "Network.requestWillBeSent");
        sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}
