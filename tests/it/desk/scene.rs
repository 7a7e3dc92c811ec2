//! What the tests of the desk begin with: things that are there, and what is there afterwards.

use std::io::Cursor;

use broadsheet::accounts::Role;
use image::{DynamicImage, ImageFormat};

use crate::browser::{Browser, World};

/// A site with a section, and an editor at its desk.
pub struct Scene {
    pub world: World,
    pub browser: Browser,
    pub section: i64,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Role::Editor).await
    }

    pub async fn with(role: Role) -> Self {
        let world = World::new().await;
        let browser = world.logged_in(role).await;
        let mut scene = Self { world, browser, section: 0 };
        scene.section = scene.section("News", 1).await;
        scene
    }

    pub async fn section(&self, name: &str, position: i32) -> i64 {
        let insert = "insert into sections (slug, name, position) values (lower($1), $1, $2) returning id";
        sqlx::query_scalar(insert).bind(name).bind(position).fetch_one(&self.world.db.pool).await.unwrap()
    }

    /// Published an hour ago, and open for comments.
    pub async fn article(&self, headline: &str) -> i64 {
        let insert = "insert into articles (section_id, state, headline, slug, publish_at, comments_open)
                      values ($1, 'published', $2, lower(replace($2, ' ', '-')), now() - interval '1 hour', true)
                      returning id";
        self.number(sqlx::query_scalar(insert).bind(self.section).bind(headline)).await
    }

    pub async fn comment(&self, article: i64, name: &str, body: &str) -> i64 {
        let insert =
            "insert into comments (article_id, name, email, body) values ($1, $2, $3, $4) returning id";
        let insert =
            sqlx::query_scalar(insert).bind(article).bind(name).bind("reader@example.org").bind(body);
        self.number(insert).await
    }

    pub async fn tag(&self, name: &str) -> i64 {
        let insert = "insert into tags (slug, name) values (lower(replace($1, ' ', '-')), $1) returning id";
        self.number(sqlx::query_scalar(insert).bind(name)).await
    }

    pub async fn carry(&self, article: i64, tag: i64) {
        let insert = "insert into article_tags (tag_id, article_id, publish_at)
                      select $1, id, publish_at from articles where id = $2";
        sqlx::query(insert).bind(tag).bind(article).execute(&self.world.db.pool).await.unwrap();
    }

    async fn number(
        &self,
        query: sqlx::query::QueryScalar<'_, sqlx::Postgres, i64, sqlx::postgres::PgArguments>,
    ) -> i64 {
        query.fetch_one(&self.world.db.pool).await.unwrap()
    }

    /// One column of one row, as text.
    pub async fn value(&self, question: &'static str) -> String {
        let value: Option<String> =
            sqlx::query_scalar(question).fetch_one(&self.world.db.pool).await.unwrap();
        value.unwrap_or_default()
    }

    /// One column of all rows, as text.
    pub async fn values(&self, question: &'static str) -> Vec<String> {
        sqlx::query_scalar(question).fetch_all(&self.world.db.pool).await.unwrap()
    }

    /// What was recorded, as `verb noun by name`, in the order of the acts.
    pub async fn acts(&self) -> Vec<String> {
        self.values("select action || ' ' || noun || ' by ' || actor from audit order by id").await
    }
}

/// A small JPEG of one colour, different for each shade.
pub fn jpeg(shade: u8) -> Vec<u8> {
    let image = image::RgbImage::from_pixel(64, 48, image::Rgb([shade, 80, 120]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
