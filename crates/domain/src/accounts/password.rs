//! Passwords, and the slow hash under which they are stored.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::store::StoreError;

/// How many passwords of either kind may wait: at the default cost, about ten seconds of work.
const QUEUE: usize = 64;

/// A password in clear text. It implements neither `Debug` nor `Display`, so it cannot be logged.
pub struct Password(String);

impl Password {
    /// A new password: 8–128 characters.
    ///
    /// # Errors
    /// A sentence for the form that says what a password must be.
    pub fn parse(text: String) -> Result<Self, &'static str> {
        if (8..=128).contains(&text.chars().count()) {
            Ok(Password(text))
        } else {
            Err("must be 8 to 128 characters")
        }
    }

    /// A password from a sign-in, which is compared whatever its length.
    pub fn unchecked(text: String) -> Self {
        Password(text)
    }

    /// The input for bcrypt, which reads 72 bytes at most and stops at a zero byte. The digest of
    /// the whole password in base64 is 44 bytes and has no zero byte.
    fn digest(&self) -> String {
        BASE64_STANDARD.encode(Sha256::digest(&self.0))
    }
}

/// Hashes passwords on the blocking pool, a few at a time, so that many sign-ins at once leave
/// cores for everything else.
pub struct Hasher {
    cost: u32,
    permits: Semaphore,
    /// The passwords to compare that may wait, and the new ones to hash.
    sign_ins: Semaphore,
    registrations: Semaphore,
    /// Held by the one new password that competes for `permits`, which are given in order: a flood of
    /// registrations leaves at least every second turn to those who sign in.
    next_registration: Semaphore,
    /// A hash that no password matches. Sign-ins with unknown names are verified against it.
    unusable_hash: String,
}

impl Hasher {
    pub fn new(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let unusable_hash = bcrypt::hash(rand::random::<[u8; 16]>(), cost);
        Hasher {
            cost,
            permits: Semaphore::new(cores.div_ceil(2)),
            sign_ins: Semaphore::new(QUEUE),
            registrations: Semaphore::new(QUEUE),
            next_registration: Semaphore::new(1),
            unusable_hash: unusable_hash.expect("the cost is in bcrypt's range"),
        }
    }

    /// A hash that no password matches.
    pub fn unusable_hash(&self) -> &str {
        &self.unusable_hash
    }

    /// # Errors
    /// [`StoreError::Busy`], as for [`Hasher::verify`].
    pub async fn hash(&self, password: Password) -> Result<String, StoreError> {
        let cost = self.cost;
        let _queued = self
            .registrations
            .try_acquire()
            .map_err(|_| StoreError::Busy)?;
        let _next = self
            .next_registration
            .acquire()
            .await
            .expect("never closed");
        let hashed = self.blocking(move || {
            bcrypt::hash(password.digest(), cost).expect("the cost is in bcrypt's range")
        });
        Ok(hashed.await)
    }

    /// Whether `password` matches `hash`. Without a hash it never matches, but takes as long.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if too many passwords wait already.
    pub async fn verify(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, StoreError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.unusable_hash.clone());
        let _queued = self.sign_ins.try_acquire().map_err(|_| StoreError::Busy)?;
        let right = self
            .blocking(move || bcrypt::verify(password.digest(), &hash).unwrap_or(false))
            .await;
        Ok(known && right)
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _permit = self.permits.acquire().await.expect("never closed");
        tokio::task::spawn_blocking(work)
            .await
            .expect("hashing does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_character_of_a_long_password_counts() {
        let hasher = Hasher::new(4);
        let long = "x".repeat(127);
        let hash = hasher
            .hash(Password::parse(format!("{long}a")).unwrap())
            .await
            .unwrap();
        let unchecked = |last| Password::unchecked(format!("{long}{last}"));
        assert!(
            hasher
                .verify(unchecked("a"), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(unchecked("b"), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!hasher.verify(unchecked("A"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(unchecked("a"), None).await.unwrap());
    }

    /// Fifty registrations wait when somebody signs in. Only the one that is being hashed and the next
    /// one may come first.
    #[tokio::test]
    async fn a_flood_of_registrations_leaves_turns_to_those_who_sign_in() {
        let hasher = Hasher {
            permits: Semaphore::new(1),
            ..Hasher::new(4)
        };
        let hash = hasher
            .hash(Password::unchecked("right".into()))
            .await
            .unwrap();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let registrations = (0..50).map(async |_| {
            hasher
                .hash(Password::unchecked("new".into()))
                .await
                .unwrap();
            done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        let sign_in = async {
            let right = hasher
                .verify(Password::unchecked("right".into()), Some(hash))
                .await;
            (
                right.unwrap(),
                done.load(std::sync::atomic::Ordering::Relaxed),
            )
        };
        let all = futures_util::future::join_all(registrations);
        let (_, (right, before)) = tokio::join!(all, sign_in);
        assert!(right && before <= 3, "{before} came first");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(Password::parse("пароль12".into()).is_ok());
        assert!(Password::parse("seven77".into()).is_err());
        assert!(Password::parse("x".repeat(129)).is_err());
    }
}
