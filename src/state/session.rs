//! Who is signed in, which plan they look at, and the wait for signing in again.

use futures::channel::oneshot;
use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    wire::session::{Membership, Session},
};

use crate::{api::ApiError, reactive::lasting};

/// What the console knows of whoever uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first answer is still on its way.
    Starting,
    /// The first answer was a problem.
    Failed(ApiError),
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn(Session),
}

/// The session. Cheap to copy, and found in the context of every page.
#[derive(Clone, Copy)]
pub struct SessionState(&'static Parts);

/// What it is made of.
struct Parts {
    phase: RwSignal<Phase>,
    plan: RwSignal<Option<PlanId>>,
    ended: RwSignal<bool>,
    over: StoredValue<bool>,
    waiting: StoredValue<Vec<oneshot::Sender<bool>>, LocalStorage>,
}

impl Default for SessionState {
    fn default() -> Self {
        Self::new()
    }
}

impl SessionState {
    /// Nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self(lasting(Parts {
            phase: RwSignal::new(Phase::Starting),
            plan: RwSignal::new(None),
            ended: RwSignal::new(false),
            over: StoredValue::new(false),
            waiting: StoredValue::new_local(Vec::new()),
        }))
    }

    /// What is known. Tracked.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.0.phase.get()
    }

    /// What is known at this moment.
    #[must_use]
    pub fn phase_now(self) -> Phase {
        self.0.phase.get_untracked()
    }

    /// The session, when somebody is signed in. Tracked.
    #[must_use]
    pub fn get(self) -> Option<Session> {
        match self.0.phase.get() {
            Phase::SignedIn(session) => Some(session),
            Phase::Starting | Phase::Failed(_) | Phase::SignedOut => None,
        }
    }

    /// The person's place in a plan, if they are in it. Tracked.
    #[must_use]
    pub fn membership(self, plan: &PlanId) -> Option<Membership> {
        self.get()?.plans.into_iter().find(|m| m.id == *plan)
    }

    /// The person's place in a plan at this moment.
    #[must_use]
    pub fn membership_now(self, plan: &PlanId) -> Option<Membership> {
        untrack(|| self.membership(plan))
    }

    /// Takes what the server said. Calls that waited for signing in again go on only for whom they
    /// were made.
    pub fn set(self, phase: Phase) {
        let renewed = match (&phase, self.0.phase.try_get_untracked()) {
            (Phase::SignedIn(new), Some(Phase::SignedIn(old))) => new.user.id == old.user.id,
            _ => false,
        };
        if !renewed {
            self.0.plan.try_set(None);
        }
        self.0.over.try_set_value(false);
        self.0.phase.try_set(phase);
        self.finish_wait(renewed);
    }

    /// Takes the answer to a question that was asked in the phase `asked`, unless something newer is
    /// known by now.
    pub fn answer(self, asked: &Phase, phase: Phase) {
        let asked = core::mem::discriminant(asked);
        let now = self.0.phase.try_with_untracked(core::mem::discriminant);
        if now == Some(asked) {
            self.set(phase);
        }
    }

    /// Whether somebody is signed in, at this moment.
    #[must_use]
    pub fn is_signed_in(self) -> bool {
        let phase = self.0.phase.try_get_untracked();
        matches!(phase, Some(Phase::SignedIn(_)))
    }

    /// Takes the session that another tab may have changed, where it differs from what is known.
    pub fn follow(self, found: Session) {
        let Some(Phase::SignedIn(known)) = self.0.phase.try_get_untracked() else {
            return;
        };
        if known.user != found.user || known.plans != found.plans || self.is_over() {
            self.set(Phase::SignedIn(found));
        }
    }

    /// The person signs in later: the calls that waited end with their 401, and the page stays.
    pub fn put_off(self) {
        self.finish_wait(false);
    }

    /// Whether a call was told that the session has ended, and nobody has signed in since: also true
    /// after it was put off. Nothing should be asked then that no person asks for.
    #[must_use]
    pub fn is_over(self) -> bool {
        self.0.over.try_get_value() == Some(true)
    }

    /// The plan that the Admin Center shows: the one last looked at, or else the first that the
    /// person administers, or is in. Tracked.
    #[must_use]
    pub fn plan(self) -> Option<Membership> {
        let plans = self.get()?.plans;
        let chosen = self.0.plan.get();
        let find = |wanted: &dyn Fn(&Membership) -> bool| plans.iter().find(|m| wanted(m)).cloned();
        find(&|m| Some(&m.id) == chosen.as_ref())
            .or_else(|| find(&|m| m.role.administers()))
            .or_else(|| plans.first().cloned())
    }

    /// Looks at this plan from now on.
    pub fn choose_plan(self, plan: PlanId) {
        if self.0.plan.get_untracked().as_ref() != Some(&plan) {
            self.0.plan.set(Some(plan));
        }
    }

    /// Whether the session has ended in mid-work, and somebody should sign in again. Tracked.
    #[must_use]
    pub fn has_ended(self) -> bool {
        self.0.ended.get()
    }

    /// A call was told that the session has ended. Waits until the person has signed in again (true)
    /// or has given up (false). Nobody is asked when nobody was signed in.
    pub async fn renewed(self) -> bool {
        if !self.is_signed_in() {
            return false;
        }
        let (tell, told) = oneshot::channel();
        if self
            .0
            .waiting
            .try_update_value(|all| all.push(tell))
            .is_none()
        {
            return false;
        }
        self.0.over.try_set_value(true);
        self.0.ended.try_set(true);
        told.await.unwrap_or(false)
    }

    fn finish_wait(self, renewed: bool) {
        self.0.ended.try_set(false);
        let waiting = self.0.waiting.try_update_value(core::mem::take);
        for tell in waiting.into_iter().flatten() {
            // Whoever waited may be gone with its page.
            let _ = tell.send(renewed);
        }
    }
}
