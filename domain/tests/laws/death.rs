//! Law R7, tried as a state machine: no sequence of policy changes, clock readings, questions and
//! restarts brings a token back that somebody was told is dead, or changes how it ended.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*, sample::Index, sample::select};
use tenure_domain::{
    id::UserId,
    period::Period,
    plan::{Role, Tier},
    policy::{
        AccessLifetime, Change, FURTHEST_AHEAD, History, PolicyVersion, Request, Terms, Wanted,
        decide,
    },
    time::{DAY, HOUR, MINUTE, Timestamp},
    token::{End, Expiry, Status, TokenFacts, TokenKind, Verdict, status, verdict},
};

use crate::strategies::{
    CALENDAR_END, CALENDAR_START, TODAY, any_history, any_instant, ms, period, terms,
};

#[derive(Clone, Debug)]
enum Step {
    /// The clock is read anew, so many milliseconds later or earlier.
    Clock(i64),
    /// An admin puts a policy into force.
    Change(Terms),
    /// An admin schedules one, so many milliseconds ahead.
    Schedule(i64, Terms),
    /// An admin cancels what is scheduled.
    Cancel,
    /// Somebody asks about one of the tokens.
    Ask(Index),
    /// Somebody calls with one of the tokens.
    Use(Index),
    /// The sweeper keeps what has died.
    Sweep,
    /// The server starts anew from what it stored, and lets OAuth access tokens live so long.
    Restart(Option<Period>),
}

fn steps(clock: impl Strategy<Value = i64>) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => clock.prop_map(Step::Clock),
        2 => terms().prop_map(Step::Change),
        2 => (forwards(), terms()).prop_map(|(ahead, terms)| Step::Schedule(ahead, terms)),
        1 => Just(Step::Cancel),
        4 => any::<Index>().prop_map(Step::Ask),
        3 => any::<Index>().prop_map(Step::Use),
        1 => Just(Step::Sweep),
        1 => option::weighted(0.8, period()).prop_map(Step::Restart),
    ];
    vec(step, 1..60)
}

fn forwards() -> impl Strategy<Value = i64> {
    prop_oneof![
        1..3 * MINUTE,
        1..30 * DAY,
        1..3_000 * DAY,
        select(vec![HOUR, DAY, 3_653 * DAY]),
    ]
}

fn either_way() -> impl Strategy<Value = i64> {
    (forwards(), any::<bool>()).prop_map(|(by, back)| if back { -by } else { by })
}

/// The instants at which the tokens of a world were created: seconds to years before and after today.
fn creations() -> impl Strategy<Value = Vec<Token>> {
    let distance = prop_oneof![
        -5 * MINUTE..5 * MINUTE,
        -60 * DAY..60 * DAY,
        -4_000 * DAY..2_000 * DAY
    ];
    let token = (distance.prop_map(|by| ms(TODAY + by)), any::<bool>());
    vec(token, 1..6)
}

/// A token by its creation, and whether a client holds it.
type Token = (Timestamp, bool);

/// One plan, its tokens, and what people were told about them.
struct World {
    now: Timestamp,
    history: History,
    tokens: Vec<Token>,
    /// The latest successful use of each.
    used: BTreeMap<Token, Timestamp>,
    /// The end of every token that somebody was told is dead.
    told_dead: BTreeMap<Token, End>,
    /// The latest instant at which somebody was told that a token works.
    told_works: BTreeMap<Token, Timestamp>,
}

impl World {
    fn new(tokens: Vec<Token>) -> Self {
        let first = PolicyVersion::initial(ms(TODAY - 5_000 * DAY));
        Self {
            now: ms(TODAY),
            history: History::new(vec![first]).expect("it has a version"),
            tokens,
            used: BTreeMap::new(),
            told_dead: BTreeMap::new(),
            told_works: BTreeMap::new(),
        }
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Clock(by) => self.now = self.now.saturating_add(*by),
            Step::Change(terms) => self.change(Wanted::Now(*terms)),
            Step::Schedule(ahead, terms) => {
                let at = self.now.saturating_add((*ahead).min(FURTHEST_AHEAD));
                self.change(Wanted::From(at, *terms));
            }
            Step::Cancel => self.change(Wanted::Unscheduled),
            Step::Ask(which) => self.ask(*which.get(&self.tokens)).map(drop)?,
            Step::Use(which) => {
                // A use of a dead token is none.
                let token = *which.get(&self.tokens);
                if self.ask(token)? {
                    let used = self.used.entry(token).or_insert(self.now);
                    *used = self.now.max(*used);
                }
            }
            Step::Sweep => self.history = self.history.clone().observed_at(self.now),
            Step::Restart(lifetime) => {
                let stored = self.history.versions().cloned().collect();
                let access = AccessLifetime {
                    period: *lifetime,
                    dead_before: self.history.access_lifetime().dead_before,
                };
                let history = History::new(stored).expect("it has a version");
                let counted_to = self.history.latest_number();
                self.history = history.counted_to(counted_to).with_access_lifetime(access);
            }
        }
        Ok(())
    }

    fn facts(&self, token: Token) -> TokenFacts {
        let kind = match token.1 {
            true => TokenKind::OauthAccess,
            false => TokenKind::UserAccess,
        };
        TokenFacts {
            last_used_at: self.used.get(&token).copied(),
            ..TokenFacts::created(kind, token.0)
        }
    }

    fn change(&mut self, wanted: Wanted) {
        let request = Request {
            wanted,
            seen: self.history.seen_at(self.now),
            by: UserId("admin".to_owned()),
            role: Role::SystemAdmin,
            tier: Tier::Enterprise,
        };
        let change =
            decide(&self.history, &request, self.now).expect("an admin may, and saw this version");
        if let Some(change) = change {
            self.history = self.history.clone().changed(change);
        }
    }

    /// Says whether it works.
    fn ask(&mut self, token: Token) -> Result<bool, TestCaseError> {
        let verdict = verdict(&self.facts(token), &self.history, self.now);
        let works = matches!(verdict, Verdict::Works(_));
        match verdict {
            Verdict::Dead(end) => {
                self.history = self.history.clone().observed_at(self.now);
                let first = self.told_dead.entry(token).or_insert_with(|| end.clone());
                // What the operator says of OAuth access tokens has no versions that could be named.
                if !token.1 {
                    prop_assert_eq!(cause(first), cause(&end), "one token, two ends");
                }
            }
            Verdict::Works(expiry) => {
                prop_assert!(expiry > Expiry::At(self.now));
                self.told_works.insert(token, self.now);
            }
            Verdict::NotYet => prop_assert!(self.now < token.0),
        }
        Ok(works)
    }

    /// Whoever was told that a token is dead is told the same now, and at any clock reading.
    fn the_dead_stay_dead(&self) -> Result<(), TestCaseError> {
        for (token, end) in &self.told_dead {
            for now in [self.now, ms(CALENDAR_START), token.0, ms(CALENDAR_END)] {
                let (held, token) = (token.1, self.facts(*token));
                let Verdict::Dead(again) = verdict(&token, &self.history, now) else {
                    return Err(TestCaseError::fail(format!("it lives again at {now}")));
                };
                if !held {
                    prop_assert_eq!(cause(&again), cause(end), "asked at {}", now);
                }
                prop_assert_eq!(status(&token, &self.history, now), Status::Expired);
            }
        }
        Ok(())
    }
}

/// What must not change about an end: since when, and by which version.
fn cause(end: &End) -> (Timestamp, Option<u32>) {
    match end {
        End::ExpiredByPeriod { at, policy } | End::ExpiredByInactivity { at, policy } => {
            (*at, Some(policy.version))
        }
        End::ExpiredByLifetime { at } => (*at, None),
        End::Revoked(revocation) => (revocation.at, None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nothing_lives_again_whatever_policy_and_clock_do(
        tokens in creations(),
        steps in steps(either_way()),
    ) {
        let mut world = World::new(tokens);
        for step in &steps {
            world.take(step)?;
            world.the_dead_stay_dead()?;
        }
    }

    #[test]
    fn while_the_clock_goes_forward_an_end_lies_between_the_last_use_and_now(
        tokens in creations(),
        steps in steps(forwards()),
    ) {
        let mut world = World::new(tokens);
        for step in &steps {
            world.take(&Step::Clock(1))?;
            world.take(step)?;
            for (token, end) in &world.told_dead {
                prop_assert!(end.at() <= world.now, "it ended in the future");
                // A lifetime that the operator has shortened ended tokens before that was known.
                if let Some(worked) = world.told_works.get(token).filter(|_| !token.1) {
                    prop_assert!(*worked < end.at(), "it worked after its end");
                }
            }
        }
    }

    #[test]
    fn watermarks_never_fall_however_a_history_came_together(
        history in any_history(),
        other in any_history(),
        now in any_instant(),
    ) {
        let before = history.kept();
        prop_assert!(are_sorted(&history));
        let observed = history.clone().observed_at(now);
        prop_assert!(are_sorted(&observed) && !before.exceed(observed.kept()));
        prop_assert_eq!(observed.in_force_at(now).version, history.in_force_at(now).version);
        prop_assert_eq!(observed.watermarks_at(now), history.watermarks_at(now));

        let change = Change {
            closed: other.in_force_at(now).clone(),
            cancelled: None,
            opened: Some(PolicyVersion::initial(now)),
        };
        let changed = history.changed(change);
        prop_assert!(are_sorted(&changed) && !before.exceed(changed.kept()));
    }

    #[test]
    fn the_first_version_that_ended_a_token_is_its_killer(
        history in any_history(),
        start in any_instant(),
        now in any_instant(),
    ) {
        let by_period = history.endings_at(now).find(|(_, marks)| start < marks.dead_before);
        prop_assert_eq!(history.killer(start, now), by_period.map(|(version, _)| version));
        let idle = history.endings_at(now).find(|(_, marks)| start < marks.idle_before);
        prop_assert_eq!(history.idle_killer(start, now), idle.map(|(version, _)| version));
        let last = history.endings_at(now).last();
        prop_assert_eq!(last.map(|(_, marks)| marks), Some(history.watermarks_at(now)));
    }
}

/// Neither watermark falls from one version to the next.
fn are_sorted(history: &History) -> bool {
    let marks: Vec<_> = history.versions().map(PolicyVersion::watermarks).collect();
    marks.is_sorted_by_key(|marks| marks.dead_before)
        && marks.is_sorted_by_key(|marks| marks.idle_before)
}
