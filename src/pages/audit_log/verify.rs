//! Asks the server whether the log is as it was written, and says what it found.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, wire::audit::AuditVerification};

use crate::{
    api::{Client, audit as api},
    components::{
        button::Button,
        icon::{Icon, Symbol},
    },
    pages::act::Act,
    reactive::dynamic,
    text::audit as words,
};

/// The button, and what came of it.
#[component]
pub fn Verify(
    /// The plan.
    plan: StoredValue<PlanId>,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let act = Act::new();
    let found = RwSignal::new(None::<AuditVerification>);
    let verify = Callback::new(move |()| {
        found.set(None);
        let call = api::verify(client, &plan.get_value());
        act.done(call, move |answer| found.set(Some(answer)));
    });
    let said = move || {
        let found = found.get()?;
        let symbol = if found.whole {
            Symbol::Check
        } else {
            Symbol::Alert
        };
        Some(view! { <Icon symbol/> {words::verified(&found)} })
    };
    view! {
        <section class="tile" aria-label=words::VERIFY>
            <div class="verification">
                <Button busy=act.busy on_press=verify>{words::VERIFY}</Button>
                <p role="status">{dynamic(said)}</p>
            </div>
            {act.trouble(words::UNREACHED)}
        </section>
    }
}
