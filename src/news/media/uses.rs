//! Where a picture or a film is used. The view `media_uses` knows every place; whatever comes to refer to `media`
//! has its branch there.

use sqlx::PgExecutor;

use super::MediaId;

/// Where a medium stands.
#[derive(Clone, Debug)]
pub struct Use {
    pub media_id: MediaId,
    /// `article`, `topic` or `gallery`
    pub noun: String,
    pub noun_id: i64,
    pub title: String,
    /// Readers see it there.
    pub visible: bool,
}

/// What uses these media: a few for each. An article that an edit waits for is one, as readers have it.
pub async fn of(db: impl PgExecutor<'_>, ids: &[MediaId], each: i64) -> sqlx::Result<Vec<Use>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Use,
        r#"select m.id as "media_id!: MediaId", u.noun as "noun!", u.noun_id as "noun_id!", u.title as "title!",
                  u.visible as "visible!"
           from unnest($1::bigint[]) as m(id)
           cross join lateral (select * from (select distinct on (noun, noun_id) noun, noun_id, title, visible
                                              from media_uses
                                              where media_id = m.id
                                              order by noun, noun_id, visible desc) each_once
                               order by visible desc, noun, noun_id desc
                               limit $2) u"#,
        &ids,
        each
    )
    .fetch_all(db)
    .await
}
