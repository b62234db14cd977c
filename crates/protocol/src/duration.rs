//! Parses the durations in settings.

use std::time::Duration;

/// A longer duration is a typing error; the bound also keeps additions to an `Instant` in range.
const LONGEST: Duration = Duration::from_hours(87600);

/// Reads a duration such as `40ms`, `75s` or `30d`: from 1 ms to 10 years.
///
/// # Errors
/// A sentence for the command line that says what is accepted.
pub fn parse(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if (Duration::from_millis(1)..=LONGEST).contains(&duration) => Ok(duration),
        _ => Err(
            "give a number with its unit, such as 40ms, 75s or 30d: from 1 ms to 10 years".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_accepted_is_in_bounds(text in corpus::mutated(&["40ms", "75s", "30d", "1h 5m", "10y"])) {
            if let Ok(duration) = parse(&text) {
                prop_assert!(duration >= Duration::from_millis(1) && duration <= LONGEST);
            }
        }

        #[test]
        fn whole_milliseconds_are_read_exactly(ms in 1_u64..=315_360_000_000) {
            prop_assert_eq!(parse(&format!("{ms}ms")), Ok(Duration::from_millis(ms)));
        }
    }

    #[test]
    fn durations_have_units_and_bounds() {
        assert_eq!(parse("1500us"), Ok(Duration::from_micros(1500)));
        assert_eq!(parse("30d"), Ok(Duration::from_hours(720)));
        for bad in ["0s", "10", "soon", "", "400000y", "-1s"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
