//! Chances: bytes that nearly are what a server expects. Every one comes from a seed.

use axum::http::HeaderValue;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// What parsers have stumbled over.
const STONES: [&[u8]; 26] = [
    b"\0",
    b"%00",
    b"%",
    b"%f",
    b"%ff%fe",
    b"\xff",
    b"\xc3\xa9",
    b"&",
    b"=",
    b"&&==",
    b"+",
    b"%2B",
    b":",
    b"::",
    b" ",
    b"\"",
    b"\\",
    b",",
    b"#",
    b"\xe2\x80\xae",
    b"-1",
    b"9223372036854775808",
    b"null",
    b"{}",
    b"\xf0\x9f\x94\x91",
    b"\xed\xa0\x80",
];

/// The server's library sets an end to addresses: a few of these parts, however written, stay below it.
const MOST_OF_AN_ADDRESS: usize = 9_000;

/// Where the noise comes from.
pub(crate) struct Noise(StdRng);

impl Noise {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1))
    }

    /// One in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// Up to so many bytes, each of them anything.
    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.0.random()).collect()
    }

    /// The bytes with up to three changes; none, once in a while.
    pub(crate) fn change(&mut self, right: &[u8]) -> Vec<u8> {
        let mut bytes = right.to_vec();
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(8)).min(bytes.len());
            match self.below(8) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.truncate(at),
                2 => bytes = bytes.repeat(2),
                3 if at < bytes.len() => bytes[at] = self.0.random(),
                4 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                5 if self.once_in(4) => bytes.extend(vec![b'a'; 70_000]),
                _ => drop(bytes.splice(at..end, self.pick(&STONES).iter().copied())),
            }
        }
        bytes
    }

    /// The text with changes, and where it is no text any more, what remains of it.
    pub(crate) fn text(&mut self, right: &str) -> String {
        String::from_utf8_lossy(&self.change(right.as_bytes())).into_owned()
    }

    /// A header's value, as far as one can be sent.
    pub(crate) fn header(&mut self, right: &str) -> HeaderValue {
        let mut bytes = self.change(right.as_bytes());
        bytes.retain(|byte| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f));
        HeaderValue::from_bytes(&bytes).expect("what cannot be sent is gone")
    }

    /// The part of an address, as far as one can be sent.
    pub(crate) fn query(&mut self, right: &str) -> String {
        let bytes = self.change(right.as_bytes());
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~&=+%:/?".contains(&byte);
        let write = |byte: u8| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02x}"),
        };
        bytes
            .into_iter()
            .take(MOST_OF_AN_ADDRESS)
            .map(write)
            .collect()
    }

    /// What HTTP basic authentication sends, with the changes before or after the encoding.
    pub(crate) fn basic(&mut self, credentials: &str) -> HeaderValue {
        let changed = self.change(credentials.as_bytes());
        match self.below(4) {
            0 => {
                let noise = self.bytes(200);
                self.header(&format!("Basic {}", STANDARD.encode(noise)))
            }
            1 => self.header(&format!("Basic {}", STANDARD.encode(credentials))),
            _ => HeaderValue::try_from(format!("Basic {}", STANDARD.encode(changed)))
                .expect("base 64"),
        }
    }

    /// A cursor like this one, with the changes before or after its encoding.
    pub(crate) fn cursor(&mut self, right: &str) -> String {
        match URL_SAFE_NO_PAD.decode(right) {
            Ok(position) if !self.once_in(4) => {
                let changed = self.change(&position);
                URL_SAFE_NO_PAD.encode(&changed[..changed.len().min(MOST_OF_AN_ADDRESS)])
            }
            _ => self.query(right),
        }
    }
}
