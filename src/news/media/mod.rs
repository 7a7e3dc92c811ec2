//! Pictures and films as rows: what was uploaded, and which files readers are given for it.
//!
//! Not here: the bytes and the pixels (`crate::media`), the job that makes the renditions
//! (`jobs::make_renditions`), how pages show them (`templates/parts/picture.html`).

mod picture;

pub use picture::{Film, Picture, Rendition};

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use crate::accounts::UserId;
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
    pub renditions: Json<Vec<Rendition>>,
}

impl Media {
    pub fn is_ready(&self) -> bool {
        self.ready_at.is_some()
    }

    pub fn digest(&self) -> Option<Digest> {
        Digest::from_slice(&self.sha256)
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
    pub digest: Digest,
    pub extension: Extension,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

/// The row of the upload. The same bytes uploaded again are the same medium, and one that failed gets
/// another chance.
pub async fn create(db: &mut PgConnection, new: &NewMedia<'_>) -> sqlx::Result<MediaId> {
    sqlx::query_scalar!(
        r#"insert into media (kind, sha256, extension, name, width, height, bytes, created_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (sha256) do update set failed = null
           returning id as "id: MediaId""#,
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
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<Option<Media>> {
    sqlx::query_as!(
        Media,
        r#"select m.id as "id: MediaId", m.kind as "kind: Kind", m.sha256, m.extension, m.name, m.width, m.height,
                  m.bytes, m.created_by as "created_by: UserId", m.created_at, m.ready_at, m.failed,
                  (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                              's', encode(r.sha256, 'hex')) order by r.width), '[]')
                   from renditions r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
           from media m
           where m.id = $1"#,
        id as MediaId
    )
    .fetch_optional(db)
    .await
}

/// Newest first, those before the cursor.
pub async fn latest(
    db: impl PgExecutor<'_>,
    kind: Option<Kind>,
    before: Option<MediaId>,
    limit: i64,
) -> sqlx::Result<Vec<Media>> {
    sqlx::query_as!(
        Media,
        r#"select m.id as "id: MediaId", m.kind as "kind: Kind", m.sha256, m.extension, m.name, m.width, m.height,
                  m.bytes, m.created_by as "created_by: UserId", m.created_at, m.ready_at, m.failed,
                  (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                              's', encode(r.sha256, 'hex')) order by r.width), '[]')
                   from renditions r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
           from media m
           where ($1::text is null or m.kind = $1)
             and ($2::bigint is null or m.id < $2)
           order by m.id desc
           limit $3"#,
        kind as Option<Kind>,
        before as Option<MediaId>,
        limit
    )
    .fetch_all(db)
    .await
}

/// Where a picture stands.
#[derive(Clone, Debug)]
pub struct Use {
    pub media_id: MediaId,
    /// `article`, `topic` or `gallery`
    pub noun: String,
    pub noun_id: i64,
    pub title: String,
}

/// What uses these media: of each kind a few for each.
pub async fn uses(db: impl PgExecutor<'_>, ids: &[MediaId]) -> sqlx::Result<Vec<Use>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Use,
        r#"select m.id as "media_id!: MediaId", u.noun as "noun!", u.noun_id as "noun_id!", u.title as "title!"
           from unnest($1::bigint[]) as m(id)
           cross join lateral (
               (select 'article' as noun, a.id as noun_id, a.headline as title
                from articles a where a.picture_id = m.id order by a.id desc limit 5)
               union all
               (select 'topic', t.id, t.title from topics t where t.picture_id = m.id order by t.id desc limit 5)
               union all
               (select 'gallery', g.id, g.title
                from galleries g
                where g.poster_id = m.id
                   or exists (select from gallery_pictures p where p.gallery_id = g.id and p.media_id = m.id)
                order by g.id desc limit 5)
           ) u"#,
        &ids
    )
    .fetch_all(db)
    .await
}

/// Says which files readers are given, and that the medium is ready. What was said before is forgotten.
pub async fn save_renditions(db: &mut PgConnection, id: MediaId, files: &[NewRendition]) -> sqlx::Result<()> {
    sqlx::query!("delete from renditions where media_id = $1", id as MediaId).execute(&mut *db).await?;
    for file in files {
        sqlx::query!(
            "insert into renditions (media_id, width, height, extension, sha256, bytes)
             values ($1, $2, $3, $4, $5, $6)",
            id as MediaId,
            integer(file.width),
            integer(file.height),
            file.extension.as_str(),
            file.digest.as_slice(),
            i64::try_from(file.bytes).unwrap_or(i64::MAX)
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!("update media set ready_at = now(), failed = null where id = $1", id as MediaId)
        .execute(db)
        .await?;
    Ok(())
}

pub async fn mark_failed(db: &mut PgConnection, id: MediaId, reason: &str) -> sqlx::Result<()> {
    sqlx::query!("update media set failed = $2 where id = $1", id as MediaId, reason).execute(db).await?;
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
