//! The checklist beside the text, its length, and what a section requires of an article that is published.

use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;

use super::typed::Typed;
use crate::accounts::{Role, User};
use crate::news::article::ArticleId;
use crate::news::article::checks::{self, Check, Finding, Subject};
use crate::news::article::save::Fields;
use crate::news::audit::{self, Actor};
use crate::news::media::MediaId;
use crate::news::section;
use crate::text::{excerpt, names};
use crate::web::{App, Errors, Result, Site, cleaning};

const MAX_REASON: usize = 500;

pub struct Checklist {
    pub words: usize,
    pub minutes: usize,
    pub items: Vec<Item>,
}

impl Checklist {
    /// Something that the section requires is missing.
    pub fn is_blocked(&self) -> bool {
        self.items.iter().any(|item| item.required && !item.passed)
    }
}

/// A line of the list; `static/js/checklist.js` reads the same as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub name: &'static str,
    #[serde(skip)]
    pub label: &'static str,
    #[serde(skip)]
    pub field: &'static str,
    pub passed: bool,
    /// By the section that is chosen.
    pub required: bool,
    pub note: String,
}

/// What is typed, judged as it stands.
pub async fn of(app: &App, typed: &Typed, picture: Option<MediaId>) -> Result<Checklist> {
    let body = cleaning::clean(typed.body.clone()).await?.unwrap_or_default();
    let requires =
        section::by_slug(&app.db, &typed.section).await?.map(|section| section.requires).unwrap_or_default();
    let subject = Subject {
        headline: &typed.headline,
        standfirst: &typed.standfirst,
        has_section: !typed.section.is_empty(),
        has_tags: !names::tags(&typed.tags).is_empty(),
        has_related: !typed.related.is_empty(),
        picture,
        picture_alt: &typed.picture_alt,
        picture_credit: &typed.picture_credit,
        body: &body,
        base_url: &app.site.base_url,
    };
    let mut db = app.db.acquire().await?;
    let findings = checks::examine(&mut db, &subject).await?;
    let words = excerpt::words(&body.text());
    Ok(Checklist {
        words,
        minutes: excerpt::minutes(words),
        items: findings.into_iter().map(|finding| Item::new(finding, &requires)).collect(),
    })
}

impl Item {
    fn new(finding: Finding, requires: &[String]) -> Self {
        let Finding { check, passed, note } = finding;
        Self {
            name: check.as_str(),
            label: check.label(),
            field: check.field(),
            passed,
            required: requires.iter().any(|name| name == check.as_str()),
            note,
        }
    }
}

/// What an administrator published over, for the audit trail.
pub struct Overridden {
    missing: Vec<&'static str>,
    reason: String,
}

/// Whether this may be published. `Err`: each field that keeps it back, and why.
pub async fn admit(
    db: &mut PgConnection,
    site: &Site,
    user: &User,
    typed: &Typed,
    fields: &Fields,
) -> sqlx::Result<Result<Option<Overridden>, Errors>> {
    let Some(section) = section::by_id(&mut *db, fields.section_id).await? else { return Ok(Ok(None)) };
    if section.requires.is_empty() {
        return Ok(Ok(None));
    }
    let subject = Subject {
        headline: &fields.headline,
        standfirst: &fields.standfirst,
        has_section: true,
        has_tags: !fields.tags.is_empty(),
        has_related: !fields.related.is_empty(),
        picture: fields.picture_id,
        picture_alt: &fields.picture_alt,
        picture_credit: &fields.picture_credit,
        body: &fields.body,
        base_url: &site.base_url,
    };
    let findings = checks::examine(&mut *db, &subject).await?;
    let missing: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| {
            !finding.passed && section.requires.iter().any(|name| name == finding.check.as_str())
        })
        .collect();
    let reason = typed.override_reason.trim();
    let is_long = reason.chars().count() > MAX_REASON;
    if missing.is_empty() {
        return Ok(Ok(None));
    }
    if user.role >= Role::Admin && !reason.is_empty() && !is_long {
        let missing = missing.iter().map(|finding| finding.check.as_str()).collect();
        return Ok(Ok(Some(Overridden { missing, reason: reason.to_owned() })));
    }
    let mut errors = named(&missing, &section.name);
    if is_long {
        errors.add("override_reason", format!("A reason has at most {MAX_REASON} letters."));
    }
    Ok(Err(errors))
}

/// One message for each field, whatever is missing there.
fn named(missing: &[Finding], section: &str) -> Errors {
    let message = |field: &str| {
        let here = missing.iter().filter(|finding| finding.check.field() == field);
        let wants: Vec<String> = here.map(|finding| wanted(finding.check, &finding.note)).collect();
        format!("{section} requires: {}.", wants.join("; "))
    };
    missing.iter().map(|finding| finding.check.field()).map(|field| (field, message(field))).collect()
}

fn wanted(check: Check, note: &str) -> String {
    if note.is_empty() { check.label().to_owned() } else { format!("{} ({note})", check.label()) }
}

/// In the transaction that publishes.
pub async fn record(
    db: &mut PgConnection,
    actor: &Actor,
    id: ArticleId,
    overridden: &Overridden,
) -> sqlx::Result<()> {
    let detail = json!({ "missing": overridden.missing.join(", "), "reason": overridden.reason });
    audit::record(db, actor, "override", "article", Some(id.0), detail).await
}
