//! The rules that raise alerts, each with its threshold and its window. They are loaded once: whoever types keeps
//! what they typed.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    wire::alerts::{AlertRule, AlertRules, PutAlertRule},
};

use crate::{
    api::{ApiError, Client, auth_health as api},
    components::{
        button::Button,
        field::{Field, TextInput},
        switch::Switch,
    },
    form::unique_id,
    pages::{act::Act, remote_view::RemoteView},
    state::{remote::Remote, toasts::Toasts},
    text::{auth_health as text, reasons},
};

/// The tile.
pub fn rules_tile(plan: StoredValue<PlanId>) -> AnyView {
    let client = expect_context::<Client>();
    let rules = Remote::new(move || api::rules(client, &plan.get_value()));
    view! {
        <section class="tile" aria-label=text::RULES>
            <div class="tile-head">
                <h2>{text::RULES}</h2>
            </div>
            <RemoteView remote=rules lines=4 children=move |rules: &AlertRules| listed(rules, plan)/>
        </section>
    }
    .into_any()
}

fn listed(rules: &AlertRules, plan: StoredValue<PlanId>) -> AnyView {
    let forms: Vec<AnyView> = rules.items.iter().map(|rule| form(*rule, plan)).collect();
    view! { <div class="rules">{forms}</div> }.into_any()
}

/// One rule as a form.
fn form(rule: AlertRule, plan: StoredValue<PlanId>) -> AnyView {
    let (client, toasts) = (expect_context::<Client>(), expect_context::<Toasts>());
    let act = Act::new();
    let on = RwSignal::new(rule.on);
    let numbers = [rule.threshold, rule.minutes].map(|it| RwSignal::new(it.to_string()));
    let errors = [RwSignal::new(None::<String>), RwSignal::new(None)];
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = numbers.map(|it| it.with_untracked(|text| text.trim().parse::<u32>().ok()));
        for (typed, error) in typed.iter().zip(errors) {
            error.set(typed.is_none().then(|| text::NO_NUMBER.to_owned()));
        }
        let [Some(threshold), Some(minutes)] = typed else {
            return;
        };
        let on = on.get_untracked();
        let body = PutAlertRule {
            threshold,
            minutes,
            on,
        };
        let call = api::put_rule(client, &plan.get_value(), rule.kind.as_str(), &body);
        act.run(call, move |answer| match answer {
            Ok(_) => toasts.say(text::SAVED),
            Err(error) => refuse(act, errors, error),
        });
    };
    let field = move |place: usize, label: &'static str| {
        let (Some(number), Some(error)) = (numbers.get(place), errors.get(place)) else {
            return ().into_any();
        };
        let (number, error) = (*number, *error);
        view! {
            <Field id=unique_id("rule") label error=Signal::derive(move || error.get())>
                <TextInput
                    value=number.into()
                    on_input=Callback::new(move |typed| number.set(typed))
                    verbatim=true
                />
            </Field>
        }
        .into_any()
    };
    let title = text::kind(rule.kind);
    view! {
        <form novalidate class="alert-rule" aria-label=title on:submit=submit>
            <h3>{title}</h3>
            <div class="rule-fields">
                {field(0, text::THRESHOLD)} {field(1, text::MINUTES)}
                <Switch
                    id=unique_id("rule-on")
                    label=text::ON
                    on=on
                    on_change=Callback::new(move |to| on.set(to))
                /> <Button busy=act.busy>{text::SAVE}</Button>
            </div>
            {act.trouble(text::UNREACHED)}
        </form>
    }
    .into_any()
}

/// The server refused it: beside the fields that it names, or below.
fn refuse(act: Act, errors: [RwSignal<Option<String>>; 2], error: ApiError) {
    let mut named = false;
    if let ApiError::Problem(problem) = &error {
        for (place, pointer) in errors.iter().zip(["/threshold", "/minutes"]) {
            let found = problem.errors.iter().find(|it| it.pointer == pointer);
            place.set(found.map(reasons::of));
            named |= found.is_some();
        }
    }
    if !named {
        act.fail(error);
    }
}
