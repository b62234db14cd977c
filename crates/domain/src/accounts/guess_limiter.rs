//! Rate limit for guessing passwords.

use std::{net::IpAddr, time::Duration};

use crate::rate_limit::RateLimit;

/// After the burst, one more guess is allowed in each interval.
const GUESS_INTERVAL: Duration = Duration::from_secs(6);

/// An account and the address from which its password is guessed. A limit by address alone would
/// lock out a whole class behind one router; by account alone, anybody could lock out its owner.
type Target = (String, Option<IpAddr>);

/// Limits wrong passwords. A guess is counted before the password is checked, so that concurrent
/// guesses all count, and refunded if it was right.
pub struct GuessLimiter(RateLimit<Target>);

impl GuessLimiter {
    /// Allows `burst` wrong passwords at once, then one every 6 seconds.
    pub fn new(burst: u32) -> Self {
        GuessLimiter(RateLimit::new(burst, GUESS_INTERVAL))
    }

    /// Counts one guess.
    ///
    /// # Errors
    /// How long to wait before the next guess is allowed.
    pub fn take(&self, username: &str, from: Option<IpAddr>) -> Result<(), Duration> {
        self.0.take(target(username, from))
    }

    /// Removes a guess from the count because the password was right.
    pub fn refund(&self, username: &str, from: Option<IpAddr>) {
        self.0.refund(&target(username, from));
    }
}

fn target(username: &str, from: Option<IpAddr>) -> Target {
    // No account has a longer name; cutting it here bounds the memory that a target takes.
    let name = username.chars().take(33).collect::<String>();
    (name.to_ascii_lowercase(), from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_limited_for_one_account_and_address_only() {
        let guesses = GuessLimiter::new(3);
        let address = Some(IpAddr::from([127, 0, 0, 1]));
        for _ in 0..3 {
            assert!(guesses.take("Alice", address).is_ok());
        }
        let wait = guesses.take("alice", address).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= GUESS_INTERVAL);
        assert!(guesses.take("bob", address).is_ok());
        assert!(guesses.take("alice", None).is_ok());
    }

    #[test]
    fn right_passwords_are_not_counted() {
        let guesses = GuessLimiter::new(1);
        for _ in 0..100 {
            guesses.take("alice", None).unwrap();
            guesses.refund("alice", None);
        }
    }
}
