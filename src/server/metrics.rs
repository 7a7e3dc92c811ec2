//! `/metrics`: how this instance is doing, in the text format of Prometheus. It is answered on an address of its own and
//! nowhere else, so that no proxy can let it out by mistake.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::queue::backlog;
use crate::web::App;

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Whoever asks comes again soon; the other figures do not wait for a database that is away.
const PATIENCE: Duration = Duration::from_secs(1);

pub fn router(app: App) -> Router {
    Router::new().route("/metrics", get(show)).with_state(app)
}

async fn show(State(app): State<App>) -> impl IntoResponse {
    let mut text = Exposition::default();
    pages(&app, &mut text);
    text.family("broadsheet_requests_total", "counter", "Requests answered by a route, by status.");
    for (class, count) in app.answers.now() {
        text.sample("broadsheet_requests_total", &[("status", class)], count);
    }
    text.one(
        "broadsheet_request_seconds_total",
        "counter",
        "Time that these took together.",
        app.answers.took().as_secs_f64(),
    );
    pool(&app, &mut text);
    let jobs = tokio::time::timeout(PATIENCE, backlog::counts(&app.db)).await;
    let jobs = jobs.ok().and_then(Result::ok);
    text.one("broadsheet_database_up", "gauge", "Whether Postgres answers.", u8::from(jobs.is_some()));
    if let Some(jobs) = jobs {
        text.family("broadsheet_jobs", "gauge", "Jobs in the queue of the whole site.");
        for (state, count) in [("waiting", jobs.waiting), ("running", jobs.running), ("failed", jobs.dead)] {
            text.sample("broadsheet_jobs", &[("state", state)], count);
        }
    }
    if let Some(bytes) = resident() {
        text.one("process_resident_memory_bytes", "gauge", "Memory of this process.", bytes);
    }
    ([(header::CONTENT_TYPE, TEXT)], text.0)
}

fn pages(app: &App, text: &mut Exposition) {
    let counts = app.pages.figures.now();
    text.family("broadsheet_pages_total", "counter", "Pages that may be kept, by where they came from.");
    for (from, count) in [
        ("memory", counts.hits),
        ("spare", counts.spares),
        ("drawn", counts.drawn),
        ("shared", counts.shared),
        ("bypass", counts.bypassed),
    ] {
        text.sample("broadsheet_pages_total", &[("from", from)], count);
    }
    let (kept, bytes) = app.pages.size();
    text.one("broadsheet_page_cache_pages", "gauge", "Pages that are kept.", kept);
    text.one("broadsheet_page_cache_bytes", "gauge", "What they weigh.", bytes);
    text.one("broadsheet_page_cache_limit_bytes", "gauge", "What they may weigh.", app.config.page_cache);
    text.one("broadsheet_page_cache_purges_total", "counter", "Changes that were heard.", counts.purges);
    let losses = "Times at which changes may have gone unheard.";
    text.one("broadsheet_page_cache_losses_total", "counter", losses, counts.losses);
    let listening = "Whether changes are heard; else nothing is kept.";
    text.one("broadsheet_page_cache_listening", "gauge", listening, u8::from(app.pages.is_listening()));
}

fn pool(app: &App, text: &mut Exposition) {
    let idle = app.db.num_idle();
    let busy = usize::try_from(app.db.size()).unwrap_or_default().saturating_sub(idle);
    text.family("broadsheet_database_connections", "gauge", "Connections to Postgres.");
    for (state, count) in [("busy", busy), ("idle", idle)] {
        text.sample("broadsheet_database_connections", &[("state", state)], count);
    }
    let limit = app.db.options().get_max_connections();
    text.one("broadsheet_database_connections_limit", "gauge", "As many as there may be.", limit);
}

/// Bytes, where the system tells them.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// The text, line by line.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(label, text)| format!("{label}=\"{text}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }
}
