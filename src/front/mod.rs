//! The front page at any moment: what readers see now, and what an editor who looks ahead will see. One page for
//! the surfaces that show it; the board and the stories in its blocks are `news::front`.

mod parts;

use askama::Template;
use chrono::{DateTime, Utc};

use self::parts::Part;
use crate::news::article::card::Card;
use crate::news::front::banner;
use crate::news::front::store::{self, Which};
use crate::paths;
use crate::text::date;
use crate::web::page_cache::PageCache;
use crate::web::{App, Layout, Result, facts};

#[derive(Template)]
#[template(path = "front/page.html")]
pub struct FrontPage {
    pub layout: Layout,
    /// In the order of the board.
    parts: Vec<Part>,
    /// What tells an editor, or whoever was sent a link, that this is not the page of now.
    pub strip: Option<Strip>,
}

/// One line above the page.
pub struct Strip {
    /// "The draft as of 25 Nov 2026, 09:00"
    pub text: String,
    /// For a person who may choose another moment.
    pub look: Option<Look>,
}

/// The form in the strip: which board, and the moment as its field holds it.
pub struct Look {
    pub board: String,
    pub at: String,
    pub zone: String,
    pub error: Option<String>,
}

/// The page of a board as it is at a moment; without one, now by the database's clock.
pub async fn page(app: &App, which: Which, at: Option<DateTime<Utc>>) -> Result<FrontPage> {
    let seen = store::seen(&app.db, which, at).await?;
    let common = PageCache::common(app).await?;
    let top = match at {
        None => &common.top,
        Some(at) => &banner::top(&app.db, Some(at)).await?,
    };
    let parts = parts::load(app, &seen, &top.sections).await?;
    let mut layout = Layout::with(app, "", top)
        .description(format!("News and analysis from {}.", app.site.name))
        .current(paths::HOME)
        .class("front")
        .preview(lead(&parts).and_then(Card::picture).as_ref());
    match at {
        None => {
            let facts = [
                facts::organization(&app.site, &common.discovery, layout.icons.as_deref()),
                facts::website(&app.site),
            ];
            layout = layout.canonical(paths::HOME).facts(facts);
        }
        Some(at) => layout.today = date::long(at, app.site.timezone, &app.site.language),
    }
    Ok(FrontPage { layout, parts, strip: None })
}

fn lead(parts: &[Part]) -> Option<&Card> {
    parts.iter().find_map(|part| match part {
        Part::News { lead, .. } => Some(lead.as_ref()),
        _ => None,
    })
}
