//! Who listens, and for how long: somebody's session or token, and what they are in which plans.

use std::sync::Arc;

use tenure_domain::{
    audit::Action,
    id::UserId,
    live::{self, Standing, Topic},
    scope::Scopes,
    time::Timestamp,
    token::Expiry,
    wire::session::Membership,
};

use crate::{
    auth::Credential,
    secret::SecretHash,
    state::AppState,
    store::{StoreError, memberships, news::Item, sessions},
    verifier::{Outcome, Verified},
};

/// Somebody who listens.
#[derive(Clone, Debug)]
pub(crate) struct Listener {
    /// Who, or whom a program acts for.
    pub(crate) user: UserId,
    credential: Credential,
    /// The plans that they are in; for a program its own alone.
    plans: Vec<Membership>,
    /// A program's scopes.
    scopes: Option<Arc<Scopes>>,
    /// From when on the credential is worth nothing.
    until: Expiry,
}

impl Listener {
    /// Looks at a credential as it is now: nothing when it is worth nothing any more, or when whoever has it is
    /// in no plan.
    pub(crate) async fn look(
        app: &AppState,
        credential: Credential,
    ) -> Result<Option<Self>, StoreError> {
        let found = match &credential {
            Credential::Session(hash) => Self::person(app, &credential, hash).await?,
            Credential::Token(hash) => Self::program(app, &credential, hash).await?,
        };
        Ok(found.filter(|listener| !listener.plans.is_empty()))
    }

    /// Looks again.
    pub(crate) async fn look_again(&self, app: &AppState) -> Result<Option<Self>, StoreError> {
        Self::look(app, self.credential.clone()).await
    }

    async fn person(
        app: &AppState,
        credential: &Credential,
        hash: &SecretHash,
    ) -> Result<Option<Self>, StoreError> {
        let mut tx = app.store.read().await?;
        let Some(session) = sessions::by_hash(&mut tx, hash, app.clock.now()).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            plans: memberships::of_user(&mut tx, &session.user).await?,
            user: session.user,
            credential: credential.clone(),
            scopes: None,
            until: Expiry::At(session.expires_at),
        }))
    }

    async fn program(
        app: &AppState,
        credential: &Credential,
        hash: &SecretHash,
    ) -> Result<Option<Self>, StoreError> {
        // What made somebody look may be news to the verifier.
        app.verifier.follow_changes().await?;
        let Outcome::Works(verified) = app.verifier.verify_hash(hash).await? else {
            return Ok(None);
        };
        let (user, plan) = (verified.owner_id(), verified.plan_id());
        let place = memberships::get(&mut app.store.peek().await?, &user, &plan).await?;
        let Verified { scope, expiry, .. } = verified;
        Ok(Some(Self {
            user,
            credential: credential.clone(),
            plans: place.into_iter().collect(),
            scopes: Some(scope),
            until: expiry,
        }))
    }

    /// They are in no plan from now on: what is told last is about themselves.
    pub(crate) fn forget_plans(&mut self) {
        self.plans.clear();
    }

    /// Whether the credential has outlived itself.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.until.instant().is_some_and(|end| end <= now)
    }

    /// Whether an event may have changed who listens, or whether they may.
    pub(crate) fn is_touched_by(&self, action: Action, item: &Item) -> bool {
        let topics = live::topics(action);
        let concerned = self.is_concerned_by(item);
        match self.credential {
            Credential::Session(_) => concerned && topics.contains(&Topic::Session),
            Credential::Token(_) => concerned || topics.contains(&Topic::Policy),
        }
    }

    /// What of an event is told here.
    pub(crate) fn told(&self, action: Action, item: &Item) -> Vec<Topic> {
        let plan = item.plan.as_ref();
        let place = self.plans.iter().find(|place| Some(&place.id) == plan);
        // A program hears of its own plan alone; what concerns a person in none is about the person.
        let reaches = self.scopes.is_none() || place.is_some();
        let standing = Standing {
            role: place.map(|place| place.role),
            concerned: reaches && self.is_concerned_by(item),
            scopes: self.scopes.as_deref(),
        };
        live::told(action, &standing)
    }

    fn is_concerned_by(&self, item: &Item) -> bool {
        item.owner.as_ref() == Some(&self.user)
    }
}
