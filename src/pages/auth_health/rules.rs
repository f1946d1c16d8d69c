//! The rules that raise alerts, each with its threshold and its window. They are loaded once: whoever types keeps
//! what they typed.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    problem::FieldError,
    wire::alerts::{AlertRule, AlertRules, PutAlertRule},
};

use crate::{
    api::{ApiError, Client, auth_health as api},
    components::{
        button::Button,
        field::{Field, TextInput},
        switch::Switch,
    },
    form::{Draft, Form, unique_id},
    pages::{act::Act, remote_view::RemoteView},
    state::{remote::Remote, toasts::Toasts},
    text::auth_health as text,
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
    let forms: Vec<AnyView> = rules
        .items
        .iter()
        .map(|rule| rule_form(*rule, plan))
        .collect();
    view! { <div class="rules">{forms}</div> }.into_any()
}

/// A rule as it is typed.
#[derive(Clone, PartialEq)]
struct RuleDraft {
    threshold: String,
    minutes: String,
    on: bool,
}

impl RuleDraft {
    const THRESHOLD: &'static str = "/threshold";
    const MINUTES: &'static str = "/minutes";
    const ON: &'static str = "/on";
}

impl From<AlertRule> for RuleDraft {
    fn from(rule: AlertRule) -> Self {
        Self {
            threshold: rule.threshold.to_string(),
            minutes: rule.minutes.to_string(),
            on: rule.on,
        }
    }
}

impl Draft for RuleDraft {
    type Value = PutAlertRule;
    const FIELDS: &'static [&'static str] = &[Self::THRESHOLD, Self::MINUTES];

    fn parse(&self) -> Result<PutAlertRule, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut number = |text: &str, pointer: &str| {
            text.trim().parse().unwrap_or_else(|_| {
                errors.push(FieldError {
                    pointer: pointer.to_owned(),
                    code: "amount_not_whole".to_owned(),
                    detail: String::new(),
                });
                1
            })
        };
        let rule = PutAlertRule {
            threshold: number(&self.threshold, Self::THRESHOLD),
            minutes: number(&self.minutes, Self::MINUTES),
            on: self.on,
        };
        errors.extend(rule.parse().err().unwrap_or_default());
        if errors.is_empty() {
            Ok(rule)
        } else {
            Err(errors)
        }
    }
}

/// One rule as a form.
fn rule_form(rule: AlertRule, plan: StoredValue<PlanId>) -> AnyView {
    let (client, toasts) = (expect_context::<Client>(), expect_context::<Toasts>());
    let act = Act::new();
    let form = Form::new(RuleDraft::from(rule));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(body) = form.submit() else {
            return;
        };
        let call = api::put_rule(client, &plan.get_value(), rule.kind.as_str(), &body);
        act.run(call, move |answer| match answer {
            Ok(_) => toasts.say(text::SAVED),
            Err(ApiError::Problem(problem)) if form.refuse(&problem) => {}
            Err(error) => act.fail(error),
        });
    };
    let title = text::kind(rule.kind);
    view! {
        <form novalidate class="alert-rule" aria-label=title on:submit=submit>
            <h3>{title}</h3>
            <div class="rule-fields">
                <Field
                    id=form.input_id(RuleDraft::THRESHOLD)
                    label=text::THRESHOLD
                    error=form.reason(RuleDraft::THRESHOLD)
                >
                    <TextInput
                        value=form.part(|it| it.threshold.clone())
                        on_input=Callback::new(move |typed| {
                            form.edit(RuleDraft::THRESHOLD, |it| it.threshold = typed);
                        })
                        verbatim=true
                    />
                </Field>
                <Field
                    id=form.input_id(RuleDraft::MINUTES)
                    label=text::MINUTES
                    error=form.reason(RuleDraft::MINUTES)
                >
                    <TextInput
                        value=form.part(|it| it.minutes.clone())
                        on_input=Callback::new(move |typed| {
                            form.edit(RuleDraft::MINUTES, |it| it.minutes = typed);
                        })
                        verbatim=true
                    />
                </Field>
                <Switch
                    id=unique_id("rule-on")
                    label=text::ON
                    on=form.part(|it| it.on)
                    on_change=Callback::new(move |to| form.edit(RuleDraft::ON, |it| it.on = to))
                />
                <Button busy=act.busy>{text::SAVE}</Button>
            </div>
            {act.trouble(text::UNREACHED)}
        </form>
    }
    .into_any()
}
