//! Waiting for a condition: asked again and again until it holds, with an end.

use std::future::Future;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How long anything may take. Long, for machines under load: only a failing test waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How soon a condition is asked again. A browser has drawn two frames in the meantime.
const EVERY: Duration = Duration::from_millis(35);

/// Asks until there is an answer.
///
/// The attempt says `Ok(None)` for *not yet*.
///
/// # Errors
/// The attempt's own error at once; `what` when [`PATIENCE`] is over.
pub async fn until<T, F>(what: &str, mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let end = Instant::now() + PATIENCE;
    let mut again = interval(EVERY);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        again.tick().await;
        if let Some(answer) = attempt().await? {
            return Ok(answer);
        }
        if Instant::now() > end {
            bail!("waited {} s in vain until {what}", PATIENCE.as_secs());
        }
    }
}
