//! Rate limits for guessing passwords.

use std::{net::IpAddr, time::Duration};

use super::Origin;
use crate::rate_limit::RateLimit;

/// After the burst, one more guess is allowed in each interval: for one account from one address, for one
/// account from wherever, and from one address for whichever account.
const INTERVAL: Duration = Duration::from_secs(6);
const ACCOUNT_INTERVAL: Duration = Duration::from_secs(6);
const ADDRESS_INTERVAL: Duration = Duration::from_secs(1);
/// How many times the burst for one account from one address is allowed for an account, and for an address.
const ACCOUNT_BURSTS: u32 = 5;
const ADDRESS_BURSTS: u32 = 10;

/// An account, the address from which its password is guessed, and whether it is from a browser that is
/// known. Such a limit by address alone would lock out a whole class behind one router, whence the wider one
/// for addresses; by account alone, anybody could lock out its owner, whence the exemption of known browsers.
type Target = (String, Option<IpAddr>, bool);

/// Limits wrong passwords. A guess is counted before the password is checked, so that concurrent
/// guesses all count, and refunded if it was right.
///
/// Who guesses one account from many addresses, or many accounts from one, is slowed as well. That does not
/// concern a browser from which somebody has signed in to the account before: an owner gets in while others
/// guess.
pub struct GuessLimiter {
    targets: RateLimit<Target>,
    accounts: RateLimit<String>,
    addresses: RateLimit<IpAddr>,
}

impl GuessLimiter {
    /// Allows `burst` wrong passwords for one account from one address at once, then one every 6 seconds.
    pub fn new(burst: u32) -> Self {
        let times = |bursts| burst.saturating_mul(bursts);
        GuessLimiter {
            targets: RateLimit::new(burst, INTERVAL),
            accounts: RateLimit::new(times(ACCOUNT_BURSTS), ACCOUNT_INTERVAL),
            addresses: RateLimit::new(times(ADDRESS_BURSTS), ADDRESS_INTERVAL),
        }
    }

    /// Counts one guess.
    ///
    /// # Errors
    /// How long to wait before the next guess is allowed.
    pub fn take(&self, username: &str, origin: Origin) -> Result<(), Duration> {
        let target = target(username, origin);
        self.targets.take(target.clone())?;
        let Some(address) = stranger(origin) else {
            return Ok(());
        };
        let account = target.0.clone();
        if let Err(wait) = self.accounts.take(account.clone()) {
            self.targets.refund(&target);
            return Err(wait);
        }
        self.addresses.take(address).inspect_err(|_| {
            self.targets.refund(&target);
            self.accounts.refund(&account);
        })
    }

    /// Removes a guess from the count because the password was right.
    pub fn refund(&self, username: &str, origin: Origin) {
        let target = target(username, origin);
        self.targets.refund(&target);
        if let Some(address) = stranger(origin) {
            self.accounts.refund(&target.0);
            self.addresses.refund(&address);
        }
    }
}

fn target(username: &str, origin: Origin) -> Target {
    // No account has a longer name; cutting it here bounds the memory that a target takes.
    let name = username.chars().take(33).collect::<String>();
    (name.to_ascii_lowercase(), origin.address, origin.is_known)
}

/// The address of a browser that is not known.
fn stranger(origin: Origin) -> Option<IpAddr> {
    origin.limited_address().filter(|_| !origin.is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> Origin {
        Origin {
            address: Some(IpAddr::from([10, 0, 0, last])),
            is_limited: true,
            is_known: false,
        }
    }

    fn known(last: u8) -> Origin {
        Origin {
            is_known: true,
            ..from(last)
        }
    }

    #[test]
    fn guesses_are_limited_for_one_account_and_address_only() {
        let guesses = GuessLimiter::new(3);
        for _ in 0..3 {
            assert!(guesses.take("Alice", from(1)).is_ok());
        }
        let wait = guesses.take("alice", from(1)).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= INTERVAL);
        assert!(guesses.take("bob", from(1)).is_ok());
        assert!(guesses.take("alice", from(2)).is_ok());
    }

    #[test]
    fn one_account_from_many_addresses_is_slowed_and_a_known_browser_is_not() {
        let guesses = GuessLimiter::new(2);
        let allowed = (0..200).filter(|last| guesses.take("alice", from(*last)).is_ok());
        assert_eq!(allowed.count(), 10);
        assert!(guesses.take("bob", from(201)).is_ok());
        assert!(guesses.take("alice", known(202)).is_ok());
        // Also from an address whose guesses are used up.
        assert!(guesses.take("alice", known(0)).is_ok());
    }

    #[test]
    fn many_accounts_from_one_address_are_slowed_and_a_known_browser_is_not() {
        let guesses = GuessLimiter::new(2);
        let allowed = (0..200).filter(|n| guesses.take(&format!("user-{n}"), from(1)).is_ok());
        assert_eq!(allowed.count(), 20);
        assert!(guesses.take("alice", from(2)).is_ok());
        assert!(guesses.take("alice", known(1)).is_ok());
    }

    #[test]
    fn what_comes_from_the_machine_itself_has_no_more_limits() {
        let guesses = GuessLimiter::new(1);
        let own = Origin {
            address: Some(IpAddr::from([127, 0, 0, 1])),
            ..Origin::default()
        };
        assert!((0..100).all(|n| guesses.take(&format!("user-{n}"), own).is_ok()));
    }

    #[test]
    fn right_passwords_are_not_counted() {
        let guesses = GuessLimiter::new(1);
        for _ in 0..100 {
            guesses.take("alice", from(1)).unwrap();
            guesses.refund("alice", from(1));
        }
    }
}
