//! How many tokens lie between two edges, of those that were neither revoked nor rotated.
//!
//! Triggers of the schema count them by kind and UTC day of creation: whole days come from there, and the parts of
//! days at the ends of a range from an index. Inactivity is counted over an index whose order is the hour of
//! the last activity. Which edges, `tenure_domain::impact` says; no rule is decided here.

use std::collections::BTreeMap;

use tenure_domain::{
    id::PlanId,
    impact::{Edge, day_of},
    time::{HOUR, Timestamp},
    token::TokenKind,
};

use super::{
    Tx,
    error::StoreError,
    number,
    statement::{Statement, args, statements},
};

/// Of one kind, neither revoked nor rotated: created from $3 on and before $4, last active from $6 on, which lies in
/// the hour $5.
macro_rules! created_and_active {
    () => {
        " from tokens where plan_id = $1 and kind = $2 and revoked_at is null and retires_at is null \
          and created_at >= $3 and created_at < $4 \
          and last_active_hour >= $5 and (last_active_hour > $5 or last_active_at >= $6)"
    };
}

/// Last active from $5 on, in the hour $3, and before $6, in the hour $4; created from $7 on.
macro_rules! active {
    () => {
        " from tokens where plan_id = $1 and kind = $2 and revoked_at is null and retires_at is null \
          and last_active_hour >= $3 and last_active_hour <= $4 and created_at >= $7 \
          and (last_active_hour > $3 or last_active_at >= $5) \
          and (last_active_hour < $4 or last_active_at < $6)"
    };
}

// Where the hour of the last activity decides, the index has the answer and no row is read.
statements! {
    OF_KIND = "select day, tokens from token_counts where plan_id = $1 and kind = $2 and tokens > 0 order by day";
    CREATED = "select count(*) as number from tokens \
               where plan_id = $1 and kind = $2 and revoked_at is null and retires_at is null \
                 and created_at >= $3 and created_at < $4";
    CREATED_AND_ACTIVE = concat!("select count(*) as number", created_and_active!());
    ANY_CREATED_AND_ACTIVE = concat!("select cast(1 as bigint) as number", created_and_active!(), " limit 1");
    ACTIVE = concat!("select count(*) as number", active!());
    ANY_ACTIVE = concat!("select cast(1 as bigint) as number", active!(), " limit 1");
    ACTIVE_IN_HOURS = "select count(*) as number from tokens \
                       where plan_id = $1 and kind = $2 and revoked_at is null and retires_at is null \
                         and last_active_hour >= $3 and last_active_hour < $4 and created_at >= $5";
}

/// The numbers of one kind of a plan's tokens, to be asked within one snapshot.
#[derive(Debug)]
pub struct Counts {
    plan: PlanId,
    kind: TokenKind,
    /// By day: how many were created before it, and how many on it.
    days: BTreeMap<Timestamp, (u64, u64)>,
    total: u64,
}

/// Reads the numbers of one kind.
///
/// # Errors
/// When the database does not answer.
pub async fn of_kind(tx: &mut Tx, plan: &PlanId, kind: TokenKind) -> Result<Counts, StoreError> {
    let args = args![plan.as_str(), kind.as_str()];
    let rows: Vec<(i64, i64)> = tx.all(&OF_KIND, args).await?;
    let mut total = 0;
    let mut days = BTreeMap::new();
    for (day, tokens) in rows {
        let tokens = unsigned(tokens)?;
        days.insert(Timestamp::from_millis(day), (total, tokens));
        total += tokens;
    }
    Ok(Counts {
        plan: plan.clone(),
        kind,
        days,
        total,
    })
}

impl Counts {
    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// How many there are.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// How many lie below the second edge and not below the first, which must not lie above it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn between(&self, tx: &mut Tx, edges: [Edge; 2]) -> Result<u64, StoreError> {
        let created = self
            .created_and_active(tx, edges, &CREATED_AND_ACTIVE)
            .await?;
        Ok(created + self.no_longer_active(tx, edges, &ACTIVE).await?)
    }

    /// Whether any lies there. It is quicker to find one than to count them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn any_between(&self, tx: &mut Tx, edges: [Edge; 2]) -> Result<bool, StoreError> {
        let created = self
            .created_and_active(tx, edges, &ANY_CREATED_AND_ACTIVE)
            .await?;
        Ok(created > 0 || self.no_longer_active(tx, edges, &ANY_ACTIVE).await? > 0)
    }

    /// How many were created from the one edge on and before the other, and last active from the one on.
    async fn created_and_active(
        &self,
        tx: &mut Tx,
        [from, to]: [Edge; 2],
        counting: &'static Statement,
    ) -> Result<u64, StoreError> {
        if self.total == 0 || from.created == to.created {
            return Ok(0);
        }
        // Nothing is last active before it was created.
        if from.active <= from.created {
            let before = self.created_before(tx, from.created).await?;
            let created = self.created_before(tx, to.created).await?;
            return Ok(created.saturating_sub(before));
        }
        let args = args![
            self.plan.as_str(),
            self.kind.as_str(),
            from.created,
            to.created,
            hour_of(from.active),
            from.active
        ];
        unsigned(number(tx, counting, args).await?)
    }

    /// How many were last active from the one edge on and before the other, and created after both.
    async fn no_longer_active(
        &self,
        tx: &mut Tx,
        [from, to]: [Edge; 2],
        counting: &'static Statement,
    ) -> Result<u64, StoreError> {
        // What was created from the other edge on was last active from there on.
        let first = from.active.max(to.created);
        if self.total == 0 || first >= to.active {
            return Ok(0);
        }
        let (plan, kind) = (self.plan.as_str(), self.kind.as_str());
        let (begin, end) = (hour_of(first), hour_of(to.active));
        let starts = |at: Timestamp| at.as_millis().rem_euclid(HOUR) == 0;
        let whole_hours = starts(first) && starts(to.active);
        if whole_hours {
            let args = args![plan, kind, begin, end, to.created];
            return unsigned(number(tx, &ACTIVE_IN_HOURS, args).await?);
        }
        let args = args![plan, kind, begin, end, first, to.active, to.created];
        unsigned(number(tx, counting, args).await?)
    }

    /// How many were created before this instant. Looks at no more tokens than one day's, and at none where
    /// the instant is a day's first.
    async fn created_before(&self, tx: &mut Tx, instant: Timestamp) -> Result<u64, StoreError> {
        let day = day_of(instant);
        let Some((start, (before, on_it))) = self.days.range(..=day).next_back() else {
            return Ok(0);
        };
        if *start < day {
            return Ok(before + on_it);
        }
        if *start == instant {
            return Ok(*before);
        }
        let args = args![self.plan.as_str(), self.kind.as_str(), *start, instant];
        let part = number(tx, &CREATED, args).await?;
        Ok(before + unsigned(part)?)
    }
}

/// The hour of an instant, counted as `last_active_hour` is.
pub(in crate::store) const fn hour_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(HOUR)
}

fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt {
        place: "token_counts.tokens",
    })
}
