//! Proof Key for Code Exchange (RFC 7636), by `S256` alone: whoever exchanges a code must be whoever asked
//! for it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Whether a text can be a challenge: 32 bytes in base64url (RFC 7636, section 4.2).
pub(crate) fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether the verifier is the one that the challenge was made of (RFC 7636, section 4.6).
pub(crate) fn proves(verifier: &str, challenge: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(plain);
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    well_formed && bool::from(digest.as_bytes().ct_eq(challenge.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    #[test]
    fn the_example_of_the_standard_holds() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_challenge(challenge));
        assert!(proves(verifier, challenge));
        assert!(!proves(&verifier.replace('d', "e"), challenge));
        assert!(!proves("short", challenge));
        assert!(!is_challenge("short"));
    }
}
