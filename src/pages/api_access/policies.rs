//! The policy in force in each of the person's plans, for users too.

use futures::future::try_join_all;
use leptos::prelude::*;
use tenure_domain::{id::PlanId, period::Period, wire::session::Membership};

use crate::reactive::{dynamic, memo};
use crate::{
    api::{ApiError, Client, policies},
    components::problem_view::ProblemView,
    format,
    state::{remote::Remote, session::SessionState},
    text::{self, problems},
};

/// A plan and the period in force there.
type Rule = (Membership, Option<Period>);

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
            let plans = plans.get();
            async move { try_join_all(plans.into_iter().map(|plan| rule(client, plan))).await }
        }))
    }

    /// The period in force in a plan; the outer `None` while it is not known. Tracked.
    #[must_use]
    pub fn period(self, plan: &PlanId) -> Option<Option<Period>> {
        let rules = self.0.data()?;
        let (_, period) = rules.into_iter().find(|(it, _)| it.id == *plan)?;
        Some(period)
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
async fn rule(client: Client, plan: Membership) -> Result<Rule, ApiError> {
    let period = if plan.tier.has_expiration_policy() {
        policies::get(client, &plan.id).await?.period
    } else {
        None
    };
    Ok((plan, period))
}

/// One sentence for each plan.
#[component]
pub fn PolicyLines(
    /// The rules.
    policies: Policies,
) -> impl IntoView {
    let sentence = |(plan, period): Rule| {
        let period = period.map(format::period);
        view! { <span>{text::tokens::policy(&plan.name, period.as_deref())} " "</span> }
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
