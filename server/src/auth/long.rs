//! Answers that take long: whoever asked is looked at again before each part, so that nobody goes on reading who may
//! not any more.

use std::io;

use axum::{
    BoxError,
    body::{Body, Bytes},
};
use futures_util::{Stream, StreamExt};
use tenure_domain::problem::Kind;

use super::{Access, Credential, SystemAdmin};
use crate::{error::ApiResult, state::AppState, store::sessions, verifier::Outcome};

impl<A: Access> SystemAdmin<A> {
    /// Whether they still are signed in, or their token works, and they administer the plan.
    async fn still(&self, app: &AppState) -> ApiResult<()> {
        let mut tx = app.store.peek().await?;
        match &self.member().credential {
            Credential::Session(hash) => {
                let session = sessions::by_hash(&mut tx, hash, app.clock.now()).await?;
                session.ok_or(Kind::SessionExpired)?;
            }
            Credential::Token(hash) => {
                if let Outcome::Refused(refused) = app.verifier.verify_hash(hash).await? {
                    return Err(refused.kind.into());
                }
            }
        }
        self.membership_now(&mut tx).await.map(drop)
    }
}

/// The body of these parts, which ends before its end when whoever asked may read no more of it.
pub(crate) fn while_allowed<A: Access + Clone, E: Into<BoxError> + Send + 'static>(
    app: AppState,
    admin: SystemAdmin<A>,
    parts: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
) -> Body {
    let parts = parts.then(move |part| {
        let (app, admin) = (app.clone(), admin.clone());
        async move {
            if let Err(error) = admin.still(&app).await {
                tracing::info!(?error, "a long answer was cut off");
                return Err(io::Error::other("cut off").into());
            }
            part.map_err(Into::into)
        }
    });
    Body::from_stream(parts)
}
