//! The keys for hashes of networks. Each holds for one day (UTC) and is destroyed a day after it ended: from then on
//! nobody can say any more which network a hash was of, nor that two of different days were of the same.

use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use anyhow::Context;
use sqlx::PgPool;

use super::network::{self, NetworkHash};
use super::token;

/// Today's key and yesterday's, as the database knows them. `rotate` is called by the clock.
#[derive(Debug)]
pub struct Keys(RwLock<Pair>);

#[derive(Clone, Copy)]
struct Pair {
    today: [u8; 32],
    yesterday: Option<[u8; 32]>,
}

/// No key in a log.
impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pair")
    }
}

impl Keys {
    pub async fn load(db: &PgPool) -> anyhow::Result<Self> {
        Ok(Self(RwLock::new(pair(db).await?)))
    }

    /// Takes up the key of a day that has begun, and destroys those that have served.
    pub async fn rotate(&self, db: &PgPool) -> anyhow::Result<()> {
        let fresh = pair(db).await?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The network of an address as it is called today.
    pub fn hash(&self, address: IpAddr) -> NetworkHash {
        network::hash(&self.pair().today, address)
    }

    /// And as it was called yesterday: what counts over some hours must know both names.
    pub fn hash_of_yesterday(&self, address: IpAddr) -> Option<NetworkHash> {
        self.pair().yesterday.map(|key| network::hash(&key, address))
    }

    fn pair(&self) -> Pair {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn pair(db: &PgPool) -> anyhow::Result<Pair> {
    if let Some(pair) = known(db).await? {
        return Ok(pair);
    }
    begin_day(db).await?;
    known(db).await?.context("there is no key of today")
}

/// `None` when today has no key yet.
async fn known(db: &PgPool) -> anyhow::Result<Option<Pair>> {
    let rows = sqlx::query!(
        r#"select key, day = (now() at time zone 'utc')::date as "is_today!"
           from network_keys
           where day >= (now() at time zone 'utc')::date - 1"#
    )
    .fetch_all(db)
    .await?;
    let key = |is_today| {
        let row = rows.iter().find(|row| row.is_today == is_today)?;
        <[u8; 32]>::try_from(row.key.as_slice()).ok()
    };
    Ok(key(true).map(|today| Pair { today, yesterday: key(false) }))
}

/// The first instance that meets a new day makes its key, and destroys the one of the day before yesterday.
async fn begin_day(db: &PgPool) -> anyhow::Result<()> {
    let fresh = token::bytes()?;
    sqlx::query!("delete from network_keys where day < (now() at time zone 'utc')::date - 1")
        .execute(db)
        .await?;
    sqlx::query!(
        "insert into network_keys (day, key) values ((now() at time zone 'utc')::date, $1)
         on conflict (day) do nothing",
        &fresh[..]
    )
    .execute(db)
    .await?;
    Ok(())
}
