//! The time, as the rest of the server is told it. Nothing else in this crate reads a clock.
//!
//! A reading never goes back within a process, and never behind the floor that the newest
//! acknowledged event sets at start: a machine whose clock was set back cannot make "now" earlier
//! than something that somebody was already told. Nor does it make the time stand still: from there
//! on it runs by the uptime, until the machine's clock has caught up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tenure_domain::time::Timestamp;

/// Where the time comes from: the machine, or a test.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: Source,
    /// How far the latest time known was ahead of the uptime, in milliseconds. It only rises, so no
    /// reading, which is at least the uptime and this, lies before an earlier one.
    lead: AtomicI64,
}

#[derive(Debug)]
enum Source {
    System {
        started: Instant,
    },
    Mock {
        wall: AtomicI64,
        uptime_millis: AtomicI64,
    },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Source::System {
            started: Instant::now(),
        })
    }

    /// A clock that stands still at `now` until it is moved.
    #[must_use]
    pub fn mock(now: Timestamp) -> Self {
        Self::new(Source::Mock {
            wall: AtomicI64::new(now.as_millis()),
            uptime_millis: AtomicI64::new(0),
        })
    }

    fn new(source: Source) -> Self {
        Self(Arc::new(Inner {
            source,
            lead: AtomicI64::new(i64::MIN),
        }))
    }

    /// The time now, which is never earlier than an earlier answer or than the floor.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.raise_floor(self.0.source.wall())
    }

    /// Sees to it that no reading lies before `floor`, and that time runs on from there; returns the
    /// reading of this moment.
    pub fn raise_floor(&self, floor: Timestamp) -> Timestamp {
        let uptime = i64::try_from(self.uptime().as_millis()).unwrap_or(i64::MAX);
        let lead = floor.as_millis().saturating_sub(uptime);
        let before = self.0.lead.fetch_max(lead, Ordering::AcqRel);
        Timestamp::from_millis(uptime.saturating_add(before.max(lead)))
    }

    /// How long this clock has run: it only measures, and no setting of the wall clock moves it.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        match &self.0.source {
            Source::System { started } => started.elapsed(),
            Source::Mock { uptime_millis, .. } => {
                Duration::from_millis(uptime_millis.load(Ordering::Acquire).unsigned_abs())
            }
        }
    }

    /// Waits until a reading is not before `instant`. A mock clock moves there itself, as if it had waited.
    pub async fn wait_until(&self, instant: Timestamp) {
        loop {
            let millis = instant.millis_since(self.now());
            let Some(left) = u64::try_from(millis).ok().filter(|left| *left > 0) else {
                return;
            };
            match &self.0.source {
                Source::System { .. } => tokio::time::sleep(Duration::from_millis(left)).await,
                Source::Mock { .. } => self.advance(Duration::from_millis(left)),
            }
        }
    }

    /// Moves a mock clock ahead, its wall and its uptime alike. The machine's clock ignores it.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        if let Source::Mock {
            wall,
            uptime_millis,
        } = &self.0.source
        {
            wall.fetch_add(millis, Ordering::AcqRel);
            uptime_millis.fetch_add(millis, Ordering::AcqRel);
        }
    }

    /// Sets a mock clock's wall, also backwards, as an operator or a time server may do to a
    /// machine. Readings still never go back. The machine's clock ignores it.
    pub fn set(&self, to: Timestamp) {
        if let Source::Mock { wall, .. } = &self.0.source {
            wall.store(to.as_millis(), Ordering::Release);
        }
    }
}

impl Source {
    fn wall(&self) -> Timestamp {
        match self {
            Self::System { .. } => system_wall(),
            Self::Mock { wall, .. } => Timestamp::from_millis(wall.load(Ordering::Acquire)),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this module is where the time is read"
)]
fn system_wall() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_go_back() {
        let clock = Clock::mock(at(1_000));
        assert_eq!(clock.now(), at(1_000));
        clock.set(at(10));
        assert_eq!(clock.now(), at(1_000));
        clock.set(at(1_001));
        assert_eq!(clock.now(), at(1_001));
    }

    #[test]
    fn no_reading_lies_before_the_floor() {
        let clock = Clock::mock(at(1_000));
        clock.raise_floor(at(5_000));
        assert_eq!(clock.now(), at(5_000));
        clock.set(at(7_000));
        assert_eq!(clock.now(), at(7_000));
    }

    #[test]
    fn time_runs_on_from_the_floor() {
        let clock = Clock::mock(at(1_000));
        clock.raise_floor(at(5_000));
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), at(6_000));
        clock.set(at(10));
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), at(7_000));
    }

    #[test]
    fn setting_the_wall_does_not_move_the_uptime() {
        let clock = Clock::mock(at(1_000));
        clock.set(at(999_999));
        assert_eq!(clock.uptime(), Duration::ZERO);
        clock.advance(Duration::from_millis(7));
        assert_eq!(clock.uptime(), Duration::from_millis(7));
    }

    #[test]
    fn the_machine_has_a_time() {
        assert!(Clock::system().now() > at(1_700_000_000_000));
    }
}
