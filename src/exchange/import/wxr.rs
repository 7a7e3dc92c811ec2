//! WXR: the file that WordPress exports, an item at a time. What describes the site stands before its items.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Source;
use super::item::{Article, Author, Comment, File, Item, Markup, Picture, Section, Site, State, Talk};
use super::stream::{Broken, Stream};
use super::xml::{Step, Tag, Xml};

/// Of one article; more would be held in memory at once.
const MOST_COMMENTS: usize = 20_000;
/// Categories and authors: they stand at the beginning, and are kept.
const MOST_NAMES: usize = 20_000;

pub struct Wxr {
    xml: Xml,
    zone: Tz,
    site: String,
    has_begun: bool,
    has_said_site: bool,
    categories: HashMap<String, Category>,
    primary: HashMap<String, String>,
    authors: HashMap<String, String>,
    /// Made ready while the site was described.
    waiting: std::collections::VecDeque<Item>,
}

#[derive(Clone, Debug, Default)]
struct Category {
    name: String,
    parent: String,
}

impl Wxr {
    pub fn new(stream: Stream, zone: Tz) -> Self {
        Self {
            xml: Xml::new(stream),
            zone,
            site: String::new(),
            has_begun: false,
            has_said_site: false,
            categories: HashMap::new(),
            primary: HashMap::new(),
            authors: HashMap::new(),
            waiting: std::collections::VecDeque::new(),
        }
    }

    /// To the first element inside `<channel>`.
    fn begin(&mut self) -> Result<(), Broken> {
        self.has_begun = true;
        loop {
            match self.xml.step()? {
                Some(Step::Open(tag)) if tag.name == "channel" => return Ok(()),
                Some(Step::Open(tag)) if tag.name == "rss" => {}
                Some(Step::Open(_)) | None => return Err(Broken::Other("export of WordPress (WXR)")),
                _ => {}
            }
        }
    }

    fn head(&mut self, tag: &Tag) -> Result<(), Broken> {
        match tag.name.as_str() {
            "link" if self.site.is_empty() => self.xml.text()?.trim().clone_into(&mut self.site),
            "wp:base_blog_url" => self.xml.text()?.trim().clone_into(&mut self.site),
            "wp:author" => {
                let mut fields = self.fields()?;
                let login = take(&mut fields, "wp:author_login");
                let name = take(&mut fields, "wp:author_display_name");
                let name = if name.trim().is_empty() { login.clone() } else { name };
                if self.authors.len() < MOST_NAMES {
                    let addresses = vec![format!("{}/author/{login}/", self.base())];
                    self.waiting.push_back(Item::Author(Author {
                        name: name.clone(),
                        bio: String::new(),
                        addresses,
                    }));
                    self.authors.insert(login, name);
                }
            }
            "wp:category" => {
                let mut fields = self.fields()?;
                let slug = take(&mut fields, "wp:category_nicename");
                let category = Category {
                    name: take(&mut fields, "wp:cat_name"),
                    parent: take(&mut fields, "wp:category_parent"),
                };
                if self.categories.len() < MOST_NAMES {
                    self.primary.insert(take(&mut fields, "wp:term_id"), slug.clone());
                    if category.parent.is_empty() && !is_none(&category.name) {
                        self.waiting.push_back(Item::Section(Section {
                            name: category.name.clone(),
                            description: take(&mut fields, "wp:category_description"),
                            addresses: vec![format!("{}/category/{slug}/", self.base())],
                        }));
                    }
                    self.categories.insert(slug, category);
                }
            }
            _ => self.xml.skip()?,
        }
        Ok(())
    }

    fn base(&self) -> &str {
        self.site.trim_end_matches('/')
    }

    /// The texts of the children of the element that was opened last.
    fn fields(&mut self) -> Result<HashMap<String, String>, Broken> {
        let mut fields = HashMap::new();
        while let Some(tag) = self.xml.child()? {
            let text = self.xml.text()?;
            fields.insert(tag.name, text);
        }
        Ok(fields)
    }

    fn item(&mut self) -> Result<Item, Broken> {
        let mut fields: HashMap<String, String> = HashMap::new();
        let mut terms: Vec<(String, String, String)> = Vec::new();
        let mut metas: HashMap<String, String> = HashMap::new();
        let mut comments = Vec::new();
        let mut too_many = 0usize;
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "category" => {
                    let (domain, slug) =
                        (tag.attribute("domain").to_owned(), tag.attribute("nicename").to_owned());
                    terms.push((domain, slug, self.xml.text()?.trim().to_owned()));
                }
                "wp:postmeta" => {
                    let mut meta = self.fields()?;
                    let (key, value) = (take(&mut meta, "wp:meta_key"), take(&mut meta, "wp:meta_value"));
                    if matches!(
                        key.as_str(),
                        "_thumbnail_id" | "_wp_attachment_image_alt" | "_yoast_wpseo_primary_category"
                    ) {
                        metas.insert(key, value);
                    }
                }
                "wp:comment" if comments.len() < MOST_COMMENTS => comments.extend(self.comment()?),
                "wp:comment" => {
                    too_many += 1;
                    self.xml.skip()?;
                }
                _ => {
                    let text = self.xml.text()?;
                    fields.insert(tag.name, text);
                }
            }
        }
        let mut item = self.made(fields, &terms, &metas, comments);
        if let Item::Article(article) = &mut item
            && too_many > 0
        {
            article.notes.push(format!("{too_many} comments more than {MOST_COMMENTS} were left out."));
        }
        Ok(item)
    }

    fn made(
        &self,
        mut fields: HashMap<String, String>,
        terms: &[(String, String, String)],
        metas: &HashMap<String, String>,
        comments: Vec<Comment>,
    ) -> Item {
        let key = take(&mut fields, "wp:post_id");
        let title = take(&mut fields, "title");
        let kind = take(&mut fields, "wp:post_type");
        let status = take(&mut fields, "wp:status");
        match kind.as_str() {
            "post" | "" => {}
            "attachment" => {
                return Item::File(File {
                    key,
                    address: take(&mut fields, "wp:attachment_url"),
                    alt: metas.get("_wp_attachment_image_alt").cloned().unwrap_or_default(),
                    caption: super::plain(&take(&mut fields, "excerpt:encoded")),
                });
            }
            "page" => return Item::other("page", &key, &title, "A page; only articles have a place here."),
            _ => {
                let reason = format!("It is no article but a “{kind}”, which only WordPress knows.");
                return Item::other(&kind, &key, &title, &reason);
            }
        }
        let mut notes = Vec::new();
        let state = match status.as_str() {
            "publish" | "" => State::Published,
            "future" => State::Scheduled,
            "pending" => State::Review,
            "draft" => State::Draft,
            "private" => {
                notes.push("It was private there and is a draft here.".to_owned());
                State::Draft
            }
            other => return Item::other("article", &key, &title, &format!("Its state is “{other}”.")),
        };
        let state = if fields.get("wp:post_password").is_some_and(|word| !word.is_empty()) {
            notes.push("It had a password there and is a draft here.".to_owned());
            State::Draft
        } else {
            state
        };
        let (section, tags) = self.places(terms, metas);
        let creator = take(&mut fields, "dc:creator");
        let byline = self.authors.get(&creator).cloned().unwrap_or(creator);
        let mut addresses = vec![take(&mut fields, "link"), take(&mut fields, "guid")];
        addresses.push(format!("{}/?p={key}", self.base()));
        let picture = metas.get("_thumbnail_id").filter(|id| !id.is_empty());
        let picture = picture.map(|id| Picture { address: format!("file:{id}"), ..Picture::default() });
        Item::Article(Box::new(Article {
            publish_at: self.date(&fields, "wp:post_date_gmt", "wp:post_date"),
            updated_at: self.date(&fields, "wp:post_modified_gmt", "wp:post_modified"),
            key,
            state,
            headline: super::plain(&title),
            slug: percent_encoding::percent_decode_str(&take(&mut fields, "wp:post_name"))
                .decode_utf8_lossy()
                .into_owned(),
            standfirst: super::plain(&take(&mut fields, "excerpt:encoded")),
            body: take(&mut fields, "content:encoded"),
            markup: Markup::WordPress,
            byline: vec![byline],
            section,
            tags,
            picture,
            comments_open: fields.get("wp:comment_status").is_some_and(|status| status == "open"),
            addresses,
            comments,
            notes,
            ..Article::default()
        }))
    }

    /// The section is the root of its first category, or of the one that is called its first; the other categories,
    /// and what stands below, are tags.
    fn places(
        &self,
        terms: &[(String, String, String)],
        metas: &HashMap<String, String>,
    ) -> (String, Vec<String>) {
        let first = metas.get("_yoast_wpseo_primary_category").and_then(|id| self.primary.get(id));
        let mut categories: Vec<(&str, &str)> = terms
            .iter()
            .filter(|(domain, ..)| domain == "category")
            .map(|(_, slug, name)| (slug.as_str(), name.as_str()))
            .collect();
        categories.sort_by_key(|(slug, name)| (Some(*slug) != first.map(String::as_str), is_none(name)));
        let mut section = String::new();
        let mut tags = Vec::new();
        for (number, (slug, name)) in categories.into_iter().enumerate() {
            let root = self.root(slug).unwrap_or(name).to_owned();
            if number == 0 {
                section.clone_from(&root);
            }
            if name != section && !is_none(name) {
                tags.push(name.to_owned());
            }
        }
        tags.extend(
            terms.iter().filter(|(domain, ..)| domain == "post_tag").map(|(_, _, name)| name.clone()),
        );
        if is_none(&section) {
            section = String::new();
        }
        (section, tags)
    }

    fn root(&self, slug: &str) -> Option<&str> {
        let mut category = self.categories.get(slug)?;
        // A circle has no root.
        for _ in 0..20 {
            match self.categories.get(&category.parent) {
                Some(parent) if !category.parent.is_empty() => category = parent,
                _ => break,
            }
        }
        Some(&category.name)
    }

    fn comment(&mut self) -> Result<Option<Comment>, Broken> {
        let mut fields: HashMap<String, String> = HashMap::new();
        while let Some(tag) = self.xml.child()? {
            if tag.name == "wp:commentmeta" {
                self.xml.skip()?;
            } else {
                let text = self.xml.text()?;
                fields.insert(tag.name, text);
            }
        }
        let kind = take(&mut fields, "wp:comment_type");
        let state = match take(&mut fields, "wp:comment_approved").as_str() {
            "1" => Talk::Approved,
            "0" => Talk::Pending,
            "spam" => Talk::Spam,
            _ => return Ok(None),
        };
        if !matches!(kind.as_str(), "" | "comment") {
            return Ok(None);
        }
        let parent = take(&mut fields, "wp:comment_parent");
        Ok(Some(Comment {
            at: self.date(&fields, "wp:comment_date_gmt", "wp:comment_date"),
            key: take(&mut fields, "wp:comment_id"),
            parent: if parent == "0" { String::new() } else { parent },
            name: take(&mut fields, "wp:comment_author"),
            email: take(&mut fields, "wp:comment_author_email"),
            text: super::lines(&take(&mut fields, "wp:comment_content")),
            state,
        }))
    }

    /// In universal time if it says so, else in the time of the site.
    fn date(&self, fields: &HashMap<String, String>, universal: &str, local: &str) -> Option<DateTime<Utc>> {
        let read = |name: &str| {
            let text = fields.get(name)?.trim();
            if text.starts_with("0000") {
                return None;
            }
            NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()
        };
        read(universal)
            .map(|time| time.and_utc())
            .or_else(|| Some(self.zone.from_local_datetime(&read(local)?).earliest()?.with_timezone(&Utc)))
    }
}

impl Source for Wxr {
    fn next(&mut self) -> Result<Option<Item>, Broken> {
        if !self.has_begun {
            self.begin()?;
        }
        loop {
            // The site is named before everything that came with it.
            if self.has_said_site
                && let Some(item) = self.waiting.pop_front()
            {
                return Ok(Some(item));
            }
            let Some(tag) = self.xml.child()? else {
                if self.has_said_site {
                    // Behind the channel there is nothing but the end.
                    return Ok(None);
                }
                self.has_said_site = true;
                continue;
            };
            if tag.name != "item" {
                self.head(&tag)?;
                continue;
            }
            let item = self.item()?;
            if !self.has_said_site {
                self.has_said_site = true;
                self.waiting.push_back(item);
                return Ok(Some(Item::Site(Site { address: self.base().to_owned() })));
            }
            return Ok(Some(item));
        }
    }
}

fn take(fields: &mut HashMap<String, String>, name: &str) -> String {
    fields.remove(name).unwrap_or_default()
}

/// What WordPress puts where nobody has chosen.
fn is_none(category: &str) -> bool {
    matches!(category, "" | "Uncategorized" | "Uncategorised")
}
