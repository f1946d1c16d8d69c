//! Calendars as programs subscribe to them (iCalendar, RFC 5545). Pure: what stands in them comes in.
//!
//! The same moments are the same bytes, so that whoever asks again learns that nothing has changed. Folding
//! and escaping are the library's.

use chrono::TimeDelta;
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _, Property, Trigger};
use tenure_domain::time::{SECOND, Timestamp};

/// When people are reminded of a moment, as a duration of the format: seven days before it.
const REMINDED_BEFORE: &str = "-P7D";
/// How often programs are asked to look, as a duration of the format.
const LOOK_EVERY: &str = "PT1H";
/// From where on changes are counted, in seconds: 2020-01-01T00:00:00Z. They fit until 2156.
const COUNTED_FROM: Timestamp = Timestamp::from_millis(1_577_836_800_000);

/// Something that happens at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What tells it from others for good: programs that know it change theirs instead of adding one.
    pub uid: String,
    /// When.
    pub at: Timestamp,
    /// In a line.
    pub summary: String,
    /// In some more.
    pub description: String,
    /// Where people see to it.
    pub url: String,
    /// When anything of it was changed last. Never earlier than it was before.
    pub modified_at: Timestamp,
}

/// The calendar of these moments.
#[must_use]
pub fn document(name: &str, moments: &[Moment]) -> String {
    // Not `new`, which names the library as the product.
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//Tenure//Token expiries//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("METHOD", "PUBLISH"));
    calendar.name(name);
    let mut refresh = Property::new("REFRESH-INTERVAL", LOOK_EVERY);
    calendar.append_property(refresh.add_parameter("VALUE", "DURATION").done());
    calendar.append_property(("X-PUBLISHED-TTL", LOOK_EVERY));
    for event in moments.iter().filter_map(event) {
        calendar.push(event);
    }
    calendar.to_string()
}

/// The moment as an event; none where it lies outside the calendar.
fn event(moment: &Moment) -> Option<Event> {
    let at = moment.at.to_datetime().ok()?;
    let modified_at = moment.modified_at.to_datetime().ok()?;
    let sequence = moment.modified_at.millis_since(COUNTED_FROM) / SECOND;
    let mut alarm = Alarm::display(&moment.summary, Trigger::before_start(TimeDelta::days(7)));
    // The library writes the same span in seconds, which some programs show so.
    let mut trigger = Property::new("TRIGGER", REMINDED_BEFORE);
    alarm.append_property(trigger.add_parameter("RELATED", "START").done());
    alarm.add_property("UID", format!("{}-alarm", moment.uid));
    alarm.timestamp(modified_at);
    let event = Event::new()
        .uid(&moment.uid)
        .summary(&moment.summary)
        .description(&moment.description)
        .url(&moment.url)
        .starts(at)
        .timestamp(modified_at)
        .last_modified(modified_at)
        .sequence(u32::try_from(sequence).unwrap_or_default())
        .add_property("TRANSP", "TRANSPARENT")
        .alarm(alarm)
        .done();
    Some(event)
}
