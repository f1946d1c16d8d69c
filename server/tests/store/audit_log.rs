//! The log of one plan as it is read: newest first, by what was done, by whom and to what.

use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use tenure_domain::{
    id::{PlanId, UserId},
    time::Timestamp,
};
use tenure_server::store::{
    self, Engine,
    audit::{self, Action, Event},
    audit_log::{self, Entry, Lead, Place, Walk},
};

use crate::support::{Database, NOW};

/// Ten events, two of an instant; every second one is Acme's, every third one Ada's.
async fn ten_events(database: &Database, ada: &UserId, acme: &PlanId) {
    let mut tx = database.write().await;
    for number in 0..10 {
        let event = Event {
            at: NOW.saturating_add(number / 2),
            plan: Some(if number % 2 == 0 {
                acme.clone()
            } else {
                PlanId("other".into())
            }),
            actor: (number % 3 == 0).then(|| ada.clone()),
            actor_address: None,
            action: if number < 5 {
                Action::TokenGenerated
            } else {
                Action::TokenRevoked
            },
            target: Some(if number == 4 {
                ada.0.clone()
            } else {
                format!("token {number}")
            }),
            details: json!({ "number": number }),
        };
        audit::append(&mut tx, &event).await.expect("logged");
    }
    tx.commit().await.expect("committed");
}

async fn numbers(database: &Database, walk: &Walk<'_>, below: Place, limit: i64) -> Vec<i64> {
    let found = walk.below(&mut database.read().await, below, limit).await;
    found.expect("read").iter().map(number).collect()
}

fn number(entry: &Entry) -> i64 {
    let details: serde_json::Value = serde_json::from_str(&entry.details).expect("JSON");
    details["number"].as_i64().unwrap_or(-1)
}

pub(crate) async fn a_plans_events_come_newest_first_and_by_what_they_have_in_common(
    database: Database,
) {
    let (plan, ada) = database.tenant().await;
    ten_events(&database, &ada.id, &plan.id).await;
    let top = Place::before(Timestamp::MAX);
    let walk = |lead| Walk {
        plan: &plan.id,
        lead,
        since: NOW,
    };
    let all = walk(Lead::Plan);
    assert_eq!(numbers(&database, &all, top, 3).await, [8, 6, 4]);
    let generated = walk(Lead::Action("token_generated"));
    assert_eq!(numbers(&database, &generated, top, 9).await[..3], [4, 2, 0]);
    let by_ada = walk(Lead::Actor(ada.id.as_str()));
    assert_eq!(numbers(&database, &by_ada, top, 9).await, [6, 0]);
    let to_ada = walk(Lead::Target(ada.id.as_str()));
    let first = to_ada
        .below(&mut database.read().await, top, 1)
        .await
        .expect("read");
    assert_eq!(first[0].target_name.as_deref(), Some("ada"));
    assert_eq!(first[0].actor_name, None);
    let before = Place::before(NOW.saturating_add(3));
    assert_eq!(numbers(&database, &all, before, 9).await[..3], [4, 2, 0]);
    let late = Walk {
        since: NOW.saturating_add(3),
        ..all
    };
    assert_eq!(numbers(&database, &late, top, 9).await, [8, 6]);
}

pub(crate) async fn a_place_in_the_log_is_found_by_its_event_and_is_the_plans_own(
    database: Database,
) {
    let (plan, ada) = database.tenant().await;
    ten_events(&database, &ada.id, &plan.id).await;
    let mut tx = database.read().await;
    let walk = Walk {
        plan: &plan.id,
        lead: Lead::Plan,
        since: NOW,
    };
    let page = walk
        .below(&mut tx, Place::before(Timestamp::MAX), 2)
        .await
        .expect("read");
    let last = &page[1];
    let hash: [u8; 32] = last.hash.clone().try_into().expect("a hash");
    let found = audit_log::place(&mut tx, &plan.id, last.place().at, &hash)
        .await
        .expect("read");
    assert_eq!(found, Some(last.place()));
    let rest = walk.below(&mut tx, last.place(), 9).await.expect("read");
    assert_eq!(
        rest.iter().map(number).take(3).collect::<Vec<_>>(),
        [4, 2, 0]
    );
    let others = PlanId("other".into());
    let found = audit_log::place(&mut tx, &others, last.place().at, &hash).await;
    assert_eq!(
        found.expect("read"),
        None,
        "another plan's events are nobody's place"
    );
}

/// No way to read the log sorts it, or looks at events of other plans.
#[tokio::test]
async fn every_walk_is_one_range_of_an_index_in_the_logs_order() {
    let database = Database::new(Engine::Sqlite).await;
    let mut connection = SqliteConnection::connect(&database.url)
        .await
        .expect("connects");
    let mut walks = 0;
    for (name, index) in [
        ("ALL", "audit_events_by_plan (plan_id=? AND at>? AND at<?)"),
        (
            "BY_TARGET",
            "audit_events_by_target (plan_id=? AND target=? AND at>? AND at<?)",
        ),
        (
            "BY_ACTOR",
            "audit_events_by_actor (plan_id=? AND actor_id=? AND at>? AND at<?)",
        ),
        (
            "BY_ACTION",
            "audit_events_by_action (plan_id=? AND action=? AND at>? AND at<?)",
        ),
        (
            "PLACE",
            "audit_events_by_plan (plan_id=? AND at=? AND seq>?)",
        ),
    ] {
        let statement = store::statements()
            .find(|it| it.name().ends_with(&format!("audit_log::{name}")))
            .expect("a statement");
        let sql = sqlx::AssertSqlSafe(format!(
            "explain query plan {}",
            statement.sql(Engine::Sqlite)
        ));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql)
            .fetch_all(&mut connection)
            .await
            .expect("explained");
        let steps: Vec<_> = rows.into_iter().map(|(.., step)| step).collect();
        let plan = steps.join("\n");
        assert!(plan.contains(index), "{name}: {index}\n{plan}");
        assert!(!plan.contains("SCAN audit_events"), "{name}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{name} sorts\n{plan}");
        walks += 1;
    }
    assert_eq!(walks, 5);
    database.finished().await;
}
