//! The bodies of the lab's messages: the scheduled instant and the number.

/// The body of message `number`, scheduled for `due` nanoseconds of the monotonic clock. It is
/// padded to `bytes`, at least 32.
pub fn write(due: u64, number: u64, bytes: usize) -> String {
    let mut body = format!("{due:020} {number:010} ");
    body.extend(std::iter::repeat_n('.', bytes.saturating_sub(body.len())));
    body
}

/// The scheduled instant and the number; `None` for a body that is not the lab's.
pub fn read(body: &str) -> Option<(u64, u64)> {
    let mut words = body.split(' ');
    let due = words.next()?.parse().ok()?;
    let number = words.next()?.parse().ok()?;
    Some((due, number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_written_body_has_its_length_and_is_read_back(due: u64, number in 0u64..10_000_000_000, bytes in 32usize..500) {
            let body = write(due, number, bytes);
            prop_assert_eq!(body.len(), bytes);
            prop_assert_eq!(read(&body), Some((due, number)));
        }
    }

    #[test]
    fn other_bodies_are_not_read() {
        assert_eq!(read("hello world"), None);
    }
}
