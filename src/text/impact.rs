//! Words of what a policy would end, and of what the one in force will.

use tenure_domain::wire::impact::DayCount;

use crate::format::{self, Detail, Zone};

/// Over the chart of a preview.
pub const CHART: &str = "Coming expiries, by UTC day";
/// The columns of the chart's table.
pub const CHART_COLUMNS: [&str; 2] = ["Day (UTC)", "Tokens that stop working"];
/// Opens the chart's table.
pub const AS_TABLE: &str = "Show as a table";
/// The figures of a preview.
pub const FIGURES: [&str; 4] = [
    "stop working at once",
    "stop within 7 days",
    "stop later; owners hear 7 days ahead",
    "never expire",
];
/// The part of the tile.
pub const IMPACT: &str = "Impact";
/// While nothing valid is typed.
pub const NOTHING: &str = "Type a period to see which tokens it would end.";
/// The columns of the tokens that stop at once.
pub const FIRST_COLUMNS: [&str; 4] = ["Stops at once", "Owner", "Last used", "Created"];
/// A token that nobody ever used.
pub const NEVER_USED: &str = "never";

/// The dialog's button, as the tile's.
pub const CONFIRM: &str = "Activate";
/// The field of the dialog.
pub const CONFIRM_LABEL: &str = "Number of tokens that stop working";

/// The tile of the forecast.
pub const FORECAST: &str = "Forecast";
/// What it shows.
pub const FORECAST_ABOUT: &str = "Tokens that stop working under the policy in force and what is scheduled, by UTC day, for 90 days.";
/// No token ends within the days of the forecast.
pub const FORECAST_NONE: &str = "No token of this plan expires within 90 days.";

/// So many tokens.
#[must_use]
pub fn tokens(count: u64) -> String {
    match count {
        1 => "1 token".to_owned(),
        count => format!("{} tokens", number(count)),
    }
}

/// A count with its groups apart.
#[must_use]
pub fn number(count: u64) -> String {
    format::number(count.try_into().unwrap_or(i64::MAX))
}

/// Over the figures.
#[must_use]
pub fn title(working: u64) -> String {
    format!("What Activate does to {}", tokens(working))
}

/// Under the figures: those that are dead stay so.
#[must_use]
pub fn already_dead(count: u64) -> String {
    match count {
        0 => String::new(),
        1 => "It brings the 1 expired token of this plan not back.".to_owned(),
        count => format!(
            "It brings none of the {} expired tokens of this plan back.",
            number(count)
        ),
    }
}

/// In the dialog that turns the policy off.
#[must_use]
pub fn not_back(count: u64) -> String {
    match count {
        0 => "No token has expired yet.".to_owned(),
        1 => "1 token has expired. Turning off does not bring it back.".to_owned(),
        count => format!(
            "{} tokens have expired. Turning off brings none of them back.",
            number(count)
        ),
    }
}

/// How to warn everybody first.
#[must_use]
pub fn warn_first(at: &str) -> String {
    format!(
        "Some owners would hear of it too late. To warn everybody 7 days ahead, schedule it for {at} or later."
    )
}

/// The link to the whole list.
#[must_use]
pub fn csv(count: u64) -> String {
    format!("All {} as CSV", number(count))
}

/// What screen readers hear once for each answer.
#[must_use]
pub fn spoken(now: u64, soon: u64) -> String {
    format!(
        "{} would stop working at once, {} within 7 days.",
        tokens(now),
        number(soon)
    )
}

/// The chart in one sentence.
#[must_use]
pub fn chart_words(days: &[DayCount]) -> String {
    let total = days.iter().map(|day| day.count).sum();
    let most = days
        .iter()
        .max_by_key(|day| (day.count, core::cmp::Reverse(day.date)));
    match most {
        None => "No token stops working on these days.".to_owned(),
        Some(most) => format!(
            "{} stop working on these days, most on {}: {}.",
            tokens(total),
            format::instant(most.date.start(), Detail::Day, Zone::Utc),
            number(most.count)
        ),
    }
}

/// The dialog before tokens die.
#[must_use]
pub fn confirm_title(count: u64) -> String {
    match count {
        1 => "Activate and stop 1 token?".to_owned(),
        count => format!("Activate and stop {} tokens?", number(count)),
    }
}

/// What it does.
#[must_use]
pub fn confirm_about(count: u64) -> String {
    let what = match count {
        1 => "1 token stops working".to_owned(),
        count => format!("{} tokens stop working", number(count)),
    };
    format!(
        "{what} the moment this comes into force, and whatever uses them fails. This cannot be undone."
    )
}

/// Under the field of the dialog.
#[must_use]
pub fn confirm_hint(count: u64) -> String {
    format!("Type {count} to go on.")
}

/// Something else was typed.
#[must_use]
pub fn confirm_wrong(count: u64) -> String {
    format!("Type the number {count}, or cancel.")
}

/// There are more than when the dialog was opened.
#[must_use]
pub fn confirm_grown(count: u64) -> String {
    format!("It would be {} by now. Nothing was changed.", tokens(count))
}

/// One day has more than a tenth.
#[must_use]
pub fn crowded(day: &DayCount, total: u64) -> String {
    let at = format::instant(day.date.start(), Detail::Day, Zone::Utc);
    format!(
        "{} of {} stop working on one day, {at} (UTC). Rotating some of them earlier spreads the work.",
        number(day.count),
        tokens(total)
    )
}

/// Those that the days do not show.
#[must_use]
pub fn rest(later: u64, never: u64) -> String {
    format!("{} later, {} never.", number(later), number(never))
}
