//! Three servers on one PostgreSQL send many notices, and are killed at any instant: none is lost, none is
//! told twice, but for one repeat for each kill, with the same Message-ID.

use std::{collections::BTreeMap, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tenure_domain::{
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{Terms, Wanted},
    time::DAY,
};
use tenure_server::{
    clock::Clock,
    ops::{
        Actor,
        notices::announce,
        people::{self, NewUser},
        policies::{self, Ask},
    },
    random::Random,
    store::{self, Store},
};
use tokio::time::{interval, timeout};

use crate::{
    hand,
    kill::number,
    postgres,
    server::Server,
    smtp::{Encryption, MailServer},
};

const SERVERS: usize = 3;
/// Owners for each round that a trial is told to do: 10 000 in the whole trials.
const OWNERS: u64 = 50;
const MOST_KILLS: u64 = 40;
/// For all mails, on a machine that does other things as well.
const ALL_WITHIN: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_three_servers_send_each_notice_once() {
    let rounds = number("TENURE_TRIALS").unwrap_or(10);
    let trial = Trial::begin(rounds * OWNERS).await;
    let servers = trial.servers().await;
    trial.all_are_sent().await;
    drop(servers);
    let (mails, repeats) = trial.told();
    println!("notices: {mails} mails by {SERVERS} servers, {repeats} repeated");
    assert_eq!(repeats, 0);
    trial.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_notices_survive_kill_nine_with_one_repeat_each_at_most() {
    let rounds = number("TENURE_TRIALS").unwrap_or(10);
    let seed = number("TENURE_TRIAL_SEED").unwrap_or_else(|| rand::make_rng::<StdRng>().random());
    println!("notices: {rounds} rounds with TENURE_TRIAL_SEED={seed}");
    let mut chances = StdRng::seed_from_u64(seed);
    let trial = Trial::begin(rounds * OWNERS).await;
    let mut servers = trial.servers().await;
    let mut kills = 0;
    while kills < rounds.min(MOST_KILLS) && trial.waiting().await > 0 {
        let sent_until_then = chances.random_range(0..OWNERS);
        let left = trial.waiting().await.saturating_sub(sent_until_then);
        trial.waits_for_no_more_than(left).await;
        servers.swap_remove(chances.random_range(0..SERVERS)).kill();
        kills += 1;
        servers.push(trial.server().await);
    }
    trial.all_are_sent().await;
    drop(servers);
    let (mails, repeats) = trial.told();
    println!("notices: {mails} mails, {kills} kills, {repeats} repeated");
    assert!(repeats <= kills, "{repeats} repeated after {kills} kills");
    trial.end().await;
}

struct Trial {
    url: String,
    store: Store,
    mail: MailServer,
    folder: tempfile::TempDir,
    owners: u64,
}

impl Trial {
    /// So many owners, each with a token that ends within a week.
    async fn begin(owners: u64) -> Self {
        let url = postgres::create().await;
        let store = Store::connect(&url).await.expect("connects");
        store.migrate().await.expect("migrates");
        let (clock, random, actor) = (Clock::system(), Random::system(), &Actor::OPERATOR);
        let mut tx = store.write().await.expect("writes");
        let now = clock.now();
        let tier = Tier::Enterprise;
        let plan = people::create_plan(&mut tx, &random, now, actor, "Acme", tier).await;
        let plan = plan.expect("a plan");
        let new = NewUser {
            name: "Ada",
            email: "ada@acme.example",
            password_hash: "-",
        };
        let ada = people::create_user(&mut tx, &random, now, actor, new).await;
        let ada = ada.expect("a user");
        people::join(&mut tx, now, actor, &ada.id, &plan.id, Role::SystemAdmin)
            .await
            .expect("joined");
        let history = store::policies::history(&mut tx, &plan.id).await;
        let ask = Ask {
            plan: plan.id.clone(),
            tier,
            by: ada.id,
            role: Role::SystemAdmin,
            address: None,
            seen: history.expect("read").expect("a plan").history.seen_at(now),
            wanted: Wanted::Now(Terms::of_period(Period::new(90, Unit::Days).ok())),
            ends_at_most: None,
        };
        policies::change(&mut tx, now, &ask).await.expect("changed");
        tx.commit().await.expect("committed");
        while announce::hand_on(&store, now).await.expect("handed on") {}
        let made = now.saturating_add(-84 * DAY).as_millis();
        let plan = &plan.id;
        hand::run(&url, &format!(
            "insert into users (id, name, email, password_hash, created_at)
               select 'u' || n, 'Owner ' || n, 'owner' || n || '@acme.example', '-', {made}
               from generate_series(1, {owners}) n;
             insert into memberships (user_id, plan_id, role, created_at)
               select 'u' || n, '{plan}', 'member', {made} from generate_series(1, {owners}) n;
             insert into tokens (id, plan_id, owner_id, name, kind, scope, secret_hash, last_four, created_at)
               select 't' || n, '{plan}', 'u' || n, 'CI', 'user_access', '', sha256(('t' || n)::bytea), 'wxYZ',
                 {made} + n
               from generate_series(1, {owners}) n;"
        ))
        .await;
        Self {
            url,
            store,
            mail: MailServer::start(Encryption::Never, None).await,
            folder: tempfile::tempdir().expect("a folder"),
            owners,
        }
    }

    async fn servers(&self) -> Vec<Server> {
        let mut servers = Vec::new();
        for _ in 0..SERVERS {
            servers.push(self.server().await);
        }
        servers
    }

    async fn server(&self) -> Server {
        let smtp = format!("smtp://{}?tls=none", self.mail.address);
        let variables = [
            ("TENURE_DATABASE_URL", self.url.as_str()),
            ("TENURE_SMTP_URL", smtp.as_str()),
            ("TENURE_MAIL_FROM", "tenure@acme.example"),
        ];
        Server::start_with(self.folder.path(), &variables).await
    }

    /// How many owners have not got a mail that counts as sent.
    async fn waiting(&self) -> u64 {
        let sent = "select count(*) from notices where state = 'sent'";
        let sent = hand::number(&self.url, sent).await;
        self.owners - u64::try_from(sent).expect("a count")
    }

    async fn all_are_sent(&self) {
        self.waits_for_no_more_than(0).await;
    }

    async fn waits_for_no_more_than(&self, left: u64) {
        let mut ticks = interval(Duration::from_millis(20));
        let sent = async {
            while self.waiting().await > left {
                ticks.tick().await;
            }
        };
        timeout(ALL_WITHIN, sent)
            .await
            .expect("they are sent in time");
    }

    /// How many mails came, and how many of them were repeats. Every owner got one, and a repeat has the same
    /// Message-ID.
    fn told(&self) -> (usize, u64) {
        let mut ids = BTreeMap::<String, Vec<String>>::new();
        let received = self.mail.received();
        for mail in &received {
            ids.entry(mail.to.clone())
                .or_default()
                .push(mail.message_id().to_owned());
        }
        assert_eq!(ids.len() as u64, self.owners, "every owner got a mail");
        for (owner, of_owner) in &ids {
            assert!(
                of_owner.windows(2).all(|two| two[0] == two[1]),
                "{owner}: {of_owner:?}"
            );
        }
        (received.len(), received.len() as u64 - self.owners)
    }

    async fn end(self) {
        self.store.close().await;
        postgres::remove(&self.url).await;
    }
}
