//! What comments leave behind, and for how long.

use sqlx::{PgConnection, PgPool};

use super::{CommentId, Keys, ban};

/// Rows from before addresses were hashed, a few at a time.
const BATCH: i64 = 500;

/// Addresses go when no letter is to come, hashes of networks with their key, spam after a month, and what has
/// expired.
pub async fn sweep(pool: &PgPool, keys: &Keys) -> sqlx::Result<()> {
    let mut db = pool.begin().await?;
    hash_addresses(&mut db, keys).await?;
    sqlx::query!(
        "update comments set email = null, wants_answer = false
         where email is not null
           and (case when state = 'pending' then created_at < now() - interval '30 days'
                     when rewrite_until is null then true
                     else rewrite_until <= now() end)
           and commenter is not null"
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update comments set network = null where network is not null and created_at < now() - interval '2 days'")
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "delete from comments c
         where state = 'spam' and created_at < now() - interval '30 days'
           and not exists (select from comments r where r.parent_id = c.id)"
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from comment_tokens where expires_at <= now()").execute(&mut *db).await?;
    ban::sweep(&mut db).await?;
    db.commit().await
}

async fn hash_addresses(db: &mut PgConnection, keys: &Keys) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"select id as "id: CommentId", email as "email!" from comments
           where email is not null and commenter is null
           limit $1
           for update skip locked"#,
        BATCH
    )
    .fetch_all(&mut *db)
    .await?;
    for row in rows {
        sqlx::query!(
            "update comments set commenter = $2 where id = $1",
            row.id as CommentId,
            keys.commenter(&row.email)
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
