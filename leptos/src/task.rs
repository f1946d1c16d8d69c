//! What goes on beside the views.

use core::{future::Future, pin::Pin};

/// Runs `task` to its end.
pub fn spawn_local(task: impl Future<Output = ()> + 'static) {
    spawn(Box::pin(task));
}

#[inline(never)]
fn spawn(task: Pin<Box<dyn Future<Output = ()>>>) {
    any_spawner::Executor::spawn_local(task);
}

/// Waits until what is to follow the latest changes has followed them.
pub async fn tick() {
    any_spawner::Executor::tick().await;
}
