//! Time: the only place that reads a clock or waits. Everything else is given a [`Clock`].
//!
//! Lives here: the browser's clocks and timers, and a mock of both that tests move by hand.
//! Deliberately not here: the server's time, which rules (`state::clock`), and wording (`format`).

use core::time::Duration;

use futures::channel::oneshot;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use tenure_domain::time::Timestamp;

/// The browser's clocks and timers, or a mock of them. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Clock {
    mock: Option<StoredValue<Mock, LocalStorage>>,
}

/// A clock that stands still until a test moves it.
struct Mock {
    wall: Timestamp,
    monotonic: i64,
    next_id: u64,
    waiting: Vec<Waiting>,
}

struct Waiting {
    id: u64,
    due: i64,
    wake: Box<dyn FnOnce()>,
}

/// Something that will happen unless it is cancelled.
#[derive(Clone, Copy)]
pub struct Timer(Kind);

#[derive(Clone, Copy)]
enum Kind {
    Browser(Option<TimeoutHandle>),
    Mock(StoredValue<Mock, LocalStorage>, u64),
}

impl Clock {
    /// The browser's own clocks and timers.
    #[must_use]
    pub const fn browser() -> Self {
        Self { mock: None }
    }

    /// A clock that shows `wall` and stands still until [`Clock::advance`].
    #[must_use]
    pub fn mock(wall: Timestamp) -> Self {
        Self {
            mock: Some(StoredValue::new_local(Mock {
                wall,
                monotonic: 0,
                next_id: 0,
                waiting: Vec::new(),
            })),
        }
    }

    /// What the browser believes the time to be. It may be wrong, and it may jump.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that others are given"
    )]
    pub fn wall(self) -> Timestamp {
        match self.mock {
            None => Timestamp::from_millis(js_sys::Date::now() as i64),
            Some(mock) => mock
                .try_with_value(|mock| mock.wall)
                .unwrap_or(Timestamp::MIN),
        }
    }

    /// Milliseconds since some fixed instant. It never jumps, whatever happens to the wall clock.
    #[must_use]
    pub fn monotonic(self) -> i64 {
        match self.mock {
            None => window()
                .performance()
                .map_or_else(|| self.wall().as_millis(), |p| p.now() as i64),
            Some(mock) => mock.try_with_value(|mock| mock.monotonic).unwrap_or(0),
        }
    }

    /// Calls `wake` once, after `millis` milliseconds.
    pub fn after(self, millis: u32, wake: impl FnOnce() + 'static) -> Timer {
        let Some(mock) = self.mock else {
            let delay = Duration::from_millis(millis.into());
            return Timer(Kind::Browser(set_timeout_with_handle(wake, delay).ok()));
        };
        let id = mock.try_update_value(|mock| {
            mock.next_id += 1;
            mock.waiting.push(Waiting {
                id: mock.next_id,
                due: mock.monotonic + i64::from(millis),
                wake: Box::new(wake),
            });
            mock.next_id
        });
        Timer(Kind::Mock(mock, id.unwrap_or(0)))
    }

    /// Completes after `millis` milliseconds. Dropping it cancels the wait.
    pub async fn sleep(self, millis: u32) {
        let (done, waiting) = oneshot::channel::<()>();
        let timer = self.after(millis, move || {
            let _ = done.send(());
        });
        let _cancel = OnDrop(timer);
        let _ = waiting.await;
    }

    /// Moves a mock's clocks on and calls what has become due, in order. Does nothing to the browser's.
    pub fn advance(self, millis: i64) {
        let Some(mock) = self.mock else { return };
        let until = self.monotonic() + millis;
        while let Some(waiting) = mock.try_update_value(|mock| mock.take_due(until)).flatten() {
            (waiting.wake)();
        }
        mock.try_update_value(|mock| mock.move_to(until));
    }

    /// Sets a mock's wall clock alone, as a person does who corrects it.
    pub fn set_wall(self, wall: Timestamp) {
        if let Some(mock) = self.mock {
            mock.try_update_value(|mock| mock.wall = wall);
        }
    }
}

impl Timer {
    /// Sees to it that nothing happens. Harmless when it already has.
    pub fn cancel(self) {
        match self.0 {
            Kind::Browser(handle) => {
                if let Some(handle) = handle {
                    handle.clear();
                }
            }
            Kind::Mock(mock, id) => {
                mock.try_update_value(|mock| mock.waiting.retain(|waiting| waiting.id != id));
            }
        }
    }
}

struct OnDrop(Timer);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Mock {
    fn take_due(&mut self, until: i64) -> Option<Waiting> {
        let (index, due) = self
            .waiting
            .iter()
            .enumerate()
            .map(|(index, waiting)| (index, waiting.due))
            .filter(|(_, due)| *due <= until)
            .min_by_key(|(_, due)| *due)?;
        self.move_to(due.max(self.monotonic));
        Some(self.waiting.remove(index))
    }

    fn move_to(&mut self, monotonic: i64) {
        self.wall = self.wall.saturating_add(monotonic - self.monotonic);
        self.monotonic = monotonic;
    }
}
