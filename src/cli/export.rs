//! `broadsheet export`: the paper in one file, for another site or another program; or its pages as a folder of files,
//! for any web server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::progress::Line;
use super::{backup, say};
use crate::config::Config;
use crate::db::{self, Database, migrations};
use crate::exchange::archive::Kind;
use crate::exchange::html;
use crate::server;
use crate::web::App;
use crate::web::rates::Quotas;

#[derive(Debug, clap::Args)]
#[group(required = true)]
pub(super) struct Arguments {
    /// The file to write: articles, pictures, comments and what else makes the paper; no account and no secret
    file: Option<PathBuf>,
    /// Instead: a folder of pages, feeds and pictures, in the place of the one that an earlier run wrote
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    html: Option<PathBuf>,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    let done = match (&arguments.file, &arguments.html) {
        (Some(file), _) => {
            let written = backup::pack(&database, &config, Kind::Export, file).await;
            written.and_then(|manifest| backup::told(file, &manifest))
        }
        (None, Some(folder)) => pages(&database, config, folder).await,
        (None, None) => Ok(ExitCode::FAILURE),
    };
    database.close().await?;
    done
}

/// The pages name the address of this configuration wherever an address is whole: in feeds and sitemaps.
async fn pages(database: &Database, config: Config, folder: &Path) -> anyhow::Result<ExitCode> {
    migrations::migrate(&database.pool).await?;
    let base_url = config.public_url(config.listen);
    let app = App::assemble(config, &base_url, database.pool.clone(), Quotas::open()).await?;
    let mut line = Line::new("pages", "files");
    let router = server::router(app.clone());
    let written =
        html::write(router, &app.site.base_url, folder, &mut |now| line.show(now.pages, now.files)).await?;
    drop(line);
    let shown = folder.display();
    say(&format!("{shown}: {} pages and {} other files of {base_url}.", written.pages, written.files))?;
    Ok(ExitCode::SUCCESS)
}
