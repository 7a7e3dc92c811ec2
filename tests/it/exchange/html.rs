//! The public site as a folder of files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use broadsheet::exchange::html;
use broadsheet::server;

use super::paper;
use crate::browser::{BASE, Folder, World, config};
use crate::newsroom::{Page, Story};

async fn folder(world: &World, folder: &Folder) -> PathBuf {
    let place = config(folder).data.join("pages");
    html::write(server::router(world.app.clone()), BASE, &place, &mut |_| ()).await.unwrap();
    place
}

/// What a web server does: a file of that name, or the page of a folder.
fn served(root: &Path, path: &str) -> Option<PathBuf> {
    let path = path.split(['#', '?']).next().unwrap();
    let path = percent_encoding::percent_decode_str(path).decode_utf8().unwrap();
    let place = root.join(path.trim_start_matches('/'));
    let place = if place.is_dir() { place.join("index.html") } else { place };
    place.is_file().then_some(place)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn every_link_in_the_folder_leads_to_a_file() {
    let (world, data) = (paper().await, Folder::new());
    let root = folder(&world, &data).await;
    let (mut dead, mut followed, mut pages) = (BTreeSet::new(), 0, 0);
    for file in files(&root) {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !["html", "xml", "atom", "json", "opml", "css", "js", "webmanifest"].contains(&ending) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let mut addresses = Vec::new();
        if ending == "html" {
            pages += 1;
            let page = Page::of_html(&text);
            assert!(!page.has("form"), "{}", file.display());
            for (selector, name) in [("[href]", "href"), ("[src]", "src"), ("[poster]", "poster")] {
                addresses.extend(page.attributes(selector, name));
            }
            for set in page.attributes("[srcset]", "srcset") {
                addresses.extend(set.split(", ").map(|one| one.split(' ').next().unwrap().to_owned()));
            }
        } else {
            let parts = text.split(['"', '<', '>', '\'', '(', ')', ' ', '\n', '\\']);
            addresses.extend(parts.filter(|part| part.starts_with(BASE)).map(str::to_owned));
        }
        for address in addresses {
            let path = address.strip_prefix(BASE).unwrap_or(&address);
            if !path.starts_with('/') || path.starts_with("//") {
                continue;
            }
            followed += 1;
            if served(&root, path).is_none() || path.contains('?') {
                dead.insert(format!("{} -> {path}", file.strip_prefix(&root).unwrap().display()));
            }
        }
    }
    assert!(pages > 150 && followed > 5000, "{pages} pages, {followed} links");
    assert!(dead.is_empty(), "{dead:#?}");
}

#[tokio::test]
async fn the_pages_are_those_of_the_site() {
    let (world, data) = (World::new().await, Folder::new());
    let id = Story::new("The sea at night").tags(&["sea"]).publish(&world).await;
    let hidden = Story::new("Not yet out").draft(&world).await;
    let root = folder(&world, &data).await;
    let path = format!("/article/{id}/the-sea-at-night");
    let written = Page::of_html(&fs::read_to_string(served(&root, &path).unwrap()).unwrap());
    let shown = world.browser().read(&path).await;
    assert_eq!(written.texts("article"), shown.texts("article"));
    assert!(served(&root, "/feed.xml").is_some() && served(&root, "/404.html").is_some());
    assert!(served(&root, &format!("/article/{hidden}/not-yet-out")).is_none());
    assert!(!root.join("desk").exists() && !root.join("search").exists());
}

#[tokio::test]
async fn a_later_export_takes_the_place_of_the_one_before_and_of_nothing_else() {
    let (world, data) = (World::new().await, Folder::new());
    Story::new("The sea at night").publish(&world).await;
    let root = folder(&world, &data).await;
    fs::write(root.join("stale.html"), "").unwrap();
    folder(&world, &data).await;
    assert!(!root.join("stale.html").exists() && root.join("index.html").exists());
    assert_eq!(fs::read_dir(root.parent().unwrap()).unwrap().count(), 1, "something was left behind");

    fs::remove_file(root.join(".broadsheet-export")).unwrap();
    let router = server::router(world.app.clone());
    let refused = html::write(router, BASE, &root, &mut |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("no earlier export"), "{refused}");
    assert!(root.join("index.html").exists());
}
