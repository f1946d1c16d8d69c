//! The list of all tokens that a policy change would end at once, as CSV (RFC 4180).
//!
//! It is read and sent page by page: however long it is, a page is in memory, and no snapshot is held open for a
//! slow reader. Tokens are listed in the order of their creation, which nothing changes, so that none is left out
//! or listed twice; who revokes one meanwhile takes it off the list.

use axum::{
    body::Bytes,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tenure_domain::{
    id::PlanId,
    impact::Outlook,
    time::Timestamp,
    token::{TokenKind, Verdict},
};

use crate::{
    auth::{PolicyRead, SystemAdmin, while_allowed},
    ops::impact::Retiring,
    state::AppState,
    store::{
        StoreError, Tx,
        tokens::{self, Ending, Position},
    },
};

/// Tokens on a page.
const STRIDE: i64 = 500;

const HEAD: [&str; 8] = [
    "name",
    "id",
    "kind",
    "owner",
    "email",
    "created_at",
    "last_used_at",
    "expires_at",
];

/// The answer that streams the list.
pub(super) fn answer(app: AppState, admin: SystemAdmin<PolicyRead>, outlook: Outlook) -> Response {
    let list = List {
        app: app.clone(),
        plan: admin.member().plan().clone(),
        outlook,
        next: Next::Head,
    };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"tokens-that-stop-working.csv\"",
        ),
    ];
    let pages = stream::try_unfold(list, List::page);
    (headers, while_allowed(app, admin, pages)).into_response()
}

struct List {
    app: AppState,
    plan: PlanId,
    outlook: Outlook,
    next: Next,
}

/// What is to be sent next.
enum Next {
    Head,
    /// The tokens of a kind, from a position on; then those of the kinds behind it.
    Kind(usize, Position),
    /// Those that were rotated and still work.
    Rotated(Retiring),
}

impl List {
    async fn page(mut self) -> Result<Option<(Bytes, Self)>, Broken> {
        loop {
            let page = match &mut self.next {
                Next::Head => {
                    self.next = Next::of_kind(0);
                    return Ok(Some((csv([HEAD.map(str::to_owned)])?, self)));
                }
                Next::Kind(number, after) => {
                    let Some(kind) = TokenKind::ALL.get(*number).copied() else {
                        let at = self.outlook.takes_effect_at();
                        self.next = Next::Rotated(Retiring::after(at));
                        continue;
                    };
                    let edges = self.outlook.at_the_change(kind);
                    let mut tx = self.app.store.peek().await?;
                    let of = (&self.plan, kind);
                    let page = tokens::ending_page(&mut tx, of, edges, after, STRIDE).await?;
                    match page.last() {
                        Some(last) => *after = Position::of(&last.token),
                        None => {
                            self.next = Next::of_kind(*number + 1);
                            continue;
                        }
                    }
                    page
                }
                Next::Rotated(retiring) => {
                    let mut tx = self.app.store.peek().await?;
                    match rotated(&mut tx, retiring, &self.plan, &self.outlook).await? {
                        Some(page) if page.is_empty() => continue,
                        Some(page) => page,
                        None => return Ok(None),
                    }
                }
            };
            let rows = page.iter().map(|ending| row(ending, &self.outlook));
            return Ok(Some((csv(rows)?, self)));
        }
    }
}

impl Next {
    const fn of_kind(number: usize) -> Self {
        Self::Kind(number, Position::before(Timestamp::MIN))
    }
}

async fn rotated(
    tx: &mut Tx,
    retiring: &mut Retiring,
    plan: &PlanId,
    outlook: &Outlook,
) -> Result<Option<Vec<Ending>>, StoreError> {
    let page = retiring.next(tx, plan).await?;
    Ok(page.map(|mut page| {
        page.retain(|ending| outlook.ends_at_once(&ending.token.facts));
        page
    }))
}

fn row(ending: &Ending, outlook: &Outlook) -> [String; 8] {
    let Ending { token, owner } = ending;
    let facts = &token.facts;
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let expires_at = match outlook.before(facts) {
        Verdict::Works(expiry) => expiry.instant(),
        Verdict::Dead(_) | Verdict::NotYet => None,
    };
    [
        safe(&token.name),
        token.id.0.clone(),
        facts.kind.as_str().to_owned(),
        safe(&owner.name),
        safe(&owner.email),
        facts.created_at.to_string(),
        instant(facts.last_used_at),
        instant(expires_at),
    ]
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

fn csv(rows: impl IntoIterator<Item = [String; 8]>) -> Result<Bytes, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    let written = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    Ok(written.into())
}

/// The list ends in the middle: the connection is closed, so that nobody takes it for the whole.
#[derive(Debug)]
enum Broken {
    Store(StoreError),
    Csv(csv::Error),
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<csv::Error> for Broken {
    fn from(error: csv::Error) -> Self {
        Self::Csv(error)
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Csv(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Broken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_is_whole() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@sum", "'@sum"),
            ("-1", "'-1"),
            ("\t=1", "'\t=1"),
            ("Deploy = all", "Deploy = all"),
            ("", ""),
        ] {
            assert_eq!(safe(text), cell);
        }
        let row = ["a,b", "c\"d", "e\nf", "", "g", "h", "i", "j"].map(str::to_owned);
        let written = csv([row]).expect("written");
        assert_eq!(written, "\"a,b\",\"c\"\"d\",\"e\nf\",,g,h,i,j\r\n");
    }
}
