//! The scopes that plans define.

use tenure_domain::{plan::Tier, wire::scopes::Scope};
use tenure_server::store::scopes;

use crate::support::Database;

fn scope(name: &str, sentence: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        sentence: sentence.to_owned(),
        own: false,
    }
}

pub(crate) async fn a_scope_is_defined_worded_anew_and_removed(database: Database) {
    let acme = database.plan("Acme", Tier::Business).await.id;
    let basil = database.plan("Basil", Tier::Business).await.id;
    let mut tx = database.write().await;
    for (plan, name, sentence) in [
        (&acme, "orders:write", "Change your orders"),
        (&acme, "orders:read", "See your orders"),
        (&basil, "orders:read", "Another plan's words"),
        (&acme, "orders:read", "See all of your orders"),
    ] {
        scopes::put(&mut tx, plan, name, sentence)
            .await
            .expect("kept");
    }
    let read = scope("orders:read", "See all of your orders");
    let write = scope("orders:write", "Change your orders");
    let found = scopes::of_plan(&mut tx, &acme).await.expect("read");
    assert_eq!(found, [read, write.clone()], "by name");
    for was_there in [true, false] {
        let removed = scopes::delete(&mut tx, &acme, "orders:read").await;
        assert_eq!(removed.expect("removed"), was_there);
    }
    let found = scopes::of_plan(&mut tx, &acme).await.expect("read");
    assert_eq!(found, [write]);
    let found = scopes::of_plan(&mut tx, &basil).await.expect("read");
    assert_eq!(found, [scope("orders:read", "Another plan's words")]);
}
