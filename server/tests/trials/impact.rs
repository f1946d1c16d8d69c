//! What a preview says against what Activate then does (R17): the same plan is asked before and after, token by
//! token, by the verifier that every call asks. Plans are as chance makes them.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use rand::{RngExt as _, rngs::StdRng};
use serde::de::DeserializeOwned;
use tenure_domain::{
    policy::Wanted,
    time::{DAY, Timestamp},
    token::Expiry,
    wire::{
        impact::PolicyImpact,
        policies::{ExpirationPolicy, PutExpirationPolicy},
    },
};
use tenure_server::{clock::Clock, secret::Secret, store::sessions, verifier::Outcome};
use tower::ServiceExt as _;

use crate::{
    chances::{Chances, Place},
    postgres,
    replica::{Server, World},
};

/// Plans in a round of `TENURE_TRIALS`: 200 rounds are thousands.
const PLANS: u64 = 10;
/// Tokens of a plan.
const TOKENS: usize = 15;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_of_impacts_that_activate_then_has_on_sqlite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}/tenure.db", folder.path().display());
    try_on(&url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_of_impacts_that_activate_then_has_on_postgres() {
    let url = postgres::create().await;
    try_on(&url).await;
    postgres::remove(&url).await;
}

async fn try_on(url: &str) {
    let plans = PLANS * crate::kill::number("TENURE_TRIALS").unwrap_or(10);
    let seed = crate::kill::number("TENURE_TRIAL_SEED")
        .unwrap_or_else(|| rand::make_rng::<StdRng>().random());
    println!("impact: {plans} plans, seed {seed}");
    let begin: Timestamp = "2026-02-20T09:33:07.501Z".parse().expect("an instant");
    let server = Server::start_at(url, Clock::mock(begin)).await;
    let mut chances = Chances::seeded(seed);
    let (mut ended, mut soon) = (0, 0);
    for number in 0..plans {
        let trial = Trial::of(&server, number, &mut chances).await;
        let (now, within) = trial.run(&mut chances).await;
        ended += now;
        soon += within;
    }
    println!("impact: {ended} tokens ended at once and {soon} within seven days, each as foretold");
    assert!(ended > 0 && soon > 0, "chance never ended any");
    server.stop().await;
}

/// A plan, its System Admin, and the texts of its tokens.
struct Trial<'a> {
    server: &'a Server,
    what: String,
    path: String,
    session: String,
    texts: Vec<String>,
}

impl<'a> Trial<'a> {
    async fn of(server: &'a Server, number: u64, chances: &mut Chances) -> Self {
        let what = format!("plan {number}");
        let app = &server.app;
        let world = World::settle(app, &what).await;
        let grant = world.consent(app).await;
        let place = Place {
            store: &app.store,
            random: &app.random,
            plan: &world.plan,
            owner: &world.user,
            client: &world.client,
            grant: &grant,
        };
        let mut texts = Vec::new();
        for _ in 0..TOKENS {
            texts.push(chances.token(&place, app.clock.now()).await.1);
        }
        let session = Secret::opaque(&app.random);
        let mut tx = app.store.write().await.expect("writes");
        sessions::insert(&mut tx, &session.hash(), &world.user, app.clock.now())
            .await
            .expect("a session");
        tx.commit().await.expect("committed");
        Self {
            server,
            what,
            path: format!("/api/v1/plans/{}/expiration-policy", world.plan),
            session: session.reveal(),
            texts,
        }
    }

    /// Previews, activates, and lives with it for seven days. Says how many ended at once, and within those.
    async fn run(&self, chances: &mut Chances) -> (u64, u64) {
        let now = self.server.app.clock.now();
        if chances.one_in(2) {
            self.activate(&chances.wanted(now)).await;
        }
        let wanted = chances.wanted(self.server.app.clock.now());
        let impact: PolicyImpact = self.call(Method::POST, "/preview", Some(&wanted)).await;
        let about = format!("{}: {wanted:?}", self.what);
        let at = impact.takes_effect_at;
        let outlive = self.working_beyond(at).await;
        self.activate(&wanted).await;
        // As it would be when this takes effect if nobody had asked for it: what is scheduled leaves the time to
        // look, and what comes at once does not.
        let before = match wanted {
            Wanted::From(..) => {
                self.pass_to(at.saturating_add(-1));
                self.working().await
            }
            Wanted::Now(_) | Wanted::Unscheduled => outlive,
        };
        self.pass_to(at);
        let after = self.working().await;
        assert!(after.is_subset(&before), "{about}");
        assert_eq!(impact.now, (before.len() - after.len()) as u64, "{about}");
        assert_eq!(impact.first.len() as u64, impact.now, "{about}");
        assert_eq!(impact.never, self.endless().await, "{about}");
        self.pass_to(at.saturating_add(7 * DAY));
        let left = self.working().await;
        assert!(left.is_subset(&after), "{about}");
        let within = (after.len() - left.len()) as u64;
        assert_eq!(impact.within_7_days, within, "{about}");
        assert_eq!(impact.later + impact.never, left.len() as u64, "{about}");
        (impact.now, within)
    }

    async fn activate(&self, wanted: &Wanted) -> ExpirationPolicy {
        self.call(Method::PUT, "", Some(wanted)).await
    }

    /// The places of the tokens that work.
    async fn working(&self) -> BTreeSet<usize> {
        self.working_beyond(self.server.app.clock.now()).await
    }

    /// The places of the tokens that work and whose expiry lies beyond that instant.
    async fn working_beyond(&self, instant: Timestamp) -> BTreeSet<usize> {
        let expiries = self.expiries().await;
        let beyond = |expiry: &Option<Expiry>| expiry.is_some_and(|it| it > Expiry::At(instant));
        let places = expiries.iter().enumerate();
        places
            .filter(|(_, it)| beyond(it))
            .map(|(place, _)| place)
            .collect()
    }

    /// How many work for ever.
    async fn endless(&self) -> u64 {
        let expiries = self.expiries().await;
        expiries
            .iter()
            .filter(|it| **it == Some(Expiry::Never))
            .count() as u64
    }

    /// For each token that works, until when.
    async fn expiries(&self) -> Vec<Option<Expiry>> {
        let mut expiries = Vec::new();
        for text in &self.texts {
            let outcome = self.server.app.verifier.verify(text).await;
            expiries.push(match outcome.expect("an answer") {
                Outcome::Works(verified) => Some(verified.expiry),
                _ => None,
            });
        }
        expiries
    }

    /// Lets the time pass, where it has not.
    fn pass_to(&self, instant: Timestamp) {
        let clock = &self.server.app.clock;
        let millis = instant.millis_since(clock.now()).max(0);
        clock.advance(Duration::from_millis(millis.unsigned_abs()));
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        of: &str,
        wanted: Option<&Wanted>,
    ) -> T {
        let body = wanted.map(|wanted| match *wanted {
            Wanted::Now(terms) => PutExpirationPolicy::of(terms, None),
            Wanted::From(at, terms) => PutExpirationPolicy::of(terms, Some(at)),
            Wanted::Unscheduled => PutExpirationPolicy::new(None),
        });
        let seen = match method {
            Method::PUT => self.etag().await,
            _ => String::new(),
        };
        let body = serde_json::to_vec(&body).expect("JSON");
        let (_, body) = self.send(method, of, &seen, body).await;
        serde_json::from_slice(&body).expect("an answer")
    }

    async fn etag(&self) -> String {
        self.send(Method::GET, "", "", Vec::new()).await.0
    }

    async fn send(&self, method: Method, of: &str, seen: &str, body: Vec<u8>) -> (String, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{of}", self.path))
            .header(header::HOST, "tenure.test")
            .header(header::COOKIE, format!("tenure_session={}", self.session))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, seen)
            .body(Body::from(body))
            .expect("a request");
        let answer = self.server.router.clone().oneshot(request).await;
        let answer = answer.expect("an answer");
        let (status, etag) = (answer.status(), answer.headers().get(header::ETAG).cloned());
        let body = answer
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(status, StatusCode::OK, "{}: {text}", self.what);
        let etag = etag.and_then(|etag| etag.to_str().ok().map(str::to_owned));
        (etag.unwrap_or_default(), body.to_vec())
    }
}
