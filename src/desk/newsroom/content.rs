//! A version of an article as the form holds it.

use crate::desk::article_form::{self, Existing, Sent};
use crate::desk::article_typed::Typed;
use crate::news::article::related;
use crate::news::article::revision::Content;
use crate::news::media::{self, MediaId};
use crate::news::place::{self, PlaceId};
use crate::news::section::{self, SectionId};
use crate::text::date;
use crate::web::{App, Result};

/// The form filled with these words, over what is stored now. What a version names and is gone stays as it is now;
/// so does the publication, which belongs to no version.
pub async fn sent(app: &App, existing: &Existing, content: &Content) -> Result<Sent> {
    let Sent { typed, mut picture, .. } = article_form::stored(app, existing).await?;
    let mut typed = Typed {
        kicker: content.kicker.clone(),
        headline: content.headline.clone(),
        slug: content.slug.clone(),
        standfirst: content.standfirst.clone(),
        body: content.body.clone(),
        byline: content.byline.clone(),
        dateline: content.dateline.clone(),
        tags: content.tags.join(", "),
        picture_alt: content.picture_alt.clone(),
        picture_caption: content.picture_caption.clone(),
        picture_credit: content.picture_credit.clone(),
        ..typed
    };
    if content.whole {
        if let Some(section) = section::by_id(&app.db, SectionId(content.section)).await? {
            typed.section = section.slug.to_string();
        }
        let place = match content.place {
            Some(id) => place::by_id(&app.db, PlaceId(id)).await?,
            None => None,
        };
        let place = place.map(|place| (place.name, place.latitude.to_string(), place.longitude.to_string()));
        (typed.place, typed.latitude, typed.longitude) = place.unwrap_or_default();
        let related = related::named(&app.db, &content.related).await?;
        let related: Vec<String> = related.iter().map(|one| format!("{} {}", one.id, one.headline)).collect();
        typed.related = related.join("\n");
        typed.language.clone_from(&content.language);
        typed.comments = content.comments;
        typed.expire_at = content.expire_at.map(|at| date::field(at, app.site.timezone)).unwrap_or_default();
        picture = match content.picture {
            Some(id) => media::by_id(&app.db, MediaId(id)).await?,
            None => None,
        };
    }
    Ok(Sent { typed, picture, ..Sent::default() })
}
