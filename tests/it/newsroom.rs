//! Stories for tests, built as the desk would write them; and pages read by CSS selector.

use broadsheet::news::article::ArticleId;
use broadsheet::news::article::save::{self, Action, Fields};
use broadsheet::news::audit::Actor;
use broadsheet::news::section::{self, SectionId};
use broadsheet::text::{CleanHtml, Language, Slug};
use chrono::{DateTime, TimeDelta, Utc};
use scraper::{Html, Selector};

use crate::browser::{Answer, Browser, World};

/// A story that is published unless told otherwise. `Story::new("…").tags("a, b").publish(&world)`.
pub struct Story(pub Fields);

impl Story {
    pub fn new(headline: &str) -> Self {
        let body = "<p>The water stood to the third step.</p>";
        Self(Fields {
            section_id: SectionId(0),
            kicker: String::new(),
            headline: headline.to_owned(),
            slug: Slug::of_or(headline, "story"),
            standfirst: format!("What is known about: {headline}."),
            body_source: body.to_owned(),
            body: CleanHtml::clean(body).unwrap(),
            byline: String::new(),
            dateline: String::new(),
            language: Language::default(),
            tags: Vec::new(),
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

    pub fn body(mut self, html: &str) -> Self {
        html.clone_into(&mut self.0.body_source);
        self.0.body = CleanHtml::clean(html).unwrap();
        self
    }

    pub fn tags(mut self, tags: &[&str]) -> Self {
        self.0.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        self
    }

    pub fn byline(mut self, byline: &str) -> Self {
        byline.clone_into(&mut self.0.byline);
        self
    }

    pub fn language(mut self, language: &str) -> Self {
        self.0.language = Language::parse(language).unwrap();
        self
    }

    pub fn at(mut self, at: DateTime<Utc>) -> Self {
        self.0.publish_at = Some(at);
        self
    }

    pub fn hours_ago(self, hours: i64) -> Self {
        self.at(Utc::now() - TimeDelta::hours(hours))
    }

    pub fn with(mut self, change: impl FnOnce(&mut Fields)) -> Self {
        change(&mut self.0);
        self
    }

    /// In the section "News", made when it is not there, unless a section was given.
    pub async fn publish(self, world: &World) -> ArticleId {
        self.write(world, Action::Publish).await
    }

    pub async fn draft(self, world: &World) -> ArticleId {
        self.write(world, Action::Save).await
    }

    pub async fn withdrawn(self, world: &World) -> ArticleId {
        self.write(world, Action::Withdraw).await
    }

    /// Its fields, in the section "News".
    pub async fn with_section(mut self, world: &World) -> Fields {
        self.0.section_id = section(world, "News").await;
        self.0
    }

    /// Saved over the first version of an article that is there.
    pub async fn over(mut self, world: &World, id: ArticleId) {
        self.0.section_id = section(world, "News").await;
        let mut tx = world.db.pool.begin().await.unwrap();
        let actor = Actor::command_line();
        save::update(&mut tx, id, 1, &self.0, Action::Save, &actor).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }

    async fn write(mut self, world: &World, action: Action) -> ArticleId {
        if self.0.section_id == SectionId(0) {
            self.0.section_id = section(world, "News").await;
        }
        let mut tx = world.db.pool.begin().await.unwrap();
        let id = save::create(&mut tx, &self.0, action, &Actor::command_line()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}

/// The section of this name, made when it is not there.
pub async fn section(world: &World, name: &str) -> SectionId {
    let slug = Slug::of_or(name, "section");
    if let Some(section) = section::by_slug(&world.db.pool, slug.as_str()).await.unwrap() {
        return section.id;
    }
    let mut tx = world.db.pool.begin().await.unwrap();
    let id = section::create(&mut tx, &slug, name, "").await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

/// A page as its reader meets it.
pub struct Page(Html);

impl Page {
    pub fn of(answer: &Answer) -> Self {
        Self::of_html(&answer.body)
    }

    pub fn of_html(html: &str) -> Self {
        Self(Html::parse_document(html))
    }

    /// The words of every element that matches, spaces tidied.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.select(&selector).map(|element| tidy(element.text().collect())).collect()
    }

    /// The words of the first one; "" when there is none.
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_default()
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.texts(selector).is_empty()
    }

    /// An attribute of every element that matches and has it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        self.attributes(selector, name).into_iter().next().unwrap_or_default()
    }
}

impl Browser {
    /// A page that is there.
    pub async fn read(&mut self, path: &str) -> Page {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        Page::of(&answer)
    }
}
