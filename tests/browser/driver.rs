//! The one chromedriver of all tests, and the commands of it that WebDriver does not have.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::keeper::{self, Keeper, PATIENCE};

/// No screen, no sandbox (tests may run as root in a container), nothing that talks to the net by itself, and no
/// smooth scrolling: the driver clicks where things were before it.
const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--force-prefers-reduced-motion",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser with a profile of its own.
pub async fn client() -> Client {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let (address, folder) = tokio::task::spawn_blocking(address).await.unwrap();
    let profile = folder.join(format!("profile-{}", NUMBER.fetch_add(1, Ordering::Relaxed)));
    let mut arguments: Vec<String> = ARGUMENTS.iter().map(|&argument| argument.to_owned()).collect();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let capabilities = json!({
        "goog:chromeOptions": { "args": arguments, "perfLoggingPrefs": { "enablePage": false } },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        // An alert must fail the test that sees it, not go away by itself.
        "unhandledPromptBehavior": "ignore",
    });
    let Value::Object(capabilities) = capabilities else { unreachable!() };
    ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&address).await.unwrap()
}

fn address() -> (String, &'static Path) {
    static DRIVER: OnceLock<(Keeper, String)> = OnceLock::new();
    let (keeper, address) = DRIVER.get_or_init(|| {
        let folder = keeper::folder();
        let keeper = Keeper::start(folder.clone(), Path::new("chromedriver"), |command| {
            command.arg("--port=0").env("TMPDIR", folder);
        });
        let port = keeper.port("started successfully on port ", PATIENCE);
        (keeper, format!("http://127.0.0.1:{port}"))
    });
    (address.clone(), &keeper.folder)
}

/// A command of Chromium's own, below the session.
#[derive(Debug)]
pub struct Own {
    path: &'static str,
    body: Value,
}

impl Own {
    /// The DevTools protocol.
    pub fn devtools(command: &str, parameters: &Value) -> Self {
        Self { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) }
    }

    /// What has been logged since it was last asked for.
    pub fn log(kind: &str) -> Self {
        Self { path: "se/log", body: json!({ "type": kind }) }
    }
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
