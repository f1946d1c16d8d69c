//! A token's life in sentences, and which changes of the policy moved its end.

use tenure_domain::{
    id::UserId,
    life::{Happening, LifeKind, moves},
    notice::{NoticeKind, NoticeState},
    period::Period,
    plan::{Role, Tier},
    policy::{AccessLifetime, History, PolicyVersion, Request, Terms, Wanted, decide},
    time::Timestamp,
    token::{TokenFacts, TokenKind},
};

use super::time::at;

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

fn period(text: &str) -> Option<Period> {
    text.parse().ok()
}

/// The history of a plan that began in 2026 without a policy, after these changes of both rules.
fn history(changes: &[(&str, &str, &str)]) -> History {
    let first = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
    let start = History::new(vec![first]).expect("it has a version");
    changes.iter().fold(start, |history, (now, age, idle)| {
        let terms = Terms {
            period: period(age),
            inactivity: period(idle),
        };
        let request = Request {
            wanted: Wanted::Now(terms),
            seen: history.seen_at(at(now)),
            by: UserId("anna".to_owned()),
            role: Role::SystemAdmin,
            tier: Tier::Enterprise,
        };
        let change = decide(&history, &request, at(now)).expect("it is allowed");
        history.changed(change.expect("it is a change"))
    })
}

/// What is said of the changes that moved the end of a token created on 1 March.
fn said(kind: TokenKind, history: &History, ended: Option<&str>, now: &str) -> Vec<String> {
    let token = TokenFacts::created(kind, at("2026-03-01T00:00:00Z"));
    let name = |id: &UserId| id.as_str().to_uppercase();
    let moves = moves(&token, history, ended.map(at), at(now));
    moves.iter().map(|it| it.sentence(&day, &name)).collect()
}

#[test]
fn a_change_moved_the_end_if_it_came_while_the_token_lived_and_changed_it() {
    let history = history(&[
        // Before its creation: it was born with that.
        ("2026-02-01T00:00:00Z", "1 years", "off"),
        ("2026-04-01T00:00:00Z", "90 days", "off"),
        ("2026-05-01T00:00:00Z", "90 days", "30 days"),
        ("2026-05-02T00:00:00Z", "off", "off"),
        ("2026-06-01T00:00:00Z", "30 days", "off"),
        // After its end.
        ("2026-07-01T00:00:00Z", "60 days", "off"),
    ]);
    let user = TokenKind::UserAccess;
    let all = said(
        user,
        &history,
        Some("2026-06-01T00:00:00Z"),
        "2026-08-01T00:00:00Z",
    );
    assert_eq!(
        all,
        [
            "ANNA changed the policy (version 2): by its age it ends on 2026-05-30, not on 2027-03-01.",
            "ANNA changed the policy (version 3): it ends when nobody uses it for 30 days.",
            "ANNA changed the policy (version 4): by its age it ends never, not on 2026-05-30; it does not end for want of use any more.",
            // It was too old for it already, so it ended when the change came.
            "ANNA changed the policy (version 5): by its age it ends on 2026-06-01, not never.",
        ]
    );
    for (now, told) in [
        ("2026-03-31T23:59:59.999Z", 0),
        ("2026-04-01T00:00:00Z", 1),
        // A limit for unused tokens comes into force a moment after it is decided on.
        ("2026-05-01T12:00:00Z", 2),
    ] {
        let said = said(user, &history, None, now);
        assert_eq!(said.len(), told, "{now}");
    }
}

#[test]
fn what_an_access_tokens_lifetime_ends_sooner_was_not_moved_by_a_longer_period() {
    let week = AccessLifetime {
        period: period("7 days"),
        dead_before: Timestamp::MIN,
    };
    let history = history(&[
        ("2026-03-02T00:00:00Z", "90 days", "off"),
        ("2026-03-03T00:00:00Z", "5 days", "off"),
    ]);
    let history = history.with_access_lifetime(week);
    assert_eq!(
        said(
            TokenKind::OauthAccess,
            &history,
            None,
            "2026-03-04T00:00:00Z"
        ),
        [
            "ANNA changed the policy (version 2): by its age it ends on 2026-03-06, not on 2026-03-08."
        ]
    );
}

#[test]
fn each_thing_that_happens_has_its_sentence() {
    let from = || Some("192.0.2.7".to_owned());
    let created = |app: Option<&str>| Happening::Created {
        owner: "Mira".to_owned(),
        app: app.map(ToOwned::to_owned),
        from: from(),
    };
    let mail = |kind, state| Happening::Noticed {
        kind,
        state,
        to: "Mira".to_owned(),
    };
    let told = |text: &str| text.to_owned();
    let table = [
        (
            created(None),
            LifeKind::Created,
            "Mira generated it from 192.0.2.7.",
        ),
        (
            created(Some("Board")),
            LifeKind::Created,
            "The app Board got it in the name of Mira from 192.0.2.7.",
        ),
        (
            Happening::FirstUsed(from()),
            LifeKind::FirstUsed,
            "It was first used from 192.0.2.7.",
        ),
        (
            Happening::LastUsed(None),
            LifeKind::LastUsed,
            "It was last used.",
        ),
        (
            mail(NoticeKind::Digest, NoticeState::Sent),
            LifeKind::Notice,
            "A mail told Mira that it would expire.",
        ),
        (
            mail(NoticeKind::Expired, NoticeState::Sent),
            LifeKind::Notice,
            "A mail told Mira that it had expired.",
        ),
        (
            mail(NoticeKind::Digest, NoticeState::Queued),
            LifeKind::Notice,
            "A mail waits that tells Mira that it would expire.",
        ),
        (
            mail(NoticeKind::Digest, NoticeState::Failed),
            LifeKind::Notice,
            "A mail that was to tell Mira that it would expire did not arrive.",
        ),
        (
            mail(NoticeKind::Digest, NoticeState::Suppressed),
            LifeKind::Notice,
            "A mail that was to tell Mira that it would expire had nothing left to tell.",
        ),
        (
            Happening::Rotated(None),
            LifeKind::Rotated,
            "A newer token took its place.",
        ),
        (
            Happening::Rotated(Some(at("2026-03-01T00:00:00Z"))),
            LifeKind::Rotated,
            "A newer token took its place; it works beside that one until 2026-03-01.",
        ),
        (
            Happening::Reviewed(told("Ann")),
            LifeKind::Reviewed,
            "Ann reviewed what made it suspicious.",
        ),
        (
            Happening::Moved(told("As said.")),
            LifeKind::Policy,
            "As said.",
        ),
        (
            Happening::Suspected(told("As said.")),
            LifeKind::Suspected,
            "As said.",
        ),
        (
            Happening::Ended(told("As said.")),
            LifeKind::Ended,
            "As said.",
        ),
    ];
    for (happening, kind, sentence) in table {
        assert_eq!(happening.kind(), kind);
        assert_eq!(happening.sentence(&day), sentence);
    }
}
