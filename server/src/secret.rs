//! Secrets: made here, hashed here, and never printed.
//!
//! Tokens, session cookies and setup links have 256 random bits, so a plain SHA-256 keeps them;
//! people's passwords have not, see [`crate::password`].

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use tenure_domain::token_text::{self, RANDOM_BYTES, TextKind};

use crate::random::Random;

/// The SHA-256 of a secret, by which it is looked up.
pub type SecretHash = [u8; 32];

/// A secret that somebody is to see once. It cannot be printed, logged or serialized by accident:
/// it has no `Debug`, no `Display` and no `Serialize`.
pub struct Secret(String);

impl Secret {
    /// The text of a new token.
    #[must_use]
    pub fn token(kind: impl Into<TextKind>, random: &Random) -> Self {
        Self(token_text::compose(kind, &random.bytes::<RANDOM_BYTES>()))
    }

    /// A new opaque secret of 256 random bits: for a session cookie or a setup link.
    #[must_use]
    pub fn opaque(random: &Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        hash(&self.0)
    }

    /// The text, for the one answer that shows it.
    #[must_use]
    pub fn reveal(self) -> String {
        self.0
    }

    /// The last four characters, by which people tell their tokens apart.
    #[must_use]
    pub fn last_four(&self) -> &str {
        token_text::last_four(&self.0)
    }
}

/// What is kept of the secret that this is the text of.
#[must_use]
pub fn hash(text: &str) -> SecretHash {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use tenure_domain::token::TokenKind;

    use super::*;

    #[test]
    fn a_token_is_recognised_and_known_by_its_hash() {
        let secret = Secret::token(TokenKind::UserAccess, &Random::seeded(1));
        let (kept, last_four) = (secret.hash(), secret.last_four().to_owned());
        let text = secret.reveal();
        assert_eq!(
            token_text::recognise(&text),
            Ok(TokenKind::UserAccess.into())
        );
        assert!(text.ends_with(&last_four));
        assert_eq!(hash(&text), kept);
        assert_ne!(hash(&text[1..]), kept);
    }

    #[test]
    fn no_two_secrets_are_alike() {
        let random = Random::system();
        assert_ne!(
            Secret::opaque(&random).reveal(),
            Secret::opaque(&random).reveal()
        );
    }
}
