//! The policy in force in each of the person's plans, for users too.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    policy::Terms,
    time::Timestamp,
    token::{Expiry, TokenFacts, TokenKind, effective_expiry},
    wire::{policies::ExpirationPolicy, session::Membership},
};

use crate::reactive::{dynamic, memo};
use crate::{
    api::{ApiError, Call, Client, all, policies},
    components::problem_view::ProblemView,
    format::{self, Detail, Zone},
    state::{remote::Remote, session::SessionState},
    text::{self, problems},
};

/// A plan and its policy; none where its tier has none.
type Rule = (Membership, Option<ExpirationPolicy>);

/// The rules of the person's plans. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Policies(Remote<Vec<Rule>>);

impl Policies {
    /// Fetches them now, and again when the person's plans change. Needs the page's context.
    #[must_use]
    pub fn fetch() -> Self {
        let client = expect_context::<Client>();
        let session = expect_context::<SessionState>();
        let plans = memo(move || session.get().map(|it| it.plans).unwrap_or_default());
        Self(Remote::new(move || {
            all(plans.get().into_iter().map(|plan| rule(client, plan)))
        }))
    }

    /// Until when a token of that plan would work that is created at `now`; nothing while its policy is not
    /// known. Tracked.
    #[must_use]
    pub fn expiry(self, plan: &PlanId, now: Timestamp) -> Option<Expiry> {
        let rules = self.0.data()?;
        let (_, policy) = rules.into_iter().find(|(it, _)| it.id == *plan)?;
        let history = policy.and_then(|policy| policy.history());
        let token = TokenFacts::created(TokenKind::UserAccess, now);
        Some(history.map_or(Expiry::Never, |history| {
            effective_expiry(&token, &history, now)
        }))
    }

    /// Whether they are there, or will not come. Tracked.
    #[must_use]
    pub fn have_answered(self) -> bool {
        self.0.has_answered()
    }

    /// Fetches them again.
    pub fn reload(self) {
        self.0.reload();
    }
}

/// A tier without policies has none to ask for.
fn rule(client: Client, plan: Membership) -> Call<Rule> {
    if plan.tier.has_expiration_policy() {
        policies::get(client, &plan.id).map(|policy| (plan, Some(policy)))
    } else {
        Call::known((plan, None))
    }
}

/// One sentence for each plan.
#[component]
pub fn PolicyLines(
    /// The rules.
    policies: Policies,
) -> impl IntoView {
    let sentence = |(plan, policy): Rule| {
        let terms = policy.as_ref().map_or(Terms::OFF, ExpirationPolicy::terms);
        let next = policy.and_then(|policy| policy.scheduled);
        let next = next.map(|next| {
            let at = format::instant(next.effective_at, Detail::LongMinute, Zone::Viewer);
            let zone = format::zone_label(next.effective_at, Zone::Viewer);
            text::schedule::policy_to_come(&format!("{at} ({zone})"), next.terms())
        });
        view! {
            <span>{text::schedule::policy(&plan.name, terms)} " "</span>
            {next.map(|next| view! { <span>{next} " "</span> })}
        }
    };
    let retry = Callback::new(move |()| policies.reload());
    dynamic(move || match policies.0.get() {
        Some(Ok(rules)) => {
            let sentences = rules.into_iter().map(sentence).collect_view();
            view! { <p class="policy-lines muted">{sentences}</p> }.into_any()
        }
        // The lists below wait for the same, and say so.
        None | Some(Err(ApiError::Offline)) => ().into_any(),
        Some(Err(error)) => {
            let (words, busy) = (problems::words(&error), policies.0.loading());
            view! { <ProblemView words retry busy/> }.into_any()
        }
    })
}
