//! Galleries: albums of pictures, and films.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::media::{Film, MediaId, Picture, Rendition};
use crate::{
    paths,
    text::{Cursor, Slug, cursor},
};

id!(GalleryId);

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Kind {
    Photo,
    Film,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Photo, Self::Film];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Film => "film",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Photo => "Photo",
            Self::Film => "Film",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A gallery as lists and its own page show it.
#[derive(Clone, Debug)]
pub struct Gallery {
    pub id: GalleryId,
    pub kind: Kind,
    pub slug: Slug,
    pub title: String,
    pub description: String,
    pub publish_at: Option<DateTime<Utc>>,
    pub withdrawn: bool,
    /// Readers have seen it, and shall not any more: its page answers 410.
    pub was_public: bool,
    pub visible: bool,
    pub film_id: Option<MediaId>,
    pub film_url: String,
    pub poster_id: Option<MediaId>,
    pub poster_alt: String,
    /// The poster of a film, the first picture of an album.
    pub cover_name: Option<String>,
    pub cover_width: Option<i32>,
    pub cover_height: Option<i32>,
    pub cover_alt: Option<String>,
    pub renditions: Json<Vec<Rendition>>,
    /// The uploaded film's own file.
    pub film: Json<Vec<Rendition>>,
    pub pictures: i64,
}

impl Gallery {
    pub fn href(&self) -> String {
        paths::gallery(self.id, &self.slug)
    }

    pub fn cover(&self) -> Option<Picture> {
        Picture::new(
            self.cover_name.as_deref()?,
            (self.cover_width?, self.cover_height?),
            self.renditions.0.clone(),
            (self.cover_alt.as_deref().unwrap_or_default(), "", ""),
        )
    }

    /// The uploaded film, as it can be played.
    pub fn film_file(&self) -> Option<Film> {
        let file = self.film.0.first()?;
        Film::new(&self.title, (file.w, file.h), &self.film.0)
    }

    fn cursor(&self) -> Cursor {
        Cursor { at: self.publish_at.unwrap_or(DateTime::UNIX_EPOCH), id: self.id.0 }
    }
}

/// The one projection of galleries. A picture that nobody has described yet counts in drafts alone.
macro_rules! galleries {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Gallery,
            r#"select g.id as "id: GalleryId", g.kind as "kind: Kind", g.slug as "slug: Slug", g.title, g.description,
                      g.publish_at, g.withdrawn_at is not null as "withdrawn!",
                      coalesce(g.publish_at <= g.withdrawn_at, false) as "was_public!",
                      coalesce(g.publish_at <= now() and g.withdrawn_at is null, false) as "visible!",
                      g.film_id as "film_id: MediaId", g.film_url,
                      g.poster_id as "poster_id: MediaId", g.poster_alt,
                      m.name as "cover_name?", m.width as "cover_width?", m.height as "cover_height?",
                      coalesce(first.alt, g.poster_alt) as "cover_alt?",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex'), 'c', r.shape)
                                                order by r.width), '[]')
                       from shown_files r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex'))), '[]')
                       from renditions r where r.media_id = g.film_id) as "film!: Json<Vec<Rendition>>",
                      (select count(*) from gallery_pictures p
                       where p.gallery_id = g.id and (p.alt <> '' or g.publish_at is null)) as "pictures!"
               from galleries g
               left join lateral (select p.media_id, p.alt
                                  from gallery_pictures p
                                  where p.gallery_id = g.id and g.kind = 'photo'
                                    and (p.alt <> '' or g.publish_at is null)
                                  order by p.position, p.id
                                  limit 1) first on true
               left join shown_media m on m.id = coalesce(first.media_id, g.poster_id) "# + $rest
            $(, $arg)*
        )
    };
}

/// A page of visible galleries, of one kind or of both.
pub async fn latest(
    db: impl PgExecutor<'_>,
    kind: Option<Kind>,
    before: Cursor,
    size: usize,
) -> sqlx::Result<(Vec<Gallery>, Option<Cursor>)> {
    let found = galleries!(
        "where g.publish_at <= now() and g.withdrawn_at is null and (g.publish_at, g.id) < ($1, $2) and ($3::text is null or g.kind = $3)
         order by g.publish_at desc, g.id desc limit $4",
        before.at,
        before.id,
        kind.map(Kind::as_str),
        i64::try_from(size).unwrap_or(i64::MAX - 1) + 1
    )
    .fetch_all(db)
    .await?;
    Ok(cursor::page(found, size, Gallery::cursor))
}

/// The newest of each kind at a moment, newest first.
pub async fn newest_of_kinds(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    each: usize,
) -> sqlx::Result<Vec<Gallery>> {
    galleries!(
        "where g.id in (
             select found.id
             from (values ('photo'), ('film')) k (kind)
             cross join lateral (
                 select x.id
                 from galleries x
                 where x.kind = k.kind and x.publish_at <= $1 and x.withdrawn_at is null
                 order by x.publish_at desc, x.id desc
                 limit $2
             ) found
         )
         order by g.publish_at desc, g.id desc",
        at,
        i64::try_from(each).unwrap_or_default()
    )
    .fetch_all(db)
    .await
}

/// One gallery, visible or not: the caller looks at `visible`.
pub async fn by_id(db: impl PgExecutor<'_>, id: GalleryId) -> sqlx::Result<Option<Gallery>> {
    galleries!("where g.id = $1", id as GalleryId).fetch_optional(db).await
}

/// All galleries for the desk, the last touched first.
pub async fn all(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Gallery>> {
    galleries!("order by g.updated_at desc, g.id desc limit $1", limit).fetch_all(db).await
}

/// A picture in an album.
#[derive(Clone, Debug)]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub width: i32,
    pub height: i32,
    pub alt: String,
    pub caption: String,
    pub credit: String,
    /// Its licence is over: it is not for readers any more.
    pub ended: bool,
    pub renditions: Json<Vec<Rendition>>,
}

impl Item {
    /// Added to an album that readers have, it waits for its description.
    pub fn is_for_readers(&self) -> bool {
        !self.ended && !self.alt.is_empty()
    }

    pub fn picture(&self) -> Option<Picture> {
        Picture::new(
            &self.name,
            (self.width, self.height),
            self.renditions.0.clone(),
            (&self.alt, &self.caption, &self.credit),
        )
    }
}

/// The pictures of an album in order.
pub async fn items(db: impl PgExecutor<'_>, id: GalleryId) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select p.id, m.name, m.width, m.height, p.alt, p.caption, p.credit,
                  coalesce(m.licence_ends_at <= now(), false) as "ended!",
                  (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                              's', encode(r.sha256, 'hex')) order by r.width), '[]')
                   from renditions r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
           from gallery_pictures p
           join media m on m.id = p.media_id
           where p.gallery_id = $1
           order by p.position, p.id"#,
        id as GalleryId
    )
    .fetch_all(db)
    .await
}

/// What the form of a gallery holds, checked.
#[derive(Clone, Debug)]
pub struct Fields {
    pub kind: Kind,
    pub title: String,
    pub description: String,
    pub publish_at: Option<DateTime<Utc>>,
    pub withdrawn: bool,
    pub film_id: Option<MediaId>,
    pub film_url: String,
    pub poster_id: Option<MediaId>,
    pub poster_alt: String,
}

pub async fn create(db: &mut PgConnection, fields: &Fields) -> sqlx::Result<GalleryId> {
    sqlx::query_scalar!(
        r#"insert into galleries (kind, slug, title, description, publish_at, film_id, film_url, poster_id, poster_alt)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           returning id as "id: GalleryId""#,
        fields.kind as Kind,
        &Slug::of_or(&fields.title, "gallery") as &Slug,
        fields.title,
        fields.description,
        fields.publish_at,
        fields.film_id as Option<MediaId>,
        fields.film_url,
        fields.poster_id as Option<MediaId>,
        fields.poster_alt
    )
    .fetch_one(db)
    .await
}

/// Changes a gallery; its kind stays.
pub async fn update(db: &mut PgConnection, id: GalleryId, fields: &Fields) -> sqlx::Result<()> {
    sqlx::query!(
        "update galleries
         set slug = $2, title = $3, description = $4, publish_at = $5, film_id = $6, film_url = $7, poster_id = $8,
             poster_alt = $9, withdrawn_at = case when $10 then coalesce(withdrawn_at, now()) end, updated_at = now()
         where id = $1",
        id as GalleryId,
        &Slug::of_or(&fields.title, "gallery") as &Slug,
        fields.title,
        fields.description,
        fields.publish_at,
        fields.film_id as Option<MediaId>,
        fields.film_url,
        fields.poster_id as Option<MediaId>,
        fields.poster_alt,
        fields.withdrawn
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn delete(db: &mut PgConnection, id: GalleryId) -> sqlx::Result<()> {
    sqlx::query!("delete from galleries where id = $1", id as GalleryId).execute(db).await?;
    Ok(())
}

/// Its pictures changed: the desk's list shows it first.
pub async fn touch(db: &mut PgConnection, id: GalleryId) -> sqlx::Result<()> {
    sqlx::query!("update galleries set updated_at = now() where id = $1", id as GalleryId)
        .execute(db)
        .await?;
    Ok(())
}

/// Puts a picture at the end of an album.
pub async fn add_picture(
    db: &mut PgConnection,
    id: GalleryId,
    media: MediaId,
    (alt, caption, credit): (&str, &str, &str),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into gallery_pictures (gallery_id, media_id, alt, caption, credit, position)
         values ($1, $2, $3, $4, $5,
                 (select coalesce(max(position), 0) + 1 from gallery_pictures where gallery_id = $1))",
        id as GalleryId,
        media as MediaId,
        alt,
        caption,
        credit
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Changes the words of a picture and its place in the album.
pub async fn update_picture(
    db: &mut PgConnection,
    gallery: GalleryId,
    item: i64,
    position: i32,
    (alt, caption, credit): (&str, &str, &str),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update gallery_pictures set position = $3, alt = $4, caption = $5, credit = $6
         where id = $2 and gallery_id = $1",
        gallery as GalleryId,
        item,
        position,
        alt,
        caption,
        credit
    )
    .execute(db)
    .await?;
    Ok(())
}

/// `false`: the album does not hold it.
pub async fn remove_picture(db: &mut PgConnection, gallery: GalleryId, item: i64) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "delete from gallery_pictures where id = $2 and gallery_id = $1",
        gallery as GalleryId,
        item
    )
    .execute(db)
    .await?;
    Ok(removed.rows_affected() > 0)
}
