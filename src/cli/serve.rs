//! `broadsheet serve`: the site, from the first line of its log to its clean end.

use std::process::ExitCode;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{demo, say, setup_link, supervisor};
use crate::config::{Config, Demo};
use crate::db::{self, Database, migrations};
use crate::jobs::{self, Runner};
use crate::news::section;
use crate::server;
use crate::text::Slug;
use crate::web::App;
use crate::web::page_cache;
use crate::web::rates::Quotas;

/// The sections of a paper that has none yet; editors rename, order and delete them as they like.
const STARTERS: [&str; 4] = ["News", "Analysis", "Paper", "Interview"];

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let mut stop = Stop::listen()?;
    // The port comes first: it is the quickest thing to fail, and what calls meanwhile waits instead of failing.
    let listener = match supervisor::listener()? {
        Some(handed_over) => handed_over,
        None => TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("{} cannot be listened on.", config.listen))?,
    };

    let database = tokio::select! {
        database = ready(&config) => database?,
        () = stop.asked() => return Ok(ExitCode::SUCCESS),
    };
    let lost = serve(&config, &database, listener, &mut stop).await?;
    database.close().await?;
    match lost {
        None => Ok(ExitCode::SUCCESS),
        Some(reason) => {
            tracing::error!("{reason}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn ready(config: &Config) -> anyhow::Result<Database> {
    let database = db::open(config).await?;
    migrations::migrate(&database.pool).await?;
    Ok(database)
}

/// Answers until it is told to stop, or until the database is gone for good; the sentence says why.
async fn serve(
    config: &Config,
    database: &Database,
    listener: TcpListener,
    stop: &mut Stop,
) -> anyhow::Result<Option<String>> {
    let bound = listener.local_addr()?;
    let metrics = match config.metrics_listen {
        None => None,
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .with_context(|| format!("{address} cannot be listened on for metrics."))?,
        ),
    };
    let base_url = config.public_url(bound);
    let app = App::assemble(config.clone(), &base_url, database.pool.clone(), Quotas::public()).await?;
    let link = if config.role.answers() { setup_link::link(&database.pool, &base_url).await? } else { None };
    let may_miss_pictures = furnish(config, database).await?;
    // On standard output, for people and for scripts that chose port 0.
    say(&format!("Broadsheet listens on http://{bound}"))?;
    tracing::info!("The site is {base_url}.");
    if let Some(link) = link {
        say(&format!("Make the first administrator, within three days: {link}"))?;
    }
    let watch = tokio::spawn(page_cache::watch(app.clone()));
    let runner = Runner::new(app.clone());
    let work = if config.role.works() { tokio::spawn(runner.run()) } else { tokio::spawn(runner.attend()) };
    if may_miss_pictures && config.role.works() {
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = demo::load_pictures(&app.db, &app.media, &app.workshop).await {
                tracing::warn!("The pictures of the sample news could not be made: {error:#}");
            }
        });
    }
    let mut reason = None;
    let ended = async {
        tokio::select! {
            () = stop.asked() => (),
            lost = database.lost() => reason = Some(lost),
        }
    };
    let ended = async {
        ended.await;
        supervisor::stopping();
    };
    let watchdog = tokio::spawn(supervisor::watchdog());
    let metrics = metrics.map(|listener| tokio::spawn(server::serve_metrics(app.clone(), listener)));
    supervisor::ready();
    if config.role.answers() {
        server::serve(app.clone(), listener, ended).await;
    } else {
        server::serve_health(app.clone(), listener, ended).await;
    }
    watch.abort();
    work.abort();
    watchdog.abort();
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    jobs::finish(&app).await;
    Ok(reason)
}

/// Gives an empty database something to begin with: the sample news, or the sections without which nothing can be
/// written. Answers whether pictures of the sample news may be missing.
async fn furnish(config: &Config, database: &Database) -> anyhow::Result<bool> {
    // Several programs may start on an empty database at once; the others find it furnished.
    let _alone = db::alone(&database.pool, "furnish").await?;
    let wants_demo = config.demo == Demo::Auto && database.is_embedded();
    if !section::all(&database.pool).await?.is_empty() {
        // A first start that was interrupted has its words, and not all of its pictures.
        return Ok(wants_demo && demo::is_loaded(&database.pool).await?);
    }
    if wants_demo {
        demo::load_words(&database.pool).await?;
        return Ok(true);
    }
    let mut db = database.pool.begin().await?;
    for name in STARTERS {
        section::create(&mut db, &Slug::of_or(name, "section"), name, "").await?;
    }
    db.commit().await?;
    Ok(false)
}

/// What a terminal (Ctrl-C) and what a service manager sends.
pub(super) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// From now on the signals no longer end the process by themselves.
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Ends at the first signal since `listen`.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.terminate.recv() => (),
        }
    }
}
