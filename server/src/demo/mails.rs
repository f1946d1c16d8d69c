//! What the sample people were told by mail, and whom no mail reached.

use tenure_domain::{
    locale::{Language, Locale},
    plan::Role,
    time::MINUTE,
};

use super::{
    DemoError, Past,
    sample::{Invited, PlanName, UNREACHED},
};
use crate::{
    ops::{
        Actor, effects,
        invitations::{self, Invited as Invite},
        notices,
    },
    store::{
        self, Tx, invitations as kept,
        notices::{
            Addressee,
            outbox::{self, Leased},
        },
    },
    zone::Zone,
};

/// Who sends the sample mails.
const POSTMAN: &str = "sample";

impl Past<'_> {
    /// Somebody is invited into Acme.
    pub(super) async fn invite(&mut self, invited: &Invited) -> Result<(), DemoError> {
        let (plan, by) = (
            self.plan(PlanName::Acme)?.0.clone(),
            self.user(invited.by)?.clone(),
        );
        let actor = Actor::user(by.clone());
        let invite = Invite {
            email: invited.email,
            name: Some(invited.name),
            role: Role::Member,
        };
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        invitations::invite(&mut tx, self.random, now, (&actor, &by), &plan, invite).await?;
        Ok(tx.commit().await?)
    }

    /// Expiries are recorded, and owners hear of those, of changes, and of what comes soon: as by the jobs.
    pub(super) async fn tell(&mut self) -> Result<(), DemoError> {
        self.sweep().await?;
        let (store, now) = (self.store, self.clock.now());
        self.sightings.flush(store, now).await?;
        while notices::announce::hand_on(store, now).await? {}
        for (plan, _) in self.plans.values() {
            effects::record(store, plan, now).await?;
            while notices::expired::tell(store, plan, now).await? {}
        }
        notices::plan::plan(store, now).await?;
        self.post().await
    }

    /// Every mail that is due leaves, and the mail server takes it or does not.
    pub(super) async fn post(&mut self) -> Result<(), DemoError> {
        let now = self.clock.now();
        let locale = Locale {
            language: Language::default(),
            time_zone: Zone::utc().name().to_owned(),
        };
        let mut tx = self.store.write_aside().await?;
        let until = now.saturating_add(MINUTE);
        while let Some(notice) = outbox::lease(&mut tx, POSTMAN, now, until).await? {
            if let Some(reason) = self.refusal(&mut tx, &notice).await? {
                notices::failure::fail(&mut tx, &notice, POSTMAN, reason, now).await?;
                continue;
            }
            if let Addressee::Invited(id) = &notice.to
                && let Some(invitation) = kept::get(&mut tx, id).await?
            {
                invitations::link(&mut tx, self.random, now, &invitation).await?;
            }
            outbox::sent(&mut tx, (&notice.id, POSTMAN), now, &locale).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Why the mail server does not take a mail, if it does not.
    async fn refusal(
        &self,
        tx: &mut Tx,
        notice: &Leased,
    ) -> Result<Option<&'static str>, DemoError> {
        let to = match &notice.to {
            Addressee::Owner(user) => store::users::get(tx, user).await?.map(|user| user.email),
            Addressee::Invited(id) => kept::get(tx, id).await?.map(|invited| invited.email),
        };
        let ago = self.until.millis_since(self.clock.now());
        let refused = UNREACHED
            .into_iter()
            .find(|(email, since, _)| Some(*email) == to.as_deref() && ago <= *since);
        Ok(refused.map(|(_, _, reason)| reason))
    }
}
