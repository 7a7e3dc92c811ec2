//! Draws the picture of an article that has none. Run again, it draws only what has changed.

use crate::media::drawing::Words;
use crate::news::article::{self, ArticleId};
use crate::news::drawing;
use crate::web::App;

pub(super) async fn run(app: &App, id: ArticleId) -> anyhow::Result<()> {
    let Some(article) = article::by_id(&app.db, id).await? else { return Ok(()) };
    let mut db = app.db.acquire().await?;
    if article.picture_id.is_some() {
        return Ok(drawing::forget(&mut db, id).await?);
    }
    let words = Words {
        site: app.site.name.clone(),
        section: article.section_name.clone(),
        headline: article.headline.clone(),
    };
    let version = drawing::version_of(&words);
    if drawing::of_article(&mut *db, id).await?.as_deref() == Some(version.as_str()) {
        return Ok(());
    }
    match app.workshop.drawing(words).await {
        Some(png) => drawing::save(&mut db, id, &version, &png).await?,
        // A headline in a script that cannot be drawn: better none than that of the headline before.
        None => drawing::forget(&mut db, id).await?,
    }
    Ok(())
}
