//! Policy versions and their watermarks. The rules are in `tenure_domain::policy`.

use std::collections::BTreeMap;

use tenure_domain::{
    id::{PlanId, UserId},
    period::{Period, Unit},
    policy::{AccessLifetime, Change, History, PolicyVersion},
    time::Timestamp,
    wire::{policies::ExpirationPolicy, session::UserRef},
};

use super::{
    Change as Committed, Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    HISTORY = "select v.version, v.period_amount, v.period_unit, v.in_force_since, v.changed_by, v.dead_before, \
                      u.name as changed_by_name, p.access_dead_before \
               from policy_versions v join plans p on p.id = v.plan_id left join users u on u.id = v.changed_by \
               where v.plan_id = $1 order by v.version";
    INSERT = "insert into policy_versions \
              (plan_id, version, period_amount, period_unit, in_force_since, changed_by, dead_before) \
              values ($1, $2, $3, $4, $5, $6, $7)";
    OBSERVE = "update policy_versions set dead_before = $3 \
               where plan_id = $1 and version = $2 and dead_before < $3";
    OBSERVE_ACCESS = "update plans set access_dead_before = $2 where id = $1 and access_dead_before < $2";
    COUNT_WATERMARK = "update audit_head set watermarks = watermarks + 1 where id = 1";
}

/// A plan's policy through time, and the names of those who changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPolicies {
    /// Every version.
    pub history: History,
    names: BTreeMap<UserId, String>,
}

impl PlanPolicies {
    /// This version as the API says it.
    #[must_use]
    pub fn wire(&self, version: &PolicyVersion) -> ExpirationPolicy {
        ExpirationPolicy {
            version: version.version,
            period: version.period,
            inactivity: None,
            in_force_since: version.in_force_since,
            changed_by: version.changed_by.as_ref().and_then(|id| self.user(id)),
            dead_before: (version.dead_before > Timestamp::MIN).then_some(version.dead_before),
        }
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
    in_force_since: i64,
    changed_by: Option<String>,
    dead_before: i64,
    changed_by_name: Option<String>,
    access_dead_before: i64,
}

impl TryFrom<VersionRow> for PolicyVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        let corrupt = |place| StoreError::Corrupt { place };
        let period = match (row.period_amount, row.period_unit) {
            (Some(amount), Some(unit)) => {
                let unit: Unit = unit
                    .parse()
                    .map_err(|_| corrupt("policy_versions.period_unit"))?;
                let period = Period::new(amount, unit)
                    .map_err(|_| corrupt("policy_versions.period_amount"))?;
                Some(period)
            }
            _ => None,
        };
        Ok(Self {
            version: u32::try_from(row.version).map_err(|_| corrupt("policy_versions.version"))?,
            period,
            in_force_since: Timestamp::from_millis(row.in_force_since),
            changed_by: row.changed_by.map(UserId),
            dead_before: Timestamp::from_millis(row.dead_before),
        })
    }
}

/// A plan's policies; `None` when there is no such plan.
///
/// # Errors
/// When the database does not answer.
pub async fn history(tx: &mut Tx, plan: &PlanId) -> Result<Option<PlanPolicies>, StoreError> {
    let rows: Vec<VersionRow> = tx.all(&HISTORY, args![plan.as_str()]).await?;
    let mut names = BTreeMap::new();
    let mut versions = Vec::with_capacity(rows.len());
    let mut access = AccessLifetime {
        period: Some(tx.access_lifetime()),
        dead_before: Timestamp::MIN,
    };
    for mut row in rows {
        let name = row.changed_by_name.take();
        access.dead_before = Timestamp::from_millis(row.access_dead_before);
        let version = PolicyVersion::try_from(row)?;
        names.extend(version.changed_by.clone().zip(name));
        versions.push(version);
    }
    Ok(History::new(versions).map(|history| PlanPolicies {
        history: history.with_access_lifetime(access),
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
    insert(tx, plan, &PolicyVersion::initial(created_at)).await
}

/// Writes a change: closes the old version's watermark and adds the new version. Two rows at most.
///
/// # Errors
/// [`StoreError::Conflict`] when that version is there already.
pub async fn apply(tx: &mut Tx, plan: &PlanId, change: &Change) -> Result<(), StoreError> {
    raise(tx, plan, &change.closed).await?;
    insert(tx, plan, &change.opened).await?;
    tx.changes(Committed::Plan(plan.clone()));
    Ok(())
}

/// Keeps what has died by this history, so that it stays dead (R7). Only raises the watermarks; says
/// whether it did.
///
/// # Errors
/// When the database does not answer.
pub async fn observe(tx: &mut Tx, plan: &PlanId, observed: &History) -> Result<bool, StoreError> {
    let by_period = raise(tx, plan, observed.current()).await?;
    let access = observed.access_lifetime().dead_before;
    let by_lifetime = tx
        .execute(&OBSERVE_ACCESS, args![plan.as_str(), access])
        .await?
        > 0;
    let raised = by_period || by_lifetime;
    if raised {
        tx.execute(&COUNT_WATERMARK, args![]).await?;
        tx.changes(Committed::Plan(plan.clone()));
    }
    Ok(raised)
}

async fn raise(tx: &mut Tx, plan: &PlanId, to: &PolicyVersion) -> Result<bool, StoreError> {
    let args = args![plan.as_str(), i64::from(to.version), to.dead_before];
    Ok(tx.execute(&OBSERVE, args).await? > 0)
}

async fn insert(tx: &mut Tx, plan: &PlanId, version: &PolicyVersion) -> Result<(), StoreError> {
    let period = version.period;
    let args = args![
        plan.as_str(),
        i64::from(version.version),
        period.map(|period| i64::from(period.amount())),
        period.map(|period| period.unit().as_str()),
        version.in_force_since,
        version.changed_by.as_ref().map(UserId::as_str),
        version.dead_before
    ];
    tx.execute(&INSERT, args).await.map(drop)
}
