//! People, plans and instants that tests share.

use tenure_console::api::{fake::Fake, transport::Method};
use tenure_domain::{
    id::{PlanId, UserId},
    locale::{Language, Locale},
    plan::{Role, Tier},
    scope::OwnScope,
    time::Timestamp,
    wire::{
        audit::AuditEvent,
        calendars::CalendarAddress,
        impact::{Forecast, PolicyImpact},
        page::Page,
        policies::{ExpirationPolicy, RecordedPolicy},
        scopes::{Scope, ScopeList},
        session::{Membership, Session, User},
        tokens::Token,
    },
};

/// 2026-11-22T09:33:07.000Z
pub const NOW: Timestamp = Timestamp::from_millis(1_795_339_987_000);

pub fn membership(id: &str, name: &str, tier: Tier, role: Role) -> Membership {
    Membership {
        id: PlanId(id.to_owned()),
        name: name.to_owned(),
        tier,
        role,
    }
}

pub fn acme() -> PlanId {
    PlanId("acme".to_owned())
}

pub fn session(name: &str, plans: Vec<Membership>) -> Session {
    let id = name.to_lowercase();
    Session {
        user: User {
            id: UserId(id.clone()),
            name: name.to_owned(),
            email: format!("{id}@acme.example"),
        },
        plans,
        locale: Some(Locale {
            language: Language::En,
            time_zone: "Europe/Berlin".to_owned(),
        }),
        server_time: NOW,
        position: 0,
        token: None,
    }
}

/// Ada administers Acme (Enterprise) and is a member of Basil (Pro).
pub fn ada() -> Session {
    session(
        "Ada",
        vec![
            membership("acme", "Acme", Tier::Enterprise, Role::SystemAdmin),
            membership("basil", "Basil", Tier::Pro, Role::Member),
        ],
    )
}

/// Bo is a member of Acme, and nothing else.
pub fn bo() -> Session {
    session(
        "Bo",
        vec![membership("acme", "Acme", Tier::Enterprise, Role::Member)],
    )
}

/// Di administers Acme (Enterprise) and Basil (Pro).
pub fn admin_of_two() -> Session {
    session(
        "Di",
        vec![
            membership("acme", "Acme", Tier::Enterprise, Role::SystemAdmin),
            membership("basil", "Basil", Tier::Pro, Role::SystemAdmin),
        ],
    )
}

/// The policy that a plan starts with.
pub fn no_policy() -> ExpirationPolicy {
    ExpirationPolicy {
        version: 0,
        period: None,
        inactivity: None,
        in_force_since: NOW,
        changed_by: None,
        dead_before: None,
        idle_before: None,
        scheduled: None,
    }
}

/// The same in the policy's history.
pub fn first_version() -> RecordedPolicy {
    RecordedPolicy {
        version: 0,
        period: None,
        inactivity: None,
        in_force_since: NOW,
        decided_at: NOW,
        changed_by: None,
        ended: None,
        cancelled: None,
    }
}

/// What a policy would do to a plan without tokens.
pub fn no_impact() -> PolicyImpact {
    PolicyImpact {
        at: NOW,
        takes_effect_at: NOW,
        now: 0,
        within_7_days: 0,
        later: 0,
        never: 0,
        already_dead: 0,
        days: Vec::new(),
        first: Vec::new(),
        earliest_with_notice: NOW,
    }
}

/// The forecast of a plan without tokens.
pub fn no_forecast() -> Forecast {
    Forecast {
        at: NOW,
        days: Vec::new(),
        later: 0,
        never: 0,
        total: 0,
        heaviest: None,
    }
}

/// A scope that a plan has defined.
pub fn scope(name: &str, sentence: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        sentence: sentence.to_owned(),
        own: false,
    }
}

/// A server at which Ada is signed in, without policies and without tokens.
pub fn server() -> Fake {
    server_of(&ada())
}

/// A server at which this person is signed in, without policies and without tokens.
pub fn server_of(person: &Session) -> Fake {
    let server = Fake::new();
    server.set_server_time(NOW);
    server.json(Method::Get, "/session", person);
    let no_calendar = CalendarAddress { created_at: None };
    server.json(Method::Get, "/me/calendar", &no_calendar);
    for plan in ["acme", "basil"] {
        let path = format!("/plans/{plan}/expiration-policy");
        server.json(Method::Get, &path, &no_policy());
        server.json(Method::Post, &format!("{path}/preview"), &no_impact());
        server.json(Method::Get, &format!("{path}/forecast"), &no_forecast());
        let history = Page {
            items: vec![first_version()],
            next_cursor: None,
        };
        server.json(Method::Get, &format!("{path}/history"), &history);
        let scopes = ScopeList {
            items: OwnScope::ALL.into_iter().map(Scope::from).collect(),
        };
        server.json(Method::Get, &format!("/plans/{plan}/scopes"), &scopes);
        let no_events = Page::<AuditEvent> {
            items: Vec::new(),
            next_cursor: None,
        };
        server.json(
            Method::Get,
            &format!("/plans/{plan}/audit-events"),
            &no_events,
        );
        let calendar = format!("/plans/{plan}/calendar");
        server.json(Method::Get, &calendar, &no_calendar);
    }
    let no_tokens = Page::<Token> {
        items: Vec::new(),
        next_cursor: None,
    };
    server.json(Method::Get, "/me/tokens", &no_tokens);
    server
}
