//! What the program says while a test listens: its log, what sqlx tells of each statement, and what Postgres remarks.
//!
//! One ear for the whole program: what no test on any thread listens to is switched off for all of them. Each test hears
//! its own thread.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

pub const STATEMENT: &str = "sqlx::query";
pub const NOTICE: &str = "sqlx::postgres::notice";

thread_local! {
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
    /// By target, what events of the database were about.
    static TOLD: RefCell<Option<Vec<(&'static str, String)>>> = const { RefCell::new(None) };
}

/// From now on; what was heard before is forgotten.
pub fn start() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let log = tracing_subscriber::fmt::layer().with_writer(|| Lines).with_filter(LevelFilter::INFO);
        let told = Told.with_filter(filter_fn(|event| [STATEMENT, NOTICE].contains(&event.target())));
        tracing::subscriber::set_global_default(Registry::default().with(log).with(told)).unwrap();
    });
    LINES.set(Some(Vec::new()));
    TOLD.set(Some(Vec::new()));
}

/// What was logged since, at the levels that a site in use logs.
pub fn log() -> String {
    String::from_utf8(LINES.take().unwrap_or_default()).unwrap()
}

/// The statements or the notices since.
pub fn told(target: &str) -> Vec<String> {
    let told = TOLD.take().unwrap_or_default();
    told.into_iter().filter(|(of, _)| *of == target).map(|(_, text)| text).collect()
}

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.iter_mut().for_each(|lines| lines.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Told;

impl<S: Subscriber> Layer<S> for Told {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        TOLD.with_borrow_mut(|told| {
            let Some(told) = told else { return };
            let target = event.metadata().target();
            let mut text = Text {
                field: if target == STATEMENT { "db.statement" } else { "message" },
                text: String::new(),
            };
            event.record(&mut text);
            told.push((target, text.text));
        });
    }
}

/// One field of an event.
struct Text {
    field: &'static str,
    text: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == self.field {
            value.clone_into(&mut self.text);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == self.field {
            self.text = format!("{value:?}");
        }
    }
}
