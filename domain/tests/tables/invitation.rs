//! What a link of an invitation still opens.

use tenure_domain::{
    invitation::{LIFETIME, LinkFacts, State, Unusable, usable},
    time::{DAY, Timestamp},
};

const SENT: Timestamp = Timestamp::from_millis(1_000_000);

fn link(state: State, rounds_since: i64) -> LinkFacts {
    LinkFacts {
        state,
        round: rounds_since,
        link_round: 0,
        expires_at: SENT.saturating_add(LIFETIME),
    }
}

#[test]
fn a_link_works_for_seven_days_and_not_at_their_end() {
    let open = link(State::Pending, 0);
    let table = [
        (0, Ok(())),
        (7 * DAY - 1, Ok(())),
        (7 * DAY, Err(Unusable::Expired)),
        (7 * DAY + 1, Err(Unusable::Expired)),
    ];
    for (later, expected) in table {
        assert_eq!(
            usable(open, SENT.saturating_add(later)),
            expected,
            "{later}"
        );
    }
}

/// Of several reasons the one is told that says what to do: an answer is final, a newer mail opens the
/// invitation.
#[test]
fn every_pair_of_reasons() {
    let table = [
        (State::Pending, 0, Ok(()), Err(Unusable::Expired)),
        (
            State::Pending,
            1,
            Err(Unusable::Replaced),
            Err(Unusable::Replaced),
        ),
        (State::Accepted, 0, Err(Unusable::Used), Err(Unusable::Used)),
        (State::Accepted, 1, Err(Unusable::Used), Err(Unusable::Used)),
        (
            State::Withdrawn,
            0,
            Err(Unusable::Withdrawn),
            Err(Unusable::Withdrawn),
        ),
        (
            State::Withdrawn,
            2,
            Err(Unusable::Withdrawn),
            Err(Unusable::Withdrawn),
        ),
    ];
    for (state, rounds_since, in_time, late) in table {
        let link = link(state, rounds_since);
        let place = format!("{state:?} {rounds_since}");
        assert_eq!(usable(link, SENT), in_time, "{place}");
        assert_eq!(
            usable(link, SENT.saturating_add(8 * DAY)),
            late,
            "{place}, late"
        );
    }
}

#[test]
fn each_reason_has_a_name_and_a_sentence_of_its_own() {
    let mut said = Vec::new();
    for reason in Unusable::ALL {
        let error = reason.at("/code");
        assert_eq!(error.code, reason.code());
        assert!(error.detail.ends_with('.'), "{}", error.detail);
        assert!(!said.contains(&error.detail), "{}", error.detail);
        said.push(error.detail);
    }
    let names: Vec<_> = State::ALL.map(State::as_str).to_vec();
    assert_eq!(names, ["pending", "accepted", "withdrawn"]);
}
