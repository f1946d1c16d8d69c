//! A call under way, and what can be made of it: put after, beside or into another one.
//!
//! Calls have many types of answers, and all that is done about them is there once: inside, an answer is
//! [`Data`], and only whoever takes it knows what it is.

use core::{
    any::Any,
    future::{Future, IntoFuture, poll_fn, ready},
    marker::PhantomData,
    task::Poll,
};
use futures::future::LocalBoxFuture;
use leptos::task::spawn_local;

use super::ApiError;

/// Data of any type.
pub type Data = Box<dyn Any + Send + Sync>;

/// An answer on its way, whatever it will be.
pub type AnyCall = LocalBoxFuture<'static, AnyAnswer>;

/// An answer, whatever it is.
pub type AnyAnswer = Result<Data, ApiError>;

/// A call under way: nothing is sent before somebody waits for it or [takes](Call::then) its answer.
///
/// # Errors
/// [`ApiError`] when there is no answer that can be used.
#[must_use = "nothing is sent before somebody waits for it"]
pub struct Call<T> {
    any: AnyCall,
    gives: PhantomData<fn() -> T>,
}

/// What a page may fetch by: a call, or a future of its own making, which is larger.
pub trait IntoCall {
    /// What it gives.
    type Data;

    /// The call.
    fn into_call(self) -> Call<Self::Data>;
}

impl<T> IntoCall for Call<T> {
    type Data = T;

    fn into_call(self) -> Self {
        self
    }
}

impl<T, F> IntoCall for F
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    type Data = T;

    fn into_call(self) -> Call<T> {
        Call::of(Box::pin(async { self.await.map(any) }))
    }
}

impl<T: Send + Sync + 'static> IntoFuture for Call<T> {
    type Output = Result<T, ApiError>;
    type IntoFuture = LocalBoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { owned(self.any.await) })
    }
}

impl<T> Call<T> {
    pub(super) const fn of(any: AnyCall) -> Self {
        Self {
            any,
            gives: PhantomData,
        }
    }

    /// The same, for those who need not know what it gives.
    #[must_use]
    pub fn any(self) -> AnyCall {
        self.any
    }
}

impl<T: Send + Sync + 'static> Call<T> {
    /// What is known without asking.
    pub fn known(data: T) -> Self {
        Self::of(Box::pin(ready(Ok(any(data)))))
    }

    /// Makes something else of the answer.
    pub fn map<U: Send + Sync + 'static>(self, change: impl FnOnce(T) -> U + 'static) -> Call<U> {
        Call::of(changed(
            self.any,
            Box::new(move |answer| owned(answer).map(|data| any(change(data)))),
        ))
    }

    /// Makes nothing of a failure.
    pub fn or_nothing(self) -> Call<Option<T>> {
        Call::of(changed(
            self.any,
            Box::new(|answer| Ok(any(owned::<T>(answer).ok()))),
        ))
    }

    /// Calls once more, as the answer asks for.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Call<U> + 'static) -> Call<U> {
        Call::of(followed(
            self.any,
            Box::new(move |answer| owned(answer).map(|data| next(data).any)),
        ))
    }

    /// Sends it now, and hands the answer to `take`, whatever has become of the page by then.
    pub fn then(self, take: impl FnOnce(Result<T, ApiError>) + 'static) {
        send(self.any, Box::new(move |answer| take(owned(answer))));
    }
}

/// All answers at once, in the order of the calls; the first failure ends it.
pub fn all<T: Send + Sync + 'static>(calls: impl IntoIterator<Item = Call<T>>) -> Call<Vec<T>> {
    let mut waiting = Vec::new();
    for call in calls {
        waiting.push(call.any);
    }
    let each: Call<Vec<Data>> = Call::of(joined(waiting));
    each.map(|each| {
        let mut all = Vec::new();
        for one in each {
            all.extend(owned(Ok(one)));
        }
        all
    })
}

/// Something, as data of any type.
pub fn any(data: impl Any + Send + Sync) -> Data {
    Box::new(data)
}

/// The answer as what it is.
#[inline(never)]
pub fn owned<T: Send + Sync + 'static>(answer: AnyAnswer) -> Result<T, ApiError> {
    let data = answer?.downcast();
    data.map_or(Err(ApiError::Unreadable(None)), |data| Ok(*data))
}

/// Sends a call now, and hands the answer on.
pub fn send(call: AnyCall, take: Box<dyn FnOnce(AnyAnswer)>) {
    spawn_local(async move { take(call.await) });
}

fn changed(call: AnyCall, change: Box<dyn FnOnce(AnyAnswer) -> AnyAnswer>) -> AnyCall {
    Box::pin(async { change(call.await) })
}

fn followed(
    call: AnyCall,
    next: Box<dyn FnOnce(AnyAnswer) -> Result<AnyCall, ApiError>>,
) -> AnyCall {
    Box::pin(async { next(call.await)?.await })
}

/// All answers as a `Vec<Data>`.
fn joined(mut waiting: Vec<AnyCall>) -> AnyCall {
    let mut found: Vec<Option<Data>> = waiting.iter().map(|_| None).collect();
    Box::pin(poll_fn(move |context| {
        for (call, found) in waiting.iter_mut().zip(&mut found) {
            if found.is_none()
                && let Poll::Ready(answer) = call.as_mut().poll(context)
            {
                match answer {
                    Ok(data) => *found = Some(data),
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
        }
        if found.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        let all: Vec<Data> = found.drain(..).flatten().collect();
        Poll::Ready(Ok(any(all)))
    }))
}
