//! Words of inviting people, and of the page that an invitation leads to.

use tenure_domain::{notice::NoticeState, plan::Role, wire::invitations::InvitationOffer};

/// Opens the dialog.
pub const INVITE: &str = "Invite";
/// The dialog's heading.
pub const TITLE: &str = "Invite somebody";
/// The dialog's button.
pub const SEND: &str = "Send invitation";
/// What happens then.
pub const ABOUT: &str = "They get a mail with a link that works once, for seven days.";
/// A field.
pub const EMAIL: &str = "Email";
/// A field.
pub const NAME: &str = "Name";
/// Its hint.
pub const NAME_HINT: &str = "May stay empty: they say what they are called.";
/// A field.
pub const ROLE: &str = "Role";
/// The list, and its columns: who, what they will be, since when, how it stands, and what can be done.
pub const INVITED: &str = "Invited";
/// The columns.
pub const COLUMNS: [&str; 5] = ["Invited", "Role", "Since", "Invitation", ""];
/// Nobody waits for an answer.
pub const NOBODY: &str = "Nobody is invited who has not answered.";
/// Sends it again.
pub const SEND_AGAIN: &str = "Send again";
/// Takes it back.
pub const WITHDRAW: &str = "Withdraw";
/// Its link opens nothing any more.
pub const EXPIRED: &str = "Expired";
/// Before the time that the link has left.
pub const EXPIRES: &str = "expires";
/// The server was not reached.
pub const UNREACHED: &str =
    "Look at the list when the connection is back: it may have been done or not.";

/// The page's heading, before it is known what it leads to.
pub const HEADING: &str = "Invitation";
/// The page was opened without the link's secret.
pub const NO_CODE: &str = "This address is not complete";
/// What to do then.
pub const NO_CODE_WHY: &str =
    "Open the whole link in the mail that invited you, with everything after the #.";
/// A field.
pub const YOUR_NAME: &str = "Your name";
/// A field.
pub const PASSWORD: &str = "Password";
/// For whoever has an account.
pub const HAS_ACCOUNT: &str = "You have an account under this address. Accept with its password.";
/// For whoever has none.
pub const NEW_ACCOUNT: &str = "Choose a name and a password: with it you sign in from now on.";
/// Accepts.
pub const ACCEPT: &str = "Accept invitation";

/// What a role is.
#[must_use]
pub const fn role_about(role: Role) -> &'static str {
    match role {
        Role::SystemAdmin => {
            "Answers for the plan: its policy, its people, its apps and every token in it."
        }
        Role::Member => "Has access tokens of their own, and no Admin Center.",
    }
}

/// How its mail stands.
#[must_use]
pub const fn mail(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Queued => "Mail waits",
        NoticeState::Sent => "Mail sent",
        NoticeState::Failed => "Mail failed",
        NoticeState::Suppressed => "Mail not sent",
    }
}

/// It is on its way, for the first time or again.
#[must_use]
pub fn sent(email: &str) -> String {
    format!("The invitation to {email} is on its way.")
}

/// Asks before it is taken back.
#[must_use]
pub fn withdraw_title(email: &str) -> String {
    format!("Withdraw the invitation of {email}?")
}

/// What that does.
#[must_use]
pub fn withdraw_about(email: &str) -> String {
    format!("The link in the mail to {email} opens nothing any more. You can invite them anew.")
}

/// It was taken back.
#[must_use]
pub fn withdrawn(email: &str) -> String {
    format!("The invitation of {email} is withdrawn.")
}

/// What the link leads to.
#[must_use]
pub fn heading(offer: &InvitationOffer) -> String {
    format!("Join {}", offer.plan)
}

/// Who invites, and as what.
#[must_use]
pub fn offer(offer: &InvitationOffer) -> String {
    let role = match offer.role {
        Role::SystemAdmin => "a System Admin",
        Role::Member => "a member",
    };
    let (by, plan) = (&offer.invited_by, &offer.plan);
    format!("{by} invites you to the plan {plan} in Tenure, as {role}.")
}
