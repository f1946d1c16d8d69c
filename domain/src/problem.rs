//! Everything that can go wrong, as the API says it: problem details (RFC 9457) of a closed list of kinds.

use serde::{Deserialize, Serialize};

use crate::{
    json::{Fault, FromJson, Json, from_json},
    wire::policies::ExpirationPolicy,
};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $status:literal, $title:literal;)+) => {
        /// What went wrong. Each kind has one code, one status and one title, for good.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable name for programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status (RFC 9110, section 15).
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// One short sentence, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

kinds! {
    /// The body is no JSON.
    InvalidJson, "invalid_json", 400, "The body is not valid JSON.";
    /// A query parameter or a header cannot be read.
    InvalidRequest, "invalid_request", 400, "The request cannot be read.";
    /// No token and no session came with the call.
    TokenMissing, "token_missing", 401, "This needs a token or a session.";
    /// The text is not that of a token.
    TokenMalformed, "token_malformed", 401, "This is not the text of a token.";
    /// No such token was ever issued here.
    TokenUnknown, "token_unknown", 401, "This token is unknown.";
    /// The token's time has passed.
    TokenExpired, "token_expired", 401, "This token has expired.";
    /// Somebody revoked the token.
    TokenRevoked, "token_revoked", 401, "This token was revoked.";
    /// The token's owner was deactivated in its plan, or the person who signs in in all of theirs.
    OwnerDeactivated, "owner_deactivated", 401, "Its owner was deactivated.";
    /// The session has ended or never was.
    SessionExpired, "session_expired", 401, "The session has ended. Sign in again.";
    /// Email and password do not belong together.
    CredentialsWrong, "credentials_wrong", 401, "Email or password is wrong.";
    /// The setup link is used up or was never valid.
    SetupLinkInvalid, "setup_link_invalid", 403, "This setup link is not valid any more.";
    /// The token is good but lacks a scope for this.
    InsufficientScope, "insufficient_scope", 403, "The token's scopes do not allow this.";
    /// The caller's role in the plan does not allow this.
    RoleRequired, "role_required", 403, "Your role in this plan does not allow this.";
    /// The plan's tier does not include this.
    PlanTierRequired, "plan_tier_required", 403, "This needs a Business or Enterprise plan.";
    /// The call came from another site's page.
    OriginRefused, "origin_refused", 403, "A call from another site was refused.";
    /// Nothing is here.
    NotFound, "not_found", 404, "There is nothing here.";
    /// The path is right, the method is not.
    MethodNotAllowed, "method_not_allowed", 405, "This method is not allowed here.";
    /// The client was too slow.
    RequestTimeout, "request_timeout", 408, "The request took too long.";
    /// It was done before.
    Conflict, "conflict", 409, "This conflicts with what is already there.";
    /// A policy would end more tokens at once than the caller allowed.
    MoreWouldEnd, "more_would_end", 409, "More tokens would stop working than you allowed.";
    /// The link of an invitation opens nothing: `errors` says why.
    InvitationInvalid, "invitation_invalid", 410, "This invitation cannot be accepted.";
    /// `If-Match` names a version that is no longer the current one.
    StaleVersion, "stale_version", 412, "Somebody else changed this in the meantime.";
    /// The body is larger than the server reads.
    BodyTooLarge, "body_too_large", 413, "The body is too large.";
    /// The body is not of the type that is read here.
    UnsupportedMediaType, "unsupported_media_type", 415, "The body must be application/json.";
    /// The JSON is fine, a value in it is not.
    ValidationFailed, "validation_failed", 422, "A value is not valid.";
    /// `If-Match` is missing.
    IfMatchRequired, "if_match_required", 428, "Say which version you saw, in If-Match.";
    /// Too many attempts.
    RateLimited, "rate_limited", 429, "Too many attempts. Wait a little.";
    /// Something broke; the reference finds it in the log.
    Internal, "internal", 500, "Something went wrong on the server.";
    /// The server cannot answer at the moment.
    Unavailable, "unavailable", 503, "The server cannot answer at the moment.";
}

/// One value that is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where it stands in the body, as a JSON pointer (RFC 6901): `/period/amount`.
    pub pointer: String,
    /// A stable name for programs.
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
}

from_json!(FieldError {
    pointer,
    code,
    detail
});

/// A problem as it travels: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URN made of the code.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The kind's sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The kind's stable name.
    pub code: String,
    /// What happened this time, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Finds the log line; the same as `X-Request-Id`.
    #[serde(default)]
    pub reference: String,
    /// The values that are not valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With `stale_version`: the policy that is in force instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Box<ExpirationPolicy>>,
}

impl FromJson for Problem {
    fn take(mut json: Json, fault: &mut Fault) -> Self {
        let reference: Option<_> = json.member("reference", fault);
        let errors: Option<_> = json.member("errors", fault);
        Self {
            type_uri: json.member("type", fault),
            title: json.member("title", fault),
            status: json.member("status", fault),
            code: json.member("code", fault),
            detail: json.member("detail", fault),
            reference: reference.unwrap_or_default(),
            errors: errors.unwrap_or_default(),
            current: json.member("current", fault),
        }
    }
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            type_uri: format!("urn:tenure:problem:{}", kind.code()),
            title: kind.title().to_owned(),
            status: kind.status(),
            code: kind.code().to_owned(),
            detail: None,
            reference: String::new(),
            errors: Vec::new(),
            current: None,
        }
    }

    /// The kind, if this program knows it.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Kind::ALL
            .iter()
            .copied()
            .find(|kind| kind.code() == self.code)
    }
}
