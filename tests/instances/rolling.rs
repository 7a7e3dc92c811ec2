//! Readers behind a real nginx, while the instances it asks are replaced one after the other.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::program::{Instance, PATIENCE, Plan, status};
use super::support::scratch;

/// 200 requests in a second.
const PACE: Duration = Duration::from_millis(5);
/// Replacing takes less than a second, so it is done again and again until so many were under way meanwhile.
const ENOUGH: usize = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_fails_while_the_instances_are_replaced() {
    let db = scratch::database().await;
    let mut instances = [Instance::start(&db, "all"), Instance::start(&db, "web")];
    let proxy = Proxy::before(&instances.each_ref().map(|instance| instance.address)).await;

    let (asked, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let readers = tokio::spawn(readers(proxy.address, Arc::clone(&asked), Arc::clone(&over)));
    while asked.load(Ordering::Relaxed) < ENOUGH {
        for (instance, role) in instances.iter_mut().zip(["all", "web"]) {
            let address = instance.address.to_string();
            assert!(tokio::task::block_in_place(|| instance.stop()).success());
            let mut plan = Plan::new(&db, role, "");
            plan.command.env("BROADSHEET_LISTEN", &address);
            *instance = tokio::task::block_in_place(|| plan.start());
        }
    }
    over.store(true, Ordering::Relaxed);
    let (answered, failed) = readers.await.unwrap();
    assert_eq!(failed, Vec::<String>::new(), "{answered} were answered");
    assert!(answered >= ENOUGH, "{answered} were answered");
}

/// Asks at a steady pace, whatever becomes of the answers, until it is over.
async fn readers(
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
) -> (usize, Vec<String>) {
    let mut pace = tokio::time::interval(PACE);
    let mut answers = Vec::new();
    while !over.load(Ordering::Relaxed) {
        pace.tick().await;
        let path = ["/", "/feed.xml", "/sitemap.xml"][answers.len() % 3];
        answers.push(tokio::spawn(async move { (path, status(address, path).await) }));
        asked.store(answers.len(), Ordering::Relaxed);
    }
    let (mut answered, mut failed) = (0, Vec::new());
    for answer in answers {
        match answer.await.unwrap() {
            (_, Ok(200)) => answered += 1,
            (path, answer) => failed.push(format!("{path}: {answer:?}")),
        }
    }
    (answered, failed)
}

/// An nginx, set up as docs/deploy.md says. Killed when the test forgets it.
struct Proxy {
    address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Proxy {
    async fn before(instances: &[SocketAddr]) -> Self {
        let folder = std::env::temp_dir().join(format!("broadsheet-nginx-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        // A port that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let servers: Vec<String> =
            instances.iter().map(|instance| format!("server {instance} max_fails=0;")).collect();
        let servers = servers.join("\n");
        let here = folder.display();
        let conf = format!(
            "daemon off;
             master_process off;
             pid {here}/pid;
             error_log {here}/error.log;
             events {{}}
             http {{
                 access_log off;
                 client_body_temp_path {here}/body;
                 proxy_temp_path {here}/proxy;
                 fastcgi_temp_path {here}/fastcgi;
                 uwsgi_temp_path {here}/uwsgi;
                 scgi_temp_path {here}/scgi;
                 upstream broadsheet {{
                     {servers}
                     keepalive 16;
                 }}
                 server {{
                     listen {address};
                     location / {{
                         proxy_pass http://broadsheet;
                         proxy_http_version 1.1;
                         proxy_set_header Connection \"\";
                         proxy_set_header Host $host;
                     }}
                 }}
             }}"
        );
        let path = folder.join("nginx.conf");
        std::fs::write(&path, conf).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-e").arg(folder.join("start.log")).arg("-c").arg(&path).stderr(Stdio::null());
        let proxy = Self { address, child: command.spawn().expect("nginx is installed"), folder };
        let began = Instant::now();
        while status(address, "/livez").await.is_err() {
            assert!(began.elapsed() < PATIENCE, "nginx does not answer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
