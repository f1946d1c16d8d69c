//! What more than one caller does in one piece: request handlers, jobs, commands, sample data.
//!
//! An operation that takes a transaction writes its audit event there and leaves the commit to the
//! caller. One that takes the store ([`observe`], [`sweep`], [`effects`], [`setup_link`]) has committed when it returns.

pub mod alerts;
pub mod calendars;
pub mod clients;
pub mod effects;
pub mod grants;
pub mod impact;
pub mod inventory;
pub mod invitations;
pub mod members;
pub mod notices;
pub mod observe;
pub mod people;
pub mod policies;
pub mod setup_link;
pub mod suspicion;
pub mod sweep;
pub mod tokens;
pub mod webhooks;

use tenure_domain::id::UserId;

/// Who does something, and from where, as the audit log is to tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The user; nobody for an operator at the command line.
    pub user: Option<UserId>,
    /// The address that the call came from.
    pub address: Option<String>,
}

impl Actor {
    /// An operator at the command line.
    pub const OPERATOR: Self = Self {
        user: None,
        address: None,
    };

    /// This user, from an address that is not known.
    #[must_use]
    pub const fn user(id: UserId) -> Self {
        Self {
            user: Some(id),
            address: None,
        }
    }
}
