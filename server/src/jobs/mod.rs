//! What runs beside the requests: hearing of other processes' changes and telling of all, writing last uses and
//! what was seen, forgetting ended sessions, the sweeper, alerts, and notices. No answer depends on a job having run.

pub mod courier;
pub mod post;
mod prepare;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tenure_domain::time::MINUTE;

use tokio::time::{MissedTickBehavior, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{courier::Courier, post::Postman};
use crate::{
    ops::{alerts, effects, notices, sweep, webhooks},
    sightings,
    state::AppState,
    store::{StoreError, plans, sessions},
};

/// Often enough that the verifier trusts its memory without a gap.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);
/// What is shown as the last use is at most a few seconds old; the longer, the fewer writes.
const FLUSH_EVERY: Duration = Duration::from_secs(3);
const FORGET_SIGHTINGS_EVERY: Duration = Duration::from_secs(600);
const FORGET_SESSIONS_EVERY: Duration = Duration::from_secs(600);
const FORGET_POSTS_EVERY: Duration = Duration::from_secs(3_600);
/// For what is under way when the jobs are told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How often it is looked whether owners are to hear of something.
const TELL_EVERY: Duration = Duration::from_secs(3);
/// Where somebody's day begins, it begins at a quarter of an hour; nothing else makes a digest due.
const QUARTER: i64 = 15 * MINUTE;
/// How often it is looked whether something wants attention.
const WATCH_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// The running jobs.
pub struct Jobs {
    stop: CancellationToken,
    tasks: TaskTracker,
    state: AppState,
}

impl Jobs {
    /// Starts them; the sweeper only if the settings want it.
    #[must_use]
    pub fn start(state: &AppState) -> Self {
        let jobs = Self {
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            state: state.clone(),
        };
        jobs.every(FOLLOW_EVERY, "follow changes", follow_changes);
        jobs.follow_log();
        jobs.every(FLUSH_EVERY, "write last uses", flush_uses);
        jobs.every(FLUSH_EVERY, "write what was seen", flush_sightings);
        jobs.every(
            FORGET_SIGHTINGS_EVERY,
            "forget what was seen long ago",
            forget_sightings,
        );
        jobs.every(
            FORGET_SESSIONS_EVERY,
            "forget ended sessions",
            forget_sessions,
        );
        jobs.every(FORGET_POSTS_EVERY, "forget posts of long ago", forget_posts);
        if state.settings.sweeper {
            jobs.every(SWEEP_EVERY, "record expiries", record_expiries);
        }
        jobs.every(WATCH_EVERY, "watch for alerts", watch);
        match Courier::new(state) {
            Ok(courier) => drop(
                jobs.tasks
                    .spawn(courier.run(state.clone(), jobs.stop.clone())),
            ),
            Err(error) => tracing::error!(%error, "alerts are not posted: TLS cannot be set up"),
        }
        if let Some(postman) = Postman::new(state) {
            let planned = Arc::new(AtomicI64::new(i64::MIN));
            jobs.every(TELL_EVERY, "tell owners", move |state| {
                tell_owners(state, Arc::clone(&planned))
            });
            jobs.tasks.spawn(postman.run(jobs.stop.clone()));
        }
        jobs
    }

    /// Stops them, waits until they have (or for [`DRAIN`]), and writes what is still noted in memory.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        if timeout(DRAIN, self.tasks.wait()).await.is_err() {
            tracing::warn!("stopping: a job did not finish in time");
        }
        if let Err(error) = self.state.verifier.flush_uses().await {
            tracing::warn!(%error, "the latest uses of tokens were not written");
        }
        if let Err(error) = flush_sightings(self.state.clone()).await {
            tracing::warn!(%error, "what was seen last was not written");
        }
    }

    /// Tells the streams what is logged: at once what this process does, and a moment later what others do.
    fn follow_log(&self) {
        let (state, stop) = (self.state.clone(), self.stop.clone());
        let mut log_end = state.store.log_end();
        self.tasks.spawn(async move {
            let mut ticks = tokio::time::interval(FOLLOW_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut failing = false;
            loop {
                let woken = async {
                    tokio::select! {
                        _ = ticks.tick() => {}
                        _ = log_end.changed() => {}
                    }
                };
                if stop.run_until_cancelled(woken).await.is_none() {
                    return;
                }
                let result = state.live.follow().await;
                report("tell of changes", &mut failing, result);
            }
        });
    }

    fn every<F>(
        &self,
        period: Duration,
        name: &'static str,
        job: impl Fn(AppState) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let (state, stop) = (self.state.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut failing = false;
            while stop.run_until_cancelled(ticks.tick()).await.is_some() {
                let result = job(state.clone()).await;
                report(name, &mut failing, result);
            }
        });
    }
}

/// Logs when a job begins to fail and when it works again, not every time between.
fn report(name: &str, failing: &mut bool, result: Result<(), StoreError>) {
    match (result, *failing) {
        (Err(error), false) => {
            *failing = true;
            tracing::warn!(job = name, %error, "a job fails; it will be tried again");
        }
        (Ok(()), true) => {
            *failing = false;
            tracing::info!(job = name, "the job works again");
        }
        (Err(_), true) | (Ok(()), false) => {}
    }
}

async fn follow_changes(state: AppState) -> Result<(), StoreError> {
    state.verifier.follow_changes().await
}

async fn flush_uses(state: AppState) -> Result<(), StoreError> {
    state.verifier.flush_uses().await
}

async fn watch(state: AppState) -> Result<(), StoreError> {
    alerts::watch(&state.store, &state.random, state.clock.now()).await
}

async fn flush_sightings(state: AppState) -> Result<(), StoreError> {
    state.sightings.flush(&state.store, state.clock.now()).await
}

async fn forget_sightings(state: AppState) -> Result<(), StoreError> {
    sightings::forget(&state.store, state.clock.now()).await
}

async fn forget_sessions(state: AppState) -> Result<(), StoreError> {
    let mut tx = state.store.write_aside().await?;
    sessions::delete_expired(&mut tx, state.clock.now()).await?;
    tx.commit().await
}

async fn forget_posts(state: AppState) -> Result<(), StoreError> {
    webhooks::forget(&state.store, state.clock.now()).await
}

async fn record_expiries(state: AppState) -> Result<(), StoreError> {
    let plans = plans::all(&mut state.store.peek().await?).await?;
    for plan in plans {
        effects::record(&state.store, &plan.id, state.clock.now()).await?;
        let ended = sweep::sweep(&state.store, &plan.id, state.clock.now()).await?;
        if ended > 0 {
            tracing::info!(plan = %plan.id, tokens = ended, "expiries were recorded");
        }
    }
    Ok(())
}

/// Queues notices: of changed policies, of what has expired, and a quarter of an hour after the last time of
/// what will expire, for which that is soon enough.
async fn tell_owners(state: AppState, planned: Arc<AtomicI64>) -> Result<(), StoreError> {
    let store = &state.store;
    while notices::announce::hand_on(store, state.clock.now()).await? {}
    let plans = plans::all(&mut store.peek().await?).await?;
    for plan in plans {
        while notices::expired::tell(store, &plan.id, state.clock.now()).await? {}
    }
    let now = state.clock.now();
    let quarter = now.as_millis().div_euclid(QUARTER);
    if planned.load(Ordering::Relaxed) != quarter {
        notices::plan::plan(store, now).await?;
        planned.store(quarter, Ordering::Relaxed);
    }
    Ok(())
}
