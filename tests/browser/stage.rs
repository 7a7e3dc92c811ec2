//! A site of the test's own, in this process, with its worker; the test may write into it.

use std::net::Ipv4Addr;

use broadsheet::accounts::{Role, session};
use broadsheet::jobs::Runner;
use broadsheet::server;
use broadsheet::web::rates::Quotas;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::browser::World;
use crate::window::Window;

pub struct Stage {
    pub world: World,
    pub base_url: String,
    tasks: [JoinHandle<()>; 2],
}

impl Stage {
    pub async fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base_url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let world = World::at(&base_url, Quotas::open()).await;
        let served = server::serve(world.app.clone(), listener, std::future::pending());
        let worker = Runner::new(world.app.clone());
        let tasks = [tokio::spawn(served), tokio::spawn(worker.run())];
        Self { world, base_url, tasks }
    }

    pub async fn reader(&self) -> Window {
        Window::open(&self.base_url).await
    }

    /// The window of somebody who has logged in.
    pub async fn editor(&self) -> Window {
        self.editor_with_token().await.0
    }

    /// With what opens another window of the same person.
    pub async fn editor_with_token(&self) -> (Window, String) {
        let id = self.world.account("editor@example.org", Role::Editor).await;
        let mut tx = self.world.db.pool.begin().await.unwrap();
        let token = session::create(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        (Window::open_as(&self.base_url, token.as_str()).await, token.as_str().to_owned())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
