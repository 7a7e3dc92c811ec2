//! Coming in with a second factor, and a form that was sent after the session had ended; with scripts and without.

use broadsheet::accounts::{Role, totp};

use crate::browser::PASSWORD;
use crate::newsroom::section;
use crate::stage::Stage;
use crate::window::Window;

const EMAIL: &str = "mira@example.org";

async fn log_in(window: &Window) {
    window.go("/desk/login").await;
    window.write("#email", EMAIL).await;
    window.write("#password", PASSWORD).await;
    window.follow("main button.primary").await;
}

/// As an app reads the key.
pub fn unbase32(text: &str) -> Vec<u8> {
    let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
    let bits: Vec<u8> = letters
        .flat_map(|letter| {
            let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
            (0..5).rev().map(move |bit| value >> bit & 1)
        })
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
}

pub fn code(secret: &[u8]) -> String {
    totp::code(secret, chrono::Utc::now().timestamp() / totp::STEP_SECONDS)
}

async fn sets_up_a_second_factor_and_comes_in_with_it(with_scripts: bool) {
    let stage = Stage::new().await;
    stage.world.account(EMAIL, Role::Editor).await;
    let window = stage.reader().await;
    if !with_scripts {
        window.without_scripts().await;
    }
    log_in(&window).await;
    window.go("/desk/profile").await;
    window.follow("a[href='/desk/profile/second-factor']").await;
    assert!(window.shows("svg.qr").await);
    let secret = unbase32(&window.text("document.querySelector('code.key').innerText").await);
    window.write("#code", &code(&secret)).await;
    window.follow("main button.primary").await;
    assert_eq!(window.value("document.querySelectorAll('.recovery li').length").await, 10);
    window.follow("main a.primary").await;
    assert_eq!(window.path().await, "/desk/profile");
    window.follow(".desk-account button").await;

    sqlx::query("update second_factors set last_step = 0").execute(&stage.world.db.pool).await.unwrap();
    log_in(&window).await;
    assert_eq!(window.path().await, "/desk/login/code");
    window.write("#code", "000000").await;
    window.follow("main button.primary").await;
    assert!(window.shows("#code-error").await);
    window.write("#code", &code(&secret)).await;
    window.follow("main button.primary").await;
    assert_eq!(window.path().await, "/desk");
    let complaints: Vec<String> =
        window.complaints().await.into_iter().filter(|complaint| !complaint.contains("422")).collect();
    assert_eq!(complaints, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn a_second_factor_is_set_up_and_lets_in() {
    sets_up_a_second_factor_and_comes_in_with_it(true).await;
}

#[tokio::test]
async fn a_second_factor_needs_no_script() {
    sets_up_a_second_factor_and_comes_in_with_it(false).await;
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_is_saved_without_a_script() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    stage.world.account(EMAIL, Role::Editor).await;
    let window = stage.reader().await;
    window.without_scripts().await;
    log_in(&window).await;
    window.go("/desk/articles/new").await;
    window.write("#headline", "Written for hours").await;
    window.write("#body", "<p>Line one.</p>\n<p>\"Line\" two & three.</p>").await;
    window.choose("#section", "news").await;
    sqlx::query("delete from sessions").execute(&stage.world.db.pool).await.unwrap();
    window.follow("button[value=save]").await;
    assert!(window.text("document.querySelector('.notice').innerText").await.contains("not lost"));
    window.write("#email", EMAIL).await;
    window.write("#password", PASSWORD).await;
    window.follow("main button.primary").await;
    assert!(
        window.text("document.querySelector('.kept-fields').innerText").await.contains("Written for hours")
    );
    let nothing: i64 =
        sqlx::query_scalar("select count(*) from articles").fetch_one(&stage.world.db.pool).await.unwrap();
    assert_eq!(nothing, 0);
    window.follow("form.kept-form button.primary").await;
    assert_eq!(window.text("document.querySelector('#headline').value").await, "Written for hours");
    let saved: String =
        sqlx::query_scalar("select body_source from articles").fetch_one(&stage.world.db.pool).await.unwrap();
    assert!(saved.contains("\"Line\" two & three."), "{saved}");
    window.close().await;
}

async fn invites_after_the_password_was_asked_again(with_scripts: bool) {
    let stage = Stage::new().await;
    stage.world.account(EMAIL, Role::Admin).await;
    let window = stage.reader().await;
    if !with_scripts {
        window.without_scripts().await;
    }
    log_in(&window).await;
    window.go("/desk/users").await;
    sqlx::query("update sessions set authed_at = now() - interval '16 minutes'")
        .execute(&stage.world.db.pool)
        .await
        .unwrap();
    window.write("#invited_email", "new@example.org").await;
    window.follow("form[action='/desk/users/invitations'] button[value=link]").await;
    assert!(window.text("document.querySelector('.notice').innerText").await.contains("not lost"));
    window.write("#password", "wrong").await;
    window.follow("main button.primary").await;
    assert!(window.shows("#password-error").await);
    window.write("#password", PASSWORD).await;
    window.follow("main button.primary").await;
    assert!(
        window.text("document.querySelector('.kept-fields').innerText").await.contains("new@example.org")
    );
    window.follow("form.kept-form button.primary").await;
    let invited: String =
        sqlx::query_scalar("select email from invitations").fetch_one(&stage.world.db.pool).await.unwrap();
    assert_eq!(invited, "new@example.org");
    let complaints: Vec<String> =
        window.complaints().await.into_iter().filter(|complaint| !complaint.contains("422")).collect();
    assert_eq!(complaints, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn an_invitation_is_there_after_the_password_was_asked_again() {
    invites_after_the_password_was_asked_again(true).await;
}

#[tokio::test]
async fn an_invitation_is_there_after_the_password_was_asked_again_without_a_script() {
    invites_after_the_password_was_asked_again(false).await;
}

/// What the chart and the square code are coloured with comes from style sheets alone.
#[tokio::test]
async fn the_dashboard_and_the_profile_complain_of_nothing_in_either_scheme() {
    let stage = Stage::new().await;
    let window = stage.editor().await;
    for scheme in ["light", "dark"] {
        window.colours(scheme).await;
        for width in [390, 1280] {
            window.resize(width).await;
            for path in ["/desk", "/desk/profile", "/desk/profile/author", "/desk/profile/second-factor"] {
                window.go(path).await;
                let over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
                assert_eq!(window.value(over).await, 0, "{path} at {width}");
            }
        }
    }
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}
