//! Tells search engines that the page of an article has changed, by IndexNow: one of them tells the others.

use anyhow::ensure;
use axum::http::Method;
use serde_json::json;
use url::Url;

use crate::news::article::{self, ArticleId};
use crate::news::discovery;
use crate::outbound::Ask;
use crate::web::App;

pub const ENDPOINT: &str = "https://api.indexnow.org/indexnow";
/// Bytes of an answer that nobody reads.
const ANSWER: usize = 64 * 1024;

/// `endpoint` is `ENDPOINT`, or one of a test's own.
pub async fn run(app: &App, id: ArticleId, endpoint: &str) -> anyhow::Result<()> {
    let discovery = discovery::of_site(&app.db).await?;
    let Some(article) = article::by_id(&app.db, id).await?.filter(|_| discovery.indexnow) else {
        return Ok(());
    };
    let site = &app.site;
    let host = Url::parse(&site.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let key = &discovery.indexnow_key;
    let body = json!({
        "host": host,
        "key": key,
        "keyLocation": site.absolute(&format!("/{key}.txt")),
        "urlList": [site.absolute(&article.href())],
    });
    let ask = Ask {
        method: Method::POST,
        url: endpoint.to_owned(),
        content_type: Some("application/json; charset=utf-8"),
        body: body.to_string().into(),
        limit: ANSWER,
    };
    let answer = app.outbound.send(ask).await?;
    ensure!(answer.status.is_success(), "IndexNow answered {}", answer.status);
    Ok(())
}
