//! The sections in the order of the menu. Editors order and rename; only an administrator adds or deletes.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::order::Move;
use super::{Acting, Frame, Routes};
use crate::accounts::{Role, User};
use crate::news::article::checks::Check;
use crate::news::audit;
use crate::news::section::{self, Section, SectionId};
use crate::paths;
use crate::text::Slug;
use crate::web::{Admin, App, Editor, Error, Errors, Flash, Form, Notice, Page, Path, Result};

/// As the schema has them.
const MAX_NAME: usize = 60;
const MAX_DESCRIPTION: usize = 300;

pub fn routes() -> Routes {
    vec![
        (paths::desk::SECTIONS, get(index).post(create)),
        (paths::desk::SECTION_ORDER, post(reorder)),
        ("/desk/sections/{id}", post(update)),
        ("/desk/sections/{id}/delete", post(delete)),
    ]
}

#[derive(Template)]
#[template(path = "desk/sections.html")]
struct Sections {
    frame: Frame,
    rows: Vec<Row>,
    new: NewSection,
    errors: Errors,
    may_create: bool,
}

struct Row {
    /// With what was typed into its form.
    section: Section,
    /// As it is stored.
    name: String,
    first: bool,
    last: bool,
    deletable: bool,
    /// What is wrong with what was typed into this row's form, which is open then.
    errors: Errors,
}

/// A box of a row's form.
struct Requirement {
    name: &'static str,
    label: &'static str,
    required: bool,
}

impl Row {
    /// The boxes as they are ticked in this section.
    fn requirements(&self) -> Vec<Requirement> {
        let required = |check: Check| self.section.requires.iter().any(|name| name == check.as_str());
        let box_of = |check: Check| Requirement {
            name: check.as_str(),
            label: check.label(),
            required: required(check),
        };
        Check::ALL.into_iter().map(box_of).collect()
    }
}

/// GET: the list, with a form in each row.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let view = view(&app, &user).await?;
    Ok(Page::new(&Sections { frame: view.frame.notice(notice), ..view }))
}

async fn view(app: &App, user: &User) -> Result<Sections> {
    let sections = section::all(&app.db).await?;
    let filled: HashSet<SectionId> = section::filled(&app.db).await?.into_iter().collect();
    let count = sections.len();
    let may_create = user.role >= Role::Admin;
    let rows = sections.into_iter().enumerate().map(|(at, section)| Row {
        first: at == 0,
        last: at + 1 == count,
        deletable: may_create && !filled.contains(&section.id),
        errors: Errors::default(),
        name: section.name.clone(),
        section,
    });
    Ok(Sections {
        frame: Frame::new(app, user, "Sections").at(paths::desk::SECTIONS),
        rows: rows.collect(),
        new: NewSection::default(),
        errors: Errors::default(),
        may_create,
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSection {
    name: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    description: String,
}

/// POST: a new section at the end of the menu.
pub async fn create(
    State(app): State<App>,
    by: Acting<Admin>,
    Form(form): Form<NewSection>,
) -> Result<Response> {
    let mut errors = check(&form.name, &form.description);
    let (field, words) =
        if form.slug.trim().is_empty() { ("name", &form.name) } else { ("slug", &form.slug) };
    let Some(slug) = Slug::of(words) else {
        errors.add(field, "An address needs a letter or a digit.");
        return refused_new(&app, &by.user, form, errors).await;
    };
    if !errors.is_empty() {
        return refused_new(&app, &by.user, form, errors).await;
    }
    let mut tx = app.db.begin().await?;
    let (name, description) = (form.name.trim(), form.description.trim());
    let Some(id) = section::create(&mut tx, &slug, name, description).await? else {
        errors.add("slug", format!("There is a section with the address {slug} already."));
        return refused_new(&app, &by.user, form, errors).await;
    };
    let detail = json!({ "name": name, "slug": slug });
    audit::record(&mut tx, &by.actor, "create", "section", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The section {name} is made.")).to(paths::desk::SECTIONS))
}

async fn refused_new(app: &App, user: &User, form: NewSection, errors: Errors) -> Result<Response> {
    let view = view(app, user).await?;
    Ok(Page::new(&Sections { new: form, errors, ..view }).unprocessable().into_response())
}

/// The form of one row.
struct Changed {
    name: String,
    description: String,
    /// Absent when the form has no such boxes.
    requires: Option<Vec<String>>,
}

impl Changed {
    fn read(pairs: Vec<(String, String)>) -> Result<Self> {
        let (mut name, mut description, mut boxes, mut requires) = (None, None, false, Vec::new());
        for (field, value) in pairs {
            match field.as_str() {
                "name" => name = Some(value),
                "description" => description = Some(value),
                // The boxes that nobody ticked are not sent; this says that they were there.
                "requirements" => boxes = true,
                "requires" if Check::parse(&value).is_some() => requires.push(value),
                _ => {
                    return Err(Error::BadRequest(format!("The form has no field {field} with this value.")));
                }
            }
        }
        let missing = |field: &str| Error::BadRequest(format!("The field {field} is missing."));
        Ok(Self {
            name: name.ok_or_else(|| missing("name"))?,
            description: description.ok_or_else(|| missing("description"))?,
            requires: (boxes || !requires.is_empty()).then_some(requires),
        })
    }
}

/// POST: name and description; the address stays, because others link to it. What is required for publishing is an
/// administrator's to say: an editor could take a requirement away that stands in the way.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<SectionId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let form = Changed::read(pairs)?;
    if form.requires.is_some() && by.user.role < Role::Admin {
        return Err(Error::Forbidden);
    }
    let section = section::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let errors = check(&form.name, &form.description);
    if !errors.is_empty() {
        let mut view = view(&app, &by.user).await?;
        for row in view.rows.iter_mut().filter(|row| row.section.id == id) {
            row.section = Section {
                name: form.name.clone(),
                description: form.description.clone(),
                requires: form.requires.clone().unwrap_or_else(|| section.requires.clone()),
                ..section.clone()
            };
            row.errors = errors.clone();
        }
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    let (name, description) = (form.name.trim(), form.description.trim());
    section::update(&mut tx, id, name, description).await?;
    let mut detail = json!({ "name": name, "was": section.name });
    if let Some(requires) = form.requires.filter(|requires| *requires != section.requires) {
        section::require(&mut tx, id, &requires).await?;
        detail["requires"] = json!(requires.join(", "));
        detail["required"] = json!(section.requires.join(", "));
    }
    audit::record(&mut tx, &by.actor, "update", "section", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The section {name} is saved.")).to(paths::desk::SECTIONS))
}

fn check(name: &str, description: &str) -> Errors {
    let mut errors = Errors::default();
    if name.trim().is_empty() {
        errors.add("name", "Give the section a name.");
    } else if name.trim().chars().count() > MAX_NAME {
        errors.add("name", format!("A name has at most {MAX_NAME} letters."));
    }
    if description.trim().chars().count() > MAX_DESCRIPTION {
        errors.add("description", format!("A description has at most {MAX_DESCRIPTION} letters."));
    }
    errors
}

/// POST: one place up or down in the menu.
pub async fn reorder(State(app): State<App>, by: Acting<Editor>, Form(step): Form<Move>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let order = section::all(&mut *tx).await?.into_iter().map(|section| section.id).collect();
    let order: Vec<SectionId> = step.apply(order).ok_or(Error::NotFound)?;
    section::reorder(&mut tx, &order).await?;
    let id = step.id::<SectionId>().map(|id| id.0);
    audit::record(&mut tx, &by.actor, "move", "section", id, json!({ "to": step.way() })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The order of the menu is saved.").to(paths::desk::SECTIONS))
}

/// POST: deletes a section without articles.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Admin>,
    Path(id): Path<SectionId>,
) -> Result<Response> {
    let section = section::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    if !section::delete(&mut tx, id).await? {
        return Err(Error::Conflict(format!(
            "The section {} holds articles. Move them to another section first.",
            section.name
        )));
    }
    let detail = json!({ "name": section.name, "slug": section.slug });
    audit::record(&mut tx, &by.actor, "delete", "section", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The section {} is deleted.", section.name)).to(paths::desk::SECTIONS))
}
