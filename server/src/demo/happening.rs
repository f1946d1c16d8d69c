//! What happened to the sample people, and when: their data, put in order.

use std::net::{IpAddr, Ipv4Addr};

use tenure_domain::{
    period::{Period, Unit},
    policy::Terms,
    time::{DAY, HOUR, MINUTE, SECOND},
};

use super::sample::{
    ADA, ALLOWED, APPS_SETTLED, Allowed, INVITED, Invited, LENA, OLEK, Sample, TOKENS,
};

/// Something that happened.
pub(super) enum Happening {
    AppsSettled,
    Allowed(&'static Allowed),
    Renewed(&'static Allowed, IpAddr),
    /// The app tried to, with what had ended.
    RenewalFailed(&'static Allowed, IpAddr),
    AppUsed(&'static Allowed, IpAddr),
    Replayed(&'static Allowed),
    Deactivated(&'static str, &'static str),
    Policy(&'static str, Option<Period>),
    /// Somebody scheduled these terms, so many milliseconds ahead.
    Scheduled(&'static str, Terms, i64),
    Generated(&'static Sample),
    Used(&'static Sample, IpAddr),
    /// Calls of an API, which are only counted.
    Called(&'static Sample, Calls),
    /// The same, with a token that lacks this scope.
    Lacked(&'static Sample, Calls, &'static str),
    Revoked(&'static Sample),
    Invited(&'static Invited),
    Swept,
    /// Owners were told what they had to hear.
    Told,
    /// It was looked whether something wants attention.
    Watched,
}

/// Calls that are alike.
#[derive(Clone, Copy)]
pub(super) struct Calls {
    pub(super) from: IpAddr,
    pub(super) agent: &'static str,
    pub(super) times: i64,
}

/// How long ago somebody set which period, by amount and unit.
type PolicySet = (i64, &'static str, Option<(i64, Unit)>);

/// What Acme's System Admins tried before they settled on 90 days.
const POLICIES: [PolicySet; 5] = [
    (310 * DAY, ADA, Some((1, Unit::Years))),
    (160 * DAY, OLEK, Some((6, Unit::Months))),
    (151 * DAY, ADA, None),
    (150 * DAY, ADA, Some((180, Unit::Days))),
    (45 * DAY, ADA, Some((90, Unit::Days))),
];

/// For so many days owners have been told every day.
const TOLD_FOR: i64 = 18;

/// Three days ago Olek scheduled what comes in twelve days: 90 days still, and no token that nobody has used
/// for 60.
fn to_come() -> (i64, Happening) {
    let days = |amount| Period::new(amount, Unit::Days).ok();
    let terms = Terms {
        period: days(90),
        inactivity: days(60),
    };
    (3 * DAY, Happening::Scheduled(OLEK, terms, 15 * DAY))
}

/// Everything that happened, oldest first, each with how long ago it was.
pub(super) fn happenings() -> Vec<(i64, Happening)> {
    let mut all: Vec<_> = TOKENS
        .iter()
        .zip(1..)
        .flat_map(|(token, n)| life(token, n))
        .collect();
    for (ago, by, period) in POLICIES {
        // The table's periods are valid; one that were not would turn the policy off.
        let period = period.and_then(|(amount, unit)| Period::new(amount, unit).ok());
        all.push((ago, Happening::Policy(by, period)));
        all.push((ago - MINUTE, Happening::Swept));
        all.push((ago - MINUTE, Happening::Told));
    }
    all.push(to_come());
    all.extend((0..TOLD_FOR).map(|day| (day * DAY + HOUR, Happening::Told)));
    all.push((APPS_SETTLED, Happening::AppsSettled));
    all.extend(
        ALLOWED
            .iter()
            .zip(1..)
            .flat_map(|(allowed, n)| life_of_app(allowed, n)),
    );
    all.push((2 * DAY, Happening::Deactivated(LENA, ADA)));
    for invited in INVITED {
        all.push((invited.ago, Happening::Invited(invited)));
        all.push((invited.ago - SECOND, Happening::Told));
    }
    all.push((0, Happening::Watched));
    all.sort_by_key(|(ago, _)| -ago);
    all
}

fn life_of_app(allowed: &'static Allowed, number: u8) -> impl Iterator<Item = (i64, Happening)> {
    let from = IpAddr::V4(Ipv4Addr::new(198, 51, 100, number));
    let renewed = allowed
        .renewed
        .iter()
        .map(move |ago| (*ago, Happening::Renewed(allowed, from)));
    let uses = allowed
        .used
        .map(|ago| (ago, Happening::AppUsed(allowed, from)));
    let replay = allowed
        .replayed
        .map(|ago| (ago, Happening::Replayed(allowed)));
    [(allowed.ago, Happening::Allowed(allowed))]
        .into_iter()
        .chain(renewed)
        .chain(uses)
        .chain(replay)
        .chain(
            allowed
                .fails
                .into_iter()
                .flat_map(move |ago| failures(allowed, from, ago)),
        )
}

/// Nine tries within six minutes, and what comes of them: an alert, and its end.
fn failures(
    allowed: &'static Allowed,
    from: IpAddr,
    ago: i64,
) -> impl Iterator<Item = (i64, Happening)> {
    let tries = (0..9).map(move |n| {
        (
            ago - n * 40 * SECOND,
            Happening::RenewalFailed(allowed, from),
        )
    });
    let watched = [6, 25].map(|minutes| (ago - minutes * MINUTE, Happening::Watched));
    tries.chain(watched)
}

/// What the sample programs call themselves: those of the owners, and that of somebody with a copy.
pub(super) const PROGRAM: &str = "python-requests/2.32";
const COPYIST: &str = "curl/8.5.0";

fn life(token: &'static Sample, number: u8) -> impl Iterator<Item = (i64, Happening)> {
    let from = IpAddr::V4(Ipv4Addr::new(203, 0, 113, number));
    let uses = token.used.map(|ago| (ago, Happening::Used(token, from)));
    let end = token.revoked.map(|ago| (ago, Happening::Revoked(token)));
    [(token.created, Happening::Generated(token))]
        .into_iter()
        .chain(uses)
        .chain(calls(token, from))
        .chain(
            token
                .knocks
                .into_iter()
                .flat_map(move |end| knocks(token, from, end)),
        )
        .chain(end)
}

fn called(token: &'static Sample, from: IpAddr, ago: i64, times: i64) -> (i64, Happening) {
    let agent = PROGRAM;
    (ago, Happening::Called(token, Calls { from, agent, times }))
}

/// Calls a day, more on some days than on others, and those of the last day; and a few from elsewhere, or without
/// the right.
fn calls(token: &'static Sample, from: IpAddr) -> impl Iterator<Item = (i64, Happening)> {
    let daily =
        (1..=token.daily).map(move |day| called(token, from, day * DAY - HOUR, 20 + day * 37 % 60));
    let steady = (token.steady > 0).then_some(0..72).into_iter().flatten();
    let steady = steady.map(move |n| {
        let times = token.steady + n * 17 % 7;
        called(token, from, n * 20 * MINUTE + 3 * MINUTE, times)
    });
    let copied = token.elsewhere.map(|ago| {
        let calls = Calls {
            from: IpAddr::V4(Ipv4Addr::new(198, 51, 100, 77)),
            agent: COPYIST,
            times: 3,
        };
        (ago, Happening::Called(token, calls))
    });
    let lacked = token.lacked.map(|(ago, scope)| {
        let (agent, times) = (PROGRAM, 12);
        let calls = Calls { from, agent, times };
        (ago, Happening::Lacked(token, calls, scope))
    });
    daily.chain(steady).chain(copied).chain(lacked)
}

/// A program that calls every ten minutes. From the token's end on it tries again and again, which is an alert, until
/// somebody turns it down after 25 minutes.
fn knocks(
    token: &'static Sample,
    from: IpAddr,
    end: i64,
) -> impl Iterator<Item = (i64, Happening)> {
    let before = (1..=114).map(move |n| called(token, from, end + n * 10 * MINUTE, 6));
    let tries = (0..25).map(move |n| called(token, from, end - n * MINUTE, 24 + n * 7 % 5));
    let after = (3..30)
        .map(move |n| called(token, from, end - n * 10 * MINUTE, 2))
        .filter(|(ago, _)| *ago > 0);
    let watched = (1..=8).map(move |n| (end - n * 5 * MINUTE, Happening::Watched));
    before.chain(tries).chain(after).chain(watched)
}
