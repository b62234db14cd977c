//! Where a head ends, in however many pieces it comes.

/// How many of these bytes belong to a head of which `seen` bytes of its end were there before;
/// and how much of its end has been seen now, `None` when it is over.
pub fn head_part(bytes: &[u8], mut seen: usize) -> (usize, Option<usize>) {
    const END: &[u8] = b"\r\n\r\n";
    for (place, byte) in bytes.iter().enumerate() {
        seen = match byte {
            byte if *byte == END[seen] => seen + 1,
            b'\r' => 1,
            _ => 0,
        };
        if seen == END.len() {
            return (place + 1, None);
        }
    }
    (bytes.len(), Some(seen))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_head_ends_where_it_ends_however_it_is_cut(
            head in "[a-z:\r\n ]{0,30}", body in "[a-z\r\n]{0,20}", cuts in prop::collection::vec(1usize..6, 0..30)
        ) {
            let text = format!("{head}\r\n\r\n{body}");
            let end = text.find("\r\n\r\n").unwrap() + 4;
            let (mut rest, mut seen, mut length) = (text.as_bytes(), Some(0), 0);
            let mut cuts = cuts.into_iter();
            while !rest.is_empty() {
                let (piece, later) = rest.split_at(cuts.next().unwrap_or(rest.len()).min(rest.len()));
                if let Some(so_far) = seen {
                    let (part, now) = head_part(piece, so_far);
                    length += part;
                    seen = now;
                }
                rest = later;
            }
            prop_assert_eq!(length, end);
        }
    }
}
