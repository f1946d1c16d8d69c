//! From a refresh token to the next pair of tokens (RFC 6749, section 6), and what is seen of it.
//!
//! Deliberately not here: what a refresh token is worth, which is `domain::refresh`, and writing the pair, which is
//! `ops::grants`.

use axum::response::Response;
use tenure_domain::{
    id::TokenId,
    refresh::Decision,
    token::RevocationReason,
    token_text::{self, TextKind},
    wire::auth_health::Outcome,
};
use uuid::Uuid;

use super::{
    ErrorCode, OauthError, OauthResult,
    client_auth::guess,
    token::{Call, no_grant},
};
use crate::{
    ops::grants::{self, Pair},
    secret,
    store::{
        StoreError, Tx,
        oauth_grants::Ending,
        oauth_refresh_tokens::{self as refresh_tokens, RefreshToken},
    },
};

/// Why there is no next pair: what the client is told, and as what it counts.
struct NotRenewed {
    error: OauthError,
    /// `None` where something broke, which says nothing of what was presented.
    outcome: Option<Outcome>,
}

impl NotRenewed {
    const fn new(outcome: Outcome, description: &'static str) -> Self {
        Self {
            error: no_grant(description),
            outcome: Some(outcome),
        }
    }

    /// A refusal counts so; a failure does not count.
    fn counts_as(outcome: Outcome) -> impl Fn(OauthError) -> Self {
        move |error| {
            let refused = matches!(
                error.code,
                ErrorCode::InvalidGrant | ErrorCode::InvalidScope
            );
            Self {
                outcome: refused.then_some(outcome),
                error,
            }
        }
    }
}

impl From<OauthError> for NotRenewed {
    fn from(error: OauthError) -> Self {
        Self {
            error,
            outcome: None,
        }
    }
}

impl From<StoreError> for NotRenewed {
    fn from(error: StoreError) -> Self {
        OauthError::from(error).into()
    }
}

impl Call<'_> {
    /// The next pair for a refresh token, or why there is none; either way it is seen.
    pub(super) async fn refresh(&self, mut tx: Tx) -> OauthResult<Response> {
        let text = self
            .form
            .need("refresh_token", "refresh_token is missing")?;
        let presented = match token_text::recognise(text) {
            Ok(TextKind::Refresh) => refresh_tokens::by_hash(&mut tx, &secret::hash(text)).await?,
            _ => {
                self.saw(None, Outcome::RefreshUnknown);
                return Err(no_grant("this is not the text of a refresh token"));
            }
        };
        let Some(presented) = presented else {
            self.saw(None, Outcome::RefreshUnknown);
            guess(self.app, self.address)?;
            return Err(no_grant("there is no such refresh token"));
        };
        match self.renew(tx, &presented).await {
            Ok(pair) => {
                self.saw(Some(&presented), Outcome::Refreshed);
                Ok(self.answer(pair))
            }
            Err(NotRenewed { error, outcome }) => {
                if let Some(outcome) = outcome {
                    self.saw(Some(&presented), outcome);
                }
                Err(error)
            }
        }
    }

    /// The next pair in the place of the one that this refresh token belongs to.
    async fn renew(&self, mut tx: Tx, presented: &RefreshToken) -> Result<Pair, NotRenewed> {
        let grant = self
            .grant(&mut tx, &presented.grant)
            .await
            .map_err(NotRenewed::counts_as(Outcome::RefreshOtherClient))?;
        let scope = self
            .narrowed(&grant)
            .map_err(NotRenewed::counts_as(Outcome::RefreshScope))?;
        let idle = self.app.settings.refresh_idle;
        let was_used = |token: &TokenId| {
            Uuid::try_parse(token.as_str())
                .is_ok_and(|token| self.app.verifier.has_noted_use(token))
        };
        let decision = grants::judge(&mut tx, presented, &grant, idle, self.now, was_used).await?;
        match decision {
            Decision::Renew | Decision::Heal => {
                let refused = match grant.ended_at {
                    Some(_) => Outcome::RefreshEnded,
                    None => Outcome::RefreshOwnerInactive,
                };
                self.still_allowed(&mut tx, &grant)
                    .await
                    .map_err(NotRenewed::counts_as(refused))?;
                let pair = self
                    .mint()
                    .renew(&mut tx, &grant, presented, &scope)
                    .await?;
                tx.commit().await?;
                Ok(pair)
            }
            Decision::Replay => {
                self.end(tx, &grant, Ending::Revoked(RevocationReason::Reuse))
                    .await?;
                Err(NotRenewed::new(
                    Outcome::RefreshReplayed,
                    "the refresh token was used before; all that came of this authorization has ended",
                ))
            }
            Decision::TooOld => {
                self.end(tx, &grant, Ending::Idle).await?;
                Err(NotRenewed::new(
                    Outcome::RefreshUnused,
                    "the refresh token was not used for too long",
                ))
            }
            Decision::Ended => Err(NotRenewed::new(
                Outcome::RefreshEnded,
                "the authorization has ended; authorize again",
            )),
        }
    }

    /// Counts what became of a refresh token. Of another client's nothing is told to this one's plan.
    fn saw(&self, presented: Option<&RefreshToken>, outcome: Outcome) {
        let id = |text: &str| Uuid::try_parse(text).ok();
        let token = presented
            .filter(|_| outcome != Outcome::RefreshOtherClient)
            .and_then(|presented| id(presented.access_token.as_str()));
        let client = (id(self.client.plan.as_str()), id(self.client.id.as_str()));
        let now = self.now;
        self.app
            .sightings
            .refresh(&self.arrival, client, token, outcome, now);
    }
}
