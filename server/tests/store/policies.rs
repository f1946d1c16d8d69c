//! Policy versions and watermarks, as they are kept.

use tenure_domain::{
    id::PlanId,
    period::Unit,
    policy::{History, PolicyVersion, Watermarks, decide},
    time::{DAY, Timestamp},
};
use tenure_server::store::{audit, plans, policies};

use crate::support::{Database, ask, is_conflict, period};

pub(crate) async fn a_plan_starts_with_its_policy_off(database: Database) {
    let (plan, _) = database.tenant().await;
    let mut tx = database.read().await;
    let found = policies::history(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a plan");
    let now = database.clock.now();
    assert_eq!(
        found.history.in_force_at(now),
        &PolicyVersion::initial(plan.created_at)
    );
    let wire = found.wire(now);
    assert_eq!((wire.changed_by, wire.scheduled), (None, None));
    let none = PlanId("none".into());
    assert_eq!(policies::history(&mut tx, &none).await.expect("read"), None);
}

pub(crate) async fn a_change_closes_one_version_and_opens_the_next(database: Database) {
    let (plan, ada) = database.tenant().await;
    database.advance(400 * DAY);
    database
        .policy(&plan, &ada, Some(period(13, Unit::Months)))
        .await;
    database.advance(DAY);
    database.policy(&plan, &ada, None).await;
    let mut tx = database.read().await;
    let found = policies::history(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a plan");
    let versions: Vec<_> = found.history.versions().collect();
    let numbers: Vec<_> = versions.iter().map(|version| version.version).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(versions[1].period, Some(period(13, Unit::Months)));
    let dead_before = period(13, Unit::Months).ended_before(database.clock.now());
    assert_eq!(
        versions[1].dead_before, dead_before,
        "closing keeps what died under it"
    );
    assert_eq!(versions[2].dead_before, dead_before);
    let recorded = found.recorded();
    let by = recorded.iter().map(|version| version.changed_by.as_ref());
    let by: Vec<_> = by.map(|user| user.map(|user| user.name.as_str())).collect();
    assert_eq!(by, [Some("ada"), Some("ada"), None], "newest first");
}

pub(crate) async fn a_version_is_opened_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    let initial = PolicyVersion::initial(plan.created_at);
    let asked = ask(&plan, &ada, 0, Some(period(1, Unit::Days)));
    let request = tenure_domain::policy::Request {
        wanted: asked.wanted,
        seen: asked.seen,
        by: ada.id.clone(),
        role: asked.role,
        tier: plan.tier,
    };
    let now = database.clock.now();
    let history = History::new(vec![initial]).expect("a version");
    let change = decide(&history, &request, now)
        .expect("allowed")
        .expect("a change");
    let mut tx = database.write().await;
    policies::apply(&mut tx, &plan.id, &change, (now, &ada.id), None)
        .await
        .expect("applied");
    tx.commit().await.expect("committed");
    let again = policies::apply(
        &mut database.write().await,
        &plan.id,
        &change,
        (now, &ada.id),
        None,
    )
    .await;
    assert!(is_conflict(&again), "{again:?}");
}

pub(crate) async fn a_watermark_only_rises(database: Database) {
    let (plan, _) = database.tenant().await;
    let at = |millis| {
        let version = PolicyVersion {
            dead_before: Timestamp::from_millis(millis),
            ..PolicyVersion::initial(plan.created_at)
        };
        History::new(vec![version]).expect("a version")
    };
    for (to, raised, stands) in [
        (50, true, 50),
        (49, false, 50),
        (50, false, 50),
        (51, true, 51),
    ] {
        let mut tx = database.write().await;
        let before = audit::head(&mut tx).await.expect("a head").watermarks;
        let rose = policies::observe(&mut tx, &plan.id, &at(to), database.clock.now())
            .await
            .expect("written");
        assert_eq!(rose, raised, "to {to}");
        let counted = audit::head(&mut tx).await.expect("a head").watermarks - before;
        assert_eq!(counted, i64::from(raised), "others hear of it when it rose");
        let found = policies::history(&mut tx, &plan.id)
            .await
            .expect("read")
            .expect("a plan");
        assert_eq!(found.history.kept().dead_before.as_millis(), stands);
        tx.commit().await.expect("committed");
    }
}

pub(crate) async fn recorded_expiries_only_rise(database: Database) {
    let (plan, _) = database.tenant().await;
    let mut tx = database.write().await;
    let marks = |dead, idle| Watermarks {
        dead_before: Timestamp::from_millis(dead),
        idle_before: Timestamp::from_millis(idle),
    };
    for (to, stands) in [
        (marks(50, 9), marks(50, 9)),
        (marks(49, 9), marks(50, 9)),
        (marks(50, 8), marks(50, 9)),
        (marks(51, 9), marks(51, 9)),
        (marks(51, 10), marks(51, 10)),
    ] {
        plans::record_expiries_before(&mut tx, &plan.id, to)
            .await
            .expect("written");
        let found = plans::expiries_recorded_before(&mut tx, &plan.id)
            .await
            .expect("read");
        assert_eq!(found, stands);
    }
}
