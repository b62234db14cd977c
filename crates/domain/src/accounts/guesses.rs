//! Slows down those who guess passwords, and nobody else.

use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// One more guess is allowed every so often.
const REFILL: Duration = Duration::from_secs(6);
/// More targets than this are looked through for those that may be forgotten.
const REMEMBERED: usize = 10_000;

/// An account guessed at from an address. The address alone would lock out a class behind one
/// router, the account alone would let anybody lock out its owner.
type Target = (String, Option<IpAddr>);

/// Counts wrong passwords. A guess is counted before it is looked at, so that many at once are
/// many, and given back when it was right: no limiter in the libraries takes anything back.
pub struct Guesses {
    burst: u32,
    /// When each target will have all its guesses back.
    whole_again: Mutex<HashMap<Target, Instant>>,
}

impl Guesses {
    /// Takes `burst` wrong passwords at once, then one every 6 seconds.
    pub fn new(burst: u32) -> Self {
        Guesses {
            burst,
            whole_again: Mutex::default(),
        }
    }

    /// Takes one guess.
    ///
    /// # Errors
    /// How long to wait before the next one.
    pub fn take(&self, username: &str, from: Option<IpAddr>) -> Result<(), Duration> {
        let now = Instant::now();
        let mut targets = self.whole_again.lock();
        if targets.len() >= REMEMBERED {
            targets.retain(|_, whole| *whole > now);
        }
        let whole = targets.entry(target(username, from)).or_insert(now);
        let spent = (*whole).max(now) + REFILL;
        let allowed = now + REFILL * self.burst;
        if spent > allowed {
            return Err(spent - allowed);
        }
        *whole = spent;
        Ok(())
    }

    /// Gives a guess back: it was right.
    pub fn give_back(&self, username: &str, from: Option<IpAddr>) {
        if let Some(whole) = self.whole_again.lock().get_mut(&target(username, from)) {
            *whole -= REFILL;
        }
    }
}

fn target(username: &str, from: Option<IpAddr>) -> Target {
    // A name longer than any account's is nobody's; the memory that it takes is bounded here.
    let name = username.chars().take(33).collect::<String>();
    (name.to_ascii_lowercase(), from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_stopped_and_others_are_let_through() {
        let guesses = Guesses::new(3);
        let here = Some(IpAddr::from([127, 0, 0, 1]));
        for _ in 0..3 {
            assert!(guesses.take("Alice", here).is_ok());
        }
        let wait = guesses.take("alice", here).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= REFILL);
        assert!(guesses.take("bob", here).is_ok());
        assert!(guesses.take("alice", None).is_ok());
    }

    #[test]
    fn right_passwords_cost_nothing() {
        let guesses = Guesses::new(1);
        for _ in 0..100 {
            guesses.take("alice", None).unwrap();
            guesses.give_back("alice", None);
        }
    }
}
