//! Varnish with `docs/varnish.vcl`: it keeps pages, is told of changes, and lets editors through.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use broadsheet::accounts::Role;
use broadsheet::server;
use broadsheet::web::page_cache::PageCache;
use chrono::{TimeDelta, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::browser::{Folder, World, config};
use crate::newsroom::Story;

/// The site, and Varnish before it.
struct Site {
    world: World,
    varnish: SocketAddr,
    child: Child,
    _folder: Folder,
}

impl Site {
    async fn new() -> Self {
        let varnish = free().await;
        let purge_url = format!("http://{varnish}").parse().unwrap();
        let world = World::with(|config| config.purge_url = Some(purge_url)).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(server::serve(world.app.clone(), listener, std::future::pending()));
        let folder = Folder::new();
        let place = config(&folder).data;
        let configuration = place.join("site.vcl");
        let vcl = include_str!("../../docs/varnish.vcl").replace("\"8080\"", &format!("\"{port}\""));
        std::fs::write(&configuration, vcl).unwrap();
        let child = Command::new("varnishd")
            .args(["-F", "-j", "none", "-s", "malloc,16m", "-a", &varnish.to_string(), "-n"])
            .arg(place.join("varnish"))
            .arg("-f")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let site = Self { world, varnish, child, _folder: folder };
        site.until("Varnish", async |site| TcpStream::connect(site.varnish).await.is_ok()).await;
        assert!(PageCache::settle(&site.world.app).await);
        site
    }

    /// A whole answer, head and body.
    async fn ask(&self, method: &Method, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(self.varnish).await.unwrap();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn get(&self, path: &str) -> String {
        self.ask(&Method::GET, path, "").await
    }

    async fn until(&self, what: &str, mut holds: impl AsyncFnMut(&Self) -> bool) {
        for _ in 0..2000 {
            if holds(self).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{what} did not come");
    }

    /// Requests that came through to the site.
    fn came_through(&self) -> u64 {
        let counts = self.world.app.pages.figures.now();
        counts.hits + counts.drawn + counts.shared + counts.bypassed
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn varnish_keeps_a_page_until_something_on_it_changes() {
    let site = Site::new().await;
    let id = Story::new("Tides").publish(&site.world).await;
    let path = format!("/article/{id}/tides");
    for path in ["/", "/section/news", "/feed.xml", &path] {
        site.until("the page", async |site| site.get(path).await.contains("Tides")).await;
    }
    // What was purged at the start may still be on its way.
    site.until("quiet", async |site| {
        let before = site.came_through();
        site.get("/").await;
        site.get(&path).await;
        site.came_through() == before
    })
    .await;
    let before = site.came_through();
    for _ in 0..5 {
        let answer = site.get(&path).await;
        assert!(answer.starts_with("HTTP/1.1 200") && !answer.to_ascii_lowercase().contains("surrogate"));
        assert!(answer.contains("public, max-age=0, must-revalidate"));
    }
    assert_eq!(site.came_through(), before);
    sqlx::raw_sql("update articles set headline = 'Low water'").execute(&site.world.db.pool).await.unwrap();
    for path in ["/", "/section/news", "/feed.xml", &path] {
        site.until("the change", async |site| site.get(path).await.contains("Low water")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_at_its_time_comes_through_varnish_too() {
    let site = Site::new().await;
    Story::new("Ebb").publish(&site.world).await;
    let soon = Utc::now() + TimeDelta::seconds(3);
    Story::new("Spring tide").at(soon).publish(&site.world).await;
    site.until("the page", async |site| site.get("/section/news").await.contains("Ebb")).await;
    assert!(!site.get("/section/news").await.contains("Spring tide") || Utc::now() >= soon);
    site.until("its time", async |site| site.get("/section/news").await.contains("Spring tide")).await;
    assert!(Utc::now() >= soon);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_comes_through_and_leaves_nothing_behind() {
    let site = Site::new().await;
    Story::new("Tides").publish(&site.world).await;
    let editor = site.world.logged_in(Role::Editor).await;
    let cookie = format!("Cookie: __Host-sid={}\r\n", editor.cookie("__Host-sid").unwrap());
    for _ in 0..2 {
        let before = site.came_through();
        let answer = site.ask(&Method::GET, "/", &cookie).await;
        assert!(answer.contains("private, no-store"), "{answer}");
        assert!(site.came_through() > before);
    }
    assert!(!site.get("/").await.contains("no-store"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_the_site_may_not_purge() {
    let site = Site::new().await;
    // From this machine one may; the file names who else.
    let answer = site.ask(&Method::from_bytes(b"PURGE").unwrap(), "/", "Surrogate-Key: all\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(include_str!("../../docs/varnish.vcl").contains("return (synth(403));"));
}
