//! The worker: takes jobs one after the other, and does the recurring work when its turn has come.

use std::time::Duration;

use anyhow::Context;

use super::{
    check_links, count_views, draw, fold_edits, import, mail_invitation, mail_reset, make_renditions,
    ping_hub, send_mail, sweep, sweep_media, tell_engines, tell_held,
};
use crate::accounts::invitation::InvitationId;
use crate::news::article::ArticleId;
use crate::news::import::ImportId;
use crate::news::media::MediaId;
use crate::queue::{self, Bell, Job, Payload};
use crate::web::App;

/// How long a job waits at most when its announcement was missed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Views are at most this old in the hourly sums, and lost at most this much by a crash.
const FLUSH_EVERY: Duration = Duration::from_secs(5);

/// One worker over one site. Several, in one process or many, share the work.
#[derive(Clone)]
pub struct Runner {
    app: App,
}

impl Runner {
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Works until it is dropped. Whatever fails is logged and tried again; nothing ends the loop.
    pub async fn run(self) {
        tokio::join!(self.work(), self.keep_time(true));
    }

    /// What every instance has to do for itself, one that leaves the queue to others too.
    pub async fn attend(self) {
        self.keep_time(false).await;
    }

    /// Runs every job that is due and ends: for tests, and for commands that want their work done.
    pub async fn drain(&self) -> anyhow::Result<usize> {
        let mut done = 0;
        while self.next().await? {
            done += 1;
        }
        Ok(done)
    }

    async fn work(&self) {
        let mut bell = Bell::new(self.app.db.clone());
        loop {
            match self.next().await {
                Ok(true) => (),
                Ok(false) => bell.wait(PATIENCE).await,
                Err(error) => {
                    tracing::warn!("The queue cannot be read: {error:#}");
                    bell.wait(PATIENCE).await;
                }
            }
        }
    }

    /// Does one job. `false`: there was none.
    async fn next(&self) -> anyhow::Result<bool> {
        let mut db = self.app.db.acquire().await?;
        let Some(job) = queue::claim(&mut db).await? else { return Ok(false) };
        drop(db);
        // A job that panics is a failed job, not a dead worker.
        let runner = self.clone();
        let payload = job.payload.clone();
        let outcome = tokio::spawn(async move { runner.perform(&payload).await }).await;
        let outcome = outcome.context("the job panicked").and_then(|done| done);
        self.settle(&job, outcome).await?;
        Ok(true)
    }

    async fn perform(&self, payload: &Payload) -> anyhow::Result<()> {
        match payload {
            Payload::MakeRenditions { media_id } => {
                make_renditions::run(&self.app.db, &self.app.media, &self.app.workshop, MediaId(*media_id))
                    .await
            }
            Payload::SendMail(letter) => send_mail::run(&self.app, letter).await,
            Payload::MailReset { email } => mail_reset::run(&self.app, &email.0).await,
            Payload::MailInvitation { invitation_id } => {
                mail_invitation::run(&self.app, InvitationId(*invitation_id)).await
            }
            Payload::Draw { article_id } => draw::run(&self.app, ArticleId(*article_id)).await,
            Payload::PingHub { hub, article_id } => {
                ping_hub::run(&self.app, hub, ArticleId(*article_id)).await
            }
            Payload::Import { import_id } => import::run(&self.app, ImportId(*import_id)).await,
            Payload::TellEngines { article_id } => {
                tell_engines::run(&self.app, ArticleId(*article_id), tell_engines::ENDPOINT).await
            }
            Payload::TellHeld { edit_id } => tell_held::run(&self.app, *edit_id).await,
        }
    }

    async fn settle(&self, job: &Job, outcome: anyhow::Result<()>) -> anyhow::Result<()> {
        let mut db = self.app.db.acquire().await?;
        match outcome {
            Ok(()) => queue::finish(&mut *db, job.id).await?,
            Err(error) => {
                tracing::warn!(job = job.id, attempt = job.attempts, "{:?} failed: {error:#}", job.payload);
                queue::fail(&mut db, job, &format!("{error:#}")).await?;
            }
        }
        Ok(())
    }

    async fn keep_time(&self, works: bool) {
        let mut tick = tokio::time::interval(FLUSH_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            note("Counting views", count_views::flush(&self.app).await);
            note("Changing the key of the day", self.app.networks.rotate(&self.app.db).await);
            if works {
                note("Ranking the most viewed", count_views::rank(&self.app).await);
                note("Folding in edits whose time has come", fold_edits::run(&self.app).await);
                note("Checking links", check_links::run(&self.app).await);
                note("Sweeping", sweep::run(&self.app).await);
                note("Sweeping media", sweep_media::run(&self.app).await);
            }
        }
    }
}

fn note(work: &str, outcome: anyhow::Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!("{work} failed: {error:#}");
    }
}
