//! Draws the pictures of the sample news and hangs them where they belong, one after the other: each is there as
//! soon as it is drawn, and a run that was interrupted goes on where it stopped.

use std::collections::HashMap;
use std::io::Cursor;

use anyhow::Context;
use chrono::{TimeDelta, Utc};
use image::ImageFormat;
use sqlx::PgPool;

use super::draw::{self, Scene};
use super::world::{self, FILM, PHOTO_GALLERIES, PICTURE_CREDIT, Picture, TOPICS};
use super::{ORIGIN, film};
use crate::media::renditions::Order;
use crate::media::{Store, Workshop, probe};
use crate::news::article::{ArticleId, save};
use crate::news::gallery::{self, Kind};
use crate::news::media::{self, MediaId, NewMedia, NewRendition};
use crate::news::origin;
use crate::news::topic::{self, TopicId};
use crate::queue::{self, Payload};

/// Large enough for a lead picture, small enough to draw dozens at a first start.
const SIZE: (u32, u32) = (1280, 853);

struct Studio<'a> {
    pool: &'a PgPool,
    store: &'a Store,
    workshop: &'a Workshop,
    /// One scene and seed are one picture, wherever it hangs.
    drawn: HashMap<(Scene, u64), MediaId>,
}

/// Answers how many pictures and films were added.
pub(super) async fn draw_all(pool: &PgPool, store: &Store, workshop: &Workshop) -> anyhow::Result<usize> {
    let mut studio = Studio { pool, store, workshop, drawn: HashMap::new() };
    // The newest first: they stand on top of the front page that somebody is looking at.
    let mut newest_first: Vec<_> = world::articles().collect();
    newest_first.sort_by_key(|article| article.hours_ago);
    let mut hung = 0;
    for article in newest_first {
        hung += usize::from(studio.hang_at_article(article.key, &article.picture).await?);
    }
    for one in TOPICS {
        hung += usize::from(studio.hang_at_topic(one.key, &one.picture).await?);
    }
    for one in PHOTO_GALLERIES {
        hung += studio.album(one).await?;
    }
    hung += studio.film().await?;
    Ok(hung)
}

impl Studio<'_> {
    async fn hang_at_article(&mut self, key: &str, picture: &Picture) -> anyhow::Result<bool> {
        let Some(id) = self.bare("article", "picture of article", key).await? else { return Ok(false) };
        let media = self.picture(picture).await?;
        let mut db = self.pool.begin().await?;
        save::hang_picture(&mut db, ArticleId(id), media).await?;
        origin::record(&mut db, ORIGIN, "picture of article", key, media.0).await?;
        db.commit().await?;
        Ok(true)
    }

    async fn hang_at_topic(&mut self, key: &str, picture: &Picture) -> anyhow::Result<bool> {
        let Some(id) = self.bare("topic", "picture of topic", key).await? else { return Ok(false) };
        let media = self.picture(picture).await?;
        let mut db = self.pool.begin().await?;
        topic::hang_picture(&mut db, TopicId(id), media).await?;
        origin::record(&mut db, ORIGIN, "picture of topic", key, media.0).await?;
        db.commit().await?;
        Ok(true)
    }

    /// The id of a thing of this world that has not had its picture yet.
    async fn bare(&self, noun: &str, picture: &str, key: &str) -> anyhow::Result<Option<i64>> {
        let done = origin::find(self.pool, ORIGIN, picture, key).await?.is_some();
        Ok(if done { None } else { origin::find(self.pool, ORIGIN, noun, key).await? })
    }

    /// An album is written whole, when all its pictures are drawn.
    async fn album(&mut self, album: &world::PhotoGallery) -> anyhow::Result<usize> {
        if origin::find(self.pool, ORIGIN, "gallery", album.key).await?.is_some() {
            return Ok(0);
        }
        let mut drawn = Vec::new();
        for picture in album.pictures {
            drawn.push((self.picture(picture).await?, picture));
        }
        let fields = gallery::Fields {
            kind: Kind::Photo,
            title: album.title.to_owned(),
            description: album.description.to_owned(),
            publish_at: Some(Utc::now() - TimeDelta::hours(album.hours_ago.into())),
            withdrawn: false,
            film_id: None,
            film_url: String::new(),
            poster_id: None,
            poster_alt: String::new(),
        };
        let mut db = self.pool.begin().await?;
        let id = gallery::create(&mut db, &fields).await?;
        for (media, picture) in &drawn {
            gallery::add_picture(&mut db, id, *media, (picture.alt, picture.caption, PICTURE_CREDIT)).await?;
        }
        origin::record(&mut db, ORIGIN, "gallery", album.key, id.0).await?;
        db.commit().await?;
        Ok(drawn.len())
    }

    async fn film(&mut self) -> anyhow::Result<usize> {
        if origin::find(self.pool, ORIGIN, "gallery", FILM.key).await?.is_some() {
            return Ok(0);
        }
        let poster = self.picture(&FILM.poster).await?;
        let bytes = tokio::task::spawn_blocking(film::film).await?.context("The film could not be made.")?;
        let mut incoming = self.store.incoming().await?;
        incoming.write(&bytes).await?;
        let (film, incoming) = self.workshop.film(incoming).await?;
        let digest = self.store.keep_public(incoming, film.extension).await?;
        let (width, height, extension) = (film.width, film.height, film.extension);
        let size = u64::try_from(bytes.len())?;
        let name = format!("{}.{extension}", FILM.key);
        let new = NewMedia {
            kind: media::Kind::Film,
            digest,
            extension,
            name: &name,
            width,
            height,
            bytes: size,
            created_by: None,
        };
        let mut db = self.pool.begin().await?;
        let film_id = media::create(&mut db, &new).await?.id;
        media::save_renditions(
            &mut db,
            film_id,
            &[NewRendition { shape: None, digest, extension, width, height, bytes: size }],
        )
        .await?;
        let fields = gallery::Fields {
            kind: Kind::Film,
            title: FILM.title.to_owned(),
            description: FILM.description.to_owned(),
            publish_at: Some(Utc::now() - TimeDelta::hours(FILM.hours_ago.into())),
            withdrawn: false,
            film_id: Some(film_id),
            film_url: String::new(),
            poster_id: Some(poster),
            poster_alt: FILM.poster.alt.to_owned(),
        };
        let id = gallery::create(&mut db, &fields).await?;
        origin::record(&mut db, ORIGIN, "gallery", FILM.key, id.0).await?;
        db.commit().await?;
        Ok(1)
    }

    /// The medium of a picture, with its renditions: drawn, or found from an earlier time.
    async fn picture(&mut self, picture: &Picture) -> anyhow::Result<MediaId> {
        let (scene, seed) = (picture.scene, picture.seed);
        if let Some(id) = self.drawn.get(&(scene, seed)) {
            return Ok(*id);
        }
        let key = format!("{scene:?} {seed}");
        if let Some(id) = origin::find(self.pool, ORIGIN, "media", &key).await? {
            return Ok(MediaId(id));
        }
        let jpeg = tokio::task::spawn_blocking(move || {
            let mut jpeg = Cursor::new(Vec::new());
            draw::scene(scene, seed, SIZE.0, SIZE.1)
                .write_to(&mut jpeg, ImageFormat::Jpeg)
                .map(|()| jpeg.into_inner())
        })
        .await??;
        let clean = self.workshop.picture(jpeg.into()).await?;
        let id = self.keep(&key, clean, picture.alt).await?;
        self.drawn.insert((scene, seed), id);
        Ok(id)
    }

    async fn keep(&self, key: &str, clean: probe::Clean, alt: &str) -> anyhow::Result<MediaId> {
        let size = u64::try_from(clean.bytes.len())?;
        let (width, height, extension) = (clean.width, clean.height, clean.extension);
        let made = self.workshop.renditions(clean.bytes.clone(), Order::default()).await?;
        let digest = self.store.put_original(clean.bytes, extension).await?;
        let mut files = Vec::with_capacity(made.len());
        for one in made {
            let bytes = u64::try_from(one.bytes.len())?;
            let digest = self.store.put_public(one.bytes, one.extension).await?;
            files.push(NewRendition {
                shape: None,
                digest,
                extension: one.extension,
                width: one.width,
                height: one.height,
                bytes,
            });
        }
        let name = format!("{}.{extension}", key.to_lowercase());
        let new = NewMedia {
            kind: media::Kind::Picture,
            digest,
            extension,
            name: &name,
            width,
            height,
            bytes: size,
            created_by: None,
        };
        let mut db = self.pool.begin().await?;
        let id = media::create(&mut db, &new).await?.id;
        media::save_renditions(&mut db, id, &files).await?;
        media::about::fill(&mut db, id, (alt, "", PICTURE_CREDIT, "")).await?;
        // The crops can wait: until they are there, cards show the whole picture.
        queue::enqueue(&mut db, &Payload::MakeRenditions { media_id: id.0 }).await?;
        origin::record(&mut db, ORIGIN, "media", key, id.0).await?;
        db.commit().await?;
        Ok(id)
    }
}
