//! Related content: what the editor chose, then what shares rare tags, each with its reason.

use sqlx::{PgConnection, PgExecutor, types::Json};

use super::{
    ArticleId, State,
    card::{Card, cards},
};
use crate::{
    accounts::UserId,
    news::media::Rendition,
    text::{Language, Slug},
};

/// Newest articles of each tag that are looked at for a suggestion; more would cost and not be better.
const LOOKED_AT: i64 = 60;

/// A choice of the editor, as the form shows it again.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub id: ArticleId,
    pub headline: String,
    pub state: State,
}

/// The articles an editor chose, in order, in any state.
pub async fn chosen(db: impl PgExecutor<'_>, id: ArticleId) -> sqlx::Result<Vec<Chosen>> {
    sqlx::query_as!(
        Chosen,
        r#"select a.id as "id: ArticleId", a.headline, a.state as "state: State"
           from article_related r
           join articles a on a.id = r.target_id
           where r.article_id = $1
           order by r.position"#,
        id as ArticleId
    )
    .fetch_all(db)
    .await
}

/// Their ids alone.
pub async fn chosen_ids(db: impl PgExecutor<'_>, id: ArticleId) -> sqlx::Result<Vec<ArticleId>> {
    sqlx::query_scalar!(
        r#"select target_id as "id: ArticleId" from article_related where article_id = $1 order by position"#,
        id as ArticleId
    )
    .fetch_all(db)
    .await
}

/// The articles of these ids in this order, in any state; what is gone is left out.
pub async fn named(db: impl PgExecutor<'_>, ids: &[i64]) -> sqlx::Result<Vec<Chosen>> {
    sqlx::query_as!(
        Chosen,
        r#"select id as "id: ArticleId", headline, state as "state: State"
           from articles
           where id = any($1)
           order by array_position($1::bigint[], id)"#,
        ids
    )
    .fetch_all(db)
    .await
}

/// Up to `limit` visible articles: the editor's choice first, then those that share tags, where a rare tag
/// counts for more than a common one and a new article for more than an old one.
pub async fn shown(db: impl PgExecutor<'_>, id: ArticleId, limit: i64) -> sqlx::Result<Vec<Card>> {
    cards!(
        from "join (
                select target_id, min(rank) as rank
                from (
                    select target_id, position::double precision as rank
                    from article_related
                    where article_id = $1
                    union all
                    select shared.article_id, 1000 - sum(shared.weight)
                    from article_tags mine
                    cross join lateral (
                        select l.article_id,
                               1 / ln(2 + count(*) over ()) * exp(-extract(epoch from now() - l.publish_at) / 31536000) as weight
                        from (select article_id, publish_at
                              from article_tags
                              where tag_id = mine.tag_id and publish_at <= now()
                              order by publish_at desc, article_id desc
                              limit $3) l
                    ) shared
                    where mine.article_id = $1
                    group by shared.article_id
                ) ranked
                where target_id <> $1
                group by target_id
                order by 2, target_id desc
                limit 50
              ) near on near.target_id = a.id",
        "order by near.rank, a.publish_at desc, a.id desc limit $2",
        id as ArticleId,
        limit,
        LOOKED_AT
    )
    .fetch_all(db)
    .await
}

/// Why an article is suggested: the tags that both carry.
#[derive(Debug)]
pub struct Reason {
    pub id: ArticleId,
    pub headline: String,
    pub tags: Vec<String>,
}

/// What would be shown beside the editor's choice, with the reasons, for the form.
pub async fn suggested(db: impl PgExecutor<'_>, id: ArticleId, limit: i64) -> sqlx::Result<Vec<Reason>> {
    sqlx::query_as!(
        Reason,
        r#"select a.id as "id: ArticleId", a.headline, array_agg(t.name order by t.name) as "tags!"
           from article_tags mine
           join tags t on t.id = mine.tag_id
           cross join lateral (
               select l.article_id
               from article_tags l
               where l.tag_id = mine.tag_id and l.publish_at <= now() and l.article_id <> $1
               order by l.publish_at desc, l.article_id desc
               limit $3
           ) l
           join articles a on a.id = l.article_id and a.state = 'published'
           where mine.article_id = $1
             and not exists (select from article_related r where r.article_id = $1 and r.target_id = a.id)
           group by a.id
           order by count(*) desc, a.publish_at desc, a.id desc
           limit $2"#,
        id as ArticleId,
        limit,
        LOOKED_AT
    )
    .fetch_all(db)
    .await
}

/// Which of these ids are no articles. With `only_of`, what readers may not see yet exists for its own author
/// alone, so that nobody learns of it by naming it.
pub async fn missing(
    db: impl PgExecutor<'_>,
    ids: &[i64],
    only_of: Option<UserId>,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"select id as "id!" from unnest($1::bigint[]) as asked(id)
           where not exists (select from articles a
                             where a.id = asked.id
                               and ($2::bigint is null or a.created_by = $2
                                    or (a.state = 'published' and a.publish_at <= now()
                                        and (a.expire_at is null or a.expire_at > now()))))"#,
        ids,
        only_of as Option<UserId>
    )
    .fetch_all(db)
    .await
}

/// Writes the editor's choice in its order.
pub async fn choose(db: &mut PgConnection, id: ArticleId, targets: &[ArticleId]) -> sqlx::Result<()> {
    let targets: Vec<i64> = targets.iter().filter(|target| **target != id).map(|target| target.0).collect();
    sqlx::query!("delete from article_related where article_id = $1", id as ArticleId)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into article_related (article_id, target_id, position)
         select $1, target, min(place)::smallint
         from unnest($2::bigint[]) with ordinality as chosen(target, place)
         group by target",
        id as ArticleId,
        &targets
    )
    .execute(db)
    .await?;
    Ok(())
}
