//! No plan is left without a System Admin, and nobody ends themselves.

use tenure_domain::{
    membership::{Change, Place, Refused, is_for_people, may_change},
    plan::Role,
};

const CHANGES: [Change; 4] = [
    Change::Role(Role::SystemAdmin),
    Change::Role(Role::Member),
    Change::Deactivation,
    Change::Reactivation,
];

fn place(role: Role, is_active: bool, others_administer: bool) -> Place {
    Place {
        role,
        is_active,
        others_administer,
    }
}

/// Each kind of place, and what comes of each of [`CHANGES`] for somebody else's and for one's own.
#[test]
fn every_place_and_every_change() {
    let (ok, last, own) = (Ok(()), Err(Refused::LastAdmin), Err(Refused::Oneself));
    let (admin, member) = (Role::SystemAdmin, Role::Member);
    let table = [
        (
            place(admin, true, true),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
        (
            place(admin, true, false),
            [ok, last, last, ok],
            [ok, last, own, ok],
        ),
        (
            place(admin, false, true),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
        (
            place(admin, false, false),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
        (
            place(member, true, true),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
        (
            place(member, true, false),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
        (
            place(member, false, true),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
        (
            place(member, false, false),
            [ok, ok, ok, ok],
            [ok, ok, own, ok],
        ),
    ];
    for (place, others, ones_own) in table {
        for (number, change) in CHANGES.into_iter().enumerate() {
            let place_and_change = format!("{place:?} {change:?}");
            let somebody_elses = may_change(place, change, false);
            assert_eq!(somebody_elses, others[number], "{place_and_change}");
            let own = may_change(place, change, true);
            assert_eq!(own, ones_own[number], "own: {place_and_change}");
        }
    }
}

/// Whatever admins do to each other, one of them is left: each change is decided by how things stand then.
#[test]
fn in_any_order_of_changes_one_admin_is_left() {
    const PEOPLE: usize = 3;
    // Every sequence of five changes among three admins.
    for sequence in 0..(PEOPLE * CHANGES.len()).pow(5) {
        let mut people = [(Role::SystemAdmin, true); PEOPLE];
        let mut rest = sequence;
        for _ in 0..5 {
            let (who, what) = (rest % PEOPLE, rest / PEOPLE % CHANGES.len());
            rest /= PEOPLE * CHANGES.len();
            let administers = |(role, active): (Role, bool)| role.administers() && active;
            let others = people
                .iter()
                .enumerate()
                .any(|(other, person)| other != who && administers(*person));
            let (role, active) = people[who];
            match (
                CHANGES[what],
                may_change(place(role, active, others), CHANGES[what], false),
            ) {
                (Change::Role(role), Ok(())) => people[who].0 = role,
                (Change::Deactivation, Ok(())) => people[who].1 = false,
                (Change::Reactivation, Ok(())) => people[who].1 = true,
                (_, Err(_)) => {}
            }
            assert!(people.into_iter().any(administers), "{sequence}");
        }
    }
}

/// Whoever makes System Admins has signed in, also where somebody only becomes again what they were.
#[test]
fn no_program_makes_a_system_admin() {
    for (role, active, for_people) in [
        (Role::SystemAdmin, false, true),
        (Role::SystemAdmin, true, false),
        (Role::Member, false, false),
        (Role::Member, true, false),
    ] {
        let place = place(role, active, true);
        assert!(is_for_people(place, Change::Role(Role::SystemAdmin)));
        assert!(is_for_people(place, Change::Role(Role::Member)));
        assert!(!is_for_people(place, Change::Deactivation));
        let again = is_for_people(place, Change::Reactivation);
        assert_eq!(again, for_people, "{place:?}");
    }
}

#[test]
fn each_refusal_says_what_to_do() {
    for refused in [Refused::Oneself, Refused::LastAdmin] {
        let error = refused.at("/role");
        assert_eq!(
            (error.pointer.as_str(), error.code.as_str()),
            ("/role", refused.code())
        );
        assert_eq!(error.detail, refused.to_string());
        assert!(error.detail.contains("System Admin"), "{}", error.detail);
    }
}
