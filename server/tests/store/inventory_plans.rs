//! How the databases find the tokens of each strand, and those that inactivity ends: by one range of an index in
//! their order. Nothing reads the whole table, and nothing sorts more than what lies in one hour.

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tenure_server::store::{self, Engine, Statement};

use crate::support::Database;

/// The statements of each strand, in both directions, and the index that each is to take.
const INDEXES: [(&str, &str); 13] = [
    ("OF_KIND", "tokens_by_kind"),
    ("OF_CLIENT", "tokens_by_client"),
    ("UNREVOKED_OF", "tokens_unrevoked_by_owner"),
    ("REVOKED_OF", "tokens_revoked_by_owner"),
    ("HELD_OF", "tokens_held_by_owner"),
    ("REVOKED", "tokens_revoked_by_plan"),
    ("SUSPICIOUS", "tokens_suspicious"),
    ("ROTATED", "tokens_rotated"),
    ("RETIRING_BY_END", "tokens_retiring"),
    ("NEVER_USED", "tokens_never_used"),
    ("USED", "tokens_by_last_use"),
    ("ACTIVE", "tokens_unrevoked_by_activity"),
    ("NAMED", "tokens_by_name"),
];

/// Pages of tokens by their last activity, as the sweeper and notices walk them.
const BY_ACTIVITY: [&str; 2] = ["DOUBTFUL_IDLE_PAGE", "TIMED_IDLE_PAGE"];

/// The statements of all strands, and of pages by activity, each with its index.
fn walked() -> Vec<(&'static Statement, &'static str)> {
    let strands = "tokens::strands::";
    let walked: Vec<_> = store::statements()
        .filter_map(|statement| {
            if BY_ACTIVITY.iter().any(|it| statement.name().ends_with(it)) {
                return Some((statement, "tokens_unrevoked_by_activity"));
            }
            let (_, name) = statement.name().split_once(strands)?;
            let strand = name
                .trim_end_matches("_UP")
                .trim_end_matches("_DOWN")
                .trim_end_matches("_FROM_END");
            let index = INDEXES.iter().find(|(name, _)| *name == strand);
            let (_, index) = index.unwrap_or_else(|| panic!("{name} has no index here"));
            Some((statement, *index))
        })
        .collect();
    assert_eq!(walked.len(), 2 * INDEXES.len() + 1 + BY_ACTIVITY.len());
    walked
}

/// Within an hour, what is used is sorted.
fn sorts_hours(index: &str) -> bool {
    [
        "tokens_by_last_use",
        "tokens_unrevoked_by_activity",
        "tokens_counted_by_activity",
    ]
    .contains(&index)
}

#[tokio::test]
async fn sqlite_walks_one_range_of_an_index() {
    let database = Database::new(Engine::Sqlite).await;
    let mut connection = SqliteConnection::connect(&database.url)
        .await
        .expect("connects");
    for (statement, index) in walked() {
        let sql = statement.sql(Engine::Sqlite);
        let sql = sqlx::AssertSqlSafe(format!("explain query plan {sql}"));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql)
            .fetch_all(&mut connection)
            .await
            .expect("explained");
        let steps: Vec<_> = rows.into_iter().map(|(.., step)| step).collect();
        let (plan, name) = (steps.join("\n"), statement.name());
        let searched = format!("SEARCH tokens USING INDEX {index} (");
        assert!(plan.starts_with(&searched), "{name}: {index}\n{plan}");
        let sorted = match sorts_hours(index) {
            true => plan.matches("TEMP B-TREE").count() - plan.matches("LAST 2 TERMS").count(),
            false => plan.matches("TEMP B-TREE").count(),
        };
        assert_eq!(sorted, 0, "{name} sorts\n{plan}");
    }
    database.finished().await;
}

/// Tokens enough for PostgreSQL to think about: of one plan, a thousand owners and as many clients.
const FILLED: &str = "
    insert into plans (id, name, tier, created_at, expiries_recorded_before) values ('p', 'P', 'business', 0, 0);
    insert into users (id, name, email, password_hash, created_at)
    select 'u' || n, 'U', 'u' || n, '-', 0 from generate_series(0, 999) as n;
    insert into oauth_clients (id, plan_id, name, auth_method, redirect_uris, scope, resource_server, created_at)
    select 'c' || n, 'p', 'C', 'none', '[]', '', 0, 0 from generate_series(0, 999) as n;
    insert into oauth_grants (id, plan_id, client_id, user_id, scope, created_at)
    select 'g' || n, 'p', 'c' || n, 'u' || n, '', 0 from generate_series(0, 999) as n;
    insert into tokens (id, plan_id, owner_id, name, kind, scope, client_id, grant_id, secret_hash, last_four,
                        created_at, last_used_at, retires_at, revoked_at, revoked_reason, suspicious_since)
    select 't' || n, 'p', 'u' || n % 1000, 'Token ' || n,
           case when n % 4 = 0 then 'oauth_access' else 'user_access' end, '',
           case when n % 4 = 0 then 'c' || n % 1000 end, case when n % 4 = 0 then 'g' || n % 1000 end,
           decode(md5(n::text) || md5(n::text), 'hex'), 'last', n * 60000::bigint, case when n % 3 > 0 then n * 70000::bigint end,
           case when n % 11 = 0 then n * 65000::bigint end,
           case when n % 7 = 0 then n * 80000::bigint end, case when n % 7 = 0 then 'owner' end,
           case when n % 5 = 0 then n * 75000::bigint end
    from generate_series(1, 60000) as n;
    analyze tokens;
";

#[tokio::test]
async fn postgresql_walks_one_range_of_an_index() {
    let database = Database::new(Engine::Postgres).await;
    database.raw_many(FILLED).await;
    let mut connection = PgConnection::connect(&database.url)
        .await
        .expect("connects");
    // What a connection comes to that has asked for a while: a plan for any values.
    let generic = "set plan_cache_mode = force_generic_plan";
    sqlx::query(generic)
        .execute(&mut connection)
        .await
        .expect("set");
    for (number, (statement, index)) in walked().into_iter().enumerate() {
        let (sql, name) = (statement.sql(Engine::Postgres), statement.name());
        // It has another index that is in order by the hour, and takes the narrower one.
        let index = match name.ends_with("TIMED_IDLE_PAGE") {
            true => "tokens_counted_by_activity",
            false => index,
        };
        let is_named = name.contains("NAMED");
        let is_by_hour = sorts_hours(index);
        let of_somebody = sql.contains("= $6");
        let values = match (is_named, is_by_hour, of_somebody) {
            _ if name.ends_with("DOUBTFUL_IDLE_PAGE") => {
                "'p', 1, 1000, 3000000, 't3', 4000000000, 1, 51"
            }
            _ if name.ends_with("TIMED_IDLE_PAGE") => "'p', 1, 1000, 3000000, 't3', 4000000000, 51",
            (true, ..) if name.contains("FROM_END") => "'p', 51",
            (true, ..) => "'p', 'token 3', 't3', 51",
            (_, true, _) => "'p', 3000000, 't3', 4000000000, 51, 1, 1000",
            (_, _, true) => "'p', 3000000, 't3', 4000000000, 51, 'u3'",
            _ => "'p', 3000000, 't3', 4000000000, 51",
        };
        let prepared = format!("prepare walk_{number} as {sql}");
        let explained = format!("explain (costs off) execute walk_{number} ({values})");
        sqlx::raw_sql(sqlx::AssertSqlSafe(prepared))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(explained))
            .fetch_all(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let plan: Vec<_> = rows.into_iter().map(|(step,)| step).collect();
        let plan = plan.join("\n");
        let scans = [
            format!("Index Scan using {index} "),
            format!("Index Scan Backward using {index} "),
        ];
        assert!(
            scans.iter().any(|scan| plan.contains(scan)),
            "{name}: {index}\n{plan}"
        );
        let sorts = plan.matches("Sort").count() - plan.matches("Incremental Sort").count();
        let sorts = sorts - plan.matches("Sort Key").count();
        let allowed = if is_by_hour { usize::MAX } else { 0 };
        assert!(
            plan.matches("Incremental Sort").count() <= allowed,
            "{name} sorts\n{plan}"
        );
        assert_eq!(sorts, 0, "{name} sorts all\n{plan}");
    }
    drop(connection);
    database.finished().await;
}
