//! What the parts of the page share.

use leptos::prelude::*;
use tenure_domain::{
    plan::Role,
    wire::{invitations::Invitation, session::Membership, users::PlanUser},
};

use crate::{
    api::{self, Client},
    pages::list::List,
    state::session::SessionState,
};

/// What is about to be done about somebody.
#[derive(Clone)]
pub struct Task {
    /// Whom.
    pub user: PlanUser,
    /// What they shall be; without it, whether they are deactivated changes.
    pub role: Option<Role>,
}

/// The page's state. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The plan, and the person's place in it.
    pub plan: StoredValue<Membership>,
    /// Who is in it.
    pub people: List<PlanUser>,
    /// Who is invited into it.
    pub invited: List<Invitation>,
    /// What is about to be done.
    pub changing: RwSignal<Option<Task>>,
    /// Whether somebody is being invited.
    pub inviting: RwSignal<bool>,
    /// Who is signed in.
    pub session: SessionState,
}

impl Desk {
    /// Whether that is the person who looks at the page.
    #[must_use]
    pub fn is_own(self, user: &PlanUser) -> bool {
        self.session
            .get()
            .is_some_and(|session| session.user.id == user.id)
    }

    /// Puts somebody in place as the server says that they stand now. Where an admin comes or goes, what may be
    /// done about the others changes as well.
    pub fn put(self, user: &PlanUser) {
        let people = untrack(|| self.people.items().data());
        let mut people = people.unwrap_or_default();
        let mut admins = user.role.administers();
        for it in people.iter_mut().filter(|it| it.id == user.id) {
            admins |= it.role.administers();
            it.clone_from(user);
        }
        self.people.items().set(people);
        if admins {
            self.people.refresh();
        }
    }

    /// Whoever changed what they are themselves sees what is theirs to see from now on.
    pub fn follow(self, client: Client, user: &PlanUser) {
        if untrack(|| self.is_own(user)) {
            api::session::get(client).then(move |found| {
                if let Ok(found) = found {
                    self.session.follow(found);
                }
            });
        }
    }
}
