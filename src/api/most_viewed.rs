//! `GET /api/v1/most-viewed`: what was read most in a span of time.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Fields, List};
use super::articles;
use super::asked::{self, Asked};
use super::shapes::{Article, Problem as Shape};
use crate::news::views;
use crate::paths::api as paths;
use crate::web::App;
use crate::web::problem::Refused;

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    #[default]
    Day,
    Week,
    Month,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The last day, week or month; a day when nobody says.
    #[param(inline)]
    span: Option<Span>,
    /// Names of fields with commas between them; all but `body_html` when nobody says.
    #[param(example = "id,headline,url")]
    fields: Option<String>,
    /// How many at once; 20 when nobody says.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// What was read most.
#[utoipa::path(get, path = "/api/v1/most-viewed", tag = "Reading", params(Wanted), responses(
    (status = 200, description = "The most read first; the list has one page.", body = List<Article>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(State(app): State<App>, Asked(asked): Asked<Wanted>) -> Result<Response, Refused> {
    let fields = Fields::of::<Article>(asked.fields.as_deref())?;
    let span = match asked.span.unwrap_or_default() {
        Span::Day => views::Span::Day,
        Span::Week => views::Span::Week,
        Span::Month => views::Span::Month,
    };
    let cards = views::most_viewed(&app.db, span, asked::size(asked.limit)?).await?;
    let items = articles::of_cards(&app, cards, fields.names(articles::BODY)).await?;
    answer::list(&app, paths::MOST_VIEWED, &[], (items, None), &fields)
}
