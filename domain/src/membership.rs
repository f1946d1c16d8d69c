//! What may become of somebody's place in a plan: no plan is left without a System Admin.
//!
//! The server decides by it and the console asks it before it offers anything. Deliberately not here: who
//! asks (only System Admins do), and what ends with a place.

use core::fmt;

use crate::{plan::Role, problem::FieldError};

/// Somebody's place in a plan, and who else could take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// What they are in it.
    pub role: Role,
    /// Whether they are not deactivated.
    pub is_active: bool,
    /// Whether the plan has another System Admin who is not deactivated.
    pub others_administer: bool,
}

/// What is to become of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// They become this.
    Role(Role),
    /// They can no longer act in the plan.
    Deactivation,
    /// They can act in it again, as what they were.
    Reactivation,
}

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody deactivates themselves.
    Oneself,
    /// Nobody would administer the plan afterwards.
    LastAdmin,
}

impl Refused {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Oneself => "oneself",
            Self::LastAdmin => "last_system_admin",
        }
    }

    /// The error as a problem reports it.
    #[must_use]
    pub fn at(self, pointer: &str) -> FieldError {
        FieldError {
            pointer: pointer.to_owned(),
            code: self.code().to_owned(),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Oneself => "you cannot deactivate yourself; another System Admin can",
            Self::LastAdmin => {
                "this is the plan's last System Admin; make somebody else System Admin first"
            }
        })
    }
}

/// Whether a System Admin may change this place so. `is_own` says that it is the admin's own.
///
/// # Errors
/// Why not.
pub const fn may_change(place: Place, change: Change, is_own: bool) -> Result<(), Refused> {
    let stays_admin = match change {
        Change::Role(role) => role.administers(),
        Change::Deactivation if is_own => return Err(Refused::Oneself),
        Change::Deactivation => false,
        Change::Reactivation => return Ok(()),
    };
    let administers = place.role.administers() && place.is_active;
    if administers && !stays_admin && !place.others_administer {
        Err(Refused::LastAdmin)
    } else {
        Ok(())
    }
}

/// Whether only people may change this place so, and no program in anybody's name: whoever makes System Admins has
/// signed in.
#[must_use]
pub const fn is_for_people(place: Place, change: Change) -> bool {
    match change {
        Change::Role(_) => true,
        Change::Deactivation => false,
        Change::Reactivation => place.role.administers() && !place.is_active,
    }
}
