//! Usernames, which identify accounts, and display names, which are shown.

use std::fmt;

use crate::visible::looks_blank;

/// A name to sign in with: 3–32 of `a-z 0-9 _ -`. Parsing converts it to lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

impl Username {
    /// # Errors
    /// A sentence for the form that says what a username must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let folded = text.to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        if (3..=32).contains(&folded.len()) && folded.chars().all(allowed) {
            Ok(Username(folded))
        } else {
            Err("must be 3 to 32 letters a to z, digits, - or _")
        }
    }

    /// A name from the database, which was checked before it was stored.
    pub fn stored(text: String) -> Self {
        Username(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name to show, kept exactly as given: 1–64 characters of any script, not all of them blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// # Errors
    /// A sentence for the form that says what a display name must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if !(1..=64).contains(&text.chars().count()) || looks_blank(text) {
            Err("must be 1 to 64 characters, not all of them blank")
        } else if text.chars().any(char::is_control) {
            Err("must not contain line breaks or other control characters")
        } else {
            Ok(DisplayName(text.into()))
        }
    }

    /// A name from the database, which was checked before it was stored.
    pub fn stored(text: String) -> Self {
        DisplayName(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn usernames_are_the_same_in_upper_and_lower_case(name in "[a-zA-Z0-9_-]{3,32}") {
            let parsed = Username::parse(&name).unwrap();
            prop_assert_eq!(&parsed, &Username::parse(&name.to_ascii_uppercase()).unwrap());
            prop_assert_eq!(&parsed, &Username::parse(parsed.as_str()).unwrap());
        }

        #[test]
        fn other_usernames_are_refused(name in ".*") {
            let allowed = name.len() >= 3 && name.len() <= 32
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            prop_assert_eq!(Username::parse(&name).is_ok(), allowed);
        }

        #[test]
        fn a_display_name_is_kept_exactly(name in "[^\\p{Cc}\\s]\\PC{0,63}") {
            match DisplayName::parse(&name) {
                Ok(parsed) => prop_assert_eq!(parsed.as_str(), name),
                Err(_) => prop_assert!(looks_blank(&name)),
            }
        }
    }

    #[test]
    fn display_names_are_counted_in_characters() {
        assert!(DisplayName::parse(&"я".repeat(64)).is_ok());
        assert!(DisplayName::parse(&"я".repeat(65)).is_err());
        assert!(DisplayName::parse("").is_err());
        assert!(DisplayName::parse("two\nlines").is_err());
    }
}
