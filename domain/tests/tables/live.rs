//! Who is told what of each action.

use tenure_domain::{
    audit::Action,
    live::{
        Standing,
        Topic::{
            self, Alerts, Audit, Clients, Notices, OwnApps, OwnTokens, Policy, Session, Tokens,
            Users,
        },
        told, topics,
    },
    plan::Role,
    scope::{OwnScope, Scopes},
    wire::live::Change,
};

const ADMIN: Option<Role> = Some(Role::SystemAdmin);
const MEMBER: Option<Role> = Some(Role::Member);

fn person(action: Action, role: Option<Role>, concerned: bool) -> Vec<Topic> {
    let standing = Standing {
        role,
        concerned,
        scopes: None,
    };
    told(action, &standing)
}

#[test]
fn people_are_told_by_role_and_by_what_is_theirs() {
    let none: &[Topic] = &[];
    // The System Admin, the member whose it is, another member.
    for (action, admin, own, other) in [
        (
            Action::TokenGenerated,
            &[Tokens, Audit][..],
            &[OwnTokens][..],
            none,
        ),
        (
            Action::TokenRevoked,
            &[Tokens, Notices, Audit],
            &[OwnTokens],
            none,
        ),
        (
            Action::GrantEnded,
            &[Tokens, Clients, Audit],
            &[OwnTokens, OwnApps],
            none,
        ),
        (
            Action::PolicyChanged,
            &[Policy, Notices, Audit],
            &[Policy],
            &[Policy],
        ),
        (
            Action::UserDeactivated,
            &[Tokens, Users, Notices, Clients, Audit],
            &[Session, OwnTokens, OwnApps],
            none,
        ),
        (Action::SignedOut, none, &[Session], none),
        (Action::SignedIn, none, none, none),
        (Action::NoticeSentAgain, &[Notices, Audit], none, none),
        (Action::ClientRegistered, &[Clients, Audit], none, none),
        (Action::AlertRaised, &[Notices, Alerts, Audit], none, none),
        (Action::AlertCleared, &[Notices, Alerts, Audit], none, none),
        (Action::AlertRuleSet, &[Alerts, Audit], none, none),
        (Action::WebhookSet, &[Alerts, Audit], none, none),
        (Action::WebhookRemoved, &[Alerts, Audit], none, none),
        (Action::WebhookTested, &[Alerts, Audit], none, none),
        (
            Action::ExpiriesRecorded,
            &[Tokens, Notices, Audit],
            none,
            none,
        ),
    ] {
        assert_eq!(person(action, ADMIN, false), admin, "{action:?}");
        assert_eq!(person(action, MEMBER, true), own, "{action:?}");
        assert_eq!(person(action, MEMBER, false), other, "{action:?}");
    }
}

#[test]
fn nobody_is_told_of_another_plan() {
    for action in Action::ALL {
        assert_eq!(person(*action, None, false), [], "{action:?}");
    }
}

#[test]
fn a_member_hears_of_nobody_elses() {
    for action in Action::ALL {
        for topic in person(*action, MEMBER, false) {
            assert!(
                matches!(topic, Policy | Topic::Scopes),
                "{action:?}: {topic:?}"
            );
        }
    }
}

#[test]
fn what_has_a_plan_is_in_its_audit_log() {
    let silent: Vec<_> = Action::ALL
        .iter()
        .filter(|action| !topics(**action).contains(&Audit))
        .collect();
    // These happen to somebody in whichever plans they are.
    let expected = [
        Action::UserCreated,
        Action::PasswordReset,
        Action::SignedIn,
        Action::SignInRefused,
        Action::SignedOut,
        Action::ProfileChanged,
    ];
    assert_eq!(silent, expected.iter().collect::<Vec<_>>());
}

#[test]
fn a_program_is_told_what_its_scopes_let_it_read() {
    let told = |scopes: &[OwnScope], concerned| {
        let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
        let scopes = Scopes::parse(&scopes.join(" ")).expect("scopes");
        let standing = Standing {
            role: ADMIN,
            concerned,
            scopes: Some(&scopes),
        };
        told(Action::TokenRevoked, &standing)
    };
    assert_eq!(told(&[OwnScope::TokensWrite], true), []);
    assert_eq!(told(&[OwnScope::TokensRead], true), [OwnTokens]);
    assert_eq!(told(&[OwnScope::TokensRead], false), []);
    assert_eq!(told(&[OwnScope::AuditRead], false), [Audit]);
}

#[test]
fn every_topic_has_its_name_on_the_wire() {
    let names = [
        "session",
        "own_tokens",
        "own_apps",
        "policy",
        "scopes",
        "tokens",
        "users",
        "notices",
        "clients",
        "alerts",
        "audit",
    ];
    for (topic, name) in Topic::ALL.into_iter().zip(names) {
        let text = format!(r#"{{"plan":null,"topics":["{name}"]}}"#);
        let change = Change {
            plan: None,
            topics: vec![topic],
        };
        assert_eq!(serde_json::to_string(&change).expect("JSON"), text);
        assert_eq!(
            serde_json::from_str::<Change>(&text).expect("a change"),
            change
        );
    }
}
