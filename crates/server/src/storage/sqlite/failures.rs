//! What SQLite says when it fails.

use domain::store::StoreError;

/// What SQLite says of a file that is damaged.
const DAMAGE: [&str; 2] = ["is malformed", "is not a database"];

/// What SQLite says when the database may work again later.
const PASSING: [&str; 5] = [
    "is full",
    "is locked",
    "disk I/O error",
    "readonly database",
    "unable to open",
];

/// An error of the database, told apart by whether it may pass.
pub fn failed(error: impl std::fmt::Display) -> StoreError {
    let text = error.to_string();
    match PASSING.iter().any(|passing| text.contains(passing)) || is_damage(&text) {
        true => StoreError::Unavailable(text),
        false => StoreError::Failed(text),
    }
}

/// Whether SQLite says that a file is damaged. The operator may put a backup in its place.
pub fn is_damage(text: &str) -> bool {
    DAMAGE.iter().any(|damage| text.contains(damage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_told_apart() {
        assert!(matches!(
            failed("database or disk is full"),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(
            failed("UNIQUE constraint failed: messages.seq"),
            StoreError::Failed(_)
        ));
    }
}
