//! Who the sample people are, and what they have. Plain data; in which order it came about is in
//! [`happening`](super::happening).

mod apps;

use tenure_domain::{
    plan::{Role, Tier},
    time::{DAY, HOUR, MINUTE},
};

pub(super) use self::apps::{ALLOWED, APPS, APPS_SETTLED, Allowed, App, SCOPES};

/// How long ago the plans were made, in milliseconds.
pub(in crate::demo) const SETTLED: i64 = 430 * DAY;

/// A sample plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::demo) enum PlanName {
    Acme,
    Basil,
}

impl PlanName {
    pub(in crate::demo) const fn as_str(self) -> &'static str {
        match self {
            Self::Acme => "Acme",
            Self::Basil => "Basil",
        }
    }
}

use PlanName::{Acme, Basil};

pub(in crate::demo) const PLANS: [(PlanName, Tier); 2] =
    [(Acme, Tier::Enterprise), (Basil, Tier::Pro)];

/// A sample user.
pub(in crate::demo) struct Person {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) email: &'static str,
    pub(in crate::demo) plans: &'static [(PlanName, Role)],
}

pub(in crate::demo) const ADA: &str = "admin@acme.example";
const MIRA: &str = "member@acme.example";
pub(in crate::demo) const OLEK: &str = "olek@acme.example";
const PRIYA: &str = "priya@acme.example";
const SAM: &str = "sam@acme.example";
pub(in crate::demo) const YUKI: &str = "yuki@acme.example";
pub(in crate::demo) const LENA: &str = "lena@acme.example";
const BEN: &str = "admin@basil.example";
const TOVE: &str = "tove@basil.example";

const fn person(
    name: &'static str,
    email: &'static str,
    plans: &'static [(PlanName, Role)],
) -> Person {
    Person { name, email, plans }
}

pub(in crate::demo) const PEOPLE: &[Person] = &[
    person("Ada Admin", ADA, &[(Acme, Role::SystemAdmin)]),
    person(
        "Mira Member",
        MIRA,
        &[(Acme, Role::Member), (Basil, Role::Member)],
    ),
    person("Olek Nowak", OLEK, &[(Acme, Role::SystemAdmin)]),
    person("Priya Raman", PRIYA, &[(Acme, Role::Member)]),
    person("Sam Okafor", SAM, &[(Acme, Role::Member)]),
    person("Yuki Tanaka", YUKI, &[(Acme, Role::Member)]),
    person("Lena Vogt", LENA, &[(Acme, Role::Member)]),
    person("Ben Basil", BEN, &[(Basil, Role::SystemAdmin)]),
    person("Tove Lind", TOVE, &[(Basil, Role::Member)]),
];

/// A sample token. Times are milliseconds before now.
pub(in crate::demo) struct Sample {
    pub(in crate::demo) owner: &'static str,
    pub(in crate::demo) plan: PlanName,
    /// No two have the same.
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) created: i64,
    pub(in crate::demo) used: Option<i64>,
    /// How many days before now something began to call with it every day.
    pub(in crate::demo) daily: i64,
    /// The path that its program calls.
    pub(in crate::demo) path: &'static str,
    /// How many calls came every twenty minutes of the last day.
    pub(in crate::demo) steady: i64,
    /// When it ended, where its program does not know that and goes on.
    pub(in crate::demo) knocks: Option<i64>,
    /// A scope that it was used without, and when.
    pub(in crate::demo) lacked: Option<(i64, &'static str)>,
    /// When somebody used a copy of it elsewhere.
    pub(in crate::demo) elsewhere: Option<i64>,
    pub(in crate::demo) revoked: Option<i64>,
}

const fn token(owner: &'static str, plan: PlanName, name: &'static str, created: i64) -> Sample {
    Sample {
        owner,
        plan,
        name,
        created,
        used: None,
        daily: 0,
        path: "/orders",
        steady: 0,
        knocks: None,
        lacked: None,
        elsewhere: None,
        revoked: None,
    }
}

impl Sample {
    const fn used(self, ago: i64) -> Self {
        Self {
            used: Some(ago),
            ..self
        }
    }

    const fn daily(self, days: i64) -> Self {
        Self {
            daily: days,
            ..self
        }
    }

    const fn steady(self, path: &'static str, calls: i64) -> Self {
        Self {
            path,
            steady: calls,
            ..self
        }
    }

    const fn knocks(self, path: &'static str, ago: i64) -> Self {
        Self {
            path,
            knocks: Some(ago),
            ..self
        }
    }

    const fn lacked(self, ago: i64, scope: &'static str) -> Self {
        Self {
            lacked: Some((ago, scope)),
            ..self
        }
    }

    const fn elsewhere(self, ago: i64) -> Self {
        Self {
            elsewhere: Some(ago),
            ..self
        }
    }

    const fn revoked(self, ago: i64) -> Self {
        Self {
            revoked: Some(ago),
            ..self
        }
    }
}

/// Acme's policy is 90 days by now, so what is older has expired, and what is a little younger is
/// expiring. Basil is on Pro: nothing expires there.
pub(in crate::demo) static TOKENS: &[Sample] = &[
    // Expired when the policy came into force or was shortened, or later, one by one.
    token(MIRA, Acme, "Old report mailer", 425 * DAY).used(390 * DAY),
    token(MIRA, Acme, "Spreadsheet import", 300 * DAY).used(200 * DAY),
    token(MIRA, Acme, "Quarterly numbers", 200 * DAY).used(170 * DAY),
    token(MIRA, Acme, "Release notes bot", 120 * DAY).used(46 * DAY),
    // Its program does not know yet that it has ended.
    token(MIRA, Acme, "Calendar feed", 97 * DAY)
        .used(8 * DAY)
        .daily(21),
    // So does this one's: it tried again at once, until somebody turned it down.
    token(MIRA, Acme, "Office dashboard", 90 * DAY + 5 * HOUR)
        .used(6 * HOUR)
        .knocks("/dashboard", 5 * HOUR),
    // Expiring, the most urgent within the hour.
    token(MIRA, Acme, "Build badges", 90 * DAY - 40 * MINUTE).used(12 * MINUTE),
    token(MIRA, Acme, "Invoice export", 88 * DAY + 7 * HOUR).used(26 * HOUR),
    token(MIRA, Acme, "Backup check", 84 * DAY + 3 * HOUR),
    // In use.
    token(MIRA, Acme, "CI pipeline", 61 * DAY)
        .used(3 * MINUTE)
        .daily(30)
        .steady("/builds", 31),
    token(MIRA, Acme, "Board sync", 35 * DAY)
        .used(2 * HOUR)
        .lacked(11 * HOUR, "orders:write"),
    token(MIRA, Acme, "Chat bridge", 12 * DAY).used(2 * DAY),
    // Suspicious: somebody has a copy, and uses it from another network.
    token(MIRA, Acme, "Nightly sync", 26 * DAY)
        .used(6 * MINUTE)
        .daily(24)
        .steady("/orders", 12)
        .elsewhere(4 * MINUTE),
    // Idle.
    token(MIRA, Acme, "Data warehouse load", 50 * DAY).used(20 * DAY),
    token(MIRA, Acme, "Trial script", 5 * DAY),
    token(MIRA, Acme, "Phone shortcut", 3 * HOUR),
    // Revoked.
    token(MIRA, Acme, "Lost laptop", 70 * DAY)
        .used(33 * DAY)
        .revoked(31 * DAY),
    token(MIRA, Acme, "Pasted into a ticket", 16 * DAY)
        .used(15 * DAY)
        .revoked(15 * DAY - 20 * MINUTE),
    token(MIRA, Basil, "Recipe sync", 380 * DAY).used(HOUR),
    token(MIRA, Basil, "Menu printer", 140 * DAY).used(70 * DAY),
    token(MIRA, Basil, "Stock alerts", 20 * DAY).revoked(2 * DAY),
    token(ADA, Acme, "Audit export", 410 * DAY).used(250 * DAY),
    token(ADA, Acme, "Provisioning", 85 * DAY).used(30 * MINUTE),
    token(ADA, Acme, "Compliance report", 40 * DAY).used(9 * DAY),
    token(ADA, Acme, "Emergency access", 30 * DAY),
    token(ADA, Acme, "First try", 330 * DAY).revoked(329 * DAY),
    token(OLEK, Acme, "Cluster monitor", 58 * DAY)
        .used(MINUTE)
        .steady("/health", 40),
    token(OLEK, Acme, "Inventory scan", 190 * DAY).used(100 * DAY),
    token(PRIYA, Acme, "Survey import", 260 * DAY).used(151 * DAY),
    token(PRIYA, Acme, "Design library", 86 * DAY).used(DAY),
    token(PRIYA, Acme, "Notebook", 9 * DAY).used(50 * MINUTE),
    token(SAM, Acme, "Deploy hooks", 22 * DAY)
        .used(7 * MINUTE)
        .steady("/builds", 9),
    token(SAM, Acme, "Load test", 150 * DAY)
        .used(149 * DAY)
        .revoked(148 * DAY),
    token(YUKI, Acme, "Translation sync", 75 * DAY).used(4 * HOUR),
    token(YUKI, Acme, "Screenshot bot", 110 * DAY).used(60 * DAY),
    token(LENA, Acme, "Visitor list", 28 * DAY).used(2 * DAY + HOUR),
    token(BEN, Basil, "Till", 400 * DAY).used(4 * MINUTE),
    token(BEN, Basil, "Web shop", 33 * DAY).used(25 * HOUR),
    token(TOVE, Basil, "Shift plan", 64 * DAY),
];

/// Somebody who was invited into Acme, and has not answered.
pub(in crate::demo) struct Invited {
    pub(in crate::demo) by: &'static str,
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) email: &'static str,
    pub(in crate::demo) ago: i64,
}

pub(in crate::demo) static INVITED: &[Invited] = &[
    Invited {
        by: OLEK,
        name: "Kim Berg",
        email: "kim@acme.example",
        ago: 2 * DAY,
    },
    // Typed in a hurry: there is no such domain.
    Invited {
        by: ADA,
        name: "Jonas Lund",
        email: "jonas@acme.exmaple",
        ago: 7 * HOUR,
    },
];

/// Whom no mail reaches, since when, and what the mail server says.
pub(in crate::demo) const UNREACHED: [(&str, i64, &str); 2] = [
    (YUKI, 5 * DAY, "permanent error (550): 5.1.1 no such user"),
    (
        INVITED[1].email,
        7 * HOUR,
        "permanent error (550): 5.1.2 there is no such domain",
    ),
];
