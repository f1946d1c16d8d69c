//! The words of the REST API, one module a resource: what server and console say to each other.
//!
//! Only shapes, and the step from a shape to the domain's own types. No rule is decided here.

pub mod alerts;
pub mod audit;
pub mod auth_health;
pub mod authorization;
pub mod calendars;
pub mod checks;
pub mod clients;
pub mod connected_apps;
pub mod impact;
pub mod inventory;
pub mod invitations;
pub mod life;
pub mod live;
pub mod notices;
pub mod page;
pub mod policies;
pub mod scopes;
pub mod session;
pub mod setup;
pub mod tokens;
pub mod users;
