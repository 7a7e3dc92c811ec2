//! A folder of Markdown with front matter, as Hugo, Jekyll and their like have it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Source;
use super::item::{Article, Item, Markup, Picture, Site, State};
use super::stream::{Broken, MOST_AT_ONCE, Progress};
use crate::documents;

/// What stands for the address of the folder; no such host exists.
pub const SITE: &str = "https://folder.invalid";

pub struct Markdown {
    root: PathBuf,
    files: VecDeque<PathBuf>,
    zone: Tz,
    progress: Progress,
    has_said_site: bool,
}

impl Markdown {
    pub fn new(path: &Path, zone: Tz, progress: Progress) -> Result<Self, Broken> {
        let files = super::folder::files(path, &["md", "markdown"])?;
        progress.expect(files.iter().filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum());
        let root = if path.is_file() { path.parent().unwrap_or(path).to_owned() } else { path.to_owned() };
        Ok(Self { root, files: files.into(), zone, progress, has_said_site: false })
    }

    fn file(&self, path: &Path) -> Result<Item, Broken> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let size = path.metadata()?.len();
        self.progress.advance(size);
        if size > MOST_AT_ONCE as u64 {
            return Ok(Item::refused("article", &relative, &relative, "It is longer than 8 MiB."));
        }
        let Ok(source) = String::from_utf8(std::fs::read(path)?) else {
            let reason = "It is not text in UTF-8. Save it as UTF-8 and import it again.";
            return Ok(Item::refused("article", &relative, &relative, reason));
        };
        let source = source.trim_start_matches('\u{feff}');
        let stem = relative.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        if stem == "_index"
            || matches!(stem.to_ascii_lowercase().as_str(), "readme" | "license" | "changelog")
        {
            return Ok(Item::other("page", &relative, stem, "It describes the folder and is no article."));
        }
        Ok(self.article(&relative, stem, source))
    }

    fn article(&self, relative: &str, stem: &str, source: &str) -> Item {
        let (pairs, text) = documents::front_matter(source);
        let all = |names: &[&str]| -> Vec<String> {
            let found = pairs.iter().filter(|(name, _)| names.contains(&name.as_str()));
            found.flat_map(|(_, values)| values.iter().cloned()).filter(|value| !value.is_empty()).collect()
        };
        let one = |names: &[&str]| all(names).into_iter().next().unwrap_or_default();
        let folders: Vec<&str> = relative.split('/').collect();
        let folders = &folders[..folders.len() - 1];
        // A folder that is one article: `post/index.md`.
        let stem = if stem == "index" { folders.last().copied().unwrap_or(stem) } else { stem };
        let (dated, name) = dated(stem);
        let date = one(&["date", "publishdate", "pubdate", "published_at", "datepublished"]);
        let at = self.date(&date).or_else(|| dated.and_then(|day| self.midnight(day)));
        let mut notes = Vec::new();
        if !date.is_empty() && at.is_none() {
            notes.push(format!("date: “{}” cannot be read.", super::body::tidy(&date, 40)));
        }
        let is_draft = one(&["draft"]) == "true"
            || one(&["published"]) == "false"
            || folders.contains(&"_drafts")
            || one(&["status"]) == "draft";
        let state = if is_draft { State::Draft } else { State::Published };
        let categories: Vec<String> = all(&["categories", "category", "section"]);
        let own = folders.iter().find(|name| !name.starts_with('_') && !PLAIN.contains(name)).copied();
        let is_bundle = own.is_some_and(|own| own == stem);
        let section =
            categories.first().cloned().or_else(|| own.filter(|_| !is_bundle).map(title)).unwrap_or_default();
        let slug = match one(&["slug"]) {
            slug if slug.is_empty() => name.to_owned(),
            slug => slug,
        };
        let mut tags = all(&["tags", "tag", "keywords"]);
        if tags.len() == 1 {
            tags = tags[0].split([',', ';']).map(|tag| tag.trim().to_owned()).collect();
        }
        tags.extend(categories.iter().skip(1).cloned());
        let picture = one(&[
            "image",
            "cover",
            "featured_image",
            "featuredimage",
            "feature_image",
            "thumbnail",
            "images",
            "header",
        ]);
        let picture = ["image:", "src:", "teaser:", "relative:"]
            .iter()
            .find_map(|name| picture.strip_prefix(name))
            .map_or(picture.clone(), |rest| {
                rest.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']).to_owned()
            });
        let base = format!(
            "{SITE}/{}",
            relative.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
        );
        let whole = |address: &str| {
            let base = url::Url::parse(&base).ok()?;
            Some(base.join(address.trim()).ok()?.to_string())
        };
        let picture = (!picture.is_empty()).then(|| whole(&picture)).flatten().map(|address| Picture {
            address,
            alt: one(&["image_alt", "featured_image_alt", "cover_alt"]),
            caption: one(&["image_caption", "featured_image_caption", "caption"]),
            credit: one(&["image_credit", "credit"]),
        });
        let mut addresses = all(&["url", "permalink", "aliases", "alias", "redirect_from"]);
        addresses.extend(implied(relative, folders, stem, &slug, dated, &categories));
        let addresses = addresses.iter().filter_map(|address| whole(address)).collect();
        Item::Article(Box::new(Article {
            key: relative.to_owned(),
            state,
            headline: one(&["title", "headline"]),
            slug,
            standfirst: super::plain(&one(&[
                "description",
                "summary",
                "excerpt",
                "subtitle",
                "lead",
                "standfirst",
            ])),
            body: text.to_owned(),
            markup: Markup::Markdown,
            base,
            byline: all(&["author", "authors", "byline"]),
            kicker: one(&["kicker"]),
            dateline: one(&["dateline"]),
            language: one(&["lang", "language", "locale"]),
            section,
            tags,
            picture,
            comments_open: one(&["comments"]) == "true",
            publish_at: at,
            updated_at: self.date(&one(&["lastmod", "last_modified_at", "updated", "modified"])),
            expire_at: self.date(&one(&["expirydate", "unpublishdate"])),
            addresses,
            notes,
            ..Article::default()
        }))
    }

    fn date(&self, text: &str) -> Option<DateTime<Utc>> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)) {
            return Some(at.with_timezone(&Utc));
        }
        for form in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M:%S%z"] {
            if let Ok(at) = DateTime::parse_from_str(text, form) {
                return Some(at.with_timezone(&Utc));
            }
        }
        for form in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] {
            if let Ok(at) = NaiveDateTime::parse_from_str(text, form) {
                return Some(self.zone.from_local_datetime(&at).earliest()?.with_timezone(&Utc));
            }
        }
        self.midnight(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?)
    }

    fn midnight(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        Some(self.zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?).earliest()?.with_timezone(&Utc))
    }
}

/// Folders that say nothing of what is in them.
const PLAIN: [&str; 8] = ["content", "posts", "post", "blog", "articles", "src", "docs", "en"];

/// `2019-03-04-ferry`
fn dated(stem: &str) -> (Option<NaiveDate>, &str) {
    let day = stem.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    match (day, stem.get(11..)) {
        (Some(day), Some(rest)) if !rest.is_empty() => (Some(day), rest),
        _ => (None, stem),
    }
}

/// The addresses that Hugo and Jekyll give by themselves, and that of the file for links between files.
fn implied(
    relative: &str,
    folders: &[&str],
    stem: &str,
    slug: &str,
    day: Option<NaiveDate>,
    categories: &[String],
) -> Vec<String> {
    let mut addresses = vec![format!("/{relative}")];
    if let Some(day) = day {
        let folder = |name: &String| ["/", &name.to_lowercase().replace(' ', "-")].concat();
        let before = categories.iter().map(folder).collect::<Vec<_>>().concat();
        let day = day.format("%Y/%m/%d");
        addresses.push(format!("{before}/{day}/{slug}.html"));
        addresses.push(format!("{before}/{day}/{slug}/"));
    }
    let skipped = usize::from(folders.first() == Some(&"content"));
    let mut path: Vec<&str> =
        folders.iter().skip(skipped).copied().filter(|name| !name.starts_with('_')).collect();
    if path.last() == Some(&stem) {
        path.pop();
    }
    path.push(slug);
    addresses.push(format!("/{}/", path.join("/")));
    addresses
}

fn title(folder: &str) -> String {
    let words = folder.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Source for Markdown {
    fn next(&mut self) -> Result<Option<Item>, Broken> {
        if !std::mem::replace(&mut self.has_said_site, true) {
            return Ok(Some(Item::Site(Site { address: SITE.to_owned() })));
        }
        match self.files.pop_front() {
            Some(path) => self.file(&path).map(Some),
            None => Ok(None),
        }
    }
}
