//! Two texts of one article into one. The form that `article_conflict` shows carries both sides and what they began
//! with, so that the answer needs nothing but itself, whatever has happened to the article in the meantime.

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;

use super::article_typed::{NAMES, Typed};
use super::{Acting, Routes, article_conflict, article_form};
use crate::text::merge::{self, Row, Take};
use crate::web::{App, Author, Error, Errors, Path, Result, Upload, UploadLimits, cleaning};

/// Three bodies may be in it.
const LIMITS: UploadLimits =
    UploadLimits { fields: 5 * 1024 * 1024, file: 0, files: 0, body: 8 * 1024 * 1024 };
/// Their side, and what both began with; what was chosen for a field, and for a block of the text.
const THEIRS: &str = "their-";
const BASE: &str = "base-";
const TAKE: &str = "take-";
const BLOCK: &str = "block-";

pub fn routes() -> Routes {
    vec![("/desk/articles/{id}/merge", post(create))]
}

/// POST: the merged text, saved as if it had been typed. 422 when something is not decided; 409 when the article
/// was saved again, with the merged text as one side.
pub async fn create(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response> {
    let existing = article_form::existing(&app, &by.user, &id).await?;
    let sent = Upload::read(request, &app, LIMITS).await.map_err(Error::from)?;
    if let Some((name, _)) = sent.fields.iter().find(|(name, _)| !is_known(name)) {
        return Err(Error::BadRequest(format!("The form has no field {name}.")));
    }
    let merge = Merge::sent(sent).await?;
    match merge.resolve() {
        Ok(upload) => {
            Box::pin(article_form::arrived(&app, &by, Some(existing), &upload, Errors::default())).await
        }
        Err(errors) => article_conflict::undecided(&app, &by.user, &existing.article, &merge, errors).await,
    }
}

fn is_known(name: &str) -> bool {
    let field = [THEIRS, BASE, TAKE].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    NAMES.contains(&field) || name.strip_prefix(BLOCK).is_some_and(|number| number.parse::<usize>().is_ok())
}

/// One field on which the two sides differ.
pub struct Difference {
    pub name: &'static str,
    pub mine: String,
    pub theirs: String,
    /// Where it is known.
    pub base: Option<String>,
}

impl Difference {
    /// The side that changed it, when only one did.
    fn preset(&self) -> Option<Take> {
        let base = self.base.as_ref()?;
        if self.mine == *base { Some(Take::Theirs) } else { (self.theirs == *base).then_some(Take::Mine) }
    }
}

pub struct Merge {
    /// Everything that was typed, by the names of the form.
    pub mine: Vec<(String, String)>,
    /// The version that is their side.
    pub version: i32,
    /// The button that was pressed.
    pub action: String,
    pub differences: Vec<Difference>,
    /// The text, when it differs and can be compared; else it is a difference like others, or none.
    pub body: Option<Body>,
    /// What was chosen so far.
    chosen: Upload,
}

pub struct Body {
    pub theirs: String,
    pub base: Option<String>,
    pub rows: Vec<Row>,
}

impl Merge {
    /// `mine` and `theirs` with the keys of their pictures.
    pub async fn of(
        mine: (&Typed, String),
        theirs: (&Typed, String),
        base: impl Fn(&str) -> Option<String>,
        version: i32,
        action: &str,
    ) -> Result<Self> {
        let pairs = |(typed, picture): (&Typed, String)| {
            let mut pairs = typed.pairs();
            pairs.push(("picture_id", picture));
            pairs
        };
        let about = mine.0.about();
        let (mine, theirs) = (pairs(mine), pairs(theirs));
        let differences = mine.iter().zip(&theirs).filter(|(mine, theirs)| mine.1 != theirs.1);
        let differences = differences.map(|((name, mine), (_, theirs))| Difference {
            name,
            mine: mine.clone(),
            theirs: theirs.clone(),
            base: base(name),
        });
        let differences = differences.collect();
        let mine = mine.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(about).collect();
        let merge = Self {
            mine,
            version,
            action: action.to_owned(),
            differences,
            body: None,
            chosen: Upload::default(),
        };
        merge.compared().await
    }

    async fn sent(sent: Upload) -> Result<Self> {
        let mut differences = Vec::new();
        for &name in NAMES {
            let side = |prefix: &str| sent.texts(&format!("{prefix}{name}")).next().map(str::to_owned);
            if let Some(theirs) = side(THEIRS) {
                let mine = sent.text(name).to_owned();
                differences.push(Difference { name, mine, theirs, base: side(BASE) });
            }
        }
        let is_mine = |name: &str| NAMES.contains(&name) && !matches!(name, "version" | "action");
        let merge = Self {
            mine: sent.fields.iter().filter(|(name, _)| is_mine(name)).cloned().collect(),
            version: sent.text("version").parse().map_err(|_| Error::NotFound)?,
            action: sent.text("action").to_owned(),
            differences,
            body: None,
            chosen: sent,
        };
        merge.compared().await
    }

    /// With the text taken apart into its blocks.
    async fn compared(mut self) -> Result<Self> {
        let Some(at) = self.differences.iter().position(|difference| difference.name == "body") else {
            return Ok(self);
        };
        let Difference { mine, theirs, base, .. } = &self.differences[at];
        let clean_base = match base {
            Some(base) => Some(cleaning::clean(base.clone()).await?),
            None => None,
        };
        let (Ok(my), Ok(their), Ok(base)) = (
            cleaning::clean(mine.clone()).await?,
            cleaning::clean(theirs.clone()).await?,
            clean_base.transpose(),
        ) else {
            return Ok(self);
        };
        let rows = merge::rows(base.as_ref(), &my, &their);
        let Difference { theirs, base, .. } = self.differences.remove(at);
        // The same to readers, however it was typed.
        if !rows.iter().all(Row::is_same) {
            self.body = Some(Body { theirs, base, rows });
        }
        Ok(self)
    }

    /// Mine is an edit for a time to come.
    pub fn is_edit(&self) -> bool {
        self.mine.iter().any(|(name, value)| name == "edit" && !value.is_empty())
    }

    /// What is chosen for a field: by a person, or because only one side changed it.
    pub fn choice(&self, difference: &Difference) -> Option<Take> {
        self.chosen(&format!("{TAKE}{}", difference.name)).or_else(|| difference.preset())
    }

    pub fn block_choice(&self, at: usize, row: &Row) -> Option<Take> {
        self.chosen(&format!("{BLOCK}{at}")).or_else(|| row.preset())
    }

    fn chosen(&self, name: &str) -> Option<Take> {
        Take::parse(self.chosen.text(name))
    }

    /// The form as it would have been typed. `Err` names what nobody has decided.
    fn resolve(&self) -> Result<Upload, Errors> {
        let mut errors = Errors::default();
        let mut merged = self.mine.clone();
        let mut set = |name: &str, value: &str| {
            for (_, old) in merged.iter_mut().filter(|(key, _)| key == name) {
                value.clone_into(old);
            }
        };
        for difference in &self.differences {
            match self.choice(difference) {
                Some(Take::Theirs) => set(difference.name, &difference.theirs),
                Some(Take::Mine) => {}
                _ => errors.add(difference.name, "Choose one of the two."),
            }
        }
        if let Some(body) = &self.body {
            match merge::body(&body.rows, |at| self.block_choice(at, &body.rows[at])) {
                Ok(text) => set("body", &text),
                Err(_) => errors.add("body", "Choose for each paragraph that both have changed."),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        merged.push(("version".to_owned(), self.version.to_string()));
        merged.push(("action".to_owned(), self.action.clone()));
        Ok(Upload { fields: merged, files: Vec::new() })
    }

    /// What the page carries along unseen.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let mut hidden = self.mine.clone();
        hidden.push(("version".to_owned(), self.version.to_string()));
        let differences = self.differences.iter().map(|it| (it.name, &it.theirs, &it.base));
        let body = self.body.iter().map(|body| ("body", &body.theirs, &body.base));
        for (name, theirs, base) in differences.chain(body) {
            hidden.push((format!("{THEIRS}{name}"), theirs.clone()));
            hidden.extend(base.as_ref().map(|base| (format!("{BASE}{name}"), base.clone())));
        }
        hidden
    }
}
