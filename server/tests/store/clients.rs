//! What the verifier remembers of the resource servers that ask about tokens: never what is no longer so.

use std::{sync::Arc, time::Duration};

use tenure_domain::{
    scope::Scopes,
    time::HOUR,
    wire::clients::{AuthMethod, ClientFacts},
};
use tenure_server::{
    ops::{
        Actor,
        clients::{self, NewClient},
    },
    store::{oauth_clients::Client, plans::Plan},
    verifier::Verifier,
};

use crate::{serving::serving, support::Database};

impl Database {
    async fn resource_server(&self, plan: &Plan, name: &str) -> Client {
        let new = NewClient {
            facts: ClientFacts {
                name: name.to_owned(),
                redirect_uris: Vec::new(),
                scope: Scopes::default(),
            },
            auth_method: AuthMethod::ClientSecretBasic,
            resource_server: true,
        };
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let mut tx = self.write().await;
        let made = clients::register(&mut tx, &self.random, now, actor, &plan.id, new).await;
        tx.commit().await.expect("committed");
        made.expect("a client").0
    }

    /// Gives a client another secret, beside which the old one works for an hour.
    async fn rotate_secret(&self, client: &Client) -> Client {
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let until = now.saturating_add(HOUR);
        let mut tx = self.write().await;
        let rotated =
            clients::rotate_secret(&mut tx, &self.random, now, actor, client.clone(), until).await;
        tx.commit().await.expect("committed");
        rotated.expect("rotated").0
    }

    async fn rename_client(&self, client: &Client) -> Client {
        let (now, actor) = (self.clock.now(), &Actor::OPERATOR);
        let mut facts = client.facts.clone();
        facts.name.push('2');
        let mut tx = self.write().await;
        let changed = clients::change(&mut tx, now, actor, client.clone(), facts).await;
        tx.commit().await.expect("committed");
        changed.expect("changed")
    }

    async fn delete_client(&self, client: &Client) {
        let mut tx = self.write().await;
        let deleted = clients::delete(&mut tx, self.clock.now(), &Actor::OPERATOR, client).await;
        deleted.expect("deleted");
        tx.commit().await.expect("committed");
    }
}

/// What the verifier takes for the client of this one's id.
async fn known(verifier: &Verifier, client: &Client) -> Option<Client> {
    let found = verifier.client(&client.id).await.expect("an answer");
    found.map(Arc::unwrap_or_clone)
}

/// `assert_eq!` would print the hashes of secrets.
async fn assert_known(verifier: &Verifier, client: &Client, why: &str) {
    assert!(
        known(verifier, client).await.as_ref() == Some(client),
        "{why}"
    );
}

pub(crate) async fn a_changed_client_counts_at_the_very_next_call(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, _) = database.tenant().await;
    let api = database.resource_server(&plan, "API").await;
    verifier.follow_changes().await.expect("followed");
    assert_known(&verifier, &api, "it is there").await;
    let rotated = database.rotate_secret(&api).await;
    assert_known(&verifier, &rotated, "its new secret").await;
    let changed = database.rename_client(&rotated).await;
    assert_known(&verifier, &changed, "its new name").await;
    database.delete_client(&changed).await;
    assert!(known(&verifier, &api).await.is_none(), "it is gone");
}

pub(crate) async fn a_client_that_changes_elsewhere_is_heard_of(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, _) = database.tenant().await;
    let rotated = database.resource_server(&plan, "rotated").await;
    let renamed = database.resource_server(&plan, "renamed").await;
    let deleted = database.resource_server(&plan, "deleted").await;
    let other = database.resource_server(&plan, "other").await;
    verifier.follow_changes().await.expect("followed");
    for client in [&rotated, &renamed, &deleted, &other] {
        assert_known(&verifier, client, "it is there").await;
    }

    let own = database.store.clone();
    database.store = database.another_process().await;
    let with_new_secret = database.rotate_secret(&rotated).await;
    let with_new_name = database.rename_client(&renamed).await;
    database.delete_client(&deleted).await;
    for client in [&rotated, &renamed, &deleted] {
        assert_known(&verifier, client, "nobody told this process yet").await;
    }
    verifier.follow_changes().await.expect("followed");
    assert_known(&verifier, &with_new_secret, "its new secret").await;
    assert_known(&verifier, &with_new_name, "its new name").await;
    assert!(known(&verifier, &deleted).await.is_none(), "it is gone");

    // Only what changed was forgotten: the other one needs no database.
    own.close().await;
    assert_known(&verifier, &other, "it is remembered").await;
}

pub(crate) async fn a_store_that_is_down_knows_no_client_after_a_second(mut database: Database) {
    let verifier = serving(&mut database).await;
    let (plan, _) = database.tenant().await;
    let api = database.resource_server(&plan, "API").await;
    let never_asked = database.resource_server(&plan, "never asked").await;
    verifier.follow_changes().await.expect("followed");
    assert_known(&verifier, &api, "it is there").await;
    database.store.close().await;
    database.clock.advance(Duration::from_millis(1_000));
    assert_known(&verifier, &api, "for a second the memory is trusted").await;
    database.clock.advance(Duration::from_millis(1));
    for client in [&api, &never_asked] {
        let failed = verifier.client(&client.id).await.err();
        assert!(failed.expect("nobody is let in").is_unavailable());
    }
}
