//! `broadsheet user` and `broadsheet setup-link`, as a shell meets them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use broadsheet::accounts::{Role, setup, user};

use crate::browser::PASSWORD;
use crate::support::{self, TestDb};

/// With one line of standard input.
fn broadsheet(db: &TestDb, arguments: &[&str], line: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_broadsheet"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("DATABASE_URL", db.url())
        .env("BROADSHEET_BASE_URL", "https://news.example.org")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that needs no password may be gone already.
    let _ = child.stdin.take().unwrap().write_all(line.as_bytes());
    child.wait_with_output().unwrap()
}

fn create(db: &TestDb, email: &str, line: &str) -> Output {
    let arguments = ["user", "create", "--email", email, "--name", "Mira Holt", "--role", "editor"];
    broadsheet(db, &arguments, line)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn an_account_is_made_with_the_password_of_one_line() {
    let db = support::database().await;
    let made = create(&db, "mira@example.org", &format!("{PASSWORD}\nnot this line\n"));
    assert!(made.status.success(), "{}", text(&made.stderr));
    let account = user::by_email(&db.pool, "mira@example.org").await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.role), ("Mira Holt", Role::Editor));
    let (_, hash) = user::credentials(&db.pool, "mira@example.org").await.unwrap().unwrap();
    let hasher = broadsheet::accounts::password::Hasher::default();
    assert!(hasher.verify(PASSWORD, Some(&hash)).await.unwrap());

    let listed = text(&broadsheet(&db, &["user", "list"], "").stdout);
    assert_eq!(listed, "editor\tmira@example.org\tMira Holt\n");
}

#[tokio::test]
async fn a_weak_or_missing_password_and_a_taken_address_make_no_account() {
    let db = support::database().await;
    for (line, said) in [("short\n", "at least 15 characters"), ("", "no password")] {
        let refused = create(&db, "mira@example.org", line);
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&refused.stderr).contains(said), "{}", text(&refused.stderr));
    }
    assert!(user::list(&db.pool).await.unwrap().is_empty());
    assert!(create(&db, "mira@example.org", PASSWORD).status.success());
    let again = create(&db, "MIRA@example.org", PASSWORD);
    assert!(text(&again.stderr).contains("--email: There is an account"), "{}", text(&again.stderr));
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one() {
    let db = support::database().await;
    create(&db, "mira@example.org", PASSWORD);
    let before = user::credentials(&db.pool, "mira@example.org").await.unwrap().unwrap().1;
    let reset = broadsheet(
        &db,
        &["user", "reset-password", "--email", "mira@example.org"],
        "lantern quiet river stone\n",
    );
    assert!(reset.status.success(), "{}", text(&reset.stderr));
    let after = user::credentials(&db.pool, "mira@example.org").await.unwrap().unwrap().1;
    assert_ne!(before, after);
    let acts: Vec<String> =
        sqlx::query_scalar("select action || ' ' || noun || ' by ' || actor from audit order by id")
            .fetch_all(&db.pool)
            .await
            .unwrap();
    assert_eq!(acts, ["create user by command line", "reset password user by command line"]);
}

#[tokio::test]
async fn a_second_factor_is_taken_off_and_the_sessions_end() {
    let db = support::database().await;
    create(&db, "mira@example.org", PASSWORD);
    let arguments = ["user", "reset-second-factor", "--email", "mira@example.org"];
    let none = broadsheet(&db, &arguments, "");
    assert!(text(&none.stderr).contains("has no second factor"), "{}", text(&none.stderr));
    let set_up = "with one as (insert into second_factors (user_id, secret, confirmed_at)
                               select id, 'sealed', now() from users)
                  insert into sessions (token_hash, user_id, expires_at)
                  select 'hash', id, now() + interval '1 hour' from users";
    sqlx::query(set_up).execute(&db.pool).await.unwrap();
    assert!(broadsheet(&db, &arguments, "").status.success());
    let left: i64 =
        sqlx::query_scalar("select (select count(*) from second_factors) + (select count(*) from sessions)")
            .fetch_one(&db.pool)
            .await
            .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_set_up_link_is_printed_until_there_is_an_administrator() {
    let db = support::database().await;
    let printed = text(&broadsheet(&db, &["setup-link"], "").stdout);
    let token = printed.trim().strip_prefix("https://news.example.org/desk/setup?token=").unwrap();
    assert!(setup::is_valid(&db.pool, token).await.unwrap());

    let mut tx = db.pool.begin().await.unwrap();
    setup::redeem(&mut tx, token, "a@example.org", "A", "none").await.unwrap();
    tx.commit().await.unwrap();
    let refused = broadsheet(&db, &["setup-link"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("has an administrator"), "{}", text(&refused.stderr));
}
