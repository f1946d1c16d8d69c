//! What many ask for at the same time is answered together.
//!
//! Nobody waits for company. Whoever asks while nothing runs is served at once; what arrives while an
//! answer is being found goes together into the next one. Deliberately not here: how an answer is found.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// A question, and who waits for the answer.
pub(super) type Asked<Q, A> = (Q, oneshot::Sender<A>);

/// The questions that wait.
pub(super) struct Together<Q, A>(Mutex<Waiting<Q, A>>);

struct Waiting<Q, A> {
    questions: Vec<Asked<Q, A>>,
    /// Whether a task answers them.
    answering: bool,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Self(Mutex::new(Waiting {
            questions: Vec::new(),
            answering: false,
        }))
    }
}

impl<Q, A> Together<Q, A> {
    /// Puts a question. Says where the answer will come, and whether nobody answers yet: then the asker
    /// starts a task that does, one of its own, so that an asker who goes away leaves nobody waiting.
    pub(super) fn ask(&self, question: Q) -> (oneshot::Receiver<A>, bool) {
        let (answer, answered) = oneshot::channel();
        let mut waiting = self.waiting();
        waiting.questions.push((question, answer));
        let begin = !std::mem::replace(&mut waiting.answering, true);
        (answered, begin)
    }

    /// The next questions, `most` at a time, or `None` when there are no more; then nobody answers any
    /// more either.
    pub(super) fn next(&self, most: usize) -> Option<Vec<Asked<Q, A>>> {
        let mut waiting = self.waiting();
        let count = waiting.questions.len().min(most);
        if count == 0 {
            waiting.answering = false;
            return None;
        }
        Some(waiting.questions.drain(..count).collect())
    }

    /// To be held by the task that answers: if it panics, it leaves no question behind that nobody will
    /// answer.
    pub(super) const fn resting(&self) -> Resting<'_, Q, A> {
        Resting(self)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<Q, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Together::resting`].
pub(super) struct Resting<'a, Q, A>(&'a Together<Q, A>);

impl<Q, A> Drop for Resting<'_, Q, A> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *self.0.waiting() = Waiting {
                questions: Vec::new(),
                answering: false,
            };
        }
    }
}
