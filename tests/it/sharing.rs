//! What a link to the site shows elsewhere: icons from one logo, and a picture for every article.

use std::io::Cursor;

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::jobs::Runner;
use broadsheet::text::Slug;
use chrono::{TimeDelta, Utc};
use serde_json::Value;

use crate::browser::{BASE, World};
use crate::newsroom::{Page, Story};

fn logo(tone: u8) -> Vec<u8> {
    let logo = image::RgbImage::from_pixel(600, 400, image::Rgb([tone, 40, 40]));
    let mut bytes = Cursor::new(Vec::new());
    logo.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn one_logo_becomes_every_icon() {
    let world = World::new().await;
    let mut reader = world.browser();
    let manifest: Value = serde_json::from_str(&reader.get("/site.webmanifest").await.body).unwrap();
    assert_eq!((&manifest["name"], &manifest["icons"][0]["sizes"]), (&"Broadsheet".into(), &"any".into()));
    let mut desk = world.logged_in(Role::Admin).await;
    let answer = desk.upload("/desk/discovery/logo", &[], &[("logo", "logo.png", &logo(200))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = reader.read("/").await;
    let mut named = page.attributes("link[rel=icon], link[rel='apple-touch-icon']", "href");
    assert_eq!(page.attributes("link[rel=icon]", "sizes"), ["32x32", "48x48", "192x192"]);
    let manifest = reader.get(&page.attribute("link[rel=manifest]", "href")).await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json; charset=utf-8");
    let manifest: Value = serde_json::from_str(&manifest.body).unwrap();
    named.extend(
        manifest["icons"].as_array().unwrap().iter().map(|icon| icon["src"].as_str().unwrap().to_owned()),
    );
    for path in ["/favicon.ico", "/apple-touch-icon.png"] {
        named.push(reader.get(path).await.header("location").to_owned());
    }
    assert_eq!(named.len(), 4 + 5 + 2);
    for path in &named {
        let icon = reader.get(path).await;
        assert_eq!((icon.status, icon.header("content-type")), (StatusCode::OK, "image/png"), "{path}");
        assert_eq!(icon.header("cache-control"), "public, max-age=31536000, immutable");
    }
    assert!(page.text("script[type='application/ld+json']").contains("-512.png"));
    desk.upload("/desk/discovery/logo", &[], &[("logo", "logo.png", &logo(90))]).await;
    let after = reader.read("/").await.attribute("link[rel='apple-touch-icon']", "href");
    assert!(!named.contains(&after), "{after}");
}

#[tokio::test]
async fn what_is_no_logo_is_refused_at_its_field() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    for bytes in [b"<svg xmlns='http://www.w3.org/2000/svg'></svg>".to_vec(), Vec::new()] {
        let answer = desk.upload("/desk/discovery/logo", &[], &[("logo", "logo.svg", &bytes)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(Page::of(&answer).has("#logo-error"));
    }
    assert!(world.browser().read("/").await.attribute("link[rel=icon]", "href").contains("favicon"));
}

#[tokio::test]
async fn an_article_without_a_picture_gets_a_drawn_one_that_follows_its_headline() {
    let world = World::new().await;
    let id = Story::new("Harbour wall holds").publish(&world).await;
    let mut reader = world.browser();
    let path = format!("/article/{id}/harbour-wall-holds");
    assert!(!reader.read(&path).await.has("meta[property='og:image']"));
    Runner::new(world.app.clone()).drain().await.unwrap();
    let page = reader.read(&path).await;
    let image = page.attribute("meta[property='og:image']", "content");
    let size = ["og:image:width", "og:image:height", "og:image:alt"]
        .map(|name| page.attribute(&format!("meta[property='{name}']"), "content"));
    assert_eq!(size, ["1200", "630", "Harbour wall holds"]);
    assert!(page.text("script[type='application/ld+json']").contains(&image));
    let before = reader.get(image.strip_prefix(BASE).unwrap()).await;
    assert_eq!((before.status, before.header("content-type")), (StatusCode::OK, "image/png"));
    Story::new("Harbour wall breaks")
        .with(|fields| fields.slug = Slug::of("harbour wall holds").unwrap())
        .over(&world, id)
        .await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    let after = reader.read(&path).await.attribute("meta[property='og:image']", "content");
    assert_ne!(after, image);
    assert_eq!(reader.get(image.strip_prefix(BASE).unwrap()).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_is_shown_of_what_readers_may_not_see() {
    let world = World::new().await;
    let id = Story::new("Canary").at(Utc::now() + TimeDelta::hours(1)).publish(&world).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    let version: String =
        sqlx::query_scalar("select version from drawings").fetch_one(&world.db.pool).await.unwrap();
    let path = format!("/article/{id}/picture/{version}.png");
    assert_eq!(world.browser().get(&path).await.status, StatusCode::NOT_FOUND);
    sqlx::query("update articles set publish_at = now() - interval '1 minute'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(world.browser().get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_headline_that_cannot_be_drawn_has_no_picture() {
    let world = World::new().await;
    let id = Story::new("باران در شهر").publish(&world).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    let page = world.browser().get(&format!("/article/{id}")).await;
    let page = world.browser().read(page.header("location")).await;
    assert!(!page.has("meta[property='og:image']"));
}
