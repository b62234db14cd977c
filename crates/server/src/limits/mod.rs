//! What an address, an account and all together may take of a server, so that a stranger leaves room for
//! the others. What comes from this machine is its operator's and counts in all only.

mod address;
mod answers;
mod counts;
mod settings;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use actix_http::RequestHead;
use domain::{
    accounts::{Origin, Session},
    rate_limit::RateLimit,
};
use sha2::{Digest, Sha256};

pub use address::Client;
pub use answers::AnswerPlace;
pub use counts::Counted;
pub use settings::{LimitSettings, Registration};

use crate::{
    http::Error,
    metrics::{Limit, Metrics},
};
use address::{TrustedProxies, block};
use answers::AnswerBudget;
use counts::Counts;

/// How much of an account's messages may come at once.
const MESSAGES_BURST: Duration = Duration::from_secs(10);
const HOUR: Duration = Duration::from_hours(1);
/// When somebody may come back who found the server full.
const FULL: Duration = Duration::from_secs(5);

/// How many connections are told at once that the server is full. They take files too.
const TOLD_AT_ONCE: u32 = 100;

/// A connection that is served, which is counted until this is dropped.
pub struct Admission {
    _in_all: Counted<()>,
    _of_address: Option<Counted<IpAddr>>,
}

/// A connection that is not served.
pub struct Refusal {
    pub error: Error,
    /// Counted while it is told so; `None` if too many are.
    pub told: Option<Counted<()>>,
}

/// The limits of one server, and what is taken of them now.
pub struct Limits {
    connections: Arc<Counts<()>>,
    told: Arc<Counts<()>>,
    by_address: Arc<Counts<IpAddr>>,
    by_account: Arc<Counts<i64>>,
    messages: RateLimit<i64>,
    accounts: RateLimit<IpAddr>,
    guests: RateLimit<IpAddr>,
    answers: AnswerBudget,
    registration: Registration,
    proxies: TrustedProxies,
    metrics: Arc<Metrics>,
}

impl Limits {
    pub fn new(settings: &LimitSettings, metrics: Arc<Metrics>) -> Self {
        let per_hour = |burst: u32| RateLimit::new(burst, HOUR / burst);
        let per_second = settings.messages_per_second;
        Limits {
            connections: Counts::new(settings.connections.unwrap_or(u32::MAX)),
            told: Counts::new(TOLD_AT_ONCE),
            by_address: Counts::new(settings.connections_per_address),
            by_account: Counts::new(settings.connections_per_account),
            messages: RateLimit::new(
                per_second.saturating_mul(MESSAGES_BURST.as_secs() as u32),
                Duration::from_secs(1) / per_second,
            ),
            accounts: per_hour(settings.accounts_per_address),
            guests: per_hour(settings.guests_per_address),
            answers: AnswerBudget::new((settings.answer_memory as usize) << 20, metrics.clone()),
            registration: settings.registration.clone(),
            proxies: TrustedProxies(settings.trusted_proxies.clone()),
            metrics,
        }
    }

    /// Who sends a request: the peer of the connection, or whom a trusted proxy names.
    pub fn client(&self, request: &RequestHead) -> Option<Client> {
        let peer = request.peer_addr?.ip().to_canonical();
        Some(self.proxies.client(peer, &request.headers))
    }

    /// Where a sign-in or a registration comes from.
    pub fn origin(&self, request: &RequestHead) -> Origin {
        let client = self.client(request);
        Origin {
            address: client.map(|client| block(client.address)),
            is_limited: is_limited(client),
            is_known: false,
        }
    }

    /// Lets a connection in.
    ///
    /// # Errors
    /// There are too many: it is told 503. In a box, so that a connection that is served has no room for it.
    pub fn connect(&self, peer: Option<SocketAddr>) -> Result<Admission, Box<Refusal>> {
        let peer = peer.map(|peer| peer.ip().to_canonical());
        let of_address = match peer.filter(|peer| !self.proxies.is_own(*peer)) {
            Some(peer) => Some(self.by_address.enter(block(peer)).ok_or_else(|| {
                self.full(
                    Limit::ConnectionsPerAddress,
                    "this address has as many connections as it may have",
                )
            })?),
            None => None,
        };
        let in_all = self.connections.enter(()).ok_or_else(|| {
            self.full(
                Limit::Connections,
                "this server has as many connections as it may have",
            )
        })?;
        Ok(Admission {
            _in_all: in_all,
            _of_address: of_address,
        })
    }

    /// Lets a reader in, which is counted until what is returned is dropped.
    ///
    /// # Errors
    /// 429 if its account has too many.
    pub fn read(
        &self,
        session: &Session,
        client: Option<Client>,
    ) -> Result<Option<Counted<i64>>, Error> {
        if !is_limited(client) {
            return Ok(None);
        }
        let counted = self.by_account.enter(session.account.id);
        if counted.is_none() {
            self.metrics.count_refusal(Limit::ConnectionsPerAccount);
            let why = "this account reads over as many connections as it may";
            return Err(Error::too_many(why, FULL));
        }
        Ok(counted)
    }

    /// Lets an account post.
    ///
    /// # Errors
    /// 429 if it posts too fast.
    pub fn post(&self, session: &Session) -> Result<(), Error> {
        self.messages.take(session.account.id).map_err(|wait| {
            self.metrics.count_refusal(Limit::Messages);
            Error::too_many("this account posts faster than it may: wait a little", wait)
        })
    }

    /// Waits for the memory of a large answer to an account, which is named where it has limits.
    ///
    /// # Errors
    /// 429 if the account has its share, 503 if others keep it all.
    pub async fn answer(&self, account: Option<i64>) -> Result<AnswerPlace, Error> {
        self.answers.enter(account).await
    }

    /// Lets somebody create an account.
    ///
    /// # Errors
    /// 403 if nobody may, 422 without the right code, 429 if too many were created from there.
    pub fn register(&self, client: Option<Client>, code: Option<&str>) -> Result<(), Error> {
        if self.registration == Registration::Closed {
            return Err(Error::forbidden("this server accepts no new accounts"));
        }
        // Wrong codes count too, so that they cannot be guessed.
        self.take(&self.accounts, client, Limit::Accounts, "accounts")?;
        match &self.registration {
            Registration::Code(right) if !code.is_some_and(|code| are_equal(code, right)) => {
                Err(Error::invalid(
                    "code",
                    "is not the one that the operator of this server gives out",
                ))
            }
            _ => Ok(()),
        }
    }

    /// No account was created after all.
    pub fn refund_account(&self, client: Option<Client>) {
        if let Some(client) = client.filter(|client| client.is_limited) {
            self.accounts.refund(&block(client.address));
        }
    }

    /// Lets somebody become a guest.
    ///
    /// # Errors
    /// 429 if there were too many from there.
    pub fn admit_guest(&self, client: Option<Client>) -> Result<(), Error> {
        self.take(&self.guests, client, Limit::Guests, "guests")
    }

    fn take(
        &self,
        of: &RateLimit<IpAddr>,
        client: Option<Client>,
        limit: Limit,
        what: &str,
    ) -> Result<(), Error> {
        let Some(client) = client.filter(|client| client.is_limited) else {
            return Ok(());
        };
        of.take(block(client.address)).map_err(|wait| {
            self.metrics.count_refusal(limit);
            Error::too_many(
                format!("too many {what} came from this address: wait a little"),
                wait,
            )
        })
    }

    fn full(&self, limit: Limit, why: &str) -> Refusal {
        self.metrics.count_refusal(limit);
        Refusal {
            error: Error::full(why, FULL),
            told: self.told.enter(()),
        }
    }
}

/// Whether who comes from there has limits of its own.
pub fn is_limited(client: Option<Client>) -> bool {
    client.is_some_and(|client| client.is_limited)
}

/// Compares digests, so that the time it takes tells nothing of the code.
fn are_equal(given: &str, right: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(right)
}
