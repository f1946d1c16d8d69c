//! What the sample apps did: each got its tokens as an app does, and renewed them.

use std::net::IpAddr;

use tenure_domain::{
    scope::Scopes,
    wire::{auth_health::Outcome, clients::ClientFacts},
};
use uuid::Uuid;

use super::{
    DemoError, Past,
    happening::PROGRAM,
    sample::{self, Allowed, App, PlanName},
};
use crate::{
    ops::{
        Actor,
        clients::{self, NewClient},
        grants::{self, Mint, Pair},
        members,
    },
    store::{oauth_clients::Client, oauth_grants, oauth_refresh_tokens as refresh_tokens, scopes},
    verifier,
};

/// What an app holds, as its own memory has it.
pub(super) struct Held {
    access: String,
    refresh: String,
}

const NO_APP: DemoError = DemoError::Sample("an app that was never registered");
pub(super) const NO_GRANT: DemoError = DemoError::Sample("an app that holds nothing");

fn scope(text: &str) -> Result<Scopes, DemoError> {
    Scopes::parse(text).map_err(|_| DemoError::Sample("a scope without a scope's name"))
}

impl Past<'_> {
    /// Defines the plan's scopes and registers its apps.
    pub(super) async fn settle_apps(&mut self) -> Result<(), DemoError> {
        let plan = self.plan(PlanName::Acme)?.0.clone();
        let mut tx = self.store.write().await?;
        for (name, sentence) in sample::SCOPES {
            scopes::put(&mut tx, &plan, name, sentence).await?;
        }
        for app in sample::APPS {
            let new = NewClient {
                facts: ClientFacts {
                    name: app.name.to_owned(),
                    redirect_uris: app.redirect_uri.into_iter().map(str::to_owned).collect(),
                    scope: scope(app.scope)?,
                },
                auth_method: app.method,
                resource_server: app.redirect_uri.is_none(),
            };
            let actor = Actor::user(self.user("admin@acme.example")?.clone());
            let now = self.clock.now();
            let registered = clients::register(&mut tx, self.random, now, &actor, &plan, new);
            let (client, _) = registered.await?;
            self.apps.insert(app.name, client);
        }
        Ok(tx.commit().await?)
    }

    /// Somebody allows an app something, and it fetches its first pair.
    pub(super) async fn allow(&mut self, allowed: &Allowed) -> Result<(), DemoError> {
        let (client, user) = (self.app(allowed.app)?, self.user(allowed.by)?.clone());
        let now = self.clock.now();
        let grant = grants::new_grant(self.random, now, client, &user, scope(allowed.scope)?);
        let mut tx = self.store.write().await?;
        oauth_grants::insert(&mut tx, &grant).await?;
        let pair = self.mint().begin(&mut tx, &grant).await?;
        tx.commit().await?;
        self.keep(allowed, pair);
        Ok(())
    }

    /// The app exchanges its refresh token for the next pair.
    pub(super) async fn renew(&mut self, allowed: &Allowed, from: IpAddr) -> Result<(), DemoError> {
        let held = self.held(allowed)?;
        let hash = crate::secret::hash(&held.refresh);
        let mut tx = self.store.write().await?;
        let old = refresh_tokens::by_hash(&mut tx, &hash)
            .await?
            .ok_or(NO_GRANT)?;
        let grant = oauth_grants::get(&mut tx, &old.grant)
            .await?
            .ok_or(NO_GRANT)?;
        let pair = self
            .mint()
            .renew(&mut tx, &grant, &old, &grant.scope)
            .await?;
        tx.commit().await?;
        let token = Uuid::try_parse(old.access_token.as_str()).ok();
        self.saw_refresh(allowed, from, token, Outcome::Refreshed)?;
        self.keep(allowed, pair);
        Ok(())
    }

    /// The app calls an API.
    pub(super) async fn call(&mut self, allowed: &Allowed, from: IpAddr) -> Result<(), DemoError> {
        let held = self.held(allowed)?;
        if let verifier::Outcome::Works(verified) = self.verifier.verify(&held.access).await? {
            self.verifier.record_use(&verified, Some(from)).await?;
            let arrival = self.arrival((from, PROGRAM), "/orders");
            self.sightings.works(&arrival, &verified);
        }
        Ok(self.verifier.flush_uses().await?)
    }

    /// A copy of an old refresh token turns up, which ends everything of that consent.
    pub(super) async fn replay(&mut self, allowed: &Allowed) -> Result<(), DemoError> {
        let hash = crate::secret::hash(&self.held(allowed)?.refresh);
        let mut tx = self.store.write().await?;
        let token = refresh_tokens::by_hash(&mut tx, &hash)
            .await?
            .ok_or(NO_GRANT)?;
        let grant = oauth_grants::get(&mut tx, &token.grant)
            .await?
            .ok_or(NO_GRANT)?;
        self.mint().replay(&mut tx, &grant, &token).await?;
        Ok(tx.commit().await?)
    }

    /// Somebody leaves the company.
    pub(super) async fn deactivate(&mut self, who: &str, by: &str) -> Result<(), DemoError> {
        let plan = self.plan(PlanName::Acme)?.0.clone();
        let (who, actor) = (self.user(who)?.clone(), Actor::user(self.user(by)?.clone()));
        let mut tx = self.store.write().await?;
        members::deactivate(&mut tx, self.clock.now(), &actor, &plan, &who).await?;
        Ok(tx.commit().await?)
    }

    fn mint(&self) -> Mint<'_> {
        Mint {
            random: self.random,
            now: self.clock.now(),
            actor: &Actor::OPERATOR,
        }
    }

    fn keep(&mut self, allowed: &Allowed, pair: Pair) {
        let held = Held {
            access: pair.access.reveal(),
            refresh: pair.refresh.reveal(),
        };
        self.held.insert((allowed.app.name, allowed.by), held);
    }

    pub(super) fn app(&self, app: &App) -> Result<&Client, DemoError> {
        self.apps.get(app.name).ok_or(NO_APP)
    }

    /// The refresh token that the app holds.
    pub(super) fn refresh_token(&self, allowed: &Allowed) -> Result<&str, DemoError> {
        Ok(&self.held(allowed)?.refresh)
    }

    fn held(&self, allowed: &Allowed) -> Result<&Held, DemoError> {
        self.held
            .get(&(allowed.app.name, allowed.by))
            .ok_or(NO_GRANT)
    }
}
