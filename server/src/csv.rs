//! Lines of CSV (RFC 4180) that a spreadsheet shows and does not run.

/// One line. A value that a spreadsheet would take for a formula gets an apostrophe in front, which it
/// shows as text.
#[must_use]
pub fn line<const N: usize>(values: [&str; N]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every line has the same number of values.
    let _ = writer.write_record(values.map(plain));
    let written = writer.into_inner().unwrap_or_default();
    String::from_utf8(written).unwrap_or_default()
}

fn plain(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("{}{value}", if formula { "'" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_quoted_where_it_must_be_and_holds_no_formula() {
        assert_eq!(line(["a", "b c", ""]), "a,b c,\n");
        assert_eq!(
            line(["a,b", "c\"d", "e\nf"]),
            "\"a,b\",\"c\"\"d\",\"e\nf\"\n"
        );
        for formula in ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"] {
            let line = line([formula, "x"]);
            let line = line.trim_start_matches('"');
            assert!(line.starts_with('\''), "{line:?}");
        }
        assert_eq!(line(["x=1", "1-1"]), "x=1,1-1\n");
    }
}
