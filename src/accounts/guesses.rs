//! Slows down those who guess passwords, and nobody else.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};
use parking_lot::Mutex;

/// An account guessed at from an address. The address alone would lock out a class behind one
/// router, the account alone would let anybody lock out its owner.
type Target = (String, Option<IpAddr>);

/// Counts wrong passwords; right ones cost nothing.
pub struct Guesses {
    wrong: DefaultKeyedRateLimiter<Target>,
    locked: Mutex<HashMap<Target, Instant>>,
}

impl Guesses {
    /// Takes `burst` wrong passwords at once, then one every 6 seconds.
    pub fn new(burst: u32) -> Self {
        let quota = Quota::with_period(Duration::from_secs(6))
            .expect("the period is not zero")
            .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
        Guesses {
            wrong: RateLimiter::keyed(quota),
            locked: Mutex::default(),
        }
    }

    /// # Errors
    /// How long to wait before the next try.
    pub fn check(&self, username: &str, from: Option<IpAddr>) -> Result<(), Duration> {
        let now = Instant::now();
        match self.locked.lock().get(&target(username, from)) {
            Some(until) if *until > now => Err(*until - now),
            _ => Ok(()),
        }
    }

    /// Counts a wrong password.
    pub fn count(&self, username: &str, from: Option<IpAddr>) {
        let target = target(username, from);
        if let Err(early) = self.wrong.check_key(&target) {
            let wait = early.wait_time_from(DefaultClock::default().now());
            let mut locked = self.locked.lock();
            locked.retain(|_, until| *until > Instant::now());
            locked.insert(target, Instant::now() + wait);
        }
        self.wrong.retain_recent();
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
        for _ in 0..4 {
            assert!(guesses.check("alice", here).is_ok());
            guesses.count("Alice", here);
        }
        let wait = guesses.check("alice", here).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(6));
        assert!(guesses.check("bob", here).is_ok());
        assert!(guesses.check("alice", None).is_ok());
    }
}
