//! Tokens whose life depends on being used: when they were last active, that a use renews them, and that
//! nobody used them for too long. Nothing here is asked about plans without such a rule.
//!
//! How it stays right with uses that are written a moment later and with several processes is in
//! `docs/decisions/0012`.

use std::net::IpAddr;

use tenure_domain::{
    id::TokenId,
    policy::History,
    time::Timestamp,
    token::{self, Expiry, TokenFacts, Verdict},
};

use super::{
    ORPHAN, Outcome, Refused, Verified, Verifier, cache::Activity, kept::Kept, kind_of, outcome,
    recorder::Called,
};
use crate::store::{Change, StoreError, policies, policies::PlanPolicies, tokens};

/// A use is written before it is answered once the recorded activity is older than this part of the idle
/// period. The shortest period is a minute, and a part of that is twice as long as notes wait to be written.
const PART: i64 = 10;

/// What a use means for the life of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// Nothing: no rule counts its uses.
    None,
    /// It renews the token, which has long enough left that noting it will do.
    Noted,
    /// It renews the token, and is written before it is answered; then the token ends so.
    Written(Expiry),
}

/// What became of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Used {
    /// It counts; unless there is another one, the token ends so.
    Until(Expiry),
    /// It is none: the token ended meanwhile.
    Refused(Refused),
}

/// Whether it takes a token's activity to decide over it.
pub(super) fn counts(history: &History, token: &TokenFacts, now: Timestamp) -> bool {
    history.shortest_idle_at(now).is_some()
        || token.created_at < history.watermarks_at(now).idle_before
}

/// What a use at `now` of a token that works means for its life.
pub(super) fn renewal(history: &History, token: &TokenFacts, now: Timestamp) -> Renewal {
    match history.shortest_idle_at(now) {
        None => Renewal::None,
        Some(idle) if now.millis_since(token.last_active_at()) < idle / PART => Renewal::Noted,
        Some(_) => {
            let used = TokenFacts {
                last_used_at: Some(now),
                ..token.clone()
            };
            Renewal::Written(token::effective_expiry(&used, history, now))
        }
    }
}

impl Verifier {
    /// Counts a use of a token, from this address: it works, and what it was shown for may be done. Where
    /// its life depends on it, the use is written when this returns.
    ///
    /// # Errors
    /// When the database is needed and does not answer. Then the use is none.
    pub async fn record_use(
        &self,
        used: &Verified,
        from: Option<IpAddr>,
    ) -> Result<Used, StoreError> {
        let has_noted = match used.renewal {
            Renewal::None => {
                self.0.uses.note(used.token, used.at, from);
                true
            }
            Renewal::Noted => self.0.uses.note(used.token, used.at, from),
            Renewal::Written(_) => false,
        };
        match used.renewal {
            _ if has_noted => Ok(Used::Until(used.expiry)),
            Renewal::Written(until) => self.write_use(used, from, until).await,
            Renewal::None | Renewal::Noted => self.write_use(used, from, used.expiry).await,
        }
    }

    async fn write_use(
        &self,
        used: &Verified,
        from: Option<IpAddr>,
        until: Expiry,
    ) -> Result<Used, StoreError> {
        let called = Called {
            token: used.token,
            at: used.at,
            from,
        };
        let at = self.0.recorder.record(called).await?;
        if at < used.at {
            return Ok(Used::Refused(self.end_of(used).await?));
        }
        let is_last = false;
        self.0
            .cache
            .keep_activity(used.token, Activity { at, is_last });
        Ok(Used::Until(until))
    }

    /// How a token ended that worked a moment ago.
    async fn end_of(&self, used: &Verified) -> Result<Refused, StoreError> {
        // Somebody else said so first: what is kept of the plan here is old.
        self.0.cache.forget(&[Change::Plan(used.plan_id())]);
        let mut tx = self.0.store.read().await?;
        let token = tokens::get(&mut tx, &used.token_id()).await?;
        let policies = policies::history(&mut tx, &used.plan_id()).await?;
        let (token, policies) = token.zip(policies).ok_or(ORPHAN)?;
        match token::verdict(&token.facts, &policies.history, used.at) {
            Verdict::Dead(end) => Ok(Refused {
                kind: kind_of(&end),
                end: Some(end),
                known: Some(used.known()),
            }),
            Verdict::Works(_) | Verdict::NotYet => Err(StoreError::interrupted()),
        }
    }

    /// The recorded activity of a token, or an earlier one.
    pub(super) async fn activity(&self, kept: &Kept) -> Result<Activity, StoreError> {
        if self.remembers()
            && let Some(known) = self.0.cache.activity(&kept.id)
        {
            return Ok(known);
        }
        let mut tx = self.0.store.peek().await?;
        let at = tokens::last_active(&mut tx, &kept.token()).await?;
        let activity = Activity {
            at: at.ok_or(ORPHAN)?,
            is_last: false,
        };
        self.0.cache.keep_activity(kept.id, activity);
        Ok(activity)
    }

    /// Says whether a token is dead that nobody seems to have used for too long: by the newest recorded use,
    /// with the watermark raised on disk before anybody hears of it (R7).
    pub(super) async fn confirm_idle(
        &self,
        kept: &Kept,
        policies: &PlanPolicies,
        now: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let id = kept.token();
        let at = tokens::last_active(&mut self.0.store.peek().await?, &id).await?;
        let facts = used_at(kept, at.ok_or(ORPHAN)?);
        // What lies below a stored watermark is never recorded as used again.
        if policies.history.kept().cover(&facts) {
            return Ok(self.told(kept, &facts, policies, now));
        }
        self.tell_idle(kept, &id, now).await
    }

    async fn tell_idle(
        &self,
        kept: &Kept,
        id: &TokenId,
        now: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let mut tx = self.0.store.write().await?;
        if let Some(noted) = self.0.uses.noted(kept.id) {
            tokens::record_uses(&mut tx, &[noted.record()]).await?;
        }
        let at = tokens::last_active(&mut tx, id).await?;
        let facts = used_at(kept, at.ok_or(ORPHAN)?);
        let mut policies = policies::history(&mut tx, &kept.plan())
            .await?
            .ok_or(ORPHAN)?;
        if let Verdict::Dead(_) = token::verdict(&facts, &policies.history, now) {
            policies.history = policies.history.observed_at(now);
            policies::observe(&mut tx, &kept.plan(), &policies.history, now).await?;
        }
        tx.commit().await?;
        Ok(self.told(kept, &facts, &policies, now))
    }

    fn told(
        &self,
        kept: &Kept,
        facts: &TokenFacts,
        policies: &PlanPolicies,
        now: Timestamp,
    ) -> Outcome {
        let activity = Activity {
            at: facts.last_active_at(),
            is_last: policies.history.kept().cover(facts),
        };
        self.0.cache.keep_activity(kept.id, activity);
        outcome(kept, facts, policies, now)
    }
}

/// What is known of a token that was last active then.
pub(super) fn used_at(kept: &Kept, at: Timestamp) -> TokenFacts {
    TokenFacts {
        last_used_at: Some(at),
        ..kept.facts()
    }
}
