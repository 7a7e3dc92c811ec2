//! The versions of an article: the list, any two side by side, and an older one made the newest.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Version, content, edit, opened};
use crate::desk::article_form::{self, Existing};
use crate::desk::article_write::{self, Written};
use crate::desk::when::{When, when};
use crate::desk::{Acting, Frame, Routes};
use crate::news::article::revision::{self, Content};
use crate::news::article::save::Action;
use crate::news::article::{Article, related, scheduled};
use crate::news::media::{self, MediaId};
use crate::news::place::{self, PlaceId};
use crate::news::section::{self, SectionId};
use crate::paths;
use crate::web::difference::{Difference, Side};
use crate::web::{App, Author, Error, Flash, Form, Notice, Page, Query, Result, cleaning};

/// Versions on a page of the list.
const PAGE: usize = 30;

pub fn routes() -> Routes {
    vec![
        ("/desk/articles/{id}/revisions", get(index)),
        ("/desk/articles/{id}/revisions/restore", post(restore)),
    ]
}

#[derive(Template)]
#[template(path = "desk/article/revisions.html")]
struct Revisions {
    frame: Frame,
    article: Article,
    versions: Vec<Version>,
    /// The two that are compared; without a choice, the newest and the one before it.
    from: String,
    to: String,
    between: Option<Between>,
    edit: Option<edit::Waiting>,
    may_restore: bool,
    older: Option<String>,
}

struct Between {
    from: String,
    to: String,
    difference: Difference,
    /// Versions from before all of an article was kept say less.
    is_partial: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    to: String,
    before: String,
}

/// What stands for the edit that waits, where a version is named.
const EDIT: &str = "edit";

/// GET: the list, and two of it side by side.
pub async fn index(
    State(app): State<App>,
    Author(user): Author,
    notice: Notice,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let Existing { article, .. } = article_form::existing(&app, &user, &id).await?;
    let before = match asked.before.as_str() {
        "" => i32::MAX,
        text => text.parse().map_err(|_| Error::NotFound)?,
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = revision::of_article(&app.db, article.id, before, limit).await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let older = found.last().filter(|_| is_more);
    let older = older.map(|last| paths::workflow::revisions_before(article.id, last.version));
    let edit = scheduled::of_article(&app.db, article.id).await?;
    let newest = article.version.to_string();
    let asks = !asked.from.is_empty() || !asked.to.is_empty();
    let to = if asked.to.is_empty() { newest } else { asked.to };
    let from = if asked.from.is_empty() {
        found.get(1).map_or(1, |revision| revision.version).to_string()
    } else {
        asked.from
    };
    let between = if asks { Some(between(&app, &article, edit.as_ref(), &from, &to).await?) } else { None };
    let waiting = match edit {
        Some(edit) => Some(edit::Waiting::new(edit, &article, &app).await?),
        None => None,
    };
    Ok(Page::new(&Revisions {
        frame: Frame::new(&app, &user, format!("Versions of “{}”", article.headline))
            .at(paths::desk::ARTICLES)
            .notice(notice),
        versions: found.into_iter().map(|revision| Version::new(revision, &app)).collect(),
        edit: waiting,
        may_restore: article.may(&user, Action::Save),
        from,
        to,
        between,
        older,
        article,
    }))
}

async fn between(
    app: &App,
    article: &Article,
    edit: Option<&scheduled::Edit>,
    from: &str,
    to: &str,
) -> Result<Between> {
    let (old, new) = (version(app, article, edit, from).await?, version(app, article, edit, to).await?);
    let (before, after) = (cleaned(&old).await?, cleaned(&new).await?);
    let is_partial = !(old.whole && new.whole);
    let besides = if is_partial {
        vec![("Tags", old.tags.join(", "), new.tags.join(", ")), ("Slug", old.slug.clone(), new.slug.clone())]
    } else {
        besides(app, &old, &new).await?
    };
    let (old, new) = (Side { content: &old, body: &before }, Side { content: &new, body: &after });
    let named = |version: &str| {
        if version == EDIT { "The edit that waits".to_owned() } else { format!("Version {version}") }
    };
    Ok(Between {
        from: named(from),
        to: named(to),
        difference: Difference::of(&old, &new, &besides),
        is_partial,
    })
}

async fn version(
    app: &App,
    article: &Article,
    edit: Option<&scheduled::Edit>,
    name: &str,
) -> Result<Content> {
    if name == EDIT {
        return edit.map(|edit| edit.content.0.clone()).ok_or(Error::NotFound);
    }
    let number = name.parse().map_err(|_| Error::NotFound)?;
    revision::content(&app.db, article.id, number).await?.ok_or(Error::NotFound)
}

/// A source that today's limits refuse has no text to compare.
async fn cleaned(content: &Content) -> Result<crate::text::CleanHtml> {
    Ok(cleaning::clean(content.body.clone()).await?.unwrap_or_default())
}

/// What readers do not see as text, in words.
async fn besides(app: &App, old: &Content, new: &Content) -> Result<Vec<(&'static str, String, String)>> {
    let (before, after) = (named(app, old).await?, named(app, new).await?);
    Ok(before.into_iter().zip(after).map(|((label, before), (_, after))| (label, before, after)).collect())
}

async fn named(app: &App, content: &Content) -> Result<Vec<(&'static str, String)>> {
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| when(at, &app.site)).map(|When { text, .. }| text).unwrap_or_default()
    };
    let gone = || "one that is gone".to_owned();
    let section = section::by_id(&app.db, SectionId(content.section)).await?;
    let picture = match content.picture {
        Some(id) => media::by_id(&app.db, MediaId(id)).await?.map_or_else(gone, |picture| picture.name),
        None => String::new(),
    };
    let place = match content.place {
        Some(id) => place::by_id(&app.db, PlaceId(id)).await?.map_or_else(gone, |place| place.name),
        None => String::new(),
    };
    let related = related::named(&app.db, &content.related).await?;
    let related: Vec<String> = related.into_iter().map(|one| one.headline).collect();
    Ok(vec![
        ("Section", section.map_or_else(gone, |section| section.name)),
        ("Tags", content.tags.join(", ")),
        ("Slug", content.slug.clone()),
        ("Language", content.language.clone()),
        ("Related content", related.join("; ")),
        ("Picture", picture),
        ("Place", place),
        ("Comments", if content.comments { "open" } else { "closed" }.to_owned()),
        ("Goes out", moment(content.publish_at)),
        ("Ends", moment(content.expire_at)),
        ("Note after a withdrawal", content.withdrawn_note.clone()),
    ])
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    version: String,
    /// The newest one that this person was shown.
    #[serde(default)]
    over: String,
}

/// POST: an older version becomes a new one. The times and the state of the article stay. What cannot be saved
/// today is shown in the form.
pub async fn restore(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    let existing = opened(&app, &by, &id).await?;
    if !existing.article.may(&by.user, Action::Save) {
        return Err(Error::Forbidden);
    }
    if !chosen.over.is_empty() && chosen.over != existing.article.version.to_string() {
        return Err(overtaken());
    }
    let content = version(&app, &existing.article, None, &chosen.version).await?;
    let mut sent = content::sent(&app, &existing, &content).await?;
    sent.typed.why = format!("Version {} again", chosen.version);
    sent.typed.expire_at = article_form::stored(&app, &existing).await?.typed.expire_at;
    let id = existing.article.id;
    match article_write::written(&app, by.by(), Some(&existing), &sent.to_save(), Action::Save, false).await?
    {
        Written::Saved { .. } => {
            let said = format!("Version {} is the newest again.", chosen.version);
            Ok(Flash::new(&app, &said).to(&paths::workflow::revisions(id)))
        }
        Written::Stale(_) => Err(overtaken()),
        Written::Refused { errors, .. } => {
            sent.errors = errors;
            let page = article_form::screen(&app, &by.user, &existing, sent, true, Notice(None)).await?;
            Ok(page.unprocessable().into_response())
        }
    }
}

fn overtaken() -> Error {
    Error::Conflict("Somebody saved this article a moment ago. Look at its versions once more.".to_owned())
}
