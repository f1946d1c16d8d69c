//! Many refreshes of one token at once (R9): whatever the order in which they arrive, and at whichever of
//! two servers, one pair is live afterwards; beside a revocation, none is.

use std::env;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tenure_domain::{
    id::{ClientId, GrantId, PlanId, UserId},
    plan::{Role, Tier},
    scope::Scopes,
    wire::clients::{AuthMethod, ClientFacts},
};
use tenure_server::{
    App, AppState, Settings,
    clock::Clock,
    ops::{
        Actor,
        clients::{self, NewClient},
        grants::{self, Mint},
        people::{self, NewUser},
    },
    random::Random,
    router::router,
    store::{oauth_clients, oauth_grants, oauth_refresh_tokens},
    verifier::Outcome,
};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// Refreshes of one token at the same time.
const AT_ONCE: usize = 32;
/// How often more than the other trials: a round takes little.
const MORE: u64 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_of_many_refreshes_one_pair_is_live_on_sqlite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}/tenure.db", folder.path().display());
    let one = Server::start(&url).await;
    try_on(&[one], &folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_of_many_refreshes_one_pair_is_live_on_postgres_with_two_servers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = new_database().await;
    let servers = [Server::start(&url).await, Server::start(&url).await];
    try_on(&servers, &folder).await;
}

async fn try_on(servers: &[Server], _folder: &TempDir) {
    let rounds = MORE * crate::kill::number("TENURE_TRIALS").unwrap_or(10);
    let world = World::settle(&servers[0].app).await;
    let (mut healed, mut answered) = (0, 0);
    for round in 0..rounds {
        let (grant, refresh) = world.grant(&servers[0].app).await;
        let revoking = round % 4 == 3;
        let replies = race(servers, &world, &refresh, revoking).await;
        answered += replies.len();
        healed += replies.len().saturating_sub(1);
        for server in servers {
            server
                .app
                .verifier
                .follow_changes()
                .await
                .expect("followed");
        }
        let alive = alive(servers, &replies).await;
        let live = live_refresh_token(&servers[0].app, &grant).await;
        if revoking {
            assert_eq!(alive, [""; 0], "round {round}: alive after a revocation");
            assert_eq!(live, None, "round {round}");
        } else {
            assert_eq!(
                replies.len(),
                AT_ONCE,
                "round {round}: everybody is answered"
            );
            assert_eq!(alive.len(), 1, "round {round}: one access token is alive");
            assert_eq!(
                live.as_deref(),
                alive.first().map(String::as_str),
                "round {round}"
            );
            replay(servers, &world, &refresh, &replies, round).await;
        }
    }
    println!(
        "refresh: {rounds} rounds of {AT_ONCE} at once on {} server(s); {answered} answers, {healed} of them \
         healed; one pair or none was live after each",
        servers.len()
    );
}

/// All at once; the pairs that came back. Nothing but a pair or `invalid_grant` may.
async fn race(
    servers: &[Server],
    world: &World,
    refresh: &str,
    revoking: bool,
) -> Vec<(String, String)> {
    let mut calls = JoinSet::new();
    for number in 0..AT_ONCE {
        let router = servers[number % servers.len()].router.clone();
        let body = world.refresh_form(refresh);
        calls.spawn(async move { post(&router, "/oauth/token", body).await });
        if revoking && number == AT_ONCE / 2 {
            let router = servers[number % servers.len()].router.clone();
            let body = world.revoke_form(refresh);
            calls.spawn(async move { post(&router, "/oauth/revoke", body).await });
        }
    }
    let mut pairs = Vec::new();
    for (status, body) in calls.join_all().await {
        match (status, body["access_token"].as_str()) {
            (StatusCode::OK, Some(access)) => {
                let refresh = body["refresh_token"].as_str().expect("a refresh token");
                pairs.push((access.to_owned(), refresh.to_owned()));
            }
            (StatusCode::OK, None) => {}
            (StatusCode::BAD_REQUEST, _) if revoking && body["error"] == "invalid_grant" => {}
            _ => panic!("{status}: {body}"),
        }
    }
    pairs
}

/// A token two generations old ends the grant, always and everywhere.
async fn replay(
    servers: &[Server],
    world: &World,
    oldest: &str,
    replies: &[(String, String)],
    round: u64,
) {
    let router = &servers[0].router;
    let mut newest = None;
    for (access, refresh) in replies {
        if servers[0].works(access).await {
            newest = Some(refresh.clone());
        }
    }
    let live = newest.expect("one is live");
    let (status, next) = post(router, "/oauth/token", world.refresh_form(&live)).await;
    assert_eq!(status, StatusCode::OK, "round {round}: {next}");
    let last = servers.last().expect("a server");
    let (status, body) = post(&last.router, "/oauth/token", world.refresh_form(oldest)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "round {round}: {body}");
    assert_eq!(body["error"], "invalid_grant", "round {round}");
    let access = next["access_token"].as_str().expect("an access token");
    for server in servers {
        server
            .app
            .verifier
            .follow_changes()
            .await
            .expect("followed");
        assert!(
            !server.works(access).await,
            "round {round}: it survived a replay"
        );
    }
}

/// The ids of the access tokens that work, which all servers must agree on.
async fn alive(servers: &[Server], replies: &[(String, String)]) -> Vec<String> {
    let mut by_server = Vec::new();
    for server in servers {
        let mut alive = Vec::new();
        for (access, _) in replies {
            if let Outcome::Works(verified) =
                server.app.verifier.verify(access).await.expect("an answer")
            {
                alive.push(verified.token.0);
            }
        }
        by_server.push(alive);
    }
    assert!(
        by_server.windows(2).all(|two| two[0] == two[1]),
        "{by_server:?}"
    );
    by_server.swap_remove(0)
}

/// The access token beside the refresh token that is neither replaced nor voided.
async fn live_refresh_token(app: &AppState, grant: &GrantId) -> Option<String> {
    let mut tx = app.store.peek().await.expect("reads");
    let grant = oauth_grants::get(&mut tx, grant).await.expect("read");
    let grant = grant.expect("a grant");
    if grant.ended_at.is_some() {
        return None;
    }
    let live = oauth_refresh_tokens::live_of_grant(&mut tx, &grant.id).await;
    live.expect("read").map(|token| token.access_token.0)
}

/// A server in this process, without a socket.
struct Server {
    app: AppState,
    router: Router,
}

impl Server {
    async fn start(url: &str) -> Self {
        let settings = Settings {
            database_url: url.to_owned(),
            public_url: "http://tenure.test".to_owned(),
            allowed_origins: Vec::new(),
            secure_cookies: false,
            sweeper: false,
            trusted_proxies: Vec::new(),
            access_lifetime: tenure_domain::policy::DEFAULT_ACCESS_LIFETIME,
            refresh_idle: tenure_domain::refresh::DEFAULT_IDLE,
        };
        let app = App::build(settings, Clock::system(), Random::system())
            .await
            .expect("it starts");
        let router = router(app.state.clone()).expect("a router");
        Self {
            app: app.state,
            router,
        }
    }

    async fn works(&self, access: &str) -> bool {
        let outcome = self.app.verifier.verify(access).await.expect("an answer");
        matches!(outcome, Outcome::Works(_))
    }
}

/// A plan with a user and a client.
struct World {
    plan: PlanId,
    user: UserId,
    client: ClientId,
    secret: String,
}

impl World {
    async fn settle(app: &AppState) -> Self {
        let (random, now, actor) = (&app.random, app.clock.now(), &Actor::OPERATOR);
        let mut tx = app.store.write().await.expect("writes");
        let plan = people::create_plan(&mut tx, random, now, actor, "Acme", Tier::Enterprise).await;
        let plan = plan.expect("a plan").id;
        let new = NewUser {
            name: "Ada",
            email: "ada@acme.example",
            password_hash: "-",
        };
        let user = people::create_user(&mut tx, random, now, actor, new).await;
        let user = user.expect("a user").id;
        let joined = people::join(&mut tx, now, actor, &user, &plan, Role::Member).await;
        joined.expect("joined");
        let new = NewClient {
            facts: ClientFacts {
                name: "App".to_owned(),
                redirect_uris: vec!["https://app.example/callback".to_owned()],
                scope: Scopes::default(),
            },
            auth_method: AuthMethod::ClientSecretPost,
            resource_server: false,
        };
        let registered = clients::register(&mut tx, random, now, actor, &plan, new).await;
        let (client, secret) = registered.expect("a client");
        tx.commit().await.expect("committed");
        Self {
            plan,
            user,
            client: client.id,
            secret: secret.expect("a secret").reveal(),
        }
    }

    /// A new grant, and its first refresh token.
    async fn grant(&self, app: &AppState) -> (GrantId, String) {
        let now = app.clock.now();
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
        (grant.id, pair.refresh.reveal())
    }

    fn refresh_form(&self, token: &str) -> String {
        let (client, secret) = (&self.client, &self.secret);
        format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={client}&client_secret={secret}"
        )
    }

    fn revoke_form(&self, token: &str) -> String {
        let (client, secret) = (&self.client, &self.secret);
        format!("token={token}&client_id={client}&client_secret={secret}")
    }
}

async fn post(router: &Router, path: &str, form: String) -> (StatusCode, Value) {
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

/// An empty database on the cluster that the tests are given.
async fn new_database() -> String {
    let base = env::var("TENURE_TEST_POSTGRES_URL").expect(
        "TENURE_TEST_POSTGRES_URL names a PostgreSQL for tests; `cargo xtask test` starts one",
    );
    let name = format!("tenure_refresh_{}", std::process::id());
    let mut connection = PgConnection::connect(&base).await.expect("connects");
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    connection.execute(create).await.expect("made");
    let (before, query) = base.split_once('?').unwrap_or((&base, ""));
    let (server, _) = before.rsplit_once('/').expect("a database in the address");
    format!("{server}/{name}?{query}")
}
