//! `/api/v1/me/connected-apps`: the clients that may act in a person's name.

use crate::json::from_json;
use serde::{Deserialize, Serialize};

use super::{session::PlanRef, tokens::ClientRef};
use crate::{scope::Scopes, time::Timestamp};

/// A client that may act in the person's name in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectedApp {
    /// The client.
    pub client: ClientRef,
    /// The plan that it acts in.
    pub plan: PlanRef,
    /// What it may do.
    pub scope: Scopes,
    /// Since when.
    pub since: Timestamp,
    /// The latest call in the person's name; null when there was none.
    pub last_used_at: Option<Timestamp>,
    /// When the access token that it holds now stops working; null for never, or when it has none that
    /// works. It may still get another one by its refresh token.
    pub expires_at: Option<Timestamp>,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectedApps {
    /// The apps, by name.
    pub items: Vec<ConnectedApp>,
}

from_json! {
    ConnectedApp { client, plan, scope, since, last_used_at, expires_at }
}

from_json!(ConnectedApps { items });
