//! Finds the end of a header section that arrives in pieces.

/// The number of these bytes that belong to a header section, and how many bytes of its end have
/// matched so far: `None` when it is complete. `matched` is that number before these bytes.
pub fn header_part(bytes: &[u8], mut matched: usize) -> (usize, Option<usize>) {
    const END: &[u8] = b"\r\n\r\n";
    for (place, byte) in bytes.iter().enumerate() {
        matched = match byte {
            byte if *byte == END[matched] => matched + 1,
            b'\r' => 1,
            _ => 0,
        };
        if matched == END.len() {
            return (place + 1, None);
        }
    }
    (bytes.len(), Some(matched))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_end_is_found_however_the_bytes_are_split(
            headers in "[a-z:\r\n ]{0,30}", body in "[a-z\r\n]{0,20}", sizes in prop::collection::vec(1usize..6, 0..30)
        ) {
            let text = format!("{headers}\r\n\r\n{body}");
            let end = text.find("\r\n\r\n").unwrap() + 4;
            let (mut rest, mut matched, mut length) = (text.as_bytes(), Some(0), 0);
            let mut sizes = sizes.into_iter();
            while !rest.is_empty() {
                let (piece, later) = rest.split_at(sizes.next().unwrap_or(rest.len()).min(rest.len()));
                if let Some(so_far) = matched {
                    let (part, now) = header_part(piece, so_far);
                    length += part;
                    matched = now;
                }
                rest = later;
            }
            prop_assert_eq!(length, end);
        }
    }
}
