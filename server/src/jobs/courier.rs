//! The courier: takes posts for programs from their outbox, signs each, and sends it: several at once, of a plan one, so
//! that a receiver that is slow keeps nobody waiting but its own plan.
//!
//! Any number of processes do so at once. A post that a process was killed over is sent again when its lease has run
//! out, with the same `webhook-id`, so that the receiver can tell.

use std::time::Duration;

use tenure_domain::time::{DAY, HOUR, SECOND, Timestamp};
use tokio::{task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::report;
use crate::{
    state::AppState,
    store::{
        StoreError,
        webhooks::{self, Leased, Webhook},
    },
    webhook::{
        post::{Outcome, Poster},
        signature::Key,
    },
};

/// How often it is looked whether something is to be posted.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many posts of a process are in flight at once.
const AT_ONCE: usize = 16;
/// How long a post is one process's own: longer than a try takes.
const LEASE: i64 = 30 * SECOND;
/// The first wait before another try; each further one is three times as long.
const FIRST_WAIT: i64 = 5 * SECOND;
const LONGEST_WAIT: i64 = 6 * HOUR;
/// How long it is tried.
const GIVE_UP_AFTER: i64 = 3 * DAY;

/// Posts in flight.
type InFlight = JoinSet<Result<(), StoreError>>;

/// Sends posts.
#[derive(Clone)]
pub struct Courier {
    holder: String,
    poster: Poster,
}

impl Courier {
    /// One for this process.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(app: &AppState) -> Result<Self, reqwest::Error> {
        Ok(Self {
            holder: app.random.id(app.clock.now()),
            poster: Poster::new(app.settings.webhook_private)?,
        })
    }

    /// Sends what is due and what becomes due, until it is told to stop; then what is in flight comes to its end.
    pub async fn run(self, app: AppState, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut in_flight, mut failing) = (InFlight::new(), false);
        loop {
            let result = tokio::select! {
                () = stop.cancelled() => break,
                Some(done) = in_flight.join_next() => done.unwrap_or(Ok(())),
                _ = ticks.tick() => Ok(()),
            };
            let result = match result {
                Ok(()) => self.send_due(&app, &mut in_flight).await,
                failed => failed,
            };
            report("post alerts", &mut failing, result);
        }
        while in_flight.join_next().await.is_some() {}
    }

    /// Sends what is due, and waits for what became of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn work(&self, app: &AppState) -> Result<(), StoreError> {
        let mut in_flight = InFlight::new();
        self.send_due(app, &mut in_flight).await?;
        while let Some(done) = in_flight.join_next().await {
            done.unwrap_or(Ok(()))?;
            self.send_due(app, &mut in_flight).await?;
        }
        Ok(())
    }

    /// Begins to send what is due, as far as there is room.
    async fn send_due(&self, app: &AppState, in_flight: &mut InFlight) -> Result<(), StoreError> {
        while in_flight.len() < AT_ONCE {
            let Some((post, webhook)) = self.take(app).await? else {
                break;
            };
            let (courier, app) = (self.clone(), app.clone());
            in_flight.spawn(async move { courier.send(&app, post, webhook).await });
        }
        Ok(())
    }

    /// Takes the post that waits longest, if one is due, and where it is to go.
    async fn take(&self, app: &AppState) -> Result<Option<(Leased, Option<Webhook>)>, StoreError> {
        let now = app.clock.now();
        if !webhooks::is_due(&mut app.store.peek().await?, now).await? {
            return Ok(None);
        }
        let mut tx = app.store.write_aside().await?;
        let until = now.saturating_add(LEASE);
        let leased = webhooks::lease(&mut tx, &self.holder, now, until).await?;
        let Some(post) = leased else {
            return Ok(None);
        };
        let webhook = webhooks::get(&mut tx, &post.plan).await?;
        tx.commit().await?;
        Ok(Some((post, webhook)))
    }

    async fn send(
        &self,
        app: &AppState,
        post: Leased,
        webhook: Option<Webhook>,
    ) -> Result<(), StoreError> {
        let key = webhook.as_ref().and_then(|it| Key::kept(&it.secret));
        let outcome = match (&webhook, &key) {
            (Some(webhook), Some(key)) => {
                let (to, now) = ((webhook.url.as_str(), key), app.clock.now());
                self.poster.post(to, (&post.id, &post.body), now).await
            }
            _ => Outcome::Gone,
        };
        self.conclude(app, &post, outcome).await
    }

    async fn conclude(
        &self,
        app: &AppState,
        post: &Leased,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let now = app.clock.now();
        let held = (post.id.as_str(), self.holder.as_str());
        let mut tx = app.store.write_aside().await?;
        match outcome {
            Outcome::Taken => webhooks::taken(&mut tx, held).await?,
            Outcome::Gone => {
                let words = "the receiver wants no more posts, or there is none any more";
                webhooks::failed(&mut tx, held, words).await?
            }
            Outcome::Later(words) if now.millis_since(post.created_at) >= GIVE_UP_AFTER => {
                let words = format!("not taken for three days; the last time: {words}");
                webhooks::failed(&mut tx, held, &words).await?
            }
            Outcome::Later(words) => {
                let due_at = due_again(now, post.attempts);
                webhooks::again(&mut tx, held, &words, due_at).await?
            }
        };
        tx.commit().await
    }
}

/// When a post is tried again that was tried so often.
fn due_again(now: Timestamp, attempts: i64) -> Timestamp {
    let times = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    let wait = FIRST_WAIT.saturating_mul(3_i64.saturating_pow(times));
    now.saturating_add(wait.min(LONGEST_WAIT))
}
