//! What a notice says, worked out when it is sent: from what was decided, and from how the tokens stand then.
//!
//! [`tokens`]: digests and expiries. [`policy`]: announcements. [`others`]: what somebody else ended, and
//! escalations. [`invitation`]: to people who may be no users yet.

pub mod invitation;
mod others;
mod policy;
mod tokens;
mod view;

use std::collections::BTreeMap;

use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    locale::Language,
    notice::NoticeKind,
    time::Timestamp,
};

use super::letter::Letter;
use crate::{
    ops::notices::zone_of,
    store::{
        StoreError, Tx,
        notices::outbox::Leased,
        plans, policies,
        policies::PlanPolicies,
        users::{self, User},
    },
    zone::Zone,
};

/// What is to be sent.
pub struct Composed {
    /// The mail; `None` when there is nothing left to tell.
    pub letter: Option<Letter>,
    /// Tokens that it does not tell of after all: they may be told of again.
    pub dropped: Vec<TokenId>,
}

/// For whom a mail is composed, and from what.
pub(super) struct Composer<'a> {
    tx: &'a mut Tx,
    owner: &'a User,
    language: Language,
    zone: Zone,
    public_url: &'a str,
    now: Timestamp,
    plans: BTreeMap<PlanId, (String, PlanPolicies)>,
    names: BTreeMap<UserId, String>,
}

/// Writes the mail of a notice as it is at `now`.
///
/// # Errors
/// When the database does not answer, or what was decided cannot be read.
pub async fn letter(
    tx: &mut Tx,
    notice: &Leased,
    owner: &User,
    public_url: &str,
    now: Timestamp,
) -> Result<Composed, StoreError> {
    let language = owner.locale.as_ref().map(|locale| locale.language);
    let mut composer = Composer {
        tx,
        owner,
        language: language.unwrap_or_default(),
        zone: zone_of(owner),
        public_url,
        now,
        plans: BTreeMap::new(),
        names: BTreeMap::new(),
    };
    match notice.kind {
        NoticeKind::Digest => composer.digest(notice).await,
        NoticeKind::Expired => composer.expired(notice).await,
        NoticeKind::Announcement => composer.announcement(notice).await,
        NoticeKind::Revoked => composer.revoked(notice).await,
        NoticeKind::Escalation => composer.escalation(notice).await,
        // Those go to nobody who owns anything: see [`invitation`].
        NoticeKind::Invitation => Err(StoreError::Corrupt {
            place: "notices.kind",
        }),
    }
}

impl Composer<'_> {
    /// A plan's name and policies, looked up once.
    async fn plan(&mut self, id: &PlanId) -> Result<&(String, PlanPolicies), StoreError> {
        if !self.plans.contains_key(id) {
            let corrupt = StoreError::Corrupt { place: "plans" };
            let plan = plans::get(self.tx, id).await?.ok_or(corrupt)?;
            let corrupt = StoreError::Corrupt {
                place: "policy_versions",
            };
            let policies = policies::history(self.tx, id).await?.ok_or(corrupt)?;
            for version in policies.history.versions() {
                let by = version.changed_by.as_ref();
                if let Some(user) = by.and_then(|by| policies.user(by)) {
                    self.names.insert(user.id, user.name);
                }
            }
            self.plans.insert(id.clone(), (plan.name, policies));
        }
        self.plans
            .get(id)
            .ok_or(StoreError::Corrupt { place: "plans" })
    }

    /// What somebody is called, looked up once.
    async fn name(&mut self, id: &UserId) -> Result<String, StoreError> {
        if let Some(name) = self.names.get(id) {
            return Ok(name.clone());
        }
        let user = users::get(self.tx, id).await?;
        let name = user.map(|user| user.name).unwrap_or_default();
        self.names.insert(id.clone(), name.clone());
        Ok(name)
    }

    /// What was decided.
    fn details<T: serde::de::DeserializeOwned>(notice: &Leased) -> Result<T, StoreError> {
        Self::read(&notice.details)
    }

    fn read<T: serde::de::DeserializeOwned>(details: &str) -> Result<T, StoreError> {
        serde_json::from_str(details).map_err(|_| StoreError::Corrupt {
            place: "notices.details",
        })
    }
}
