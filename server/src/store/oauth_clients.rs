//! OAuth clients of a plan: who may ask for tokens, and who may ask about them.

use tenure_domain::{
    id::{ClientId, PlanId, UserId},
    scope::Scopes,
    time::Timestamp,
    wire::clients::{AuthMethod, ClientFacts},
};

use super::{
    Change, Tx,
    error::StoreError,
    statement::{args, statements},
};

macro_rules! columns {
    () => {
        "id, plan_id, name, auth_method, secret_hash, old_secret_hash, old_secret_until, redirect_uris, \
         scope, resource_server, created_at, created_by"
    };
}

statements! {
    INSERT = "insert into oauth_clients \
              (id, plan_id, name, auth_method, secret_hash, redirect_uris, scope, resource_server, created_at, \
               created_by) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    GET = concat!("select ", columns!(), " from oauth_clients where id = $1 and deleted_at is null");
    PAGE = concat!(
        "select ", columns!(), " from oauth_clients \
         where plan_id = $1 and deleted_at is null and (name, id) > ($2, $3) order by name, id limit $4"
    );
    NAME = "select name from oauth_clients where id = $1";
    UPDATE = "update oauth_clients set name = $2, redirect_uris = $3, scope = $4 \
              where id = $1 and deleted_at is null";
    SET_SECRET = "update oauth_clients set secret_hash = $2, old_secret_hash = $3, old_secret_until = $4 \
                  where id = $1 and deleted_at is null";
    DELETE = "update oauth_clients set deleted_at = $2 where id = $1 and deleted_at is null";
}

/// A client.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Names it.
    pub id: ClientId,
    /// The plan that it acts in.
    pub plan: PlanId,
    /// Its name, its addresses, and the most that it may ask for.
    pub facts: ClientFacts,
    /// How it says who it is.
    pub auth_method: AuthMethod,
    /// The hash of its secret, if it has one.
    pub secret_hash: Option<[u8; 32]>,
    /// The hash of the secret before, and until when that works as well.
    pub old_secret: Option<([u8; 32], Timestamp)>,
    /// Whether it only asks about tokens.
    pub resource_server: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: Option<UserId>,
}

#[derive(sqlx::FromRow)]
struct ClientRow {
    id: String,
    plan_id: String,
    name: String,
    auth_method: String,
    secret_hash: Option<Vec<u8>>,
    old_secret_hash: Option<Vec<u8>>,
    old_secret_until: Option<i64>,
    redirect_uris: String,
    scope: String,
    resource_server: i64,
    created_at: i64,
    created_by: Option<String>,
}

const fn corrupt(place: &'static str) -> StoreError {
    StoreError::Corrupt { place }
}

fn parse_hash(hash: Option<Vec<u8>>) -> Result<Option<[u8; 32]>, StoreError> {
    let parse = |hash: Vec<u8>| {
        hash.try_into()
            .map_err(|_| corrupt("oauth_clients.secret_hash"))
    };
    hash.map(parse).transpose()
}

impl TryFrom<ClientRow> for Client {
    type Error = StoreError;

    fn try_from(row: ClientRow) -> Result<Self, StoreError> {
        let auth_method = AuthMethod::ALL
            .into_iter()
            .find(|method| method.as_str() == row.auth_method)
            .ok_or(corrupt("oauth_clients.auth_method"))?;
        let until = row.old_secret_until.map(Timestamp::from_millis);
        Ok(Self {
            id: ClientId(row.id),
            plan: PlanId(row.plan_id),
            facts: ClientFacts {
                name: row.name,
                redirect_uris: serde_json::from_str(&row.redirect_uris)
                    .map_err(|_| corrupt("oauth_clients.redirect_uris"))?,
                scope: Scopes::parse(&row.scope).map_err(|_| corrupt("oauth_clients.scope"))?,
            },
            auth_method,
            secret_hash: parse_hash(row.secret_hash)?,
            old_secret: parse_hash(row.old_secret_hash)?.zip(until),
            resource_server: row.resource_server != 0,
            created_at: Timestamp::from_millis(row.created_at),
            created_by: row.created_by.map(UserId),
        })
    }
}

/// Adds a client.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that id.
pub async fn insert(tx: &mut Tx, client: &Client) -> Result<(), StoreError> {
    let uris = json(&client.facts.redirect_uris);
    let scope = client.facts.scope.to_string();
    let args = args![
        client.id.as_str(),
        client.plan.as_str(),
        &client.facts.name,
        client.auth_method.as_str(),
        client.secret_hash.as_ref(),
        &uris,
        &scope,
        i64::from(client.resource_server),
        client.created_at,
        client.created_by.as_ref().map(UserId::as_str)
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The client of this id, unless it was deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let row: Option<ClientRow> = tx.optional(&GET, args![id.as_str()]).await?;
    row.map(Client::try_from).transpose()
}

/// A plan's clients after this name and id, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    tx: &mut Tx,
    plan: &PlanId,
    (name, id): (&str, &str),
    limit: i64,
) -> Result<Vec<Client>, StoreError> {
    let rows: Vec<ClientRow> = tx.all(&PAGE, args![plan.as_str(), name, id, limit]).await?;
    rows.into_iter().map(Client::try_from).collect()
}

/// What a client is called, also after it was deleted: its tokens are still shown.
///
/// # Errors
/// When the database does not answer.
pub async fn name(tx: &mut Tx, id: &ClientId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(&NAME, args![id.as_str()]).await?;
    Ok(row.map(|(name,)| name))
}

/// Changes a client's name, addresses and scopes.
///
/// # Errors
/// When the database does not answer.
pub async fn update(tx: &mut Tx, id: &ClientId, facts: &ClientFacts) -> Result<(), StoreError> {
    let (uris, scope) = (json(&facts.redirect_uris), facts.scope.to_string());
    let args = args![id.as_str(), &facts.name, &uris, &scope];
    tx.changes(Change::Client(id.clone()));
    tx.execute(&UPDATE, args).await.map(drop)
}

/// Gives a client another secret, beside which the old one works until an instant.
///
/// # Errors
/// When the database does not answer.
pub async fn set_secret(
    tx: &mut Tx,
    id: &ClientId,
    hash: &[u8; 32],
    old: Option<([u8; 32], Timestamp)>,
) -> Result<(), StoreError> {
    let old_hash = old.as_ref().map(|(hash, _)| hash);
    let until = old.as_ref().map(|(_, until)| *until);
    let args = args![id.as_str(), hash, old_hash, until];
    tx.changes(Change::Client(id.clone()));
    tx.execute(&SET_SECRET, args).await.map(drop)
}

/// Deletes a client; says whether it was there. Its row stays, for the names of its tokens.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(tx: &mut Tx, id: &ClientId, at: Timestamp) -> Result<bool, StoreError> {
    tx.changes(Change::Client(id.clone()));
    Ok(tx.execute(&DELETE, args![id.as_str(), at]).await? > 0)
}

fn json(uris: &[String]) -> String {
    serde_json::Value::from(uris).to_string()
}
