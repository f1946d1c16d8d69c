//! A database with so many tokens. It is made once and kept in cargo's folder.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use sha2::{Digest as _, Sha256};
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    period::{Period, Unit},
    plan::{Role, Tier},
    policy::{Terms, Wanted},
    scope::Scopes,
    time::{DAY, Timestamp},
    token::{TokenFacts, TokenKind},
    token_text,
    wire::clients::{AuthMethod, ClientFacts},
};
use tenure_server::{
    clock::Clock,
    ops::{
        Actor,
        clients::{self, NewClient},
        people::{self, NewUser},
        policies::{self, Ask},
    },
    random::Random,
    secret,
    store::{Store, Tx, memberships, plans, sessions, tokens, users},
};

/// Tokens that are written in one transaction.
const BATCH: usize = 20_000;
/// Raised when the data changes, so that an old file is not taken for it.
const VERSION: u32 = 2;
const EMAIL: &str = "ada@acme.example";

/// The tokens were generated over this time, in milliseconds, and live longer than that.
const AGES: i64 = 300 * DAY;

/// A database and how to get in.
pub(crate) struct Data {
    pub(crate) size: usize,
    pub(crate) file: PathBuf,
    pub(crate) plan: PlanId,
    pub(crate) owner: UserId,
    /// The secret of a session of the owner of all tokens.
    pub(crate) session: String,
    /// Id and secret of a resource server of the plan.
    pub(crate) api: (String, String),
}

impl Data {
    /// A database with `size` tokens, all of one plan and one owner, which is the hardest case.
    pub(crate) async fn of(size: usize) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-data");
        fs::create_dir_all(&folder).expect("a folder");
        let kept = folder.join(format!("{VERSION}-{size}.db"));
        if !kept.exists() {
            let made = folder.join(format!("{size}.making"));
            let _ = fs::remove_file(&made);
            make(&made, size).await;
            fs::rename(&made, &kept).expect("renamed");
        }
        let file = folder.join(format!("{size}.db"));
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(folder.join(format!("{size}.db{ending}")));
        }
        fs::copy(&kept, &file).expect("copied");
        Self::open(file, size).await
    }

    async fn open(file: PathBuf, size: usize) -> Self {
        let store = Store::connect(&url(&file)).await.expect("opens");
        // It may have been made by an earlier version.
        store.migrate().await.expect("migrates");
        let mut tx = store.write().await.expect("writes");
        let now = Clock::system().now();
        let (plan, owner, session) = begin_session(&mut tx, now).await;
        let api = resource_server(&mut tx, &plan, now).await;
        tx.commit().await.expect("committed");
        store.close().await;
        Self {
            size,
            file,
            plan,
            owner,
            session,
            api,
        }
    }

    pub(crate) fn url(&self) -> String {
        url(&self.file)
    }
}

/// Signs the plan's admin in; the plan and the secret of the session.
pub(crate) async fn sign_in(url: &str) -> (PlanId, String) {
    let store = Store::connect(url).await.expect("opens");
    let mut tx = store.write().await.expect("writes");
    let (plan, _, session) = begin_session(&mut tx, Clock::system().now()).await;
    tx.commit().await.expect("committed");
    store.close().await;
    (plan, session)
}

async fn begin_session(tx: &mut Tx, now: Timestamp) -> (PlanId, UserId, String) {
    let plan = plans::by_name(tx, "Acme").await.expect("read");
    let user = users::by_email(tx, EMAIL).await.expect("read");
    let user = user.expect("a user").id;
    let session = secret::Secret::opaque(&Random::system());
    let begun = sessions::insert(tx, &session.hash(), &user, now).await;
    begun.expect("a session");
    (plan.expect("a plan").id, user, session.reveal())
}

fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// Registers a client that may ask about the plan's tokens; its id and its secret.
async fn resource_server(tx: &mut Tx, plan: &PlanId, now: Timestamp) -> (String, String) {
    let new = NewClient {
        facts: ClientFacts {
            name: "API".to_owned(),
            redirect_uris: Vec::new(),
            scope: Scopes::default(),
        },
        auth_method: AuthMethod::ClientSecretBasic,
        resource_server: true,
    };
    let (random, actor) = (&Random::system(), &Actor::OPERATOR);
    let made = clients::register(tx, random, now, actor, plan, new).await;
    let (client, secret) = made.expect("a client");
    (client.id.0, secret.expect("a secret").reveal())
}

/// The text of the token of this number.
pub(crate) fn text(number: usize) -> String {
    let random: [u8; 32] = Sha256::digest(format!("bench {number}")).into();
    token_text::compose(TokenKind::UserAccess, &random)
}

async fn make(file: &Path, size: usize) {
    let started = Instant::now();
    let now = Clock::system().now();
    let begin = Clock::mock(now.saturating_add(-AGES - DAY));
    let (store, random) = (
        Store::connect(&url(file)).await.expect("opens"),
        Random::seeded(1),
    );
    store.migrate().await.expect("migrates");
    let (plan, owner) = settle(&store, &random, begin.now()).await;
    for from in (0..size).step_by(BATCH) {
        let mut tx = store.write().await.expect("writes");
        let mut uses = Vec::new();
        for number in from..size.min(from + BATCH) {
            let age =
                AGES / i64::try_from(size).expect("small") * i64::try_from(number).expect("small");
            let (token, hash) = token(number, now.saturating_add(-age), &plan, &owner, &random);
            tokens::insert(&mut tx, &token, &hash)
                .await
                .expect("written");
            uses.extend(last_use(number, &token, age));
        }
        tokens::record_uses(&mut tx, &uses).await.expect("written");
        tx.commit().await.expect("committed");
    }
    store.close().await;
    println!("made {size} tokens in {:.0?}", started.elapsed());
}

fn token(
    number: usize,
    created_at: Timestamp,
    plan: &PlanId,
    owner: &UserId,
    random: &Random,
) -> (tokens::Token, secret::SecretHash) {
    let text = text(number);
    let token = tokens::Token {
        id: TokenId(random.id(created_at)),
        plan: plan.clone(),
        owner: owner.clone(),
        name: format!("Token {number}"),
        scope: Scopes::default(),
        held: None,
        last_four: token_text::last_four(&text).to_owned(),
        facts: TokenFacts::created(TokenKind::UserAccess, created_at),
        last_used_from: None,
    };
    let hash = secret::hash(&text);
    (token, hash)
}

/// Two of three tokens were used, the latest time anywhere between their creation and now.
fn last_use(number: usize, token: &tokens::Token, age: i64) -> Option<tokens::Use> {
    let after = age / 100 * i64::try_from(number * 37 % 100).expect("small");
    let at = token.facts.created_at.saturating_add(after);
    let id = token.id.clone();
    let from = None;
    (!number.is_multiple_of(3)).then_some(tokens::Use {
        token: id,
        at,
        from,
    })
}

/// A plan whose tokens live two years, and its admin.
pub(crate) async fn settle(store: &Store, random: &Random, now: Timestamp) -> (PlanId, UserId) {
    let actor = &Actor::OPERATOR;
    let mut tx = store.write().await.expect("writes");
    let plan = people::create_plan(&mut tx, random, now, actor, "Acme", Tier::Enterprise).await;
    let plan = plan.expect("a plan");
    let new = NewUser {
        name: "Ada",
        email: EMAIL,
        password_hash: "-",
    };
    let user = people::create_user(&mut tx, random, now, actor, new)
        .await
        .expect("a user");
    let role = Role::SystemAdmin;
    people::join(&mut tx, now, actor, &user.id, &plan.id, role)
        .await
        .expect("joined");
    let found = memberships::get(&mut tx, &user.id, &plan.id)
        .await
        .expect("read");
    let ask = Ask {
        plan: plan.id.clone(),
        tier: found.expect("a member").tier,
        by: user.id.clone(),
        role,
        address: None,
        seen: 0.into(),
        wanted: Wanted::Now(Terms::of_period(Period::new(2, Unit::Years).ok())),
        ends_at_most: None,
    };
    policies::change(&mut tx, now, &ask)
        .await
        .expect("changed")
        .expect("a plan");
    tx.commit().await.expect("committed");
    (plan.id, user.id)
}
