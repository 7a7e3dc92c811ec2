//! What the site tells machines: how feeds are filled and announced, which crawlers are welcome, who publishes by which
//! rules. What is made of it is `crate::feeds`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use sqlx::types::Json;

use super::{Acting, Frame, Routes, multipart};
use crate::accounts::User;
use crate::media::icons::HOME_SCREEN;
use crate::news::audit;
use crate::news::discovery::{self, Discovery, MAX_HUBS, MAX_LINES, POLICIES, Robots};
use crate::news::drawing;
use crate::paths;
use crate::paths::feeds::desk::{DISCOVERY, LOGO};
use crate::web::{Admin, App, Error, Errors, Flash, Form, Notice, Page, Result, UploadLimits};

/// Letters of an address of a policy.
const MAX_ADDRESS: usize = 500;
/// More hubs than this are told nothing new.
const MOST_HUBS: usize = 5;

/// A logo is a small picture.
const LIMITS: UploadLimits = UploadLimits { fields: 1024, file: 4 * MIB, files: 1, body: 5 * MIB };
const MIB: usize = 1024 * 1024;
const FILE: &str = "logo";

const NAMES: [&str; 7] = ["full_text", "hubs", "robots", "robots_lines", "llms", "indexnow", "trust_lines"];

pub fn routes() -> Routes {
    vec![
        (DISCOVERY, get(edit).post(update)),
        (LOGO, post(update_logo).layer(DefaultBodyLimit::max(LIMITS.body))),
    ]
}

#[derive(Template)]
#[template(path = "desk/discovery.html")]
struct View {
    frame: Frame,
    typed: Typed,
    errors: Errors,
    /// What readers see of the logo.
    icon: Option<String>,
}

/// As typed, by the names of the fields.
struct Typed(BTreeMap<String, String>);

impl Typed {
    fn stored(discovery: Discovery) -> Self {
        let on = |is: bool| if is { "on".to_owned() } else { String::new() };
        let fields = [
            ("full_text", on(discovery.full_text)),
            ("hubs", discovery.hubs),
            ("robots", discovery.robots.as_str().to_owned()),
            ("robots_lines", discovery.robots_lines),
            ("llms", on(discovery.llms)),
            ("indexnow", on(discovery.indexnow)),
            ("trust_lines", discovery.trust_lines),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self(fields.chain(discovery.policies.0).collect())
    }

    fn of(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn is_on(&self, name: &str) -> bool {
        self.of(name) == "on"
    }
}

impl View {
    fn new(app: &App, user: &User, typed: Typed) -> Self {
        let frame = Frame::new(app, user, "Discovery").at(DISCOVERY);
        Self { frame, typed, errors: Errors::default(), icon: None }
    }
}

/// GET: what holds.
pub async fn edit(State(app): State<App>, Admin(user): Admin, notice: Notice) -> Result<Page> {
    let mut view = View::new(&app, &user, Typed::stored(discovery::of_site(&app.db).await?));
    view.frame = view.frame.notice(notice);
    view.icon = drawing::icons(&app.db).await?.map(|version| paths::icon(&version, HOME_SCREEN));
    Ok(Page::new(&view))
}

/// POST: changes it.
pub async fn update(
    State(app): State<App>,
    by: Acting<Admin>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response> {
    let is_known = |name: &str| NAMES.contains(&name) || POLICIES.iter().any(|(policy, _)| *policy == name);
    if let Some(name) = typed.keys().find(|name| !is_known(name)) {
        return Err(Error::BadRequest(format!("This form has no field {name}.")));
    }
    let typed = Typed(typed);
    let checked = match check(&typed) {
        Ok(checked) => checked,
        Err(errors) => {
            let view = View { errors, ..View::new(&app, &by.user, typed) };
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    let stored = discovery::of_site(&mut *tx).await?;
    let checked = Discovery { indexnow_key: key(&checked, stored.indexnow_key)?, ..checked };
    discovery::save(&mut tx, &checked).await?;
    let detail = json!({
        "robots": checked.robots.as_str(),
        "full text": checked.full_text,
        "hubs": checked.hubs,
        "IndexNow": checked.indexnow,
    });
    audit::record(&mut tx, &by.actor, "change", "discovery", None, detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Saved. Machines are told so from now on.").to(DISCOVERY))
}

/// POST: another logo, and every icon made of it.
pub async fn update_logo(State(app): State<App>, by: Acting<Admin>, request: Request) -> Result<Response> {
    let (upload, mut errors) = multipart::read(&app, request, LIMITS, &[FILE]).await?;
    let logo = upload.file(FILE).map(|file| file.bytes.clone());
    if logo.is_none() && errors.is_empty() {
        errors.add(FILE, "Please choose a file.");
    }
    let logo = logo.unwrap_or_default();
    let made = if errors.is_empty() { app.workshop.icons(logo.clone()).await } else { Ok(Vec::new()) };
    let icons = match made {
        Ok(icons) if errors.is_empty() => icons,
        made => {
            if let Err(refused) = made {
                errors.add(FILE, refused.to_string());
            }
            let typed = Typed::stored(discovery::of_site(&app.db).await?);
            let view = View { errors, ..View::new(&app, &by.user, typed) };
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    drawing::save_icons(&mut tx, &logo, &icons).await?;
    audit::record(&mut tx, &by.actor, "change", "logo", None, json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The logo was made into icons of every size.").to(DISCOVERY))
}

/// Made once, when it is first needed; it stays, since search engines know it.
fn key(discovery: &Discovery, stored: String) -> Result<String> {
    if !stored.is_empty() || !discovery.indexnow {
        return Ok(stored);
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|cause| Error::internal(anyhow::anyhow!("{cause}")))?;
    Ok(hex::encode(bytes))
}

fn check(typed: &Typed) -> Result<Discovery, Errors> {
    let mut errors = Errors::default();
    let robots = Robots::parse(typed.of("robots"));
    if robots.is_none() {
        errors.add("robots", "Please choose one of the three.");
    }
    let hubs = lines(typed.of("hubs"));
    if hubs.len() > MAX_HUBS
        || hubs.lines().count() > MOST_HUBS
        || hubs.lines().any(|hub| !is_address(hub) || !hub.starts_with("https://"))
    {
        errors.add(
            "hubs",
            format!("Hubs are at most {MOST_HUBS} addresses, one a line, each with https:// in front."),
        );
    }
    let robots_lines = lines(typed.of("robots_lines"));
    if robots_lines.len() > MAX_LINES || !robots_lines.lines().all(is_rule) {
        errors.add(
            "robots_lines",
            "Each line is a name, a colon and a value, as in “User-agent: Greedy”, or begins with #.",
        );
    }
    let trust_lines = lines(typed.of("trust_lines"));
    if trust_lines.len() > MAX_LINES || !trust_lines.lines().all(is_trust) {
        errors.add(
            "trust_lines",
            "Each line is a name, = and a value, as in “contact=https://…”, or begins with #.",
        );
    }
    let mut policies = BTreeMap::new();
    for (name, label) in POLICIES {
        match typed.of(name).trim() {
            "" => {}
            address if is_address(address) => {
                policies.insert(name.to_owned(), address.to_owned());
            }
            _ => errors.add(name, format!("{label}: the whole address of a page, with https:// in front.")),
        }
    }
    match robots {
        Some(robots) if errors.is_empty() => Ok(Discovery {
            full_text: typed.is_on("full_text"),
            hubs,
            robots,
            robots_lines,
            llms: typed.is_on("llms"),
            indexnow: typed.is_on("indexnow"),
            indexnow_key: String::new(),
            trust_lines,
            policies: Json(policies),
        }),
        _ => Err(errors),
    }
}

/// Without spaces around, control characters and empty lines at the ends.
fn lines(text: &str) -> String {
    let line = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn is_address(text: &str) -> bool {
    text.len() <= MAX_ADDRESS
        && !text.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
        && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

fn is_rule(line: &str) -> bool {
    is_comment(line) || line.split_once(':').is_some_and(|(name, _)| is_word(name))
}

fn is_trust(line: &str) -> bool {
    is_comment(line)
        || line.split_once('=').is_some_and(|(name, value)| is_word(name) && !value.trim().is_empty())
}

fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}

fn is_word(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
