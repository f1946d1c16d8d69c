//! What is written is read back as it was: text for people, JSON between server and console, tokens.

use std::fmt::Debug;

use proptest::{array::uniform32, collection::vec, option, prelude::*, sample::select};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, from_value, to_value};
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    json::{FromJson, Json},
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{Seen, Wanted},
    problem::{FieldError, Kind, Problem},
    scope::Scopes,
    time::Timestamp,
    token::{Status, TokenKind},
    token_text::{self, Malformed, RANDOM_BYTES, TextKind},
    wire::{
        page::Page,
        policies::{
            ExpirationPolicy, PolicyCancellation, PutExpirationPolicy, RecordedPolicy,
            ScheduledPolicy, etag, seen_of,
        },
        session::{Membership, PlanRef, Session, SignIn, User, UserRef},
        setup::Setup,
        tokens::{EndReason, GeneratedToken, NewToken, Section, Token, TokenEnd},
    },
};

use crate::{
    notices::locale,
    strategies::{period, terms, written_instant},
};

/// Writes a value as JSON, reads it, and gives back what was read; it must write the same again.
fn sent<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let json = to_value(value).expect("it can be written");
    let read: T = from_value(json.clone()).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(to_value(&read).expect("it can be written"), json);
    read
}

/// Reads what the server sends in both ways: by serde, and as the console does.
pub(super) fn answered<T: Serialize + DeserializeOwned + FromJson>(value: &T) -> T {
    let read = sent(value);
    let written = to_value(value).expect("it can be written");
    let as_the_console = T::from_json(tree(&written)).expect("the console reads it");
    assert_eq!(
        to_value(&as_the_console).expect("it can be written"),
        written
    );
    read
}

/// What a browser's parser makes of it.
pub(super) fn tree(json: &Value) -> Json {
    match json {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Flag(*flag),
        Value::Number(number) => Json::Number(number.as_f64().expect("a number of JavaScript")),
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(all) => Json::List(all.iter().map(tree).collect()),
        Value::Object(all) => Json::Object(
            all.iter()
                .map(|(name, it)| (name.clone(), tree(it)))
                .collect(),
        ),
    }
}

/// The name of an enum's value is the same in Rust, in the database and on the wire.
pub(super) fn is_named<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, name: &str) {
    assert_eq!(to_value(value).expect("it can be written"), name);
    assert_eq!(&sent(value), value);
}

fn user_ref() -> impl Strategy<Value = UserRef> {
    (any::<String>(), any::<String>()).prop_map(|(id, name)| UserRef {
        id: UserId(id),
        name,
    })
}

fn plan_ref() -> impl Strategy<Value = PlanRef> {
    (any::<String>(), any::<String>()).prop_map(|(id, name)| PlanRef {
        id: PlanId(id),
        name,
    })
}

fn policy() -> impl Strategy<Value = ExpirationPolicy> {
    let periods = (option::of(period()), option::of(period()));
    (
        any::<u32>(),
        periods,
        written_instant(),
        option::of(user_ref()),
        (option::of(written_instant()), option::of(written_instant())),
        option::of(scheduled()),
    )
        .prop_map(
            |(version, (period, inactivity), in_force_since, changed_by, marks, scheduled)| {
                ExpirationPolicy {
                    version,
                    period,
                    inactivity,
                    in_force_since,
                    changed_by,
                    dead_before: marks.0,
                    idle_before: marks.1,
                    scheduled,
                }
            },
        )
}

fn scheduled() -> impl Strategy<Value = ScheduledPolicy> {
    let periods = (option::of(period()), option::of(period()));
    let instants = (written_instant(), written_instant());
    (any::<u32>(), periods, instants, option::of(user_ref())).prop_map(
        |(version, (period, inactivity), (effective_at, decided_at), changed_by)| ScheduledPolicy {
            version,
            period,
            inactivity,
            effective_at,
            decided_at,
            changed_by,
        },
    )
}

fn recorded() -> impl Strategy<Value = RecordedPolicy> {
    let cancelled = (written_instant(), option::of(user_ref()))
        .prop_map(|(at, by)| PolicyCancellation { at, by });
    let ended = option::of(any::<u32>().prop_map(u64::from));
    (scheduled(), ended, option::of(cancelled)).prop_map(|(version, ended, cancelled)| {
        RecordedPolicy {
            version: version.version,
            period: version.period,
            inactivity: version.inactivity,
            in_force_since: version.effective_at,
            decided_at: version.decided_at,
            changed_by: version.changed_by,
            ended,
            cancelled,
        }
    })
}

fn end() -> impl Strategy<Value = TokenEnd> {
    (
        written_instant(),
        select(vec![EndReason::ExpiredByPeriod, EndReason::RevokedByOwner]),
        option::of(any::<u32>()),
        option::of(period()),
        option::of(written_instant()),
        option::of(user_ref()),
    )
        .prop_map(
            |(at, reason, policy_version, period, in_force_since, by)| TokenEnd {
                at,
                reason,
                policy_version,
                period,
                in_force_since,
                by,
            },
        )
}

fn token() -> impl Strategy<Value = Token> {
    let texts = (
        any::<String>(),
        any::<String>(),
        option::of(any::<String>()),
    );
    let instants = (
        written_instant(),
        option::of(written_instant()),
        option::of(written_instant()),
    );
    let state = (select(&Status::ALL[..]), option::of(end()));
    (texts, plan_ref(), user_ref(), instants, state).prop_map(
        |(
            (id, name, last_used_from),
            plan,
            owner,
            (created_at, last_used_at, expires_at),
            (status, end),
        )| {
            Token {
                id: TokenId(id),
                name,
                kind: TokenKind::UserAccess,
                plan,
                owner,
                prefix: TokenKind::UserAccess.prefix().to_owned(),
                last_four: "wxYZ".to_owned(),
                scope: Scopes::default(),
                client: None,
                created_at,
                last_used_at,
                last_used_from,
                expires_at,
                retires_at: expires_at,
                status,
                end,
                why: "It works until somebody revokes it.".to_owned(),
            }
        },
    )
}

fn session() -> impl Strategy<Value = Session> {
    let membership = (plan_ref(), select(&Tier::ALL[..]), select(&Role::ALL[..]));
    let membership = membership.prop_map(|(PlanRef { id, name }, tier, role)| Membership {
        id,
        name,
        tier,
        role,
    });
    (
        user_ref(),
        any::<String>(),
        option::of(locale()),
        vec(membership, 0..4),
        written_instant(),
        option::of(token()),
    )
        .prop_map(
            |(UserRef { id, name }, email, locale, plans, server_time, token)| Session {
                user: User { id, name, email },
                plans,
                locale,
                position: server_time.as_millis(),
                server_time,
                token: token.map(Box::new),
            },
        )
}

fn problem() -> impl Strategy<Value = Problem> {
    let error = any::<(String, String, String)>().prop_map(|(pointer, code, detail)| FieldError {
        pointer,
        code,
        detail,
    });
    (
        select(Kind::ALL),
        any::<(Option<String>, String)>(),
        vec(error, 0..3),
        option::of(policy()),
    )
        .prop_map(|(kind, (detail, reference), errors, current)| Problem {
            detail,
            reference,
            errors,
            current: current.map(Box::new),
            ..Problem::new(kind)
        })
}

proptest! {
    #[test]
    fn a_period_reads_as_it_is_written(period in period()) {
        prop_assert_eq!(period.to_string().parse(), Ok(period));
        prop_assert_eq!(Period::parse(&period.amount().to_string(), period.unit().as_str()), Ok(period));
        prop_assert_eq!(answered(&period), period);
    }

    #[test]
    fn an_instant_reads_as_it_is_written(at in written_instant()) {
        prop_assert_eq!(at.to_string().parse::<Timestamp>(), Ok(at));
        prop_assert_eq!(answered(&at), at);
    }

    #[test]
    fn a_token_is_recognised_by_its_text(random in uniform32(any::<u8>())) {
        for kind in TextKind::ALL {
            let text = token_text::compose(kind, &random);
            prop_assert_eq!(token_text::recognise(&text), Ok(kind));
            prop_assert!(text.ends_with(token_text::last_four(&text)));
            prop_assert_eq!(token_text::last_four(&text).len(), 4);
        }
    }

    #[test]
    fn different_randomness_makes_different_tokens(
        one in uniform32(any::<u8>()),
        byte in 0..RANDOM_BYTES,
        bit in 0..8_u32,
    ) {
        let mut other = one;
        other[byte] ^= 1_u8 << bit;
        let compose = |random| token_text::compose(TokenKind::UserAccess, random);
        prop_assert_ne!(compose(&one), compose(&other));
    }

    #[test]
    fn a_text_that_is_no_token_is_malformed(text in any::<String>(), tail in "[0-9A-Za-z]{49}") {
        prop_assert_eq!(token_text::recognise(&text), Err(Malformed));
        prop_assert_eq!(token_text::recognise(&format!("tnr_pat_{text}")), Err(Malformed));
        // One in four billion of these has the right checksum by chance.
        prop_assert_eq!(token_text::recognise(&format!("tnr_pat_{tail}")), Err(Malformed));
    }

    #[test]
    fn an_entity_tag_names_what_was_seen(
        in_force in any::<u32>(),
        scheduled in option::of(any::<u32>()),
        text in any::<String>(),
    ) {
        let saw = Seen { in_force, scheduled };
        prop_assert_eq!(seen_of(&etag(saw)), Some(saw));
        if let Some(saw) = seen_of(&text) {
            prop_assert_eq!(etag(saw), text.trim());
        }
    }

    #[test]
    fn policies_travel(
        policy in policy(),
        recorded in recorded(),
        terms in terms(),
        at in option::of(written_instant()),
    ) {
        prop_assert_eq!(seen_of(&policy.etag()), Some(policy.seen()));
        prop_assert_eq!(answered(&policy), policy);
        prop_assert_eq!(answered(&recorded), recorded);
        let put = PutExpirationPolicy::of(terms, at);
        prop_assert_eq!(&sent(&put), &put);
        let wanted = at.map_or(Wanted::Now(terms), |at| Wanted::From(at, terms));
        prop_assert_eq!(put.parse(), Ok(wanted));
    }

    #[test]
    fn tokens_travel(
        token in token(),
        secret in any::<String>(),
        next_cursor in option::of(any::<String>()),
    ) {
        prop_assert_eq!(&answered(&token), &token);
        let generated = answered(&GeneratedToken { token: token.clone(), secret: secret.clone() });
        prop_assert_eq!(&generated.token, &token);
        prop_assert_eq!(generated.secret, secret);
        let page = Page { items: vec![token.clone(), token], next_cursor };
        prop_assert_eq!(answered(&page), page);
    }

    #[test]
    fn people_and_problems_travel(session in session(), problem in problem()) {
        prop_assert_eq!(answered(&session), session);
        prop_assert_eq!(answered(&problem), problem);
    }

    #[test]
    fn requests_travel(texts in any::<[String; 5]>(), locale in option::of(locale())) {
        let [code, plan, name, email, password] = texts;
        let new = NewToken { plan: PlanId(plan.clone()), name: name.clone(), scopes: Vec::new() };
        prop_assert_eq!(sent(&new), new);
        let sign_in = SignIn { email: email.clone(), password: password.clone(), locale: locale.clone() };
        let sign_in = sent(&sign_in);
        prop_assert_eq!((&sign_in.email, &sign_in.password), (&email, &password));
        prop_assert_eq!(&sign_in.locale, &locale);
        let setup = sent(&Setup { code, plan, name, email, password: password.clone(), locale });
        prop_assert_eq!(setup.password, password);
    }
}

#[test]
fn every_name_is_the_same_in_the_database_and_on_the_wire() {
    for unit in Unit::ALL {
        is_named(&unit, unit.as_str());
    }
    for tier in Tier::ALL {
        is_named(&tier, tier.as_str());
    }
    for role in Role::ALL {
        is_named(&role, role.as_str());
    }
    for section in [Section::Working, Section::Ended] {
        is_named(&section, section.as_str());
    }
    is_named(&TokenKind::UserAccess, "user_access");
    is_named(&EndReason::ExpiredByPeriod, "expired_by_period");
    is_named(&EndReason::ExpiredByInactivity, "expired_by_inactivity");
    is_named(&EndReason::RevokedByOwner, "revoked_by_owner");
    let names = [
        "revoked",
        "expired",
        "suspicious",
        "expiring",
        "in_use",
        "idle",
    ];
    for (status, name) in Status::ALL.into_iter().zip(names) {
        is_named(&status, name);
    }
}
