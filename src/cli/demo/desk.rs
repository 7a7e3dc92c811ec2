//! Writes what lies on the desk of the sample news: what readers do not have yet, or not any more, and how the
//! paper corrects itself.

use std::collections::HashMap;

use anyhow::Context;
use chrono::{TimeDelta, Utc};
use sqlx::PgConnection;

use super::world::{self, CORRECTION, EMBARGOED, IN_REVIEW, LATER, Unseen, WITHDRAWN, WITHDRAWN_NOTE};
use super::{ORIGIN, load};
use crate::news::article::save::{self, Act, Action, Fields};
use crate::news::article::{self, ArticleId, related, scheduled};
use crate::news::audit::Actor;
use crate::news::origin;
use crate::news::place::PlaceId;
use crate::news::section::SectionId;
use crate::text::{CleanHtml, Language, Slug};

/// Hours from now at which the edit takes effect and the embargo ends.
const TOMORROW: i64 = 22;

type Ids<T> = HashMap<&'static str, T>;

/// Together with all articles of the world, so that nobody has changed them yet.
pub(super) async fn lay(
    db: &mut PgConnection,
    (sections, places): (&Ids<SectionId>, &Ids<PlaceId>),
    articles: &Ids<ArticleId>,
) -> anyhow::Result<()> {
    let actor = Actor::command_line();
    let review = unseen(&IN_REVIEW, sections)?;
    create(db, &IN_REVIEW, &review, Action::Submit).await?;
    let tomorrow = Utc::now() + TimeDelta::hours(TOMORROW);
    let embargoed = Fields { publish_at: Some(tomorrow), ..unseen(&EMBARGOED, sections)? };
    create(db, &EMBARGOED, &embargoed, Action::Publish).await?;
    let yesterday = Utc::now() - TimeDelta::hours(30);
    let mut withdrawn = Fields { publish_at: Some(yesterday), ..unseen(&WITHDRAWN, sections)? };
    let id = create(db, &WITHDRAWN, &withdrawn, Action::Publish).await?;
    WITHDRAWN_NOTE.clone_into(&mut withdrawn.withdrawn_note);
    save::update(db, id, 1, &withdrawn, Action::Withdraw, &actor).await?.ok().context("a newer version")?;

    let (id, mut corrected) = stored(db, CORRECTION.article, (sections, places), articles).await?;
    corrected.body_source = corrected.body_source.replace(CORRECTION.wrong, CORRECTION.right);
    corrected.body = CleanHtml::clean(&corrected.body_source)?;
    let act = Act { correction: Some(CORRECTION.note.to_owned()), ..Action::Save.into() };
    save::update(db, id, 1, &corrected, act, &actor).await?.ok().context("a newer version")?;

    let (id, mut later) = stored(db, LATER.article, (sections, places), articles).await?;
    LATER.standfirst.clone_into(&mut later.standfirst);
    let act = Act { why: LATER.why.to_owned(), ..Action::Schedule.into() };
    scheduled::keep(db, id, 1, &later, tomorrow, &act, &actor).await?.ok().context("a newer version")?;
    Ok(())
}

async fn create(
    db: &mut PgConnection,
    story: &Unseen,
    fields: &Fields,
    action: Action,
) -> anyhow::Result<ArticleId> {
    let id = save::create(db, fields, action, &Actor::command_line()).await?;
    origin::record(db, ORIGIN, "article", story.key, id.0).await?;
    Ok(id)
}

/// An article of the world with all that it has by now.
async fn stored(
    db: &mut PgConnection,
    key: &str,
    (sections, places): (&Ids<SectionId>, &Ids<PlaceId>),
    articles: &Ids<ArticleId>,
) -> anyhow::Result<(ArticleId, Fields)> {
    let id = *articles.get(key).context("an article that is not there")?;
    let world = world::articles().find(|article| article.key == key).context("no such article")?;
    let there = article::by_id(&mut *db, id).await?.context("an article that is gone")?;
    let related = related::chosen_ids(&mut *db, id).await?;
    let fields = load::fields(world, sections, places)?;
    Ok((id, Fields { publish_at: there.publish_at, picture_id: there.picture_id, related, ..fields }))
}

fn unseen(story: &Unseen, sections: &Ids<SectionId>) -> anyhow::Result<Fields> {
    Ok(Fields {
        section_id: *sections.get(story.section).context("a story without a section")?,
        kicker: story.kicker.to_owned(),
        headline: story.headline.to_owned(),
        slug: Slug::of(story.headline).context("a headline without a slug")?,
        standfirst: story.standfirst.to_owned(),
        body_source: story.body.to_owned(),
        body: CleanHtml::clean(story.body)?,
        byline: story.byline.to_owned(),
        dateline: story.dateline.to_owned(),
        language: Language::default(),
        tags: story.tags.iter().map(ToString::to_string).collect(),
        related: Vec::new(),
        picture_id: None,
        picture_alt: String::new(),
        picture_caption: String::new(),
        picture_credit: String::new(),
        place_id: None,
        comments_open: true,
        publish_at: None,
        expire_at: None,
        withdrawn_note: String::new(),
    })
}
