//! What happened to the sample people, and when: their data, put in order.

use std::net::{IpAddr, Ipv4Addr};

use tenure_domain::{
    period::{Period, Unit},
    policy::Terms,
    time::{DAY, HOUR, MINUTE},
};

use super::sample::{ADA, ALLOWED, APPS_SETTLED, Allowed, LENA, OLEK, Sample, TOKENS};

/// Something that happened.
pub(super) enum Happening {
    AppsSettled,
    Allowed(&'static Allowed),
    Renewed(&'static Allowed),
    AppUsed(&'static Allowed, IpAddr),
    Replayed(&'static Allowed),
    Deactivated(&'static str, &'static str),
    Policy(&'static str, Option<Period>),
    /// Somebody scheduled these terms, so many milliseconds ahead.
    Scheduled(&'static str, Terms, i64),
    Generated(&'static Sample),
    Used(&'static Sample, IpAddr),
    /// So many calls of an API, which are only counted.
    Called(&'static Sample, IpAddr, &'static str, i64),
    Revoked(&'static Sample),
    Swept,
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
    }
    all.push(to_come());
    all.push((APPS_SETTLED, Happening::AppsSettled));
    all.extend(
        ALLOWED
            .iter()
            .zip(1..)
            .flat_map(|(allowed, n)| life_of_app(allowed, n)),
    );
    all.push((2 * DAY, Happening::Deactivated(LENA, ADA)));
    all.sort_by_key(|(ago, _)| -ago);
    all
}

fn life_of_app(allowed: &'static Allowed, number: u8) -> impl Iterator<Item = (i64, Happening)> {
    let from = IpAddr::V4(Ipv4Addr::new(198, 51, 100, number));
    let renewed = allowed
        .renewed
        .iter()
        .map(move |ago| (*ago, Happening::Renewed(allowed)));
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
}

/// What the sample programs call themselves: those of the owners, and that of somebody with a copy.
pub(super) const PROGRAM: &str = "python-requests/2.32";
const COPYIST: &str = "curl/8.5.0";

fn life(token: &'static Sample, number: u8) -> impl Iterator<Item = (i64, Happening)> {
    let from = IpAddr::V4(Ipv4Addr::new(203, 0, 113, number));
    let uses = token.used.map(|ago| (ago, Happening::Used(token, from)));
    let uses = uses.into_iter().chain(calls(token, from));
    let end = token.revoked.map(|ago| (ago, Happening::Revoked(token)));
    [(token.created, Happening::Generated(token))]
        .into_iter()
        .chain(uses)
        .chain(end)
}

/// Calls a day, more on some days than on others; and a few from elsewhere.
fn calls(token: &'static Sample, from: IpAddr) -> impl Iterator<Item = (i64, Happening)> {
    let daily = (1..=token.daily).map(move |day| {
        let times = 20 + day * 37 % 60;
        (
            day * DAY - HOUR,
            Happening::Called(token, from, PROGRAM, times),
        )
    });
    let elsewhere = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 77));
    let copied = token
        .elsewhere
        .map(|ago| (ago, Happening::Called(token, elsewhere, COPYIST, 3)));
    daily.chain(copied)
}
