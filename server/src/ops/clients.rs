//! Registering, changing and deleting OAuth clients.

use std::collections::BTreeSet;

use serde_json::json;
use tenure_domain::{
    id::{ClientId, PlanId},
    time::Timestamp,
    token::RevocationReason,
    wire::clients::{AuthMethod, ClientFacts},
};

use super::{
    Actor, grants,
    notices::{self, Ended},
};
use crate::{
    random::Random,
    secret::Secret,
    store::{
        StoreError, Tx,
        audit::{self, Action, Event},
        oauth_clients::{self, Client},
        oauth_grants::{self, Ending},
    },
};

/// What is to be registered, checked.
pub struct NewClient {
    /// Its name, its addresses, and the most that it may ask for.
    pub facts: ClientFacts,
    /// How it will say who it is.
    pub auth_method: AuthMethod,
    /// Whether it only asks about tokens.
    pub resource_server: bool,
}

/// Registers a client. The secret is for its developer, once; only its hash is kept.
///
/// # Errors
/// When the database does not answer.
pub async fn register(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    plan: &PlanId,
    new: NewClient,
) -> Result<(Client, Option<Secret>), StoreError> {
    let secret = new
        .auth_method
        .is_confidential()
        .then(|| Secret::opaque(random));
    let client = Client {
        id: ClientId(random.id(now)),
        plan: plan.clone(),
        facts: new.facts,
        auth_method: new.auth_method,
        secret_hash: secret.as_ref().map(Secret::hash),
        old_secret: None,
        resource_server: new.resource_server,
        created_at: now,
        created_by: actor.user.clone(),
    };
    oauth_clients::insert(tx, &client).await?;
    audit::append(tx, &event(now, actor, Action::ClientRegistered, &client)).await?;
    Ok((client, secret))
}

/// Changes a client's name, addresses and scopes. Tokens that it holds keep what they have.
///
/// # Errors
/// When the database does not answer.
pub async fn change(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    client: Client,
    facts: ClientFacts,
) -> Result<Client, StoreError> {
    let client = Client { facts, ..client };
    oauth_clients::update(tx, &client.id, &client.facts).await?;
    audit::append(tx, &event(now, actor, Action::ClientChanged, &client)).await?;
    Ok(client)
}

/// Gives a client another secret; the old one works until `old_until`.
///
/// # Errors
/// When the database does not answer.
pub async fn rotate_secret(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    actor: &Actor,
    client: Client,
    old_until: Timestamp,
) -> Result<(Client, Secret), StoreError> {
    let secret = Secret::opaque(random);
    let old = client.secret_hash.filter(|_| old_until > now);
    let client = Client {
        secret_hash: Some(secret.hash()),
        old_secret: old.map(|old| (old, old_until)),
        ..client
    };
    oauth_clients::set_secret(tx, &client.id, &secret.hash(), client.old_secret).await?;
    let mut event = event(now, actor, Action::ClientSecretRotated, &client);
    event.details["old_works_until"] = json!(client.old_secret.map(|(_, until)| until));
    audit::append(tx, &event).await?;
    Ok((client, secret))
}

/// Deletes a client and ends everything that it holds. Says how many grants ended.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    client: &Client,
) -> Result<usize, StoreError> {
    oauth_clients::delete(tx, &client.id, now).await?;
    let grants = oauth_grants::live_of_client(tx, &client.id).await?;
    let owners: BTreeSet<_> = grants.iter().map(|grant| &grant.user).collect();
    for owner in owners {
        let ended = Ended {
            plan: client.plan.clone(),
            reason: RevocationReason::Client.as_str().to_owned(),
            by: actor.user.clone(),
            at: now,
            apps: vec![client.facts.name.clone()],
            tokens: 0,
        };
        let key = format!("client:{}:{owner}", client.id);
        notices::ended(tx, owner, &key, &ended).await?;
    }
    for grant in &grants {
        let ending = Ending::Revoked(RevocationReason::Client);
        grants::end(tx, now, actor, grant, ending).await?;
    }
    let mut event = event(now, actor, Action::ClientDeleted, client);
    event.details["grants_ended"] = grants.len().into();
    audit::append(tx, &event).await?;
    Ok(grants.len())
}

fn event(now: Timestamp, actor: &Actor, action: Action, client: &Client) -> Event {
    Event {
        at: now,
        plan: Some(client.plan.clone()),
        actor: actor.user.clone(),
        actor_address: actor.address.clone(),
        action,
        target: Some(client.id.0.clone()),
        details: json!({
            "name": client.facts.name,
            "redirect_uris": client.facts.redirect_uris,
            "scope": client.facts.scope,
            "auth_method": client.auth_method.as_str(),
            "resource_server": client.resource_server,
        }),
    }
}
