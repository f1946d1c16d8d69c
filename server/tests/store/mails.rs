//! Hands to queue notices with, to send them into a folder, and to read what came of it.

use std::{fs, path::Path};

use lettre::Address;
use tenure_domain::wire::notices::Notice;
use tenure_server::{
    AppState,
    jobs::post::{Looked, Postman},
    mail::{Route, Setup},
    ops::{Actor, notices as ops},
    store::{
        notices::ledger::{self, Filter},
        plans::Plan,
        users::User,
    },
};

use crate::{serving::started_with, support::Database};

/// A postman who puts mails into this folder.
pub(crate) async fn postman(database: &mut Database, folder: &Path) -> Postman {
    let from: Address = "tenure@acme.example".parse().expect("an address");
    let setup = Setup {
        from: from.into(),
        route: Route::Files(folder.to_owned()),
    };
    let clock = database.clock.clone();
    let state: AppState =
        started_with(database, &clock, |settings| settings.mail = Some(setup)).await;
    database.store = state.store.clone();
    Postman::new(&state).expect("it is told of a way")
}

/// Sends all that is due; says how much was dealt with.
pub(crate) async fn deliver(postman: &mut Postman) -> usize {
    let mut dealt_with = 0;
    while postman.look().await.expect("it looks") == Looked::Worked {
        dealt_with += 1;
    }
    dealt_with
}

/// The mails in the folder, without their line ends and soft breaks.
pub(crate) fn mails(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let text = |path: &std::path::PathBuf| fs::read_to_string(path).expect("a mail");
    paths
        .iter()
        .map(text)
        .map(|text| text.replace("=\r\n", ""))
        .collect()
}

pub(crate) async fn ledger(database: &Database, plan: &Plan, filter: Filter) -> Vec<Notice> {
    let mut tx = database.read().await;
    let page = ledger::page(&mut tx, &plan.id, None, filter, 100).await;
    page.expect("read")
}

pub(crate) async fn all(database: &Database, plan: &Plan) -> Vec<Notice> {
    ledger(database, plan, Filter::default()).await
}

/// Has a notice sent again; a second time it waits already.
pub(crate) async fn again(database: &Database, plan: &Plan, by: &User, notice: &Notice) {
    let mut tx = database.write().await;
    let found = ledger::get(&mut tx, &plan.id, &notice.id).await;
    let found = found.expect("read").expect("it is the plan's");
    let (now, actor) = (database.clock.now(), Actor::user(by.id.clone()));
    for expected in [true, false] {
        let queued = ops::send_again(&mut tx, now, &actor, &plan.id, &found).await;
        assert_eq!(queued.expect("answered"), expected);
    }
    tx.commit().await.expect("committed");
}

pub(crate) async fn plan_ahead(database: &Database) -> usize {
    let planned = ops::plan::plan(&database.store, database.clock.now()).await;
    planned.expect("planned")
}

pub(crate) async fn hand_on(database: &Database) {
    let now = database.clock.now();
    while ops::announce::hand_on(&database.store, now)
        .await
        .expect("handed on")
    {}
}
