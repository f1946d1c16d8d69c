//! The REST API, one file a resource. A handler is always the same steps in this order: `now` once;
//! open the transaction and load; decide; apply and audit; commit and reply.

pub(crate) mod alerts;
pub(crate) mod audit_events;
pub(crate) mod auth_health;
pub(crate) mod authorization;
pub(crate) mod calendars;
pub(crate) mod checks;
pub(crate) mod connected_apps;
mod ending_list;
pub(crate) mod events;
pub(crate) mod impact;
pub(crate) mod inventory;
pub(crate) mod invitations;
pub(crate) mod notices;
pub(crate) mod oauth_clients;
pub(crate) mod operation;
pub(crate) mod paging;
pub(crate) mod policies;
pub(crate) mod profile;
pub(crate) mod scopes;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod token_life;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod verify;
pub(crate) mod webhook;
