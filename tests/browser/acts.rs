//! Inspected: what only doing something leads to. Ways in, forms that were refused, dialogs, two texts to be merged,
//! the links that a commenter is sent, what somebody sees who may not.

use broadsheet::accounts::{Role, session, setup};
use fantoccini::key::Key;

use crate::browser::PASSWORD;
use crate::inspection::Inspection;
use crate::newsroom::{Story, section};
use crate::people::{code, unbase32};
use crate::pictures;
use crate::stage::Stage;
use crate::window::Window;

/// The routes with a GET that are looked at here and nowhere else.
pub const ROUTES: &[&str] = &[
    "/desk/setup",
    "/desk/login",
    "/desk/login/code",
    "/desk/forgotten",
    "/desk/reset",
    "/desk/invited",
    "/comment/own",
    "/comment/rewrite",
];

const EMAIL: &str = "mira@example.org";

/// Empties every field of a form, or writes the same into each, and sends it as a browser without rules would.
async fn is_refused(window: &Window, form: &str, typed: &str) {
    let send = format!(
        "const form = document.querySelector({form:?});
         const fields = 'input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea';
         for (const field of form.querySelectorAll(fields)) {{
           if ({typed:?} === '' || !field.type.startsWith('date')) field.value = {typed:?};
         }}
         form.noValidate = true;
         form.requestSubmit(form.querySelector('button:not([type=button])'))"
    );
    window.find(form).await;
    leave(window, &send).await;
    assert_eq!(window.value(STATUS).await, 422, "{form} on {}", window.path().await);
}

const STATUS: &str = "performance.getEntriesByType('navigation')[0].responseStatus";

/// By a script, to another page.
async fn leave(window: &Window, script: &str) {
    window.value("document.documentElement.id = 'left-behind'").await;
    window.run(script, Vec::new()).await;
    window.until("document.documentElement.id !== 'left-behind' && document.readyState === 'complete'").await;
}

async fn somebody(stage: &Stage, email: &str, role: Role) -> Window {
    let id = stage.world.account(email, role).await;
    let mut tx = stage.world.db.pool.begin().await.unwrap();
    let token = session::create(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    Window::open_as(&stage.base_url, token.as_str()).await
}

async fn run(stage: &Stage, statement: &'static str) {
    sqlx::query(statement).execute(&stage.world.db.pool).await.unwrap();
}

async fn log_in(window: &Window) {
    window.go("/desk/login").await;
    window.write("#email", EMAIL).await;
    window.write("#password", PASSWORD).await;
    window.follow("main button.primary").await;
}

/// The path of a link that is shown once.
async fn link(window: &Window) -> String {
    let link = window.text("document.querySelector('.link-once').innerText").await;
    link[link.find("/desk/").unwrap()..].to_owned()
}

#[tokio::test]
async fn the_first_way_in_is_sound() {
    let stage = Stage::new().await;
    let window = stage.reader().await;
    let mut inspection = Inspection::new(&window);
    let token = setup::create(&stage.world.db.pool).await.unwrap();
    inspection.page(&format!("/desk/setup?token={token}")).await;
    is_refused(&window, "main form", "").await;
    inspection.here("setup refused").await;
    inspection.page("/desk/setup?token=wrong").await;
    inspection.page("/desk/login").await;
    is_refused(&window, "main form", "nobody@example.org").await;
    inspection.here("login refused").await;
    inspection.page("/desk/forgotten").await;
    is_refused(&window, "main form", "").await;
    inspection.here("forgotten refused").await;
    window.go("/desk/forgotten").await;
    window.write("#email", EMAIL).await;
    window.follow("main button.primary").await;
    inspection.here("forgotten sent").await;
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn links_that_let_in_are_sound() {
    let stage = Stage::new().await;
    let admin = somebody(&stage, EMAIL, Role::Admin).await;
    let colleague = stage.world.account("aron@example.org", Role::Author).await;
    let mut mine = Inspection::new(&admin);
    let guest = stage.reader().await;
    let mut theirs = Inspection::new(&guest);
    admin.go("/desk/users").await;
    admin.follow("form[action$='/invitations'] button.primary").await;
    mine.here("invitation link").await;
    theirs.page(&link(&admin).await).await;
    is_refused(&guest, "main form", "").await;
    theirs.here("invited refused").await;
    admin.go(&format!("/desk/users/{colleague}")).await;
    admin.follow("form[action$='/reset-link'] button").await;
    mine.here("reset link").await;
    theirs.page(&link(&admin).await).await;
    is_refused(&guest, "main form", "short").await;
    theirs.here("reset refused").await;
    for over in ["/desk/reset?token=wrong", "/desk/invited?token=wrong"] {
        theirs.page(over).await;
    }
    mine.pass();
    theirs.pass();
    admin.close().await;
    guest.close().await;
}

#[tokio::test]
async fn the_second_step_and_what_is_kept_for_it_are_sound() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    stage.world.account(EMAIL, Role::Editor).await;
    let window = stage.reader().await;
    let mut inspection = Inspection::new(&window);
    log_in(&window).await;
    window.go("/desk/profile/second-factor").await;
    let secret = unbase32(&window.text("document.querySelector('code.key').innerText").await);
    is_refused(&window, "main form", "000000").await;
    inspection.here("second factor refused").await;
    window.write("#code", &code(&secret)).await;
    window.follow("main button.primary").await;
    inspection.here("recovery codes").await;
    inspection.page("/desk/profile").await;
    inspection.page("/desk/confirm?next=%2Fdesk%2Fprofile").await;
    is_refused(&window, "main form", "wrong").await;
    inspection.here("confirm refused").await;
    // A form that is sent after the session has ended travels along, without scripts.
    window.without_scripts().await;
    window.go("/desk/articles/new").await;
    window.fill("#headline", "Written for hours").await;
    window.choose("#section", "news").await;
    run(&stage, "delete from sessions").await;
    window.follow("button[value=save]").await;
    window.with_scripts().await;
    inspection.here("login with a kept form").await;
    run(&stage, "update second_factors set last_step = 0").await;
    window.write("#email", EMAIL).await;
    window.write("#password", PASSWORD).await;
    window.follow("main button.primary").await;
    inspection.here("code").await;
    window.write("#code", "000000").await;
    window.follow("main button.primary").await;
    inspection.here("code refused").await;
    window.write("#code", &code(&secret)).await;
    window.follow("main button.primary").await;
    inspection.here("kept form").await;
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn forms_that_were_refused_are_sound() {
    let stage = Stage::new().await;
    let article = Story::new("The ferry runs again").tags(&["Ferries"]).publish(&stage.world).await;
    let author = stage.world.account("aron@example.org", Role::Author).await;
    run(&stage, "insert into comments (article_id, name, email, body, commenter) select id, 'Ana', 'ana@example.org', 'One.', decode(repeat('ab', 32), 'hex') from articles").await;
    let window = somebody(&stage, EMAIL, Role::Admin).await;
    let mut inspection = Inspection::new(&window);
    window.go("/desk/media").await;
    window.write("#file", pictures::file("quay.jpg", 40).to_str().unwrap()).await;
    window.click("form[data-uploads] button").await;
    window.until("document.querySelector('.sending .ready')").await;
    inspection.here("uploads").await;
    let (article, author) = (format!("/desk/articles/{article}"), format!("/desk/users/{author}"));
    for (path, form, typed) in [
        ("/desk/sections", "li.row details form", ""),
        ("/desk/sections", "section.panel form", ""),
        ("/desk/topics/new", "main form", ""),
        ("/desk/galleries/new?kind=photo", "main form", ""),
        ("/desk/galleries/new?kind=film", "main form", ""),
        ("/desk/front/banners", "main form", ""),
        ("/desk/comments/rules", "main form", "x"),
        ("/desk/comments/words", "main form", "**"),
        ("/desk/comments/1", "form[action$='/rewrite']", ""),
        ("/desk/comments/1", "form[action$='/ban']", ""),
        ("/desk/users", "details form", ""),
        (&author, "form[action$='/password']", ""),
        (&author, "form[action$='/author']", "nobody"),
        ("/desk/profile", "section form", ""),
        ("/desk/profile", "form[action$='/email']", ""),
        ("/desk/profile/password", "main form", ""),
        ("/desk/profile/author", "main form", "nonsense"),
        ("/desk/media/1", "main form", ""),
        ("/desk/tags/1", "main form", ""),
        ("/desk/tags/1", "form[action$='/merge']", "nothing"),
        ("/desk/articles/document", "main form", ""),
        (&article, "form[action$='/notes']", ""),
    ] {
        window.go(path).await;
        is_refused(&window, form, typed).await;
        inspection.here(&format!("{path} {form} refused")).await;
    }
    inspection.page("/desk/front/at?at=nonsense").await;
    // With scripts the board is sent without leaving it.
    for (form, typed) in
        [("#block-2 form[action='/desk/front']", "nowhere"), ("form[action='/desk/front/blocks']", "")]
    {
        window.without_scripts().await;
        window.go("/desk/front").await;
        is_refused(&window, form, typed).await;
        window.with_scripts().await;
        inspection.here(&format!("front {form} refused")).await;
    }
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn what_writing_leads_to_is_sound() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge")
        .body("<p>The first one.</p><p>The second one.</p>")
        .publish(&stage.world)
        .await;
    let window = somebody(&stage, EMAIL, Role::Admin).await;
    let mut inspection = Inspection::new(&window);
    run(&stage, "update sections set requires = '{tags, standfirst, picture_alt}'").await;
    window.go("/desk/articles/new").await;
    window.follow("button[value=publish]").await;
    inspection.here("article refused").await;
    window.fill("#headline", "The ferry").await;
    window.fill("#body", "<p>It runs.</p>").await;
    window.choose("#section", "news").await;
    window.follow("button[value=publish]").await;
    assert!(window.shows("#override_reason").await);
    inspection.here("publishing over what is required").await;

    let form = format!("/desk/articles/{id}");
    window.go(&form).await;
    let theirs =
        Story::new("The bridge, they say").body("<p>The first one, theirs.</p><p>The second one.</p>");
    theirs.over(&stage.world, id).await;
    window.fill("#headline", "The bridge, I say").await;
    window.fill("#body", "<p>The first one, mine.</p><p>The second one.</p>").await;
    window.follow("button[value=save]").await;
    assert_eq!(window.value(STATUS).await, 409);
    inspection.here("merge").await;
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn what_opens_over_the_article_form_is_sound() {
    let stage = Stage::new().await;
    Story::new("The bridge").tags(&["Bridges"]).publish(&stage.world).await;
    let window = somebody(&stage, EMAIL, Role::Admin).await;
    let mut inspection = Inspection::new(&window);
    window.go("/desk/media").await;
    window.write("#file", pictures::file("library.jpg", 70).to_str().unwrap()).await;
    window.click("form[data-uploads] button").await;
    window.until("document.querySelector('.sending .ready')").await;
    window.go("/desk/articles/new").await;
    window.write("#tags", "bri").await;
    window.until("document.querySelectorAll('#tags-offers li').length === 1").await;
    inspection.here("completion").await;
    window.click(".ProseMirror").await;
    for tool in ["link", "picture", "embed", "table"] {
        window.click(&format!("[data-tool={tool}]")).await;
        window.until("document.querySelector('.editor-dialog[open]')").await;
        inspection.here(&format!("dialog {tool}")).await;
        window.tap("Escape", 27).await;
        window.until("!document.querySelector('.editor-dialog[open]')").await;
    }
    window.click("[data-tool=table]").await;
    window.click(".editor-dialog .primary").await;
    window.until("document.querySelector('.ProseMirror table')").await;
    for column in ["Day", "Water", "Wind"] {
        window.type_in(column).await;
        window.press(Key::Tab).await;
    }
    inspection.here("table").await;
    window.click("[data-tool=source]").await;
    inspection.here("source").await;
    window.click("[data-library] button").await;
    window.until("document.querySelector('dialog.library .grid button')").await;
    inspection.here("library").await;
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn what_a_commenter_is_led_to_is_sound() {
    let stage = Stage::new().await;
    let id = Story::new("The bridge").publish(&stage.world).await;
    for (purpose, token) in [("own", "a"), ("rewrite", "b")] {
        let insert = "with new as (insert into comments (article_id, name, email, body, reason, rewrite_until)
                                   values ($1, 'Ana', 'ana@example.org', 'One.', 'Without the names, please.',
                                           case when $2 = 'rewrite' then now() + interval '3 days' end) returning id)
                      insert into comment_tokens (token_hash, comment_id, purpose, expires_at)
                      select sha256(convert_to($3, 'utf8')), id, $2, now() + interval '3 days' from new";
        let insert = sqlx::query(insert).bind(id.0).bind(purpose).bind(token.repeat(64));
        insert.execute(&stage.world.db.pool).await.unwrap();
    }
    run(&stage, "insert into banners (text, address, starts_at, ends_at) values ('The ferry stays in harbour', '/map', now(), now() + interval '1 day')").await;
    let window = stage.reader().await;
    let mut inspection = Inspection::new(&window);
    for path in ["/comment/own?token=", "/comment/own?token=a", "/comment/rewrite?token=b"] {
        let (path, token) = path.split_at(path.find('=').unwrap() + 1);
        inspection.page(&format!("{path}{}", token.repeat(64))).await;
    }
    is_refused(&window, "main form:has(textarea)", "").await;
    inspection.here("rewrite refused").await;
    let article = format!("/article/{id}/the-bridge");
    inspection.page("/").await;
    inspection.page(&article).await;
    is_refused(&window, "form.comment-form", "").await;
    inspection.here("comment refused").await;
    window.go(&article).await;
    window.write("#comment-name", "Ben").await;
    window.write("#comment-text", "I saw it too.").await;
    window.follow("form.comment-form [type=submit]").await;
    inspection.here("comment held").await;
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn what_an_author_is_shown_and_not_shown_is_sound() {
    let stage = Stage::new().await;
    let theirs = Story::new("Not hers").publish(&stage.world).await;
    let window = somebody(&stage, EMAIL, Role::Author).await;
    let mut inspection = Inspection::new(&window);
    inspection.page("/desk").await;
    inspection.page("/desk/articles/new").await;
    window.fill("#headline", "Hers").await;
    window.fill("#body", "<p>So far.</p>").await;
    window.choose("#section", "news").await;
    window.follow("button[value=submit]").await;
    inspection.here("handed in").await;
    for path in ["/desk/articles", "/desk/media", "/desk/users", "/desk/no-such-screen"] {
        inspection.page(path).await;
    }
    inspection.page(&format!("/desk/articles/{theirs}")).await;
    inspection.pass();
    window.close().await;
}
