//! Servers in the trial's own process, one or several on a database, and what they serve.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tenure_domain::{
    id::{ClientId, GrantId, PlanId, UserId},
    period::Period,
    plan::{Role, Tier},
    policy::{Terms, Wanted},
    scope::Scopes,
    time::Timestamp,
    wire::clients::{AuthMethod, ClientFacts},
};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    jobs::Jobs,
    ops::{
        self, Actor,
        clients::{self, NewClient},
        grants::{self, Mint},
        people::{self, NewUser},
        policies::{Ask, Outcome},
    },
    random::Random,
    router::router,
    store::{Tx, oauth_clients, oauth_grants, policies},
    verifier,
};
use tower::ServiceExt as _;

/// A server in this process, without a socket.
pub(crate) struct Server {
    pub(crate) app: AppState,
    pub(crate) router: Router,
    /// Only where the trial wants them.
    jobs: Option<Jobs>,
}

impl Server {
    /// On this database, without jobs.
    pub(crate) async fn start(url: &str) -> Self {
        Self::start_at(url, Clock::system()).await
    }

    /// The same, by this clock.
    pub(crate) async fn start_at(url: &str, clock: Clock) -> Self {
        let settings = Settings {
            database_url: url.to_owned(),
            public_url: "http://tenure.test".to_owned(),
            allowed_origins: Vec::new(),
            secure_cookies: false,
            sweeper: false,
            trusted_proxies: Vec::new(),
            access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
            refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
            webhook_private: false,
            mail: None,
        };
        let app = App::build(settings, clock, Random::system())
            .await
            .expect("it starts");
        let router = router(app.state.clone()).expect("a router");
        Self {
            app: app.state,
            router,
            jobs: None,
        }
    }

    /// On this database, with the jobs of a running server.
    pub(crate) async fn start_with_jobs(url: &str) -> Self {
        let server = Self::start(url).await;
        let jobs = Some(Jobs::start(&server.app));
        Self { jobs, ..server }
    }

    pub(crate) async fn stop(self) {
        if let Some(jobs) = self.jobs {
            jobs.stop().await;
        }
        self.app.store.close().await;
    }

    pub(crate) async fn works(&self, access: &str) -> bool {
        let outcome = self.app.verifier.verify(access).await.expect("an answer");
        matches!(outcome, verifier::Outcome::Works(_))
    }
}

/// A plan with a user, who is its System Admin, and two clients.
pub(crate) struct World {
    pub(crate) plan: PlanId,
    pub(crate) user: UserId,
    pub(crate) client: ClientId,
    secret: String,
    /// Asks whether tokens are good.
    api: (ClientId, String),
}

impl World {
    pub(crate) async fn settle(app: &AppState, name: &str) -> Self {
        let (random, now, actor) = (&app.random, app.clock.now(), &Actor::OPERATOR);
        let mut tx = app.store.write().await.expect("writes");
        let plan = people::create_plan(&mut tx, random, now, actor, name, Tier::Enterprise).await;
        let plan = plan.expect("a plan").id;
        let email = format!("{}@acme.example", name.replace(' ', "."));
        let new = NewUser {
            name: "Ada",
            email: &email,
            password_hash: "-",
        };
        let user = people::create_user(&mut tx, random, now, actor, new).await;
        let user = user.expect("a user").id;
        let joined = people::join(&mut tx, now, actor, &user, &plan, Role::SystemAdmin).await;
        joined.expect("joined");
        let (client, secret) = register(&mut tx, app, &plan, false).await;
        let api = register(&mut tx, app, &plan, true).await;
        tx.commit().await.expect("committed");
        Self {
            plan,
            user,
            client,
            secret,
            api,
        }
    }

    /// A new grant, and its first pair: the access token, the refresh token.
    pub(crate) async fn grant(&self, app: &AppState) -> (GrantId, String, String) {
        self.grant_made(app, app.clock.now()).await
    }

    /// A new grant, of which no pair has been asked for.
    pub(crate) async fn consent(&self, app: &AppState) -> GrantId {
        let mut tx = app.store.write().await.expect("writes");
        let client = oauth_clients::get(&mut tx, &self.client).await;
        let client = client.expect("read").expect("a client");
        let (random, now) = (&app.random, app.clock.now());
        let grant = grants::new_grant(random, now, &client, &self.user, Scopes::default());
        oauth_grants::insert(&mut tx, &grant).await.expect("added");
        tx.commit().await.expect("committed");
        grant.id
    }

    /// The same, made at an instant that may have passed.
    pub(crate) async fn grant_made(
        &self,
        app: &AppState,
        now: Timestamp,
    ) -> (GrantId, String, String) {
        let mut tx = app.store.write().await.expect("writes");
        let client = oauth_clients::get(&mut tx, &self.client).await;
        let client = client.expect("read").expect("a client");
        assert_eq!(client.plan, self.plan);
        let grant = grants::new_grant(&app.random, now, &client, &self.user, Scopes::default());
        oauth_grants::insert(&mut tx, &grant).await.expect("added");
        let mint = Mint {
            random: &app.random,
            now,
            actor: &Actor::OPERATOR,
        };
        let pair = mint.begin(&mut tx, &grant).await.expect("a pair");
        tx.commit().await.expect("committed");
        (grant.id, pair.access.reveal(), pair.refresh.reveal())
    }

    pub(crate) fn refresh_form(&self, token: &str) -> String {
        let (client, secret) = (&self.client, &self.secret);
        format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={client}&client_secret={secret}"
        )
    }

    pub(crate) fn introspection_form(&self, token: &str) -> String {
        let (client, secret) = &self.api;
        format!("token={token}&client_id={client}&client_secret={secret}")
    }

    /// Puts a period into force, as the System Admin.
    pub(crate) async fn set_period(&self, app: &AppState, period: Period) {
        let mut tx = app.store.write().await.expect("writes");
        let known = policies::history(&mut tx, &self.plan).await.expect("read");
        let now = app.clock.now();
        let ask = Ask {
            plan: self.plan.clone(),
            tier: Tier::Enterprise,
            by: self.user.clone(),
            role: Role::SystemAdmin,
            address: None,
            seen: known.expect("a plan").history.seen_at(now),
            wanted: Wanted::Now(Terms::of_period(Some(period))),
            ends_at_most: None,
        };
        let changed = ops::policies::change(&mut tx, now, &ask).await;
        assert!(matches!(changed, Ok(Some(Outcome::Done(_)))), "{changed:?}");
        tx.commit().await.expect("committed");
    }

    pub(crate) fn revoke_form(&self, token: &str) -> String {
        let (client, secret) = (&self.client, &self.secret);
        format!("token={token}&client_id={client}&client_secret={secret}")
    }
}

async fn register(
    tx: &mut Tx,
    app: &AppState,
    plan: &PlanId,
    resource_server: bool,
) -> (ClientId, String) {
    let redirect_uri = "https://app.example/callback".to_owned();
    let new = NewClient {
        facts: ClientFacts {
            name: "App".to_owned(),
            redirect_uris: vec![redirect_uri],
            scope: Scopes::default(),
        },
        auth_method: AuthMethod::ClientSecretPost,
        resource_server,
    };
    let (now, actor) = (app.clock.now(), &Actor::OPERATOR);
    let registered = clients::register(tx, &app.random, now, actor, plan, new).await;
    let (client, secret) = registered.expect("a client");
    (client.id, secret.expect("a secret").reveal())
}

pub(crate) async fn post(router: &Router, path: &str, form: String) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
