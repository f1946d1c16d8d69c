//! A token as the API shows it: what the store knows, judged by the one function that decides (R5).

use tenure_domain::{
    time::Timestamp,
    token::{self, End, Expiry, RevocationReason, Verdict},
    wire::{
        session::{PlanRef, UserRef},
        tokens::{EndReason, Token, TokenEnd},
    },
};

use crate::store::{policies::PlanPolicies, tokens};

/// What surrounds the tokens of one owner in one plan.
pub(crate) struct Surroundings<'a> {
    /// The plan that they belong to.
    pub(crate) plan: &'a PlanRef,
    /// Whose they are.
    pub(crate) owner: &'a UserRef,
    /// The policy that they obey.
    pub(crate) policies: &'a PlanPolicies,
    /// The instant asked about.
    pub(crate) now: Timestamp,
}

impl Surroundings<'_> {
    /// The token as the API shows it.
    pub(crate) fn view(&self, token: &tokens::Token) -> Token {
        let history = &self.policies.history;
        let (expiry, end) = match token::verdict(&token.facts, history, self.now) {
            Verdict::Works(expiry) => (expiry, None),
            Verdict::Dead(End::ExpiredByPeriod { at, policy }) => {
                let end = End::ExpiredByPeriod { at, policy };
                (Expiry::At(at), Some(end))
            }
            Verdict::Dead(end @ End::Revoked(_)) => (self.expiry(token), Some(end)),
            Verdict::NotYet => (self.expiry(token), None),
        };
        Token {
            id: token.id.clone(),
            name: token.name.clone(),
            kind: token.kind,
            plan: self.plan.clone(),
            owner: self.owner.clone(),
            prefix: token.kind.prefix().to_owned(),
            last_four: token.last_four.clone(),
            created_at: token.facts.created_at,
            last_used_at: token.facts.last_used_at,
            last_used_from: token.last_used_from.clone(),
            expires_at: expiry.instant(),
            status: token::status(&token.facts, history, self.now),
            end: end.map(|end| self.end(end)),
        }
    }

    /// When the policy in force ends the token, whatever else ended it.
    pub(crate) fn expiry(&self, token: &tokens::Token) -> Expiry {
        Expiry::of(
            self.policies.history.current().period,
            token.facts.created_at,
        )
    }

    fn end(&self, end: End) -> TokenEnd {
        match end {
            End::ExpiredByPeriod { at, policy } => TokenEnd {
                at,
                reason: EndReason::ExpiredByPeriod,
                policy_version: Some(policy.version),
                period: policy.period,
                in_force_since: Some(policy.in_force_since),
                by: policy.changed_by.and_then(|id| self.policies.user(&id)),
            },
            End::Revoked(revocation) => TokenEnd {
                at: revocation.at,
                reason: match revocation.reason {
                    RevocationReason::Owner => EndReason::RevokedByOwner,
                },
                policy_version: None,
                period: None,
                in_force_since: None,
                by: (revocation.by == self.owner.id).then(|| self.owner.clone()),
            },
        }
    }
}
