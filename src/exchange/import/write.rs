//! What is ready, written in batches: each is one transaction, which says too how far the run is. A run that is killed
//! has written whole batches, and goes on behind them.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Options;
use super::finish::Source;
use super::item::{Author, Item, Section, State as From};
use super::ready::{Ready, ReadyArticle, ReadyComment};
use super::stream::Progress;
use crate::news::article::save::Fields;
use crate::news::article::{ArticleId, State};
use crate::news::audit::Actor;
use crate::news::author;
use crate::news::import::articles::{self, New};
use crate::news::import::comments::{self, Parent};
use crate::news::import::known::{self, Known};
use crate::news::import::line::{self, Line, Outcome};
use crate::news::import::run::{self, Run};
use crate::news::import::{ImportId, file};
use crate::news::old_address::{self, Noun};
use crate::news::section::{self, SectionId};
use crate::text::{Language, Slug};
use crate::web::App;

/// Where things go that say nothing of a section, unless somebody chose another.
const SECTION: &str = "News";

pub struct Writer<'a> {
    app: &'a App,
    id: ImportId,
    dry: bool,
    actor: Actor,
    options: Options,
    /// The name of where it all comes from, under which it is known again.
    source: String,
    /// The address of the old site, if it has one.
    site: String,
    done: i64,
    now: DateTime<Utc>,
}

/// What one batch adds up to.
#[derive(Default)]
struct Sum {
    lines: Vec<Line>,
    leads: Vec<(Noun, String, i64)>,
    files: Vec<file::File>,
    known: Vec<(String, Known)>,
}

type Db<'c> = &'c mut PgConnection;

impl<'a> Writer<'a> {
    pub fn new(app: &'a App, run: &Run, options: Options) -> Self {
        Self {
            app,
            id: run.id,
            dry: run.dry,
            actor: run.actor(),
            source: if options.source.is_empty() { run.kind.clone() } else { options.source.clone() },
            site: String::new(),
            options,
            done: run.done,
            now: Utc::now(),
        }
    }

    pub fn source(&self) -> Source {
        Source { name: self.source.clone(), site: self.site.clone() }
    }

    /// `false`: the run was cancelled.
    pub async fn write(&mut self, batch: Vec<Ready>, progress: &Progress) -> anyhow::Result<bool> {
        let batch = self.without_site(batch);
        match self.whole(&batch, progress).await {
            Err(cause) if is_about_rows(&cause) => self.one_by_one(&batch, progress, &cause).await,
            outcome => outcome,
        }
    }

    /// One thing of the batch cannot be stored: each is tried alone, and that one is named.
    async fn one_by_one(
        &mut self,
        batch: &[Ready],
        progress: &Progress,
        cause: &anyhow::Error,
    ) -> anyhow::Result<bool> {
        tracing::info!("A batch of an import is written one by one: {cause:#}");
        for one in batch {
            let alone = std::slice::from_ref(one);
            let goes_on = match self.whole(alone, progress).await {
                Err(cause) if is_about_rows(&cause) => {
                    tracing::warn!("A thing of an import cannot be stored: {cause:#}");
                    let (key, title) = name(one);
                    let reason =
                        "It cannot be stored: a value in it is one that the database refuses.".to_owned();
                    self.whole(&[Ready::Refused { key, title, reason }], progress).await?
                }
                outcome => outcome?,
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn without_site(&mut self, batch: Vec<Ready>) -> Vec<Ready> {
        let mut rest = Vec::with_capacity(batch.len());
        for one in batch {
            match one {
                Ready::Item(Item::Site(site)) => {
                    if !site.address.is_empty() {
                        // A folder is no name that is known again elsewhere; a site is.
                        if self.options.source.is_empty() && site.address != super::markdown::SITE {
                            self.source.clone_from(&site.address);
                        }
                        self.site = site.address;
                    }
                }
                one => rest.push(one),
            }
        }
        rest
    }

    async fn whole(&mut self, batch: &[Ready], progress: &Progress) -> anyhow::Result<bool> {
        let mut tx = self.app.db.begin().await?;
        let mut sum = Sum::default();
        let mut articles: Vec<(i64, &ReadyArticle)> = Vec::new();
        let mut number = self.done;
        for one in batch {
            number += 1;
            match one {
                Ready::Item(Item::Section(section)) => {
                    self.section_of(&mut tx, section, number, &mut sum).await?;
                }
                Ready::Item(Item::Author(author)) => {
                    self.author_of(&mut tx, author, number, &mut sum).await?;
                }
                Ready::Item(Item::File(one)) => sum.files.push(file::File {
                    key: one.key.clone(),
                    address: one.address.clone(),
                    alt: one.alt.clone(),
                    caption: one.caption.clone(),
                }),
                Ready::Item(Item::Other(other)) => {
                    let outcome = if other.refused { Outcome::Refused } else { Outcome::Skipped };
                    let line = Line::new(number, &other.noun, &other.key, &other.title, outcome);
                    sum.lines.push(line.because(&other.reason));
                }
                Ready::Item(Item::Site(_) | Item::Article(_)) => {}
                Ready::Refused { key, title, reason } => {
                    sum.lines
                        .push(Line::new(number, "article", key, title, Outcome::Refused).because(reason));
                }
                Ready::Article(article) => articles.push((number, article)),
            }
        }
        self.articles(&mut tx, &articles, &mut sum).await?;
        file::record(&mut tx, &self.source, &sum.files).await?;
        if !self.dry {
            for noun in [Noun::Article, Noun::Section, Noun::Tag, Noun::Author] {
                let of_noun = sum.leads.iter().filter(|(one, ..)| *one == noun);
                let leads: Vec<(String, i64)> = of_noun.map(|(_, key, id)| (key.clone(), *id)).collect();
                if !leads.is_empty() {
                    old_address::record(&mut tx, noun, &leads).await?;
                }
            }
            known::record(&mut tx, &self.source, "article", &sum.known).await?;
        }
        if self.dry {
            // All rules were asked, the database's too; nothing of it stays but the report.
            tx.rollback().await?;
            tx = self.app.db.begin().await?;
            for line in &mut sum.lines {
                (line.noun_id, line.version, line.open) = (None, None, false);
                line.picture.clear();
            }
        }
        line::record(&mut tx, self.id, &sum.lines).await?;
        if !run::advance(&mut tx, self.id, number, progress.read(), progress.all()).await? {
            return Ok(false);
        }
        tx.commit().await?;
        self.done = number;
        Ok(true)
    }

    async fn section_of(
        &self,
        db: Db<'_>,
        section: &Section,
        number: i64,
        sum: &mut Sum,
    ) -> anyhow::Result<()> {
        let name = super::body::tidy(&section.name, 60);
        let Some(slug) = Slug::of(&name) else { return Ok(()) };
        let description = super::body::tidy(&super::plain(&section.description), 300);
        let created = section::create(db, &slug, &name, &description).await?;
        let there = match created {
            Some(id) => Some(id),
            None => section::by_slug(&mut *db, slug.as_str()).await?.map(|section| section.id),
        };
        let outcome = if created.is_some() { Outcome::Imported } else { Outcome::Unchanged };
        let mut line = Line::new(number, "section", slug.as_str(), &name, outcome);
        line.noun_id = there.map(|id| id.0);
        sum.lines.push(line);
        if let Some(id) = there {
            let keys = section.addresses.iter().filter_map(|address| old_address::key_of(address));
            sum.leads.extend(keys.map(|key| (Noun::Section, key, id.0)));
        }
        Ok(())
    }

    async fn author_of(&self, db: Db<'_>, one: &Author, number: i64, sum: &mut Sum) -> anyhow::Result<()> {
        let name = super::body::tidy(&one.name.replace(',', " "), 100);
        let found = author::find_or_create(db, std::slice::from_ref(&name)).await?;
        let Some(id) = found.first().copied() else { return Ok(()) };
        // What somebody has written here of them stays.
        let about = author::about(&mut *db, id).await?;
        if about.bio.is_empty() && !one.bio.is_empty() {
            author::describe(db, id, &super::body::tidy(&super::plain(&one.bio), 1000)).await?;
        }
        let mut line = Line::new(number, "author", &name, &name, Outcome::Imported);
        line.noun_id = Some(id.0);
        sum.lines.push(line);
        let keys = one.addresses.iter().filter_map(|address| old_address::key_of(address));
        sum.leads.extend(keys.map(|key| (Noun::Author, key, id.0)));
        Ok(())
    }

    async fn articles(
        &self,
        db: Db<'_>,
        batch: &[(i64, &ReadyArticle)],
        sum: &mut Sum,
    ) -> anyhow::Result<()> {
        let keys: Vec<String> = batch.iter().map(|(_, one)| one.article.key.clone()).collect();
        let known = known::of(&mut *db, &self.source, "article", &keys).await?;
        let mut sections: HashMap<String, SectionId> = HashMap::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut fresh: Vec<(i64, &ReadyArticle, New, Vec<String>)> = Vec::new();
        let mut written: Vec<(ArticleId, &ReadyArticle)> = Vec::new();
        for (number, one) in batch {
            let line =
                |outcome| Line::new(*number, "article", &one.article.key, &one.article.headline, outcome);
            if !seen.insert(&one.article.key) {
                sum.lines.push(line(Outcome::Skipped).because("The file has it twice."));
                continue;
            }
            let before = known.get(&one.article.key);
            if let Some(before) = before.filter(|before| before.digest.as_deref() == Some(&one.digest[..])) {
                let mut line = line(Outcome::Unchanged);
                line.noun_id = Some(before.id);
                sum.lines.push(line);
                continue;
            }
            let mut notes = one.notes.clone();
            let section = self.section(db, &one.article.section, &mut sections).await?;
            let new = self.new_article(one, section, &mut notes);
            let Some(before) = before else {
                fresh.push((*number, one, new, notes));
                continue;
            };
            let id = ArticleId(before.id);
            let version = before.version.unwrap_or(1);
            match articles::update(db, id, version, &new, &self.actor).await? {
                None => {
                    let reason = "It was edited or deleted here since it was imported, and that stays.";
                    sum.lines.push(line(Outcome::Skipped).because(reason));
                }
                Some(version) => {
                    self.note(sum, line(Outcome::Updated), one, (id, version), &notes);
                    written.push((id, one));
                }
            }
        }
        let new: Vec<New> = fresh.iter().map(|(_, _, new, _)| new.clone()).collect();
        if !new.is_empty() {
            let ids = articles::insert(db, &new, &self.actor).await?;
            for ((number, one, _, notes), id) in fresh.iter().zip(ids) {
                let line =
                    Line::new(*number, "article", &one.article.key, &one.article.headline, Outcome::Imported);
                self.note(sum, line, one, (id, 1), notes);
                written.push((id, one));
            }
        }
        self.comments(db, &written).await
    }

    /// What is remembered of an article that was written.
    fn note(
        &self,
        sum: &mut Sum,
        mut line: Line,
        one: &ReadyArticle,
        (id, version): (ArticleId, i32),
        notes: &[String],
    ) {
        let mut said = notes.to_vec();
        if !one.comments.is_empty() {
            said.push(format!("Comments: {}.", one.comments.len()));
        }
        let pictures = one.pictures > 0;
        if pictures && self.dry {
            said.push(format!("Pictures to fetch: {}.", one.pictures));
        } else if pictures && self.options.without_pictures {
            said.push(format!("Pictures left where they are: {}.", one.pictures));
        }
        line = line.because(&said.join(" "));
        line.noun_id = Some(id.0);
        line.version = Some(version);
        line.open = one.is_open;
        line.picture =
            one.article.picture.as_ref().map(|picture| picture.address.clone()).unwrap_or_default();
        sum.leads.extend(one.addresses.iter().map(|key| (Noun::Article, key.clone(), id.0)));
        let known = Known { id: id.0, digest: Some(one.digest.to_vec()), version: Some(version) };
        sum.known.push((one.article.key.clone(), known));
        sum.lines.push(line);
    }

    async fn section(
        &self,
        db: Db<'_>,
        name: &str,
        sections: &mut HashMap<String, SectionId>,
    ) -> anyhow::Result<SectionId> {
        let fallback = if self.options.section.is_empty() { SECTION } else { &self.options.section };
        let name = if Slug::of(name).is_some() { name } else { fallback };
        if let Some(id) = sections.get(name) {
            return Ok(*id);
        }
        let slug = Slug::of_or(name, "news");
        let id = match section::by_slug(&mut *db, slug.as_str()).await? {
            Some(section) => section.id,
            None => match section::create(db, &slug, name, "").await? {
                Some(id) => id,
                None => {
                    section::by_slug(&mut *db, slug.as_str())
                        .await?
                        .context("a section that is not there")?
                        .id
                }
            },
        };
        sections.insert(name.to_owned(), id);
        Ok(id)
    }

    fn new_article(&self, one: &ReadyArticle, section_id: SectionId, notes: &mut Vec<String>) -> New {
        let article = &one.article;
        let state = match article.state {
            From::Published | From::Scheduled => State::Published,
            From::Draft => State::Draft,
            From::Review => State::Review,
            From::Withdrawn => State::Withdrawn,
        };
        let is_out = matches!(state, State::Published | State::Withdrawn);
        let publish_at = match article.publish_at {
            None if is_out => {
                notes.push("It said no time; that of the import stands for it.".to_owned());
                Some(self.now)
            }
            // A draft's time is when it was written.
            at => at.filter(|_| is_out),
        };
        let expire_at = article.expire_at.filter(|end| publish_at.is_none_or(|start| *end > start));
        New {
            state,
            updated_at: article.updated_at,
            fields: Fields {
                section_id,
                kicker: article.kicker.clone(),
                headline: article.headline.clone(),
                slug: one.slug.clone(),
                standfirst: article.standfirst.clone(),
                body_source: one.body_source.clone(),
                body: one.body.clone(),
                byline: article.byline.join(", "),
                dateline: article.dateline.clone(),
                language: one.language.clone().unwrap_or_else(|| self.language()),
                tags: article.tags.clone(),
                related: Vec::new(),
                picture_id: None,
                picture_alt: one.picture_alt.clone(),
                picture_caption: one.picture_caption.clone(),
                picture_credit: one.picture_credit.clone(),
                place_id: None,
                comments_open: article.comments_open,
                publish_at,
                expire_at,
                withdrawn_note: String::new(),
            },
        }
    }

    fn language(&self) -> Language {
        self.app.site.language.clone()
    }

    /// Those that are not there yet.
    async fn comments(&self, db: Db<'_>, articles: &[(ArticleId, &ReadyArticle)]) -> anyhow::Result<()> {
        let all = || {
            articles.iter().flat_map(|(id, one)| one.comments.iter().map(move |comment| (*id, *one, comment)))
        };
        let key_of =
            |one: &ReadyArticle, comment: &ReadyComment| format!("{}/{}", one.article.key, comment.key);
        let keys: Vec<String> = all().map(|(_, one, comment)| key_of(one, comment)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let there = known::of(&mut *db, &self.source, "comment", &keys).await?;
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut batch = Vec::new();
        let mut names = Vec::new();
        for (article, one, comment) in all() {
            let key = key_of(one, comment);
            if there.contains_key(&key) || places.contains_key(&key) {
                continue;
            }
            let above =
                (!comment.parent.is_empty()).then(|| format!("{}/{}", one.article.key, comment.parent));
            let parent = above.and_then(|above| {
                let here = places.get(&above).map(|place| Parent::Here(*place));
                here.or_else(|| there.get(&above).map(|known| Parent::There(known.id)))
            });
            places.insert(key.clone(), batch.len());
            names.push(key);
            batch.push(comments::New {
                article,
                fields: comment.fields.clone(),
                state: comment.state,
                at: comment.at.or(one.article.publish_at).unwrap_or(self.now),
                commenter: comment
                    .fields
                    .email
                    .as_deref()
                    .map(|email| self.app.comment_keys.commenter(email)),
                parent,
            });
        }
        if batch.is_empty() {
            return Ok(());
        }
        let ids = comments::insert(db, &batch).await?;
        let rows = names.into_iter().zip(ids);
        let rows: Vec<(String, Known)> =
            rows.map(|(key, id)| (key, Known { id, digest: None, version: None })).collect();
        Ok(known::record(db, &self.source, "comment", &rows).await?)
    }
}

fn name(one: &Ready) -> (String, String) {
    match one {
        Ready::Article(article) => (article.article.key.clone(), article.article.headline.clone()),
        Ready::Refused { key, title, .. } => (key.clone(), title.clone()),
        Ready::Item(Item::Section(section)) => (section.name.clone(), section.name.clone()),
        Ready::Item(Item::Author(author)) => (author.name.clone(), author.name.clone()),
        Ready::Item(Item::File(file)) => (file.key.clone(), file.address.clone()),
        Ready::Item(Item::Other(other)) => (other.key.clone(), other.title.clone()),
        Ready::Item(_) => (String::new(), String::new()),
    }
}

/// A value was refused, and not the whole database is away: classes 22 (data) and 23 (rules).
fn is_about_rows(cause: &anyhow::Error) -> bool {
    let code = match cause.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(answer)) => answer.code().map(std::borrow::Cow::into_owned),
        _ => None,
    };
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("23") || code.starts_with("54"))
}
