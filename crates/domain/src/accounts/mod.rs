//! Accounts: names, passwords and sessions, and the database operations that they need.

mod guess_limiter;
mod name;
mod origin;
mod password;
mod session;
mod store;

use std::{sync::Arc, time::Duration};

pub use name::{DisplayName, Username};
pub use origin::Origin;
pub use password::Password;
pub use session::{Session, SessionId, Sessions, Token};
pub use store::{AccountStore, NO_PASSWORD, NewAccount, SessionRow};

use crate::store::StoreError;
use guess_limiter::GuessLimiter;
use password::Hasher;

/// Settings of passwords and sessions.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Accounts")]
#[group(skip)]
pub struct AccountSettings {
    /// Work factor of bcrypt: each step doubles the time it takes to hash a password
    #[arg(long, env = "PUSHLAB_BCRYPT_COST", value_name = "4..=31", default_value_t = 12,
          value_parser = clap::value_parser!(u32).range(4..=31))]
    pub bcrypt_cost: u32,
    /// How long a sign-in lasts
    #[arg(long, env = "PUSHLAB_SESSION_TTL", value_name = "DURATION", default_value = "30d",
          value_parser = protocol::duration::parse)]
    pub session_ttl: Duration,
    /// How long a guest stays signed in
    #[arg(long, env = "PUSHLAB_GUEST_TTL", value_name = "DURATION", default_value = "1d",
          value_parser = protocol::duration::parse)]
    pub guest_ttl: Duration,
    /// Wrong passwords allowed at once for one account from one address, five times as many for one account
    /// and ten times as many from one address; one more every 6 s, 6 s and 1 s
    #[arg(long, env = "PUSHLAB_GUESSES", value_name = "1..", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub guesses: u32,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub username: Username,
    pub display_name: DisplayName,
    /// Nobody can sign in to it, until its guest keeps it.
    pub is_guest: bool,
}

/// Creates accounts and signs in to them.
pub struct Accounts {
    store: Arc<dyn AccountStore>,
    hasher: Hasher,
    guesses: GuessLimiter,
    pub sessions: Sessions,
    /// How long a guest stays signed in.
    pub guest_ttl: Duration,
}

/// Why a sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("no account has this username and password")]
    Wrong,
    #[error("too many wrong passwords")]
    TooMany { retry_after: Duration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    pub fn new(store: Arc<dyn AccountStore>, settings: &AccountSettings) -> Self {
        Accounts {
            sessions: Sessions::new(store.clone(), settings.session_ttl),
            store,
            hasher: Hasher::new(settings.bcrypt_cost),
            guesses: GuessLimiter::new(settings.guesses),
            guest_ttl: settings.guest_ttl.min(settings.session_ttl),
        }
    }

    /// Creates an account; `None` if the username is taken.
    ///
    /// # Errors
    /// The store failed.
    pub async fn register(
        &self,
        username: Username,
        display_name: DisplayName,
        password: Password,
        origin: Origin,
    ) -> Result<Option<Account>, StoreError> {
        let account = NewAccount {
            username,
            display_name,
            password_hash: self.hasher.hash(password, origin).await?,
        };
        self.store.create(account).await
    }

    /// Creates a guest account. Nobody can sign in to it again, since it has no password.
    ///
    /// # Errors
    /// The store failed.
    pub async fn create_guest(&self) -> Result<Account, StoreError> {
        loop {
            let suffix = format!("{:06x}", rand::random::<u32>() >> 8);
            let names = (
                Username::parse(&format!("guest-{suffix}")),
                DisplayName::parse(&format!("Guest {suffix}")),
            );
            let (Ok(username), Ok(display_name)) = names else {
                unreachable!("letters and digits make valid names");
            };
            let account = NewAccount {
                username,
                display_name,
                password_hash: NO_PASSWORD.into(),
            };
            if let Some(account) = self.store.create(account).await? {
                return Ok(account);
            }
        }
    }

    /// Gives a guest a password, with which the account stays: its name, its messages and its sessions. `None` if it
    /// is no guest's.
    ///
    /// # Errors
    /// The store failed.
    pub async fn keep(
        &self,
        guest: &Account,
        display_name: DisplayName,
        password: Password,
        origin: Origin,
    ) -> Result<Option<Account>, StoreError> {
        let hash = self.hasher.hash(password, origin).await?;
        let keeping = self.store.keep(guest.id, display_name.clone(), hash);
        let is_kept = keeping.await?;
        Ok(is_kept.then(|| Account {
            display_name,
            is_guest: false,
            ..guest.clone()
        }))
    }

    /// Finds the account with this username and password. An unknown name takes as long as a wrong
    /// password and gives the same error, so that neither reveals which names exist.
    ///
    /// # Errors
    /// A wrong name or password, too many wrong ones, or a failure of the store.
    pub async fn sign_in(
        &self,
        username: &str,
        password: String,
        origin: Origin,
    ) -> Result<Account, SignInError> {
        self.guesses
            .take(username, origin)
            .map_err(|retry_after| SignInError::TooMany { retry_after })?;
        let checked = self.check(username, password, origin).await;
        // Only a wrong password is a guess: neither a right one is, nor one that nobody looked at.
        if !matches!(checked, Ok(None)) {
            self.guesses.refund(username, origin);
        }
        checked?.ok_or(SignInError::Wrong)
    }

    /// The account with this username and password.
    async fn check(
        &self,
        username: &str,
        password: String,
        origin: Origin,
    ) -> Result<Option<Account>, StoreError> {
        let found = match Username::parse(username) {
            Ok(username) => self.store.find(username).await?,
            Err(_) => None,
        };
        let (account, hash) = found.unzip();
        let hash = hash.filter(|hash| hash != NO_PASSWORD);
        let password = Password::unchecked(password);
        let is_right = self.hasher.verify(password, hash, origin).await?;
        Ok(account.filter(|_| is_right))
    }
}
