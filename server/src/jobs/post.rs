//! The postman: takes notices from the outbox one at a time, has each written, and hands it over (R16).
//!
//! Any number of processes do so at once. A notice counts as sent only once the mail server took it. A process
//! that is killed in between leaves one notice leased; when the lease has run out another process sends
//! it, with the same Message-ID.

use std::time::Duration;

use lettre::message::Mailbox;
use tenure_domain::{
    locale::Locale,
    notice::{NoticeKind, NoticeState},
    time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
};
use tokio::{pin, time::sleep};
use tokio_util::sync::CancellationToken;

use super::prepare::{Prepared, prepare};
use crate::{
    mail::{
        Mailer, Outcome,
        message::{NoAddress, Sealed},
    },
    ops::notices::failure::fail,
    state::AppState,
    store::{
        StoreError,
        notices::{
            self,
            outbox::{self, Leased},
        },
    },
};

/// How long a notice is one process's own, unless it says that it is still at it.
const LEASE: i64 = 30 * SECOND;
/// How often it says so.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// How often the outbox is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a mail server may say "later" of a mail before that counts as never.
const GIVE_UP_AFTER: i64 = 5 * DAY;
/// The first wait before another try; each further one is twice as long.
const FIRST_WAIT: i64 = MINUTE;
const LONGEST_WAIT: i64 = 6 * HOUR;
/// How often a notice is tried that cannot be written, or that nobody ever came back from.
const BROKEN_TRIES: i64 = 12;
/// No mail can leave: the first rest, the longest one.
const REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_secs(300);
/// What is known only here must be written down, or the mail is repeated.
const WRITE_TRIES: usize = 20;
const WRITE_EVERY: Duration = Duration::from_millis(500);

/// Sends notices, one at a time.
pub struct Postman {
    app: AppState,
    holder: String,
    from: Mailbox,
    mailer: Mailer,
    /// How often in a row no mail could leave, and until when to rest, by the uptime.
    unreachable: u32,
    rests_until: Duration,
}

/// What one look at the outbox came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Nothing is due.
    Idle,
    /// A notice was dealt with; there may be more.
    Worked,
    /// No mail can leave at the moment.
    Resting,
}

impl Postman {
    /// One for this process; `None` where it is told of no way for mails.
    #[must_use]
    pub fn new(app: &AppState) -> Option<Self> {
        let setup = app.settings.mail.as_ref()?;
        Some(Self {
            holder: app.random.id(app.clock.now()),
            mailer: Mailer::new(&setup.route, setup.from.email.domain()),
            from: setup.from.clone(),
            app: app.clone(),
            unreachable: 0,
            rests_until: Duration::ZERO,
        })
    }

    /// Works until it is told to stop.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut failing = false;
        while stop.run_until_cancelled(sleep(LOOK_EVERY)).await.is_some() {
            let result = loop {
                match self.look().await {
                    Ok(Looked::Worked) if !stop.is_cancelled() => {}
                    Ok(_) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            super::report("send notices", &mut failing, result);
        }
        self.mailer.close().await;
    }

    /// Deals with the notice that waits longest, if one is due.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&mut self) -> Result<Looked, StoreError> {
        if self.app.clock.uptime() < self.rests_until {
            return Ok(Looked::Resting);
        }
        let now = self.app.clock.now();
        let next = outbox::next(&mut self.app.store.peek().await?).await?;
        if next.is_none_or(|next| next > now) {
            return Ok(Looked::Idle);
        }
        let mut tx = self.app.store.write_aside().await?;
        let until = now.saturating_add(LEASE);
        let leased = outbox::lease(&mut tx, &self.holder, now, until).await?;
        tx.commit().await?;
        let Some(notice) = leased else {
            // Another process was faster; what is left is for the next look.
            return Ok(Looked::Idle);
        };
        self.deal_with(&notice).await?;
        Ok(Looked::Worked)
    }

    async fn deal_with(&mut self, notice: &Leased) -> Result<(), StoreError> {
        if notice.attempts > BROKEN_TRIES && notice.reason.is_none() {
            let words = "no process came back from sending it, however often one tried";
            return self.fails(notice, words).await;
        }
        // In a task of its own: if writing it panics, that is this notice's fault and no other's.
        let prepared =
            tokio::spawn(prepare(self.app.clone(), notice.clone(), self.from.clone())).await;
        match prepared {
            Ok(Ok(Prepared::Mail(mail, locale))) => {
                let outcome = self.hand_over(notice, &mail).await;
                self.conclude(notice, &locale, outcome).await
            }
            Ok(Ok(Prepared::Nothing)) => self.suppress(notice).await,
            Ok(Ok(Prepared::NoAddress(NoAddress(words)))) => self.fails(notice, &words).await,
            // The database is away: the lease runs out, and it is tried again.
            Ok(Err(error)) if error.is_unavailable() => Err(error),
            Ok(Err(error)) => self.is_broken(notice, &error.to_string()).await,
            Err(_panic) => self.is_broken(notice, "writing it failed").await,
        }
    }

    /// Hands a mail over, and says meanwhile that it is still at it.
    async fn hand_over(&mut self, notice: &Leased, mail: &Sealed) -> Outcome {
        let handing = self.mailer.hand_over(mail);
        pin!(handing);
        loop {
            tokio::select! {
                outcome = &mut handing => return outcome,
                () = sleep(RENEW_EVERY) => {}
            }
            // Without the database nobody else can take it either.
            if let Ok(mut tx) = self.app.store.write_aside().await {
                let until = self.app.clock.now().saturating_add(LEASE);
                let held = (&notice.id, self.holder.as_str());
                let _until_next_time = outbox::renew(&mut tx, held, until).await;
                let _until_next_time = tx.commit().await;
            }
        }
    }

    async fn conclude(
        &mut self,
        notice: &Leased,
        locale: &Locale,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let now = self.app.clock.now();
        if let Outcome::Unreachable(words) = outcome {
            let rest = REST
                .saturating_mul(2_u32.saturating_pow(self.unreachable))
                .min(LONGEST_REST);
            if self.unreachable == 0 {
                tracing::warn!(reason = words, "no mail can leave; notices wait");
            }
            self.unreachable = self.unreachable.saturating_add(1);
            self.rests_until = self.app.clock.uptime() + rest;
            return self.again(notice, &words, now).await;
        }
        if self.unreachable > 0 {
            tracing::info!("mails can leave again");
            self.unreachable = 0;
        }
        match outcome {
            Outcome::Taken => self.is_sent(notice, locale).await,
            Outcome::Refused(words) => self.fails(notice, &words).await,
            Outcome::Later(words) if now.millis_since(notice.queued_at) >= GIVE_UP_AFTER => {
                let words = format!("not taken for five days; the last time: {words}");
                self.fails(notice, &words).await
            }
            Outcome::Later(words) | Outcome::Unreachable(words) => {
                let due_at = now.saturating_add(self.wait(notice.attempts));
                self.again(notice, &words, due_at).await
            }
        }
    }

    /// How long to wait after so many tries: longer each time, and never in step with others.
    fn wait(&self, attempts: i64) -> i64 {
        let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let wait = FIRST_WAIT
            .saturating_mul(2_i64.saturating_pow(doublings))
            .min(LONGEST_WAIT);
        let [chance] = self.app.random.bytes();
        wait / 2 + wait * i64::from(chance) / 512
    }

    /// The mail has left, and only this process knows: it is written down, if it takes a while.
    async fn is_sent(&self, notice: &Leased, locale: &Locale) -> Result<(), StoreError> {
        let mut tries = 1;
        loop {
            match self.write_sent(notice, locale).await {
                Err(error) if error.is_unavailable() && tries < WRITE_TRIES => tries += 1,
                result => return result,
            }
            sleep(WRITE_EVERY).await;
        }
    }

    async fn write_sent(&self, notice: &Leased, locale: &Locale) -> Result<(), StoreError> {
        let mut tx = self.app.store.write_aside().await?;
        let now = self.app.clock.now();
        if !outbox::sent(&mut tx, self.held(notice), now, locale).await? {
            tracing::warn!(notice = %notice.id, "a notice was sent after its lease had run out");
        }
        tx.commit().await
    }

    async fn again(
        &self,
        notice: &Leased,
        reason: &str,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.app.store.write_aside().await?;
        outbox::again(&mut tx, self.held(notice), reason, due_at).await?;
        tx.commit().await
    }

    async fn fails(&self, notice: &Leased, reason: &str) -> Result<(), StoreError> {
        tracing::warn!(notice = %notice.id, reason, "a notice failed");
        let mut tx = self.app.store.write_aside().await?;
        fail(&mut tx, notice, &self.holder, reason, self.app.clock.now()).await?;
        tx.commit().await
    }

    /// It cannot be written; it is tried a few times, in case a newer version of the server can.
    async fn is_broken(&self, notice: &Leased, reason: &str) -> Result<(), StoreError> {
        tracing::error!(notice = %notice.id, reason, "a notice cannot be written");
        if notice.attempts >= BROKEN_TRIES {
            return self.fails(notice, reason).await;
        }
        let due_at = self
            .app
            .clock
            .now()
            .saturating_add(self.wait(notice.attempts));
        self.again(notice, reason, due_at).await
    }

    async fn suppress(&self, notice: &Leased) -> Result<(), StoreError> {
        let words = match notice.kind {
            NoticeKind::Digest => "every token in it has ended, or ends at another time by now",
            NoticeKind::Invitation => "it was answered, withdrawn or sent again, or has expired",
            _ => "there was nothing left to tell",
        };
        let mut tx = self.app.store.write_aside().await?;
        let held = self.held(notice);
        if outbox::ended(&mut tx, held, NoticeState::Suppressed, words).await? {
            notices::untell_all(&mut tx, &notice.id).await?;
        }
        tx.commit().await
    }

    fn held<'a>(&'a self, notice: &'a Leased) -> (&'a tenure_domain::id::NoticeId, &'a str) {
        (&notice.id, &self.holder)
    }
}
