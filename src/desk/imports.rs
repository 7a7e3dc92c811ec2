//! Imports: a file or an address is given, a dry run says what would come of it, and then it is written. The work is a
//! job's; the screen shows how far it is.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde_json::json;

use super::{Acting, Frame, Routes};
use crate::accounts::User;
use crate::editing::multipart;
use crate::editing::when::{When, when};
use crate::exchange::import::{Kind, Options, upload};
use crate::news::audit;
use crate::news::import::ImportId;
use crate::news::import::line::{self, Line, Outcome};
use crate::news::import::report::{self, Format};
use crate::news::import::run::{self, New, Run, State as Stage};
use crate::paths::{self, imports::IMPORTS};
use crate::queue::{self, Payload};
use crate::web::{
    Admin, App, CachePolicy, Error, Errors, Flash, Notice, Page, Path, Result, Site, Stream, StreamedFile,
};

const MIB: u64 = 1024 * 1024;
const FILE: Stream = Stream { field: "file", limit: 1024 * MIB };
/// The file and what is around it.
#[allow(clippy::cast_possible_truncation)] // a gigabyte fits
const BODY: usize = (1025 * MIB) as usize;
const NAMES: [&str; 7] = ["kind", "file", "address", "section", "site", "without_pictures", "write"];
/// Runs in the list, lines on the page of one.
const RUNS: i64 = 50;
const LINES: i64 = 100;
const MAX_NAME: usize = 60;
const MAX_ADDRESS: usize = 2000;

pub fn routes() -> Routes {
    vec![
        (IMPORTS, get(index).post(create).layer(DefaultBodyLimit::max(BODY))),
        ("/desk/imports/{id}", get(show)),
        ("/desk/imports/{id}/cancel", post(cancel)),
        ("/desk/imports/{id}/resume", post(resume)),
        ("/desk/imports/{id}/write", post(write)),
        ("/desk/imports/{id}/report.csv", get(csv)),
        ("/desk/imports/{id}/report.jsonl", get(json_lines)),
    ]
}

#[derive(Template)]
#[template(path = "desk/imports.html")]
struct Index {
    frame: Frame,
    typed: Typed,
    errors: Errors,
    runs: Vec<Row>,
}

#[derive(Debug, Default)]
struct Typed {
    kind: String,
    address: String,
    section: String,
    site: String,
    without_pictures: bool,
    write: bool,
}

struct Row {
    run: Run,
    kind: &'static str,
    since: When,
}

#[derive(Template)]
#[template(path = "desk/import.html")]
struct Show {
    frame: Frame,
    row: Row,
    /// Refused and skipped first: they are what somebody looks for.
    lines: Vec<Line>,
    is_cut: bool,
    may_resume: bool,
}

impl Row {
    fn of(run: Run, site: &Site) -> Self {
        let kind = Kind::parse(&run.kind).map_or("", Kind::name);
        Self { kind, since: when(run.created_at, site), run }
    }

    fn label(&self) -> &'static str {
        match self.run.state {
            Stage::Waiting => "Waiting",
            Stage::Running if self.run.is_worked_at => "Running",
            Stage::Running => "Interrupted",
            Stage::Done if self.run.dry => "Dry run done",
            Stage::Done => "Done",
            Stage::Cancelled => "Cancelled",
            Stage::Failed => "Failed",
        }
    }

    fn is_over(&self) -> bool {
        self.run.state.is_over()
    }
}

async fn view(app: &App, user: &User, typed: Typed, errors: Errors) -> Result<Index> {
    let runs = run::latest(&app.db, RUNS).await?;
    let runs = runs.into_iter().map(|run| Row::of(run, &app.site)).collect();
    Ok(Index { frame: Frame::new(app, user, "Imports").at(IMPORTS), typed, errors, runs })
}

/// GET: the form, and what was imported so far.
async fn index(State(app): State<App>, Admin(user): Admin, notice: Notice) -> Result<Page> {
    let mut view = view(&app, &user, Typed::default(), Errors::default()).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// POST: 303 to the run, which is dry unless it was asked otherwise; 422 with what is wrong.
async fn create(State(app): State<App>, by: Acting<Admin>, request: Request) -> Result<Response> {
    let (sent, file, mut errors) = multipart::read_with_stream(&app, request, FILE, &NAMES).await?;
    let typed = Typed {
        kind: sent.text("kind").to_owned(),
        address: sent.text("address").trim().to_owned(),
        section: sent.text("section").trim().to_owned(),
        site: sent.text("site").trim().to_owned(),
        without_pictures: !sent.text("without_pictures").is_empty(),
        write: !sent.text("write").is_empty(),
    };
    let kind = check(&typed, file.as_ref(), &mut errors);
    let Some(kind) = kind.filter(|_| errors.is_empty()) else {
        return Ok(Page::new(&view(&app, &by.user, typed, errors).await?).unprocessable().into_response());
    };
    let options = Options {
        section: typed.section.clone(),
        site: typed.site.clone(),
        without_pictures: typed.without_pictures,
        ..Options::default()
    };
    let options = serde_json::to_value(&options).map_err(Error::internal)?;
    let (name, placed) = match file {
        Some(file) => match upload::keep(&app, kind, file.incoming).await? {
            Ok(placed) => (file.name, placed),
            Err(why) => {
                errors.add("file", why);
                return Ok(Page::new(&view(&app, &by.user, typed, errors).await?)
                    .unprocessable()
                    .into_response());
            }
        },
        None => (typed.address.clone(), String::new()),
    };
    let mut tx = app.db.begin().await?;
    let new = New { kind: kind.as_str(), name: &name, file: &placed, options: &options, dry: !typed.write };
    let id = run::create(&mut tx, &new, &by.actor).await?;
    queue::enqueue(&mut tx, &Payload::Import { import_id: id.0 }).await?;
    let detail = json!({ "from": name, "kind": kind.as_str(), "dry run": !typed.write });
    audit::record(&mut tx, &by.actor, "start", "import", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "It has begun.").to(&paths::imports::one(id)))
}

fn check(typed: &Typed, file: Option<&StreamedFile>, errors: &mut Errors) -> Option<Kind> {
    let kind = Kind::parse(&typed.kind);
    if kind.is_none() {
        errors.add("kind", "Please choose what it is.");
    }
    let is_address = |text: &str| {
        text.starts_with("https://") && text.len() <= MAX_ADDRESS && !text.contains(char::is_whitespace)
    };
    if file.is_none() && errors.on("file").is_none() {
        if typed.address.is_empty() {
            errors.add("file", "Please choose a file, or give an address.");
        } else if !is_address(&typed.address) {
            errors.add("address", "An address begins with https://.");
        }
    }
    if !typed.site.is_empty() && url::Url::parse(&typed.site).is_err() {
        errors.add("site", "A whole address, with https:// in front.");
    }
    if typed.section.chars().count() > MAX_NAME {
        errors.add("section", "The name of a section has at most 60 letters.");
    }
    kind
}

/// GET: how far it is, and what did not come over.
async fn show(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<ImportId>,
    notice: Notice,
) -> Result<Page> {
    let run = run::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut lines = Vec::new();
    for outcome in [Outcome::Refused, Outcome::Skipped, Outcome::Imported, Outcome::Updated] {
        let left = LINES + 1 - i64::try_from(lines.len()).unwrap_or(LINES);
        if left > 0 {
            lines.extend(line::of_run(&app.db, id, Some(outcome), 0, left).await?);
        }
    }
    let is_cut = i64::try_from(lines.len()).is_ok_and(|found| found > LINES);
    lines.truncate(usize::try_from(LINES).unwrap_or_default());
    let interrupted = run.state == Stage::Running && !run.is_worked_at;
    let has_source = !run.file.is_empty() || run.name.starts_with("https://");
    let may_resume = has_source && (interrupted || matches!(run.state, Stage::Cancelled | Stage::Failed));
    let frame = Frame::new(&app, &user, format!("Import {id}")).at(IMPORTS).notice(notice);
    Ok(Page::new(&Show { frame, row: Row::of(run, &app.site), lines, is_cut, may_resume }))
}

/// POST: stops it behind the batch that is being written.
async fn cancel(State(app): State<App>, by: Acting<Admin>, Path(id): Path<ImportId>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    run::by_id(&mut *tx, id).await?.ok_or(Error::NotFound)?;
    let message = if run::cancel(&mut tx, id).await? {
        audit::record(&mut tx, &by.actor, "cancel", "import", Some(id.0), json!({})).await?;
        "It is cancelled. What is written stays, and it can go on from there."
    } else {
        "It was over already."
    };
    tx.commit().await?;
    Ok(Flash::new(&app, message).to(&paths::imports::one(id)))
}

/// POST: goes on where it stopped.
async fn resume(State(app): State<App>, by: Acting<Admin>, Path(id): Path<ImportId>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    run::by_id(&mut *tx, id).await?.ok_or(Error::NotFound)?;
    let message = if run::resume(&mut tx, id).await? {
        queue::enqueue(&mut tx, &Payload::Import { import_id: id.0 }).await?;
        audit::record(&mut tx, &by.actor, "resume", "import", Some(id.0), json!({})).await?;
        "It goes on."
    } else {
        "There is nothing to go on with."
    };
    tx.commit().await?;
    Ok(Flash::new(&app, message).to(&paths::imports::one(id)))
}

/// POST: what the dry run looked at, written.
async fn write(State(app): State<App>, by: Acting<Admin>, Path(id): Path<ImportId>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let dry = run::by_id(&mut *tx, id).await?.filter(|run| run.dry).ok_or(Error::NotFound)?;
    let new = New { kind: &dry.kind, name: &dry.name, file: &dry.file, options: &dry.options, dry: false };
    let id = run::create(&mut tx, &new, &by.actor).await?;
    queue::enqueue(&mut tx, &Payload::Import { import_id: id.0 }).await?;
    let detail = json!({ "from": dry.name, "kind": dry.kind, "dry run": false });
    audit::record(&mut tx, &by.actor, "start", "import", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "It has begun.").to(&paths::imports::one(id)))
}

async fn csv(State(app): State<App>, Admin(_): Admin, Path(id): Path<ImportId>) -> Result<Response> {
    file(app, id, Format::Csv, "csv").await
}

async fn json_lines(State(app): State<App>, Admin(_): Admin, Path(id): Path<ImportId>) -> Result<Response> {
    file(app, id, Format::JsonLines, "jsonl").await
}

/// A thousand lines at a time: it may be as long as the import was.
async fn file(app: App, id: ImportId, format: Format, ending: &str) -> Result<Response> {
    run::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let lines = stream::try_unfold((app, 0_i64), move |(app, after)| async move {
        let found = report::stretch(&app.db, id, format, after).await?;
        Ok::<_, sqlx::Error>(found.map(|(text, last)| (Bytes::from(text), (app, last))))
    });
    let head = stream::iter([Ok(Bytes::from_static(format.head().as_bytes()))]);
    let body = Body::from_stream(futures_util::StreamExt::chain(head, lines));
    let name = format!("attachment; filename=\"import-{id}.{ending}\"");
    let headers =
        [(header::CONTENT_TYPE, format.content_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((CachePolicy::NoStore, headers, body).into_response())
}
