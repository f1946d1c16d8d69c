//! What the verifier saw of the sample tokens, and what of it wanted attention.

use std::net::IpAddr;

use tenure_domain::{
    refresh::{self, Decision},
    wire::auth_health::Outcome,
};
use uuid::Uuid;

use super::{
    DemoError, Past,
    apps::NO_GRANT,
    happening::{Calls, PROGRAM},
    sample::{Allowed, Sample},
};
use crate::{
    ops::{alerts, grants},
    sightings::Arrival,
    store::{oauth_grants, oauth_refresh_tokens as refresh_tokens},
    verifier,
};

/// Where the sample API is.
const HOST: &str = "api.acme.example";

impl Past<'_> {
    /// A call that the API's proxy asks about, with a request's id of its own.
    pub(super) fn arrival(&self, caller: (IpAddr, &'static str), path: &'static str) -> Arrival {
        let request = self.random.id(self.clock.now());
        Arrival::sample(caller, (HOST, path), &request)
    }

    /// A program calls the API.
    pub(super) async fn call_api(
        &self,
        sample: &'static Sample,
        Calls { from, agent, times }: Calls,
    ) -> Result<(), DemoError> {
        let outcome = self.verifier.verify(self.secret(sample)?).await?;
        for _ in 0..times {
            let arrival = self.arrival((from, agent), sample.path);
            match &outcome {
                verifier::Outcome::Works(verified) => self.sightings.works(&arrival, verified),
                verifier::Outcome::Refused(refused) => {
                    self.sightings.refused(&arrival, refused, self.clock.now());
                }
            }
        }
        Ok(())
    }

    /// A program calls what its token may not be used for.
    pub(super) async fn lack(
        &self,
        sample: &'static Sample,
        Calls { from, agent, times }: Calls,
        scope: &'static str,
    ) -> Result<(), DemoError> {
        if let verifier::Outcome::Works(verified) =
            self.verifier.verify(self.secret(sample)?).await?
        {
            for _ in 0..times {
                let arrival = self.arrival((from, agent), sample.path);
                self.sightings.lacks(&arrival, &verified, scope);
            }
        }
        Ok(())
    }

    /// An app presents a refresh token whose grant has ended.
    pub(super) async fn fail_to_renew(
        &self,
        allowed: &Allowed,
        from: IpAddr,
    ) -> Result<(), DemoError> {
        let hash = crate::secret::hash(self.refresh_token(allowed)?);
        let mut tx = self.store.peek().await?;
        let presented = refresh_tokens::by_hash(&mut tx, &hash)
            .await?
            .ok_or(NO_GRANT)?;
        let grant = oauth_grants::get(&mut tx, &presented.grant)
            .await?
            .ok_or(NO_GRANT)?;
        let (idle, now) = (refresh::DEFAULT_IDLE, self.clock.now());
        let decision = grants::judge(&mut tx, &presented, &grant, idle, now, |_| false).await?;
        if decision != Decision::Ended {
            return Err(DemoError::Sample("a refresh token that has not ended"));
        }
        let token = Uuid::try_parse(presented.access_token.as_str()).ok();
        self.saw_refresh(allowed, from, token, Outcome::RefreshEnded)
    }

    /// What came of an app's try to renew is seen.
    pub(super) fn saw_refresh(
        &self,
        allowed: &Allowed,
        from: IpAddr,
        token: Option<Uuid>,
        outcome: Outcome,
    ) -> Result<(), DemoError> {
        let client = self.app(allowed.app)?;
        let id = |text: &str| Uuid::try_parse(text).ok();
        let client = (id(client.plan.as_str()), id(client.id.as_str()));
        let arrival = self.arrival((from, PROGRAM), "").for_refresh();
        let now = self.clock.now();
        self.sightings
            .refresh(&arrival, client, token, outcome, now);
        Ok(())
    }

    /// What was seen is written and judged, alerts are raised and taken back, and whoever is to hear of it does.
    pub(super) async fn watch(&mut self) -> Result<(), DemoError> {
        let now = self.clock.now();
        self.sightings.flush(self.store, now).await?;
        alerts::watch(self.store, self.random, now).await?;
        self.post().await
    }
}
