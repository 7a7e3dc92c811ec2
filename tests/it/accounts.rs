//! Users, sessions, set-up links and throttling, at the database.

use broadsheet::accounts::network::NetworkHash;
use broadsheet::accounts::setup::{self, RedeemError};
use broadsheet::accounts::throttle::{self, Attempt, Origin, Verdict};
use broadsheet::accounts::user::{self, CreateError, NewUser};
use broadsheet::accounts::{Role, UserId, reset, secret, session};
use sqlx::PgPool;

use crate::support;

const KEY: [u8; 32] = [7; 32];

async fn account(db: &PgPool, email: &str, role: Role) -> UserId {
    let mut tx = db.begin().await.unwrap();
    let new = NewUser { email, name: "Mira Holt", role, password_hash: "none" };
    let id = user::create(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn log_in(db: &PgPool, user: UserId) -> session::Token {
    let mut tx = db.begin().await.unwrap();
    let token = session::create(&mut tx, user).await.unwrap();
    tx.commit().await.unwrap();
    token
}

async fn is_open(db: &PgPool, token: &session::Token) -> bool {
    session::user(db, token.as_str()).await.unwrap().is_some()
}

#[tokio::test]
async fn one_address_has_one_account_however_it_is_typed() {
    let db = support::database().await;
    account(&db.pool, "mira@example.org", Role::Author).await;
    let mut tx = db.pool.begin().await.unwrap();
    let again =
        NewUser { email: " Mira@Example.ORG", name: "Other", role: Role::Admin, password_hash: "none" };
    let refused = user::create(&mut tx, &again).await;
    assert!(matches!(refused, Err(CreateError::EmailTaken)), "{refused:?}");
    let found = user::by_email(&mut *tx, "MIRA@example.org").await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.role), ("Mira Holt", Role::Author));
}

#[tokio::test]
async fn a_session_token_is_not_in_the_database() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    let token = log_in(&db.pool, user).await;
    let stored: Vec<u8> =
        sqlx::query_scalar("select token_hash from sessions").fetch_one(&db.pool).await.unwrap();
    assert_eq!(stored.len(), 32);
    assert_ne!(hex::encode(&stored), token.as_str());
    assert_eq!(session::user(&db.pool, token.as_str()).await.unwrap().unwrap().id, user);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_when_old() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    for change in ["last_seen_at = now() - interval '61 minutes'", "expires_at = now() - interval '1 second'"]
    {
        let token = log_in(&db.pool, user).await;
        assert!(is_open(&db.pool, &token).await);
        let age = format!("update sessions set {change}");
        sqlx::query(sqlx::AssertSqlSafe(age)).execute(&db.pool).await.unwrap();
        assert!(!is_open(&db.pool, &token).await, "{change}");
    }
}

#[tokio::test]
async fn using_a_session_keeps_it_alive() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    let token = log_in(&db.pool, user).await;
    sqlx::query("update sessions set last_seen_at = now() - interval '59 minutes'")
        .execute(&db.pool)
        .await
        .unwrap();
    assert!(is_open(&db.pool, &token).await);
    let idle: bool = sqlx::query_scalar("select last_seen_at < now() - interval '1 minute' from sessions")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert!(!idle);
}

#[tokio::test]
async fn the_eleventh_login_ends_the_oldest_session() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    let mut tokens = Vec::new();
    for _ in 0..11 {
        tokens.push(log_in(&db.pool, user).await);
    }
    assert!(!is_open(&db.pool, &tokens[0]).await);
    assert!(is_open(&db.pool, &tokens[1]).await);
    assert!(is_open(&db.pool, &tokens[10]).await);
}

#[tokio::test]
async fn a_new_password_a_new_role_and_disabling_end_all_sessions() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    for act in ["password", "role", "disable"] {
        let token = log_in(&db.pool, user).await;
        let mut tx = db.pool.begin().await.unwrap();
        match act {
            "password" => user::reset_password(&mut tx, user, "other").await.unwrap(),
            "role" => user::set_role(&mut tx, user, Role::Editor).await.unwrap(),
            _ => user::disable(&mut tx, user).await.unwrap(),
        }
        tx.commit().await.unwrap();
        assert!(!is_open(&db.pool, &token).await, "{act}");
    }
}

#[tokio::test]
async fn a_disabled_account_has_no_credentials_until_it_is_enabled() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    let mut tx = db.pool.begin().await.unwrap();
    user::disable(&mut tx, user).await.unwrap();
    assert!(user::credentials(&mut *tx, "mira@example.org").await.unwrap().is_none());
    assert!(user::by_id(&mut *tx, user).await.unwrap().unwrap().disabled);
    user::enable(&mut tx, user).await.unwrap();
    assert!(user::credentials(&mut *tx, "mira@example.org").await.unwrap().is_some());
}

/// The hash of a login goes into the place of the one that it compared with, never of a newer one.
#[tokio::test]
async fn a_hash_made_anew_replaces_only_the_one_it_was_made_from() {
    let db = support::database().await;
    let user = account(&db.pool, "mira@example.org", Role::Author).await;
    let mut tx = db.pool.begin().await.unwrap();
    user::set_password(&mut tx, user, "new", false).await.unwrap();
    user::rehash(&mut tx, user, "old", "old, made anew").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(user::password_hash(&db.pool, user).await.unwrap().as_deref(), Some("new"));
}

async fn redeem(db: &PgPool, token: &str, email: &str) -> Result<UserId, RedeemError> {
    let mut tx = db.begin().await.unwrap();
    let made = setup::redeem(&mut tx, token, email, "Mira Holt", "none").await?;
    tx.commit().await.unwrap();
    Ok(made)
}

#[tokio::test]
async fn two_set_ups_at_once_make_one_administrator() {
    let db = support::database().await;
    let one = setup::create(&db.pool).await.unwrap();
    let two = setup::create(&db.pool).await.unwrap();
    let mut first = db.pool.begin().await.unwrap();
    setup::redeem(&mut first, &one, "a@example.org", "A", "none").await.unwrap();
    let pool = db.pool.clone();
    let second = tokio::spawn(async move { redeem(&pool, &two, "b@example.org").await });
    // The second has begun and waits for the first: only now is the first allowed to finish.
    let waits = "select exists (select from pg_stat_activity
                                 where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&db.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    first.commit().await.unwrap();
    let second = second.await.unwrap();
    assert!(matches!(second, Err(RedeemError::Invalid)), "{second:?}");
    assert_eq!(user::list(&db.pool).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_set_up_link_works_once_and_not_after_three_days() {
    let db = support::database().await;
    let token = setup::create(&db.pool).await.unwrap();
    sqlx::query("update setup_tokens set expires_at = now()").execute(&db.pool).await.unwrap();
    assert!(matches!(redeem(&db.pool, &token, "a@example.org").await, Err(RedeemError::Invalid)));

    let token = setup::create(&db.pool).await.unwrap();
    assert!(setup::is_valid(&db.pool, &token).await.unwrap());
    redeem(&db.pool, &token, "a@example.org").await.unwrap();
    assert!(!setup::is_valid(&db.pool, &token).await.unwrap());
    assert!(matches!(redeem(&db.pool, &token, "b@example.org").await, Err(RedeemError::Invalid)));
    assert!(matches!(redeem(&db.pool, "made up", "b@example.org").await, Err(RedeemError::Invalid)));
}

async fn attempt(db: &PgPool, account: &str, network: u8) -> Result<Attempt, u64> {
    attempt_from(db, account, Origin::Network(NetworkHash([network; 32]), None)).await
}

async fn attempt_from(db: &PgPool, account: &str, origin: Origin) -> Result<Attempt, u64> {
    match throttle::begin(db, &KEY, account, origin).await.unwrap() {
        Verdict::Proceed(attempt) => Ok(attempt),
        Verdict::Wait(wait) => Err(wait.as_secs()),
    }
}

async fn age_failures(db: &PgPool, seconds: f64) {
    sqlx::query("update login_failures set failed_at = failed_at - make_interval(secs => $1)")
        .bind(seconds)
        .execute(db)
        .await
        .unwrap();
}

#[tokio::test]
async fn after_five_wrong_ones_the_waiting_grows() {
    let db = support::database().await;
    for _ in 0..5 {
        attempt(&db.pool, "mira@example.org", 1).await.unwrap();
        // One a minute, so that only the limit of account and network counts.
        age_failures(&db.pool, 60.0).await;
    }
    age_failures(&db.pool, -60.0).await;
    for wait in [30, 60, 120] {
        let left = attempt(&db.pool, " MIRA@example.org", 1).await.unwrap_err();
        assert!((wait - 2..=wait).contains(&left), "{left} of {wait}");
        #[allow(clippy::cast_precision_loss)]
        age_failures(&db.pool, wait as f64).await;
        attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    }
}

#[tokio::test]
async fn another_network_and_another_account_are_not_hindered() {
    let db = support::database().await;
    for _ in 0..5 {
        attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    }
    assert!(attempt(&db.pool, "mira@example.org", 1).await.is_err());
    assert!(attempt(&db.pool, "mira@example.org", 2).await.is_ok());
    assert!(attempt(&db.pool, "other@example.org", 1).await.is_ok());
}

#[tokio::test]
async fn a_hundred_attempts_at_once_are_counted_like_one_after_another() {
    let db = support::database().await;
    let many = (0..20).map(|_| attempt(&db.pool, "mira@example.org", 1));
    let verdicts = futures_util::future::join_all(many).await;
    assert_eq!(verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 5);
}

#[tokio::test]
async fn one_network_gets_ten_wrong_ones_a_minute() {
    let db = support::database().await;
    for n in 0..10 {
        attempt(&db.pool, &format!("{n}@example.org"), 1).await.unwrap();
    }
    let left = attempt(&db.pool, "new@example.org", 1).await.unwrap_err();
    assert!((55..=60).contains(&left), "{left}");
    age_failures(&db.pool, 60.0).await;
    assert!(attempt(&db.pool, "new@example.org", 1).await.is_ok());
}

#[tokio::test]
async fn one_account_gets_twenty_five_wrong_ones_an_hour_from_everywhere() {
    let db = support::database().await;
    for network in 0..25 {
        attempt(&db.pool, "mira@example.org", network).await.unwrap();
    }
    let left = attempt(&db.pool, "mira@example.org", 99).await.unwrap_err();
    assert!((3590..=3600).contains(&left), "{left}");
}

/// The names of networks change at midnight; what counts over an hour knows both.
#[tokio::test]
async fn midnight_pardons_no_network() {
    let db = support::database().await;
    for _ in 0..5 {
        attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    }
    let tomorrow = Origin::Network(NetworkHash([2; 32]), Some(NetworkHash([1; 32])));
    assert!(attempt_from(&db.pool, "mira@example.org", tomorrow).await.is_err());
    age_failures(&db.pool, 31.0).await;
    let right = attempt_from(&db.pool, "mira@example.org", tomorrow).await.unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    right.forgive(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        attempt(&db.pool, "mira@example.org", 1).await.is_ok(),
        "and a right password pardons both names"
    );

    let key = [7; 32];
    let ask = async |account: &str, network| reset::request(&db.pool, &key, account, network).await.unwrap();
    for account in ["a@x", "b@x", "c@x", "d@x", "e@x"] {
        assert!(ask(account, (NetworkHash([1; 32]), None)).await.is_ok());
    }
    assert!(ask("f@x", (NetworkHash([2; 32]), Some(NetworkHash([1; 32])))).await.is_err());
    assert!(ask("f@x", (NetworkHash([2; 32]), None)).await.is_ok());
}

#[tokio::test]
async fn a_known_device_counts_for_itself() {
    let db = support::database().await;
    for network in 0..25 {
        attempt(&db.pool, "mira@example.org", network).await.unwrap();
    }
    let device = Origin::Device(NetworkHash([200; 32]));
    for _ in 0..5 {
        attempt_from(&db.pool, "mira@example.org", device).await.unwrap();
    }
    let left = attempt_from(&db.pool, "mira@example.org", device).await.unwrap_err();
    assert!((28..=30).contains(&left), "{left}");
}

#[tokio::test]
async fn the_hundred_and_first_wrong_one_in_a_row_needs_more_than_patience() {
    let db = support::database().await;
    for network in 0..4 {
        for _ in 0..25 {
            attempt(&db.pool, "mira@example.org", network).await.unwrap();
            age_failures(&db.pool, 3601.0).await;
        }
    }
    assert_eq!(attempt(&db.pool, "mira@example.org", 9).await.unwrap_err(), 3600);
    let device = Origin::Device(NetworkHash([200; 32]));
    assert!(attempt_from(&db.pool, "mira@example.org", device).await.is_ok());
    let mut tx = db.pool.begin().await.unwrap();
    throttle::pardon(&mut tx, &KEY, "mira@example.org").await.unwrap();
    tx.commit().await.unwrap();
    assert!(attempt(&db.pool, "mira@example.org", 9).await.is_ok());
}

#[tokio::test]
async fn three_hundred_wrong_ones_in_five_minutes_slow_the_whole_site() {
    let db = support::database().await;
    let first = attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    assert!(first.delay.is_zero());
    sqlx::query(
        "insert into login_failures (account, network_hash)
         select 'account ' || n, sha256(n::text::bytea) from generate_series(1, 300) n",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    assert_eq!(attempt(&db.pool, "mira@example.org", 2).await.unwrap().delay.as_secs(), 1);
    let device = Origin::Device(NetworkHash([200; 32]));
    assert!(attempt_from(&db.pool, "mira@example.org", device).await.unwrap().delay.is_zero());
}

#[tokio::test]
async fn a_right_password_clears_the_count_of_its_network() {
    let db = support::database().await;
    for _ in 0..4 {
        attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    }
    let right = attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    right.forgive(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..5 {
        attempt(&db.pool, "mira@example.org", 1).await.unwrap();
    }
}

#[tokio::test]
async fn no_typed_account_name_is_stored_in_clear() {
    let db = support::database().await;
    attempt(&db.pool, "my password by mistake", 1).await.unwrap();
    let stored: String =
        sqlx::query_scalar("select account from login_failures").fetch_one(&db.pool).await.unwrap();
    assert!(!stored.contains("password"), "{stored}");
}

#[tokio::test]
async fn two_instances_that_start_at_once_share_their_key() {
    let db = support::database().await;
    let (a, b) = tokio::join!(secret::named(&db.pool, "network"), secret::named(&db.pool, "network"));
    let key = a.unwrap();
    assert_eq!(key, b.unwrap());
    assert_ne!(key, secret::named(&db.pool, "another").await.unwrap());
}
