//! The courier: takes posts for programs from their outbox one at a time, signs each, and sends it.
//!
//! Any number of processes do so at once. A post that a process was killed over is sent again when its lease has run
//! out, with the same `webhook-id`, so that the receiver can tell.

use tenure_domain::time::{DAY, HOUR, SECOND, Timestamp};

use crate::{
    state::AppState,
    store::{
        StoreError,
        webhooks::{self, Leased},
    },
    webhook::{
        post::{Outcome, Poster},
        signature::Key,
    },
};

/// How long a post is one process's own: longer than a try takes.
const LEASE: i64 = 30 * SECOND;
/// The first wait before another try; each further one is three times as long.
const FIRST_WAIT: i64 = 5 * SECOND;
const LONGEST_WAIT: i64 = 6 * HOUR;
/// How long it is tried.
const GIVE_UP_AFTER: i64 = 3 * DAY;

/// Sends posts, one at a time.
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

    /// Sends what is due.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn work(&self, app: &AppState) -> Result<(), StoreError> {
        while self.look(app).await? {}
        Ok(())
    }

    /// Deals with the post that waits longest, if one is due; says whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, app: &AppState) -> Result<bool, StoreError> {
        let now = app.clock.now();
        let next = webhooks::next(&mut app.store.peek().await?).await?;
        if next.is_none_or(|next| next > now) {
            return Ok(false);
        }
        let mut tx = app.store.write_aside().await?;
        let until = now.saturating_add(LEASE);
        let leased = webhooks::lease(&mut tx, &self.holder, now, until).await?;
        let webhook = match &leased {
            Some(post) => webhooks::get(&mut tx, &post.plan).await?,
            None => None,
        };
        tx.commit().await?;
        let Some(post) = leased else {
            return Ok(false);
        };
        let key = webhook.as_ref().and_then(|it| Key::kept(&it.secret));
        let outcome = match (&webhook, &key) {
            (Some(webhook), Some(key)) => {
                let to = (webhook.url.as_str(), key);
                self.poster.post(to, (&post.id, &post.body), now).await
            }
            _ => Outcome::Gone,
        };
        self.conclude(app, &post, outcome).await?;
        Ok(true)
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
