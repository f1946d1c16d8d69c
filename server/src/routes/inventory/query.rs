//! What the query of a list of tokens asks for.

use serde::Deserialize;
use tenure_domain::{
    id::{ClientId, UserId},
    time::Timestamp,
    token::{Status, TokenKind},
};

use crate::{
    ops::inventory::{Asked, Filter, Reach, Sort},
    store::tokens::Bounds,
};

/// The query as it comes.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    status: Option<Status>,
    kind: Option<TokenKind>,
    owner: Option<UserId>,
    client: Option<ClientId>,
    created_after: Option<Timestamp>,
    created_before: Option<Timestamp>,
    expires_after: Option<Timestamp>,
    expires_before: Option<Timestamp>,
    last_used_after: Option<Timestamp>,
    last_used_before: Option<Timestamp>,
    text: Option<String>,
    #[serde(default)]
    sort: Order,
}

/// By what, and in which direction.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
enum Order {
    #[serde(rename = "created")]
    Created,
    #[default]
    #[serde(rename = "-created")]
    CreatedLastFirst,
    #[serde(rename = "last_used")]
    LastUsed,
    #[serde(rename = "-last_used")]
    LastUsedLastFirst,
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameLastFirst,
    #[serde(rename = "expires")]
    Expires,
    #[serde(rename = "-expires")]
    ExpiresLastFirst,
}

impl ListQuery {
    /// What is asked for.
    pub(super) fn parse(self) -> Asked {
        let text = self.text.map(|text| text.trim().to_owned());
        let (sort, descending) = match self.sort {
            Order::Created => (Sort::Created, false),
            Order::CreatedLastFirst => (Sort::Created, true),
            Order::LastUsed => (Sort::LastUsed, false),
            Order::LastUsedLastFirst => (Sort::LastUsed, true),
            Order::Name => (Sort::Name, false),
            Order::NameLastFirst => (Sort::Name, true),
            Order::Expires => (Sort::Expires, false),
            Order::ExpiresLastFirst => (Sort::Expires, true),
        };
        let filter = Filter {
            status: self.status,
            kind: self.kind,
            owner: self.owner,
            client: self.client,
            created: bounds(self.created_after, self.created_before).unwrap_or(Bounds::ALL),
            expires: bounds(self.expires_after, self.expires_before),
            last_used: bounds(self.last_used_after, self.last_used_before),
            text: text.filter(|text| !text.is_empty()),
        };
        Asked {
            filter,
            sort,
            descending,
            reach: Reach::default(),
        }
    }
}

fn bounds(after: Option<Timestamp>, before: Option<Timestamp>) -> Option<Bounds> {
    (after.is_some() || before.is_some()).then(|| Bounds {
        from: after.unwrap_or(Timestamp::MIN),
        before: before.unwrap_or(Timestamp::MAX),
    })
}
