//! Words of Admin Center > OAuth clients: clients and the plan's scopes.

use tenure_domain::wire::clients::AuthMethod;

/// The heading of the list of clients.
pub const CLIENTS: &str = "Registered clients";
/// The client's column.
pub const COLUMN_CLIENT: &str = "Client";
/// The client id's accessible name.
pub const CLIENT_ID: &str = "Client ID";
/// The scopes' column.
pub const COLUMN_SCOPES: &str = "Scopes";
/// The registration's column.
pub const COLUMN_REGISTERED: &str = "Registered";
/// A client that may ask for no scope.
pub const NO_SCOPES: &str = "none";
/// The list without any.
pub const EMPTY: &str = "No client is registered. Register one so that an app can ask people for access, or an API can ask whether a token is good.";

/// Opens the dialog.
pub const REGISTER: &str = "Register a client";
/// The button in the dialog.
pub const REGISTER_ACTION: &str = "Register";
/// Opens the dialog that changes a client.
pub const EDIT: &str = "Edit";
/// The button in the dialogs that change something.
pub const SAVE: &str = "Save";
/// Opens the dialog that gives a client another secret, and does it.
pub const ROTATE: &str = "Rotate secret";
/// Leads to a client's tokens.
pub const TOKENS: &str = "Tokens";
/// Ends a client.
pub const DELETE: &str = "Delete";

/// The name's label.
pub const NAME: &str = "Name";
/// What a good name is.
pub const NAME_HINT: &str = "People read it on the consent page.";
/// The kind's label.
pub const KIND: &str = "What it is";
/// The redirect URIs' label.
pub const REDIRECT_URIS: &str = "Redirect URIs";
/// What they are.
pub const REDIRECT_URIS_HINT: &str =
    "Where answers may go, to the character: one address on each line.";
/// The scopes' label.
pub const SCOPES: &str = "Scopes";
/// A scope that the client has, and the plan has no more.
pub const SCOPE_GONE: &str = "The plan no longer offers it. Take the check away to save.";

/// The client's secret.
pub const SECRET: &str = "Client secret";
/// Copies the client id where the secret stands beside it.
pub const COPY_CLIENT_ID: &str = "Copy client ID";
/// What to know about the secret.
pub const SECRET_WARNING: &str = "This is the only time it is shown. Keep it like a password: whoever has it can act as this client.";
/// What a client without a secret needs.
pub const NO_SECRET: &str =
    "It has no secret: each time that it asks for access, it proves itself with PKCE (S256).";
/// Before the dialog closes without a copy.
pub const LEAVE: &str = "You have not copied the secret. It cannot be shown again: without it you need to rotate it once more.";
/// Stays.
pub const LEAVE_STAY: &str = "Back to the secret";
/// Leaves.
pub const LEAVE_GO: &str = "Leave without copying";

/// The overlap's label.
pub const OVERLAP: &str = "The old secret";
/// What there is to choose, by the overlap in hours.
pub const OVERLAPS: [(u16, &str); 3] = [
    (24, "works for 24 hours more"),
    (1, "works for 1 hour more"),
    (0, "stops working at once"),
];
/// What rotating without an overlap does.
pub const ROTATE_AT_ONCE: &str = "The old secret stops working at once: until it has the new one, the client is refused. Choose this if somebody else may have the old one.";

/// The server was not reached by a registration.
pub const REGISTER_UNREACHED: &str = "Press the button again when the connection is back. If the list then has a client of this name already, delete it: its secret is lost.";
/// The server was not reached by a change, or by the end of something.
pub const CHANGE_UNREACHED: &str =
    "It may have been done all the same. Press the button again when the connection is back.";
/// The server was not reached by a rotation.
pub const ROTATE_UNREACHED: &str = "It may have been done all the same; the new secret is then lost. Press the button again when the connection is back: the secret before the last one ends with that.";

/// What deleting an app does.
pub const DELETE_APP: &str = "Everything that it holds in anybody's name ends at once: its access tokens stop working, and it cannot get others. This cannot be undone; people would have to allow a new client again.";
/// What deleting a resource server does.
pub const DELETE_RESOURCE_SERVER: &str = "It can ask no more whether tokens are good, so it will refuse the calls that it guards. This cannot be undone; a new client would have to take its place.";

/// The heading of the list of scopes.
pub const SCOPES_TITLE: &str = "Scopes";
/// What they are.
pub const SCOPES_ABOUT: &str = "What tokens of this plan may be used for. When an app asks for some of them, the consent page says their sentences. Define one for each thing that your APIs tell apart.";
/// A scope's column.
pub const COLUMN_SCOPE: &str = "Scope";
/// The sentence's column.
pub const COLUMN_SENTENCE: &str = "What it lets somebody do";
/// A scope that nobody can change.
pub const OWN: &str = "Tenure's own";
/// Opens the dialog.
pub const DEFINE: &str = "Define a scope";
/// The button in the dialog.
pub const DEFINE_ACTION: &str = "Define";
/// Opens the dialog that words a scope anew.
pub const REWORD: &str = "Reword";
/// Takes a scope away.
pub const REMOVE: &str = "Remove";
/// What a scope's name is.
pub const SCOPE_NAME_HINT: &str =
    "Apps ask for it by this name, such as orders:read. It cannot be changed later.";
/// The sentence's label.
pub const SENTENCE: &str = "Sentence";
/// What a good sentence is.
pub const SENTENCE_HINT: &str =
    "The consent page says it after what the app would be allowed to do: See your orders.";
/// What removing a scope does.
pub const REMOVE_ABOUT: &str = "Nobody can ask for it any more, clients that may ask for it included. Tokens that have it keep it.";
/// A name of Tenure's own scopes.
pub const SCOPE_IS_OWN: &str = "this scope is Tenure's own; choose another name";
/// A name that the plan has already.
pub const SCOPE_IS_TAKEN: &str = "the plan has this scope already; reword it instead";

/// The owner's column in the list of a client's tokens.
pub const COLUMN_OWNER: &str = "Whose";
/// The list of a client's tokens without any.
pub const NO_TOKENS: &str =
    "This client has got no token yet. It gets one when somebody allows it on the consent page.";

/// The kind in the list.
#[must_use]
pub const fn kind(method: AuthMethod, resource_server: bool) -> &'static str {
    match (method, resource_server) {
        (_, true) => "Resource server: an API that only checks tokens",
        (AuthMethod::None, _) => "Public: an app without a secret",
        (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, _) => {
            "Confidential: an app with a server"
        }
    }
}

/// The kind as a choice.
#[must_use]
pub const fn kind_choice(method: AuthMethod, resource_server: bool) -> &'static str {
    match (method, resource_server) {
        (_, true) => "An API that only checks tokens",
        (AuthMethod::None, _) => "An app without a secret",
        (AuthMethod::ClientSecretBasic, _) => "An app with a server",
        (AuthMethod::ClientSecretPost, _) => "An app with a server, secret in the body",
    }
}

/// What the choice means.
#[must_use]
pub const fn kind_about(method: AuthMethod, resource_server: bool) -> &'static str {
    match (method, resource_server) {
        (_, true) => {
            "It asks Tenure whether tokens are good (introspection), with a secret, and asks for none itself."
        }
        (AuthMethod::None, _) => {
            "It runs where a secret cannot be kept: on somebody's device, or in the browser."
        }
        (AuthMethod::ClientSecretBasic, _) => {
            "Its server keeps a secret and sends it by HTTP Basic (client_secret_basic). The usual choice."
        }
        (AuthMethod::ClientSecretPost, _) => {
            "Its server keeps a secret and sends it in the request's body (client_secret_post), where it cannot by HTTP Basic."
        }
    }
}

/// What is wrong with one of several lines.
#[must_use]
pub fn on_line(line: usize, reason: &str) -> String {
    format!("Line {line}: {reason}")
}

/// Who registered a client.
#[must_use]
pub fn registered_by(name: &str) -> String {
    format!("by {name}")
}

/// While the secret before still works.
#[must_use]
pub fn old_secret_until(until: &str) -> String {
    format!("The old secret works until {until}.")
}

/// An older secret that a rotation would end.
#[must_use]
pub fn older_secret_ends(until: &str) -> String {
    format!("A secret from before still works until {until}. Rotating now ends that one at once.")
}

/// What rotating with an overlap does.
#[must_use]
pub fn rotate_overlap(until: &str) -> String {
    format!(
        "Rotated now, both secrets work until {until}. Give the client the new one before that: then the old one stops."
    )
}

/// The title of the dialog that changes a client.
#[must_use]
pub fn edit_title(name: &str) -> String {
    format!("Edit {name}")
}

/// The title of the dialog that gives a client another secret.
#[must_use]
pub fn rotate_title(name: &str) -> String {
    format!("Rotate the secret of {name}")
}

/// The title of the dialog that words a scope anew.
#[must_use]
pub fn reword_title(name: &str) -> String {
    format!("Reword {name}")
}

/// The dialog's title once the secret is there.
#[must_use]
pub fn secret_title(name: &str) -> String {
    format!("Copy the secret of {name} now")
}

/// The dialog's title once a client without a secret is there.
#[must_use]
pub fn registered_title(name: &str) -> String {
    format!("{name} is registered")
}

/// Asks before a client is deleted.
#[must_use]
pub fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

/// Asks before a scope is removed.
#[must_use]
pub fn remove_title(name: &str) -> String {
    format!("Remove {name}?")
}

/// A client was changed, or a scope defined or worded anew.
#[must_use]
pub fn saved(name: &str) -> String {
    format!("{name} is saved.")
}

/// A client was deleted.
#[must_use]
pub fn deleted(name: &str) -> String {
    format!("{name} is deleted. Everything that it held has ended.")
}

/// A scope was removed.
#[must_use]
pub fn removed(name: &str) -> String {
    format!("{name} is removed.")
}

/// The heading of a client's tokens; without its name while that is not known.
#[must_use]
pub fn tokens_of(name: Option<&str>) -> String {
    name.map_or_else(
        || "Tokens of an OAuth client".to_owned(),
        |name| format!("Tokens of {name}"),
    )
}
