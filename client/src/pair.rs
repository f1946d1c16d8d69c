//! A token pair, and when it is due for the next one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use oauth2::{AccessToken, RefreshToken, TokenResponse};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The part of its lifetime after which an access token is renewed at the latest…
const RENEW_AT: f64 = 0.80;
/// …and the part by which it may be renewed earlier, so that many programs do not all come at once.
const SPREAD: f64 = 0.05;

/// An access token with the refresh token that gets its successor. Its `Debug` shows neither.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pair {
    access_token: AccessToken,
    refresh_token: RefreshToken,
    #[serde(with = "millis")]
    issued_at: SystemTime,
    #[serde(with = "maybe_millis")]
    expires_at: Option<SystemTime>,
}

impl Pair {
    /// What a token endpoint answered to a request that was sent at `asked_at`: counting from there is on
    /// the safe side. `None` when the answer has no refresh token, so that nothing could be kept alive.
    #[must_use]
    pub fn from_answer(answer: &impl TokenResponse, asked_at: SystemTime) -> Option<Self> {
        let refresh_token = answer.refresh_token()?.clone();
        Some(Self::new(answer, refresh_token, asked_at))
    }

    /// The pair after this one. A server that sends no new refresh token means the old one to be used
    /// again (RFC 6749, section 6).
    pub(crate) fn next(&self, answer: &impl TokenResponse, asked_at: SystemTime) -> Self {
        let refresh_token = answer.refresh_token().unwrap_or(&self.refresh_token);
        Self::new(answer, refresh_token.clone(), asked_at)
    }

    fn new(answer: &impl TokenResponse, refresh_token: RefreshToken, asked_at: SystemTime) -> Self {
        Self {
            access_token: answer.access_token().clone(),
            refresh_token,
            issued_at: asked_at,
            expires_at: answer
                .expires_in()
                .and_then(|lifetime| asked_at.checked_add(lifetime)),
        }
    }

    /// What a call is made with.
    #[must_use]
    pub const fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    /// What the next pair is got with.
    #[must_use]
    pub const fn refresh_token(&self) -> &RefreshToken {
        &self.refresh_token
    }

    /// When the access token stops working by itself, as far as was known when it was issued: the plan's
    /// policy may have become stricter since.
    #[must_use]
    pub const fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// When it is time for the next pair; `jitter` is from 0 to 1. `None` for an access token without an
    /// end, which only a 401 renews.
    pub(crate) fn renew_at(&self, jitter: f64) -> Option<SystemTime> {
        let part = RENEW_AT - SPREAD * jitter.clamp(0.0, 1.0);
        self.issued_at.checked_add(self.lifetime()?.mul_f64(part))
    }

    /// How long a renewal that could not be made ahead of time is let alone.
    pub(crate) fn pause(&self) -> Duration {
        self.lifetime().unwrap_or_default().mul_f64(SPREAD)
    }

    /// Whether the access token has certainly stopped working.
    pub(crate) fn has_ended(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    fn lifetime(&self) -> Option<Duration> {
        Some(
            self.expires_at?
                .duration_since(self.issued_at)
                .unwrap_or_default(),
        )
    }
}

/// Instants as whole milliseconds since 1970, UTC.
mod millis {
    use super::{
        Deserialize, Deserializer, Duration, Serialize as _, Serializer, SystemTime, UNIX_EPOCH,
    };

    pub(super) fn serialize<S: Serializer>(at: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis())
            .unwrap_or(u64::MAX)
            .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SystemTime, D::Error> {
        let since = Duration::from_millis(u64::deserialize(from)?);
        UNIX_EPOCH
            .checked_add(since)
            .ok_or_else(|| serde::de::Error::custom("an instant is too far away"))
    }
}

/// The same for instants that may be missing.
mod maybe_millis {
    use super::{Deserialize, Deserializer, Serialize, Serializer, SystemTime, millis};

    #[derive(Serialize, Deserialize)]
    struct At(#[serde(with = "millis")] SystemTime);

    #[expect(clippy::ref_option, reason = "serde hands the field over")]
    pub(super) fn serialize<S: Serializer>(
        at: &Option<SystemTime>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        at.map(At).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        Ok(Option::<At>::deserialize(from)?.map(|At(at)| at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(json: &str) -> Pair {
        serde_json::from_str(json).expect("it is a pair")
    }

    const LIVES_100_S: &str = r#"{"access_token":"tnr_oat_a","refresh_token":"tnr_ort_r","issued_at":1000,"expires_at":101000}"#;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    #[test]
    fn it_is_renewed_at_80_percent_or_a_little_earlier() {
        let pair = pair(LIVES_100_S);
        assert_eq!(pair.renew_at(0.0), Some(at(81_000)));
        assert_eq!(pair.renew_at(1.0), Some(at(76_000)));
        // A jitter beyond its bounds does no harm.
        assert_eq!(pair.renew_at(-5.0), Some(at(81_000)));
    }

    #[test]
    fn at_the_very_instant_of_expiry_it_has_ended() {
        let pair = pair(LIVES_100_S);
        assert!(!pair.has_ended(at(100_999)));
        assert!(pair.has_ended(at(101_000)));
    }

    #[test]
    fn without_an_end_it_is_never_renewed_ahead() {
        let pair =
            pair(r#"{"access_token":"a","refresh_token":"r","issued_at":1000,"expires_at":null}"#);
        assert_eq!(pair.renew_at(0.0), None);
        assert!(!pair.has_ended(at(u64::MAX / 2_000_000)));
    }

    #[test]
    fn it_reads_what_it_writes_and_shows_no_secret() {
        let pair = pair(LIVES_100_S);
        assert_eq!(
            serde_json::to_string(&pair).ok().as_deref(),
            Some(LIVES_100_S)
        );
        let shown = format!("{pair:?}");
        assert!(
            !shown.contains("tnr_oat_a") && !shown.contains("tnr_ort_r"),
            "{shown}"
        );
    }
}
