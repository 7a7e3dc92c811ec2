//! How much is taken: from one person within an hour, of one person, and in all. Counted in the database, so that all
//! instances count together.

use std::time::Duration;

use sqlx::PgExecutor;

use crate::accounts::UserId;

/// More is a program that runs wild, or somebody else at an open session.
pub const PER_HOUR: i64 = 100;
const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// In bytes of the originals; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub person: Option<u64>,
    pub site: Option<u64>,
}

/// Which limit is reached, in words for whoever uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    #[error(
        "You have uploaded {PER_HOUR} files within an hour, and more are not taken. Please go on in {} min.",
        .0.as_secs().div_ceil(60)
    )]
    Hour(Duration),
    #[error("With this your uploads would take more than the {} that each person has. Delete some first.", size(*.0))]
    Person(u64),
    #[error("With this all uploads would take more than the {} that the site allows. Ask an administrator.", size(*.0))]
    Site(u64),
}

/// Whether so many bytes more are taken from this person.
pub async fn check(
    db: impl PgExecutor<'_>,
    limits: Limits,
    person: Option<UserId>,
    bytes: u64,
) -> sqlx::Result<Result<(), Exceeded>> {
    // Looking at all media costs something: only where there is a limit.
    let row = sqlx::query!(
        r#"select (select extract(epoch from at + interval '1 hour' - now())::float8
                   from audit
                   where user_id = $1 and at > now() - interval '1 hour'
                     and noun in ('picture', 'film') and action in ('upload', 'replace')
                   order by at desc
                   offset $2::bigint - 1 limit 1) as wait,
                  (select coalesce(sum(bytes), 0)::bigint from media where created_by = $1 and $3) as "of_person!",
                  (select coalesce(sum(bytes), 0)::bigint from media where $4) as "of_site!""#,
        person as Option<UserId>,
        PER_HOUR,
        limits.person.is_some(),
        limits.site.is_some()
    )
    .fetch_one(db)
    .await?;
    if let Some(seconds) = row.wait {
        return Ok(Err(Exceeded::Hour(Duration::try_from_secs_f64(seconds.max(1.0)).unwrap_or_default())));
    }
    let is_over = |there: i64, limit: u64| there.unsigned_abs().saturating_add(bytes) > limit;
    Ok(match limits {
        Limits { person: Some(limit), .. } if person.is_some() && is_over(row.of_person, limit) => {
            Err(Exceeded::Person(limit))
        }
        Limits { site: Some(limit), .. } if is_over(row.of_site, limit) => Err(Exceeded::Site(limit)),
        _ => Ok(()),
    })
}

/// As it was set: `20 GiB`, `500 MiB`.
fn size(bytes: u64) -> String {
    if bytes.is_multiple_of(GIB) { format!("{} GiB", bytes / GIB) } else { format!("{} MiB", bytes / MIB) }
}
