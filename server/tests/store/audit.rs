//! Somebody with the database's password tampers with the log, and the walk finds where.

use serde_json::json;
use tenure_domain::{id::UserId, time::Timestamp};
use tenure_server::store::{
    audit::{self, Action, Event},
    audit_walk::{Fault, Verified, verify},
};

use crate::support::{Database, NOW};

/// A log of nine events.
async fn nine_events(database: &Database) {
    let mut tx = database.write().await;
    for number in 1..=9 {
        let event = Event {
            at: NOW.saturating_add(number),
            plan: None,
            actor: Some(UserId("ada".into())),
            actor_address: Some("203.0.113.7".into()),
            action: Action::TokenGenerated,
            target: Some(format!("token {number}")),
            details: json!({ "number": number }),
        };
        audit::append(&mut tx, &event).await.expect("logged");
    }
    tx.commit().await.expect("committed");
}

/// What the walk finds after `sql`, which runs past the triggers that keep honest hands away.
async fn after(database: &Database, sql: &'static str) -> Verified {
    nine_events(database).await;
    let (on_update, on_delete) = match database.engine {
        tenure_server::store::Engine::Sqlite => (
            "drop trigger audit_events_no_update",
            "drop trigger audit_events_no_delete",
        ),
        tenure_server::store::Engine::Postgres => (
            "drop trigger audit_events_no_update on audit_events",
            "drop trigger audit_events_no_delete on audit_events",
        ),
    };
    for sql in [on_update, on_delete, sql] {
        database.raw(sql).await.expect("tampered");
    }
    verified(database).await
}

async fn verified(database: &Database) -> Verified {
    verify(&database.store, |_, _| {}).await.expect("verified")
}

const fn broken(seq: i64, fault: Fault) -> Verified {
    Verified::Broken { seq, fault }
}

pub(crate) async fn an_untouched_log_is_whole(database: Database) {
    let end = audit::head(&mut database.read().await).await.expect("read");
    assert_eq!(end.seq, 0);
    assert_eq!(verified(&database).await, Verified::Whole(end));
    assert_eq!(
        audit::newest(&mut database.read().await)
            .await
            .expect("read"),
        None
    );
    nine_events(&database).await;
    let mut tx = database.read().await;
    let end = audit::head(&mut tx).await.expect("read");
    assert_eq!(
        (verified(&database).await, end.seq),
        (Verified::Whole(end), 9)
    );
    assert_eq!(
        audit::newest(&mut tx).await.expect("read"),
        Some(NOW.saturating_add(9))
    );
    let news = audit::since(&mut tx, 6, 2).await.expect("read");
    let targets: Vec<_> = news
        .iter()
        .filter_map(|event| event.target.as_deref())
        .collect();
    assert_eq!(targets, ["token 7", "token 8"]);
    assert_eq!(Timestamp::from_millis(news[0].at), NOW.saturating_add(7));
}

pub(crate) async fn the_log_is_append_only(database: Database) {
    nine_events(&database).await;
    for sql in [
        "update audit_events set at = 0 where seq = 5",
        "delete from audit_events",
    ] {
        let refused = database.raw(sql).await.expect_err("refused").to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

pub(crate) async fn a_changed_event_is_found(database: Database) {
    let found = after(
        &database,
        "update audit_events set actor_id = 'eve' where seq = 5",
    )
    .await;
    assert_eq!(found, broken(5, Fault::Altered));
}

pub(crate) async fn a_removed_event_is_found(database: Database) {
    let found = after(&database, "delete from audit_events where seq = 5").await;
    assert_eq!(found, broken(5, Fault::Missing));
}

pub(crate) async fn an_inserted_event_is_found(database: Database) {
    // Room is made by moving the later events up by one, as a careful hand would.
    let sql = "update audit_events set seq = seq + 100 where seq > 5; \
               update audit_events set seq = seq - 99 where seq > 100; \
               insert into audit_events (seq, at, action, details, prev_hash, hash) \
               select 6, at, 'signed_in', '{}', hash, hash from audit_events where seq = 5";
    assert_eq!(after(&database, sql).await, broken(6, Fault::Altered));
}

pub(crate) async fn swapped_events_are_found(database: Database) {
    let sql = "update audit_events set seq = 100 where seq = 4; \
               update audit_events set seq = 4 where seq = 5; \
               update audit_events set seq = 5 where seq = 100";
    assert_eq!(after(&database, sql).await, broken(4, Fault::Unchained));
}

pub(crate) async fn a_log_that_was_cut_short_is_found(database: Database) {
    let found = after(&database, "delete from audit_events where seq > 6").await;
    assert_eq!(found, broken(7, Fault::Missing));
}

pub(crate) async fn an_event_beyond_the_end_is_found(database: Database) {
    let found = after(&database, "update audit_head set seq = 6").await;
    assert_eq!(found, broken(7, Fault::BeyondTheEnd));
}
