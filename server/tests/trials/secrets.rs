//! What the server gave out is nowhere in what it keeps and says: not in the database file or its
//! write-ahead log, not in any other file beside it, not in its log at its most talkative.
//!
//! Whoever reads a disk, a backup or a log learns no secret. Passwords, the session's cookie, the clients'
//! secrets and authorization codes are looked for beside the tokens.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tenure_server::{random::Random, secret::Secret};
use url::{Url, form_urlencoded};

use crate::{
    http::{Answer, Connection},
    search::Search,
    server::{self, Server},
    witness::{Verdict, field, json, request, sign_in, text, verify},
};

/// Turns of a round of `TENURE_TRIALS`: 50 tokens' secrets, so that 200 rounds issue 10 000.
const TURNS: u64 = 5;
/// User access tokens of a turn, beside the two pairs of one consent.
const USER_TOKENS: u64 = 6;
/// All tokens' secrets of a turn.
const PER_TURN: u64 = USER_TOKENS + 4;

const EMAIL: &str = "admin@acme.example";
const PASSWORD: &str = "a-password-of-the-secrets-trial";
const CALLBACK: &str = "https://app.example/callback";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What must be found, or the search finds nothing at all: a token's name in the database, and a request's
/// id in the log.
const PLANTED_NAME: &str = "planted name";
const PLANTED_ID: &str = "planted request id";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_no_secret_is_in_anything_that_is_kept() {
    let turns = TURNS * crate::kill::number("TENURE_TRIALS").unwrap_or(10);
    let data = tempfile::tempdir().expect("a temporary folder");
    let logs = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start_talkative(data.path(), logs.path()).await;
    let mut user = User::settle(data.path(), &server).await;
    user.plant().await;
    for _ in 0..turns {
        user.turn().await;
    }
    assert_eq!(user.tokens, turns * PER_TURN);

    let wal = fs::metadata(data.path().join("tenure.db-wal")).expect("it is in use");
    assert!(wal.len() > 0, "nothing is in the write-ahead log");
    let running = look(&user.search, data.path(), logs.path());
    server.stop();
    let stopped = look(&user.search, data.path(), logs.path());
    println!(
        "secrets: {} texts, {} of them tokens' secrets; none was in {} bytes of data and {} of logs while \
         the server ran, and none in {} and {} after it ended; both planted texts were found each time",
        user.search.len(),
        user.tokens,
        running.0,
        running.1,
        stopped.0,
        stopped.1
    );
}

/// Only what was planted is found, where it was planted; how many bytes were looked through. The ids of refused calls
/// are kept some seconds after they are logged.
fn look(search: &Search, data: &Path, logs: &Path) -> (usize, usize) {
    let (in_data, data) = search.folder(data);
    let is_planted = |found: &&str| [PLANTED_NAME, PLANTED_ID].contains(found);
    assert!(
        in_data.contains(PLANTED_NAME) && in_data.iter().all(is_planted),
        "in the data: {in_data:?}"
    );
    let (in_logs, logs) = search.folder(logs);
    assert!(in_logs.iter().eq([&PLANTED_ID]), "in the logs: {in_logs:?}");
    (data, logs)
}

/// A System Admin, their browser and their clients.
struct User {
    connection: Connection,
    cookie: String,
    plan: String,
    /// An app that shows its secret by HTTP basic authentication.
    app: Client,
    /// A resource server that shows it in the body.
    api: Client,
    search: Search,
    /// How many tokens' secrets were issued.
    tokens: u64,
}

struct Client {
    id: String,
    secret: String,
}

impl User {
    /// Makes the plan, its admin, and the clients; whatever is secret of them is looked for.
    async fn settle(folder: &Path, server: &Server) -> Self {
        let plan = ["admin", "create-plan", "--name", "Acme"];
        let (made, plan) =
            server::run(folder, &[&plan[..], &["--tier", "enterprise"]].concat(), "");
        assert!(made, "{plan}");
        let plan: Value = serde_json::from_str(&plan).expect("JSON");
        let user = ["admin", "create-user", "--email", EMAIL, "--plan", "Acme"];
        let rest = ["--role", "system_admin", "--password-stdin"];
        let (made, user) = server::run(folder, &[&user[..], &rest[..]].concat(), PASSWORD);
        assert!(made, "{user}");
        let cookie = sign_in(server.address, EMAIL, PASSWORD).await;
        let nobody = || Client {
            id: String::new(),
            secret: String::new(),
        };
        let mut user = Self {
            connection: Connection::open(server.address).await.expect("connects"),
            plan: field(&plan["plan"]["id"]),
            app: nobody(),
            api: nobody(),
            search: Search::default(),
            tokens: 0,
            cookie,
        };
        let (_, session) = user.cookie.split_once('=').expect("a cookie");
        user.search.add("session cookie", session);
        user.search.add("password", PASSWORD);
        let app = json!({
            "client_name": "App", "redirect_uris": [CALLBACK], "scope": "tokens:read tokens:write",
        });
        user.app = user.register(&app).await;
        let api = json!({
            "client_name": "API", "resource_server": true,
            "token_endpoint_auth_method": "client_secret_post",
        });
        user.api = user.register(&api).await;
        let basic = user.app.basic();
        user.search.add("Basic credentials", &basic);
        user
    }

    async fn register(&mut self, client: &Value) -> Client {
        let path = format!("/api/v1/plans/{}/oauth-clients", self.plan);
        let made = self.ask("POST", &path, Some(client), 201).await;
        let secret = field(&made["client_secret"]);
        self.search.add("client secret", &secret);
        Client {
            id: field(&made["client_id"]),
            secret,
        }
    }

    /// Puts what the search must find where it must find it; it looks like a secret and is none.
    async fn plant(&mut self) {
        let random = Random::system();
        let (name, id) = (
            Secret::opaque(&random).reveal(),
            Secret::opaque(&random).reveal(),
        );
        let body = json!({ "plan": self.plan, "name": name });
        self.ask("POST", "/api/v1/me/tokens", Some(&body), 201)
            .await;
        self.search.add(PLANTED_NAME, &name);
        let request = request("GET", "/verify", &[("X-Request-Id", &id)], None);
        self.connection.call(&request).await.expect("an answer");
        self.search.add(PLANTED_ID, &id);
    }

    /// Tokens of both kinds, used rightly and wrongly.
    async fn turn(&mut self) {
        for _ in 0..USER_TOKENS {
            let body = json!({ "plan": self.plan, "name": "under trial" });
            let made = self
                .ask("POST", "/api/v1/me/tokens", Some(&body), 201)
                .await;
            let secret = field(&made["secret"]);
            self.issued("user access token", &secret);
            self.use_well(&secret).await;
            self.misuse(&secret).await;
        }
        let code = self.consent().await;
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let (access, refresh) = self.pair(&exchange).await;
        self.use_well(&access).await;
        self.misuse(&refresh).await;
        let renewal = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
        let (access, refresh) = self.pair(&renewal).await;
        self.use_well(&access).await;
        self.misuse(&access).await;
        self.misuse(&refresh).await;
        self.misuse(&code).await;
    }

    /// The code that this person gives the app.
    async fn consent(&mut self) -> String {
        let asked = json!({
            "response_type": "code", "client_id": self.app.id, "redirect_uri": CALLBACK,
            "scope": "tokens:read", "state": "s", "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        });
        let body = json!({ "request": asked, "allow": true });
        let answer = self
            .ask("POST", "/api/v1/oauth/authorization", Some(&body), 200)
            .await;
        let address = Url::parse(&field(&answer["redirect_to"])).expect("an address");
        let code = address.query_pairs().find(|(name, _)| name == "code");
        let code = code.expect("a code").1.into_owned();
        self.search.add("authorization code", &code);
        code
    }

    /// What the app gets at the token endpoint.
    async fn pair(&mut self, form: &[(&str, &str)]) -> (String, String) {
        let basic = format!("Basic {}", self.app.basic());
        let answer = self
            .post("/oauth/token", &[("Authorization", &basic)], form)
            .await;
        assert_eq!(answer.status, 200, "{}", text(&answer));
        let body = json(&answer);
        let (access, refresh) = (field(&body["access_token"]), field(&body["refresh_token"]));
        self.issued("access token of an app", &access);
        self.issued("refresh token", &refresh);
        (access, refresh)
    }

    fn issued(&mut self, what: &str, secret: &str) {
        self.tokens += 1;
        self.search
            .add(&format!("{what}, secret {}", self.tokens), secret);
    }

    /// Verified, introspected, and pasted where tokens are checked.
    async fn use_well(&mut self, secret: &str) {
        let verdict = verify(&mut self.connection, secret)
            .await
            .expect("an answer");
        assert_eq!(verdict, Verdict::Works);
        assert_eq!(self.introspect(secret).await["active"], true);
        assert_eq!(
            self.check(&json!({ "text": secret }), 200).await["found"],
            "token"
        );
    }

    /// With a typo, in the wrong place, and by the wrong name.
    async fn misuse(&mut self, secret: &str) {
        let typo = format!("{secret}x");
        let bearer = |text: &str| format!("Bearer {text}");
        for (path, header, value) in [
            ("/verify".to_owned(), "Authorization", bearer(&typo)),
            (
                "/verify".to_owned(),
                "Authorization",
                format!("Basic {secret}"),
            ),
            ("/verify".to_owned(), "X-Required-Scope", secret.to_owned()),
            (
                format!("/verify?access_token={secret}"),
                "Authorization",
                bearer("none"),
            ),
            (
                format!("/verify/{secret}"),
                "Referer",
                format!("https://a.example/{secret}"),
            ),
            (format!("/{secret}"), "User-Agent", secret.to_owned()),
            (
                format!("/oauth/authorize?client_id={secret}&state={secret}"),
                "Accept",
                secret.to_owned(),
            ),
            (
                "/api/v1/session".to_owned(),
                "Cookie",
                format!("tenure_session={secret}"),
            ),
            (
                "/api/v1/me/tokens".to_owned(),
                "Authorization",
                bearer(&typo),
            ),
        ] {
            let request = request("GET", &path, &[(header, &value)], None);
            let answer = self.connection.call(&request).await.expect("an answer");
            assert!(answer.status < 500, "{}", text(&answer));
        }
        let (cookie, path) = (self.cookie.clone(), format!("/api/v1/me/tokens/{secret}"));
        for (method, path) in [("DELETE", path.clone()), ("POST", format!("{path}/rotate"))] {
            let request = request(method, &path, &[("Cookie", &cookie)], Some(&json!({})));
            let answer = self.connection.call(&request).await.expect("an answer");
            assert_eq!(answer.status, 404, "{}", text(&answer));
        }
        self.introspect(&typo).await;
        self.check(&json!({ "text": typo }), 200).await;
        self.check(&json!({ "token": secret }), 422).await;
        self.check(&json!(secret), 422).await;
    }

    async fn introspect(&mut self, token: &str) -> Value {
        let (id, secret) = (self.api.id.clone(), self.api.secret.clone());
        let form = [
            ("token", token),
            ("client_id", &id),
            ("client_secret", &secret),
        ];
        let answer = self.post("/oauth/introspect", &[], &form).await;
        assert_eq!(answer.status, 200, "{}", text(&answer));
        json(&answer)
    }

    async fn check(&mut self, body: &Value, status: u16) -> Value {
        let path = format!("/api/v1/plans/{}/checks", self.plan);
        self.ask("POST", &path, Some(body), status).await
    }

    /// A call of the person's browser.
    async fn ask(&mut self, method: &str, path: &str, body: Option<&Value>, status: u16) -> Value {
        let request = request(method, path, &[("Cookie", &self.cookie)], body);
        let answer = self.connection.call(&request).await.expect("an answer");
        assert_eq!(answer.status, status, "{method} {path}: {}", text(&answer));
        json(&answer)
    }

    /// A call of a client, with a form.
    async fn post(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let length = body.len().to_string();
        let mut all = vec![
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", &length),
        ];
        all.extend_from_slice(headers);
        let mut request = request("POST", path, &all, None);
        request.extend_from_slice(body.as_bytes());
        self.connection.call(&request).await.expect("an answer")
    }
}

impl Client {
    /// What HTTP basic authentication sends: the secret is in it, and can be read by anybody.
    fn basic(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.id, self.secret))
    }
}
