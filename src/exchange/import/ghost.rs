//! The JSON that Ghost exports. What belongs to posts stands behind them in the file, so it is gone through twice:
//! first for the names, then for the posts, one at a time.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::item::{Article, Author, Item, Markup, Picture, Site, State};
use super::json::{Json, first, text};
use super::stream::{Broken, Progress, Stream};
use super::{Source, lexical};

/// What stands for the address of the site in its own texts.
const PLACE: &str = "__GHOST_URL__";
/// Names and relations, which are kept.
const MOST_NAMES: usize = 2_000_000;

pub struct Ghost {
    path: PathBuf,
    progress: Progress,
    site: String,
    names: Names,
    state: Walk,
}

enum Walk {
    Site,
    Authors(Vec<Author>),
    Posts(Json),
}

#[derive(Default)]
struct Names {
    tags: HashMap<String, String>,
    users: HashMap<String, User>,
    /// By post: place and id.
    post_tags: HashMap<String, Vec<(i64, String)>>,
    post_authors: HashMap<String, Vec<(i64, String)>>,
    metas: HashMap<String, Meta>,
    count: usize,
}

struct User {
    name: String,
    bio: String,
    slug: String,
}

#[derive(Default)]
struct Meta {
    alt: String,
    caption: String,
}

impl Ghost {
    pub fn new(path: &Path, site: &str, progress: Progress) -> Self {
        let site = site.trim_end_matches('/').to_owned();
        Self { path: path.to_owned(), progress, site, names: Names::default(), state: Walk::Site }
    }

    /// Inside `data`, before its first name.
    fn data(&self, progress: Progress) -> Result<Json, Broken> {
        let no_export = || Broken::Other("export of Ghost (JSON)");
        let mut json = Json::new(Stream::open(&self.path, progress)?);
        if !json.take(b'{')? {
            return Err(no_export());
        }
        while let Some(key) = json.key()? {
            match key.as_str() {
                "db" => {
                    if !(json.take(b'[')? && json.take(b'{')?) {
                        return Err(no_export());
                    }
                }
                "data" if json.take(b'{')? => return Ok(json),
                _ => json.skip()?,
            }
        }
        Err(no_export())
    }

    fn read_names(&mut self) -> Result<(), Broken> {
        let mut json = self.data(Progress::default())?;
        while let Some(table) = json.key()? {
            let wanted =
                matches!(table.as_str(), "tags" | "users" | "posts_tags" | "posts_authors" | "posts_meta");
            if !wanted || !json.take(b'[')? {
                json.skip()?;
                continue;
            }
            while json.more()? {
                let row = json.value()?;
                self.names.count += 1;
                if self.names.count > MOST_NAMES {
                    return Err(Broken::refused("It has more than two million names and relations."));
                }
                self.names.take(&table, &row);
            }
        }
        Ok(())
    }

    fn post(&self, post: &Value) -> Item {
        let (id, title) = (text(post, "id").to_owned(), text(post, "title").to_owned());
        let id = if id.is_empty() { post.get("id").map(ToString::to_string).unwrap_or_default() } else { id };
        if text(post, "type") == "page" || post.get("page") == Some(&Value::Bool(true)) {
            return Item::other("page", &id, &title, "A page; only articles have a place here.");
        }
        let mut notes = Vec::new();
        let mut state = match text(post, "status") {
            "published" => State::Published,
            "scheduled" => State::Scheduled,
            "draft" => State::Draft,
            "sent" => {
                notes.push("It was sent by mail only, and is a draft here.".to_owned());
                State::Draft
            }
            other => return Item::other("article", &id, &title, &format!("Its state is “{other}”.")),
        };
        let seen_by = text(post, "visibility");
        if !matches!(seen_by, "" | "public") && state != State::Draft {
            notes.push(format!("It was for “{seen_by}” only, and is a draft here."));
            state = State::Draft;
        }
        let (body, markup) = self.body(post, &mut notes);
        let mut tags: Vec<String> =
            Names::of(&self.names.post_tags, &id, |tag| self.names.tags.get(tag).cloned());
        // Those that begin with # are for the newsroom alone.
        tags.retain(|tag| !tag.starts_with('#'));
        let section = if tags.is_empty() { String::new() } else { tags.remove(0) };
        let mut byline = Names::of(&self.names.post_authors, &id, |user| {
            self.names.users.get(user).map(|user| user.name.clone())
        });
        if byline.is_empty() {
            byline.extend(self.names.users.get(text(post, "author_id")).map(|user| user.name.clone()));
        }
        let slug = text(post, "slug").to_owned();
        let meta = self.names.metas.get(&id);
        let picture = first(post, &["feature_image", "image"]);
        let picture = (!picture.is_empty()).then(|| Picture {
            address: self.whole(picture),
            alt: meta.map(|meta| meta.alt.clone()).unwrap_or_default(),
            caption: meta.map(|meta| meta.caption.clone()).unwrap_or_default(),
            credit: String::new(),
        });
        let site = if self.site.is_empty() { "https://ghost.invalid" } else { &self.site };
        let mut addresses = vec![format!("{site}/{slug}/")];
        let at = date(post, "published_at");
        if let Some(at) = at {
            addresses.push(format!("{site}/{}/{slug}/", at.format("%Y/%m/%d")));
        }
        Item::Article(Box::new(Article {
            key: id,
            state,
            headline: title,
            slug,
            standfirst: super::plain(text(post, "custom_excerpt")),
            body,
            markup,
            byline,
            language: text(post, "locale").to_owned(),
            section,
            tags,
            picture,
            publish_at: at,
            updated_at: date(post, "updated_at"),
            addresses,
            notes,
            ..Article::default()
        }))
    }

    /// The HTML that Ghost made; where there is none, what can be made of its editor's own form.
    fn body(&self, post: &Value, notes: &mut Vec<String>) -> (String, Markup) {
        let html = text(post, "html");
        if !html.is_empty() {
            return (self.whole(html), Markup::Html);
        }
        for (name, read) in [
            ("lexical", lexical::of_lexical as fn(&Value) -> lexical::Read),
            ("mobiledoc", lexical::of_mobiledoc),
        ] {
            let Ok(document) = serde_json::from_str(text(post, name)) else { continue };
            let read = read(&document);
            if !read.left_out.is_empty() {
                notes.push(format!("Left out: {}.", read.left_out.join(", ")));
            }
            return (self.whole(&read.html), Markup::Html);
        }
        (crate::documents::escape(text(post, "plaintext")), Markup::Plain)
    }

    fn whole(&self, text: &str) -> String {
        text.replace(PLACE, &self.site)
    }
}

impl Names {
    fn take(&mut self, table: &str, row: &Value) {
        let get = |name: &str| match row.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let place = row.get("sort_order").and_then(Value::as_i64).unwrap_or_default();
        match table {
            "tags" => {
                self.tags.insert(get("id"), get("name"));
            }
            "users" => {
                let user = User { name: get("name"), bio: get("bio"), slug: get("slug") };
                self.users.insert(get("id"), user);
            }
            "posts_tags" => self.post_tags.entry(get("post_id")).or_default().push((place, get("tag_id"))),
            "posts_authors" => {
                self.post_authors.entry(get("post_id")).or_default().push((place, get("author_id")));
            }
            _ => {
                let meta = Meta { alt: get("feature_image_alt"), caption: get("feature_image_caption") };
                if !(meta.alt.is_empty() && meta.caption.is_empty()) {
                    self.metas.insert(get("post_id"), meta);
                }
            }
        }
    }

    fn of(
        relation: &HashMap<String, Vec<(i64, String)>>,
        post: &str,
        name: impl Fn(&str) -> Option<String>,
    ) -> Vec<String> {
        let mut found = relation.get(post).cloned().unwrap_or_default();
        found.sort();
        found.iter().filter_map(|(_, id)| name(id)).collect()
    }
}

fn date(post: &Value, name: &str) -> Option<DateTime<Utc>> {
    match post.get(name)? {
        Value::String(text) => DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1))
            .ok()
            .map(|at| at.with_timezone(&Utc))
            .or_else(|| {
                Some(chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?.and_utc())
            }),
        Value::Number(number) => DateTime::from_timestamp_millis(number.as_i64()?),
        _ => None,
    }
}

impl Source for Ghost {
    fn next(&mut self) -> Result<Option<Item>, Broken> {
        loop {
            match &mut self.state {
                Walk::Site => {
                    self.read_names()?;
                    let site = self.site.clone();
                    let authors = self.names.users.values().map(|user| Author {
                        name: user.name.clone(),
                        bio: user.bio.clone(),
                        addresses: if site.is_empty() {
                            Vec::new()
                        } else {
                            vec![format!("{site}/author/{}/", user.slug)]
                        },
                    });
                    // The order is the same every time: a run that goes on counts.
                    let mut authors: Vec<Author> = authors.collect();
                    authors.sort_by(|one, other| other.name.cmp(&one.name));
                    self.state = Walk::Authors(authors);
                    return Ok(Some(Item::Site(Site { address: self.site.clone() })));
                }
                Walk::Authors(authors) => {
                    if let Some(author) = authors.pop() {
                        return Ok(Some(Item::Author(author)));
                    }
                    let mut json = self.data(self.progress.clone())?;
                    loop {
                        match json.key()?.as_deref() {
                            Some("posts") if json.take(b'[')? => break,
                            Some(_) => json.skip()?,
                            None => return Err(Broken::refused("This export has no posts.")),
                        }
                    }
                    self.state = Walk::Posts(json);
                }
                Walk::Posts(json) => {
                    if !json.more()? {
                        return Ok(None);
                    }
                    let post = json.value()?;
                    return Ok(Some(self.post(&post)));
                }
            }
        }
    }
}
