//! A message that is not stored yet.

use std::sync::Arc;

/// The author of a draft. Clones share the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub username: Arc<str>,
    pub display_name: Arc<str>,
}

/// A message to be stored: valid, but without a `seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub room: String,
    pub author: Author,
    pub body: String,
    pub key: Option<String>,
}

/// The most characters (Unicode scalar values) in a message.
pub const MAX_BODY_CHARS: usize = 4_000;

impl Draft {
    /// # Errors
    /// The name of the invalid field, and what it must be.
    pub fn new(
        room: &str,
        author: Author,
        body: String,
        key: Option<String>,
    ) -> Result<Self, (&'static str, &'static str)> {
        if body.is_empty() {
            return Err(("body", "must not be empty"));
        }
        if body.chars().nth(MAX_BODY_CHARS).is_some() {
            return Err(("body", "must be at most 4,000 characters"));
        }
        if key.as_deref().is_some_and(|key| !is_key(key)) {
            return Err(("key", "must be 1 to 64 printable ASCII characters"));
        }
        Ok(Draft {
            room: room.into(),
            author,
            body,
            key,
        })
    }
}

fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len()) && key.bytes().all(|b| (b' '..=b'~').contains(&b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(body: &str, key: Option<&str>) -> Result<Draft, (&'static str, &'static str)> {
        let author = Author {
            username: "alice".into(),
            display_name: "Alice".into(),
        };
        Draft::new("lobby", author, body.into(), key.map(Into::into))
    }

    proptest! {
        #[test]
        fn nothing_is_trimmed_or_changed(body in "(?s).{1,200}") {
            prop_assert_eq!(draft(&body, None).unwrap().body, body);
        }

        #[test]
        fn keys_are_printable_ascii(key in ".{0,80}") {
            let fits = !key.is_empty() && key.len() <= 64 && key.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
            prop_assert_eq!(draft("hi", Some(&key)).is_ok(), fits);
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(draft(&"𝒳".repeat(4_000), None).is_ok());
        assert_eq!(draft(&"x".repeat(4_001), None).unwrap_err().0, "body");
        assert_eq!(draft("", None).unwrap_err().0, "body");
    }
}
