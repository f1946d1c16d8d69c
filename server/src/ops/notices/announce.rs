//! Changes of a policy, told to everybody whose tokens they concern: one row in the transaction that
//! changes it, and from there to the owners, some at a time.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tenure_domain::{
    id::{PlanId, UserId},
    notice::{Due, NoticeKind, to_tell},
    period::Period,
    policy::{ANNOUNCED_FOR, AccessLifetime, History, PolicyVersion, Terms, Watermarks},
    time::{DAY, Timestamp},
    token::{Expiry, TokenFacts, effective_expiry},
};

use super::{id, zone_of};
use crate::store::{
    Store, StoreError, Tx,
    notices::{self, Addressee, NewNotice, announcements},
    policies, tokens,
    tokens::Position,
    users,
};

/// Owners that get their notice in one transaction.
const OWNERS: i64 = 50;
/// Tokens that are read at a time.
const STRIDE: i64 = 500;
/// For so many milliseconds a change is news. Of one that nobody could be told of for longer, owners hear
/// by the notices about their tokens.
const NEWS_FOR: i64 = 7 * DAY;

/// What became of a plan's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Another version is in force.
    InForce,
    /// Another version will be.
    Scheduled,
    /// What was scheduled will not come.
    Cancelled,
}

/// A rule that was scheduled and does not come: it was cancelled, or something took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// How long tokens would have lived by it.
    pub period: Option<Period>,
    /// After how long unused tokens would have ended by it.
    pub inactivity: Option<Period>,
    /// From when on.
    pub effective_at: Timestamp,
}

/// What would count without the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// How long tokens lived by what was in force.
    pub period: Option<Period>,
    /// After how long unused tokens ended by it.
    pub inactivity: Option<Period>,
    /// What owners had been told would come.
    pub replaced: Option<Replaced>,
}

impl Before {
    /// What counted in this history at `now`.
    #[must_use]
    pub fn of(history: &History, now: Timestamp) -> Self {
        let Terms { period, inactivity } = history.in_force_at(now).terms();
        let replaced = history.scheduled_at(now).map(|next| Replaced {
            period: next.period,
            inactivity: next.inactivity,
            effective_at: next.in_force_since,
        });
        Self {
            period,
            inactivity,
            replaced,
        }
    }

    /// When a token would have ended by itself, where OAuth access tokens live so long.
    #[must_use]
    pub fn expiry(&self, token: &TokenFacts, access: &AccessLifetime) -> Option<Expiry> {
        // Only what comes after what counts here, not since when the one counted or who decided the other.
        let in_force = PolicyVersion {
            period: self.period,
            inactivity: self.inactivity,
            ..PolicyVersion::initial(Timestamp::MIN)
        };
        let next = self.replaced.map(|next| PolicyVersion {
            version: 1,
            period: next.period,
            inactivity: next.inactivity,
            in_force_since: next.effective_at,
            ..in_force.clone()
        });
        let history = History::new([in_force].into_iter().chain(next).collect())?;
        let history = history.with_access_lifetime(*access);
        Some(effective_expiry(token, &history, Timestamp::MIN))
    }
}

/// A change, as owners are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Whose policy.
    pub plan: PlanId,
    /// What became of it.
    pub what: What,
    /// The version that is in force, will be, or will not.
    pub version: u32,
    /// How long tokens live by it, or `None` where it is off.
    pub period: Option<Period>,
    /// After how long unused tokens end by it, if they do.
    #[serde(default)]
    pub inactivity: Option<Period>,
    /// Who changed it.
    pub by: UserId,
    /// From when on.
    pub effective_at: Timestamp,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// What would count without it; nothing of changes that were decided before this was kept.
    #[serde(default)]
    pub before: Option<Before>,
    /// Tokens created before it were dead by then. In milliseconds, because it may lie before every year.
    dead_before: i64,
    /// Tokens last active before it were dead by then.
    idle_before: i64,
}

impl Announced {
    /// What became of a plan's policy, in place of what, where these were dead by then.
    #[must_use]
    pub fn new(
        plan: &PlanId,
        (what, version): (What, &PolicyVersion),
        terms: Terms,
        (by, decided_at): (&UserId, Timestamp),
        before: Before,
        dead: Watermarks,
    ) -> Self {
        Self {
            plan: plan.clone(),
            what,
            version: version.version,
            period: terms.period,
            inactivity: terms.inactivity,
            by: by.clone(),
            effective_at: version.in_force_since,
            decided_at,
            before: Some(before),
            dead_before: dead.dead_before.as_millis(),
            idle_before: dead.idle_before.as_millis(),
        }
    }

    /// What was dead by then.
    #[must_use]
    pub const fn dead(&self) -> Watermarks {
        Watermarks {
            dead_before: Timestamp::from_millis(self.dead_before),
            idle_before: Timestamp::from_millis(self.idle_before),
        }
    }
}

/// Has every owner concerned hear of a change: one row, at any number of them.
///
/// # Errors
/// When the database does not answer.
pub async fn announce(tx: &mut Tx, change: &Announced) -> Result<(), StoreError> {
    let key = format!(
        "policy:{}:{}:{:?}",
        change.plan, change.version, change.what
    );
    let new = announcements::Announcement {
        id: id(change.decided_at, &key).0,
        plan: change.plan.clone(),
        details: json!(change).to_string(),
        decided_at: change.decided_at,
        dead: change.dead(),
        told_until: String::new(),
    };
    announcements::insert(tx, &new).await
}

/// Whether a version came into force when it was decided, or as good as: a rule for inactivity is heard of by
/// every process a moment before.
#[must_use]
pub fn is_at_once(version: &PolicyVersion) -> bool {
    version.in_force_since.millis_since(version.decided_at) <= ANNOUNCED_FOR
}

/// Gives the next owners their notices; says whether there may be more to do.
///
/// # Errors
/// When the database does not answer.
pub async fn hand_on(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    // Most of the time there is nothing, and then no writer waits.
    if announcements::count_open(&mut store.peek().await?).await? == 0 {
        return Ok(false);
    }
    let mut tx = store.write_aside().await?;
    let Some(announcement) = announcements::take(&mut tx).await? else {
        return Ok(false);
    };
    if now.millis_since(announcement.decided_at) > NEWS_FOR {
        announcements::finish(&mut tx, &announcement.id, now).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let owners = announcements::owners(&mut tx, &announcement, OWNERS).await?;
    let policies = policies::history(&mut tx, &announcement.plan).await?;
    let policies = policies.ok_or(StoreError::Corrupt {
        place: "policy_versions",
    })?;
    for (owner, count) in &owners {
        let concerned = (owner, *count);
        tell(&mut tx, &announcement, concerned, &policies.history, now).await?;
    }
    match owners.last() {
        Some((last, _)) => announcements::told_until(&mut tx, &announcement.id, last).await?,
        None => announcements::finish(&mut tx, &announcement.id, now).await?,
    }
    tx.commit().await?;
    Ok(true)
}

/// Queues one owner's notice. It tells of what expires soon too, so no digest has to.
async fn tell(
    tx: &mut Tx,
    announcement: &announcements::Announcement,
    (owner, count): (&UserId, i64),
    history: &History,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(user) = users::get(tx, owner).await? else {
        return Ok(());
    };
    let key = format!("announcement:{}:{owner}", announcement.id);
    let notice = id(now, &key);
    let new = NewNotice {
        id: notice.clone(),
        to: &Addressee::Owner(owner.clone()),
        kind: NoticeKind::Announcement,
        key: &key,
        details: &announcement.details,
        created_at: now,
        due_at: now,
    };
    if !notices::insert(tx, &new).await? {
        return Ok(());
    }
    notices::add_tokens(tx, &notice, &announcement.plan, count).await?;
    let tomorrow_ends = zone_of(&user).day(now).tomorrow_ends;
    let mut after = Position::before(announcement.dead.dead_before);
    loop {
        let plan = &announcement.plan;
        let page = tokens::working_page(tx, owner, plan, announcement.dead, &after, STRIDE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Position::of(last);
        for token in &page {
            if let Some(expiry) = to_tell(&token.facts, history, tomorrow_ends, now) {
                let due = Due {
                    expiry,
                    token: token.id.clone(),
                };
                notices::tell(tx, (&notice, NoticeKind::Digest), plan, &due).await?;
            }
        }
    }
}
