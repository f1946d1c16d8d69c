//! Work that goes on only when it is told to, to stop it at each place where it waits.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use tokio::sync::Notify;

struct Bell(Notify);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

/// Lets `work` go on so many times, each time until it waits and what it waits for has come. Then it
/// stands still there; its output, if it came to its end before.
pub(crate) async fn go_on<F: Future>(mut work: Pin<&mut F>, times: usize) -> Option<F::Output> {
    let bell = Arc::new(Bell(Notify::new()));
    let waker = Waker::from(Arc::clone(&bell));
    for _ in 0..times {
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(output) = polled {
            return Some(output);
        }
        bell.0.notified().await;
    }
    None
}
