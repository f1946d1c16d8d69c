//! Which strands have the tokens that a filter may pass. A strand may have more of them: the filter decides.
//! That it never has fewer is what the tests hold.

use tenure_domain::{
    period::Period,
    policy::History,
    time::Timestamp,
    token::{EXPIRING_WITHIN, IN_USE_WITHIN, Status, TokenKind},
};

use super::{Filter, Sort};
use crate::store::tokens::{Bounds, Strand};

/// Strands, each with what of it is asked for.
pub(super) type Strands = Vec<(Strand, Bounds)>;

/// What the choice of strands depends on.
pub(super) struct Lead<'a> {
    pub(super) filter: &'a Filter,
    pub(super) history: &'a History,
    pub(super) now: Timestamp,
}

impl Lead<'_> {
    /// The strands that are walked for a list in this order.
    pub(super) fn walk(&self, sort: Sort) -> Strands {
        match sort {
            Sort::Created => self.by_creation(),
            Sort::Name => vec![(Strand::Named, Bounds::ALL)],
            Sort::LastUsed => self.by_use(),
            Sort::Expires => self.by_expiry(),
        }
    }

    /// The narrowest strands there are, whatever their order; none where the filter names nothing that an
    /// index has.
    pub(super) fn narrowest(&self) -> Option<Strands> {
        let filter = self.filter;
        let somebodys = filter.client.is_some() || filter.owner.is_some();
        if somebodys || filter.status == Some(Status::Suspicious) {
            return Some(self.by_creation());
        }
        if filter.status == Some(Status::InUse) || filter.last_used.is_some() {
            return Some(vec![(Strand::Used, self.uses())]);
        }
        let strands = self.by_creation();
        let all = |(strand, bounds): &(Strand, Bounds)| {
            *strand == Strand::OfKind(TokenKind::UserAccess) && *bounds == Bounds::ALL
        };
        (!strands.iter().any(all)).then_some(strands)
    }

    fn by_creation(&self) -> Strands {
        let (filter, created) = (self.filter, self.filter.created);
        let of = |strands: &[Strand]| -> Strands {
            strands
                .iter()
                .map(|strand| (strand.clone(), created))
                .collect()
        };
        if let Some(client) = &filter.client {
            return of(&[Strand::OfClient(client.clone())]);
        }
        if let Some(owner) = &filter.owner {
            return of(&[
                Strand::UnrevokedOf(owner.clone()),
                Strand::RevokedOf(owner.clone()),
                Strand::HeldOf(owner.clone()),
            ]);
        }
        match filter.status {
            Some(Status::Suspicious) => of(&[Strand::Suspicious]),
            // One whose overlap has passed is revoked, though nobody may have written so yet.
            Some(Status::Revoked) => of(&[Strand::Revoked, Strand::Rotated]),
            _ => self.by_age(),
        }
    }

    /// The kinds; and those that were rotated, where age alone does not tell when tokens end.
    fn by_age(&self) -> Strands {
        let ages = |kind| self.ages(kind).and(self.filter.created);
        let mut strands = self.kinds(&ages);
        let narrowed = strands
            .iter()
            .any(|(_, bounds)| bounds.before < self.filter.created.before);
        if narrowed {
            strands.push((Strand::Rotated, self.filter.created));
        }
        strands
    }

    fn kinds(&self, bounds: &dyn Fn(TokenKind) -> Bounds) -> Strands {
        TokenKind::ALL
            .into_iter()
            .filter(|kind| self.filter.kind.is_none_or(|wanted| wanted == *kind))
            .map(|kind| (Strand::OfKind(kind), bounds(kind)))
            .collect()
    }

    /// Between which creations tokens of a kind lie that may pass, of those that were not rotated.
    fn ages(&self, kind: TokenKind) -> Bounds {
        let mut bounds = self.ages_by_status(kind);
        if let Some(expires) = self.filter.expires {
            bounds = bounds.and(self.ages_by_expiry(kind, expires, self.age_alone()));
        }
        bounds
    }

    fn ages_by_status(&self, kind: TokenKind) -> Bounds {
        let (from, before) = (Timestamp::MIN, Timestamp::MAX);
        let dead = self.dead_before(kind);
        let bounds = |from, before| Bounds { from, before };
        match self.filter.status {
            Some(Status::Expired) if self.age_alone() => bounds(from, dead),
            Some(Status::Expiring) if self.age_alone() => {
                let soon = self.now.saturating_add(EXPIRING_WITHIN);
                bounds(dead, self.latest_ended_by(kind, soon).max(dead))
            }
            Some(status) if status.is_alive() => bounds(dead, before),
            _ => bounds(from, before),
        }
    }

    /// Between which creations tokens lie that may be told to expire within these bounds. What has expired was
    /// ended by a version of the policy that need not be in force any more, so it is not left out.
    fn ages_by_expiry(&self, kind: TokenKind, expires: Bounds, by_age: bool) -> Bounds {
        let just_before = |at: Timestamp| at.saturating_add(-1);
        let dead = self.dead_before(kind);
        let from = match expires.from > self.now {
            true => self.earliest_ended_by(kind, just_before(expires.from)),
            false => Timestamp::MIN,
        };
        let before = match by_age && expires.before < Timestamp::MAX {
            true => self
                .latest_ended_by(kind, just_before(expires.before))
                .max(dead),
            false => Timestamp::MAX,
        };
        Bounds { from, before }
    }

    fn by_use(&self) -> Strands {
        let used = (Strand::Used, self.uses());
        match self.filter.last_used.is_some() || self.filter.status == Some(Status::InUse) {
            true => vec![used],
            false => vec![used, (Strand::NeverUsed, self.filter.created)],
        }
    }

    fn uses(&self) -> Bounds {
        let asked = self.filter.last_used.unwrap_or(Bounds::ALL);
        match self.filter.status {
            Some(Status::InUse) => asked.and(Bounds {
                from: self.now.saturating_add(-IN_USE_WITHIN),
                before: Timestamp::MAX,
            }),
            _ => asked,
        }
    }

    /// Each rule's own order: of a kind's strand, only what its age ends belongs to the list.
    fn by_expiry(&self) -> Strands {
        let ages = |kind| {
            let bounds = self.ages_by_status(kind).and(self.filter.created);
            // Of one that was revoked, another rule's end may be told.
            let alive = self.filter.status.is_some_and(Status::is_alive);
            match self.filter.expires {
                Some(expires) => bounds.and(self.ages_by_expiry(kind, expires, alive)),
                None => bounds,
            }
        };
        let mut strands = self.kinds(&ages);
        if !self.age_alone() {
            let mut active = Bounds::ALL;
            if self.filter.status.is_some_and(Status::is_alive) {
                active.from = self.history.watermarks_at(self.now).idle_before;
            }
            strands.push((Strand::Active, active));
        }
        strands.push((Strand::RetiringByEnd, Bounds::ALL));
        strands
    }

    /// Whether no rule about inactivity ends anything, or ever did.
    fn age_alone(&self) -> bool {
        let marks = self.history.watermarks_at(self.now);
        let mut versions = self.history.versions();
        versions.all(|version| version.inactivity.is_none()) && marks.idle_before == Timestamp::MIN
    }

    /// Every token of the kind created before it is dead by its age.
    fn dead_before(&self, kind: TokenKind) -> Timestamp {
        let dead = self.history.watermarks_at(self.now).dead_before;
        match kind {
            TokenKind::UserAccess => dead,
            TokenKind::OauthAccess => {
                dead.max(self.history.access_lifetime().dead_before_at(self.now))
            }
        }
    }

    /// No token of the kind that was created at this instant or later will have ended by its age at `at`.
    fn latest_ended_by(&self, kind: TokenKind, at: Timestamp) -> Timestamp {
        let ended = self.ended_by(kind, at);
        ended.into_iter().max().unwrap_or(Timestamp::MIN)
    }

    /// Every token of the kind that was created before this instant will have ended by its age at `at`.
    fn earliest_ended_by(&self, kind: TokenKind, at: Timestamp) -> Timestamp {
        let lifetime = self.lifetime(kind, at);
        let by_policy = self.ended_by_policy(at).into_iter().min();
        by_policy.unwrap_or(Timestamp::MIN).max(lifetime)
    }

    fn ended_by(&self, kind: TokenKind, at: Timestamp) -> Vec<Timestamp> {
        let mut ended = self.ended_by_policy(at);
        ended.push(self.lifetime(kind, at));
        ended
    }

    /// What the version in force and the scheduled one would each have ended at `at`.
    fn ended_by_policy(&self, at: Timestamp) -> Vec<Timestamp> {
        let versions = [
            Some(self.history.in_force_at(self.now)),
            self.history.scheduled_at(self.now),
        ];
        let ended = |period: Option<Period>| {
            period.map_or(Timestamp::MIN, |period| period.ended_before(at))
        };
        let versions = versions.into_iter().flatten();
        versions.map(|version| ended(version.period)).collect()
    }

    fn lifetime(&self, kind: TokenKind, at: Timestamp) -> Timestamp {
        let lifetime = self.history.access_lifetime().period;
        match (kind, lifetime) {
            (TokenKind::OauthAccess, Some(lifetime)) => lifetime.ended_before(at),
            _ => Timestamp::MIN,
        }
    }
}
