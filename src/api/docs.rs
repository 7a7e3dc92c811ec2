//! `/api/v1/docs`: the description as a page for people, drawn on the server from the same document; it needs no script.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::openapi;
use crate::paths::api as paths;
use crate::web::problem::{Kind, Refused};
use crate::web::{App, Error, Layout, Page, Redirect, Result};

#[derive(Template)]
#[template(path = "api/docs.html")]
struct Docs {
    layout: Layout,
    base: String,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
    kinds: [Kind; 7],
}

struct Group {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    title: String,
    about: String,
    needs_token: bool,
    parameters: Vec<Parameter>,
    body: Vec<Body>,
    answers: Vec<Answer>,
}

struct Parameter {
    name: String,
    place: String,
    kind: String,
    required: bool,
    about: String,
}

struct Body {
    media_type: String,
    shape: String,
}

struct Answer {
    status: String,
    about: String,
    shape: String,
}

struct Shape {
    name: String,
    about: String,
    fields: Vec<Parameter>,
}

/// Where one comes to look around.
#[utoipa::path(get, path = "/api/v1", tag = "This API", responses(
    (status = 303, description = "Its page is `/api/v1/docs`."),
))]
pub(super) async fn home() -> Redirect {
    Redirect::to(paths::DOCS)
}

/// The description as a page.
#[utoipa::path(get, path = "/api/v1/docs", tag = "This API", responses(
    (status = 200, description = "A page.", body = String, content_type = "text/html; charset=utf-8"),
))]
pub(super) async fn show(State(app): State<App>) -> Result<Response, Refused> {
    let document = serde_json::to_value(openapi::document(&app.site)).map_err(Error::internal)?;
    let layout = Layout::load(&app, "API")
        .await?
        .description("How programs read this site, and work with it.")
        .canonical(paths::DOCS)
        .class("api");
    let view = Docs {
        layout,
        base: app.site.base_url.clone(),
        groups: groups(&document),
        shapes: shapes(&document),
        kinds: Kind::ALL,
    };
    Ok(Page::public(&view).into_response())
}

fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = list(&document["tags"])
        .map(|tag| Group {
            name: text(&tag["name"]),
            about: text(&tag["description"]),
            operations: Vec::new(),
        })
        .collect();
    for (path, methods) in entries(&document["paths"]) {
        for (method, described) in entries(methods) {
            let operation = operation(path, method, described);
            let tag = text(&described["tags"][0]);
            if let Some(group) = groups.iter_mut().find(|group| group.name == tag) {
                group.operations.push(operation);
            }
        }
    }
    groups
}

fn operation(path: &str, method: &str, described: &Value) -> Operation {
    let contents = |value: &Value| -> Vec<Body> {
        entries(&value["content"])
            .map(|(media_type, content)| Body {
                media_type: media_type.clone(),
                shape: kind(&content["schema"]),
            })
            .collect()
    };
    Operation {
        id: format!("{method}-{}", path.trim_matches('/').replace(['/', '{', '}', '.'], "-")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        title: text(&described["summary"]),
        about: text(&described["description"]),
        needs_token: described.get("security").is_some(),
        parameters: list(&described["parameters"])
            .map(|parameter| Parameter {
                name: text(&parameter["name"]),
                place: text(&parameter["in"]),
                kind: kind(&parameter["schema"]),
                required: parameter["required"] == true,
                about: text(&parameter["description"]),
            })
            .collect(),
        body: contents(&described["requestBody"]),
        answers: entries(&described["responses"])
            .map(|(status, answer)| Answer {
                status: status.clone(),
                about: text(&answer["description"]),
                shape: contents(answer).into_iter().next().map(|body| body.shape).unwrap_or_default(),
            })
            .collect(),
    }
}

fn shapes(document: &Value) -> Vec<Shape> {
    entries(&document["components"]["schemas"])
        .map(|(name, schema)| Shape {
            name: name.clone(),
            about: text(&schema["description"]),
            fields: entries(&schema["properties"])
                .map(|(field, schema_of)| Parameter {
                    name: field.clone(),
                    place: String::new(),
                    kind: kind(schema_of),
                    required: list(&schema["required"]).any(|name| name == field),
                    about: text(&schema_of["description"]),
                })
                .collect(),
        })
        .collect()
}

/// A schema in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[several].as_array() {
            return kinds.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    let names = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one),
    };
    match schema["format"].as_str() {
        _ if schema["items"].is_object() => format!("list of {}", kind(&schema["items"])),
        Some(format) => format!("{names} ({format})"),
        None => names,
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
