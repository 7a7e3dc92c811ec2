//! Pictures and films as rows: what was uploaded, and which files readers are given for it.
//!
//! Not here: the bytes and the pixels (`crate::media`), the job that makes the renditions
//! (`jobs::make_renditions`), how pages show them (`templates/parts/picture.html`).

pub mod about;
pub mod figures;
pub mod files;
pub mod gate;
pub mod library;
mod picture;
pub mod quota;
pub mod uses;

pub use picture::{Film, Picture, Rendition};
pub use uses::Use;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use crate::accounts::UserId;
use crate::media::renditions::{Focus, Order, Shape};
use crate::media::{Digest, Extension};

/// The schema's limit on a name, in characters.
const NAME_CHARS: usize = 200;

id!(MediaId);

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Kind {
    Picture,
    Film,
}

#[derive(Clone, Debug)]
pub struct Media {
    pub id: MediaId,
    pub kind: Kind,
    /// Of the cleaned original: `digest` reads it.
    pub sha256: Vec<u8>,
    /// Of the original: `stored_as` reads it.
    pub extension: String,
    /// What the uploader called it.
    pub name: String,
    pub width: i32,
    pub height: i32,
    pub bytes: i64,
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
    pub ready_at: Option<DateTime<Utc>>,
    /// Why no renditions could be made, for an editor.
    pub failed: Option<String>,
    /// What it shows; empty too when it is mere decoration.
    pub alt: String,
    pub decorative: bool,
    pub caption: String,
    pub credit: String,
    pub source: String,
    pub licence: String,
    /// The first moment at which it may not be shown any more.
    pub licence_ends_at: Option<DateTime<Utc>>,
    /// What every crop keeps in view, in thousandths of the width and the height.
    pub focus_x: i16,
    pub focus_y: i16,
    /// The crops are those of this focal point.
    pub cropped: bool,
    pub renditions: Json<Vec<Rendition>>,
}

/// The one projection of media.
macro_rules! media {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::news::media::Media,
            r#"select m.id as "id: MediaId", m.kind as "kind: Kind", m.sha256, m.extension, m.name, m.width, m.height,
                      m.bytes, m.created_by as "created_by: UserId", m.created_at, m.ready_at, m.failed,
                      m.alt, m.decorative, m.caption, m.credit, m.source, m.licence, m.licence_ends_at,
                      m.focus_x, m.focus_y,
                      ((m.cropped_x, m.cropped_y) is not distinct from (m.focus_x, m.focus_y)) as "cropped!",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex'), 'c', r.shape)
                                                order by r.width), '[]')
                       from shown_files r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
               from media m "# + $rest
            $(, $arg)*
        )
    };
}
pub(crate) use media;

impl Media {
    pub fn is_ready(&self) -> bool {
        self.ready_at.is_some()
    }

    /// Its licence is not over.
    pub fn may_be_shown(&self) -> bool {
        self.licence_ends_at.is_none_or(|end| end > Utc::now())
    }

    pub fn focus(&self) -> Focus {
        let part = |thousandths: i16| u16::try_from(thousandths).unwrap_or(500);
        Focus { x: part(self.focus_x), y: part(self.focus_y) }
    }

    /// What is still to be made of it.
    pub fn order(&self) -> Order {
        let known = self.renditions.0.iter().filter(|file| file.c.is_none());
        let known = known.filter_map(|file| Some((file.e.parse().ok()?, u32::try_from(file.w).ok()?)));
        Order { known: known.collect(), crops: (!self.cropped).then(|| self.focus()) }
    }

    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(&self.sha256)
    }

    /// Everything that lies in the public store for it.
    pub fn files(&self) -> impl Iterator<Item = (Digest, Extension)> {
        let file = |file: &Rendition| Some((file.s.parse().ok()?, file.e.parse().ok()?));
        self.renditions.0.iter().filter_map(file)
    }

    pub fn stored_as(&self) -> Option<Extension> {
        self.extension.parse().ok()
    }

    /// As pages show it. Alt text, caption and credit belong to where a picture is used, so here the name
    /// stands for all.
    pub fn picture(&self) -> Option<Picture> {
        let size = (self.width, self.height);
        Picture::new(&self.name, size, self.renditions.0.clone(), (&self.name, "", ""))
    }

    pub fn film(&self) -> Option<Film> {
        Film::new(&self.name, (self.width, self.height), &self.renditions.0)
    }
}

/// What was uploaded, after `media::probe` and `media::store` have had it.
#[derive(Clone, Debug)]
pub struct NewMedia<'a> {
    pub kind: Kind,
    pub digest: Digest,
    pub extension: Extension,
    /// As the uploader's machine called it; a path before it and control characters are dropped.
    pub name: &'a str,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub created_by: Option<UserId>,
}

/// A file of the medium that lies in the public store.
#[derive(Clone, Copy, Debug)]
pub struct NewRendition {
    /// `None`: the whole picture.
    pub shape: Option<Shape>,
    pub digest: Digest,
    pub extension: Extension,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

/// A medium that was just kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: MediaId,
    /// The same bytes were there already, and are the same medium.
    pub duplicate: bool,
}

/// The row of the upload. The same bytes uploaded again are the same medium, and one that failed gets
/// another chance.
pub async fn create(db: &mut PgConnection, new: &NewMedia<'_>) -> sqlx::Result<Kept> {
    let row = sqlx::query!(
        r#"insert into media (kind, sha256, extension, name, width, height, bytes, created_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (sha256) do update set failed = null
           returning id as "id: MediaId", (xmax <> 0) as "duplicate!""#,
        new.kind as Kind,
        new.digest.as_slice(),
        new.extension.as_str(),
        cleaned_name(new.name),
        integer(new.width),
        integer(new.height),
        i64::try_from(new.bytes).unwrap_or(i64::MAX),
        new.created_by as Option<UserId>
    )
    .fetch_one(db)
    .await?;
    Ok(Kept { id: row.id, duplicate: row.duplicate })
}

pub async fn by_id(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<Option<Media>> {
    media!("where m.id = $1", id as MediaId).fetch_optional(db).await
}

/// A file to show before the job has made the others: it stays what it is, because its address is given away.
pub async fn save_first(db: &mut PgConnection, id: MediaId, file: &NewRendition) -> sqlx::Result<()> {
    insert(db, id, file).await
}

/// Says which files readers are given, and that the medium is ready. A file that was there before stays: bodies
/// and feeds have its address.
pub async fn save_renditions(db: &mut PgConnection, id: MediaId, files: &[NewRendition]) -> sqlx::Result<()> {
    for file in files.iter().filter(|file| file.shape.is_none()) {
        insert(db, id, file).await?;
    }
    sqlx::query!("update media set ready_at = now(), failed = null where id = $1", id as MediaId)
        .execute(db)
        .await?;
    Ok(())
}

/// Puts these crops, made around `focus`, in the place of those before them, whose addresses go on for a while. If
/// the focal point has been moved meanwhile, the medium knows that these are not of its own.
pub async fn save_crops(
    db: &mut PgConnection,
    id: MediaId,
    focus: Focus,
    files: &[NewRendition],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update media_files set retired_at = now() where media_id = $1 and shape <> 'full' and retired_at is null",
        id as MediaId
    )
    .execute(&mut *db)
    .await?;
    for (file, shape) in files.iter().filter_map(|file| Some((file, file.shape?))) {
        sqlx::query!(
            "insert into media_files (media_id, shape, width, height, extension, sha256, bytes)
             values ($1, $2, $3, $4, $5, $6, $7)",
            id as MediaId,
            shape.as_str(),
            integer(file.width),
            integer(file.height),
            file.extension.as_str(),
            file.digest.as_slice(),
            i64::try_from(file.bytes).unwrap_or(i64::MAX)
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!(
        "update media set cropped_x = $2, cropped_y = $3 where id = $1",
        id as MediaId,
        thousandths(focus.x),
        thousandths(focus.y)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Holds the medium until the transaction ends, so that two do not change its files at once. The file that it has by
/// then: whoever worked on another has worked for nothing.
pub async fn hold(db: &mut PgConnection, id: MediaId) -> sqlx::Result<Option<Digest>> {
    let held = sqlx::query_scalar!("select sha256 from media where id = $1 for update", id as MediaId);
    Ok(held.fetch_optional(db).await?.as_deref().and_then(Digest::from_slice))
}

fn thousandths(part: u16) -> i16 {
    i16::try_from(part.min(1000)).unwrap_or(500)
}

async fn insert(db: &mut PgConnection, id: MediaId, file: &NewRendition) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into renditions (media_id, width, height, extension, sha256, bytes)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        id as MediaId,
        integer(file.width),
        integer(file.height),
        file.extension.as_str(),
        file.digest.as_slice(),
        i64::try_from(file.bytes).unwrap_or(i64::MAX)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// This file of the medium is of no use; another that has taken its place meanwhile may be.
pub async fn mark_failed(
    db: &mut PgConnection,
    id: MediaId,
    file: &Digest,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update media set failed = $3 where id = $1 and sha256 = $2",
        id as MediaId,
        file.as_slice(),
        reason
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Sides are limited far below by `media::probe`.
fn integer(side: u32) -> i32 {
    i32::try_from(side).unwrap_or(i32::MAX)
}

/// The last part of what may be a whole path of another machine, readable and short.
fn cleaned_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_a_path() {
        assert_eq!(cleaned_name("../../etc/passwd"), "passwd");
        assert_eq!(cleaned_name("C:\\Users\\me\\Sea of ice.jpg"), "Sea of ice.jpg");
        assert_eq!(cleaned_name("a\0b\n.png"), "ab.png");
        assert_eq!(cleaned_name(&"ä".repeat(300)).chars().count(), 200);
        assert_eq!(cleaned_name(".."), "..");
    }
}
