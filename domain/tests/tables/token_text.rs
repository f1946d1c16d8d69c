//! What a token looks like, and that no typo in it goes unseen.

use tenure_domain::{
    token::TokenKind,
    token_text::{Malformed, RANDOM_BYTES, compose, last_four, recognise},
};

const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Made by another program: big-endian base 62 and zlib's CRC-32 of all that stands before it.
fn vectors() -> [([u8; RANDOM_BYTES], &'static str); 3] {
    let mut counting = [0; RANDOM_BYTES];
    for (byte, value) in counting.iter_mut().zip(0..) {
        *byte = value;
    }
    [
        (
            [0x00; RANDOM_BYTES],
            "tnr_pat_00000000000000000000000000000000000000000003mLINq",
        ),
        (
            [0xFF; RANDOM_BYTES],
            "tnr_pat_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11riLqw",
        ),
        (
            counting,
            "tnr_pat_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf4AELIc",
        ),
    ]
}

fn tokens() -> impl Iterator<Item = String> {
    vectors().into_iter().map(|(_, text)| text.to_owned())
}

/// `text` with another character at `index`.
fn with(text: &str, index: usize, other: char) -> String {
    let replaced = |(at, character)| if at == index { other } else { character };
    text.chars().enumerate().map(replaced).collect()
}

#[test]
fn the_same_bytes_make_the_same_text_for_good() {
    for (random, text) in vectors() {
        assert_eq!(compose(TokenKind::UserAccess, &random), text);
        assert_eq!(recognise(text), Ok(TokenKind::UserAccess.into()));
    }
}

#[test]
fn every_changed_character_is_refused() {
    let others = || ALPHANUMERIC.chars().chain("_-. \0\n=é\u{ff11}".chars());
    for token in tokens() {
        for (index, right) in token.chars().enumerate() {
            for wrong in others().filter(|&other| other != right) {
                let typo = with(&token, index, wrong);
                assert_eq!(recognise(&typo), Err(Malformed), "{typo}");
            }
        }
    }
}

#[test]
fn every_lost_or_doubled_character_is_refused() {
    for token in tokens() {
        for index in 0..token.len() {
            let (before, after) = token.split_at(index);
            let (lost, rest) = after.split_at(1);
            assert_eq!(recognise(&format!("{before}{rest}")), Err(Malformed));
            assert_eq!(
                recognise(&format!("{before}{lost}{lost}{rest}")),
                Err(Malformed)
            );
        }
    }
}

#[test]
fn every_two_characters_that_changed_places_are_refused() {
    for token in tokens() {
        let bytes = token.as_bytes();
        for first in 0..bytes.len() {
            for second in (first + 1..bytes.len()).filter(|&second| bytes[first] != bytes[second]) {
                let swapped = with(&token, first, bytes[second].into());
                let swapped = with(&swapped, second, bytes[first].into());
                assert_eq!(recognise(&swapped), Err(Malformed), "{swapped}");
            }
        }
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let good = vectors()[2].1;
    let body = &good["tnr_pat_".len()..];
    let table = [
        String::new(),
        "tnr_pat_".to_owned(),
        "tnr_pat".to_owned(),
        body.to_owned(),
        format!("tnr_oat_{body}"),
        format!("TNR_PAT_{body}"),
        format!("ghp_{body}"),
        format!(" {good}"),
        format!("{good} "),
        format!("{good}\n"),
        format!("Bearer {good}"),
        good.to_uppercase(),
        good.to_lowercase(),
        good.repeat(2),
        format!("tnr_pat_{}", "é".repeat(49)),
        format!("tnr_pat_{}", "é".repeat(24) + "x"),
        "x".repeat(1_000_000),
    ];
    for text in table {
        assert_eq!(recognise(&text), Err(Malformed), "{text:.80}");
    }
}

/// `text` with the right checksum behind it.
fn signed(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let mut digits = [' '; 6];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHANUMERIC.as_bytes()[rest % 62].into();
        rest /= 62;
    }
    format!("{text}{}", String::from_iter(digits))
}

#[test]
fn a_right_checksum_does_not_make_a_token() {
    let good = &vectors()[2].1[..51];
    assert_eq!(recognise(&signed(good)), Ok(TokenKind::UserAccess.into()));
    let table = [
        format!("{good}0"),
        good[..50].to_owned(),
        with(good, 30, '_'),
        with(good, 30, ' '),
        with(good, 30, 'é'),
        with(&good[..50], 30, 'é'),
        good.replace("pat", "out"),
        "tnr_pat_".to_owned(),
        String::new(),
    ];
    for text in table {
        assert_eq!(recognise(&signed(&text)), Err(Malformed), "{text}");
    }
}

#[test]
fn people_see_the_prefix_and_the_last_four_characters() {
    assert_eq!(TokenKind::UserAccess.prefix(), "tnr_pat_");
    let table = [
        (vectors()[2].1, "ELIc"),
        ("abc", "abc"),
        ("", ""),
        ("xxé", "xxé"),
        ("éabc", ""),
    ];
    for (text, expected) in table {
        assert_eq!(last_four(text), expected, "{text}");
    }
}
