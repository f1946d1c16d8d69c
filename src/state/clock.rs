//! The server's clock, which rules (R18), as the console knows it from the server's answers.
//!
//! Between answers it runs by the browser's monotonic clock, so a wall clock that is wrong or jumps
//! changes nothing here. Deliberately not here: reading a clock (`crate::clock`) and wording.

use leptos::prelude::*;
use tenure_domain::time::{SECOND, Timestamp};

use crate::{clock::Clock, reactive::lasting};

/// The browser's clock is called wrong when it differs by more than this many milliseconds.
pub const MAX_SKEW: i64 = 60 * SECOND;
/// An answer that puts the server's clock back by more than this is believed.
const STEPPED_BACK: i64 = 2 * SECOND;
/// When the browser's two clocks part by more than this within a tick, the computer slept (which may
/// stop the monotonic one) or somebody set the wall clock.
const JUMP: i64 = 5 * SECOND;

/// The server's time, ticking each second. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct ServerClock(&'static Parts);

/// What it is made of.
struct Parts {
    clock: Clock,
    /// Server time minus the browser's monotonic time.
    offset: RwSignal<Option<i64>>,
    tick: RwSignal<u32>,
    /// The wall clock minus the monotonic one at the latest tick.
    drift: StoredValue<i64>,
    doubtful: RwSignal<bool>,
}

impl ServerClock {
    /// A clock that ticks from now on, and knows the server's time from the first answer on.
    #[must_use]
    pub fn start(clock: Clock) -> Self {
        let this = Self(lasting(Parts {
            clock,
            offset: RwSignal::new(None),
            tick: RwSignal::new(0),
            drift: StoredValue::new(drift(clock)),
            doubtful: RwSignal::new(false),
        }));
        this.tick_on();
        this
    }

    /// Learns from an answer what the server's clock shows.
    ///
    /// An answer is some milliseconds old when it is read, never young: so the latest estimate wins,
    /// and the seconds that people see do not jump to and fro.
    pub fn observe(self, server_time: Timestamp) {
        let offset = server_time.as_millis() - self.0.clock.monotonic();
        let better = |known: i64| offset > known || offset < known - STEPPED_BACK;
        let doubtful = self.0.doubtful.try_get_untracked() == Some(true);
        let known = self.0.offset.try_get_untracked().flatten();
        if doubtful || known.is_none_or(better) {
            self.0.offset.try_set(Some(offset));
        }
        if doubtful {
            self.0.doubtful.try_set(false);
        }
    }

    /// Whether the server's time is not known any more, because the browser's clocks have jumped: the
    /// next answer tells it anew. Tracked.
    #[must_use]
    pub fn is_doubtful(self) -> bool {
        self.0.doubtful.get()
    }

    /// The server's time, or the browser's until the server has spoken. Tracked: it changes each second.
    #[must_use]
    pub fn now(self) -> Timestamp {
        self.0.tick.track();
        self.0.offset.track();
        self.now_untracked()
    }

    /// The server's time at this moment.
    #[must_use]
    pub fn now_untracked(self) -> Timestamp {
        self.0.offset.try_get_untracked().flatten().map_or_else(
            || self.0.clock.wall(),
            |offset| Timestamp::from_millis(offset + self.0.clock.monotonic()),
        )
    }

    /// By how many milliseconds the browser's clock is ahead of the server's, when that is more
    /// than [`MAX_SKEW`] either way. Unknown while the server's time is doubtful. Tracked.
    #[must_use]
    pub fn skew(self) -> Option<i64> {
        if self.0.doubtful.get() {
            return None;
        }
        let server = self.now();
        self.0.offset.get()?;
        let ahead = self.0.clock.wall().millis_since(server);
        (ahead.abs() > MAX_SKEW).then_some(ahead)
    }

    /// The clock for waiting and for the browser's own time.
    #[must_use]
    pub const fn clock(self) -> Clock {
        self.0.clock
    }

    /// Ticks at the start of each second of the server's time.
    fn tick_on(self) {
        let millis = self.now_untracked().as_millis().rem_euclid(SECOND);
        let wait = u32::try_from(SECOND - millis).unwrap_or(1_000);
        self.0.clock.after(wait, move || {
            self.watch_for_jumps();
            // A tick after the console is gone finds no signal, and is the last one.
            if self
                .0
                .tick
                .try_update(|tick| *tick = tick.wrapping_add(1))
                .is_some()
            {
                self.tick_on();
            }
        });
    }

    fn watch_for_jumps(self) {
        let now = drift(self.0.clock);
        let before = self
            .0
            .drift
            .try_update_value(|drift| core::mem::replace(drift, now));
        let known = self.0.offset.try_get_untracked().flatten().is_some();
        if known && before.is_some_and(|before| (now - before).abs() > JUMP) {
            self.0.doubtful.try_set(true);
        }
    }
}

fn drift(clock: Clock) -> i64 {
    clock.wall().as_millis() - clock.monotonic()
}
