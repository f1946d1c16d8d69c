//! What is asked of the list: each filter, in each order.

use tenure_domain::time::DAY;
use tenure_server::clock::Clock;

/// Each order, upwards and downwards.
pub(super) const ORDERS: [&str; 8] = [
    "created",
    "-created",
    "last_used",
    "-last_used",
    "name",
    "-name",
    "expires",
    "-expires",
];

/// What narrows a list: its name, and the query.
pub(super) fn filters() -> Vec<(&'static str, String)> {
    let now = Clock::system().now();
    let day = |days: i64| now.saturating_add(days * DAY);
    let span = |of: &str, from, to| format!("{of}_after={}&{of}_before={}", day(from), day(to));
    let plain = [
        ("none", ""),
        ("status revoked", "status=revoked"),
        ("status expired", "status=expired"),
        ("status suspicious", "status=suspicious"),
        ("status expiring", "status=expiring"),
        ("status in use", "status=in_use"),
        ("status idle", "status=idle"),
        ("kind user access", "kind=user_access"),
        ("kind OAuth access", "kind=oauth_access"),
        ("an owner", "owner=u77"),
        ("a client", "client=c7"),
        ("a text of many names", "text=token+12"),
        ("a text of one name", "text=token+777777"),
        ("a text of no name", "text=nowhere"),
        ("an id", "text=t8500000"),
        ("last four characters", "text=f123"),
    ];
    let spans = [
        ("created in a week", span("created", -150, -143)),
        (
            "created since yesterday",
            format!("created_after={}", day(-1)),
        ),
        ("expired in a week", span("expires", -14, -7)),
        ("expires within a month", span("expires", 0, 30)),
        ("last used in a week", span("last_used", -150, -143)),
        (
            "last used since yesterday",
            format!("last_used_after={}", day(-1)),
        ),
        ("unused for long", format!("last_used_before={}", day(-150))),
    ];
    let plain = plain.map(|(name, query)| (name, query.to_owned()));
    plain.into_iter().chain(spans).collect()
}
