//! What rules found of tokens, each by its evidence. Which rules there are, and what a review answers, is in
//! `tenure_domain::suspicion`.

use tenure_domain::{
    id::{FindingId, TokenId, UserId},
    suspicion::{
        Evidence, Rule,
        review::{Admission, Kept},
    },
    time::Timestamp,
    wire::{life::Review, session::UserRef},
};

use super::{
    Happened, Tx,
    error::StoreError,
    statement::{args, statements},
};

statements! {
    INSERT = "insert into token_findings (id, token_id, rule, evidence_key, evidence, first_at, last_at) \
              values ($1, $2, $3, $4, $5, $6, $6)";
    SEEN_AGAIN = "update token_findings set last_at = $4 \
                  where token_id = $1 and rule = $2 and evidence_key = $3 and last_at < $4";
    OF_TOKEN = "select f.id, f.rule, f.evidence_key, f.evidence, f.first_at, f.last_at, f.reviewed_at, f.reviewed_by, \
                       u.name as reviewed_by_name \
                from token_findings f left join users u on u.id = f.reviewed_by \
                where f.token_id = $1 order by f.first_at desc, f.id desc";
    REVIEW = "update token_findings set reviewed_at = $3, reviewed_by = $4 \
              where token_id = $1 and id = $2 and reviewed_at is null";
    SETTLE = "update tokens set suspicious_since = \
                (select min(first_at) from token_findings where token_id = $1 and reviewed_at is null) \
              where id = $1";
}

/// A finding as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Names it.
    pub id: FindingId,
    /// What the rules go by.
    pub kept: Kept,
    /// What the rule saw.
    pub evidence: Evidence,
    /// When the same was seen last.
    pub last_at: Timestamp,
    /// Who reviewed it.
    pub review: Option<Review>,
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    id: String,
    rule: String,
    evidence_key: String,
    evidence: String,
    first_at: i64,
    last_at: i64,
    reviewed_at: Option<i64>,
    reviewed_by: Option<String>,
    reviewed_by_name: Option<String>,
}

impl TryFrom<FindingRow> for Finding {
    type Error = StoreError;

    fn try_from(row: FindingRow) -> Result<Self, StoreError> {
        let evidence =
            serde_json::from_str(&row.evidence).map_err(|_| corrupt("token_findings.evidence"))?;
        let reviewed_at = row.reviewed_at.map(Timestamp::from_millis);
        let review = reviewed_at.zip(row.reviewed_by).map(|(at, id)| Review {
            at,
            by: UserRef {
                name: row.reviewed_by_name.unwrap_or_else(|| id.clone()),
                id: UserId(id),
            },
        });
        Ok(Self {
            id: FindingId(row.id),
            kept: Kept {
                rule: parse_rule(&row.rule)?,
                key: row.evidence_key,
                first_at: Timestamp::from_millis(row.first_at),
                reviewed_at,
            },
            evidence,
            last_at: Timestamp::from_millis(row.last_at),
            review,
        })
    }
}

const fn corrupt(place: &'static str) -> StoreError {
    StoreError::Corrupt { place }
}

fn parse_rule(text: &str) -> Result<Rule, StoreError> {
    let mut all = Rule::ALL.into_iter();
    all.find(|rule| rule.as_str() == text)
        .ok_or(corrupt("token_findings.rule"))
}

/// Everything that was found of a token, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_token(tx: &mut Tx, token: &TokenId) -> Result<Vec<Finding>, StoreError> {
    let rows: Vec<FindingRow> = tx.all(&OF_TOKEN, args![token.as_str()]).await?;
    rows.into_iter().map(Finding::try_from).collect()
}

/// Keeps what was found of a token, as it was admitted.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    tx: &mut Tx,
    token: &TokenId,
    (id, found): (&FindingId, &tenure_domain::suspicion::Finding),
    admission: Admission,
) -> Result<(), StoreError> {
    let (token, rule, key) = (token.as_str(), found.rule.as_str(), found.evidence.key());
    match admission {
        Admission::Enough => {}
        Admission::Again => {
            let args = args![token, rule, &key, found.at];
            tx.execute(&SEEN_AGAIN, args).await?;
        }
        Admission::New => {
            let evidence = serde_json::to_string(&found.evidence)
                .map_err(|_| corrupt("token_findings.evidence"))?;
            let args = args![id.as_str(), token, rule, &key, &evidence, found.at];
            tx.execute(&INSERT, args).await?;
            tx.execute(&SETTLE, args![token]).await?;
            tx.happened(Happened::Found(found.rule));
        }
    }
    Ok(())
}

/// Notes that somebody reviewed these findings of a token. Says whether any of them waited for it.
///
/// # Errors
/// When the database does not answer.
pub async fn review(
    tx: &mut Tx,
    token: &TokenId,
    findings: &[FindingId],
    (by, at): (&UserId, Timestamp),
) -> Result<bool, StoreError> {
    let mut reviewed = 0;
    for finding in findings {
        let args = args![token.as_str(), finding.as_str(), at, by.as_str()];
        reviewed += tx.execute(&REVIEW, args).await?;
    }
    if reviewed > 0 {
        tx.execute(&SETTLE, args![token.as_str()]).await?;
    }
    Ok(reviewed > 0)
}
