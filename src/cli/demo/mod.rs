//! `broadsheet demo`: a small world of sample news, or a large corpus.
//!
//! What the news says is data in `world`; `draw` makes the pictures and `film` the film; `load` writes the words
//! (`comments` and `desk` those around the articles) and `pictures` the pictures into the database; `corpus` is the large one.

mod comments;
mod corpus;
mod desk;
mod draw;
mod film;
mod load;
mod pictures;
mod world;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use sqlx::PgPool;

use crate::config::Config;
use crate::db::{self, migrations};
use crate::media::{Store, Workshop};
use crate::news::origin;

/// Under which the sample news is known to `news::origin`.
const ORIGIN: &str = "demo";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Instead of the sample news: a deterministic corpus of this many articles
    #[arg(long, value_name = "N")]
    articles: Option<u64>,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    migrations::migrate(&database.pool).await?;
    if let Some(wanted) = arguments.articles {
        let started = Instant::now();
        let added = load_corpus(&database.pool, wanted).await?;
        let seconds = started.elapsed().as_secs_f64();
        let rate = f64::from(u32::try_from(added)?) / seconds;
        super::say(&format!("{added} articles added in {seconds:.1} s: {rate:.0} a second."))?;
    } else {
        let store = Store::open(&config.data.join("media")).context("The media folder cannot be used.")?;
        load_words(&database.pool).await?;
        load_pictures(&database.pool, &store, &Workshop::default()).await?;
    }
    database.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// The words of the sample news: quick. What is there already is left as it is.
/// Answers how many articles were added.
pub async fn load_words(pool: &PgPool) -> anyhow::Result<usize> {
    let articles = load::words(pool).await?;
    tracing::info!(
        "Sample news: {articles} articles added; the pictures that are not there are being drawn."
    );
    Ok(articles)
}

/// Whether the words of the sample news are there, from whatever time.
pub async fn is_loaded(pool: &PgPool) -> anyhow::Result<bool> {
    let Some(article) = world::articles().next() else { return Ok(false) };
    Ok(origin::find(pool, ORIGIN, "article", article.key).await?.is_some())
}

/// The pictures of the sample news: a minute or so, while the site is read already.
pub(super) async fn load_pictures(pool: &PgPool, store: &Store, workshop: &Workshop) -> anyhow::Result<()> {
    let pictures = pictures::draw_all(pool, store, workshop).await?;
    if pictures > 0 {
        tracing::info!("Sample news: {pictures} pictures and films added.");
    }
    Ok(())
}

/// The large corpus, brought up to `wanted` articles. Answers how many were added.
pub async fn load_corpus(pool: &PgPool, wanted: u64) -> anyhow::Result<u64> {
    corpus::load(pool, wanted).await
}
