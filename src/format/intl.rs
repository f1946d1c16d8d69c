//! The browser's `Intl`. To make one of its formats takes a hundred times as long as to use it, so each is made
//! once: a page of tokens asks for some hundred instants.
//!
//! The viewer's zone is known by its offsets: whoever travels sees the times of where they are, as `Date` tells them.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use tenure_domain::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};

use super::Zone;
use crate::js;

/// The language that dates and numbers are written in: that of the console's text.
const LOCALE: &str = "en-GB";

/// The options of a format, by their names.
type Options<'a> = &'a [(&'static str, &'static str)];

/// What is formatted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Date(Zone),
    Distance,
    Number,
}

/// A format that was made before.
struct Made {
    kind: Kind,
    options: Vec<(&'static str, &'static str)>,
    /// The viewer's offsets then, where it is a format of the viewer's zone.
    offsets: Option<[f64; 2]>,
    format: JsValue,
}

thread_local! {
    static MADE: RefCell<Vec<Made>> = const { RefCell::new(Vec::new()) };
}

/// An instant in a zone.
pub(super) fn date(at: Timestamp, zone: Zone, options: Options<'_>) -> String {
    called(&date_format(zone, options).format(), &js_date(at))
}

/// The named part of an instant in a zone.
pub(super) fn date_part(
    at: Timestamp,
    zone: Zone,
    options: Options<'_>,
    part: &str,
) -> Option<String> {
    date_format(zone, options)
        .format_to_parts(&js_date(at))
        .iter()
        .find(|it| text_of(it, "type") == part)
        .map(|it| text_of(&it, "value"))
}

/// The zone that the viewer's browser is set to, by its IANA name.
pub(super) fn viewers_zone() -> String {
    text_of(
        &date_format(Zone::Viewer, &[]).resolved_options(),
        "timeZone",
    )
}

/// The zones that the browser knows; browsers before 2022 do not say.
pub(super) fn zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or_default();
    let list = Reflect::get(&intl, &"supportedValuesOf".into()).unwrap_or_default();
    let list = list.dyn_into::<Function>().ok();
    let list = list.and_then(|list| list.call1(&intl, &"timeZone".into()).ok());
    let list = list.map(|list| Array::from(&list)).unwrap_or_default();
    list.iter().filter_map(|zone| zone.as_string()).collect()
}

/// So many of a unit from now; negative ones ago.
pub(super) fn distance(count: i64, unit: &str, options: Options<'_>) -> String {
    let format = format(Kind::Distance, options);
    let format = format.unchecked_ref::<Intl::RelativeTimeFormat>();
    String::from(format.format(float(count), unit))
}

/// A whole number.
pub(super) fn number(value: i64, options: Options<'_>) -> String {
    let format = format(Kind::Number, options);
    let format = format.unchecked_ref::<Intl::NumberFormat>().format();
    called(&format, &JsValue::from_f64(float(value)))
}

fn date_format(zone: Zone, options: Options<'_>) -> Intl::DateTimeFormat {
    format(Kind::Date(zone), options).unchecked_into()
}

/// The format with these options: the one that was made before, or a new one.
fn format(kind: Kind, options: Options<'_>) -> JsValue {
    let is_viewers = kind == Kind::Date(Zone::Viewer);
    let offsets = is_viewers.then(viewers_offsets);
    MADE.with_borrow_mut(|all| {
        let same =
            |made: &&Made| made.kind == kind && made.offsets == offsets && made.options == options;
        if let Some(made) = all.iter().find(same) {
            return made.format.clone();
        }
        let format = make(kind, options);
        all.push(Made {
            kind,
            options: options.to_vec(),
            offsets,
            format: format.clone(),
        });
        format
    })
}

/// The offsets of the viewer's zone at the beginning of January and of July 2026, in minutes.
fn viewers_offsets() -> [f64; 2] {
    let instants = [1_767_225_600_000, 1_782_864_000_000];
    instants.map(|at| js_date(Timestamp::from_millis(at)).get_timezone_offset())
}

fn make(kind: Kind, options: Options<'_>) -> JsValue {
    let locales = Array::of1(&JsValue::from_str(LOCALE));
    let object = js::object(options);
    match kind {
        Kind::Date(zone) => {
            match zone {
                Zone::Viewer => {}
                Zone::Utc => js::set(&object, "timeZone", &"UTC".into()),
                Zone::Named(name) => js::set(&object, "timeZone", &name.into()),
            }
            Intl::DateTimeFormat::new(&locales, &object).into()
        }
        Kind::Distance => Intl::RelativeTimeFormat::new(&locales, &object).into(),
        Kind::Number => Intl::NumberFormat::new(&locales, &object).into(),
    }
}

/// Calls one of `Intl`'s bound format functions. They do not throw for numbers and valid dates.
fn called(format: &Function, value: &JsValue) -> String {
    format
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// The instant as JavaScript has it, held within what it can name (275 000 years either way).
fn js_date(at: Timestamp) -> Date {
    const LIMIT: i64 = 8_640_000_000_000_000;
    Date::new(&JsValue::from_f64(float(
        at.as_millis().clamp(-LIMIT, LIMIT),
    )))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts, and milliseconds that JavaScript can name, stay below 2^53"
)]
const fn float(value: i64) -> f64 {
    value as f64
}

fn text_of(object: &JsValue, name: &str) -> String {
    Reflect::get(object.unchecked_ref::<Object>(), &name.into())
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}
