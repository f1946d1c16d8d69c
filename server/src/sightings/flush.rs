//! Writing what was seen, in one transaction beside the queue of writers: counts add up, whoever else writes
//! them at the same time.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use tenure_domain::{
    id::TokenId,
    impact::day_of,
    time::{DAY, HOUR, MINUTE, Timestamp},
    wire::auth_health::{KEPT_BY_HOUR, KEPT_BY_MINUTE},
};
use uuid::Uuid;

use super::{
    Inner, Sightings, judge, rows,
    settled::Settled,
    shards::Taken,
    subject::{Refusal, Sighting},
    variety::Variety,
};
use crate::store::{Store, StoreError, Tx, auth_counts, dead_token_calls, refusals, token_callers};

/// Callers of a token that are kept, the latest; a caller of two days is two.
const CALLERS: i64 = 200;
/// Refused calls that are kept one by one, of each plan in each minute, by each process.
const REFUSALS: u32 = 200;
/// Those of one token, so that a loud one leaves room for others; a plan's without a known token count as one.
const REFUSALS_OF_TOKEN: u32 = 50;

/// Combinations that are told apart within an hour, of each plan, by each process.
const KINDS_OF_HOUR: usize = 200;
/// The same within a UTC day.
const KINDS_OF_DAY: usize = 500;

/// Sightings that wait to be judged while the database does not answer; the oldest are left out.
const UNJUDGED: usize = 10_000;

/// How many refused calls were kept in a minute.
#[derive(Clone, Default)]
struct Refusals {
    minute: i64,
    of_plan: HashMap<Option<Uuid>, u32>,
    /// Of plans' tokens. What is no plan's has no token, and nobody whom it could leave no room.
    of_token: HashMap<(Uuid, Option<Uuid>), u32>,
}

/// What bounds the rows.
#[derive(Default)]
pub(super) struct Limits {
    pub(super) hour: Variety<HOUR, KINDS_OF_HOUR>,
    pub(super) day: Variety<DAY, KINDS_OF_DAY>,
    refusals: Refusals,
    settled: Settled,
    /// What is counted, and was not judged yet because the database did not answer.
    unjudged: Vec<Sighting>,
}

impl Sightings {
    /// Writes what was seen since the last time, and judges it then. What could not be written is seen again the next
    /// time; where only the database's word for it was lost, it then counts twice. What was written and could not be
    /// judged is judged the next time.
    ///
    /// It is done even if the caller goes away meanwhile: what was taken out of memory is nowhere else.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn flush(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let (inner, store) = (Arc::clone(&self.0), store.clone());
        let flush = tokio::spawn(async move { inner.flush(&store, now).await });
        flush.await.unwrap_or(Err(StoreError::interrupted()))
    }
}

impl Inner {
    async fn flush(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        // One flush at a time: what bounds the rows knows of all that this process wrote.
        let mut limits = self.limits.lock().await;
        let taken = self.shards.take();
        if !taken.sightings.is_empty() {
            if let Err(error) = write(store, &mut limits, &taken).await {
                self.shards.give_back(taken);
                return Err(error);
            }
            limits.keep_to_judge(taken.sightings);
        }
        let Limits {
            settled, unjudged, ..
        } = &mut *limits;
        judge::judge(store, &self.random, (settled, unjudged), now).await?;
        unjudged.clear();
        Ok(())
    }
}

async fn write(store: &Store, limits: &mut Limits, taken: &Taken) -> Result<(), StoreError> {
    let counts = rows::counts(limits, &taken.sightings);
    let mut bounded = limits.refusals.clone();
    let kept = bounded.bound(&taken.refusals);
    let mut tx = store.write_lightly().await?;
    auth_counts::add(&mut tx, &counts).await?;
    auth_counts::add_ages(&mut tx, &rows::ages(&taken.sightings)).await?;
    write_callers(&mut tx, &taken.sightings).await?;
    dead_token_calls::add(&mut tx, &rows::dead(&taken.sightings)).await?;
    refusals::insert(&mut tx, &kept).await?;
    tx.commit().await?;
    limits.refusals = bounded;
    Ok(())
}

impl Limits {
    /// While the database does not answer, the memory for what is still to be judged has an end.
    fn keep_to_judge(&mut self, seen: Vec<Sighting>) {
        self.unjudged.extend(seen);
        let too_many = self.unjudged.len().saturating_sub(UNJUDGED);
        self.unjudged.drain(..too_many);
    }
}

impl Refusals {
    /// Those that are kept, of so many.
    fn bound(&mut self, refusals: &[Refusal]) -> Vec<refusals::Refusal> {
        let kept = refusals.iter().filter(|refusal| self.has_room(refusal));
        kept.map(rows::refusal).collect()
    }

    fn has_room(
        &mut self,
        Refusal {
            request,
            at,
            subject,
            ..
        }: &Refusal,
    ) -> bool {
        let minute = at.as_millis().div_euclid(MINUTE);
        if minute != self.minute {
            *self = Self {
                minute,
                ..Self::default()
            };
        }
        let of_plan = self.of_plan.entry(subject.plan).or_default();
        let mut nobodys = 0;
        let of_token = match subject.plan {
            Some(plan) => self.of_token.entry((plan, subject.token)).or_default(),
            None => &mut nobodys,
        };
        let has_room = *of_plan < REFUSALS && *of_token < REFUSALS_OF_TOKEN;
        if has_room && !request.is_empty() {
            *of_plan += 1;
            *of_token += 1;
        }
        has_room && !request.is_empty()
    }
}

async fn write_callers(tx: &mut Tx, seen: &[Sighting]) -> Result<(), StoreError> {
    let callers = rows::callers(seen);
    let Some(earliest) = callers.iter().map(|caller| caller.first_at).min() else {
        return Ok(());
    };
    let written = token_callers::add(tx, &callers).await?;
    // Only who was not there before makes them too many.
    let grown: BTreeSet<TokenId> = written
        .into_iter()
        .filter(|(_, first_at)| *first_at >= earliest)
        .map(|(token, _)| token)
        .collect();
    for token in grown {
        token_callers::keep_latest(tx, &token, CALLERS).await?;
    }
    Ok(())
}

/// Whether no caller of a token that was created then can be forgotten yet, where so many are kept: a caller of two
/// days is two.
#[must_use]
pub fn all_callers_are_kept(created_at: Timestamp, kept: u64, now: Timestamp) -> bool {
    let reaches_back = day_of(now.saturating_add(-KEPT_BY_HOUR));
    created_at >= reaches_back && kept < CALLERS.unsigned_abs()
}

/// Forgets what was seen too long ago.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let [day_ago, long_ago] = [KEPT_BY_MINUTE, KEPT_BY_HOUR].map(|kept| now.saturating_add(-kept));
    let mut tx = store.write_aside().await?;
    auth_counts::forget(&mut tx, day_ago, long_ago).await?;
    refusals::forget(&mut tx, day_ago).await?;
    token_callers::forget(&mut tx, day_of(long_ago)).await?;
    dead_token_calls::forget(&mut tx, long_ago).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::{
        super::subject::{Subject, tests::subject},
        *,
    };

    fn refusals(calls: u32, subject: &Subject<&str>, at: i64) -> Vec<Refusal> {
        let refusal = |call| Refusal {
            request: format!("r-{call}").into(),
            at: Timestamp::from_millis(at),
            subject: subject.to_owned(),
            since: None,
        };
        (0..calls).map(refusal).collect()
    }

    #[test]
    fn callers_are_all_kept_until_they_are_too_old_or_too_many() {
        let created_at = Timestamp::from_millis(100 * DAY + HOUR);
        let last = Timestamp::from_millis(191 * DAY - 1);
        for (kept, now, all) in [
            (0, created_at, true),
            (199, last, true),
            (200, last, false),
            (1, last.saturating_add(1), false),
        ] {
            let so = all_callers_are_kept(created_at, kept, now);
            assert_eq!(so, all, "{kept} at {now}");
        }
    }

    #[tokio::test]
    async fn refused_calls_that_could_not_be_written_take_no_room() {
        let store = Store::connect("sqlite::memory:").await.expect("opens");
        store.close().await;
        let mut limits = Limits::default();
        let taken = Taken {
            sightings: Vec::new(),
            refusals: refusals(3, &subject(1, "curl"), 0),
        };
        let written = write(&store, &mut limits, &taken).await;
        assert!(written.is_err_and(|error| error.is_unavailable()));
        assert_eq!(limits.refusals.of_plan.len(), 0);
    }

    #[test]
    fn a_loud_token_leaves_room_for_the_refused_calls_of_others() {
        let mut limits = Refusals::default();
        let mut kept = |calls, subject: &Subject<&str>, at| {
            let kept = limits.bound(&refusals(calls, subject, at));
            u32::try_from(kept.len()).unwrap()
        };
        let [loud, quiet] = [1, 2].map(|token| subject(token, "curl"));
        let unknown = Subject {
            token: None,
            ..quiet.clone()
        };
        for subject in [&loud, &unknown] {
            assert_eq!(kept(1_000, subject, 0), REFUSALS_OF_TOKEN);
            assert_eq!(kept(1, subject, MINUTE - 1), 0);
        }
        assert_eq!(kept(3, &quiet, 0), 3);
        // Many loud ones have no more than the plan has.
        let more: u32 = (3..9)
            .map(|token| kept(1_000, &subject(token, ""), 0))
            .sum();
        assert_eq!(more, REFUSALS - 2 * REFUSALS_OF_TOKEN - 3);
        let nobodys = Subject {
            plan: None,
            ..unknown.clone()
        };
        assert_eq!(kept(1_000, &nobodys, 0), REFUSALS);
        assert_eq!(kept(1, &loud, MINUTE), 1, "the next minute");
    }
}
