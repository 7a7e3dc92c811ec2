//! `/corrections/feed.xml`: what was put right, for those who quote us.

use axum::extract::State;
use axum::response::Response;

use super::asked::Asked;
use super::feed::{Feed, Item, List};
use crate::news::article::correction::{self, Listed};
use crate::news::article::entry::IN_FEED;
use crate::paths;
use crate::web::page_cache::At;
use crate::web::{App, Result, Site};

pub async fn show(State(app): State<App>, At(asked): At<Asked>) -> Result<Response> {
    let (corrections, next) = correction::latest(&app.db, asked.before, IN_FEED).await?;
    let list = List {
        description: "What was wrong in our articles and is right now".to_owned(),
        ..List::at(paths::workflow::CORRECTIONS, "Corrections")
    };
    let items = corrections.into_iter().map(|correction| item(&app.site, correction)).collect();
    Ok(Feed::new(&app, list, asked).await?.items(items, next).into_response())
}

fn item(site: &Site, correction: Listed) -> Item {
    let href = site.absolute(&correction.href());
    Item {
        id: href.clone(),
        href,
        title: correction.headline,
        summary: correction.note,
        html: None,
        published: correction.at,
        updated: correction.at,
        language: correction.language,
        authors: Vec::new(),
        terms: Vec::new(),
        picture: None,
        comments: None,
    }
}
