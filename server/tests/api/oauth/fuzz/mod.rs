//! Noise at every parser that meets the network: forms, Basic credentials, authorization requests, bearer
//! tokens, required scopes, cursors and JSON. Whatever comes is answered, in the shape that the endpoint's
//! standard gives it, and never by 5xx: a panic would be one.
//!
//! The noise is the same each time; which case failed is in the message.

mod calls;
mod forms;
mod noise;

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo, http::Request};
use tenure_domain::problem::Problem;
use tenure_server::store::Engine;

use self::noise::Noise;
use super::world::World;
use crate::{callers::Answer, postgres};

/// Cases of each kind.
const CASES: usize = 100;
#[tokio::test]
async fn noise_on_sqlite() {
    noise(Engine::Sqlite).await;
}

#[tokio::test]
async fn noise_on_postgres() {
    noise(Engine::Postgres).await;
}

async fn noise(engine: Engine) {
    let url = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(postgres::create().await),
    };
    let world = World::with(|settings| {
        if let Some(url) = &url {
            settings.database_url.clone_from(url);
        }
    })
    .await;
    let mut fuzz = Fuzz {
        noise: Noise::seeded(7),
        world: &world,
        sent: 0,
    };
    fuzz.forms().await;
    fuzz.requests().await;
    fuzz.bearers().await;
    fuzz.cursors().await;
    fuzz.bodies().await;
    // After all that, it still does what it should.
    let pair = world.pair(&world.basic).await;
    assert!(world.is_active(&pair.access).await);
    let store = world.app.state.store.clone();
    drop(world);
    store.close().await;
    if let Some(url) = url {
        postgres::remove(&url).await;
    }
}

/// How the answers to one kind of noise were spread, so that none of it was turned away at the door.
#[derive(Default)]
struct Spread {
    good: usize,
    elsewhere: usize,
    refused: usize,
}

impl Spread {
    fn count(&mut self, answer: &Answer) {
        match answer.status.as_u16() {
            200..300 => self.good += 1,
            300..400 => self.elsewhere += 1,
            _ => self.refused += 1,
        }
    }
}

struct Fuzz<'a> {
    noise: Noise,
    world: &'a World,
    sent: u32,
}

impl Fuzz<'_> {
    /// Sends it, each time from another place, so that nobody is told to wait.
    async fn send(&mut self, mut request: Request<Body>, noise: &dyn std::fmt::Debug) -> Answer {
        self.sent += 1;
        let place = SocketAddr::from(((self.sent | 0x0a00_0000).to_be_bytes(), 1));
        request.extensions_mut().insert(ConnectInfo(place));
        let answer = self.world.app.send(request).await;
        let said = String::from_utf8_lossy(&answer.body);
        assert!(
            answer.status.as_u16() < 500,
            "case {}, {noise:.2000?}: {} {}: {said}",
            self.sent,
            answer.call,
            answer.status
        );
        assert!(!answer.header("x-request-id").is_empty(), "{noise:.2000?}");
        answer
    }
}

/// A problem document if it is a refusal.
#[track_caller]
fn well_formed(answer: &Answer) {
    if answer.status.is_client_error() {
        refusal(answer);
    } else {
        assert!(
            answer.status.is_success(),
            "{} {}",
            answer.call,
            answer.status
        );
    }
}

#[track_caller]
fn refusal(answer: &Answer) {
    let problem: Problem = answer.read();
    let kind = problem.kind().unwrap_or_else(|| panic!("{problem:?}"));
    answer.problem(kind);
    // No text of the caller's ends a quoted one early (RFC 9110, section 5.6.4).
    let challenge = answer.header("www-authenticate");
    for parameter in challenge
        .trim_start_matches("Bearer ")
        .split(", ")
        .filter(|it| !it.is_empty())
    {
        let value = parameter
            .split_once("=\"")
            .and_then(|(_, value)| value.strip_suffix('"'));
        let value = value.unwrap_or_else(|| panic!("{challenge}"));
        assert!(!value.contains(['"', '\\']), "{challenge}");
    }
}
