//! What a change of the policy writes, when it is refused, and which version ends what (R1, R7, R8).

use tenure_domain::{
    id::UserId,
    period::Period,
    plan::{Role, Tier},
    policy::{Advice, Change, History, PolicyVersion, Refusal, Request, Terms, Wanted, decide},
    problem::Kind,
    time::{DAY, Timestamp},
};

use super::time::at;

fn days(amount: i64) -> Option<Period> {
    Some(Period::new(amount, tenure_domain::period::Unit::Days).expect("it is within bounds"))
}

fn anna() -> UserId {
    UserId("anna".to_owned())
}

/// Version 4 of a policy: 90 days, in force since February.
fn ninety_days() -> PolicyVersion {
    PolicyVersion {
        version: 4,
        period: days(90),
        inactivity: None,
        in_force_since: at("2026-02-01T00:00:00Z"),
        decided_at: at("2026-02-01T00:00:00Z"),
        changed_by: None,
        dead_before: at("2025-11-03T00:00:00Z"),
        idle_before: Timestamp::MIN,
    }
}

fn only(version: PolicyVersion) -> History {
    History::new(vec![version]).expect("it has a version")
}

/// A wish for this period at once, and no other rule.
fn now_period(period: Option<Period>) -> Wanted {
    Wanted::Now(Terms::of_period(period))
}

/// Anna, who may, saw version 4 and wants 30 days.
fn request() -> Request {
    Request {
        wanted: now_period(days(30)),
        seen: 4.into(),
        by: anna(),
        role: Role::SystemAdmin,
        tier: Tier::Business,
    }
}

#[test]
fn a_change_closes_one_version_and_opens_the_next() {
    let now = at("2026-06-01T00:00:00Z");
    let dead = at("2026-06-01T00:00:00.001Z").saturating_add(-90 * DAY);
    let expected = Change {
        closed: PolicyVersion {
            dead_before: dead,
            ..ninety_days()
        },
        cancelled: None,
        opened: Some(PolicyVersion {
            version: 5,
            period: days(30),
            inactivity: None,
            in_force_since: now,
            decided_at: now,
            changed_by: Some(anna()),
            dead_before: dead,
            idle_before: Timestamp::MIN,
        }),
    };
    let decided = decide(&only(ninety_days()), &request(), now);
    assert_eq!(decided, Ok(Some(expected)));
}

#[test]
fn a_request_is_refused_with_its_reason_before_anything_is_written() {
    let role = |role| Request { role, ..request() };
    let tier = |tier| Request { tier, ..request() };
    let seen = |seen: u32| Request {
        seen: seen.into(),
        ..request()
    };
    let table = [
        (role(Role::Member), Refusal::Forbidden(Kind::RoleRequired)),
        (tier(Tier::Pro), Refusal::Forbidden(Kind::PlanTierRequired)),
        (seen(3), Refusal::Stale),
        (seen(5), Refusal::Stale),
        (seen(0), Refusal::Stale),
        (
            Request {
                role: Role::Member,
                ..seen(3)
            },
            Refusal::Forbidden(Kind::RoleRequired),
        ),
        (
            Request {
                wanted: now_period(days(90)),
                ..seen(3)
            },
            Refusal::Stale,
        ),
    ];
    for (request, refusal) in table {
        assert_eq!(
            decide(&only(ninety_days()), &request, at("2026-06-01T00:00:00Z")),
            Err(refusal)
        );
    }
}

#[test]
fn asking_for_what_is_in_force_changes_nothing() {
    let now = at("2026-06-01T00:00:00Z");
    let same = Request {
        wanted: now_period(days(90)),
        ..request()
    };
    assert_eq!(decide(&only(ninety_days()), &same, now), Ok(None));

    let first = PolicyVersion::initial(now);
    let off = Request {
        wanted: now_period(None),
        seen: 0.into(),
        ..request()
    };
    assert_eq!(decide(&only(first), &off, now), Ok(None));
}

#[test]
fn the_same_length_in_another_unit_is_a_change() {
    let hours = Period::new(90 * 24, tenure_domain::period::Unit::Hours).ok();
    let request = Request {
        wanted: now_period(hours),
        ..request()
    };
    let change = decide(&only(ninety_days()), &request, at("2026-06-01T00:00:00Z"));
    assert!(matches!(change, Ok(Some(_))));
}

#[test]
fn where_the_clock_stepped_back_versions_do_not_overlap_and_nothing_revives() {
    let before_it_came_into_force = at("2025-06-01T00:00:00Z");
    let change = decide(&only(ninety_days()), &request(), before_it_came_into_force)
        .expect("it is allowed")
        .expect("it is a change");
    let opened = change.opened.expect("a new version");
    assert_eq!(opened.in_force_since, ninety_days().in_force_since);
    assert_eq!(change.closed, ninety_days(), "its watermark does not fall");
    assert_eq!(opened.dead_before, ninety_days().dead_before);
}

#[test]
fn the_last_version_that_can_be_counted_stays() {
    let last = PolicyVersion {
        version: u32::MAX,
        ..ninety_days()
    };
    let request = Request {
        seen: u32::MAX.into(),
        ..request()
    };
    let now = at("2026-06-01T00:00:00Z");
    assert_eq!(decide(&only(last), &request, now), Err(Refusal::Exhausted));
}

#[test]
fn a_plan_begins_with_a_policy_that_ends_nothing() {
    let first = PolicyVersion::initial(at("2026-01-01T00:00:00Z"));
    assert_eq!(
        (first.version, first.period, first.changed_by.clone()),
        (0, None, None)
    );
    assert_eq!(first.dead_before_at(Timestamp::MAX), Timestamp::MIN);
    assert_eq!(
        History::new(Vec::new()),
        None,
        "but a history without any version is none"
    );
}

/// Off since January; 30 days from June; 365 days from July; off again from August.
fn four_versions() -> History {
    let mut history = History::new(vec![PolicyVersion::initial(at("2026-01-01T00:00:00Z"))])
        .expect("it has a version");
    let changes = [
        (days(30), "2026-06-01T00:00:00Z"),
        (days(365), "2026-07-01T00:00:00Z"),
        (None, "2026-08-01T00:00:00Z"),
    ];
    for (period, now) in changes {
        let request = Request {
            wanted: now_period(period),
            seen: history.seen_at(at(now)),
            ..request()
        };
        let change = decide(&history, &request, at(now)).expect("it is allowed");
        history = history.changed(change.expect("it is a change"));
    }
    history
}

#[test]
fn the_first_version_that_ended_a_token_is_the_one_that_is_named() {
    let table = [
        // (created, killed by)
        ("2025-01-01T00:00:00Z", Some(1)),
        ("2026-05-01T00:00:00Z", Some(1)),
        ("2026-06-01T00:00:00.000Z", Some(1)),
        ("2026-06-01T00:00:00.001Z", None),
        ("2026-07-15T00:00:00Z", None),
    ];
    for (created, version) in table {
        let history = four_versions();
        let killer = history.killer(at(created), at("2027-12-01T00:00:00Z"));
        assert_eq!(killer.map(|version| version.version), version, "{created}");
    }
}

#[test]
fn a_later_version_ends_what_the_earlier_ones_left() {
    let now = at("2026-09-01T00:00:00Z");
    let request = Request {
        wanted: now_period(days(10)),
        seen: 3.into(),
        ..request()
    };
    let history = four_versions();
    let change = decide(&history, &request, now).expect("it is allowed");
    let history = history.changed(change.expect("it is a change"));
    let killer = |created| {
        history
            .killer(at(created), now)
            .map(|version| version.version)
    };

    assert_eq!(killer("2026-05-01T00:00:00Z"), Some(1));
    assert_eq!(killer("2026-07-15T00:00:00Z"), Some(4));
    assert_eq!(killer("2026-08-22T00:00:00.000Z"), Some(4));
    assert_eq!(killer("2026-08-22T00:00:00.001Z"), None);
    assert_eq!(
        history.versions().map(|version| version.version).max(),
        Some(4)
    );
    assert_eq!(history.versions().count(), 5);
}

#[test]
fn a_history_keeps_dead_what_only_an_earlier_version_remembers() {
    let mut versions: Vec<_> = four_versions().versions().cloned().collect();
    let remembered = versions[1].dead_before;
    versions[2].dead_before = Timestamp::MIN;
    versions[3].dead_before = Timestamp::MIN;
    let history = History::new(versions).expect("it has a version");
    assert_eq!(history, four_versions());
    assert_eq!(history.kept().dead_before, remembered);
}

#[test]
fn a_change_ends_at_once_what_works_until_then_and_nothing_else() {
    let now = at("2026-09-01T00:00:00Z");
    let long_dead = at("2026-08-01T00:00:00Z");
    let started = at("2026-08-20T00:00:00Z");
    let version = |version, period, dead_before| PolicyVersion {
        version,
        period,
        inactivity: None,
        in_force_since: started,
        decided_at: started,
        changed_by: None,
        dead_before,
        idle_before: Timestamp::MIN,
    };
    let boundary = |days: i64| Some(now.saturating_add(1 - days * DAY));
    let table = [
        // (in force, days asked for, ends everything created before)
        (version(3, None, Timestamp::MIN), 10, boundary(10)),
        (version(3, days(90), Timestamp::MIN), 10, boundary(10)),
        (version(3, days(90), Timestamp::MIN), 90, None),
        (version(3, days(10), Timestamp::MIN), 90, None),
        // Off, but the longer period would only end what is dead already.
        (version(3, None, long_dead), 90, None),
        (version(3, None, long_dead), 10, boundary(10)),
        // A new plan has no token that is older than it.
        (version(0, None, Timestamp::MIN), 90, None),
        (version(0, None, Timestamp::MIN), 10, boundary(10)),
    ];
    for (in_force, asked, expected) in table {
        let asked = days(asked).expect("a period");
        assert_eq!(
            in_force.would_end(asked, now),
            expected,
            "{asked} after {in_force:?}"
        );
    }
}

#[test]
fn both_rules_say_ahead_that_nobody_can_be_warned_and_a_period_that_it_is_long() {
    let now = at("2027-06-01T00:00:00Z");
    let (short, long) = (Some(Advice::NoNotice), Some(Advice::Long));
    let table = [
        ("1 minutes", short, short),
        ("167 hours", short, short),
        ("168 hours", None, None),
        ("6 days", short, short),
        ("7 days", None, None),
        // The leap day of 2028 lies within.
        ("1 years", None, None),
        ("366 days", None, None),
        ("367 days", long, None),
        ("10 years", long, None),
    ];
    for (text, of_period, of_disuse) in table {
        let period: Period = text.parse().expect("it is a period");
        assert_eq!(Advice::of_period(period, now), of_period, "{text}");
        assert_eq!(Advice::of_disuse(period), of_disuse, "{text} unused");
    }
}

#[test]
fn disuse_ends_nothing_where_the_period_is_no_longer() {
    let now = at("2027-06-01T00:00:00Z");
    let end = |days: i64| Some(now.saturating_add(days * DAY));
    let table = [
        (days(90), days(30), end(30)),
        (days(31), days(30), end(30)),
        (days(30), days(30), None),
        (days(7), days(30), None),
        (None, days(30), end(30)),
        (days(90), None, None),
        (None, None, None),
    ];
    for (period, inactivity, expected) in table {
        let terms = Terms { period, inactivity };
        assert_eq!(terms.disuse_ends(now), expected, "{terms:?}");
    }
}
