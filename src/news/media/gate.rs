//! Who may have a file: everybody while something that readers see uses its picture, else only the desk. So nothing
//! of an article that is not out yet can be had early, whoever learns an address.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::MediaId;
use crate::media::Digest;

/// What is known of a file that pages may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Used where readers see it.
    pub public: bool,
    /// Its licence is over: it is shown to no reader, wherever it is used.
    pub ended: bool,
    pub licence_ends_at: Option<DateTime<Utc>>,
    pub media_id: MediaId,
    /// The medium has another file now.
    pub replaced: bool,
}

/// `None`: no picture and no film has this file. Two pictures may share one, and the more open of them counts.
pub async fn access(db: impl PgExecutor<'_>, digest: &Digest) -> sqlx::Result<Option<Access>> {
    sqlx::query_as!(
        Access,
        r#"select u.public as "public!", coalesce(m.licence_ends_at <= now(), false) as "ended!", m.licence_ends_at,
                  m.id as "media_id: MediaId", f.replaced as "replaced!"
           from (select media_id, false as replaced from renditions where sha256 = $1
                 union all
                 select media_id, shape = 'full' from media_files where sha256 = $1) f
           join media m on m.id = f.media_id
           cross join lateral (select exists (select from media_uses u where u.media_id = m.id and u.visible)) u(public)
           order by u.public and coalesce(m.licence_ends_at > now(), true) desc, f.replaced, m.id
           limit 1"#,
        digest.as_slice()
    )
    .fetch_optional(db)
    .await
}
