//! The library of the desk: pictures and films, found by their words and their state.

use sqlx::PgExecutor;

use super::{Kind, Media, MediaId, Rendition, media};
use crate::accounts::UserId;
use crate::news::tag::like_literal;
use sqlx::types::Json;

/// What the library shows; what is empty filters nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Each must occur in the name, the alt text, the caption, the credit or the source.
    pub words: String,
    pub kind: Option<Kind>,
    /// `unused`, `failed`, `waiting`, `undescribed`, `ending` or `ended` (its licence)
    pub state: String,
    /// What this person uploaded, and what readers see.
    pub only_for: Option<UserId>,
}

/// Days before its end in which a licence is `ending`.
const SOON: i32 = 30;

/// Newest first, those before `before`.
pub async fn latest(
    db: impl PgExecutor<'_>,
    filter: &Filter,
    before: Option<MediaId>,
    limit: i64,
) -> sqlx::Result<Vec<Media>> {
    let lower = filter.words.to_lowercase();
    let words: Vec<String> =
        lower.split_whitespace().map(|word| format!("%{}%", like_literal(word))).collect();
    media!(
        "where ($1::bigint is null or m.id < $1)
           and ($3::text is null or m.kind = $3)
           and ($4::text is null or m.find like $4) and m.find like all($5::text[])
           and case $6 when 'unused' then not exists (select from media_uses u where u.media_id = m.id)
                       when 'failed' then m.failed is not null
                       when 'waiting' then m.ready_at is null and m.failed is null
                       when 'undescribed' then m.kind = 'picture' and m.alt = '' and not m.decorative
                       when 'ending' then m.licence_ends_at > now()
                                          and m.licence_ends_at <= now() + make_interval(days => $7)
                       when 'ended' then m.licence_ends_at <= now()
                       else true end
           and ($8::bigint is null or m.created_by = $8
                or exists (select from media_uses u where u.media_id = m.id and u.visible))
         order by m.id desc
         limit $2",
        before as Option<MediaId>,
        limit,
        filter.kind as Option<Kind>,
        words.first(),
        &words,
        filter.state,
        SOON,
        filter.only_for as Option<UserId>
    )
    .fetch_all(db)
    .await
}
