//! The end of an import, an article at a time: its pictures are fetched and hung, its links lead to what has come.
//! What an editor has changed meanwhile stays as it is.

use std::collections::HashMap;

use anyhow::Context;
use tokio::task::spawn_blocking;

use super::Options;
use super::body::{Body, Figure, Leads};
use super::item::Markup;
use super::pictures::{self, Found};
use crate::news::article::ArticleId;
use crate::news::import::articles::{self, Finish, Unfinished};
use crate::news::import::line::{self, Line};
use crate::news::import::{ImportId, known, run};
use crate::news::old_address;
use crate::text::CleanHtml;
use crate::web::App;

/// Looked up at once.
const STEP: i64 = 50;

/// `false`: it was cancelled.
pub async fn all(app: &App, id: ImportId, options: &Options, source: &Source) -> anyhow::Result<bool> {
    loop {
        let lines = line::open(&app.db, id, STEP).await?;
        if lines.is_empty() {
            return Ok(true);
        }
        for line in lines {
            one(app, id, options, source, &line).await?;
            if !run::breathe(&app.db, id).await? {
                return Ok(false);
            }
        }
    }
}

/// Where it all comes from: the name under which it is known, and its address.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub name: String,
    pub site: String,
}

async fn one(app: &App, id: ImportId, options: &Options, source: &Source, line: &Line) -> anyhow::Result<()> {
    let (Some(article), Some(version)) = (line.noun_id.map(ArticleId), line.version) else {
        return close(app, id, source, line, &[], false).await;
    };
    let Some(unfinished) = articles::unfinished(&app.db, article, version).await? else {
        let note = vec!["It was edited here before its pictures and links were put in.".to_owned()];
        return close(app, id, source, line, &note, false).await;
    };
    let run = run::by_id(&app.db, id).await?.context("an import that is not there")?;
    let mut notes = Vec::new();
    let body = read(&unfinished.body_source, &source.site, Leads::new()).await?;
    let keys: Vec<String> = body.links.iter().filter_map(|link| old_address::key_of(link)).collect();
    let leads = old_address::all(&app.db, &keys).await?;
    let body =
        if leads.is_empty() { body } else { read(&unfinished.body_source, &source.site, leads).await? };
    let mut found: HashMap<String, Found> = HashMap::new();
    let mut missing = 0;
    if !options.without_pictures {
        let lead = (!line.picture.is_empty()).then_some(line.picture.as_str());
        let addresses: Vec<&str> = lead
            .into_iter()
            .chain(body.figures().filter(|figure| !figure.is_ours()).map(|figure| figure.address.as_str()))
            .collect();
        for address in addresses {
            if found.contains_key(address) {
                continue;
            }
            match pictures::fetch(app, &source.name, address, options, &run.actor()).await? {
                Ok(picture) => {
                    found.insert(address.to_owned(), picture);
                }
                Err(why) => {
                    missing += 1;
                    notes.push(format!("Picture {address}: {why}."));
                }
            }
            if !run::breathe(&app.db, id).await? {
                return Ok(());
            }
        }
    }
    let lead = found.get(&line.picture);
    let lead_id = lead.map(|picture| picture.media.id);
    // The same picture above the text and at its beginning is one picture.
    let mut is_first = true;
    let show = |figure: &Figure| {
        let first = std::mem::take(&mut is_first);
        let Some(picture) = found.get(&figure.address) else { return Some(figure.clone()) };
        if first && lead_id == Some(picture.media.id) && figure.caption.is_empty() {
            return None;
        }
        Some(shown(figure, picture))
    };
    let body_source = body.write(show).replace(super::markdown::SITE, "");
    let kept = body_source.clone();
    let clean = spawn_blocking(move || {
        let body = Body::read(&kept, Markup::Html, "", &Leads::new())?;
        CleanHtml::clean(&body.bare()).map_err(|why| why.to_string())
    });
    let clean = match clean.await? {
        Ok(clean) => clean,
        Err(why) => {
            notes.push(format!("body: {why}; its pictures and links stay as they were."));
            return close(app, id, source, line, &notes, missing > 0).await;
        }
    };
    let said = said(&unfinished, lead);
    let finish = Finish {
        body_source: &body_source,
        body: &clean,
        picture: lead_id,
        alt: &said.0,
        caption: &said.1,
        credit: &said.2,
    };
    let mut tx = app.db.begin().await?;
    if !articles::finish(&mut tx, article, version, &finish).await? {
        notes.push("It was edited here before its pictures and links were put in.".to_owned());
    }
    line::close(&mut tx, id, line.number, &notes.join(" ")).await?;
    if missing > 0 {
        known::doubt(&mut tx, &source.name, "article", &line.key).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn read(source: &str, site: &str, leads: Leads) -> anyhow::Result<Body> {
    let (source, site) = (source.to_owned(), site.to_owned());
    let read = spawn_blocking(move || Body::read(&source, Markup::Html, &site, &leads));
    read.await?.map_err(|why| anyhow::anyhow!("a body that was read before cannot be read: {why}"))
}

/// What stands in the body comes first, then what the source says of the file.
fn shown(figure: &Figure, picture: &Found) -> Figure {
    let or = |said: &str, other: &str| if said.is_empty() { other.to_owned() } else { said.to_owned() };
    Figure {
        address: picture.media.picture().map(|picture| picture.src()).unwrap_or_default(),
        alt: or(&figure.alt, &picture.file.alt),
        caption: or(&figure.caption, &picture.file.caption),
        credit: figure.credit.clone(),
    }
}

fn said(unfinished: &Unfinished, lead: Option<&Found>) -> (String, String, String) {
    let or = |said: &str, other: &str, most: usize| {
        let said = if said.is_empty() { other } else { said };
        said.chars().take(most).collect::<String>()
    };
    let (file, media) = match lead {
        Some(found) => (found.file.clone(), Some(&found.media)),
        None => (crate::news::import::file::File::default(), None),
    };
    let of_media = |of: fn(&crate::news::media::Media) -> &str| media.map_or("", of).to_owned();
    (
        or(&or(&unfinished.picture_alt, &file.alt, 500), &of_media(|media| &media.alt), 500),
        or(&or(&unfinished.picture_caption, &file.caption, 500), &of_media(|media| &media.caption), 500),
        or(&unfinished.picture_credit, &of_media(|media| &media.credit), 200),
    )
}

async fn close(
    app: &App,
    id: ImportId,
    source: &Source,
    line: &Line,
    notes: &[String],
    doubt: bool,
) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    line::close(&mut tx, id, line.number, &notes.join(" ")).await?;
    if doubt {
        known::doubt(&mut tx, &source.name, "article", &line.key).await?;
    }
    tx.commit().await?;
    Ok(())
}
