//! The tokens of a plan in the orders that indexes have: each a *strand*, walked page by page in either
//! direction. A list in some order, narrowed in some way, is a merge of strands (`ops::inventory`).
//!
//! No strand sorts more than the tokens of one hour, and none looks at tokens that it does not give.
//! Deliberately not here: how a token stands. That is derived, and decided by whoever walks.

use tenure_domain::{
    id::{ClientId, PlanId, UserId},
    time::Timestamp,
    token::TokenKind,
};

use super::{Token, plan::hour, row::TokenRow, tokens};
use crate::store::{
    Tx,
    error::StoreError,
    statement::{Arg, Statement, args, statements},
};

/// A page of a strand in the order of an instant (`$key`), upwards and downwards: of the plan $1, behind the
/// place $2 and $3, up to the bound $4, at most $5 tokens. $6 says whose, where the strand is somebody's.
macro_rules! upwards {
    ($key:literal, $condition:literal) => {
        concat!(
            "select ",
            columns!(),
            " from tokens where plan_id = $1 and ",
            $condition,
            " and (",
            $key,
            ", id) > ($2, $3) and ",
            $key,
            " < $4 order by ",
            $key,
            ", id limit $5"
        )
    };
}

macro_rules! downwards {
    ($key:literal, $condition:literal) => {
        concat!(
            "select ",
            columns!(),
            " from tokens where plan_id = $1 and ",
            $condition,
            " and (",
            $key,
            ", id) < ($2, $3) and ",
            $key,
            " >= $4 \
             order by ",
            $key,
            " desc, id desc limit $5"
        )
    };
}

/// The same by activity: an index has the hours, from $6 to $7, and what lies in one hour is sorted.
macro_rules! upwards_by_hour {
    ($key:literal, $condition:literal) => {
        concat!(
            "select ",
            columns!(),
            " from tokens where plan_id = $1 and ",
            $condition,
            " and last_active_hour >= $6 and last_active_hour <= $7 and (",
            $key,
            ", id) > ($2, $3) and ",
            $key,
            " < $4 order by last_active_hour, ",
            $key,
            ", id limit $5"
        )
    };
}

macro_rules! downwards_by_hour {
    ($key:literal, $condition:literal) => {
        concat!(
            "select ",
            columns!(),
            " from tokens where plan_id = $1 and ",
            $condition,
            " and last_active_hour <= $6 and last_active_hour >= $7 and (",
            $key,
            ", id) < ($2, $3) and ",
            $key,
            " >= $4 order by last_active_hour desc, ",
            $key,
            " desc, id desc limit $5"
        )
    };
}

/// A page of all tokens by name, in either direction.
macro_rules! named {
    ($condition:literal, $direction:literal) => {
        concat!(
            "select ",
            columns!(),
            " from tokens where plan_id = $1",
            $condition,
            " order by name_key",
            $direction,
            ", id",
            $direction
        )
    };
}

statements! {
    OF_KIND_UP = upwards!("created_at", "kind = $6 and id > ''");
    OF_KIND_DOWN = downwards!("created_at", "kind = $6 and id > ''");
    OF_CLIENT_UP = upwards!("created_at", "client_id = $6");
    OF_CLIENT_DOWN = downwards!("created_at", "client_id = $6");
    UNREVOKED_OF_UP = upwards!("created_at", "owner_id = $6 and kind = 'user_access' and revoked_at is null");
    UNREVOKED_OF_DOWN = downwards!("created_at", "owner_id = $6 and kind = 'user_access' and revoked_at is null");
    REVOKED_OF_UP = upwards!("created_at", "owner_id = $6 and kind = 'user_access' and revoked_at is not null");
    REVOKED_OF_DOWN = downwards!("created_at", "owner_id = $6 and kind = 'user_access' and revoked_at is not null");
    HELD_OF_UP = upwards!("created_at", "owner_id = $6 and kind = 'oauth_access'");
    HELD_OF_DOWN = downwards!("created_at", "owner_id = $6 and kind = 'oauth_access'");
    REVOKED_UP = upwards!("created_at", "revoked_at is not null");
    REVOKED_DOWN = downwards!("created_at", "revoked_at is not null");
    SUSPICIOUS_UP = upwards!("created_at", "suspicious_since is not null");
    SUSPICIOUS_DOWN = downwards!("created_at", "suspicious_since is not null");
    ROTATED_UP = upwards!("created_at", "retires_at is not null");
    ROTATED_DOWN = downwards!("created_at", "retires_at is not null");
    RETIRING_BY_END_UP = upwards!("retires_at", "revoked_at is null and retires_at is not null");
    RETIRING_BY_END_DOWN = downwards!("retires_at", "revoked_at is null and retires_at is not null");
    NEVER_USED_UP = upwards!("created_at", "last_used_at is null");
    NEVER_USED_DOWN = downwards!("created_at", "last_used_at is null");
    USED_UP = upwards_by_hour!("last_used_at", "last_used_at is not null");
    USED_DOWN = downwards_by_hour!("last_used_at", "last_used_at is not null");
    ACTIVE_UP = upwards_by_hour!("last_active_at", "revoked_at is null");
    ACTIVE_DOWN = downwards_by_hour!("last_active_at", "revoked_at is null");
    NAMED_UP = concat!(named!(" and (name_key, id) > ($2, $3)", ""), " limit $4");
    NAMED_DOWN = concat!(named!(" and (name_key, id) < ($2, $3)", " desc"), " limit $4");
    // No name is the last of all.
    NAMED_FROM_END = concat!(named!("", " desc"), " limit $2");
}

/// Which tokens of a plan, and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strand {
    /// Those of a kind, by creation.
    OfKind(TokenKind),
    /// Those that a client got, by creation.
    OfClient(ClientId),
    /// An owner's own that nobody has revoked, by creation.
    UnrevokedOf(UserId),
    /// An owner's own that were revoked, by creation.
    RevokedOf(UserId),
    /// Those that clients hold in an owner's name, by creation.
    HeldOf(UserId),
    /// Those that were revoked, by creation.
    Revoked,
    /// Those whose use looks like somebody else's, by creation.
    Suspicious,
    /// Those that were rotated with an overlap, by creation.
    Rotated,
    /// Those of them that nobody has revoked, by the end of their overlap.
    RetiringByEnd,
    /// Those that were never used, by creation.
    NeverUsed,
    /// Those that were used, by their last use.
    Used,
    /// Those that nobody has revoked, by their last activity: use, or creation.
    Active,
    /// All, by name.
    Named,
}

/// From which instant on and before which, of a strand's own order. [`Strand::Named`] has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it that is none of them.
    pub before: Timestamp,
}

impl Bounds {
    /// All instants.
    pub const ALL: Self = Self {
        from: Timestamp::MIN,
        before: Timestamp::MAX,
    };

    /// Whether an instant is among them.
    #[must_use]
    pub fn have(self, at: Timestamp) -> bool {
        self.from <= at && at < self.before
    }

    /// What both have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            before: self.before.min(other.before),
        }
    }
}

impl Strand {
    /// Whether it is in the order of creation.
    #[must_use]
    pub const fn is_by_creation(&self) -> bool {
        !matches!(
            self,
            Self::RetiringByEnd | Self::Used | Self::Active | Self::Named
        )
    }

    /// The instant by which it has this token in its place.
    fn instant(&self, token: &Token) -> Timestamp {
        let facts = &token.facts;
        match self {
            Self::RetiringByEnd => facts.retires_at.unwrap_or(facts.created_at),
            Self::Used | Self::Active => facts.last_used_at.unwrap_or(facts.created_at),
            _ => facts.created_at,
        }
    }

    fn statement(&self, descending: bool) -> &'static Statement {
        let [up, down]: [&'static Statement; 2] = match self {
            Self::OfKind(_) => [&OF_KIND_UP, &OF_KIND_DOWN],
            Self::OfClient(_) => [&OF_CLIENT_UP, &OF_CLIENT_DOWN],
            Self::UnrevokedOf(_) => [&UNREVOKED_OF_UP, &UNREVOKED_OF_DOWN],
            Self::RevokedOf(_) => [&REVOKED_OF_UP, &REVOKED_OF_DOWN],
            Self::HeldOf(_) => [&HELD_OF_UP, &HELD_OF_DOWN],
            Self::Revoked => [&REVOKED_UP, &REVOKED_DOWN],
            Self::Suspicious => [&SUSPICIOUS_UP, &SUSPICIOUS_DOWN],
            Self::Rotated => [&ROTATED_UP, &ROTATED_DOWN],
            Self::RetiringByEnd => [&RETIRING_BY_END_UP, &RETIRING_BY_END_DOWN],
            Self::NeverUsed => [&NEVER_USED_UP, &NEVER_USED_DOWN],
            Self::Used => [&USED_UP, &USED_DOWN],
            Self::Active => [&ACTIVE_UP, &ACTIVE_DOWN],
            Self::Named => [&NAMED_UP, &NAMED_DOWN],
        };
        if descending { down } else { up }
    }

    /// Whose tokens they are, or of which kind, where the statement asks.
    fn whose(&self) -> Option<&str> {
        match self {
            Self::OfKind(kind) => Some(kind.as_str()),
            Self::OfClient(client) => Some(client.as_str()),
            Self::UnrevokedOf(owner) | Self::RevokedOf(owner) | Self::HeldOf(owner) => {
                Some(owner.as_str())
            }
            _ => None,
        }
    }

    /// The next tokens of a plan in this strand, behind this one, or from the beginning.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn page(
        &self,
        tx: &mut Tx,
        plan: &PlanId,
        (bounds, descending): (Bounds, bool),
        after: Option<&Behind>,
        limit: i64,
    ) -> Result<Vec<Token>, StoreError> {
        let statement = self.statement(descending);
        if *self == Self::Named {
            return named(tx, plan, statement, descending, after, limit).await;
        }
        let (start, bound) = match descending {
            false => (bounds.from, bounds.before),
            true => (bounds.before, bounds.from),
        };
        let (at, id) = after.map_or((start, ""), |it| (it.at, &it.id));
        let mut args = args![plan.as_str(), at, id, bound, limit].to_vec();
        match self {
            Self::Used | Self::Active => args.extend([hour(at), hour(bound)].map(Arg::from)),
            _ => args.extend(self.whose().map(Arg::from)),
        }
        tokens(tx.all(statement, &args).await?)
    }

    /// The place behind this token.
    #[must_use]
    pub fn behind(&self, token: &Token) -> Behind {
        Behind {
            at: self.instant(token),
            // As the database makes it of the name.
            name: match self {
                Self::Named => name_key(&token.name),
                _ => String::new(),
            },
            id: token.id.0.clone(),
        }
    }
}

async fn named(
    tx: &mut Tx,
    plan: &PlanId,
    statement: &'static Statement,
    descending: bool,
    after: Option<&Behind>,
    limit: i64,
) -> Result<Vec<Token>, StoreError> {
    let rows: Vec<TokenRow> = match after {
        None if descending => tx.all(&NAMED_FROM_END, args![plan.as_str(), limit]).await?,
        _ => {
            let (name, id) = after.map_or(("", ""), |it| (&it.name, &it.id));
            tx.all(statement, args![plan.as_str(), name, id, limit])
                .await?
        }
    };
    tokens(rows)
}

/// By what names are in order: letters of ASCII alike.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// A place in a strand: behind a token.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Behind {
    at: Timestamp,
    name: String,
    id: String,
}
