//! A program that alerts are posted to, and that believes no post whose signature it has not checked: as the
//! guide for integrators says, and with none of the server's code.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tenure_domain::time::{MINUTE, SECOND, Timestamp};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::wait;

/// A post whose second is further off than this is refused.
const TOLERANCE: i64 = 5 * MINUTE;

/// A post as it came.
#[derive(Clone, Debug, Default)]
pub struct Post {
    /// `webhook-id`: the same whenever the same post comes again.
    pub id: String,
    second: String,
    signature: String,
    body: Vec<u8>,
}

impl Post {
    /// What the post tells, if it comes from whoever has the secret, and was sent about `now`.
    ///
    /// # Errors
    /// When its signature or its second is wrong.
    pub fn checked(&self, secret: &str, now: Timestamp) -> Result<Value> {
        let key = secret.strip_prefix("whsec_").context("no secret")?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(key)?)?;
        mac.update(format!("{}.{}.", self.id, self.second).as_bytes());
        mac.update(&self.body);
        let signature = self.signature.strip_prefix("v1,").context("no signature")?;
        let right = mac.verify_slice(&STANDARD.decode(signature)?).is_ok();
        ensure!(right, "the signature is wrong: {self:?}");
        let sent = Timestamp::from_millis(self.second.parse::<i64>()?.saturating_mul(SECOND));
        let off = now.millis_since(sent).abs();
        ensure!(off <= TOLERANCE, "it was sent {off} ms ago: {self:?}");
        Ok(serde_json::from_slice(&self.body)?)
    }
}

/// The program, which takes every post.
pub struct Receiver {
    url: String,
    posts: Arc<Mutex<Vec<Post>>>,
}

impl Receiver {
    /// Listens on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn listen() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let receiver = Self {
            url: format!("http://{}/alerts", listener.local_addr()?),
            posts: Arc::default(),
        };
        let posts = Arc::clone(&receiver.posts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A connection that breaks brings no post; the server sends it again.
                if let Ok(post) = take(stream).await {
                    posts
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(post);
                }
            }
        });
        Ok(receiver)
    }

    /// Where posts go.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All posts so far, in the order in which they came.
    #[must_use]
    pub fn posts(&self) -> Vec<Post> {
        self.posts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits for the post of this number, from 1 on.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn post(&self, number: usize) -> Result<Post> {
        wait::until(&format!("post {number} comes"), || async {
            Ok(self.posts().into_iter().nth(number - 1))
        })
        .await
    }
}

/// Reads one request to its end, and answers that it was taken.
async fn take(stream: TcpStream) -> Result<Post> {
    let mut stream = BufReader::new(stream);
    let (mut post, mut length) = (Post::default(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(": ") else {
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut post.id),
            "webhook-timestamp" => value.clone_into(&mut post.second),
            "webhook-signature" => value.clone_into(&mut post.signature),
            "content-length" => length = value.parse()?,
            _ => {}
        }
    }
    post.body = vec![0; length];
    stream.read_exact(&mut post.body).await?;
    let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    stream.get_mut().write_all(answer).await?;
    Ok(post)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with `openssl dgst -sha256 -mac HMAC`.
    fn post() -> Post {
        Post {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            second: "1614265330".to_owned(),
            signature: "v1,hK4CWvngkaAwjY1pABLuUbOIkEJjW9tAapq1no4ojG0=".to_owned(),
            body: br#"{"test": 2432232314}"#.to_vec(),
        }
    }

    const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const SENT: Timestamp = Timestamp::from_millis(1_614_265_330_000);

    #[test]
    fn only_what_was_signed_and_sent_lately_is_believed() {
        assert!(post().checked(SECRET, SENT).is_ok());
        let late = SENT.saturating_add(TOLERANCE + 1);
        assert!(post().checked(SECRET, late).is_err());
        let other = Post {
            body: br#"{"test": 2432232315}"#.to_vec(),
            ..post()
        };
        assert!(other.checked(SECRET, SENT).is_err());
        assert!(post().checked("whsec_AAAA", SENT).is_err());
    }
}
