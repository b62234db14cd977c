//! People: their names, passwords and sessions, and what a store must offer to keep them.

mod guesses;
mod name;
mod password;
mod session;
mod store;

use std::{net::IpAddr, sync::Arc, time::Duration};

pub use name::{DisplayName, Username};
pub use password::Password;
pub use session::{Session, SessionId, Sessions, Token};
pub use store::{Accounts as AccountStore, NewAccount, SessionRow};

use crate::store::StoreError;
use guesses::Guesses;
use password::Hasher;

/// How accounts are protected.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Accounts")]
#[group(skip)]
pub struct Settings {
    /// Work factor of bcrypt: each step doubles the time a password takes to hash
    #[arg(long, env = "PUSHLAB_BCRYPT_COST", value_name = "4..=31", default_value_t = 12,
          value_parser = clap::value_parser!(u32).range(4..=31))]
    pub bcrypt_cost: u32,
    /// How long a sign-in lasts
    #[arg(long, env = "PUSHLAB_SESSION_TTL", value_name = "DURATION", default_value = "30d",
          value_parser = protocol::duration::parse)]
    pub session_ttl: Duration,
    /// Wrong passwords taken in a row for one account from one address; after them, one every 6 s
    #[arg(long, env = "PUSHLAB_GUESSES", value_name = "1..", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub guesses: u32,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub username: Username,
    pub display_name: DisplayName,
}

/// Making accounts and signing in to them.
pub struct Accounts {
    store: Arc<dyn AccountStore>,
    hasher: Hasher,
    guesses: Guesses,
    pub sessions: Sessions,
}

/// Why nobody was signed in.
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
    pub fn new(store: Arc<dyn AccountStore>, settings: &Settings) -> Self {
        Accounts {
            sessions: Sessions::new(store.clone(), settings.session_ttl),
            store,
            hasher: Hasher::new(settings.bcrypt_cost),
            guesses: Guesses::new(settings.guesses),
        }
    }

    /// Makes an account; `None` when the username is taken.
    pub async fn register(
        &self,
        username: Username,
        display_name: DisplayName,
        password: Password,
    ) -> Result<Option<Account>, StoreError> {
        let account = NewAccount {
            username,
            display_name,
            password_hash: self.hasher.hash(password).await?,
        };
        self.store.create(account).await
    }

    /// Makes an account that nobody can sign in to: its password is not known to anybody.
    pub async fn guest(&self) -> Result<Account, StoreError> {
        loop {
            let mark = format!("{:06x}", rand::random::<u32>() >> 8);
            let named = (
                Username::parse(&format!("guest-{mark}")),
                DisplayName::parse(&format!("Guest {mark}")),
            );
            let (Ok(username), Ok(display_name)) = named else {
                unreachable!("small letters and digits are good names");
            };
            let account = NewAccount {
                username,
                display_name,
                password_hash: self.hasher.nobody().into(),
            };
            if let Some(account) = self.store.create(account).await? {
                return Ok(account);
            }
        }
    }

    /// Finds the account that `username` and `password` belong to. An unknown name takes as long
    /// as a wrong password, and is told in the same words.
    pub async fn sign_in(
        &self,
        username: &str,
        password: String,
        from: Option<IpAddr>,
    ) -> Result<Account, SignInError> {
        self.guesses
            .take(username, from)
            .map_err(|retry_after| SignInError::TooMany { retry_after })?;
        let found = match Username::parse(username) {
            Ok(username) => self.store.find(username).await?,
            Err(_) => None,
        };
        let (account, hash) = found.unzip();
        let right = self
            .hasher
            .verify(Password::offered(password), hash)
            .await?;
        match account {
            Some(account) if right => {
                self.guesses.give_back(username, from);
                Ok(account)
            }
            _ => Err(SignInError::Wrong),
        }
    }
}
