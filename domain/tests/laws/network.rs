//! What strangers send: scopes, redirect URIs, tokens, refresh tokens at any instant, and what a browser
//! reads. Nothing panics, and whatever is let through keeps what its parser promises.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{json, to_value};
use tenure_domain::{
    json::{FromJson, Json},
    period::{Period, Unit},
    redirect,
    refresh::{self, Decision, Place, RefreshFacts},
    rotation,
    scope::{self, MAX_NAME, MAX_SCOPES, Scopes},
    token::Expiry,
    token_text::{self, RANDOM_BYTES, TextKind},
    wire::{
        checks::{CheckToken, Checked, MAX_TEXT},
        clients::{AuthMethod, NewClient},
        scopes::PutScope,
    },
};

use crate::{
    round_trips::tree,
    strategies::{any_instant, period},
};

/// Any text, and such as nearly is a set of scopes.
fn scopes() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        8 => "[a-z][a-z0-9:._-]{0,9}",
        1 => "[a-z]{60,70}",
        1 => "[ -~é\u{0}\u{2028}]{0,3}",
    ];
    prop_oneof![
        any::<String>(),
        vec(name, 0..60).prop_map(|names| names.join(" ")),
    ]
}

/// Any text, and such as nearly is an address to which an answer may go.
fn address() -> impl Strategy<Value = String> {
    let scheme = select(vec![
        "",
        "http",
        "https",
        "HTTP",
        "javascript",
        "data",
        "a.b",
        ".",
        "1",
    ]);
    let start = select(vec!["", ":", "://", ":///", ":/"]);
    let host = select(vec![
        "",
        "127.0.0.1",
        "[::1]",
        "[",
        "[]",
        "[::1",
        "]",
        "localhost",
        "127.0.0.1.a.example",
        "me@127.0.0.1",
        "a.example",
        "127.0.0.1@a.example",
        "é",
        "%00",
    ]);
    let port = prop_oneof!["", ":[0-9]{0,7}", ":[0-9a:@é]{0,4}"];
    let path = prop_oneof![
        "",
        "[/?#][a-z/?#=&%]{0,6}",
        "[/?#][ -~é\u{0}]{0,6}",
        "/a{490,500}"
    ];
    prop_oneof![
        1 => any::<String>(),
        4 => (scheme, start, host, port, path)
            .prop_map(|(scheme, start, host, port, path)| format!("{scheme}{start}{host}{port}{path}")),
    ]
}

/// Any JSON, as a browser's parser may make it.
fn any_json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        any::<f64>(),
        any::<i64>().prop_map(|number| {
            #[expect(clippy::cast_precision_loss, reason = "any number will do")]
            let number = number as f64;
            number
        }),
        select(vec![f64::NAN, f64::INFINITY, f64::MIN, f64::MAX, -0.0, 0.5]),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Flag),
        number.prop_map(Json::Number),
        any::<String>().prop_map(Json::Text),
    ];
    leaf.prop_recursive(4, 20, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::List),
            vec(("(id|name|items|token|at)?", inner), 0..4).prop_map(Json::Object),
        ]
    })
}

/// An answer with all that there is in a token.
fn answer() -> Json {
    let at = "2026-02-20T09:00:00.000Z";
    let (plan, ada) = (
        json!({ "id": "acme", "name": "Acme" }),
        json!({ "id": "ada", "name": "Ada" }),
    );
    let end = json!({
        "at": at, "reason": "expired_by_period", "policy_version": 3,
        "period": { "amount": 90, "unit": "days" }, "in_force_since": at, "by": ada,
    });
    let token = json!({
        "id": "t", "name": "ci", "kind": "oauth_access", "plan": plan, "owner": ada, "prefix": "tnr_oat_",
        "last_four": "9fQ2", "scope": "tokens:read", "client": { "id": "app", "name": "App" },
        "created_at": at, "last_used_at": at, "last_used_from": "192.0.2.7", "expires_at": at, "why": "It works.",
        "retires_at": at, "status": "expired", "end": end,
    });
    let refusal = json!({
        "at": at, "outcome": "token_expired", "scope": "tokens:read", "resource": "api.example/orders", "since": at,
        "token": "t",
    });
    tree(&json!({
        "found": "refusal", "tokens": [{ "token": token, "next": "refresh" }], "refusals": [refusal],
    }))
}

/// Puts `other` in the place of one value, counted from the outside in; says whether there was one.
fn replace(json: &mut Json, place: &mut usize, other: &Json) -> bool {
    let Some(left) = place.checked_sub(1) else {
        *json = other.clone();
        return true;
    };
    *place = left;
    match json {
        Json::List(all) => all.iter_mut().any(|inner| replace(inner, place, other)),
        Json::Object(all) => all
            .iter_mut()
            .any(|(_, inner)| replace(inner, place, other)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn scopes_take_any_text(text in scopes(), other in scopes()) {
        for name in [text.as_str(), text.split(' ').next().unwrap_or_default()] {
            if scope::parse_name(name).is_ok() {
                prop_assert!((1..=MAX_NAME).contains(&name.len()));
                prop_assert!(name.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",\\".contains(&byte)));
            }
        }
        let put = PutScope { sentence: text.clone() };
        prop_assert!(put.parse().is_ok_and(|it| !it.is_empty()) || put.parse().is_err_and(|it| !it.is_empty()));
        let (Ok(one), Ok(two)) = (Scopes::parse(&text), Scopes::parse(&other)) else {
            return Ok(());
        };
        prop_assert!(one.names().count() <= MAX_SCOPES);
        prop_assert!(one.names().all(|name| scope::parse_name(name) == Ok(name)));
        prop_assert!(Scopes::parse(&one.to_string()).is_ok_and(|again| again == one));
        prop_assert!(one.within(&one.and(&two)) && two.within(&one.and(&two)));
        prop_assert!(one.only(|name| two.has(name)).within(&two));
    }

    #[test]
    fn redirect_uris_take_any_text(known in address(), asked in address()) {
        if redirect::check(&known).is_ok() {
            prop_assert!(known.len() <= redirect::MAX_LENGTH && !known.contains('#'));
            prop_assert!(known.bytes().all(|byte| byte.is_ascii_graphic()), "it fits into a header");
        }
        prop_assert!(redirect::matches(&known, &known));
        prop_assert_eq!(redirect::matches(&known, &asked), redirect::matches(&asked, &known));
        if known != asked && redirect::matches(&known, &asked) {
            for uri in [&known, &asked] {
                let rest = uri.strip_prefix("http://127.0.0.1").or(uri.strip_prefix("http://[::1]"));
                prop_assert!(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?'])));
            }
        }
        let new = NewClient {
            client_name: known.clone(),
            redirect_uris: vec![known, asked],
            token_endpoint_auth_method: AuthMethod::None,
            scope: String::new(),
            resource_server: false,
        };
        prop_assert!(new.parse().is_ok() || new.parse().is_err_and(|errors| !errors.is_empty()));
    }

    #[test]
    fn tokens_take_any_text(
        text in any::<String>(),
        random in any::<[u8; RANDOM_BYTES]>(),
        kind in select(&TextKind::ALL[..]),
        place in 0..57_usize,
        other in any::<char>(),
    ) {
        let right = token_text::compose(kind, &random);
        let other_at = |place: usize| -> String {
            right.chars().enumerate().map(|(at, old)| if at == place { other } else { old }).collect()
        };
        let typo = other_at(place);
        prop_assert_eq!(token_text::recognise(&typo).is_ok(), typo == right);
        let (cut, _) = right.split_at(place);
        for wrong in [text.clone(), format!("{cut}{text}"), format!("{}{text}", kind.prefix())] {
            // Nobody guesses a checksum of 32 bits.
            prop_assert!(token_text::recognise(&wrong).is_err() || wrong == right);
            prop_assert!(wrong.ends_with(token_text::last_four(&wrong)));
            let check = CheckToken { text: wrong };
            if let Ok(text) = check.parse() {
                prop_assert!((1..=MAX_TEXT).contains(&text.chars().count()));
            }
        }
        prop_assert_eq!(token_text::recognise(&right), Ok(kind));
    }

    #[test]
    fn refreshing_takes_any_instant(
        issued_at in any_instant(),
        place in select(vec![Place::Live, Place::Replaced, Place::Outlived, Place::Voided]),
        grant_ended in any::<bool>(),
        idle in period(),
        (one, other) in (any_instant(), any_instant()),
    ) {
        let facts = RefreshFacts { issued_at, place, grant_ended };
        let (now, later) = (one.min(other), one.max(other));
        let (decided, decided_later) = (refresh::decide(&facts, idle, now), refresh::decide(&facts, idle, later));
        match decided {
            Decision::Ended => prop_assert!(grant_ended),
            Decision::Replay => prop_assert!(matches!(place, Place::Outlived | Place::Voided)),
            Decision::Renew => prop_assert_eq!(place, Place::Live),
            Decision::Heal => prop_assert_eq!(place, Place::Replaced),
            Decision::TooOld => {}
        }
        // Whatever the clock does, only growing too old changes anything.
        prop_assert!(decided == decided_later || decided_later == Decision::TooOld);
    }

    #[test]
    fn rotating_takes_any_instant(
        now in any_instant(),
        overlap in option::of(prop_oneof![
            period(),
            (1..1_441_i64).prop_map(|amount| Period::new(amount, Unit::Minutes).expect("a period")),
        ]),
        expiry in prop_oneof![Just(Expiry::Never), any_instant().prop_map(Expiry::At)],
    ) {
        match (overlap, rotation::retires_at(now, overlap, expiry)) {
            (None, retires_at) => prop_assert_eq!(retires_at, Ok(now)),
            (Some(_), Ok(retires_at)) => {
                prop_assert!(Expiry::At(retires_at) <= expiry);
                prop_assert!(retires_at <= now.saturating_add(rotation::MAX_OVERLAP));
            }
            (Some(_), Err(rotation::OverlapTooLong)) => {}
        }
    }

    #[test]
    fn browsers_take_any_answer(other in any_json(), place in 0..60_usize) {
        let mut answer = answer();
        prop_assert!(Checked::from_json(answer.clone()).is_some());
        let replaced = replace(&mut answer, &mut place.clone(), &other);
        if let Some(read) = Checked::from_json(answer) {
            let written = to_value(&read).expect("it can be written");
            prop_assert_eq!(Checked::from_json(tree(&written)), Some(read));
        } else {
            prop_assert!(replaced);
        }
        let _ = (Checked::from_json(other.clone()), Vec::<String>::from_json(other.clone()));
        for whole in [u64::from_json(other.clone()).map(i128::from), i64::from_json(other.clone()).map(i128::from)] {
            prop_assert!(whole.is_none() || matches!(other, Json::Number(_)));
        }
    }
}
