//! The rules that raise alerts, each with its threshold and its window. They follow what others set; whoever types
//! keeps what they typed, and is told.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    problem::FieldError,
    wire::alerts::{AlertRule, AlertRules, PutAlertRule},
};

use crate::{
    api::{ApiError, Client, auth_health as api},
    components::{
        button::Button,
        field::{Field, TextInput},
        icon::{Icon, Symbol},
        switch::Switch,
    },
    form::{Draft, Form, focus, unique_id},
    pages::{act::Act, remote_view::once_there},
    reactive::{dynamic, effect},
    state::{remote::Remote, toasts::Toasts},
    text::{auth_health as text, policy::USE_THEIRS},
};

/// The tile.
pub fn rules_tile(plan: StoredValue<PlanId>) -> AnyView {
    let client = expect_context::<Client>();
    let rules = Remote::new(move || api::rules(client, &plan.get_value()))
        .live(Some(plan.get_value()), &[Topic::Alerts]);
    view! {
        <section class="tile" aria-label=text::RULES>
            <div class="tile-head">
                <h2>{text::RULES}</h2>
            </div>
            {once_there(rules.any(), 4, move || listed(rules, plan))}
        </section>
    }
    .into_any()
}

fn listed(rules: Remote<AlertRules>, plan: StoredValue<PlanId>) -> AnyView {
    let all = untrack(|| rules.data()).map_or_else(Vec::new, |rules| rules.items);
    let forms: Vec<AnyView> = all
        .into_iter()
        .map(|rule| rule_form(rule, rules, plan))
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

/// What somebody else set while it was typed.
#[derive(Clone, Copy)]
struct Theirs {
    form: Form<RuleDraft>,
    /// As it is set, as far as the page knows.
    known: StoredValue<AlertRule>,
    /// What to say of it.
    told: RwSignal<Option<AlertRule>>,
}

impl Theirs {
    /// Takes what is set by now over, unless somebody types.
    fn follow(self, now: AlertRule) {
        let was = self.known.get_value();
        let typed = self.form.draft().get_untracked();
        self.known.set_value(now);
        if now == was {
            return;
        }
        if typed == RuleDraft::from(was) {
            self.form.reset(RuleDraft::from(now));
        }
        let differs = typed != RuleDraft::from(was) && typed != RuleDraft::from(now);
        self.told.set(differs.then_some(now));
    }

    fn view(self, act: Act) -> AnyView {
        let form = self.form;
        dynamic(move || {
            let rule = self.told.get()?;
            let on_press = Callback::new(move |()| {
                self.told.set(None);
                act.trouble.set(None);
                form.reset(RuleDraft::from(rule));
                focus(&form.input_id(RuleDraft::THRESHOLD));
            });
            let words = text::set_elsewhere(rule.threshold, rule.minutes, rule.on);
            Some(view! {
                <p class="note" role="alert">
                    <Icon symbol=Symbol::Alert/>
                    <span>{words}</span>
                    <Button on_press>{USE_THEIRS}</Button>
                </p>
            })
        })
    }
}

/// One rule as a form.
fn rule_form(rule: AlertRule, rules: Remote<AlertRules>, plan: StoredValue<PlanId>) -> AnyView {
    let (client, toasts) = (expect_context::<Client>(), expect_context::<Toasts>());
    let act = Act::new();
    let form = Form::new(RuleDraft::from(rule));
    let theirs = Theirs {
        form,
        known: StoredValue::new(rule),
        told: RwSignal::new(None),
    };
    effect(move || {
        let all = rules.data().map_or_else(Vec::new, |rules| rules.items);
        if let Some(now) = all.into_iter().find(|it| it.kind == rule.kind) {
            theirs.follow(now);
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(body) = form.submit() else {
            return;
        };
        let seen = theirs.known.get_value();
        let call = api::put_rule(client, &plan.get_value(), &seen, &body);
        act.run(call, move |answer| match answer {
            Ok(rule) => {
                theirs.known.set_value(rule);
                theirs.told.set(None);
                toasts.say(text::SAVED);
            }
            Err(ApiError::Problem(problem)) if form.refuse(&problem) => {}
            Err(error) => {
                act.fail(error);
                // Somebody else may have set it.
                rules.refresh();
            }
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
            {theirs.view(act)}
            {act.trouble(text::UNREACHED)}
        </form>
    }
    .into_any()
}
