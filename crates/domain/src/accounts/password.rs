//! Passwords, and the slow hash that keeps them.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::store::StoreError;

/// How many passwords may wait to be hashed; at the default cost that is some ten seconds of work.
const QUEUE: usize = 64;

/// A password in clear. It can't be printed.
pub struct Password(String);

impl Password {
    /// A password to be: 8–128 characters, case-sensitive, all of them counting.
    ///
    /// # Errors
    /// What a password must be, as a sentence for the form.
    pub fn parse(text: String) -> Result<Self, &'static str> {
        if (8..=128).contains(&text.chars().count()) {
            Ok(Password(text))
        } else {
            Err("must be 8 to 128 characters")
        }
    }

    /// A password as somebody who signs in offers it: compared, whatever it looks like.
    pub fn offered(text: String) -> Self {
        Password(text)
    }

    /// What bcrypt is given. It reads 72 bytes and stops at a zero byte; the digest of the whole
    /// password in base64 is 44 bytes without one.
    fn digest(&self) -> String {
        BASE64_STANDARD.encode(Sha256::digest(&self.0))
    }
}

/// Hashes on the blocking pool, a few at a time, so that a crowd signing in can't take every core.
pub struct Hasher {
    cost: u32,
    permits: Semaphore,
    queue: Semaphore,
    /// Verified against for names that nobody has.
    nobody: String,
}

impl Hasher {
    pub fn new(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let nobody = bcrypt::hash(rand::random::<[u8; 16]>(), cost);
        Hasher {
            cost,
            permits: Semaphore::new(cores.div_ceil(2)),
            queue: Semaphore::new(QUEUE),
            nobody: nobody.expect("the cost is in bcrypt's range"),
        }
    }

    /// The hash of a password that nobody knows.
    pub fn nobody(&self) -> &str {
        &self.nobody
    }

    /// # Errors
    /// Busy, as for [`Hasher::verify`].
    pub async fn hash(&self, password: Password) -> Result<String, StoreError> {
        let cost = self.cost;
        self.blocking(move || {
            bcrypt::hash(password.digest(), cost).expect("the cost is in bcrypt's range")
        })
        .await
    }

    /// Whether `password` is the one behind `hash`; never, but no faster, where there is none.
    ///
    /// # Errors
    /// Busy, when more wait already than can be served in good time.
    pub async fn verify(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, StoreError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let right = self
            .blocking(move || bcrypt::verify(password.digest(), &hash).unwrap_or(false))
            .await?;
        Ok(known && right)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let _place = self.queue.try_acquire().map_err(|_| StoreError::Busy)?;
        let _permit = self.permits.acquire().await.expect("never closed");
        Ok(tokio::task::spawn_blocking(work)
            .await
            .expect("hashing does not panic"))
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
        let offered = |last| Password::offered(format!("{long}{last}"));
        assert!(
            hasher
                .verify(offered("a"), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(offered("b"), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!hasher.verify(offered("A"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(offered("a"), None).await.unwrap());
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(Password::parse("пароль12".into()).is_ok());
        assert!(Password::parse("seven77".into()).is_err());
        assert!(Password::parse("x".repeat(129)).is_err());
    }
}
