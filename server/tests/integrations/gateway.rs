//! nginx and Caddy with the configurations of the guide, in front of an API. Both must do the same.

use std::{fs, net::SocketAddr, process::Command};

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    people::{Admin, Token},
    program::{Program, free_address, needed, of_the_guide},
    tenure::Tenure,
    toy_api,
};

/// The gateways that the guide knows.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Nginx,
    Caddy,
}

/// What a test of a gateway finds.
struct World {
    tenure: Tenure,
    admin: Admin,
    gateway: SocketAddr,
    http: reqwest::Client,
    _program: Program,
    _folder: TempDir,
}

/// What nginx needs around a file of its `conf.d`, so that it is nobody's but this test's.
const NGINX: &str = "daemon off; master_process off; error_log stderr notice;\n\
    pid nginx.pid; events {}\n\
    http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;\n\
    uwsgi_temp_path uwsgi; scgi_temp_path scgi; include site.conf; }\n";

impl World {
    async fn start(kind: Kind) -> Self {
        let tenure = Tenure::start().await;
        let admin = Admin::sign_in(&tenure).await;
        admin.define_scopes().await;
        let folder = tempfile::tempdir().expect("a folder can be made");
        let gateway = free_address();
        let addresses = [
            ("127.0.0.1:8080", tenure.address),
            ("127.0.0.1:9000", toy_api::start().await),
            ("127.0.0.1:8000", gateway),
        ];
        let program = match kind {
            Kind::Nginx => nginx(&folder, &addresses),
            Kind::Caddy => caddy(&folder, &addresses),
        };
        Self {
            tenure,
            admin,
            gateway,
            http: reqwest::Client::new(),
            _program: program,
            _folder: folder,
        }
    }

    /// A call with these headers.
    async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let url = format!("http://{}{path}", self.gateway);
        let mut request = self.http.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("the gateway answers")
    }

    async fn get(&self, path: &str, token: &Token) -> Response {
        let bearer = format!("Bearer {}", token.secret);
        self.call(Method::GET, path, &[("Authorization", &bearer)])
            .await
    }
}

fn nginx(folder: &TempDir, addresses: &[(&str, SocketAddr)]) -> Program {
    let site = of_the_guide("nginx.conf", addresses);
    fs::write(folder.path().join("site.conf"), site).expect("it is written");
    fs::write(folder.path().join("nginx.conf"), NGINX).expect("it is written");
    let mut command = Command::new(needed("TENURE_NGINX"));
    command
        .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
        .arg(folder.path());
    // It says so when its sockets are open.
    Program::start(&mut command, "event method").0
}

fn caddy(folder: &TempDir, addresses: &[(&str, SocketAddr)]) -> Program {
    let config = folder.path().join("Caddyfile");
    fs::write(&config, of_the_guide("Caddyfile", addresses)).expect("it is written");
    let mut command = Command::new(needed("TENURE_CADDY"));
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(config);
    for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(variable, folder.path());
    }
    Program::start(&mut command, "serving initial configuration").0
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap_or("?"))
}

async fn seen(answer: Response) -> Value {
    assert_eq!(answer.status(), 200);
    serde_json::from_str(&answer.text().await.expect("it is whole")).expect("the API answered")
}

/// A good token passes, and the API is told whose it is.
async fn a_good_token_passes(kind: Kind) {
    let world = World::start(kind).await;
    let token = world.admin.generate(&["orders:read"]).await;
    let answer = world.get("/orders/1", &token).await;
    assert_eq!(header(&answer, "x-token-expires-at"), "never");
    let seen = seen(answer).await;
    assert_eq!(seen["x-tenure-sub"], world.tenure.user);
    assert_eq!(seen["x-tenure-plan"], world.tenure.plan);
    assert_eq!(seen["x-tenure-scope"], "orders:read");
    assert_eq!(seen["x-tenure-token-id"], token.id);
    assert_eq!(seen["x-token-expires-at"], "never");
    assert_eq!(
        seen["authorization"],
        Value::Null,
        "the API does not get the token"
    );
}

/// What callers forge never reaches the API, whichever way they write it.
async fn forged_headers_are_stripped(kind: Kind) {
    let world = World::start(kind).await;
    // Without a scope, so that an empty value must take the forged one's place.
    let token = world.admin.generate(&[]).await;
    let bearer = format!("Bearer {}", token.secret);
    let forged = [
        ("Authorization", bearer.as_str()),
        ("X-Tenure-Sub", "forged"),
        ("X-Tenure-Plan", "forged"),
        ("X-Tenure-Scope", "forged"),
        ("X-Tenure-Token-Id", "forged"),
        ("X-Token-Expires-At", "forged"),
        ("X-Token-Expires-In", "forged"),
        ("X_Tenure_Sub", "forged"),
        ("X-Tenure_Scope", "forged"),
        ("X_Token_Expires_At", "forged"),
        ("X-Required-Scope", "forged"),
    ];
    let seen = seen(world.call(Method::POST, "/any", &forged).await).await;
    assert!(!seen.to_string().contains("forged"), "{seen}");
    assert_eq!(seen["x-tenure-sub"], world.tenure.user);
    assert_eq!(seen["x-tenure-scope"].as_str().unwrap_or_default(), "");
}

/// A token that is missing, wrong, expired or revoked is a 401 that says so.
async fn bad_tokens_are_401(kind: Kind) {
    let world = World::start(kind).await;
    let answer = world.call(Method::GET, "/any", &[]).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(
        header(&answer, "www-authenticate"),
        "Bearer realm=\"tenure\""
    );

    let revoked = world.admin.generate(&[]).await;
    world.admin.revoke(&revoked).await;
    let expired = world.admin.generate(&[]).await;
    world.admin.let_tokens_live(10).await;
    seen(world.get("/any", &expired).await).await;
    world
        .tenure
        .clock
        .advance(std::time::Duration::from_secs(600));
    for (token, why) in [(revoked, "was revoked"), (expired, "has expired")] {
        let answer = world.get("/any", &token).await;
        assert_eq!(answer.status(), 401, "{why}");
        let challenge = header(&answer, "www-authenticate");
        assert!(
            challenge.contains("error=\"invalid_token\"") && challenge.contains(why),
            "{challenge}"
        );
        assert_ne!(
            header(&answer, "x-token-expires-at"),
            "",
            "it says when it ended"
        );
    }
}

/// A scope that the token lacks is a 403 that names it; what the method needs is the gateway's to say.
async fn missing_scopes_are_403(kind: Kind) {
    let world = World::start(kind).await;
    let reader = world.admin.generate(&["orders:read"]).await;
    let bearer = format!("Bearer {}", reader.secret);
    // What the caller claims to need does not count.
    let headers = [
        ("Authorization", bearer.as_str()),
        ("X-Required-Scope", "orders:read"),
    ];
    for path in ["/orders/1", "//orders/1", "/%6frders/1"] {
        let answer = world.call(Method::POST, path, &headers).await;
        assert_eq!(answer.status(), 403, "{path}");
        let challenge = header(&answer, "www-authenticate");
        assert!(
            challenge.contains("error=\"insufficient_scope\"")
                && challenge.contains("scope=\"orders:write\""),
            "{challenge}"
        );
    }
    seen(world.get("/orders/1", &reader).await).await;
    let writer = world.admin.generate(&["orders:write"]).await;
    assert_eq!(world.get("/orders/1", &writer).await.status(), 403);
}

/// What the API itself answers is not the gateway's to change.
async fn the_apis_own_errors_pass(kind: Kind) {
    let world = World::start(kind).await;
    let token = world.admin.generate(&[]).await;
    let own = world.get("/own-401", &token).await;
    assert_eq!(
        (own.status(), header(&own, "www-authenticate")),
        (StatusCode::UNAUTHORIZED, "Own")
    );
    assert_eq!(world.get("/broken", &token).await.status(), 500);
}

/// While Tenure does not answer, nobody is let in, and callers are told to come again.
async fn without_tenure_nobody_is_let_in(kind: Kind) {
    let world = World::start(kind).await;
    let token = world.admin.generate(&[]).await;
    seen(world.get("/any", &token).await).await;
    world.tenure.stop().await;
    let answer = world.get("/any", &token).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(header(&answer, "retry-after"), "1");
}

macro_rules! both {
    ($($test:ident)+) => {
        mod nginx {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Nginx).await; })+
        }
        mod caddy {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Caddy).await; })+
        }
    };
}

both! {
    a_good_token_passes
    forged_headers_are_stripped
    bad_tokens_are_401
    missing_scopes_are_403
    the_apis_own_errors_pass
    without_tenure_nobody_is_let_in
}
