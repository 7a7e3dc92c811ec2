//! Tells a WebSub hub that the feeds of an article have changed; the hub fetches them and tells the readers that wait.

use anyhow::ensure;
use axum::http::Method;

use crate::news::article::ArticleId;
use crate::news::{discovery, topic};
use crate::outbound::Ask;
use crate::paths;
use crate::paths::feeds::{Format, in_format};
use crate::web::App;

/// Bytes of an answer that nobody reads.
const ANSWER: usize = 64 * 1024;

pub(super) async fn run(app: &App, hub: &str, article: ArticleId) -> anyhow::Result<()> {
    // A hub that was taken out meanwhile hears nothing more.
    if !discovery::of_site(&app.db).await?.hubs().any(|known| known == hub) {
        return Ok(());
    }
    let mut pages = vec![paths::HOME.to_owned()];
    pages.extend(discovery::lists_of(&app.db, article).await?);
    pages.extend(topic::all(&app.db).await?.iter().map(topic::Topic::href));
    let mut body = "hub.mode=publish".to_owned();
    for feed in pages.iter().map(|page| paths::feed_of(page)) {
        for format in Format::ALL {
            let address = app.site.absolute(&in_format(&feed, format));
            body.extend(["&hub.url=", &paths::encode(&address)]);
        }
    }
    let ask = Ask {
        method: Method::POST,
        url: hub.to_owned(),
        content_type: Some("application/x-www-form-urlencoded"),
        body: body.into(),
        limit: ANSWER,
    };
    let answer = app.outbound.send(ask).await?;
    ensure!(answer.status.is_success(), "the hub {hub} answered {}", answer.status);
    Ok(())
}
