//! Albums and films.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use broadsheet::accounts::Role;
use broadsheet::news::gallery::{self, GalleryId};

use super::scene::{Scene, jpeg};
use crate::browser::World;

async fn album(scene: &mut Scene, pictures: u8) {
    let fields =
        [("kind", "photo"), ("title", "A day at the river"), ("description", ""), ("action", "draft")];
    let answer = scene.browser.upload("/desk/galleries", &fields, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/galleries/1"));
    let files: Vec<Vec<u8>> = (0..pictures).map(|shade| jpeg(shade + 100)).collect();
    let names: Vec<String> = (1..=pictures).map(|n| format!("{n}.jpg")).collect();
    let files: Vec<(&str, &str, &[u8])> =
        names.iter().zip(&files).map(|(name, bytes)| ("pictures", name.as_str(), bytes.as_slice())).collect();
    let answer = scene.browser.upload("/desk/galleries/1/upload", &[], &files).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

async fn alts(scene: &Scene) -> Vec<String> {
    let items = gallery::items(&scene.world.db.pool, GalleryId(1)).await.unwrap();
    items.into_iter().map(|item| item.alt).collect()
}

#[tokio::test]
async fn pictures_of_an_album_take_the_places_they_are_given() {
    let mut scene = Scene::new().await;
    album(&mut scene, 3).await;
    let words = [
        ("position-1", "1"),
        ("alt-1", "Dawn"),
        ("caption-1", "Before six."),
        ("credit-1", "M. Holt"),
        ("position-2", "2"),
        ("alt-2", "Noon"),
        ("caption-2", ""),
        ("credit-2", ""),
        ("position-3", "1"),
        ("alt-3", "Night"),
        ("caption-3", ""),
        ("credit-3", ""),
    ];
    let answer = scene.browser.post("/desk/galleries/1/pictures", &words).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/desk/galleries/1"),
        "{}",
        answer.body
    );
    assert_eq!(alts(&scene).await, ["Night", "Dawn", "Noon"]);
    let removed = [("alt-1", "Dawn"), ("alt-2", "Noon"), ("alt-3", "Night"), ("remove-1", "on")];
    scene.browser.post("/desk/galleries/1/pictures", &removed).await;
    assert_eq!(alts(&scene).await, ["Night", "Noon"]);
    let verbs = ["create", "add pictures", "arrange pictures", "arrange pictures"];
    let acts: Vec<String> = scene.acts().await.into_iter().filter(|act| act.contains("gallery")).collect();
    assert_eq!(acts, verbs.map(|verb| format!("{verb} gallery by Mira Holt")));
}

#[tokio::test]
async fn a_picture_without_a_description_is_named_and_what_was_typed_is_kept() {
    let mut scene = Scene::new().await;
    album(&mut scene, 2).await;
    let words = [("position-1", "first"), ("alt-1", "Dawn"), ("caption-1", "Kept <b>"), ("alt-2", "")];
    let answer = scene.browser.post("/desk/galleries/1/pictures", &words).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in
        ["id=\"alt-2-error\"", "id=\"position-1-error\"", "value=\"first\"", "value=\"Kept &#60;b&#62;\""]
    {
        assert!(answer.body.contains(part), "{part}");
    }
    assert_eq!(alts(&scene).await, ["", ""]);
}

#[tokio::test]
async fn an_album_is_published_when_every_picture_is_described() {
    let mut scene = Scene::new().await;
    album(&mut scene, 1).await;
    let publish = [("kind", "photo"), ("title", "A day at the river"), ("action", "publish")];
    let answer = scene.browser.upload("/desk/galleries/1", &publish, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Say what each picture shows before the album is published."));
    scene.browser.post("/desk/galleries/1/pictures", &[("alt-1", "Dawn")]).await;
    let answer = scene.browser.upload("/desk/galleries/1", &publish, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(gallery::by_id(&scene.world.db.pool, GalleryId(1)).await.unwrap().unwrap().visible);
}

#[tokio::test]
async fn saving_a_published_gallery_does_not_move_it_in_time() {
    let mut scene = Scene::new().await;
    let link = [
        ("kind", "film"),
        ("title", "The bridge"),
        ("film_url", "https://films.example/1"),
        ("action", "publish"),
    ];
    scene.browser.upload("/desk/galleries", &link, &[]).await;
    let at = "select publish_at::text from galleries";
    let before = scene.value(at).await;
    let field = scene.value("select to_char(publish_at, 'YYYY-MM-DD\"T\"HH24:MI') from galleries").await;
    let again = [&link[..], &[("publish_at", field.as_str())]].concat();
    let answer = scene.browser.upload("/desk/galleries/1", &again, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.value(at).await, before);
    scene.browser.upload("/desk/galleries/1", &[&link[..3], &[("action", "draft")]].concat(), &[]).await;
    assert_eq!(scene.value(at).await, "");
}

#[tokio::test]
async fn a_film_is_a_file_or_a_link_over_https_and_its_poster_is_described() {
    let mut scene = Scene::new().await;
    let poster = jpeg(9);
    let poster = [("poster", "poster.jpg", poster.as_slice())];
    let fields = [
        ("kind", "film"),
        ("title", "The bridge"),
        ("film_url", "javascript:alert(1)"),
        ("action", "publish"),
    ];
    let answer = scene.browser.upload("/desk/galleries", &fields, &poster).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("id=\"film_url-error\"") && answer.body.contains("id=\"poster_alt-error\""));
    let fields = [("kind", "film"), ("title", "The bridge"), ("action", "publish")];
    let answer =
        scene.browser.upload("/desk/galleries", &fields, &[("film", "a.mp4", b"no film at all")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("This is not a film we can take."), "{}", answer.body);
    assert_eq!(scene.value("select count(*)::text from galleries").await, "0");
}

#[tokio::test]
async fn a_deleted_gallery_leaves_its_pictures_among_the_media() {
    let mut scene = Scene::new().await;
    album(&mut scene, 2).await;
    let answer = scene.browser.post("/desk/galleries/1/delete", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/galleries"));
    assert_eq!(scene.value("select count(*)::text from galleries").await, "0");
    assert_eq!(scene.value("select count(*)::text from media").await, "2");
}

/// One element of a WebM file: its id, two bytes of length, its content.
fn element(id: u64, content: &[u8]) -> Vec<u8> {
    let id = id.to_be_bytes();
    let from = id.iter().position(|&byte| byte != 0).unwrap();
    let length = 0x4000 | u16::try_from(content.len()).unwrap();
    [&id[from..], &length.to_be_bytes(), content].concat()
}

/// The smallest WebM that is one: 800 × 450, and no picture in it.
fn webm() -> Vec<u8> {
    let size = [element(0xB0, &[0x03, 0x20]), element(0xBA, &[0x01, 0xC2])].concat();
    let track = element(0xAE, &[element(0x83, &[1]), element(0xE0, &size)].concat());
    let info = element(0x1549_A966, &element(0x002A_D7B1, &[1]));
    let block = element(0x1F43_B675, &element(0xA3, b"the film itself"));
    let segment = [info, element(0x1654_AE6B, &track), block].concat();
    [element(0x1A45_DFA3, &element(0x4282, b"webm")), element(0x1853_8067, &segment)].concat()
}

#[tokio::test]
async fn an_uploaded_film_is_kept_and_plays_at_once() {
    let mut scene = Scene::new().await;
    let film = webm();
    let fields = [("kind", "film"), ("title", "The bridge"), ("action", "publish")];
    let answer = scene.browser.upload("/desk/galleries", &fields, &[("film", "bridge.webm", &film)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let gallery = gallery::by_id(&scene.world.db.pool, GalleryId(1)).await.unwrap().unwrap();
    let film = gallery.film_file().unwrap();
    let answer = scene.world.browser().get(&film.src).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, film.content_type));
    assert!(answer.body.contains("the film itself"));
    assert_eq!(scene.acts().await, ["upload film by Mira Holt", "create gallery by Mira Holt"]);
}

#[tokio::test]
async fn a_kept_film_need_not_be_chosen_again() {
    let mut scene = Scene::new().await;
    let film = webm();
    let fields = [("kind", "film"), ("title", ""), ("action", "publish")];
    let answer = scene.browser.upload("/desk/galleries", &fields, &[("film", "bridge.webm", &film)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("name=\"film_id\" value=\"1\""), "{}", answer.body);
    let fields = [("kind", "film"), ("title", "The bridge"), ("film_id", "1"), ("action", "publish")];
    assert_eq!(scene.browser.upload("/desk/galleries", &fields, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.value("select film_id::text from galleries").await, "1");
}

#[tokio::test]
async fn a_picture_is_moved_with_a_button_and_what_was_typed_is_saved_with_it() {
    let mut scene = Scene::new().await;
    album(&mut scene, 3).await;
    let typed =
        [("alt-1", "Dawn"), ("position-1", "1"), ("position-2", "2"), ("position-3", "3"), ("move", "3:up")];
    let answer = scene.browser.post("/desk/galleries/1/pictures", &typed).await;
    assert_eq!(answer.header("location"), "/desk/galleries/1#picture-3", "{}", answer.body);
    let order = "select string_agg(id::text, ' ' order by position) from gallery_pictures";
    assert_eq!(scene.value(order).await, "1 3 2");
    assert_eq!(alts(&scene).await, ["Dawn", "", ""]);
    scene.browser.post("/desk/galleries/1/pictures", &[("alt-1", "Dawn"), ("move", "1:up")]).await;
    assert_eq!(scene.value(order).await, "1 3 2");
    // A description that was there is not lost by a move.
    let answer = scene.browser.post("/desk/galleries/1/pictures", &[("alt-1", ""), ("move", "1:down")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = scene.browser.post("/desk/galleries/1/pictures", &[("move", "1:sideways")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_gallery_waits_for_its_time_and_answers_410_once_withdrawn() {
    let mut scene = Scene::new().await;
    let link = [("kind", "film"), ("title", "The bridge"), ("film_url", "https://films.example/1")];
    let at = |time, action| [&link[..], &[("publish_at", time), ("action", action)]].concat();
    scene.browser.upload("/desk/galleries", &at("2099-01-01T10:00", "publish"), &[]).await;
    let status =
        async |scene: &Scene| scene.world.browser().get("/gallery/1/the-bridge").await.status.as_u16();
    assert_eq!(status(&scene).await, 404);
    assert!(scene.browser.get("/desk/galleries").await.body.contains("Scheduled"));
    // What nobody has seen is not there; that it was withdrawn is nobody's business.
    scene.browser.upload("/desk/galleries/1", &at("2099-01-01T10:00", "withdraw"), &[]).await;
    assert_eq!(status(&scene).await, 404);
    scene.browser.upload("/desk/galleries/1", &at("2020-01-01T10:00", "publish"), &[]).await;
    assert_eq!(status(&scene).await, 200);
    scene.browser.upload("/desk/galleries/1", &at("2020-01-01T10:00", "withdraw"), &[]).await;
    assert_eq!(status(&scene).await, 410);
    assert!(!scene.world.browser().read("/gallery/film").await.has(".album"));
    assert!(!scene.world.browser().read("/").await.has(".gallery-block"));
    assert!(scene.browser.get("/desk/galleries/1").await.body.contains("Publish it again"));
    scene.browser.upload("/desk/galleries/1", &at("2020-01-01T10:00", "publish"), &[]).await;
    assert_eq!(status(&scene).await, 200);
}

#[tokio::test]
async fn a_time_that_the_clock_skips_is_refused_for_a_gallery() {
    let world = World::in_zone(chrono_tz::Europe::Berlin).await;
    let browser = world.logged_in(Role::Editor).await;
    let mut scene = Scene { world, browser, section: 0 };
    let fields = [
        ("kind", "film"),
        ("title", "The bridge"),
        ("film_url", "https://films.example/1"),
        ("publish_at", "2026-03-29T02:30"),
        ("action", "publish"),
    ];
    let answer = scene.browser.upload("/desk/galleries", &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("id=\"publish_at-error\"") && answer.body.contains("2026-03-29T02:30"));
}

#[tokio::test]
async fn an_upload_that_breaks_off_or_is_far_too_large_leaves_nothing() {
    let mut scene = Scene::new().await;
    let head = "--mark\r\nContent-Disposition: form-data; name=\"film\"; filename=\"a.webm\"\r\n\r\n";
    let film = webm();
    let cut = [head.as_bytes(), &film[..film.len() / 2]].concat();
    let request = |body: Vec<u8>| {
        Request::post("/desk/galleries")
            .header("origin", crate::browser::BASE)
            .header("content-type", "multipart/form-data; boundary=mark")
            .body(Body::from(body))
            .unwrap()
    };
    assert_eq!(scene.browser.send(request(cut)).await.status, StatusCode::BAD_REQUEST);
    let mut endless = request(Vec::new());
    endless.headers_mut().insert("content-length", "10000000000".parse().unwrap());
    assert_eq!(scene.browser.send(endless).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let media = scene.world.app.config.data.join("media");
    for folder in ["incoming", "public", "originals"] {
        let left = std::fs::read_dir(media.join(folder)).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{folder}");
    }
    assert_eq!(scene.value("select count(*)::text from media").await, "0");
}

#[tokio::test]
async fn a_part_of_an_uploaded_film_is_served() {
    let mut scene = Scene::new().await;
    let film = webm();
    let fields = [("kind", "film"), ("title", "The bridge"), ("action", "publish")];
    scene.browser.upload("/desk/galleries", &fields, &[("film", "bridge.webm", &film)]).await;
    let page = scene.world.browser().read("/gallery/1/the-bridge").await;
    let src = page.attribute("video source", "src");
    let answer = scene.world.browser().get_with(&src, &[("range", "bytes=0-3")]).await;
    assert_eq!(
        (answer.status, answer.headers["content-length"].to_str().unwrap()),
        (StatusCode::PARTIAL_CONTENT, "4")
    );
}

#[tokio::test]
async fn a_linked_film_is_a_plain_link_that_a_script_may_open() {
    let mut scene = Scene::new().await;
    let fields = [
        ("kind", "film"),
        ("title", "The bridge"),
        ("film_url", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("action", "publish"),
    ];
    scene.browser.upload("/desk/galleries", &fields, &[]).await;
    let page = scene.world.browser().read("/gallery/1/the-bridge").await;
    assert_eq!(page.attribute("figure.embed > a", "href"), fields[2].1);
    assert_eq!(page.text("figure.embed > a"), "Watch the film: The bridge");
    assert!(!page.has("iframe"));
}

#[tokio::test]
async fn an_album_counts_its_pictures_and_leads_to_each() {
    let mut scene = Scene::new().await;
    album(&mut scene, 3).await;
    let words: Vec<(String, &str)> = (1..=3).map(|n| (format!("alt-{n}"), "A river")).collect();
    let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    scene.browser.post("/desk/galleries/1/pictures", &words).await;
    let publish = [("kind", "photo"), ("title", "A day at the river"), ("action", "publish")];
    scene.browser.upload("/desk/galleries/1", &publish, &[]).await;
    let page = scene.world.browser().read("/gallery/1/a-day-at-the-river").await;
    assert_eq!(page.texts(".plate .count"), ["1 of 3", "2 of 3", "3 of 3"]);
    assert_eq!(page.attributes(".thumbs a", "href"), ["#picture-1", "#picture-2", "#picture-3"]);
    assert_eq!(page.attributes(".plate", "id"), ["picture-1", "picture-2", "picture-3"]);
}

#[tokio::test]
async fn the_film_of_a_withdrawn_gallery_is_served_no_more() {
    let mut scene = Scene::new().await;
    let film = webm();
    let fields = [("kind", "film"), ("title", "The bridge"), ("action", "publish")];
    scene.browser.upload("/desk/galleries", &fields, &[("film", "bridge.webm", &film)]).await;
    let page = scene.world.browser().read("/gallery/1/the-bridge").await;
    let src = page.attribute("video source", "src");
    let withdrawn = [("kind", "film"), ("title", "The bridge"), ("film_id", "1"), ("action", "withdraw")];
    scene.browser.upload("/desk/galleries/1", &withdrawn, &[]).await;
    assert_eq!(scene.world.browser().get(&src).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_an_album_keeps_nobody_from_withdrawing_it() {
    let mut scene = live_album().await;
    sqlx::query("update gallery_pictures set alt = ''").execute(&scene.world.db.pool).await.unwrap();
    let withdraw = [
        ("kind", "photo"),
        ("title", "A day at the river"),
        ("publish_at", "2026-02-30T10:00"),
        ("action", "withdraw"),
    ];
    let before = scene.value("select publish_at::text from galleries").await;
    let answer = scene.browser.upload("/desk/galleries/1", &withdraw, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(scene.value("select publish_at::text from galleries").await, before);
    let gone = scene.world.browser().get("/gallery/1/a-day-at-the-river").await;
    assert_eq!(gone.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_was_withdrawn_before_its_time_was_never_there() {
    let mut scene = Scene::new().await;
    let link = [("kind", "film"), ("title", "The bridge"), ("film_url", "https://films.example/1")];
    let at = |time, action| [&link[..], &[("publish_at", time), ("action", action)]].concat();
    scene.browser.upload("/desk/galleries", &at("2099-01-01T10:00", "publish"), &[]).await;
    scene.browser.upload("/desk/galleries/1", &at("2099-01-01T10:00", "withdraw"), &[]).await;
    let passed = "update galleries set publish_at = now() - interval '1 hour', withdrawn_at = now() - interval '2 hours'";
    sqlx::query(passed).execute(&scene.world.db.pool).await.unwrap();
    assert_eq!(scene.world.browser().get("/gallery/1/the-bridge").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_picture_added_to_an_album_in_public_waits_for_its_description() {
    let mut scene = live_album().await;
    let new = jpeg(7);
    let answer =
        scene.browser.upload("/desk/galleries/1/upload", &[], &[("pictures", "new.jpg", &new)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    sqlx::query("update gallery_pictures set position = 0 where alt = ''")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    let gallery =
        async |scene: &Scene| gallery::by_id(&scene.world.db.pool, GalleryId(1)).await.unwrap().unwrap();
    let there = gallery(&scene).await;
    assert_eq!((there.pictures, there.cover_alt.as_deref()), (1, Some("Dawn")));
    let shown = async |scene: &Scene| {
        gallery::items(&scene.world.db.pool, GalleryId(1))
            .await
            .unwrap()
            .into_iter()
            .filter(gallery::Item::is_for_readers)
            .count()
    };
    assert_eq!(shown(&scene).await, 1);
    assert!(scene.browser.get("/desk/galleries/1").await.body.contains("Readers see the picture once"));
    let words = [("alt-1", "Dawn"), ("alt-2", "Noon")];
    scene.browser.post("/desk/galleries/1/pictures", &words).await;
    assert_eq!((gallery(&scene).await.pictures, shown(&scene).await), (2, 2));
}

/// One picture, described, and readers have it.
async fn live_album() -> Scene {
    let mut scene = Scene::new().await;
    album(&mut scene, 1).await;
    scene.browser.post("/desk/galleries/1/pictures", &[("alt-1", "Dawn")]).await;
    let publish = [("kind", "photo"), ("title", "A day at the river"), ("action", "publish")];
    let answer = scene.browser.upload("/desk/galleries/1", &publish, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    scene
}
