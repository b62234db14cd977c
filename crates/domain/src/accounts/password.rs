//! Passwords, and the slow hash under which they are stored.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Weak},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::Origin;
use crate::store::StoreError;

/// How many passwords of either kind may wait: at the default cost, about ten seconds of work.
const QUEUE: usize = 64;
/// How many of them may be from one address.
const MOST_OF_ADDRESS: usize = QUEUE / 2;

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
    permits: Arc<Semaphore>,
    /// The passwords to compare that may wait, and the new ones to hash.
    sign_ins: Line,
    registrations: Line,
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
            permits: Arc::new(Semaphore::new(cores.div_ceil(2))),
            sign_ins: Line::new(),
            registrations: Line::new(),
            next_registration: Semaphore::new(1),
            unusable_hash: unusable_hash.expect("the cost is in bcrypt's range"),
        }
    }

    /// # Errors
    /// [`StoreError::Busy`], as for [`Hasher::verify`].
    pub async fn hash(&self, password: Password, origin: Origin) -> Result<String, StoreError> {
        let cost = self.cost;
        let taken = self.registration(origin).await?;
        let hashed = blocking(taken, move || {
            bcrypt::hash(password.digest(), cost).expect("the cost is in bcrypt's range")
        });
        Ok(hashed.await)
    }

    /// Whether `password` matches `hash`. Without a hash it never matches, but takes as long.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if too many passwords wait already, in all or from that address.
    pub async fn verify(
        &self,
        password: Password,
        hash: Option<String>,
        origin: Origin,
    ) -> Result<bool, StoreError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.unusable_hash.clone());
        let taken = self.sign_in(origin).await?;
        let is_right = blocking(taken, move || {
            bcrypt::verify(password.digest(), &hash).unwrap_or(false)
        })
        .await;
        Ok(known && is_right)
    }

    /// Waits until a new password may be hashed.
    async fn registration(&self, origin: Origin) -> Result<Taken, StoreError> {
        let place = self.registrations.enter(origin)?;
        let turn = place.turn().await;
        let next = acquire(&self.next_registration).await;
        let permit = self.permit().await;
        drop((turn, next));
        Ok((permit, place))
    }

    /// Waits until a password may be compared.
    async fn sign_in(&self, origin: Origin) -> Result<Taken, StoreError> {
        let place = self.sign_ins.enter(origin)?;
        let turn = place.turn().await;
        let permit = self.permit().await;
        drop(turn);
        Ok((permit, place))
    }

    async fn permit(&self) -> OwnedSemaphorePermit {
        let permit = self.permits.clone().acquire_owned();
        permit.await.expect("never closed")
    }
}

async fn acquire(semaphore: &Semaphore) -> SemaphorePermit<'_> {
    semaphore.acquire().await.expect("never closed")
}

/// What a password takes while it is worked for.
type Taken = (OwnedSemaphorePermit, Place);

/// Works, and keeps what it takes until the work is done, though nobody may wait for it any more.
async fn blocking<T: Send + 'static>(taken: Taken, work: impl FnOnce() -> T + Send + 'static) -> T {
    let working = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(taken);
        done
    });
    working.await.expect("hashing does not panic")
}

/// The passwords of one kind that wait. Of each address one at a time has its turn, so that those of one
/// address delay those of another by one turn and not by all of them.
struct Line {
    places: Arc<Semaphore>,
    addresses: Mutex<HashMap<Option<IpAddr>, Weak<Semaphore>>>,
}

/// A place in the line.
struct Place {
    _permit: OwnedSemaphorePermit,
    address: Arc<Semaphore>,
}

impl Line {
    fn new() -> Self {
        Line {
            places: Arc::new(Semaphore::new(QUEUE)),
            addresses: Mutex::default(),
        }
    }

    fn enter(&self, origin: Origin) -> Result<Place, StoreError> {
        let permit = self.places.clone().try_acquire_owned();
        let permit = permit.map_err(|_| StoreError::Busy)?;
        let address = self.of_address(origin.address);
        // Each that waits keeps its address.
        if origin.is_limited && Arc::strong_count(&address) > MOST_OF_ADDRESS {
            return Err(StoreError::Busy);
        }
        Ok(Place {
            _permit: permit,
            address,
        })
    }

    fn of_address(&self, address: Option<IpAddr>) -> Arc<Semaphore> {
        let mut addresses = self.addresses.lock();
        if let Some(known) = addresses.get(&address).and_then(Weak::upgrade) {
            return known;
        }
        addresses.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(1));
        addresses.insert(address, Arc::downgrade(&turns));
        turns
    }
}

impl Place {
    async fn turn(&self) -> SemaphorePermit<'_> {
        acquire(&self.address).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn every_character_of_a_long_password_counts() {
        let hasher = Hasher::new(4);
        let long = "x".repeat(127);
        let hash = hasher
            .hash(
                Password::parse(format!("{long}a")).unwrap(),
                Origin::default(),
            )
            .await
            .unwrap();
        let matches = async |last: &str, hash| {
            let password = Password::unchecked(format!("{long}{last}"));
            hasher
                .verify(password, hash, Origin::default())
                .await
                .unwrap()
        };
        assert!(matches("a", Some(hash.clone())).await);
        assert!(!matches("b", Some(hash.clone())).await);
        assert!(!matches("A", Some(hash)).await);
        assert!(!matches("a", None).await);
    }

    fn from(last: u8) -> Origin {
        Origin {
            address: Some(IpAddr::from([10, 0, 0, last])),
            is_limited: true,
            is_known: false,
        }
    }

    fn hasher_of_one_turn() -> Hasher {
        Hasher {
            permits: Arc::new(Semaphore::new(1)),
            ..Hasher::new(4)
        }
    }

    /// Holds its turn while others come. Returns how many had theirs before.
    async fn work(taken: Taken, done: &AtomicUsize) -> usize {
        tokio::task::yield_now().await;
        drop(taken);
        done.fetch_add(1, Ordering::Relaxed)
    }

    /// All sign-ins of one address that have a place wait when another comes. Only the one that is being
    /// checked and the next one may come first.
    #[tokio::test]
    async fn an_address_leaves_turns_to_the_others_and_may_not_fill_the_line() {
        let hasher = hasher_of_one_turn();
        let done = AtomicUsize::new(0);
        let sign_in = async |origin| {
            let taken = hasher.sign_in(origin).await?;
            Ok::<_, StoreError>(work(taken, &done).await)
        };
        let flood = (0..40).map(|_| sign_in(from(1)));
        let flood = futures_util::future::join_all(flood);
        let (flood, other) = tokio::join!(flood, sign_in(from(2)));
        let refused = flood.iter().filter(|checked| checked.is_err()).count();
        assert_eq!(refused, 40 - MOST_OF_ADDRESS);
        let before = other.unwrap();
        assert!(before <= 2, "{before} came first");
    }

    /// Who goes away does not give back what is still being worked for.
    #[tokio::test]
    async fn what_was_begun_is_counted_until_it_is_done() {
        let hasher = hasher_of_one_turn();
        let taken = hasher.sign_in(from(1)).await.unwrap();
        let (finish, wait) = std::sync::mpsc::channel();
        let mut begun = Box::pin(blocking(taken, move || wait.recv()));
        assert!(futures_util::poll!(&mut begun).is_pending());
        drop(begun);
        assert_eq!(hasher.permits.available_permits(), 0);
        assert_eq!(hasher.sign_ins.places.available_permits(), QUEUE - 1);
        finish.send(()).unwrap();
        // It comes back by itself.
        drop(hasher.sign_in(from(1)).await.unwrap());
        assert_eq!(hasher.permits.available_permits(), 1);
    }

    /// Registrations from fifty addresses wait when somebody signs in. Only the one that is being hashed and the next
    /// one may come first.
    #[tokio::test]
    async fn a_flood_of_registrations_leaves_turns_to_those_who_sign_in() {
        let hasher = hasher_of_one_turn();
        let done = AtomicUsize::new(0);
        let registrations = (0..50).map(async |last| {
            let taken = hasher.registration(from(last)).await.unwrap();
            work(taken, &done).await
        });
        let sign_in = async {
            let taken = hasher.sign_in(Origin::default()).await.unwrap();
            work(taken, &done).await
        };
        let all = futures_util::future::join_all(registrations);
        let (_, before) = tokio::join!(all, sign_in);
        assert!(before <= 2, "{before} came first");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(Password::parse("пароль12".into()).is_ok());
        assert!(Password::parse("seven77".into()).is_err());
        assert!(Password::parse("x".repeat(129)).is_err());
    }
}
