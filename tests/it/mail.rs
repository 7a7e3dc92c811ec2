//! Letters: how they are written, what waits, and what a mail server is told.

use askama::Template;
use broadsheet::config::{Config, Smtp, SmtpTls};
use broadsheet::jobs::Runner;
use broadsheet::mail::{self, Post, View};
use broadsheet::server;
use broadsheet::web::App;
use broadsheet::web::rates::Quotas;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::browser::{BASE, Browser, Folder, World, config};

#[derive(Template)]
#[template(source = "Dear reader,\n\n{{ text }}\n", ext = "txt")]
struct Note {
    subject: &'static str,
    text: &'static str,
}

impl View for Note {
    fn subject(&self) -> String {
        self.subject.to_owned()
    }
}

const NOTE: Note = Note { subject: "Été: the <ferry>", text: "It runs again & on time." };

async fn write(world: &World, note: &Note) {
    let mut tx = world.db.pool.begin().await.unwrap();
    mail::send(&mut tx, "reader@example.org", note).await.unwrap();
    tx.commit().await.unwrap();
}

/// A mail server that takes one letter after the other, or refuses every reader.
struct Server {
    port: u16,
    talks: mpsc::UnboundedReceiver<String>,
}

impl Server {
    async fn start(refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, talks) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = sender.send(talk(stream, refuses).await);
            }
        });
        Self { port, talks }
    }

    /// The site's way to it.
    fn post(&self) -> Post {
        let folder = Folder::new();
        let smtp = Smtp { host: "127.0.0.1".to_owned(), port: self.port, tls: SmtpTls::Off, user: None };
        let from = "The Lantern <news@example.org>".parse().unwrap();
        let config = Config { smtp: Some(smtp), mail_from: Some(from), ..config(&folder) };
        Post::open(&config, BASE).unwrap()
    }
}

/// Everything the client said, line by line.
async fn talk(stream: TcpStream, refuses: bool) -> String {
    let mut stream = BufReader::new(stream);
    let (mut said, mut in_letter) = (String::new(), false);
    stream.write_all(b"220 here\r\n").await.unwrap();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return said;
        }
        said.push_str(&line);
        let answer = match line.trim_end() {
            "." if in_letter => {
                in_letter = false;
                "250 taken\r\n"
            }
            _ if in_letter => continue,
            "DATA" => {
                in_letter = true;
                "354 go on\r\n"
            }
            line if line.starts_with("RCPT") && refuses => "550 5.1.1 <reader@example.org> is not here\r\n",
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

async fn world_with(post: Post) -> (World, App) {
    let world = World::new().await;
    let pool = world.db.pool.clone();
    let quotas = Quotas::open();
    let app = App::assemble(world.app.config.clone(), BASE, pool, quotas).await.unwrap().with_post(post);
    (world, app)
}

#[tokio::test]
async fn a_letter_is_handed_to_the_mail_server_and_its_address_is_forgotten() {
    let mut server = Server::start(false).await;
    let (world, app) = world_with(server.post()).await;
    write(&world, &NOTE).await;
    assert_eq!(Runner::new(app).drain().await.unwrap(), 1);
    let said = server.talks.recv().await.unwrap();
    for line in [
        "EHLO localhost",
        "MAIL FROM:<news@example.org>",
        "RCPT TO:<reader@example.org>",
        "Auto-Submitted: auto-generated",
        "To: reader@example.org",
        "Content-Type: text/plain; charset=utf-8",
        "It runs again & on time.",
    ] {
        assert!(said.lines().any(|have| have.starts_with(line)), "{line}\n{said}");
    }
    let header = |name: &str| said.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(header("From: ").contains("The Lantern") && header("From: ").ends_with("<news@example.org>"));
    assert!(header("Message-ID: <").ends_with("@localhost>"), "{said}");
    assert!(header("Date: ").ends_with("+0000") || header("Date: ").ends_with("GMT"), "{said}");
    let jobs: i64 = sqlx::query_scalar("select count(*) from jobs").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(jobs, 0);
}

#[tokio::test]
async fn a_letter_that_is_refused_waits_with_a_reason_that_names_nobody() {
    let server = Server::start(true).await;
    let (world, app) = world_with(server.post()).await;
    write(&world, &NOTE).await;
    assert_eq!(Runner::new(app).drain().await.unwrap(), 1);
    let why: String = sqlx::query_scalar("select last_error from jobs where run_at > now()")
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    assert!(why.contains("is not here") && !why.contains("reader@"), "{why}");
}

#[tokio::test]
async fn a_letter_waits_while_no_server_answers_and_keeps_its_id() {
    let gone = Server { port: 1, talks: mpsc::unbounded_channel().1 };
    let (world, app) = world_with(gone.post()).await;
    write(&world, &NOTE).await;
    Runner::new(app).drain().await.unwrap();
    let id: String =
        sqlx::query_scalar("select payload->>'id' from jobs").fetch_one(&world.db.pool).await.unwrap();
    sqlx::query("update jobs set run_at = now()").execute(&world.db.pool).await.unwrap();
    let letters = world.letters().await;
    assert!(letters[0].raw.contains(&format!("Message-ID: <{id}@localhost>")), "{}", letters[0].raw);
}

#[tokio::test]
async fn what_is_typed_begins_no_header_of_its_own() {
    let world = World::new().await;
    write(&world, &Note { subject: "Hello\r\nBcc: all@example.org", text: "." }).await;
    let letter = world.letters().await.remove(0);
    assert_eq!(letter.subject, "Hello Bcc: all@example.org");
    let head = letter.raw.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    let mut tx = world.db.pool.begin().await.unwrap();
    for to in ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", ""] {
        assert!(mail::send(&mut tx, to, &NOTE).await.is_err(), "{to}");
    }
}

#[tokio::test]
async fn no_letter_is_written_when_its_transaction_is_taken_back() {
    let world = World::new().await;
    let mut tx = world.db.pool.begin().await.unwrap();
    mail::send(&mut tx, "reader@example.org", &NOTE).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.letters().await, []);
}

#[tokio::test]
async fn without_a_mail_server_letters_are_files_that_only_the_site_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let config = config(&folder);
    let (world, app) = world_with(Post::open(&config, BASE).unwrap()).await;
    write(&world, &NOTE).await;
    Runner::new(app.clone()).drain().await.unwrap();
    let mail = app.post.folder().unwrap();
    assert_eq!(mail, config.data.join("mail"));
    let files: Vec<_> = std::fs::read_dir(mail).unwrap().map(|entry| entry.unwrap().path()).collect();
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(files.len() == 1 && text.contains("To: reader@example.org"), "{text}");
    assert_eq!(files[0].extension().unwrap(), "eml");
    assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);

    app.post.sweep().await.unwrap();
    assert!(files[0].exists());
    let old = std::time::SystemTime::now() - std::time::Duration::from_hours(8 * 24);
    std::fs::File::options().write(true).open(&files[0]).unwrap().set_modified(old).unwrap();
    app.post.sweep().await.unwrap();
    assert!(!files[0].exists());
}

#[tokio::test]
async fn a_letter_that_was_given_up_is_forgotten_after_a_week() {
    let world = World::new().await;
    write(&world, &NOTE).await;
    let pool = &world.db.pool;
    for (days, forgotten) in [(6, 0), (8, 1)] {
        let age = "update jobs set dead_at = now() - make_interval(days => $1)";
        sqlx::query(age).bind(days).execute(pool).await.unwrap();
        assert_eq!(broadsheet::queue::forget_letters(pool).await.unwrap(), forgotten);
    }
}

#[tokio::test]
async fn without_a_mail_server_the_pages_do_not_say_that_a_letter_is_on_its_way() {
    let world = World::new().await;
    let folder = Folder::new();
    let app = App::assemble(config(&folder), BASE, world.db.pool.clone(), Quotas::open()).await.unwrap();
    assert!(app.post.folder().is_some());
    let mut stranger = Browser::on(server::router(app)).of(&world.app);
    let answer = stranger.post("/desk/forgotten", &[("email", "reader@example.org")]).await;
    let page = stranger.read(answer.header("location")).await.text(".notice");
    assert!(page.contains("no mail server is set") && !page.contains("on its way"), "{page}");
}
