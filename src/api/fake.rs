//! A transport for tests: answers that a test lays out, and a record of what was asked.
//!
//! The release leaves it out, since nothing there names it.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use futures::{channel::oneshot, future::LocalBoxFuture};
use serde::Serialize;
use tenure_domain::{
    problem::{Kind, Problem},
    time::Timestamp,
    wire::live::{CHANGE, Change, RESET},
};

use super::transport::{
    Disconnected, Heard, LOST, Listening, Method, Request, Response, Transport,
};

type Answer = Rc<dyn Fn(&Request) -> Response>;

/// Answers as a test says. Cheap to clone; the clones are one.
#[derive(Clone, Default)]
pub struct Fake(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    answers: Vec<(Method, String, Answer)>,
    holds: Vec<(Method, String, oneshot::Receiver<()>)>,
    calls: Vec<Request>,
    disconnected: bool,
    server_time: Option<Timestamp>,
    ears: Vec<(String, Weak<Ear>)>,
}

type Ear = dyn Fn(Heard);

/// An answer that waits. It goes on when this is dropped or released.
pub struct Held(
    #[expect(dead_code, reason = "dropping it is what releases the answer")] oneshot::Sender<()>,
);

impl Held {
    /// Lets the answer go on.
    pub fn release(self) {}
}

impl Fake {
    /// Nothing is answered yet: every call gets a 404 problem.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers calls to `path` (without its query) from now on; the latest such word counts.
    pub fn on(&self, method: Method, path: &str, answer: impl Fn(&Request) -> Response + 'static) {
        self.0
            .borrow_mut()
            .answers
            .push((method, path.to_owned(), Rc::new(answer)));
    }

    /// Answers calls to `path` with this value, as a 200.
    pub fn json(&self, method: Method, path: &str, value: &impl Serialize) {
        let response = Response::json(200, value);
        self.on(method, path, move |_| response.clone());
    }

    /// Answers calls to `path` with a problem of this kind.
    pub fn problem(&self, method: Method, path: &str, kind: Kind) {
        self.on(method, path, move |_| Response::problem(kind));
    }

    /// Makes the answer to the next call to `path` wait, as it was when the call was made. A
    /// connection that is cut in the meantime loses it.
    #[must_use]
    pub fn hold(&self, method: Method, path: &str) -> Held {
        let (release, wait) = oneshot::channel();
        self.0
            .borrow_mut()
            .holds
            .push((method, path.to_owned(), wait));
        Held(release)
    }

    /// What a call would be answered, without making it.
    #[must_use]
    pub fn answer_to(&self, request: &Request) -> Response {
        self.answer(request).unwrap_or_default()
    }

    /// Cuts the connection, or mends it.
    pub fn set_connected(&self, connected: bool) {
        self.0.borrow_mut().disconnected = !connected;
    }

    /// What `X-Server-Time` says from now on.
    pub fn set_server_time(&self, time: Timestamp) {
        self.0.borrow_mut().server_time = Some(time);
    }

    /// Every call so far, the oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Request> {
        self.0.borrow().calls.clone()
    }

    /// How often `path` was called with `method`.
    #[must_use]
    pub fn count(&self, method: Method, path: &str) -> usize {
        let state = self.0.borrow();
        state
            .calls
            .iter()
            .filter(|call| call.method == method && without_query(&call.path) == path)
            .count()
    }

    /// Tells whoever listens of a change, by its place in the log.
    pub fn tell(&self, id: u32, change: &Change) {
        let data = serde_json::to_string(change).unwrap_or_default();
        self.say(CHANGE, Some(id), data);
    }

    /// Tells whoever listens that anything may have changed.
    pub fn tell_to_reset(&self, id: u32) {
        self.say(RESET, Some(id), "null".to_owned());
    }

    /// Ends the connections of those who listen, as a server does that lets nobody listen.
    pub fn end_listening(&self) {
        self.say(LOST, None, String::new());
    }

    fn say(&self, name: &str, id: Option<u32>, data: String) {
        let heard = Heard {
            name: name.to_owned(),
            id: id.map(|id| id.to_string()),
            data,
        };
        let ears: Vec<_> = self.open_ears().into_iter().map(|(_, ear)| ear).collect();
        for ear in ears {
            ear(heard.clone());
        }
    }

    fn open_ears(&self) -> Vec<(String, Rc<Ear>)> {
        let state = self.0.borrow();
        let open = |(path, ear): &(String, Weak<Ear>)| Some((path.clone(), ear.upgrade()?));
        state.ears.iter().filter_map(open).collect()
    }

    /// How often somebody began to listen.
    #[must_use]
    pub fn listened(&self) -> usize {
        self.0.borrow().ears.len()
    }

    /// What is listened to at this moment.
    #[must_use]
    pub fn listening(&self) -> Vec<String> {
        let ears = self.open_ears();
        ears.into_iter().map(|(path, _)| path).collect()
    }

    fn answer(&self, request: &Request) -> Result<Response, Disconnected> {
        let (answer, server_time) = {
            let state = self.0.borrow();
            if state.disconnected {
                return Err(Disconnected);
            }
            let found = state.answers.iter().rev().find(|(method, path, _)| {
                *method == request.method && path == without_query(&request.path)
            });
            (
                found.map(|(_, _, answer)| Rc::clone(answer)),
                state.server_time,
            )
        };
        let response = answer.map_or_else(
            || Response::problem(Kind::NotFound),
            |answer| answer(request),
        );
        Ok(Response {
            server_time: response.server_time.or(server_time),
            ..response
        })
    }

    fn take_hold(&self, request: &Request) -> Option<oneshot::Receiver<()>> {
        let mut state = self.0.borrow_mut();
        let index = state.holds.iter().position(|(method, path, _)| {
            *method == request.method && path == without_query(&request.path)
        })?;
        Some(state.holds.remove(index).2)
    }
}

impl Transport for Fake {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, Disconnected>> {
        let fake = self.clone();
        fake.0.borrow_mut().calls.push(request.clone());
        let hold = fake.take_hold(&request);
        // The server answers what it is sent, whatever becomes of the answer on its way.
        let answer = fake.answer(&request);
        Box::pin(async move {
            if let Some(hold) = hold {
                let _ = hold.await;
            }
            if fake.0.borrow().disconnected {
                return Err(Disconnected);
            }
            answer
        })
    }

    fn listen(&self, path: &str, hear: Rc<dyn Fn(Heard)>) -> Listening {
        let ear = Rc::downgrade(&hear);
        self.0.borrow_mut().ears.push((path.to_owned(), ear));
        Box::new(hear)
    }
}

fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap_or(path)
}

impl Response {
    /// An answer with this JSON body.
    #[must_use]
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self {
            status,
            body: serde_json::to_string(value).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// A problem of this kind, with the reference `ref-1`.
    #[must_use]
    pub fn problem(kind: Kind) -> Self {
        let problem = Problem {
            reference: "ref-1".to_owned(),
            ..Problem::new(kind)
        };
        Self::json(kind.status(), &problem)
    }
}
