//! The page of a picture: what is known of it, where it is used, its file replaced, its end.

use axum::http::StatusCode;
use broadsheet::accounts::{Role, UserId};
use broadsheet::jobs::{Runner, sweep_media};
use broadsheet::media::store::Area;
use broadsheet::news::media::quota::{self, Exceeded};
use broadsheet::news::media::{self, Media, MediaId, NewMedia, files};
use std::time::Duration;

use super::Screen;
use super::scene::{Scene, jpeg};
use crate::newsroom::{Page, Story};
use crate::support;

/// What the form of a picture sends.
pub const ABOUT: [(&str, &str); 7] = [
    ("alt", "A river between low banks"),
    ("caption", "The river at Mill Lane"),
    ("credit", "Ada Löf"),
    ("source", "Reader"),
    ("licence", "One year"),
    ("focus_x", "25"),
    ("focus_y", "80.5"),
];

impl Scene {
    /// A picture with all its sizes.
    pub async fn picture(&mut self, name: &str, bytes: &[u8]) -> MediaId {
        self.browser.upload("/desk/media", &[], &[("file", name, bytes)]).await;
        Runner::new(self.world.app.clone()).drain().await.unwrap();
        MediaId(sqlx::query_scalar("select max(id) from media").fetch_one(&self.world.db.pool).await.unwrap())
    }

    pub async fn medium(&self, id: MediaId) -> Media {
        media::by_id(&self.world.db.pool, id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn what_is_known_of_a_picture_is_kept_and_found() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    let path = format!("/desk/media/{id}");
    let fields = [&ABOUT[..], &[("licence_until", "2099-01-31")]].concat();
    let answer = scene.browser.post(&path, &fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let screen = Screen::of(&scene.browser.get(&path).await);
    for (name, value) in fields {
        assert_eq!(screen.field(name), value, "{name}");
    }
    for words in ["mill+lane", "l%C3%B6f", "low+banks", "reader"] {
        let found = Screen::of(&scene.browser.get(&format!("/desk/media?q={words}")).await);
        assert_eq!(found.text(".grid-name"), ["river.jpg"], "{words}");
    }
    assert!(scene.acts().await.contains(&"update picture by Mira Holt".to_owned()));
}

#[tokio::test]
async fn a_picture_says_what_it_shows_or_that_it_shows_nothing() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    let path = format!("/desk/media/{id}");
    let wrong: [&[(&str, &str)]; 5] = [
        &[("alt", "  "), ("credit", "Ada")],
        &[("alt", "A river"), ("decorative", "on")],
        &[("alt", "A river"), ("licence_until", "soon")],
        &[("alt", "A river"), ("focus_x", "101")],
        &[("alt", "A river"), ("credit", &"a".repeat(201))],
    ];
    for fields in wrong {
        let answer = scene.browser.post(&path, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let screen = Screen::of(&answer);
        let (name, typed) = fields[1];
        assert!(name == "decorative" || screen.field(name) == typed, "{fields:?}");
        assert!(screen.has(".error"), "{fields:?}");
    }
    assert_eq!(scene.browser.post(&path, &[("decorative", "on")]).await.status, 303);
    assert!(scene.medium(id).await.decorative);
}

#[tokio::test]
async fn an_author_describes_their_own_pictures_alone() {
    let mut scene = Scene::new().await;
    let others = scene.picture("theirs.jpg", &jpeg(10)).await;
    Story::new("Low water").with(|story| story.picture_id = Some(others)).publish(&scene.world).await;
    let secret = scene.picture("secret.jpg", &jpeg(60)).await;
    scene.browser = scene.world.logged_in(Role::Author).await;
    let own = scene.picture("own.jpg", &jpeg(120)).await;
    for (id, seen, saved) in [(own, 200, 303), (others, 200, 403), (secret, 404, 404)] {
        let path = format!("/desk/media/{id}");
        assert_eq!(scene.browser.get(&path).await.status, seen, "{path}");
        assert_eq!(scene.browser.post(&path, &ABOUT).await.status, saved, "{path}");
    }
}

#[tokio::test]
async fn a_picture_names_every_place_and_is_deleted_only_when_there_is_none() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    let src = scene.medium(id).await.picture().unwrap().src();
    let body = format!("<p>Low.</p><figure><img src=\"{src}\" alt=\"A river\"></figure>");
    Story::new("In the text").body(&body).publish(&scene.world).await;
    Story::new("On top").with(|story| story.picture_id = Some(id)).draft(&scene.world).await;
    let path = format!("/desk/media/{id}");
    let uses = Screen::of(&scene.browser.get(&path).await).text("section[aria-labelledby=uses] li");
    assert_eq!(uses, ["In the text", "On top not public"]);

    let delete = format!("{path}/delete");
    assert_eq!(scene.browser.post(&delete, &[]).await.header("location"), path);
    assert_eq!(scene.values("select name from media").await, ["river.jpg"]);
    sqlx::query("update articles set picture_id = null, body_html = ''")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    assert_eq!(scene.browser.post(&delete, &[]).await.header("location"), "/desk/media");
    assert_eq!(scene.values("select name from media").await, [""; 0]);
    assert_eq!(scene.browser.get(&src).await.status, 404);
    assert_eq!(
        sweep_media::orphans(&scene.world.app, Duration::ZERO).await.unwrap(),
        0,
        "its files went too"
    );
}

/// What is about to be kept again while the delete is going on.
#[tokio::test]
async fn a_file_that_is_uploaded_again_meanwhile_is_not_removed() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    let old = scene.medium(id).await;
    let (digest, app) = (old.digest().unwrap(), scene.world.app.clone());
    let pool = scene.world.db.pool.clone();
    let mut tx = pool.begin().await.unwrap();
    files::claim(&mut tx, &[digest]).await.unwrap();
    let deleting = tokio::spawn(async move {
        let answer = scene.browser.post(&format!("/desk/media/{id}/delete"), &[]).await;
        (scene, answer)
    });
    support::until_waiting(&pool, &deleting).await;
    let extension = old.stored_as().unwrap();
    let new = NewMedia {
        kind: media::Kind::Picture,
        digest,
        extension,
        name: "again.jpg",
        width: 64,
        height: 48,
        bytes: 1,
        created_by: None,
    };
    assert!(!media::create(&mut tx, &new).await.unwrap().duplicate, "the row is gone by then");
    tx.commit().await.unwrap();
    let (_scene, answer) = deleting.await.unwrap();
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/media"));
    assert!(app.media.has(Area::Originals, &digest, extension).await.unwrap());
    let (first, extension) = old.files().next().unwrap();
    assert!(!app.media.has(Area::Public, &first, extension).await.unwrap(), "nobody needs the others");
}

/// R62
#[tokio::test]
async fn the_hundred_and_first_upload_within_an_hour_waits() {
    let mut scene = Scene::new().await;
    sqlx::query(
        "insert into audit (user_id, actor, action, noun, at)
         select id, 'Mira Holt', 'upload', 'picture', now() - interval '50 minutes' from users, generate_series(1, 99)",
    )
    .execute(&scene.world.db.pool)
    .await
    .unwrap();
    let json = [("accept", "application/json")];
    let upload = async |scene: &mut Scene, shade: u8| {
        let file = jpeg(shade);
        scene.browser.upload_with("/desk/media", &json, &[], &[("file", "river.jpg", &file)]).await
    };
    assert_eq!(upload(&mut scene, 1).await.status, StatusCode::CREATED);
    let answer = upload(&mut scene, 60).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.body);
    assert!(answer.body.contains("100 files within an hour"), "{}", answer.body);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((500..=600).contains(&wait), "{wait}");

    let file = jpeg(60);
    let answer = scene.browser.upload("/desk/media", &[], &[("file", "river.jpg", &file)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).text("#file-error").concat().contains("100 files within an hour"));
    let fields = [("section", "news"), ("headline", "Low water"), ("action", "save")];
    let answer = scene.browser.upload("/desk/articles", &fields, &[("picture", "river.jpg", &file)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("100 files within an hour") && answer.body.contains("Low water"));
    assert_eq!(scene.value("select count(*)::text from media").await, "1");

    scene.browser = scene.world.logged_in(Role::Author).await;
    assert_eq!(upload(&mut scene, 60).await.status, StatusCode::CREATED, "of somebody else");
}

/// R62
#[tokio::test]
async fn what_a_person_and_the_site_may_store_is_limited() {
    let mut scene = Scene::new().await;
    scene.picture("river.jpg", &jpeg(1)).await;
    let user = "select created_by from media";
    let user = UserId(sqlx::query_scalar(user).fetch_one(&scene.world.db.pool).await.unwrap());
    sqlx::query("update media set bytes = 900 * 1024 * 1024").execute(&scene.world.db.pool).await.unwrap();
    let gib = Some(1 << 30);
    let check = async |person, site, who, mib: u64| {
        let limits = quota::Limits { person, site };
        quota::check(&scene.world.db.pool, limits, who, mib << 20).await.unwrap()
    };
    assert_eq!(check(None, None, Some(user), 200).await, Ok(()));
    assert_eq!(check(gib, gib, Some(user), 100).await, Ok(()));
    assert_eq!(check(gib, None, Some(user), 200).await, Err(Exceeded::Person(1 << 30)));
    assert_eq!(check(gib, None, Some(UserId(user.0 + 1)), 200).await, Ok(()));
    let full = check(None, gib, None, 200).await.unwrap_err();
    assert_eq!(full, Exceeded::Site(1 << 30));
    assert!(full.to_string().contains("the 1 GiB that the site allows"), "{full}");
}

#[tokio::test]
async fn another_file_takes_the_place_of_a_picture_wherever_it_is_used() {
    let mut scene = Scene::new().await;
    let id = scene.picture("old.jpg", &jpeg(10)).await;
    let old = scene.medium(id).await.picture().unwrap().src();
    let body = format!("<figure><img src=\"{old}\" alt=\"A river\"></figure>");
    let article = Story::new("In the text").body(&body).publish(&scene.world).await;
    let replace = format!("/desk/media/{id}/replace");
    let answer = scene.browser.upload(&replace, &[], &[("file", "new.jpg", &jpeg(200))]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Runner::new(scene.world.app.clone()).drain().await.unwrap();
    let new = scene.medium(id).await.picture().unwrap().src();
    assert_ne!(old, new);
    let mut stranger = scene.world.browser();
    let moved = stranger.get(&old).await;
    assert_eq!((moved.status.as_u16(), moved.header("location")), (307, new.as_str()));
    assert_eq!(stranger.get(&new).await.status, 200);
    let page = stranger.read(&format!("/article/{article}/in-the-text")).await;
    assert_eq!(page.attribute(".body img", "src"), new);
    let first = old.split('/').nth(2).unwrap();
    sweep_media::orphans(&scene.world.app, Duration::ZERO).await.unwrap();
    let lies = scene.world.app.media.public_path(&first.parse().unwrap(), broadsheet::media::Extension::Jpg);
    assert!(!lies.exists(), "the file that was replaced is gone");
}

#[tokio::test]
async fn a_picture_whose_licence_is_over_leaves_every_page() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    let src = scene.medium(id).await.picture().unwrap().src();
    let body = format!(
        "<p>Low.</p><figure><img src=\"{src}\" alt=\"A river\"><figcaption>Low</figcaption></figure>"
    );
    let article = Story::new("Low water")
        .body(&body)
        .with(|story| story.picture_id = Some(id))
        .publish(&scene.world)
        .await;
    let pages = ["/".to_owned(), format!("/article/{article}/low-water"), "/feed.xml".to_owned()];
    let mut stranger = scene.world.browser();
    for page in &pages {
        assert!(stranger.get(page).await.body.contains("/media/"), "{page}");
    }
    sqlx::query("update media set licence_ends_at = now()").execute(&scene.world.db.pool).await.unwrap();
    for page in &pages {
        let body = stranger.get(page).await.body;
        assert!(!body.contains("/media/") && body.contains("Low"), "{page}: {body}");
    }
    let listed = Screen::of(&scene.browser.get("/desk/media?state=ended").await);
    assert_eq!(listed.text(".badge.expired"), ["Licence over"]);
    assert_eq!(listed.text(".grid .hint a"), ["Low water"]);
}

#[tokio::test]
async fn a_failed_picture_is_tried_again_when_somebody_asks() {
    let mut scene = Scene::new().await;
    scene.browser.upload("/desk/media", &[], &[("file", "river.jpg", &jpeg(10))]).await;
    let damage = "update media set failed = 'It is damaged.'";
    sqlx::query(damage).execute(&scene.world.db.pool).await.unwrap();
    sqlx::query("delete from jobs").execute(&scene.world.db.pool).await.unwrap();
    let listed = Screen::of(&scene.browser.get("/desk/media?state=failed").await);
    let retry = listed.attribute(".grid form", "action").unwrap();
    assert_eq!(scene.browser.post(&retry, &[]).await.status, 303);
    Runner::new(scene.world.app.clone()).drain().await.unwrap();
    let screen = Screen::of(&scene.browser.get("/desk/media").await);
    assert_eq!(screen.text(".grid .badge.ready"), ["Ready"]);
}

#[tokio::test]
async fn files_that_nothing_names_are_swept_and_all_others_stay() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    let store = &scene.world.app.media;
    let jpg = broadsheet::media::Extension::Jpg;
    let orphan = store.put_public("left behind", jpg).await.unwrap();
    store.put_original("left behind too", jpg).await.unwrap();
    let day = Duration::from_hours(24);
    assert_eq!(sweep_media::orphans(&scene.world.app, day).await.unwrap(), 0, "they are young");
    assert_eq!(sweep_media::orphans(&scene.world.app, Duration::ZERO).await.unwrap(), 2);
    assert!(!store.public_path(&orphan, jpg).exists());
    let medium = scene.medium(id).await;
    assert!(medium.files().count() > 4);
    for (digest, extension) in medium.files() {
        assert!(store.public_path(&digest, extension).exists());
    }
    let original = store.read_original(&medium.digest().unwrap(), medium.stored_as().unwrap()).await.unwrap();
    assert!(original.is_some());
}

#[tokio::test]
async fn a_page_for_readers_shows_the_pictures_of_a_text_in_the_size_that_fits() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    scene.browser.post(&format!("/desk/media/{id}"), &ABOUT).await;
    let src = scene.medium(id).await.picture().unwrap().src();
    let body = format!(
        "<figure><img src=\"{src}\" alt=\"Its &quot;banks&quot; > low\" width=\"9\" height=\"9\"></figure>"
    );
    let article = Story::new("Low water").body(&body).publish(&scene.world).await;
    let page: Page = scene.world.browser().read(&format!("/article/{article}/low-water")).await;
    assert!(page.attribute(".body source[type='image/webp']", "srcset").contains("/river-64.webp 64w"));
    let image = |name| page.attribute(".body img", name);
    assert!(image("srcset").contains("/river-64.jpg 64w"));
    assert_eq!(
        (image("width"), image("height"), image("loading")),
        ("64".into(), "48".into(), "lazy".into())
    );
    assert_eq!(image("alt"), "Its \"banks\" > low");
    assert_eq!(
        page.text(".body figcaption .credit"),
        "Ada Löf",
        "the library's words, where the text has none"
    );
}

#[tokio::test]
async fn a_picture_of_the_library_brings_its_words_into_an_article() {
    let mut scene = Scene::new().await;
    let id = scene.picture("river.jpg", &jpeg(10)).await;
    scene.browser.post(&format!("/desk/media/{id}"), &ABOUT).await;
    let id = id.to_string();
    let fields = [
        ("section", "news"),
        ("headline", "Low water"),
        ("library_picture", id.as_str()),
        ("picture_credit", "Somebody else"),
        ("action", "save"),
    ];
    assert_eq!(scene.browser.upload("/desk/articles", &fields, &[]).await.status, 303);
    let saved = "select picture_id || ', ' || picture_alt || ', ' || picture_credit from articles";
    assert_eq!(scene.value(saved).await, format!("{id}, A river between low banks, Somebody else"));
}

/// A JPEG with an IPTC block, as an agency sends it.
fn with_iptc(shade: u8) -> Vec<u8> {
    let record = |number: u8, value: &str| {
        [&[0x1C, 2, number, 0, u8::try_from(value.len()).unwrap()][..], value.as_bytes()].concat()
    };
    let records =
        [record(120, "The river at dawn"), record(80, "Mira Holt"), record(110, "City Agency")].concat();
    let block =
        [&b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0"[..], &[u8::try_from(records.len()).unwrap()], &records]
            .concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    let plain = jpeg(shade);
    [&plain[..2], &[0xFF, 0xED], &length, &block, &plain[2..]].concat()
}

#[tokio::test]
async fn what_an_agency_wrote_into_a_file_is_offered_and_not_published() {
    let mut scene = Scene::new().await;
    let fields = [("section", "news"), ("headline", "Low water"), ("action", "save")];
    let file = with_iptc(90);
    let answer = scene.browser.upload("/desk/articles", &fields, &[("picture", "dawn.jpg", &file)]).await;
    let form = Screen::of(&scene.browser.get(answer.header("location")).await);
    assert_eq!(form.field("picture_caption"), "The river at dawn");
    assert_eq!(form.field("picture_credit"), "Mira Holt / City Agency");
    Runner::new(scene.world.app.clone()).drain().await.unwrap();
    let id =
        MediaId(sqlx::query_scalar("select id from media").fetch_one(&scene.world.db.pool).await.unwrap());
    for (digest, extension) in scene.medium(id).await.files() {
        let bytes = std::fs::read(scene.world.app.media.public_path(&digest, extension)).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"City Agency"), "{digest}");
    }
}
