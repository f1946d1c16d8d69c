//! The operations that jobs, commands and requests share.

use clap::Parser;
use tenure_domain::{
    period::Unit,
    plan::Role,
    policy::Refusal,
    time::{DAY, Timestamp},
    token::{Verdict, verdict},
};
use tenure_server::{
    Tools,
    cli::{self, admin::Admin},
    ops::{
        Actor, observe, people,
        policies::{self as ops_policies, Outcome},
        sweep,
    },
    password::Passwords,
    random::Random,
    store::{
        Store,
        audit::{self, Action},
        audit_walk::{Verified, verify},
        memberships, plans, policies, sessions, tokens, users,
    },
};

use crate::support::{Database, NOW, ask, period};

pub(crate) async fn a_policy_change_writes_as_much_at_many_tokens_as_at_few(database: Database) {
    let (plan, ada) = database.tenant().await;
    let mut rows = Vec::new();
    for (seen, more) in [(0, 2), (1, 150)] {
        for _ in 0..more {
            database.token(&plan.id, &ada.id, "t").await;
        }
        // The first change ends nothing; the second one ends every token at once.
        database.advance(DAY);
        let asked = ask(
            &plan,
            &ada,
            seen,
            Some(period(2 - i64::from(seen), Unit::Days)),
        );
        let mut tx = database.write().await;
        let changed = ops_policies::change(&mut tx, database.clock.now(), &asked).await;
        assert!(matches!(changed, Ok(Some(Outcome::Done(_)))), "{changed:?}");
        rows.push(tx.rows_written());
        tx.commit().await.expect("committed");
    }
    // The new version with its effect, the event, the end of the log, what owners are to hear; closing the second
    // raises its watermark.
    assert_eq!(rows, [4, 5]);
    let mut tx = database.read().await;
    assert_eq!(
        tokens::count(&mut tx, &plan.id).await.expect("counted"),
        152
    );
}

pub(crate) async fn a_sweep_records_each_expiry_once(database: Database) {
    let (plan, ada) = database.tenant().await;
    for name in ["old", "older", "lost"] {
        let (token, _) = database.token(&plan.id, &ada.id, name).await;
        if name == "lost" {
            database.revoke(&token).await;
        }
    }
    let sweep = async || {
        sweep::sweep(&database.store, &plan.id, database.clock.now())
            .await
            .expect("swept")
    };
    assert_eq!(sweep().await, 0, "the policy is off");
    database
        .policy(&plan, &ada, Some(period(2, Unit::Days)))
        .await;
    database.advance(DAY);
    let (_, _) = database.token(&plan.id, &ada.id, "young").await;
    assert_eq!(sweep().await, 0, "nothing has expired yet");
    database.advance(DAY);
    assert_eq!(
        sweep().await,
        2,
        "at its expiry a token is expired; a revoked one is not"
    );
    assert_eq!(sweep().await, 0, "each is recorded once");
    database
        .policy(&plan, &ada, Some(period(1, Unit::Minutes)))
        .await;
    assert_eq!(sweep().await, 1);
    let mut tx = database.read().await;
    let logged: Vec<_> = audit::since(&mut tx, 0, 100)
        .await
        .expect("read")
        .into_iter()
        .filter(|event| event.action == Action::ExpiriesRecorded.as_str())
        .map(|event| (event.actor_id, event.details))
        .collect();
    let by = |version, tokens| {
        (
            None,
            format!(r#"{{"expired":[{{"policy_version":{version},"tokens":{tokens}}}]}}"#),
        )
    };
    assert_eq!(logged, [by(1, 2), by(2, 1)], "the policy did it");
    let found = policies::history(&mut tx, &plan.id)
        .await
        .expect("read")
        .expect("a plan");
    let recorded = plans::expiries_recorded_before(&mut tx, &plan.id)
        .await
        .expect("read");
    assert_eq!(
        recorded,
        found.history.kept(),
        "what is recorded stays dead"
    );
    assert!(recorded.dead_before > Timestamp::MIN);
}

pub(crate) async fn a_change_needs_the_version_in_force(database: Database) {
    let (plan, ada) = database.tenant().await;
    let week = Some(period(7, Unit::Days));
    assert!(matches!(
        database.policy(&plan, &ada, week).await,
        Outcome::Done(_)
    ));
    let mut tx = database.write().await;
    let now = database.clock.now();
    let stale = ask(&plan, &ada, 0, None);
    let outcome = ops_policies::change(&mut tx, now, &stale).await;
    let Ok(Some(Outcome::Refused(Refusal::Stale, current))) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        current.history.in_force_at(database.clock.now()).period,
        week,
        "the one in force comes with the refusal"
    );
    let head = audit::head(&mut tx).await.expect("a head");
    let same = ask(&plan, &ada, 1, week);
    let outcome = ops_policies::change(&mut tx, now, &same).await;
    assert!(matches!(outcome, Ok(Some(Outcome::Done(_)))), "{outcome:?}");
    assert_eq!(
        audit::head(&mut tx).await.expect("a head"),
        head,
        "what is in force is no change"
    );
}

pub(crate) async fn of_two_processes_one_changes_the_policy(database: Database) {
    let (plan, ada) = database.tenant().await;
    let other = database.another_process().await;
    let now = database.clock.now();
    let change = async |store: &Store, days| {
        let asked = ask(&plan, &ada, 0, Some(period(days, Unit::Days)));
        let mut tx = store.write().await.expect("writes");
        let outcome = ops_policies::change(&mut tx, now, &asked).await;
        tx.commit().await.expect("committed");
        outcome.expect("answered").expect("a plan")
    };
    let outcomes = tokio::join!(change(&database.store, 1), change(&other, 2));
    let ((Outcome::Done(won), Outcome::Refused(Refusal::Stale, shown))
    | (Outcome::Refused(Refusal::Stale, shown), Outcome::Done(won))) = outcomes
    else {
        panic!("{outcomes:?}");
    };
    assert_eq!(shown, won, "the second is shown what the first did");
    let mut tx = database.read().await;
    let kept = policies::history(&mut tx, &plan.id).await;
    assert_eq!(kept.expect("read").expect("a plan"), won);
    drop(tx);
    let log = verify(&database.store, |_, _| {}).await.expect("verified");
    assert!(matches!(log, Verified::Whole(_)), "{log:?}");
    other.close().await;
}

pub(crate) async fn a_watermark_and_a_change_do_not_lose_each_other(database: Database) {
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(1, Unit::Days)))
        .await;
    let (token, _) = database.token(&plan.id, &ada.id, "t").await;
    database.advance(DAY);
    let other = database.another_process().await;
    // One process tells somebody that the token has expired while the other turns the policy off.
    let observed = observe::observe(&other, &plan.id, database.clock.now());
    let (observed, changed) = tokio::join!(observed, database.policy(&plan, &ada, None));
    assert!(matches!(changed, Outcome::Done(_)), "{changed:?}");
    observed.expect("observed").expect("a plan");
    let mut tx = database.read().await;
    let kept = policies::history(&mut tx, &plan.id).await;
    let kept = kept.expect("read").expect("a plan");
    assert_eq!(kept.history.in_force_at(database.clock.now()).period, None);
    assert!(observe::is_kept(&kept, &token.facts));
    other.close().await;
}

pub(crate) async fn no_token_is_born_dead(database: Database) {
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(1, Unit::Minutes)))
        .await;
    // A machine whose clock is a day ahead tells of deaths.
    observe::observe(&database.store, &plan.id, NOW.saturating_add(DAY))
        .await
        .expect("observed");
    let (token, _) = database.token(&plan.id, &ada.id, "t").await;
    let mut tx = database.read().await;
    let kept = policies::history(&mut tx, &plan.id).await;
    let kept = kept.expect("read").expect("a plan");
    assert!(kept.history.kept().dead_before > NOW);
    let created_at = token.facts.created_at;
    assert_eq!(created_at, kept.history.kept().dead_before);
    assert!(matches!(
        verdict(&token.facts, &kept.history, created_at),
        Verdict::Works(_)
    ));
}

pub(crate) async fn a_reset_password_ends_the_sessions(database: Database) {
    let (_, ada) = database.tenant().await;
    let mut tx = database.write().await;
    sessions::insert(&mut tx, &[1; 32], &ada.id, NOW)
        .await
        .expect("begun");
    let (now, actor) = (database.clock.now(), &Actor::OPERATOR);
    let ended = people::reset_password(&mut tx, now, actor, &ada.id, "new").await;
    assert_eq!(ended.expect("reset"), 1);
    assert_eq!(
        sessions::by_hash(&mut tx, &[1; 32], NOW)
            .await
            .expect("read"),
        None
    );
}

/// The commands as they are typed.
#[derive(Parser)]
struct Typed {
    #[command(subcommand)]
    admin: Admin,
}

pub(crate) async fn commands_make_a_plan_and_a_user(database: Database) {
    let tools = Tools {
        store: database.store.clone(),
        clock: database.clock.clone(),
        random: database.random.clone(),
        passwords: Passwords::new(Random::seeded(2)),
    };
    let run = async |line: &str, input: &'static str| {
        let typed = Typed::try_parse_from(format!("tenure-server {line}").split(' '));
        let typed = typed.unwrap_or_else(|error| panic!("{error}"));
        cli::admin::run(typed.admin, &tools, input.as_bytes()).await
    };
    let create = "create-user --email A@acme.example --plan Acme --role system_admin";
    let refused = run(&format!("{create} --password-stdin"), "tenure-demo").await;
    assert!(
        refused
            .expect_err("no plan yet")
            .to_string()
            .contains("admin create-plan")
    );
    let made = run("create-plan --name Acme --tier enterprise", "")
        .await
        .expect("a plan");
    assert_eq!(made["plan"]["tier"], "enterprise");
    assert!(
        run("create-plan --name Acme --tier pro", "").await.is_err(),
        "the name is taken"
    );
    assert!(
        run(create, "").await.is_err(),
        "a new user needs a password"
    );
    assert!(
        run(&format!("{create} --password-stdin"), "short")
            .await
            .is_err()
    );
    let made = run(&format!("{create} --password-stdin"), "tenure-demo\n")
        .await
        .expect("a user");
    assert_eq!(made["user"]["email"], "a@acme.example");
    assert_eq!(made["role"], "system_admin");
    assert!(
        run(create, "").await.is_err(),
        "they are in the plan already"
    );
    let reset = "reset-password --email a@acme.example --password-stdin";
    let reset = run(reset, "another one").await.expect("reset");
    assert_eq!(reset["sessions_ended"], 0);

    let mut tx = database.read().await;
    let user = users::by_email(&mut tx, "a@acme.example")
        .await
        .expect("read")
        .expect("a user");
    let matches = |text: &str| {
        tools
            .passwords
            .matches(text.to_owned(), Some(user.password_hash.clone()))
    };
    assert_eq!(matches("another one").await, Ok(true));
    assert_eq!(matches("tenure-demo").await, Ok(false));
    let plans = memberships::of_user(&mut tx, &user.id).await.expect("read");
    assert_eq!(
        plans.iter().map(|plan| plan.role).collect::<Vec<_>>(),
        [Role::SystemAdmin]
    );
    let (json, whole) = cli::audit::verify(&database.store, None)
        .await
        .expect("verified");
    assert!(whole);
    assert_eq!(
        json["events"], 4,
        "plan, user, membership and password: {json}"
    );
}

#[tokio::test]
async fn a_backup_is_a_whole_database_and_never_replaces_a_file() {
    let database = Database::new(tenure_server::store::Engine::Sqlite).await;
    let (plan, ada) = database.tenant().await;
    database.token(&plan.id, &ada.id, "kept").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.db");
    cli::backup::run(&database.store, &file)
        .await
        .expect("written");
    assert!(
        cli::backup::run(&database.store, &file).await.is_err(),
        "it is there already"
    );
    let copy = Store::connect(&format!("sqlite://{}", file.display())).await;
    let copy = copy.expect("opens");
    let mut tx = copy.read().await.expect("reads");
    assert_eq!(tokens::count(&mut tx, &plan.id).await.expect("counted"), 1);
    let (_, whole) = cli::audit::verify(&copy, None).await.expect("verified");
    assert!(whole);
}

#[tokio::test]
async fn on_postgresql_a_backup_names_the_tool_for_it() {
    let database = Database::new(tenure_server::store::Engine::Postgres).await;
    let refused = cli::backup::run(&database.store, std::path::Path::new("x")).await;
    assert!(
        refused
            .expect_err("refused")
            .to_string()
            .contains("pg_dump")
    );
}
