//! What operators want to know how often this process wrote it: counted once it is committed.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tenure_domain::{alert::AlertKind, suspicion::Rule};

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// A rule of suspicion found something new of a token.
    Found(Rule),
    /// An alert was raised.
    Raised(AlertKind),
    /// A post to a program was tried.
    Posted(Posted),
}

/// What came of trying a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Posted {
    /// It was taken.
    Taken,
    /// It is tried again later.
    Later,
    /// It is not tried any more.
    Failed,
}

impl Posted {
    const ALL: [Self; 3] = [Self::Taken, Self::Later, Self::Failed];

    /// A stable name for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Later => "later",
            Self::Failed => "failed",
        }
    }
}

/// How often each has happened since the start.
#[derive(Default)]
pub(super) struct Tally(Mutex<BTreeMap<Happened, u64>>);

impl Tally {
    pub(super) fn add(&self, happened: &[Happened]) {
        if happened.is_empty() {
            return;
        }
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in happened {
            let count = counts.entry(*one).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// All that can happen, with how often it has.
    pub(super) fn counts(&self) -> Vec<(Happened, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = Rule::ALL.into_iter().map(Happened::Found);
        let raised = AlertKind::ALL.into_iter().map(Happened::Raised);
        let posted = Posted::ALL.into_iter().map(Happened::Posted);
        found
            .chain(raised)
            .chain(posted)
            .map(|one| (one, counts.get(&one).copied().unwrap_or_default()))
            .collect()
    }
}
