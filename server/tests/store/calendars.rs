//! The secret addresses of calendars, and the tokens of a plan that work.

use tenure_domain::{policy::Watermarks, time::Timestamp};
use tenure_server::store::{
    StoreError,
    calendars::{self, Subscription},
    tokens::{self, Position},
};

use crate::support::{Database, NOW};

pub(crate) async fn an_address_is_found_by_its_hash_until_it_is_taken_away(database: Database) {
    let (plan, ada) = database.tenant().await;
    let own = Subscription {
        user: ada.id.clone(),
        plan: None,
    };
    let of_plan = Subscription {
        plan: Some(plan.id.clone()),
        ..own.clone()
    };
    let mut tx = database.write().await;
    for (hash, of) in [([1; 32], &own), ([2; 32], &of_plan)] {
        calendars::insert(&mut tx, &hash, of, NOW)
            .await
            .expect("made");
        assert_eq!(
            calendars::find(&mut tx, &hash)
                .await
                .expect("read")
                .as_ref(),
            Some(of)
        );
        assert_eq!(
            calendars::since(&mut tx, of).await.expect("read"),
            Some(NOW)
        );
    }
    assert_eq!(
        calendars::find(&mut tx, &[3; 32]).await.expect("read"),
        None
    );
    assert!(calendars::delete(&mut tx, &own).await.expect("gone"));
    assert!(
        !calendars::delete(&mut tx, &own)
            .await
            .expect("nothing is left")
    );
    assert_eq!(
        calendars::find(&mut tx, &[1; 32]).await.expect("read"),
        None
    );
    assert_eq!(
        calendars::find(&mut tx, &[2; 32]).await.expect("read"),
        Some(of_plan.clone())
    );
    tx.commit().await.expect("committed");
    let mut tx = database.write().await;
    let twice = calendars::insert(&mut tx, &[4; 32], &of_plan, NOW).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
}

pub(crate) async fn the_working_tokens_of_a_plan_come_oldest_first(database: Database) {
    let (plan, ada) = database.tenant().await;
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        database.advance(1_000);
        made.push(database.token(&plan.id, &ada.id, name).await.0);
    }
    database.revoke(&made[1]).await;
    let start = Position::before(Timestamp::MIN);
    let mut tx = database.read().await;
    let all = tokens::working_of_plan(&mut tx, &plan.id, Watermarks::NONE, &start, 9).await;
    let names = |found: Vec<tokens::Token>| found.into_iter().map(|it| it.name).collect::<Vec<_>>();
    assert_eq!(names(all.expect("read")), ["a", "c"]);
    let after = Position::of(&made[0]);
    let rest = tokens::working_of_plan(&mut tx, &plan.id, Watermarks::NONE, &after, 9).await;
    assert_eq!(names(rest.expect("read")), ["c"]);
    let idle = Watermarks {
        idle_before: made[2].facts.created_at.saturating_add(1),
        ..Watermarks::NONE
    };
    let none = tokens::working_of_plan(&mut tx, &plan.id, idle, &start, 9).await;
    assert_eq!(names(none.expect("read")), [""; 0]);
}
