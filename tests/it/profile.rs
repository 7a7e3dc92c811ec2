//! One's own account, and the page that readers see of an author.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::jobs::Runner;

use crate::browser::World;
use crate::desk::scene::jpeg;
use crate::newsroom::{Page, Story};

#[tokio::test]
async fn name_and_languages_are_changed_by_their_owner() {
    let world = World::new().await;
    let mut browser = world.logged_in(Role::Author).await;
    let answer =
        browser.post("/desk/profile", &[("name", "Mira H. Holt"), ("languages", "en, fa,,pt-BR")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = browser.read("/desk/profile").await;
    assert_eq!(page.attribute("#name", "value"), "Mira H. Holt");
    assert_eq!(page.attribute("#languages", "value"), "en, fa, pt-BR");
    let answer = browser.post("/desk/profile", &[("name", ""), ("languages", "English")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = Page::of(&answer);
    assert!(page.has("#name-error") && page.has("#languages-error"));
    assert_eq!(page.attribute("#languages", "value"), "English");
}

/// R29
#[tokio::test]
async fn a_new_address_is_told_to_the_old_one() {
    let world = World::new().await;
    world.account("taken@example.org", Role::Author).await;
    let mut browser = world.logged_in(Role::Author).await;
    for (email, said) in [("Taken@example.org", "There is an account"), ("x", "Enter an e-mail address")] {
        let answer = browser.post("/desk/profile/email", &[("email", email)]).await;
        assert!(Page::of(&answer).text("#email-error").contains(said), "{email}");
    }
    let answer = browser.post("/desk/profile/email", &[("email", "new@example.org")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    Runner::new(world.app.clone()).drain().await.unwrap();
    let letters = world.app.post.kept();
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "author@example.org"));
    assert!(
        letters[0].text.contains("another e-mail address") && !letters[0].text.contains("new@example.org")
    );
}

#[tokio::test]
async fn an_authors_page_shows_picture_words_links_and_articles() {
    let world = World::new().await;
    let mut browser = world.logged_in(Role::Author).await;
    Story::new("The ferry runs again").byline("Nora Lind").publish(&world).await;
    let fields = [
        ("bio", "Writes about water."),
        ("links", "https://example.org/mira\r\n\r\nhttps://social.example/@mira/"),
        ("picture_alt", "Mira Holt at a quay"),
    ];
    let picture = jpeg(40);
    let answer = browser.upload("/desk/profile/author", &fields, &[("picture", "me.jpg", &picture)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let mut reader = world.browser();
    assert_eq!(
        reader.get("/author/mira-holt").await.status,
        StatusCode::NOT_FOUND,
        "nothing is published yet"
    );

    Story::new("The bridge is open").byline("Mira Holt").publish(&world).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    let page = reader.read("/author/mira-holt").await;
    assert_eq!(page.text(".page-head .standfirst"), "Writes about water.");
    assert_eq!(page.attribute(".author-portrait img", "alt"), "Mira Holt at a quay");
    assert_eq!(page.texts(".author-links a"), ["example.org/mira", "social.example/@mira"]);
    assert_eq!(page.attributes(".author-links a", "rel"), ["me noopener noreferrer"; 2]);
    assert_eq!(page.texts(".rows .headline"), ["The bridge is open"]);
    assert!(page.has("a[href='/author/mira-holt/feed.xml']"));
    let src = page.attribute(".author-portrait img", "src");
    assert_eq!(reader.get(&src).await.status, StatusCode::OK);
    assert!(browser.read("/desk/profile").await.has("a[href='/author/mira-holt']"));
}

#[tokio::test]
async fn a_refused_page_keeps_what_was_typed_and_the_picture() {
    let world = World::new().await;
    let mut browser = world.logged_in(Role::Author).await;
    let picture = jpeg(41);
    let fields = [("bio", "Kept words."), ("links", "javascript:alert(1)"), ("picture_alt", "")];
    let answer = browser.upload("/desk/profile/author", &fields, &[("picture", "me.jpg", &picture)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = Page::of(&answer);
    assert!(page.has("#links-error") && page.has("#picture_alt-error"));
    assert_eq!(page.text("#bio"), "Kept words.");
    let key = page.attribute("input[name=picture_id]", "value");
    let fields = [("bio", "Kept words."), ("links", ""), ("picture_alt", "Me"), ("picture_id", key.as_str())];
    assert_eq!(browser.upload("/desk/profile/author", &fields, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.read("/desk/profile/author").await.has("#picture_remove"));
    let fields = [("picture_id", key.as_str()), ("picture_remove", "on"), ("bio", "")];
    browser.upload("/desk/profile/author", &fields, &[]).await;
    assert!(!browser.read("/desk/profile/author").await.has("#picture_remove"));
}

/// A number alone attaches no picture of somebody else.
#[tokio::test]
async fn a_picture_is_named_by_its_key() {
    let world = World::new().await;
    let mut browser = world.logged_in(Role::Author).await;
    let answer = browser.upload("/desk/profile/author", &[("picture_id", "1")], &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_author_does_not_take_the_page_of_somebody_else() {
    let world = World::new().await;
    Story::new("The bridge is open").byline("Mira Holt").publish(&world).await;
    let mut author = world.logged_in(Role::Author).await;
    let answer = author.upload("/desk/profile/author", &[("bio", "Mine now.")], &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("There is an author of your name already."));
    let mut admin = world.logged_in(Role::Admin).await;
    let unknown = admin.post("/desk/users/1/author", &[("author", "nobody")]).await;
    assert!(Page::of(&unknown).has("#author-error"));
    admin.post("/desk/users/1/author", &[("author", "http://localhost/author/mira-holt/")]).await;
    let answer = author.upload("/desk/profile/author", &[("bio", "Mine now.")], &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = world.browser().read("/author/mira-holt").await;
    assert_eq!(page.text(".page-head .standfirst"), "Mine now.");
}
