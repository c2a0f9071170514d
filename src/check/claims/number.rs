//! Floats of which the note shows fewer digits.

/// True where `claimed` is `actual` with fewer digits, rounded or cut. One digit is no such
/// claim: `0.3` is not `0.30000000000000004`; nor is a round number.
pub(super) fn is_cut(claimed: &str, actual: &str) -> bool {
    let (Some(claimed), Some(actual)) = (Parts::of(claimed), Parts::of(actual)) else {
        return false;
    };
    let shown = claimed.fraction.len();
    let significant = format!("{}{}", claimed.whole, claimed.fraction);
    let significant = significant.trim_start_matches('0').len();
    let round = claimed.fraction.bytes().all(|digit| digit == b'0');
    if shown >= actual.fraction.len() || significant < 2 || round {
        return false;
    }
    if claimed.sign != actual.sign || claimed.exponent != actual.exponent {
        return false;
    }
    let wanted = format!("{}.{}", claimed.whole, claimed.fraction);
    let cut = format!("{}.{}", actual.whole, &actual.fraction[..shown]);
    wanted == cut
        || rounds_to(
            &format!("{}.{}", actual.whole, actual.fraction),
            &wanted,
            shown,
        )
}

/// True where the two differ by no more than a hundred-thousandth, as pytest-doctestplus compares them.
pub(super) fn is_close(claimed: &str, actual: &str) -> bool {
    const RELATIVE: f64 = 1e-5;
    const ABSOLUTE: f64 = 1e-8;
    match (claimed.parse::<f64>(), actual.parse::<f64>()) {
        (Ok(claimed), Ok(actual)) => (claimed - actual).abs() <= ABSOLUTE + RELATIVE * actual.abs(),
        _ => false,
    }
}

fn rounds_to(actual: &str, wanted: &str, shown: usize) -> bool {
    // A half may go either way: people round 0.125 to 0.13, Python to 0.12.
    actual.parse::<f64>().is_ok_and(|actual| {
        [actual, actual * (1.0 + 1e-15)]
            .iter()
            .any(|number| format!("{number:.shown$}") == wanted)
    })
}

struct Parts<'a> {
    sign: &'a str,
    whole: &'a str,
    fraction: &'a str,
    exponent: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let unsigned = text.trim_start_matches(['-', '+']);
        let sign = &text[..text.len() - unsigned.len()];
        let at = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
        let (mantissa, exponent) = unsigned.split_at(at);
        let (whole, fraction) = mantissa.split_once('.')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(whole) && digits(fraction)).then_some(Self {
            sign,
            whole,
            fraction,
            exponent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{is_close, is_cut};

    #[test]
    fn close_numbers_differ_a_little() {
        assert!(is_close("1.000033334", "1.0000333333333333"));
        assert!(is_close("2.0", "2"));
        assert!(!is_close("0.334", "0.333"));
        assert!(!is_close("1_0", "x"));
    }

    #[test]
    fn fewer_digits_are_the_same_number_where_they_say_enough() {
        for (claimed, actual, expected) in [
            ("3.14", "3.141592653589793", true),
            ("3.142", "3.141592653589793", true),
            ("3.141", "3.141592653589793", true),
            ("3.15", "3.141592653589793", false),
            ("0.333333333333", "0.3333333333333333", true),
            ("0.3", "0.30000000000000004", false),
            ("0.1", "0.1000000000000000055", false),
            ("2.0", "2.0000000000000004", false),
            ("-3.14", "3.141592", false),
            ("-3.14", "-3.141592", true),
            ("1.23e-05", "1.2345e-05", true),
            ("1.23e-05", "1.2345e-06", false),
            ("0.10000000000000001", "0.1", false),
            ("0.13", "0.125", true),
            ("0.12", "0.125", true),
            ("1.50", "1.5", false),
            ("10.00", "9.999", false),
        ] {
            assert_eq!(is_cut(claimed, actual), expected, "{claimed} {actual}");
        }
    }
}
