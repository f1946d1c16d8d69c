//! What the store promises of transactions, whichever engine is under it.

use std::sync::{Arc, Mutex};

use tenure_domain::{
    id::PlanId,
    plan::Tier,
    policy::{History, Watermarks},
    time::Timestamp,
};
use tenure_server::store::{
    Change, Engine, Store, StoreError, audit,
    audit_walk::{Verified, verify},
    plans::{self, Plan},
    policies, users,
};

use crate::support::{Database, run};

#[tokio::test]
async fn the_bundled_sqlite_is_new_enough() {
    // 3.51.3 mends a race in WAL that could lose a commit.
    use sqlx::Connection as _;
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:")
        .await
        .expect("opens");
    let version: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .expect("a version");
    let numbers: Vec<u32> = version
        .split('.')
        .map(|n| n.parse().expect("a number"))
        .collect();
    assert!(numbers.as_slice() >= &[3, 51, 3][..], "SQLite {version}");
}

#[tokio::test]
async fn any_other_address_is_refused_with_a_sentence() {
    let refused = Store::connect("mysql://localhost/tenure")
        .await
        .err()
        .expect("refused");
    assert!(matches!(refused, StoreError::Address));
    assert!(
        refused.to_string().contains("sqlite://data/tenure.db"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_look_at_a_missing_database_leaves_no_file_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("typo/tenure.db");
    let url = format!("sqlite://{}", file.display());
    let missing = Store::connect_existing(&url)
        .await
        .err()
        .expect("there is none");
    assert!(missing.is_unavailable(), "{missing:?}");
    assert!(!file.parent().is_some_and(std::path::Path::exists));
    Store::connect(&url)
        .await
        .expect("made, with its folder")
        .close()
        .await;
    Store::connect_existing(&url).await.expect("there it is");
}

pub(crate) async fn the_schema_can_be_brought_up_to_date_twice(database: Database) {
    database.store.migrate().await.expect("nothing to do");
    database.store.ping().await.expect("answers");
}

pub(crate) async fn a_snapshot_does_not_see_what_is_committed_meanwhile(database: Database) {
    let mut snapshot = database.read().await;
    assert_eq!(users::count(&mut snapshot).await.expect("counted"), 0);
    database.user("ada").await;
    assert_eq!(users::count(&mut snapshot).await.expect("counted"), 0);
    assert_eq!(
        users::count(&mut database.read().await)
            .await
            .expect("counted"),
        1
    );
}

/// Everything below the plan's beginning.
fn recorded(plan: &Plan) -> Watermarks {
    Watermarks {
        dead_before: plan.created_at,
        idle_before: plan.created_at,
    }
}

pub(crate) async fn without_a_commit_nothing_remains(database: Database) {
    let (plan, _) = database.tenant().await;
    let head = audit::head(&mut database.read().await)
        .await
        .expect("a head");
    let mut tx = database.write().await;
    plans::record_expiries_before(&mut tx, &plan.id, recorded(&plan))
        .await
        .expect("written");
    drop(tx);
    let mut tx = database.read().await;
    let recorded = plans::expiries_recorded_before(&mut tx, &plan.id)
        .await
        .expect("read");
    assert!(!recorded.exceed(Watermarks::NONE));
    assert_eq!(audit::head(&mut tx).await.expect("a head"), head);
}

pub(crate) async fn writers_queue(database: Database) {
    let database = Arc::new(database);
    let tasks: Vec<_> = (0..24)
        .map(|number| {
            let database = Arc::clone(&database);
            tokio::spawn(async move { database.user(&format!("user{number}")).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("a user was added");
    }
    let mut tx = database.read().await;
    assert_eq!(users::count(&mut tx).await.expect("counted"), 24);
    let end = audit::head(&mut tx).await.expect("read");
    drop(tx);
    let verified = verify(&database.store, |_, _| {}).await.expect("verified");
    assert_eq!((verified, end.seq), (Verified::Whole(end), 24));
}

pub(crate) async fn a_commit_is_told_to_the_listener(database: Database) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&heard);
    database
        .store
        .on_commit(move |changes| hearing.lock().expect("no panic").extend_from_slice(changes));
    let (plan, user) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &user.id, "t").await;
    assert_eq!(
        *heard.lock().expect("no panic"),
        [],
        "a new token changes nothing that is kept"
    );
    database.revoke(&token).await;
    let hash = tenure_server::secret::hash(&text);
    assert_eq!(*heard.lock().expect("no panic"), [Change::Token(hash)]);
    // What is not committed is not told.
    let mut tx = database.write().await;
    let history = policies::history(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a plan");
    let mut current = history.history.in_force_at(database.clock.now()).clone();
    current.dead_before = Timestamp::from_millis(1);
    let raised = History::new(vec![current]).expect("a version");
    assert!(
        policies::observe(&mut tx, &plan.id, &raised, database.clock.now())
            .await
            .expect("written")
    );
    drop(tx);
    assert_eq!(heard.lock().expect("no panic").len(), 1);
}

pub(crate) async fn a_closed_store_is_unavailable(database: Database) {
    database.store.close().await;
    let failed = database.store.read().await.err().expect("nothing is read");
    assert!(failed.is_unavailable(), "{failed:?}");
    let failed = database
        .store
        .write()
        .await
        .err()
        .expect("nothing is written");
    assert!(failed.is_unavailable(), "{failed:?}");
    assert!(database.store.ping().await.is_err());
}

pub(crate) async fn a_reader_cannot_write(database: Database) {
    let plan = database.plan("Acme", Tier::Pro).await;
    let mut tx = database.read().await;
    let written = plans::record_expiries_before(&mut tx, &plan.id, recorded(&plan)).await;
    assert!(
        matches!(written, Err(StoreError::Database(_))),
        "{written:?}"
    );
}

pub(crate) async fn readers_do_not_wait_for_the_queue_of_writers(database: Database) {
    let first = database.write().await;
    let queue: Vec<_> = (0..20)
        .map(|_| {
            let store = database.store.clone();
            tokio::spawn(async move { store.write().await.map(drop) })
        })
        .collect();
    for _ in 0..30 {
        // Each turn lets the writers come as far as they can.
        tokio::task::yield_now().await;
        assert_eq!(
            users::count(&mut database.read().await)
                .await
                .expect("read"),
            0
        );
    }
    drop(first);
    for writer in queue {
        writer.await.expect("no panic").expect("its turn came");
    }
}

pub(crate) async fn processes_bring_the_schema_up_to_date_at_once(database: Database) {
    let undone = "drop index audit_events_by_time";
    database.raw(undone).await.expect("dropped");
    let undone = "delete from _sqlx_migrations where version = 2";
    database.raw(undone).await.expect("forgotten");
    let mut processes = Vec::new();
    for _ in 0..4 {
        let store = database.another_process().await;
        processes.push(tokio::spawn(async move {
            let migrated = store.migrate().await;
            store.close().await;
            migrated
        }));
    }
    for process in processes {
        process
            .await
            .expect("no panic")
            .expect("one does, the others wait");
    }
    database.store.ping().await.expect("answers");
}

pub(crate) async fn a_nul_is_found_nowhere(database: Database) {
    let (plan, _) = database.tenant().await;
    let mut tx = database.read().await;
    let email = users::by_email(&mut tx, "ada\0@acme.example").await;
    assert!(email.expect("an answer").is_none());
    let id = PlanId(format!("{}\0", plan.id));
    assert!(plans::get(&mut tx, &id).await.expect("an answer").is_none());
    assert!(
        policies::history(&mut tx, &id)
            .await
            .expect("an answer")
            .is_none()
    );
    // The connection is none the worse for it.
    assert!(
        plans::get(&mut tx, &plan.id)
            .await
            .expect("an answer")
            .is_some()
    );
}

/// As when PostgreSQL is restarted: what is under way is told so, and the next call works.
#[tokio::test]
async fn a_connection_that_is_cut_is_unavailable_and_replaced() {
    run(Engine::Postgres, async |database: Database| {
        let mut reading = database.read().await;
        let mut writing = database.write().await;
        let others = "select pg_terminate_backend(pid) from pg_stat_activity \
                      where datname = current_database() and pid <> pg_backend_pid()";
        database.raw(others).await.expect("cut");
        let failed = users::count(&mut reading).await.expect_err("it is cut");
        assert!(failed.is_unavailable(), "{failed:?}");
        let failed = users::count(&mut writing).await.expect_err("it is cut");
        assert!(failed.is_unavailable(), "{failed:?}");
        drop((reading, writing));
        database.tenant().await;
        assert_eq!(
            users::count(&mut database.read().await)
                .await
                .expect("read"),
            1
        );
    })
    .await;
}
