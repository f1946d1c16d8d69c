//! Policy versions and their watermarks. The rules are in `tenure_domain::policy`.

use std::collections::BTreeMap;

use tenure_domain::{
    id::{PlanId, UserId},
    period::{Period, Unit},
    policy::{AccessLifetime, Change, History, PolicyVersion},
    time::Timestamp,
    wire::{
        policies::{ExpirationPolicy, PolicyCancellation, RecordedPolicy, ScheduledPolicy},
        session::UserRef,
    },
};

use super::{
    Change as Committed, Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    HISTORY = "select v.version, v.period_amount, v.period_unit, v.inactivity_amount, v.inactivity_unit, \
                      v.in_force_since, v.decided_at, v.changed_by, v.dead_before, v.idle_before, \
                      v.cancelled_at, v.cancelled_by, v.ended_count, p.access_dead_before, \
                      u.name as changed_by_name, c.name as cancelled_by_name \
               from policy_versions v join plans p on p.id = v.plan_id \
                 left join users u on u.id = v.changed_by left join users c on c.id = v.cancelled_by \
               where v.plan_id = $1 order by v.version";
    INSERT = "insert into policy_versions \
              (plan_id, version, period_amount, period_unit, inactivity_amount, inactivity_unit, \
               in_force_since, decided_at, changed_by, dead_before, idle_before, ended_count) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    OBSERVE = "update policy_versions set \
                 dead_before = case when dead_before < $3 then $3 else dead_before end, \
                 idle_before = case when idle_before < $4 then $4 else idle_before end \
               where plan_id = $1 and version = $2 and (dead_before < $3 or idle_before < $4)";
    CANCEL = "update policy_versions set cancelled_at = $3, cancelled_by = $4 \
              where plan_id = $1 and version = $2 and cancelled_at is null";
    RECORD_ENDED = "update policy_versions set ended_count = $3 where plan_id = $1 and version = $2 and ended_count is null";
    OBSERVE_ACCESS = "update plans set access_dead_before = $2 where id = $1 and access_dead_before < $2";
    COUNT_WATERMARK = "update audit_head set watermarks = watermarks + 1 where id = 1";
}

/// A plan's policy through time, and the names of those who changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPolicies {
    /// Every version that came into force, and the scheduled one.
    pub history: History,
    /// The scheduled versions that were cancelled.
    cancelled: Vec<(PolicyVersion, Cancellation)>,
    /// How many tokens each version ended the moment it came into force, once that is counted.
    ended: BTreeMap<u32, u64>,
    names: BTreeMap<UserId, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cancellation {
    at: Timestamp,
    by: Option<UserId>,
}

impl PlanPolicies {
    /// The version in force at `now`, and what is scheduled, as the API says it.
    #[must_use]
    pub fn wire(&self, now: Timestamp) -> ExpirationPolicy {
        let version = self.history.in_force_at(now);
        let mark = |mark: Timestamp| (mark > Timestamp::MIN).then_some(mark);
        ExpirationPolicy {
            version: version.version,
            period: version.period,
            inactivity: version.inactivity,
            in_force_since: version.in_force_since,
            changed_by: self.changer(version),
            dead_before: mark(version.dead_before),
            idle_before: mark(version.idle_before),
            scheduled: self
                .history
                .scheduled_at(now)
                .map(|next| self.scheduled(next)),
        }
    }

    fn scheduled(&self, version: &PolicyVersion) -> ScheduledPolicy {
        ScheduledPolicy {
            version: version.version,
            period: version.period,
            inactivity: version.inactivity,
            effective_at: version.in_force_since,
            decided_at: version.decided_at,
            changed_by: self.changer(version),
        }
    }

    /// Every version that there ever was, newest first.
    #[must_use]
    pub fn recorded(&self) -> Vec<RecordedPolicy> {
        let kept = self.history.versions().map(|version| (version, None));
        let cancelled = self.cancelled.iter();
        let cancelled = cancelled.map(|(version, cancelled)| (version, Some(cancelled)));
        let mut all: Vec<_> = kept
            .chain(cancelled)
            .map(|(version, cancelled)| self.record(version, cancelled))
            .collect();
        all.sort_unstable_by_key(|record| std::cmp::Reverse(record.version));
        all
    }

    fn record(&self, version: &PolicyVersion, cancelled: Option<&Cancellation>) -> RecordedPolicy {
        RecordedPolicy {
            version: version.version,
            period: version.period,
            inactivity: version.inactivity,
            in_force_since: version.in_force_since,
            decided_at: version.decided_at,
            changed_by: self.changer(version),
            ended: self.ended.get(&version.version).copied(),
            cancelled: cancelled.map(|cancelled| PolicyCancellation {
                at: cancelled.at,
                by: cancelled.by.as_ref().and_then(|id| self.user(id)),
            }),
        }
    }

    /// The versions in force by `now` of which nobody has counted yet what they ended.
    pub fn uncounted_at(&self, now: Timestamp) -> impl Iterator<Item = u32> {
        let in_force = self.history.versions();
        let in_force = in_force.filter(move |it| it.version > 0 && it.in_force_since <= now);
        let numbers = in_force.map(|version| version.version);
        numbers.filter(|number| !self.ended.contains_key(number))
    }

    fn changer(&self, version: &PolicyVersion) -> Option<UserRef> {
        version.changed_by.as_ref().and_then(|id| self.user(id))
    }

    /// Somebody who put one of the versions into force.
    #[must_use]
    pub fn user(&self, id: &UserId) -> Option<UserRef> {
        let (id, name) = self.names.get_key_value(id)?;
        Some(UserRef {
            id: id.clone(),
            name: name.clone(),
        })
    }
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    period_amount: Option<i64>,
    period_unit: Option<String>,
    inactivity_amount: Option<i64>,
    inactivity_unit: Option<String>,
    in_force_since: i64,
    decided_at: i64,
    changed_by: Option<String>,
    dead_before: i64,
    idle_before: i64,
    cancelled_at: Option<i64>,
    cancelled_by: Option<String>,
    ended_count: Option<i64>,
    access_dead_before: i64,
    changed_by_name: Option<String>,
    cancelled_by_name: Option<String>,
}

impl TryFrom<VersionRow> for PolicyVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        let number = u32::try_from(row.version).map_err(|_| StoreError::Corrupt {
            place: "policy_versions.version",
        })?;
        Ok(Self {
            version: number,
            period: period(row.period_amount, row.period_unit)?,
            inactivity: period(row.inactivity_amount, row.inactivity_unit)?,
            in_force_since: Timestamp::from_millis(row.in_force_since),
            decided_at: Timestamp::from_millis(row.decided_at),
            changed_by: row.changed_by.map(UserId),
            dead_before: Timestamp::from_millis(row.dead_before),
            idle_before: Timestamp::from_millis(row.idle_before),
        })
    }
}

fn period(amount: Option<i64>, unit: Option<String>) -> Result<Option<Period>, StoreError> {
    let corrupt = |place| StoreError::Corrupt { place };
    let (Some(amount), Some(unit)) = (amount, unit) else {
        return Ok(None);
    };
    let unit: Unit = unit
        .parse()
        .map_err(|_| corrupt("policy_versions.period_unit"))?;
    let period = Period::new(amount, unit).map_err(|_| corrupt("policy_versions.period_amount"))?;
    Ok(Some(period))
}

/// A plan's policies; `None` when there is no such plan.
///
/// # Errors
/// When the database does not answer.
pub async fn history(tx: &mut Tx, plan: &PlanId) -> Result<Option<PlanPolicies>, StoreError> {
    let rows: Vec<VersionRow> = tx.all(&HISTORY, args![plan.as_str()]).await?;
    let (mut names, mut cancelled, mut ended) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
    let mut versions = Vec::with_capacity(rows.len());
    let mut access = AccessLifetime {
        period: Some(tx.access_lifetime()),
        dead_before: Timestamp::MIN,
    };
    let mut counted_to = 0;
    for mut row in rows {
        let (changer, canceller) = (row.changed_by_name.take(), row.cancelled_by_name.take());
        let (at, by) = (row.cancelled_at, row.cancelled_by.take().map(UserId));
        access.dead_before = Timestamp::from_millis(row.access_dead_before);
        let count = row.ended_count.and_then(|count| u64::try_from(count).ok());
        let version = PolicyVersion::try_from(row)?;
        ended.extend(count.map(|count| (version.version, count)));
        names.extend(version.changed_by.clone().zip(changer));
        names.extend(by.clone().zip(canceller));
        counted_to = version.version;
        match at.map(Timestamp::from_millis) {
            Some(at) => cancelled.push((version, Cancellation { at, by })),
            None => versions.push(version),
        }
    }
    Ok(History::new(versions).map(|history| PlanPolicies {
        history: history.counted_to(counted_to).with_access_lifetime(access),
        cancelled,
        ended,
        names,
    }))
}

/// Adds the version that a new plan starts with.
///
/// # Errors
/// [`StoreError::Conflict`] when it has one.
pub async fn insert_first(
    tx: &mut Tx,
    plan: &PlanId,
    created_at: Timestamp,
) -> Result<(), StoreError> {
    insert(tx, plan, &PolicyVersion::initial(created_at), None).await
}

/// Writes a change that somebody decided on: keeps the old version's watermarks, cancels what was
/// scheduled, adds the new version, with the number of tokens that it `ended` by coming into force, where it has.
/// Three rows at most.
///
/// # Errors
/// [`StoreError::Conflict`] when that version is there already.
pub async fn apply(
    tx: &mut Tx,
    plan: &PlanId,
    change: &Change,
    (now, by): (Timestamp, &UserId),
    ended: Option<u64>,
) -> Result<(), StoreError> {
    raise(tx, plan, &change.closed).await?;
    if let Some(cancelled) = change.cancelled {
        let args = args![plan.as_str(), i64::from(cancelled), now, by.as_str()];
        tx.execute(&CANCEL, args).await?;
    }
    if let Some(opened) = &change.opened {
        insert(tx, plan, opened, ended).await?;
    }
    tx.changes(Committed::Plan(plan.clone()));
    Ok(())
}

/// Records how many tokens a version ended the moment it came into force. What is recorded stays.
///
/// # Errors
/// When the database does not answer.
pub async fn record_ended(
    tx: &mut Tx,
    plan: &PlanId,
    version: u32,
    tokens: u64,
) -> Result<(), StoreError> {
    let tokens = i64::try_from(tokens).unwrap_or(i64::MAX);
    let args = args![plan.as_str(), i64::from(version), tokens];
    tx.execute(&RECORD_ENDED, args).await.map(drop)
}

/// Keeps what has died by this history as of `now`, so that it stays dead (R7). Only raises the
/// watermarks; says whether it did.
///
/// # Errors
/// When the database does not answer.
pub async fn observe(
    tx: &mut Tx,
    plan: &PlanId,
    observed: &History,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let by_policy = raise(tx, plan, observed.in_force_at(now)).await?;
    let access = observed.access_lifetime().dead_before;
    let by_lifetime = tx
        .execute(&OBSERVE_ACCESS, args![plan.as_str(), access])
        .await?
        > 0;
    let raised = by_policy || by_lifetime;
    if raised {
        tx.execute(&COUNT_WATERMARK, args![]).await?;
        tx.changes(Committed::Plan(plan.clone()));
    }
    Ok(raised)
}

async fn raise(tx: &mut Tx, plan: &PlanId, to: &PolicyVersion) -> Result<bool, StoreError> {
    let number = i64::from(to.version);
    let args = args![plan.as_str(), number, to.dead_before, to.idle_before];
    Ok(tx.execute(&OBSERVE, args).await? > 0)
}

async fn insert(
    tx: &mut Tx,
    plan: &PlanId,
    version: &PolicyVersion,
    ended: Option<u64>,
) -> Result<(), StoreError> {
    let amount = |period: Option<Period>| period.map(|period| i64::from(period.amount()));
    let unit = |period: Option<Period>| period.map(|period| period.unit().as_str());
    let args = args![
        plan.as_str(),
        i64::from(version.version),
        amount(version.period),
        unit(version.period),
        amount(version.inactivity),
        unit(version.inactivity),
        version.in_force_since,
        version.decided_at,
        version.changed_by.as_ref().map(UserId::as_str),
        version.dead_before,
        version.idle_before,
        ended.map(|tokens| i64::try_from(tokens).unwrap_or(i64::MAX))
    ];
    tx.execute(&INSERT, args).await.map(drop)
}
