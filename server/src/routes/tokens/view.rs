//! A token as the API shows it: what the store knows, judged by the one function that decides (R5).

use tenure_domain::{
    id::UserId,
    policy::PolicyVersion,
    time::Timestamp,
    token::{self, End, Expiry, Verdict},
    why::why,
    wire::{
        session::{PlanRef, UserRef},
        tokens::{ClientRef, EndReason, Token, TokenEnd},
    },
};

use crate::store::{StoreError, Tx, policies::PlanPolicies, tokens, users};

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
    /// The token as the API shows it; `by` is whoever revoked it (see [`revoker`]).
    pub(crate) fn view(&self, token: &tokens::Token, by: Option<UserRef>) -> Token {
        let history = &self.policies.history;
        let (expiry, end) = match token::verdict(&token.facts, history, self.now) {
            Verdict::Works(expiry) => (expiry, None),
            Verdict::Dead(end) if end.is_expiry() => (Expiry::At(end.at()), Some(end)),
            Verdict::Dead(end) => (self.expiry(token), Some(end)),
            Verdict::NotYet => (self.expiry(token), None),
        };
        Token {
            id: token.id.clone(),
            name: token.name.clone(),
            kind: token.facts.kind,
            plan: self.plan.clone(),
            owner: self.owner.clone(),
            prefix: token.facts.kind.prefix().to_owned(),
            last_four: token.last_four.clone(),
            scope: token.scope.clone(),
            client: token.held.as_ref().map(|held| ClientRef {
                id: held.client.clone(),
                // An access token is named after its client.
                name: token.name.clone(),
            }),
            created_at: token.facts.created_at,
            last_used_at: token.facts.last_used_at,
            last_used_from: token.last_used_from.clone(),
            expires_at: expiry.instant(),
            retires_at: token.facts.retires_at,
            status: token::status(&token.facts, history, self.now),
            why: self.why(token, by.as_ref()),
            end: end.map(|end| self.end(end, by)),
        }
    }

    /// Why the token stands as it does, with instants in UTC.
    fn why(&self, token: &tokens::Token, by: Option<&UserRef>) -> String {
        let name = |id: &UserId| {
            let by = by.filter(|by| by.id == *id).cloned();
            let named = by.or_else(|| self.policies.user(id));
            named.map_or_else(|| "somebody".to_owned(), |user| user.name)
        };
        why(&token.facts, &self.policies.history, self.now).sentence(&|at| at.to_string(), &name)
    }

    /// When the token ends by itself, whatever else ended it.
    pub(crate) fn expiry(&self, token: &tokens::Token) -> Expiry {
        token::effective_expiry(&token.facts, &self.policies.history, self.now)
    }

    fn end(&self, end: End, by: Option<UserRef>) -> TokenEnd {
        let at = end.at();
        match end {
            End::ExpiredByPeriod { policy, .. } => TokenEnd {
                period: policy.period,
                ..self.by_policy(at, EndReason::ExpiredByPeriod, policy)
            },
            End::ExpiredByInactivity { policy, .. } => TokenEnd {
                period: policy.inactivity,
                ..self.by_policy(at, EndReason::ExpiredByInactivity, policy)
            },
            End::ExpiredByLifetime { .. } => TokenEnd {
                at,
                reason: EndReason::ExpiredByLifetime,
                policy_version: None,
                period: self.policies.history.access_lifetime().period,
                in_force_since: None,
                by: None,
            },
            End::Revoked(revocation) => TokenEnd {
                at,
                reason: revocation.reason.into(),
                policy_version: None,
                period: None,
                in_force_since: None,
                by,
            },
        }
    }

    fn by_policy(&self, at: Timestamp, reason: EndReason, policy: PolicyVersion) -> TokenEnd {
        TokenEnd {
            at,
            reason,
            policy_version: Some(policy.version),
            period: None,
            in_force_since: Some(policy.in_force_since),
            by: policy.changed_by.and_then(|id| self.policies.user(&id)),
        }
    }
}

/// Whoever revoked the token, if somebody did.
pub(crate) async fn revoker(
    tx: &mut Tx,
    token: &tokens::Token,
    owner: &UserRef,
) -> Result<Option<UserRef>, StoreError> {
    let by = token.facts.revoked.as_ref().and_then(|it| it.by.as_ref());
    match by {
        None => Ok(None),
        Some(by) if *by == owner.id => Ok(Some(owner.clone())),
        Some(by) => Ok(users::get(tx, by).await?.map(|user| user.reference())),
    }
}
