//! A plan with a million tokens of a thousand owners and twenty clients: a third has expired after 200 days, a
//! tenth was revoked, two thirds were used at any time since their creation.

use std::time::Instant;

use tenure_domain::time::DAY;
use tenure_server::{clock::Clock, random::Random, store::Store};

use crate::{
    MANY,
    data::settle,
    engines::{self, is_sqlite},
};

/// Raised when the data change, so that an old file is not taken for them.
pub(super) const VERSION: u32 = 1;
/// The tokens were generated over this time, in milliseconds.
const AGES: i64 = 300 * DAY;

/// Fills a new database.
pub(super) async fn fill(url: &str) {
    let started = Instant::now();
    let now = Clock::system().now();
    let store = Store::connect(url).await.expect("opens");
    store.migrate().await.expect("migrates");
    let begin = now.saturating_add(-AGES - DAY);
    let (plan, _) = settle(&store, &Random::seeded(1), begin).await;
    store.close().await;
    let mut statements = around(plan.as_str());
    statements.push(tokens(plan.as_str(), now.as_millis(), is_sqlite(url)));
    if !is_sqlite(url) {
        statements.insert(0, "alter table tokens disable trigger user".to_owned());
        statements.push("alter table tokens enable trigger user".to_owned());
        statements.push("vacuum analyze tokens".to_owned());
    }
    engines::run(url, &statements).await;
    println!("made {MANY} tokens in {:.0?}", started.elapsed());
}

/// The numbers from 0 to this one, as a part of a statement.
fn numbers(last: usize) -> String {
    format!(
        "with recursive numbers(n) as (select cast(0 as bigint) union all select n + 1 from numbers where n < {last})"
    )
}

/// The policy, the owners and the clients.
fn around(plan: &str) -> Vec<String> {
    vec![
        "update policy_versions set period_amount = 200, period_unit = 'days' where version = 1"
            .to_owned(),
        format!(
            "insert into users (id, name, email, password_hash, created_at) {} \
             select 'u' || n, 'User ' || n, 'u' || n || '@acme.example', '-', 0 from numbers",
            numbers(999)
        ),
        format!(
            "insert into oauth_clients (id, plan_id, name, auth_method, redirect_uris, scope, resource_server, \
                                        created_at) {} \
             select 'c' || n, '{plan}', 'App ' || n, 'none', '[]', '', 0, 0 from numbers",
            numbers(19)
        ),
        format!(
            "insert into oauth_grants (id, plan_id, client_id, user_id, scope, created_at) {} \
             select 'g' || n, '{plan}', 'c' || n, 'u' || n, '', 0 from numbers",
            numbers(19)
        ),
    ]
}

fn tokens(plan: &str, now: i64, is_sqlite: bool) -> String {
    let hash = if is_sqlite {
        "randomblob(32)"
    } else {
        "sha256(cast(cast(n as text) as bytea))"
    };
    let step = AGES / i64::try_from(MANY).expect("small");
    format!(
        "insert into tokens (id, plan_id, owner_id, name, kind, scope, client_id, grant_id, secret_hash, \
                             last_four, created_at, retires_at, last_used_at, revoked_at, revoked_reason, \
                             suspicious_since) {} \
         select 't' || (9000000 - n), '{plan}', 'u' || (n % 1000), 'Token ' || ((n * 7919) % 1000003), \
           case when n % 5 = 0 then 'oauth_access' else 'user_access' end, '', \
           case when n % 5 = 0 then 'c' || (n / 5 % 20) end, case when n % 5 = 0 then 'g' || (n / 5 % 20) end, \
           {hash}, 'f' || (n % 900 + 100), {now} - {step} * n, \
           case when n % 50000 = 11 then {now} - {step} * n + 86400000 end, \
           case when n % 3 > 0 then {now} - {step} * n + {step} * n / 100 * (n * 37 % 100) end, \
           case when n % 10 = 3 then {now} - {step} * n / 2 end, case when n % 10 = 3 then 'admin' end, \
           case when n % 100000 = 7 then {now} - {step} * n end \
         from numbers",
        numbers(MANY - 1)
    )
}
