//! The focal point: what the crops of a picture keep in view.

use std::io::Cursor;

use broadsheet::jobs::{Runner, sweep_media};

use super::library::ABOUT;
use super::scene::Scene;
use crate::newsroom::Story;

/// Red at the left, blue at the right, much wider than high.
fn two_colours() -> Vec<u8> {
    let image = image::RgbImage::from_fn(1200, 400, |x, _| {
        if x < 600 { image::Rgb([220, 20, 20]) } else { image::Rgb([20, 20, 220]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn crops_are_made_anew_around_a_moved_point_and_the_old_ones_stay_for_a_while() {
    let mut scene = Scene::new().await;
    let id = scene.picture("halves.png", &two_colours()).await;
    Story::new("Two halves").with(|story| story.picture_id = Some(id)).publish(&scene.world).await;
    let before = scene.medium(id).await.picture().unwrap().square();
    assert_eq!((before.width, before.height), (400, 400));

    let fields: Vec<_> =
        ABOUT.iter().map(|&(name, value)| (name, if name == "focus_x" { "90" } else { value })).collect();
    scene.browser.post(&format!("/desk/media/{id}"), &fields).await;
    assert!(!scene.medium(id).await.cropped, "not yet");
    Runner::new(scene.world.app.clone()).drain().await.unwrap();
    let after = scene.medium(id).await.picture().unwrap().square();
    assert_ne!(after.src(), before.src());

    let mut stranger = scene.world.browser();
    for address in [before.src(), after.src()] {
        assert_eq!(stranger.get(&address).await.status, 200, "{address}");
    }
    let digest = after.src().split('/').nth(2).unwrap().parse().unwrap();
    let file = scene.world.app.media.public_path(&digest, broadsheet::media::Extension::Jpg);
    let blue = image::open(file).unwrap().into_rgb8();
    assert!(blue.get_pixel(5, 5).0[2] > 180, "what lies at the right is in view");

    sqlx::query("update media_files set retired_at = retired_at - interval '31 days'")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    sweep_media::orphans(&scene.world.app, std::time::Duration::ZERO).await.unwrap();
    assert_eq!(stranger.get(&before.src()).await.status, 404);
    assert_eq!(stranger.get(&after.src()).await.status, 200);
}

#[tokio::test]
async fn cards_show_the_crop_of_their_shape() {
    let mut scene = Scene::new().await;
    let id = scene.picture("halves.png", &two_colours()).await;
    for headline in ["First", "Second"] {
        Story::new(headline).with(|story| story.picture_id = Some(id)).publish(&scene.world).await;
    }
    let page = scene.world.browser().read("/section/news").await;
    let ratio = |selector: &str| {
        let side = |name| page.attribute(selector, name).parse::<f64>().unwrap();
        format!("{:.2}", side("width") / side("height"))
    };
    assert_eq!(ratio(".story-lead img"), "1.78");
    assert_eq!(ratio(".story-row img"), "1.33");
    assert!(page.attribute(".story-row source", "srcset").contains("halves-320.webp 320w"));
}

#[tokio::test]
async fn pictures_from_before_there_were_crops_get_theirs() {
    let mut scene = Scene::new().await;
    let id = scene.picture("halves.png", &two_colours()).await;
    let past = "update media set cropped_x = null, cropped_y = null";
    sqlx::query(past).execute(&scene.world.db.pool).await.unwrap();
    sqlx::query("delete from media_files").execute(&scene.world.db.pool).await.unwrap();
    sweep_media::crop(&scene.world.app).await.unwrap();
    sweep_media::crop(&scene.world.app).await.unwrap();
    assert_eq!(scene.value("select count(*)::text from jobs").await, "1", "asked for once");
    Runner::new(scene.world.app.clone()).drain().await.unwrap();
    let medium = scene.medium(id).await;
    assert!(medium.cropped && medium.picture().unwrap().wide().width < 1200);
}
