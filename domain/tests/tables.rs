//! Cases that somebody thought of, as tables: inputs beside what must come of them.
//!
//! - `calendar`: every day of 1970 to 2400, against a calendar that is counted day by day.
//! - `account`, `alert`, `invitation`, `life`, `live`, `membership`, `network`, `period`, `plan`, `policy`, `problem`, `redirect`,
//!   `refresh`, `rotation`, `scope`, `suspicion`, `time`, `token`, `token_text`, `why`, `wire`: one module of the
//!   domain each.
//! - `status`: how a token stands where several conditions hold at once.
//!
//! What holds for every input is in `laws.rs`.

#[path = "tables/account.rs"]
mod account;
#[path = "tables/alert.rs"]
mod alert;
#[path = "tables/calendar.rs"]
mod calendar;
#[path = "tables/invitation.rs"]
mod invitation;
#[path = "tables/life.rs"]
mod life;
#[path = "tables/live.rs"]
mod live;
#[path = "tables/membership.rs"]
mod membership;
#[path = "tables/network.rs"]
mod network;
#[path = "tables/period.rs"]
mod period;
#[path = "tables/plan.rs"]
mod plan;
#[path = "tables/policy.rs"]
mod policy;
#[path = "tables/problem.rs"]
mod problem;
#[path = "tables/redirect.rs"]
mod redirect;
#[path = "tables/refresh.rs"]
mod refresh;
#[path = "tables/rotation.rs"]
mod rotation;
#[path = "tables/scope.rs"]
mod scope;
#[path = "tables/status.rs"]
mod status;
#[path = "tables/suspicion.rs"]
mod suspicion;
#[path = "tables/time.rs"]
mod time;
#[path = "tables/token.rs"]
mod token;
#[path = "tables/token_text.rs"]
mod token_text;
#[path = "tables/why.rs"]
mod why;
#[path = "tables/wire.rs"]
mod wire;
