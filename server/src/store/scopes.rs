//! The scopes that a plan defined, for the APIs that stand behind Tenure.

use tenure_domain::{id::PlanId, wire::scopes::Scope};

use super::{
    Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    PUT = "insert into scopes (plan_id, name, sentence) values ($1, $2, $3) \
           on conflict (plan_id, name) do update set sentence = excluded.sentence";
    OF_PLAN = "select name, sentence from scopes where plan_id = $1 order by name";
    DELETE = "delete from scopes where plan_id = $1 and name = $2";
}

/// Defines a scope, or words it anew.
///
/// # Errors
/// When the database does not answer.
pub async fn put(tx: &mut Tx, plan: &PlanId, name: &str, sentence: &str) -> Result<(), StoreError> {
    let args = args![plan.as_str(), name, sentence];
    tx.execute(&PUT, args).await.map(drop)
}

/// The scopes of a plan, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_plan(tx: &mut Tx, plan: &PlanId) -> Result<Vec<Scope>, StoreError> {
    let rows: Vec<(String, String)> = tx.all(&OF_PLAN, args![plan.as_str()]).await?;
    let scope = |(name, sentence)| Scope {
        name,
        sentence,
        own: false,
    };
    Ok(rows.into_iter().map(scope).collect())
}

/// Removes a scope; says whether it was there. Tokens that have it keep it.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(tx: &mut Tx, plan: &PlanId, name: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE, args![plan.as_str(), name]).await? > 0)
}
