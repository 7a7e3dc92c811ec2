//! Things of the stream made ready to be written: checked, cut to size where that loses little, cleaned like what an
//! editor types. Slow work, off the async threads, with no database at hand.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::body::{Body, Leads, tidy};
use super::item::{Article, Comment, Item, Talk};
use crate::news::comment::{self, State as CommentState};
use crate::news::old_address;
use crate::text::{CleanHtml, Language, Slug, excerpt};

/// The schema's limits, in letters.
const HEADLINE: usize = 200;
const KICKER: usize = 60;
const STANDFIRST: usize = 1000;
const BYLINE: usize = 300;
const DATELINE: usize = 60;
const NAME: usize = 60;
const WORDS: usize = 500;
const CREDIT: usize = 200;
/// A headline made of the text.
const MADE: usize = 80;

pub enum Ready {
    Item(Item),
    Article(Box<ReadyArticle>),
    /// What it is called, and why not.
    Refused {
        key: String,
        title: String,
        reason: String,
    },
}

pub struct ReadyArticle {
    /// Without its body and its comments.
    pub article: Article,
    pub slug: Slug,
    pub language: Option<Language>,
    pub digest: [u8; 32],
    pub body_source: String,
    pub body: CleanHtml,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    pub pictures: usize,
    /// Its pictures or links are to be looked after at the end.
    pub is_open: bool,
    pub addresses: Vec<String>,
    pub comments: Vec<ReadyComment>,
    pub notes: Vec<String>,
}

pub struct ReadyComment {
    pub key: String,
    pub parent: String,
    pub fields: comment::Fields,
    pub state: CommentState,
    pub at: Option<DateTime<Utc>>,
}

/// `site`: the address that things come from, or "".
pub fn ready(item: Item, site: &str) -> Ready {
    match item {
        Item::Article(article) => {
            let (key, title) = (article.key.clone(), article.headline.clone());
            match made(*article, site) {
                Ok(article) => Ready::Article(Box::new(article)),
                Err(reason) => Ready::Refused { key, title, reason },
            }
        }
        item => Ready::Item(item),
    }
}

fn made(mut article: Article, site: &str) -> Result<ReadyArticle, String> {
    let json = serde_json::to_vec(&article).map_err(|cause| cause.to_string())?;
    let digest = Sha256::digest(&json).into();
    let mut notes = std::mem::take(&mut article.notes);
    let base = if article.base.is_empty() { site } else { &article.base };
    let source = std::mem::take(&mut article.body).replace('\0', "");
    let read =
        Body::read(&source, article.markup, base, &Leads::new()).map_err(|why| format!("body: {why}."))?;
    let body = CleanHtml::clean(&read.bare().replace(super::markdown::SITE, ""))
        .map_err(|why| format!("body: {why}."))?;
    let body_source = read.source();
    if body_source.len() > crate::text::html::MAX_BYTES {
        return Err("body: the text is longer than 1024 KiB.".to_owned());
    }
    notes.extend(read.notes.iter().cloned());
    if article.key.is_empty() {
        return Err("key: it has no name or number by which it would be known again.".to_owned());
    }
    let text = body.text();
    let headline = tidy(&article.headline, usize::MAX);
    article.headline = if headline.is_empty() {
        notes.push("It had no title; its first words stand for one.".to_owned());
        excerpt::first(&text, MADE)
    } else {
        cut(&headline, HEADLINE, "headline", &mut notes)
    };
    let pictures = read.figures().filter(|figure| !figure.is_ours()).count();
    if article.headline.trim_end_matches('…').is_empty() {
        return Err(if pictures > 0 {
            "headline: it has neither a title nor words to make one of.".to_owned()
        } else {
            "headline: it has neither a title nor a text.".to_owned()
        });
    }
    article.kicker = cut(&tidy(&article.kicker, usize::MAX), KICKER, "kicker", &mut notes);
    article.dateline = cut(&tidy(&article.dateline, usize::MAX), DATELINE, "dateline", &mut notes);
    article.standfirst = cut(&tidy(&article.standfirst, usize::MAX), STANDFIRST, "standfirst", &mut notes);
    article.byline.retain(|name| !name.trim().is_empty());
    let names: Vec<String> = article.byline.iter().map(|name| tidy(&name.replace(',', " "), 100)).collect();
    article.byline = names;
    while article.byline.join(", ").chars().count() > BYLINE {
        article.byline.pop();
        notes.push("byline: not all of its names have room.".to_owned());
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in article.tags.iter().map(|tag| tidy(tag, NAME)) {
        if Slug::of(&tag).is_some() && !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    if tags.len() > MOST_TAGS {
        notes.push(format!("tags: {} of {} were taken.", MOST_TAGS, tags.len()));
        tags.truncate(MOST_TAGS);
    }
    article.tags = tags;
    article.section = tidy(&article.section, NAME);
    let language = article.language.replace('_', "-");
    let language = match Language::parse(&language) {
        Ok(language) => Some(language),
        Err(_) if language.is_empty() => None,
        Err(_) => {
            notes.push(format!("language: “{}” is none that is known.", tidy(&language, 20)));
            None
        }
    };
    let slug = Slug::of(&article.slug).unwrap_or_else(|| Slug::of_or(&article.headline, "story"));
    let mut addresses: Vec<String> =
        article.addresses.iter().filter_map(|address| old_address::key_of(address)).collect();
    addresses.sort();
    addresses.dedup();
    let comments = comments(std::mem::take(&mut article.comments), &mut notes);
    let picture = article.picture.clone().unwrap_or_default();
    let has_picture = !picture.address.is_empty();
    Ok(ReadyArticle {
        slug,
        language,
        digest,
        body_source,
        body,
        picture_alt: tidy(&picture.alt, WORDS),
        picture_caption: tidy(&super::plain(&picture.caption), WORDS),
        picture_credit: tidy(&super::plain(&picture.credit), CREDIT),
        pictures: pictures + usize::from(has_picture),
        is_open: pictures > 0 || has_picture || !read.links.is_empty(),
        addresses,
        comments,
        notes,
        article,
    })
}

/// As the form of an article has them.
const MOST_TAGS: usize = 20;

fn cut(text: &str, most: usize, field: &str, notes: &mut Vec<String>) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    notes.push(format!("{field}: cut to {most} letters."));
    excerpt::first(text, most - 1)
}

fn comments(comments: Vec<Comment>, notes: &mut Vec<String>) -> Vec<ReadyComment> {
    let mut ready = Vec::with_capacity(comments.len());
    let (mut cut_off, mut empty) = (0, 0);
    for one in comments {
        let name = tidy(&super::plain(&one.name), comment::MAX_NAME);
        let text = one.text.replace("\r\n", "\n").replace('\0', "");
        let text = text.trim();
        if text.is_empty() {
            empty += 1;
            continue;
        }
        cut_off += usize::from(text.chars().count() > comment::MAX_TEXT);
        let text: String = text.chars().take(comment::MAX_TEXT).collect();
        // The rules for what comes in now are not those under which it was taken there: links stay.
        let email = comment::Fields::check("A", &one.email, "x").ok().and_then(|fields| fields.email);
        ready.push(ReadyComment {
            key: one.key,
            parent: one.parent,
            fields: comment::Fields {
                name: if name.is_empty() { comment::ANONYMOUS.to_owned() } else { name },
                email,
                text,
            },
            state: match one.state {
                Talk::Approved => CommentState::Approved,
                Talk::Pending => CommentState::Pending,
                Talk::Rejected => CommentState::Rejected,
                Talk::Spam => CommentState::Spam,
            },
            at: one.at,
        });
    }
    if cut_off > 0 {
        notes.push(format!("{cut_off} comments were cut to {} letters.", comment::MAX_TEXT));
    }
    if empty > 0 {
        notes.push(format!("{empty} comments without words were left out."));
    }
    answers_last(ready)
}

/// A comment that is answered stands before its answers, wherever it stood.
fn answers_last(comments: Vec<ReadyComment>) -> Vec<ReadyComment> {
    let mut children: std::collections::HashMap<String, Vec<ReadyComment>> = std::collections::HashMap::new();
    let known: std::collections::HashSet<String> = comments.iter().map(|one| one.key.clone()).collect();
    let mut ordered = Vec::with_capacity(comments.len());
    for one in comments {
        if one.parent.is_empty() || one.parent == one.key || !known.contains(&one.parent) {
            ordered.push(one);
        } else {
            children.entry(one.parent.clone()).or_default().push(one);
        }
    }
    let mut at = 0;
    while at < ordered.len() {
        if let Some(answers) = children.remove(&ordered[at].key) {
            ordered.extend(answers);
        }
        at += 1;
    }
    // Those that answer one another in a circle answer nobody.
    for mut one in children.into_values().flatten() {
        one.parent = String::new();
        ordered.push(one);
    }
    ordered
}
