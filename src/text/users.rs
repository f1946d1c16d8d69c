//! Words of Admin Center > Users.

use tenure_domain::{plan::Role, problem::Kind, wire::users::Deactivation};

use crate::{
    api::ApiError,
    format,
    text::{
        problems::{self, Words},
        reasons,
    },
};

/// The columns: who, what they are, when they were seen, their tokens, how they stand, and what can be done.
pub const COLUMNS: [&str; 6] = [
    "Person",
    "Role",
    "Last seen",
    "Working tokens",
    "Status",
    "",
];
/// A plan without people.
pub const EMPTY: &str = "Nobody is in this plan yet. Whoever runs the server adds people with tenure admin create-user.";
/// Nobody of those who are looked for.
pub const NONE_FOUND: &str = "Nobody is found. Look for less.";
/// The name of the form that looks for people.
pub const SEARCH: &str = "Search people";
/// A field.
pub const TEXT: &str = "Name or email";
/// A field.
pub const STATE: &str = "Status";
/// Its widest choice.
pub const EVERY_ROLE: &str = "Every role";
/// Its widest choice.
pub const EVERY_STATE: &str = "Everybody";
/// Looks for them.
pub const FIND: &str = "Find";
/// Looks for nobody in particular.
pub const SHOW_ALL: &str = "Show everybody";
/// Nobody has seen them.
pub const NEVER_SEEN: &str = "Never";
/// Before the day since when somebody is in the plan.
pub const SINCE: &str = "since";
/// Why there is nothing to press: nobody deactivates themselves.
pub const YOU: &str = "You";
/// Why there is nothing to press.
pub const LAST_ADMIN: &str = "The only System Admin";
/// Somebody who can act in the plan.
pub const ACTIVE: &str = "Active";
/// Somebody who cannot.
pub const DEACTIVATED: &str = "Deactivated";
/// Opens the dialog.
pub const DEACTIVATE: &str = "Deactivate";
/// Opens the dialog, and does it there.
pub const REACTIVATE: &str = "Reactivate";
/// The server was not reached.
pub const UNREACHED: &str = "It may have been done or not. Press the button again when the connection is back: that does no harm.";

/// What the page is for.
#[must_use]
pub fn about(plan: &str) -> String {
    format!(
        "The people of {plan}. Deactivating somebody ends everything that acts in their name here."
    )
}

/// Who deactivated somebody.
#[must_use]
pub fn by(name: &str) -> String {
    format!("by {name}")
}

/// Asks before somebody is deactivated.
#[must_use]
pub fn deactivate_title(name: &str) -> String {
    format!("Deactivate {name}?")
}

/// Asks before somebody is reactivated.
#[must_use]
pub fn reactivate_title(name: &str) -> String {
    format!("Reactivate {name}?")
}

/// Before the list of what ends.
#[must_use]
pub fn ends(name: &str, plan: &str) -> String {
    format!("{name} can no longer act in {plan}, and this ends at once:")
}

/// Where there is nothing to list.
#[must_use]
pub fn ends_nothing(name: &str, plan: &str) -> String {
    format!(
        "{name} can no longer act in {plan}. No token and no app acts in their name there now, so nothing else ends."
    )
}

/// How many tokens stop working.
#[must_use]
pub fn tokens_stop(tokens: u32) -> String {
    let verb = if tokens == 1 { "stops" } else { "stop" };
    format!("{} {verb} working", counted(tokens, "token"))
}

/// How many apps lose access.
#[must_use]
pub fn apps_lose(apps: u32) -> String {
    let verb = if apps == 1 { "loses" } else { "lose" };
    format!("{} {verb} access", counted(apps, "app"))
}

/// How many invitations are withdrawn.
#[must_use]
pub fn invitations_end(invitations: u32) -> String {
    let verb = if invitations == 1 { "is" } else { "are" };
    format!("{} {verb} withdrawn", counted(invitations, "invitation"))
}

/// How many more there are than names.
#[must_use]
pub fn and_more(more: u32) -> String {
    format!("and {} more", format::number(more.into()))
}

/// What cannot be undone, and where nothing changes.
#[must_use]
pub fn for_good(name: &str, plan: &str) -> String {
    format!(
        "This cannot be undone: reactivating {name} later brings none of it back. It concerns {plan} alone; \
         in other plans nothing changes."
    )
}

/// Asks before somebody becomes something else.
#[must_use]
pub fn role_title(name: &str, role: Role) -> String {
    match role {
        Role::SystemAdmin => format!("Make {name} a System Admin?"),
        Role::Member => format!("Make {name} a member?"),
    }
}

/// What that means.
#[must_use]
pub fn role_about(name: &str, plan: &str, role: Role) -> String {
    match role {
        Role::SystemAdmin => format!(
            "{name} will answer for {plan} as you do: its expiration policy, its people, its apps, every token in it \
             and its audit log. They can also make you a member, and deactivate you."
        ),
        Role::Member => format!(
            "{name} keeps their own access tokens in {plan} and loses its Admin Center. Programs that administer the \
             plan in their name are refused from the next call on, and whom they invited cannot accept any more."
        ),
    }
}

/// The button that does it.
#[must_use]
pub const fn role_action(role: Role) -> &'static str {
    match role {
        Role::SystemAdmin => "Make System Admin",
        Role::Member => "Make member",
    }
}

/// Somebody became something else.
#[must_use]
pub fn role_changed(name: &str, role: Role) -> String {
    match role {
        Role::SystemAdmin => format!("{name} is a System Admin now."),
        Role::Member => format!("{name} is a member now."),
    }
}

/// What reactivating does.
#[must_use]
pub fn reactivate_about(name: &str, plan: &str) -> String {
    format!(
        "{name} can act in {plan} again and generate new tokens there. What has ended stays ended: none of \
         their tokens and apps comes back. It concerns {plan} alone."
    )
}

/// The button that deactivates, with what it ends.
#[must_use]
pub fn deactivate_action(tokens: u32, apps: u32) -> String {
    let ended = counts(tokens, apps);
    ended.map_or_else(
        || DEACTIVATE.to_owned(),
        |ended| format!("Deactivate and end {ended}"),
    )
}

/// Somebody was deactivated.
#[must_use]
pub fn deactivated(ended: &Deactivation) -> String {
    let name = &ended.user.name;
    let apps = u32::try_from(ended.clients.len()).unwrap_or(u32::MAX);
    counts(ended.tokens, apps).map_or_else(
        || format!("{name} is deactivated."),
        |counts| format!("{name} is deactivated. Ended for good: {counts}."),
    )
}

/// Somebody was reactivated.
#[must_use]
pub fn reactivated(name: &str) -> String {
    format!("{name} is active again.")
}

/// Why somebody could not be deactivated or reactivated. The server's own sentence says what conflicts.
#[must_use]
pub fn not_changed(error: &ApiError) -> Words {
    match error {
        ApiError::Problem(problem) if problem.kind() == Some(Kind::Conflict) => Words {
            what: problem
                .detail
                .as_deref()
                .map_or_else(|| problem.title.clone(), reasons::sentence),
            remedy: "Nothing was changed.".to_owned(),
            reference: None,
            passes: false,
        },
        error => problems::words_of_call(error, UNREACHED),
    }
}

/// `3 tokens and 1 app`, as far as there are any.
fn counts(tokens: u32, apps: u32) -> Option<String> {
    match (tokens, apps) {
        (0, 0) => None,
        (tokens, 0) => Some(counted(tokens, "token")),
        (0, apps) => Some(counted(apps, "app")),
        (tokens, apps) => Some(format!(
            "{} and {}",
            counted(tokens, "token"),
            counted(apps, "app")
        )),
    }
}

fn counted(count: u32, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", format::number(count.into()))
}
