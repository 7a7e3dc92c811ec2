//! A browser without scripts, straight on the router: keeps cookies and sends `Origin`, follows nothing by itself.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use broadsheet::accounts::user::{self, NewUser};
use broadsheet::accounts::{Role, UserId, session};
use broadsheet::config::{self, Config, Values};
use broadsheet::jobs::Runner;
use broadsheet::mail::{Kept, Post};
use broadsheet::outbound::Outbound;
use broadsheet::server;
use broadsheet::web::App;
use broadsheet::web::page_cache::{self, PageCache};
use broadsheet::web::rates::Quotas;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{self, TestDb};

pub const BASE: &str = "http://localhost";
/// Good enough for every rule.
pub const PASSWORD: &str = "kettle marble orchid tram";

/// A site with an empty database, and nobody limited.
pub struct World {
    pub app: App,
    pub db: TestDb,
    _data: Folder,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

pub struct Browser {
    router: Router,
    /// What was written before a page is asked for has been heard by then, as it is a moment later for people.
    site: Option<App>,
    pub cookies: Vec<(String, String)>,
}

/// The defaults, whatever the environment of the test says, with a data folder that goes with the test.
pub fn config(folder: &Folder) -> Config {
    Config { data: folder.0.clone(), ..config::load(&Values::default(), &Values::default()).unwrap().config }
}

/// A new folder, removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("data-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl World {
    pub async fn new() -> Self {
        Self::at(BASE, Quotas::open()).await
    }

    pub async fn at(base_url: &str, quotas: Quotas) -> Self {
        Self::made(base_url, quotas, |_| ()).await
    }

    /// With other settings than the defaults.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::made(BASE, Quotas::open(), change).await
    }

    /// A paper whose clock is that of this zone.
    pub async fn in_zone(timezone: chrono_tz::Tz) -> Self {
        Self::with(|config| config.timezone = timezone).await
    }

    async fn made(base_url: &str, quotas: Quotas, change: impl FnOnce(&mut Config)) -> Self {
        Self::assembled(support::database().await, base_url, quotas, change).await
    }

    /// Over a database that is filled already.
    pub async fn over(db: TestDb, change: impl FnOnce(&mut Config)) -> Self {
        Self::assembled(db, BASE, Quotas::open(), change).await
    }

    async fn assembled(db: TestDb, base_url: &str, quotas: Quotas, change: impl FnOnce(&mut Config)) -> Self {
        let data = Folder::new();
        let mut config = config(&data);
        change(&mut config);
        let app = App::assemble(config, base_url, db.pool.clone(), quotas).await.unwrap();
        let app = app.with_post(Post::memory().unwrap());
        let app = app.with_outbound(Outbound::new().unwrap().anywhere());
        tokio::spawn(page_cache::watch(app.clone()));
        Self { app, db, _data: data }
    }

    /// Another program over the same database.
    pub async fn instance(&self) -> App {
        let (config, db) = (self.app.config.clone(), self.db.pool.clone());
        let app = App::assemble(config, BASE, db, Quotas::open()).await.unwrap();
        tokio::spawn(page_cache::watch(app.clone()));
        app
    }

    pub fn browser(&self) -> Browser {
        Browser::on(server::router(self.app.clone())).of(&self.app)
    }

    /// Does what waits in the queue; every letter that has left so far, oldest first.
    pub async fn letters(&self) -> Vec<Kept> {
        Runner::new(self.app.clone()).drain().await.unwrap();
        self.app.post.kept()
    }

    /// An account with `PASSWORD`.
    pub async fn account(&self, email: &str, role: Role) -> UserId {
        let hash = self.app.hasher.hash(PASSWORD).await.unwrap();
        let mut tx = self.db.pool.begin().await.unwrap();
        let new = NewUser { email, name: "Mira Holt", role, password_hash: &hash };
        let id = user::create(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A browser that is logged in as a new account of this role.
    pub async fn logged_in(&self, role: Role) -> Browser {
        self.browser_as(role, server::routes()).await
    }

    /// The same, on routes of the test's own.
    pub async fn browser_as(&self, role: Role, routes: Router<App>) -> Browser {
        let email = format!("{role}@example.org");
        let mut tx = self.db.pool.begin().await.unwrap();
        let new = NewUser { email: &email, name: "Mira Holt", role, password_hash: "none" };
        let id = user::create(&mut tx, &new).await.unwrap();
        let token = session::create(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let mut browser = Browser::on(server::layers(self.app.clone(), routes)).of(&self.app);
        browser.cookies.push(("__Host-sid".to_owned(), token.as_str().to_owned()));
        browser
    }
}

impl Browser {
    pub fn on(router: Router) -> Self {
        Self { router, site: None, cookies: Vec::new() }
    }

    /// For a router that keeps pages.
    pub fn of(self, app: &App) -> Self {
        Self { site: Some(app.clone()), ..self }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Without waiting until what was written has been heard.
    pub async fn get_at_once(&mut self, path: &str) -> Answer {
        let site = self.site.take();
        let answer = self.get(path).await;
        self.site = site;
        answer
    }

    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// As a browser sends a form of our own pages.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// A multipart form: text fields, then files as (field, file name, bytes).
    pub async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        self.upload_with(path, &[], fields, files).await
    }

    pub async fn upload_with(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let head = format!(
                "--mark\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--mark--\r\n");
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=mark")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// Whatever the test wants to send; `Host` and cookies are added.
    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert("localhost".parse().unwrap());
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        let site = self.site.as_ref().filter(|app| request.method() == Method::GET && !app.db.is_closed());
        if let Some(app) = site {
            assert!(PageCache::settle(app).await, "changes to pages are not heard");
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn keep(&mut self, line: &str) {
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        self.cookies.retain(|(key, _)| key != name);
        if !line.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

impl Answer {
    /// "" when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A request of any method without a body.
pub fn bare(method: Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}
