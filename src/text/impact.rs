//! Words of what a policy would end, and of what the one in force will.

use tenure_domain::wire::impact::DayCount;

use crate::format::{self, Detail, Zone};

/// Over the chart of a preview.
pub const CHART: &str = "Coming expiries, by UTC day";
/// The columns of the chart's table.
pub const CHART_COLUMNS: [&str; 2] = ["Day (UTC)", "Tokens that stop working"];
/// Opens the chart's table.
pub const AS_TABLE: &str = "Show as a table";
/// The part of the tile.
pub const IMPACT: &str = "Impact";
/// While nothing valid is typed.
pub const NOTHING: &str = "Type a period to see which tokens it would end.";
/// While no instant is picked.
pub const NO_INSTANT: &str = "Pick an instant to see which tokens it would end then.";
/// While the instant is none that the server takes.
pub const WRONG_INSTANT: &str = "Pick another instant to see which tokens it would end then.";
/// What the numbers hold for, where a rule counts uses.
pub const IF_UNUSED: &str =
    "Counted as if nobody used a token from now on: each use puts off its end by disuse.";
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

/// The figures of a preview.
#[must_use]
pub const fn figures(is_later: bool) -> [&'static str; 4] {
    let later = "stop later; owners hear 7 days ahead";
    match is_later {
        false => [
            "stop working at once",
            "stop within 7 days",
            later,
            "never expire",
        ],
        true => [
            "stop working then",
            "stop within 7 days of it",
            later,
            "never expire",
        ],
    }
}

/// The columns of the tokens that stop when it comes into force.
#[must_use]
pub const fn first_columns(is_later: bool) -> [&'static str; 4] {
    let first = if is_later {
        "Stops then"
    } else {
        "Stops at once"
    };
    [first, "Owner", "Last used", "Created"]
}

/// Over the figures; `on` is when it comes into force, if not at once.
#[must_use]
pub fn title(working: u64, on: Option<&str>) -> String {
    match on {
        Some(on) => format!("What this does on {on} to {}", tokens(working)),
        None => format!("What Activate does to {}", tokens(working)),
    }
}

/// Under the figures: those that are dead stay so.
#[must_use]
pub fn already_dead(count: u64) -> String {
    match count {
        0 => String::new(),
        1 => "It does not bring the 1 expired token of this plan back.".to_owned(),
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

/// In the dialog that turns the policy off: what nothing would end, and what the server's own limit still would.
#[must_use]
pub fn never_then(never: u64, ending: u64) -> String {
    let words = match never {
        1 => "1 token that works now would never expire then.".to_owned(),
        count => format!("{} that work now would never expire then.", tokens(count)),
    };
    match ending {
        0 => words,
        count => format!(
            "{words} {} of apps would still end by the server's own limit.",
            tokens(count)
        ),
    }
}

/// The button that takes the instant over at which everybody has been warned.
#[must_use]
pub fn take_instant(at: &str) -> String {
    format!("Use {at}")
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
pub fn spoken(now: u64, soon: u64, is_later: bool) -> String {
    let [at_once, within] = match is_later {
        false => ["at once", "within 7 days"],
        true => ["then", "within 7 days of it"],
    };
    format!(
        "{} would stop working {at_once}, {} {within}.",
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

/// The dialog before tokens die; `on` is when, if not at once.
#[must_use]
pub fn confirm_title(count: u64, on: Option<&str>) -> String {
    let tokens = tokens(count);
    match on {
        Some(on) => format!("Schedule for {on}, and stop {tokens} then?"),
        None => format!("Activate and stop {tokens}?"),
    }
}

/// What it does.
#[must_use]
pub fn confirm_about(count: u64, is_later: bool) -> String {
    let what = match count {
        1 => "1 token stops working".to_owned(),
        count => format!("{} stop working", tokens(count)),
    };
    let whatever = "the moment this comes into force, and whatever uses them fails.";
    match is_later {
        true => format!("{what} {whatever} You can cancel it until then."),
        false => format!("{what} {whatever} This cannot be undone."),
    }
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

/// One day has more than a tenth. Where uses count, that day may be one of disuse, and rotating is no help.
#[must_use]
pub fn crowded(day: &DayCount, total: u64, counts_uses: bool) -> String {
    let at = format::instant(day.date.start(), Detail::Day, Zone::Utc);
    let advice = match counts_uses {
        true => "Those that somebody uses until then may last longer.",
        false => "Rotating some of them earlier spreads the work.",
    };
    format!(
        "{} of {} stop working on one day, {at} (UTC). {advice}",
        number(day.count),
        tokens(total)
    )
}

/// Those that the days do not show.
#[must_use]
pub fn rest(later: u64, never: u64) -> String {
    format!("{} later, {} never.", number(later), number(never))
}
