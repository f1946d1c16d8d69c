//! Asks the server whether the log is as it was written, and says what it found.

use leptos::{prelude::*, task::spawn_local};
use tenure_domain::{id::PlanId, wire::audit::AuditVerification};

use crate::{
    api::{ApiError, Client, audit as api},
    components::{
        button::Button,
        icon::{Icon, Symbol},
        problem_view::ProblemView,
    },
    reactive::dynamic,
    text::{audit as words, problems},
};

/// The button, and what came of it.
#[component]
pub fn Verify(
    /// The plan.
    plan: StoredValue<PlanId>,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let busy = RwSignal::new(false);
    let found = RwSignal::new(None::<Result<AuditVerification, ApiError>>);
    let verify = Callback::new(move |()| {
        busy.set(true);
        found.set(None);
        spawn_local(async move {
            let answer = api::verify(client, &plan.get_value()).await;
            // The page may be gone by now, and its signals with it.
            if busy.try_set(false).is_none() {
                found.set(Some(answer));
            }
        });
    });
    let said = move || {
        let found = found.get()?.ok()?;
        let symbol = if found.whole {
            Symbol::Check
        } else {
            Symbol::Alert
        };
        Some(view! { <Icon symbol/> {words::verified(&found)} })
    };
    let trouble = move || {
        let error = found.get()?.err()?;
        let words = problems::words_of_call(&error, words::UNREACHED);
        Some(view! { <ProblemView words/> })
    };
    view! {
        <section class="tile verification" aria-label=words::VERIFY>
            <Button busy on_press=verify>{words::VERIFY}</Button>
            <p role="status">{dynamic(said)}</p>
            {dynamic(trouble)}
        </section>
    }
}
