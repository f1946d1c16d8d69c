//! Deciding that somebody is to hear of something, in the transaction that decides the thing itself (R16).
//!
//! Here: what is told at once, and how notices of a day are collected. [`announce`] hands changes of a policy
//! on to owners, [`plan`] tells them ahead, [`expired`] afterwards, [`failure`] tells System Admins whom
//! no mail reaches, and [`alert`] what wants their attention. Deliberately not here: what a mail says (`mail::compose`) and sending it (`jobs::post`).

pub mod alert;
pub mod announce;
pub mod expired;
pub mod failure;
pub mod plan;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tenure_domain::{
    id::{NoticeId, PlanId, UserId},
    locale::Locale,
    notice::NoticeKind,
    time::Timestamp,
    wire::notices::Notice,
};

use super::Actor;
use crate::{
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        notices::{self, Addressee, NewNotice, outbox},
        users::User,
    },
    zone::Zone,
};

/// Days ahead on which a collecting notice is looked for before another one is made.
const DAYS_AHEAD: usize = 3;

/// What somebody else ended, and why: what a notice of it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// In which plan.
    pub plan: PlanId,
    /// In which capacity: a [`RevocationReason`](tenure_domain::token::RevocationReason)'s name.
    pub reason: String,
    /// Who.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// The apps that can no longer act.
    pub apps: Vec<String>,
    /// How many user access tokens.
    pub tokens: i64,
}

/// Has an owner hear of what somebody else ended, once for this key.
///
/// # Errors
/// When the database does not answer.
pub async fn ended(
    tx: &mut Tx,
    owner: &UserId,
    key: &str,
    ended: &Ended,
) -> Result<(), StoreError> {
    // Nobody is told of what they did themselves.
    if ended.by.as_ref() == Some(owner) {
        return Ok(());
    }
    let id = id(ended.at, key);
    let details = json!(ended).to_string();
    let new = NewNotice {
        id: id.clone(),
        to: &Addressee::Owner(owner.clone()),
        kind: NoticeKind::Revoked,
        key,
        details: &details,
        created_at: ended.at,
        due_at: ended.at,
    };
    if notices::insert(tx, &new).await? {
        let things = i64::try_from(ended.apps.len()).unwrap_or(i64::MAX);
        let things = things.saturating_add(ended.tokens);
        notices::add_tokens(tx, &id, &ended.plan, things).await?;
    }
    Ok(())
}

/// Queues a notice again that was sent or failed; says whether it was either.
///
/// # Errors
/// When the database does not answer.
pub async fn send_again(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    notice: &Notice,
) -> Result<bool, StoreError> {
    if !outbox::send_again(tx, &notice.id, now).await? {
        return Ok(false);
    }
    let event = Event {
        at: now,
        plan: Some(plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action: Action::NoticeSentAgain,
        target: Some(notice.id.0.clone()),
        details: json!({
            "owner": notice.owner.id,
            "kind": notice.kind,
            "was": notice.state,
        }),
    };
    audit::append(tx, &event).await?;
    Ok(true)
}

/// The zone of somebody's mails; UTC while nobody has chosen one.
#[must_use]
pub fn zone_of(user: &User) -> Zone {
    let name = user.locale.as_ref().map(|locale| locale.time_zone.as_str());
    name.and_then(Zone::named).unwrap_or_else(Zone::utc)
}

/// The language and the zone that somebody's mails are in.
#[must_use]
pub fn locale_of(user: &User) -> Locale {
    let language = user.locale.as_ref().map(|locale| locale.language);
    Locale {
        language: language.unwrap_or_default(),
        time_zone: zone_of(user).name().to_owned(),
    }
}

/// The notice of this kind that collects what this owner is to hear today; where today's is on its way,
/// tomorrow's. So a thousand things of a day are one mail, and the next day's another.
async fn collecting(
    tx: &mut Tx,
    owner: &User,
    kind: NoticeKind,
    now: Timestamp,
) -> Result<NoticeId, StoreError> {
    let zone = zone_of(owner);
    let mut due_at = now;
    for _ in 0..DAYS_AHEAD {
        let day = zone.day(due_at);
        let key = key(kind, owner, &day.date);
        if let Some(id) = begin(tx, (owner, kind), &key, now, due_at).await? {
            return Ok(id);
        }
        due_at = day.ends;
    }
    // Not even a clock that jumps comes here twice in a millisecond.
    let key = key(kind, owner, &now.to_string());
    let id = begin(tx, (owner, kind), &key, now, now).await?;
    id.ok_or(StoreError::Conflict)
}

/// A notice of this key that more can be told in: a new one, or the one that nobody has begun to send.
async fn begin(
    tx: &mut Tx,
    (owner, kind): (&User, NoticeKind),
    key: &str,
    now: Timestamp,
    due_at: Timestamp,
) -> Result<Option<NoticeId>, StoreError> {
    let id = id(now, key);
    let new = NewNotice {
        id: id.clone(),
        to: &Addressee::Owner(owner.id.clone()),
        kind,
        key,
        details: "{}",
        created_at: now,
        due_at,
    };
    if notices::insert(tx, &new).await? {
        return Ok(Some(id));
    }
    notices::open(tx, key).await
}

fn key(kind: NoticeKind, owner: &User, date: &str) -> String {
    format!("{}:{}:{date}", kind.as_str(), owner.id)
}

/// The id of what is told once: a UUID of version 7 (RFC 9562, section 5.7) whose random part is the key's
/// hash. Whoever decides the same again makes the same id, and no randomness is needed where a
/// transaction decides.
pub(super) fn id(now: Timestamp, key: &str) -> NoticeId {
    let millis = u64::try_from(now.as_millis()).unwrap_or_default();
    let hash = Sha256::digest(key.as_bytes());
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(hash.iter())
        .for_each(|(to, from)| *to = *from);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    NoticeId(uuid.to_string())
}
