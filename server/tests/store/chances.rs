//! Plans as chance makes them: tokens of both kinds and every age, used or not, revoked, rotated. The trials make
//! theirs here as well.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tenure_domain::{
    id::{ClientId, GrantId, PlanId, TokenId, UserId},
    period::{Period, Unit},
    policy::{Terms, Wanted},
    scope::Scopes,
    time::{DAY, HOUR, Timestamp},
    token::{Revocation, RevocationReason, TokenFacts, TokenKind},
};
use tenure_server::{
    random::Random,
    secret::Secret,
    store::{
        Store,
        tokens::{self, Held, Token, Use},
    },
};

/// Chances that a seed repeats.
pub(crate) struct Chances(StdRng);

/// Where the tokens of a plan go, and by whom.
pub(crate) struct Place<'a> {
    pub(crate) store: &'a Store,
    pub(crate) random: &'a Random,
    pub(crate) plan: &'a PlanId,
    pub(crate) owner: &'a UserId,
    pub(crate) client: &'a ClientId,
    pub(crate) grant: &'a GrantId,
}

impl Chances {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub(crate) fn one_in(&mut self, number: u32) -> bool {
        self.0.random_ratio(1, number)
    }

    pub(crate) fn up_to(&mut self, most: i64) -> i64 {
        self.0.random_range(0..=most)
    }

    /// A period that ends some of the tokens that were created within the last hundred days.
    pub(crate) fn period(&mut self) -> Period {
        let (unit, most) = match self.up_to(4) {
            0 => (Unit::Minutes, 9_999),
            1 => (Unit::Hours, 2_000),
            2 => (Unit::Months, 3),
            _ => (Unit::Days, 110),
        };
        Period::new(self.up_to(most - 1) + 1, unit).expect("a period")
    }

    /// What somebody may want at `now`: each rule on or off, at once or within two months.
    pub(crate) fn wanted(&mut self, now: Timestamp) -> Wanted {
        let terms = Terms {
            period: (!self.one_in(4)).then(|| self.period()),
            inactivity: self.one_in(2).then(|| self.period()),
        };
        match self.one_in(3) {
            true => Wanted::From(now.saturating_add(self.up_to(60 * DAY) + 1), terms),
            false => Wanted::Now(terms),
        }
    }

    /// An instant within the last hundred days, often at a day's edge.
    pub(crate) fn before(&mut self, now: Timestamp) -> Timestamp {
        let midnight = now.as_millis() - now.as_millis().rem_euclid(DAY);
        match self.up_to(3) {
            0 => Timestamp::from_millis(midnight - self.up_to(100) * DAY + self.up_to(2) - 1),
            1 => now.saturating_add(-self.up_to(2 * DAY)),
            _ => now.saturating_add(-self.up_to(100 * DAY)),
        }
    }

    /// Adds a token to the plan, as it may stand at `now`, and gives its text.
    pub(crate) async fn token(&mut self, place: &Place<'_>, now: Timestamp) -> (Token, String) {
        let kind = match self.one_in(3) {
            true => TokenKind::OauthAccess,
            false => TokenKind::UserAccess,
        };
        let created_at = self.before(now).min(now);
        let secret = Secret::token(kind, place.random);
        let token = Token {
            id: TokenId(place.random.id(created_at)),
            plan: place.plan.clone(),
            owner: place.owner.clone(),
            name: "by chance".to_owned(),
            scope: Scopes::default(),
            held: (kind == TokenKind::OauthAccess).then(|| Held {
                client: place.client.clone(),
                grant: place.grant.clone(),
            }),
            last_four: secret.last_four().to_owned(),
            facts: TokenFacts::created(kind, created_at),
            last_used_from: None,
        };
        let mut tx = place.store.write().await.expect("writes");
        tokens::insert(&mut tx, &token, &secret.hash())
            .await
            .expect("added");
        if !self.one_in(3) {
            let used = Use {
                token: token.id.clone(),
                at: self.before(now).max(created_at).min(now),
                from: None,
            };
            tokens::record_uses(&mut tx, &[used]).await.expect("used");
        }
        if self.one_in(8) {
            let revocation = Revocation {
                at: now,
                reason: RevocationReason::Owner,
                by: Some(place.owner.clone()),
            };
            let revoked = tokens::revoke(&mut tx, &token.id, &revocation).await;
            assert!(revoked.expect("revoked"));
        } else if kind == TokenKind::UserAccess && self.one_in(6) {
            let until = now.saturating_add(self.up_to(48 * HOUR) - 24 * HOUR);
            let retired = tokens::retire(&mut tx, &token.id, until).await;
            assert!(retired.expect("rotated"));
        }
        let token = tokens::get(&mut tx, &token.id).await.expect("read");
        tx.commit().await.expect("committed");
        (token.expect("a token"), secret.reveal())
    }
}
