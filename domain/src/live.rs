//! What an event of the audit log tells whoever has a page open: which kinds of things changed, and who is
//! told of it.
//!
//! A topic says that something is to be loaded again, never what became of it: what somebody may read is
//! decided where they read it. Deliberately not here: how the news travel, and what no event tells because
//! it comes by the clock (an expiry, a scheduled version).

use serde::{Deserialize, Serialize};

use crate::{
    audit::Action,
    json::from_json,
    plan::Role,
    scope::{OwnScope, Scopes},
};

/// A kind of thing that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Who they are, what they are in which plan, or whether they are still signed in.
    Session,
    /// Their own tokens.
    OwnTokens,
    /// What they allowed which apps.
    OwnApps,
    /// The plan's expiration policy, in force or scheduled.
    Policy,
    /// The plan's scopes.
    Scopes,
    /// The plan's tokens, of whomever.
    Tokens,
    /// The plan's users.
    Users,
    /// What the plan's users are told by mail.
    Notices,
    /// The plan's OAuth clients.
    Clients,
    /// What wants attention in the plan, the rules that say what does, and where it is posted.
    Alerts,
    /// The plan's audit log.
    Audit,
}

from_json!(Topic:
    "session" => Session,
    "own_tokens" => OwnTokens,
    "own_apps" => OwnApps,
    "policy" => Policy,
    "scopes" => Scopes,
    "tokens" => Tokens,
    "users" => Users,
    "notices" => Notices,
    "clients" => Clients,
    "alerts" => Alerts,
    "audit" => Audit,
);

/// Who hears of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The one whose own it is.
    Concerned,
    /// Everybody in the plan.
    Members,
    /// The System Admins of the plan.
    Admins,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 11] = [
        Self::Session,
        Self::OwnTokens,
        Self::OwnApps,
        Self::Policy,
        Self::Scopes,
        Self::Tokens,
        Self::Users,
        Self::Notices,
        Self::Clients,
        Self::Alerts,
        Self::Audit,
    ];

    /// Who hears of it.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::Session | Self::OwnTokens | Self::OwnApps => Audience::Concerned,
            Self::Policy | Self::Scopes => Audience::Members,
            Self::Tokens
            | Self::Users
            | Self::Notices
            | Self::Clients
            | Self::Alerts
            | Self::Audit => Audience::Admins,
        }
    }

    /// The scope with which a program hears of it; none where only people do.
    #[must_use]
    pub const fn scope(self) -> Option<OwnScope> {
        match self {
            Self::OwnTokens => Some(OwnScope::TokensRead),
            Self::Policy => Some(OwnScope::PolicyRead),
            Self::Users => Some(OwnScope::UsersWrite),
            Self::Alerts | Self::Audit => Some(OwnScope::AuditRead),
            Self::Session
            | Self::OwnApps
            | Self::Scopes
            | Self::Tokens
            | Self::Notices
            | Self::Clients => None,
        }
    }
}

/// What changes with an action. What concerns a plan is in its audit log, so that changes as well.
#[must_use]
pub const fn topics(action: Action) -> &'static [Topic] {
    use Topic::{
        Alerts, Audit, Clients, Notices, OwnApps, OwnTokens, Policy, Scopes, Session, Tokens, Users,
    };
    match action {
        Action::ServerSetUp
        | Action::PlanCreated
        | Action::ConsentRefused
        | Action::CalendarShared
        | Action::CalendarUnshared => &[Audit],
        Action::AlertRuleSet
        | Action::WebhookSet
        | Action::WebhookRemoved
        | Action::WebhookTested => &[Alerts, Audit],
        // System Admins hear of it by mail as well.
        Action::AlertRaised | Action::AlertCleared => &[Notices, Alerts, Audit],
        // Nothing of these is on anybody's page.
        Action::UserCreated | Action::SignedIn | Action::SignInRefused => &[],
        Action::PasswordReset | Action::SignedOut | Action::ProfileChanged => &[Session],
        Action::MembershipCreated | Action::RoleChanged | Action::InvitationAccepted => {
            &[Session, Users, Audit]
        }
        Action::InvitationSent | Action::InvitationSentAgain | Action::InvitationWithdrawn => {
            &[Users, Audit]
        }
        Action::UserDeactivated => &[
            Session, OwnTokens, OwnApps, Tokens, Users, Notices, Clients, Audit,
        ],
        Action::UserReactivated => &[Session, OwnTokens, Users, Audit],
        Action::TokenGenerated
        | Action::TokenRotated
        | Action::TokenSuspected
        | Action::TokenReviewed => &[OwnTokens, Tokens, Audit],
        Action::TokenRevoked => &[OwnTokens, Tokens, Notices, Audit],
        Action::ClientRegistered | Action::ClientSecretRotated => &[Clients, Audit],
        Action::ClientChanged | Action::ClientDeleted => &[Clients, Tokens, Audit],
        Action::ScopeDefined | Action::ScopeRemoved => &[Scopes, Audit],
        Action::ConsentGiven => &[OwnApps, Clients, Audit],
        Action::GrantBegun | Action::GrantRefreshed | Action::GrantEnded => {
            &[OwnTokens, OwnApps, Tokens, Clients, Audit]
        }
        Action::NoticeSentAgain => &[Notices, Audit],
        Action::PolicyChanged | Action::PolicyScheduled | Action::PolicyScheduleCancelled => {
            &[Policy, Notices, Audit]
        }
        // Everybody knew when: only its record is news.
        Action::ExpiriesRecorded => &[Tokens, Notices, Audit],
    }
}

/// How somebody stands to an event.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// What they are in the plan that it concerns; nothing in another one's, or in none.
    pub role: Option<Role>,
    /// Whether it was done to them, or to something of theirs.
    pub concerned: bool,
    /// A program's scopes; nothing for a person, who hears whatever their role lets them.
    pub scopes: Option<&'a Scopes>,
}

/// What somebody is told of an action.
#[must_use]
pub fn told(action: Action, standing: &Standing<'_>) -> Vec<Topic> {
    let hears = |topic: &Topic| {
        let audience = match topic.audience() {
            Audience::Concerned => standing.concerned,
            Audience::Members => standing.role.is_some(),
            Audience::Admins => standing.role.is_some_and(Role::administers),
        };
        audience && standing.scopes.is_none_or(|own| opens(own, *topic))
    };
    topics(action).iter().copied().filter(hears).collect()
}

/// Whether a program with these scopes hears of anything at all.
#[must_use]
pub fn opens_any(scopes: &Scopes) -> bool {
    Topic::ALL.into_iter().any(|topic| opens(scopes, topic))
}

fn opens(scopes: &Scopes, topic: Topic) -> bool {
    topic
        .scope()
        .is_some_and(|scope| scopes.has(scope.as_str()))
}
