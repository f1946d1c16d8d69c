//! What every call does besides its own work.
//!
//! Each answer sets the server's clock and tells the connection that it is there. A 401 in mid-work
//! waits for the person to sign in again and is then repeated, so nobody loses what they typed.

use std::rc::Rc;

use futures::future::{Either, LocalBoxFuture, select};
use leptos::prelude::*;
use serde::Serialize;
use tenure_domain::{
    json::{FromJson, Json},
    problem::{Kind, Problem},
};

use super::{
    ApiError, Call,
    call::{AnyCall, Data, any},
    json,
    transport::{Disconnected, Heard, Listening, Method, Request, Response, Transport},
};
use crate::{
    reactive::lasting,
    route::escape,
    router::path_now,
    state::{clock::ServerClock, connection::Connection, session::SessionState},
};

/// A call that has no answer after this many milliseconds counts as one that did not reach the server.
const PATIENCE: u32 = 30_000;
/// The same of one that may take long.
const LONG_PATIENCE: u32 = 600_000;

type Answer = LocalBoxFuture<'static, Result<Response, ApiError>>;

/// What makes data of an answer's JSON. Of the code of a call, this alone is there once for each type.
type Read = fn(Json) -> Option<Data>;

fn read<T: FromJson + Send + Sync + 'static>(json: Json) -> Option<Data> {
    T::from_json(json).map(any)
}

fn read_nothing(_: Json) -> Option<Data> {
    Some(any(()))
}

/// Calls the API. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct Client(&'static Parts);

/// What it is made of.
struct Parts {
    transport: StoredValue<Rc<dyn Transport>, LocalStorage>,
    server_clock: ServerClock,
    connection: Connection,
    session: SessionState,
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            if_match: None,
            body: None,
            long: false,
        }
    }

    /// Asks for a page of a list: so many items of what `query` asks for, from `cursor` on. Each pair of the query
    /// stands after an `&`.
    #[must_use]
    pub fn page(path: &str, limit: &str, query: &str, cursor: Option<&str>) -> Self {
        let (name, cursor) = match cursor {
            Some(cursor) => ("&cursor=", escape(cursor)),
            None => ("", String::new()),
        };
        let path = [path, "?limit=", limit, query, name, &cursor].concat();
        Self::new(Method::Get, path)
    }

    /// The request, to be waited for longer.
    #[must_use]
    pub const fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// The request with this JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// The request with this `If-Match`.
    #[must_use]
    pub fn if_match(mut self, etag: String) -> Self {
        self.if_match = Some(etag);
        self
    }
}

impl Client {
    /// A client that sends by `transport` and tells what it learns.
    #[must_use]
    pub fn new(
        transport: Rc<dyn Transport>,
        server_clock: ServerClock,
        connection: Connection,
        session: SessionState,
    ) -> Self {
        Self(lasting(Parts {
            transport: StoredValue::new_local(transport),
            server_clock,
            connection,
            session,
        }))
    }

    /// Calls, and reads the answer's JSON. A session that has ended is renewed on the way.
    pub fn call<T: FromJson + Send + Sync + 'static>(self, request: Request) -> Call<T> {
        Call::of(reading(self.exchange(request), read::<T>))
    }

    /// Calls, where the answer has no body. A session that has ended is renewed on the way.
    pub fn call_empty(self, request: Request) -> Call<()> {
        Call::of(reading(self.exchange(request), read_nothing))
    }

    /// Calls as it is: a 401 is the answer and asks nobody to sign in.
    pub fn call_as_is<T: FromJson + Send + Sync + 'static>(self, request: Request) -> Call<T> {
        Call::of(reading(self.send(request), read::<T>))
    }

    /// Calls as it is, where the answer has no body.
    pub fn call_empty_as_is(self, request: Request) -> Call<()> {
        Call::of(reading(self.send(request), read_nothing))
    }

    /// Listens to what the server tells by itself at `path`, until the answer is dropped.
    #[must_use]
    pub fn listen(self, path: &str, hear: Rc<dyn Fn(Heard)>) -> Option<Listening> {
        let transport = self.0.transport.try_with_value(Rc::clone)?;
        Some(transport.listen(path, hear))
    }

    /// Boxed, like `send`, so that not every endpoint gets a copy of it.
    ///
    /// A call belongs to the page that made it: once that is left, nobody is asked to sign in for
    /// it, and it is not repeated.
    fn exchange(self, request: Request) -> Answer {
        let page = path_now();
        Box::pin(async move {
            loop {
                let answer = self.send(request.clone()).await;
                let renewed = answer.as_ref().is_err_and(session_ended)
                    && path_now() == page
                    && self.0.session.renewed().await
                    && path_now() == page;
                if !renewed {
                    return answer;
                }
            }
        })
    }

    fn send(self, request: Request) -> Answer {
        Box::pin(self.send_unboxed(request))
    }

    async fn send_unboxed(self, request: Request) -> Result<Response, ApiError> {
        let transport = self
            .0
            .transport
            .try_with_value(Rc::clone)
            .ok_or(ApiError::Offline)?;
        let patience = if request.long {
            LONG_PATIENCE
        } else {
            PATIENCE
        };
        let patience = Box::pin(self.0.server_clock.clock().sleep(patience));
        let answer = match select(transport.send(request), patience).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(Disconnected),
        };
        let reached = answer.ok().filter(|answer| !stands_in(answer));
        let Some(response) = reached else {
            self.0.connection.lost();
            return Err(ApiError::Offline);
        };
        self.0.connection.found();
        if let Some(time) = response.server_time {
            self.0.server_clock.observe(time);
        }
        if (200..300).contains(&response.status) {
            Ok(response)
        } else {
            Err(problem(&response))
        }
    }
}

fn reading(answer: Answer, read: Read) -> AnyCall {
    Box::pin(async move {
        let response = answer.await?;
        read(json::parse(&response.body)).ok_or_else(|| unreadable(&response))
    })
}

/// Whether a proxy answers in the server's stead. The server itself says what is wrong.
fn stands_in(answer: &Response) -> bool {
    matches!(answer.status, 502..=504) && matches!(problem(answer), ApiError::Unreadable(_))
}

fn session_ended(error: &ApiError) -> bool {
    matches!(
        error.kind(),
        Some(Kind::SessionExpired | Kind::TokenMissing)
    )
}

fn problem(response: &Response) -> ApiError {
    Problem::from_json(json::parse(&response.body)).map_or_else(
        || unreadable(response),
        |problem| ApiError::Problem(Box::new(problem)),
    )
}

fn unreadable(response: &Response) -> ApiError {
    ApiError::Unreadable(response.request_id.clone())
}
