//! Sending a post: one try, within a time, to where it may go, without following anybody elsewhere.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::CONTENT_TYPE,
    redirect::Policy,
};
use tenure_domain::time::Timestamp;
use tokio::net::lookup_host;

use super::{
    address::{Target, is_public},
    signature::Key,
};

/// How long a receiver may take, from the look-up of its name to the head of its answer.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver took it: 2xx.
    Taken,
    /// Not this time, and why.
    Later(String),
    /// The receiver wants none of it any more: 410.
    Gone,
}

/// Sends posts. Cheap to clone.
#[derive(Clone)]
pub struct Poster {
    client: Client,
    private: bool,
}

impl Poster {
    /// One that reaches private addresses only if it may.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(private: bool) -> Result<Self, reqwest::Error> {
        // For the whole process, unless somebody has chosen before: the one that mails use, too.
        let _chosen_before = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIME_LIMIT)
            .user_agent(concat!("Tenure/", env!("CARGO_PKG_VERSION")));
        if !private {
            client = client.dns_resolver(Arc::new(Public));
        }
        Ok(Self {
            client: client.build()?,
            private,
        })
    }

    /// Tries to post this once.
    pub async fn post(
        &self,
        (url, key): (&str, &Key),
        (id, body): (&str, &str),
        now: Timestamp,
    ) -> Outcome {
        // What may be set may have changed since this was.
        let target = match Target::parse(url, self.private) {
            Ok(target) => target,
            Err(words) => return Outcome::Later(format!("the address: {words}")),
        };
        let second = now.as_millis().div_euclid(1_000);
        let answer = self
            .client
            .post(target.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", second.to_string())
            .header("webhook-signature", key.sign(id, second, body))
            .body(body.to_owned())
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => Outcome::Taken,
            Ok(answer) if answer.status() == StatusCode::GONE => Outcome::Gone,
            Ok(answer) => Outcome::Later(format!("the receiver answered {}", answer.status())),
            Err(error) => Outcome::Later(words(&error)),
        }
    }
}

/// Why there was no answer. Of the address nothing is said: its path may be a secret.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "no answer within 10 seconds".to_owned()
    } else if error.is_connect() {
        "no connection to the receiver".to_owned()
    } else {
        "the connection broke before the answer".to_owned()
    }
}

/// Looks names up, and knows none whose address is private.
struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|at| is_public(at.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("no public address").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
