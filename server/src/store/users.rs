//! Users: the people who sign in and own tokens.

use tenure_domain::{
    id::UserId,
    locale::{Language, Locale},
    time::Timestamp,
    wire::session,
};

use super::{
    Tx,
    error::StoreError,
    statement::{Arg, args, statements},
};

statements! {
    SET_LOCALE = "update users set language = $2, time_zone = $3 where id = $1";
    OFFER_LOCALE = "update users set language = $2, time_zone = $3 \
                    where id = $1 and language is null and time_zone is null";
    INSERT = "insert into users (id, name, email, password_hash, created_at) values ($1, $2, $3, $4, $5)";
    GET = "select id, name, email, password_hash, created_at, language, time_zone, last_seen_at from users where id = $1";
    NAMES = "select id, name from users where id in (\
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
               $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)";
    BY_EMAIL = "select id, name, email, password_hash, created_at, language, time_zone, last_seen_at from users where email = $1";
    COUNT = "select count(*) as number from users";
    SEEN = "update users set last_seen_at = $2 where id = $1 and (last_seen_at is null or last_seen_at < $2)";
    SET_PASSWORD_HASH = "update users set password_hash = $2 where id = $1";
}

/// Ids that one statement looks up.
const NAMED_AT_ONCE: usize = 32;

/// A user.
#[derive(Clone)]
pub struct User {
    /// Names them.
    pub id: UserId,
    /// What people call them.
    pub name: String,
    /// Where they sign in; always in lower case, as [`normal_email`] makes it.
    pub email: String,
    /// The PHC string of their password; see [`crate::password`].
    pub password_hash: String,
    /// When they were added.
    pub created_at: Timestamp,
    /// The language and the time zone of their mails; `None` while neither is known.
    pub locale: Option<Locale>,
    /// Their last call by a session, as [`seen`] noted it.
    pub last_seen_at: Option<Timestamp>,
}

impl User {
    /// The user as others see them.
    #[must_use]
    pub fn reference(&self) -> session::UserRef {
        session::UserRef {
            id: self.id.clone(),
            name: self.name.clone(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    name: String,
    email: String,
    password_hash: String,
    created_at: i64,
    language: Option<String>,
    time_zone: Option<String>,
    last_seen_at: Option<i64>,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let language = row.language.as_deref().map(Language::of_tag);
        let locale = language.zip(row.time_zone);
        Self {
            locale: locale.map(|(language, time_zone)| Locale {
                language,
                time_zone,
            }),
            id: UserId(row.id),
            name: row.name,
            email: row.email,
            password_hash: row.password_hash,
            created_at: Timestamp::from_millis(row.created_at),
            last_seen_at: row.last_seen_at.map(Timestamp::from_millis),
        }
    }
}

/// An address as it is kept and looked up: without surrounding space, in lower case.
#[must_use]
pub fn normal_email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Adds a user.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of that address.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<(), StoreError> {
    let args = args![
        user.id.as_str(),
        &user.name,
        &user.email,
        &user.password_hash,
        user.created_at
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// The user of this id.
///
/// # Errors
/// When the database does not answer.
pub async fn get(tx: &mut Tx, id: &UserId) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = tx.optional(&GET, args![id.as_str()]).await?;
    Ok(row.map(User::from))
}

/// These users as others see them, in no order, each once.
///
/// # Errors
/// When the database does not answer.
pub async fn references(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<session::UserRef>, StoreError> {
    let mut references = Vec::with_capacity(ids.len());
    for ids in ids.chunks(NAMED_AT_ONCE) {
        // The last id fills the places that are left.
        let filled = ids.iter().chain(ids.last().into_iter().cycle());
        let args: Vec<Arg<'_>> = filled
            .take(NAMED_AT_ONCE)
            .map(|id| Arg::from(id.as_str()))
            .collect();
        let rows: Vec<(String, String)> = tx.all(&NAMES, &args).await?;
        references.extend(rows.into_iter().map(|(id, name)| session::UserRef {
            id: UserId(id),
            name,
        }));
    }
    Ok(references)
}

/// The user of this address, however it is written.
///
/// # Errors
/// When the database does not answer.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = tx.optional(&BY_EMAIL, args![&normal_email(email)]).await?;
    Ok(row.map(User::from))
}

/// How many users there are; none means that the server has not been set up.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    super::number(tx, &COUNT, args![]).await
}

/// Gives a user another password.
///
/// # Errors
/// When the database does not answer.
pub async fn set_password_hash(tx: &mut Tx, id: &UserId, hash: &str) -> Result<(), StoreError> {
    tx.execute(&SET_PASSWORD_HASH, args![id.as_str(), hash])
        .await
        .map(drop)
}

/// Sets the language and the time zone of somebody's mails.
///
/// # Errors
/// When the database does not answer.
pub async fn set_locale(tx: &mut Tx, id: &UserId, locale: &Locale) -> Result<(), StoreError> {
    let language = locale.language.as_str();
    let args = args![id.as_str(), language, &locale.time_zone];
    tx.execute(&SET_LOCALE, args).await.map(drop)
}

/// The same, where neither is known yet; says whether that was so.
///
/// # Errors
/// When the database does not answer.
pub async fn offer_locale(tx: &mut Tx, id: &UserId, locale: &Locale) -> Result<bool, StoreError> {
    let language = locale.language.as_str();
    let args = args![id.as_str(), language, &locale.time_zone];
    Ok(tx.execute(&OFFER_LOCALE, args).await? > 0)
}

/// Notes that somebody called by a session.
///
/// # Errors
/// When the database does not answer.
pub async fn seen(tx: &mut Tx, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(&SEEN, args![id.as_str(), at]).await.map(drop)
}
