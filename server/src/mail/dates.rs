//! Instants as people read them in a mail: the weekday, their own clock with its distance from UTC, and UTC.

use tenure_domain::{locale::Language, time::Timestamp};

use crate::zone::{Reading, Zone};

const WEEKDAYS: [[&str; 7]; 2] = [
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
    [
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    ],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

/// `Friday, 4 December 2026, 04:13 (UTC+1)`: what a clock shows there, cut to the minute.
#[must_use]
pub fn local(language: Language, zone: &Zone, at: Timestamp) -> String {
    let reading = zone.reading(at);
    let (date, time) = (date(language, &reading), time(&reading));
    match language {
        Language::En => format!("{date}, {time} ({})", reading.offset),
        Language::De => format!("{date}, {time} Uhr ({})", reading.offset),
    }
}

/// `03:13 UTC`, with its day where that is another one than the reader's; nothing where the reader's clock
/// shows UTC anyway.
#[must_use]
pub fn utc(language: Language, zone: &Zone, at: Timestamp) -> Option<String> {
    let theirs = zone.reading(at);
    if theirs.offset == "UTC" {
        return None;
    }
    let reading = Zone::utc().reading(at);
    let time = match language {
        Language::En => format!("{} UTC", time(&reading)),
        Language::De => format!("{} Uhr UTC", time(&reading)),
    };
    let is_same_day = reading.day == theirs.day;
    Some(if is_same_day {
        time
    } else {
        format!("{}, {time}", day(language, &reading))
    })
}

fn date(language: Language, reading: &Reading) -> String {
    let names = WEEKDAYS[place(language)];
    let weekday = usize::try_from(reading.weekday).ok();
    let weekday = weekday
        .and_then(|weekday| names.get(weekday))
        .unwrap_or(&"");
    format!("{weekday}, {}", day(language, reading))
}

fn day(language: Language, reading: &Reading) -> String {
    let names = MONTHS[place(language)];
    let month = usize::try_from(reading.month).ok();
    let month = month
        .and_then(|month| names.get(month.wrapping_sub(1)))
        .unwrap_or(&"");
    let Reading { day, year, .. } = reading;
    match language {
        Language::En => format!("{day} {month} {year}"),
        Language::De => format!("{day}. {month} {year}"),
    }
}

fn time(reading: &Reading) -> String {
    format!("{:02}:{:02}", reading.hour, reading.minute)
}

const fn place(language: Language) -> usize {
    match language {
        Language::En => 0,
        Language::De => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_the_readers_zone_and_in_utc() {
        let at = "2026-12-04T03:13:59.999Z".parse().unwrap();
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            local(Language::En, &berlin, at),
            "Friday, 4 December 2026, 04:13 (UTC+1)"
        );
        assert_eq!(
            local(Language::De, &berlin, at),
            "Freitag, 4. Dezember 2026, 04:13 Uhr (UTC+1)"
        );
        let utc_words = utc(Language::En, &berlin, at);
        assert_eq!(utc_words.as_deref(), Some("03:13 UTC"));
        let late = "2026-12-04T23:30:00Z".parse().unwrap();
        let utc_words = utc(Language::De, &berlin, late);
        let other_day = "4. Dezember 2026, 23:30 Uhr UTC";
        assert_eq!(utc_words.as_deref(), Some(other_day));
        assert_eq!(utc(Language::En, &Zone::utc(), at), None);
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart_by_its_offset() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let words = |text: &str| local(Language::En, &berlin, text.parse().unwrap());
        assert_eq!(
            words("2026-10-25T00:30:00Z"),
            "Sunday, 25 October 2026, 02:30 (UTC+2)"
        );
        assert_eq!(
            words("2026-10-25T01:30:00Z"),
            "Sunday, 25 October 2026, 02:30 (UTC+1)"
        );
    }
}
