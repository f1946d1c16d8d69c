//! The signature of a post, as [Standard Webhooks](https://www.standardwebhooks.com) 1.0 has it: HMAC-SHA256
//! (RFC 2104) over the post's id, the second in which it was sent, and its body.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::random::Random;

/// What every secret's text begins with.
const PREFIX: &str = "whsec_";

/// What signs. It has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A new one, of 256 random bits.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// The one that was kept, if it is one.
    #[must_use]
    pub fn kept(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// What is kept of it: it signs, so it is kept whole.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The text that its owner is shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The value of `webhook-signature` for a post of this id, sent in this second since 1970, with this body.
    #[must_use]
    pub fn sign(&self, id: &str, second: i64, body: &str) -> String {
        // A key of any length is one.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(format!("{id}.{second}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_signed_as_the_standard_has_it() {
        // Worked out with `openssl dgst -sha256 -mac HMAC`.
        let key = Key(*b"0123456789abcdef0123456789abcdef");
        assert_eq!(
            key.reveal(),
            "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
        );
        assert_eq!(
            key.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#
            ),
            "v1,hK4CWvngkaAwjY1pABLuUbOIkEJjW9tAapq1no4ojG0="
        );
    }

    #[test]
    fn what_is_kept_signs_alike() {
        let key = Key::new(&Random::seeded(1));
        let kept = Key::kept(key.bytes()).unwrap();
        assert_eq!(kept.sign("a", 1, "{}"), key.sign("a", 1, "{}"));
        assert_ne!(kept.sign("a", 1, "{}"), key.sign("a", 2, "{}"));
        assert!(Key::kept(b"short").is_none());
    }
}
