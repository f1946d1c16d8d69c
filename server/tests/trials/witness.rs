//! Who uses the server during a trial, and what they may swear to afterwards: only what the server
//! acknowledged to them.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rand::{Rng, RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use tenure_domain::time::Timestamp;

use crate::{
    brief::Brief,
    http::{Answer, Connection},
};

/// So many tokens, the youngest, are revoked and verified; the older ones have been often enough.
const YOUNG: usize = 40;

/// What is known of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// Its generation was acknowledged.
    Works,
    /// Its revocation was asked for, and no answer came: it may be either.
    Uncertain,
    /// Its revocation was acknowledged.
    Revoked,
}

/// A token that the server acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) life: Life,
}

/// What was acknowledged so far.
#[derive(Default)]
pub(crate) struct Testimony {
    pub(crate) tokens: Vec<Known>,
    /// So many tokens, the oldest, were found before and have been left alone since.
    pub(crate) unchanged: usize,
    /// Every version of the policy that was acknowledged, with its period.
    pub(crate) policies: BTreeMap<u64, Value>,
    pub(crate) verified: u64,
    /// How often the server said that it cannot answer at the moment.
    pub(crate) unavailable: u64,
}

impl Testimony {
    /// The tokens as they were found after a kill. From now on only the youngest are used.
    pub(crate) fn were_found(&mut self, tokens: Vec<Known>) {
        self.unchanged = tokens.len().saturating_sub(YOUNG);
        self.tokens = tokens;
    }
}

/// Somebody who uses the server in a session.
#[derive(Clone)]
pub(crate) struct Witness {
    pub(crate) address: SocketAddr,
    pub(crate) cookie: String,
    pub(crate) plan: String,
    /// The plan whose tokens live a minute.
    pub(crate) brief: Arc<Brief>,
    testimony: Arc<Mutex<Testimony>>,
}

/// Signs in; returns the session's cookie.
pub(crate) async fn sign_in(address: SocketAddr, email: &str, password: &str) -> String {
    let body = json!({ "email": email, "password": password });
    let request = request("POST", "/api/v1/session", &[], Some(&body));
    let mut connection = Connection::open(address).await.expect("connects");
    let answer = connection.call(&request).await.expect("an answer");
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let cookie = answer.header("set-cookie").expect("a cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

impl Witness {
    pub(crate) fn new(address: SocketAddr, cookie: String, plan: String, brief: Brief) -> Self {
        Self {
            address,
            cookie,
            plan,
            brief: Arc::new(brief),
            testimony: Arc::default(),
        }
    }

    pub(crate) fn testimony(&self) -> MutexGuard<'_, Testimony> {
        self.testimony
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses the server until it is gone. Every chance comes from `seed`.
    pub(crate) async fn live(self, seed: u64) {
        let mut chances = StdRng::seed_from_u64(seed);
        // The only way out is that the server does not answer any more.
        while self.act(&mut chances).await.is_ok() {}
    }

    async fn act(&self, chances: &mut StdRng) -> io::Result<()> {
        let mut connection = Connection::open(self.address).await?;
        for _ in 0..20 {
            match chances.random_range(0..12) {
                0..4 => self.generate(&mut connection).await?,
                4..6 => self.revoke(&mut connection, chances).await?,
                6 => self.change_policy(&mut connection, chances).await?,
                7 => self.generate_brief(&mut connection).await?,
                8 => self.verify_brief(&mut connection, chances).await?,
                _ => self.verify(&mut connection, chances).await?,
            }
        }
        Ok(())
    }

    async fn generate(&self, connection: &mut Connection) -> io::Result<()> {
        let body = json!({ "plan": self.plan, "name": "under trial" });
        if let Some(made) = self.generated(connection, &body).await? {
            self.testimony().tokens.push(Known {
                id: field(&made["token"]["id"]),
                secret: field(&made["secret"]),
                life: Life::Works,
            });
        }
        Ok(())
    }

    async fn generate_brief(&self, connection: &mut Connection) -> io::Result<()> {
        let Some(body) = self.brief.wanted() else {
            return Ok(());
        };
        if let Some(made) = self.generated(connection, &body).await? {
            let created_at: Timestamp = field(&made["token"]["created_at"])
                .parse()
                .expect("an instant");
            self.brief.generated(field(&made["secret"]), created_at);
        }
        Ok(())
    }

    async fn generated(
        &self,
        connection: &mut Connection,
        body: &Value,
    ) -> io::Result<Option<Value>> {
        let request = self.request("POST", "/api/v1/me/tokens", &[], Some(body));
        let answer = connection.call(&request).await?;
        Ok(self.acknowledged(&answer, 201).then(|| json(&answer)))
    }

    async fn revoke(&self, connection: &mut Connection, chances: &mut StdRng) -> io::Result<()> {
        let Some((index, token)) = self.pick(chances, |life| life == Life::Works) else {
            return Ok(());
        };
        self.testimony().tokens[index].life = Life::Uncertain;
        let path = format!("/api/v1/me/tokens/{}", token.id);
        let answer = connection
            .call(&self.request("DELETE", &path, &[], None))
            .await?;
        if self.acknowledged(&answer, 200) {
            self.testimony().tokens[index].life = Life::Revoked;
        }
        Ok(())
    }

    /// Sets a period that no token here reaches.
    async fn change_policy(
        &self,
        connection: &mut Connection,
        chances: &mut StdRng,
    ) -> io::Result<()> {
        let path = format!("/api/v1/plans/{}/expiration-policy", self.plan);
        let seen = connection
            .call(&self.request("GET", &path, &[], None))
            .await?;
        if !self.acknowledged(&seen, 200) {
            return Ok(());
        }
        let etag = seen.header("etag").expect("an ETag").to_owned();
        let version_seen = json(&seen)["version"].as_u64().expect("a version");
        let period = json!({ "amount": chances.random_range(30..3_000), "unit": "days" });
        let body = json!({ "period": period });
        let answer = connection
            .call(&self.request("PUT", &path, &[("If-Match", &etag)], Some(&body)))
            .await?;
        if answer.status == 412 || !self.acknowledged(&answer, 200) {
            return Ok(());
        }
        let version = json(&answer)["version"].as_u64().expect("a version");
        let mut testimony = self.testimony();
        if version == version_seen {
            // Chance asked for the period that was in force already, which changes nothing.
            let known = testimony.policies.get(&version);
            assert!(
                known.is_none_or(|known| *known == period),
                "version {version} was answered to a change that it does not hold"
            );
            return Ok(());
        }
        assert_eq!(version, version_seen + 1, "nothing came between");
        let earlier = testimony.policies.insert(version, period);
        assert_eq!(earlier, None, "version {version} was given to two changes");
        Ok(())
    }

    async fn verify(&self, connection: &mut Connection, chances: &mut StdRng) -> io::Result<()> {
        let Some((index, token)) = self.pick(chances, |life| life != Life::Uncertain) else {
            return Ok(());
        };
        let Some(works) = verify(connection, &token.secret).await?.works() else {
            self.testimony().unavailable += 1;
            return Ok(());
        };
        // Only a token whose life was the same before and after the call can be sworn to.
        let mut testimony = self.testimony();
        testimony.verified += 1;
        if testimony.tokens[index].life == token.life {
            assert_eq!(works, token.life == Life::Works, "{}", token.id);
        }
        Ok(())
    }

    async fn verify_brief(
        &self,
        connection: &mut Connection,
        chances: &mut StdRng,
    ) -> io::Result<()> {
        let number = chances.random_range(0..self.brief.len());
        if self.brief.verify(connection, number).await?.is_none() {
            self.testimony().unavailable += 1;
        }
        Ok(())
    }

    /// Whether it was done. On a machine that is busy enough the server may say that it cannot at the
    /// moment; then nobody can swear to anything.
    fn acknowledged(&self, answer: &Answer, status: u16) -> bool {
        if answer.status == 503 {
            self.testimony().unavailable += 1;
            return false;
        }
        assert_eq!(answer.status, status, "{}", text(answer));
        true
    }

    fn pick(
        &self,
        chances: &mut impl Rng,
        wanted: impl Fn(Life) -> bool,
    ) -> Option<(usize, Known)> {
        let testimony = self.testimony();
        let tokens = &testimony.tokens;
        if tokens.is_empty() {
            return None;
        }
        let from = tokens.len().saturating_sub(YOUNG);
        let index = chances.random_range(from..tokens.len());
        wanted(tokens[index].life).then(|| (index, tokens[index].clone()))
    }

    /// A request in this session.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Vec<u8> {
        let mut all = vec![("Cookie", self.cookie.as_str())];
        all.extend_from_slice(headers);
        request(method, path, &all, body)
    }
}

/// What the server says of a token that it acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Works,
    Revoked,
    Expired,
    /// It cannot say at the moment.
    Unavailable,
}

impl Verdict {
    /// Whether a token works that does not expire during the trial; `None` when the server cannot say.
    pub(crate) fn works(self) -> Option<bool> {
        match self {
            Self::Works => Some(true),
            Self::Revoked => Some(false),
            Self::Unavailable => None,
            Self::Expired => panic!("no token of this plan lives so short"),
        }
    }
}

/// Asks for a token. Any other answer than a [`Verdict`] is a failure of the trial.
pub(crate) async fn verify(connection: &mut Connection, secret: &str) -> io::Result<Verdict> {
    let bearer = format!("Bearer {secret}");
    let request = request("GET", "/verify", &[("Authorization", &bearer)], None);
    let answer = connection.call(&request).await?;
    match answer.status {
        200 => Ok(Verdict::Works),
        401 if json(&answer)["code"] == "token_revoked" => Ok(Verdict::Revoked),
        401 if json(&answer)["code"] == "token_expired" => Ok(Verdict::Expired),
        503 => Ok(Verdict::Unavailable),
        _ => panic!("an acknowledged token was answered: {}", text(&answer)),
    }
}

/// A whole request.
pub(crate) fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    if !body.is_empty() {
        let length = body.len();
        head.push_str(&format!(
            "Content-Type: application/json\r\nContent-Length: {length}\r\n"
        ));
    }
    format!("{head}\r\n{body}").into_bytes()
}

pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).expect("JSON")
}

pub(crate) fn field(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

pub(crate) fn text(answer: &Answer) -> String {
    format!(
        "{} {}",
        answer.status,
        String::from_utf8_lossy(&answer.body)
    )
}
