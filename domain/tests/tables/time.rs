//! How instants are written and read (RFC 3339).

use tenure_domain::time::Timestamp;

/// The instant that an RFC 3339 text names.
pub(super) fn at(text: &str) -> Timestamp {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn an_instant_is_written_in_utc_with_milliseconds() {
    let table = [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_771_579_987_005, "2026-02-20T09:33:07.005Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (253_402_300_800_000, "253402300800000 ms"),
        (-62_167_219_200_001, "-62167219200001 ms"),
        (i64::MAX, "9223372036854775807 ms"),
        (i64::MIN, "-9223372036854775808 ms"),
    ];
    for (millis, text) in table {
        assert_eq!(Timestamp::from_millis(millis).to_string(), text);
    }
}

#[test]
fn any_offset_is_read_and_finer_digits_are_dropped() {
    let table = [
        "2026-02-20T09:33:07.005Z",
        "2026-02-20T10:33:07.005+01:00",
        "2026-02-19T23:33:07.005-10:00",
        "2026-02-20T09:33:07.005999999Z",
        "2026-02-20t09:33:07.005z",
    ];
    for text in table {
        assert_eq!(at(text).as_millis(), 1_771_579_987_005, "{text}");
    }
    assert_eq!(
        at("1969-12-31T23:59:59.9999Z").as_millis(),
        -1,
        "down, also before 1970"
    );
}

#[test]
fn what_is_no_instant_is_refused() {
    let table = [
        "",
        "now",
        "1771579987005",
        "2026-02-20",
        "2026-02-20T09:33:07",
        "2026-02-30T09:33:07Z",
        "2026-02-20T24:00:00Z",
        "2026-02-20T09:33:07Z and more",
    ];
    for text in table {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
        assert!(
            serde_json::from_value::<Timestamp>(text.into()).is_err(),
            "{text}"
        );
    }
    assert!(
        serde_json::from_str::<Timestamp>("1771579987005").is_err(),
        "no bare numbers"
    );
}

#[test]
fn the_wire_carries_no_year_that_rfc_3339_lacks() {
    for millis in [253_402_300_800_000, -62_167_219_200_001, i64::MIN, i64::MAX] {
        assert!(
            serde_json::to_string(&Timestamp::from_millis(millis)).is_err(),
            "{millis}"
        );
    }
}
