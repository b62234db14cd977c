//! Sessions: kept in the store, remembered here, and ended for everything that runs under them.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::{Account, AccountStore, SessionRow};
use crate::store::{StoreError, to_the_end};

/// More sessions than this are not remembered unless something runs under them.
const REMEMBERED: usize = 10_000;

/// The secret that a browser holds: 128 random bits, in base64.
pub struct Token(pub String);

/// What the store knows a session by: the digest of its token, so that a stolen database opens
/// no session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub String);

impl Token {
    fn new() -> Self {
        Token(BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()))
    }

    fn id(&self) -> SessionId {
        SessionId(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&self.0)))
    }
}

/// An account signed in somewhere.
pub struct Session {
    pub account: Account,
    id: SessionId,
    expires_at: i64,
    ended: watch::Sender<bool>,
}

impl Session {
    fn new(row: SessionRow) -> Arc<Self> {
        Arc::new(Session {
            account: row.account,
            id: row.id,
            expires_at: row.expires_at,
            ended: watch::Sender::new(false),
        })
    }

    /// A number for what belongs to this session, the same for as long as it lasts.
    pub fn number(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.id.hash(&mut hasher);
        hasher.finish()
    }

    /// A receiver that turns true when the session is ended.
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.ended.subscribe()
    }
}

/// All sessions of this server.
pub struct Sessions {
    store: Arc<dyn AccountStore>,
    ttl: Duration,
    live: Arc<Mutex<Live>>,
}

#[derive(Default)]
struct Live {
    by_id: HashMap<SessionId, Arc<Session>>,
    /// Counts endings, so that a session read just before it was ended is not remembered.
    endings: u64,
}

impl Sessions {
    pub(super) fn new(store: Arc<dyn AccountStore>, ttl: Duration) -> Self {
        Sessions {
            store,
            ttl,
            live: Arc::default(),
        }
    }

    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// Signs `account` in.
    pub async fn open(&self, account: Account) -> Result<Token, StoreError> {
        let token = Token::new();
        let row = SessionRow {
            id: token.id(),
            account,
            expires_at: now_us().saturating_add(self.ttl.as_micros() as i64),
        };
        self.store.open_session(row).await?;
        Ok(token)
    }

    /// The session behind a token, while it lasts.
    pub async fn resolve(&self, token: &Token) -> Result<Option<Arc<Session>>, StoreError> {
        let id = token.id();
        loop {
            let endings = match self.remembered(&id) {
                Ok(session) => return Ok(Some(session)),
                Err(endings) => endings,
            };
            let Some(row) = self.store.session(id.clone()).await? else {
                return Ok(None);
            };
            if row.expires_at <= now_us() {
                return Ok(None);
            }
            if let Some(session) = self.remember(row, endings) {
                return Ok(Some(session));
            }
        }
    }

    /// Ends one session, in the store and for whatever runs under it.
    pub async fn end(&self, session: &Session) -> Result<(), StoreError> {
        let (live, id) = (self.live.clone(), session.id.clone());
        let ending = self.store.end_session(id.clone());
        to_the_end(async move {
            ending.await?;
            live.lock().forget(|other| other.id == id);
            Ok(())
        })
        .await
    }

    /// Ends every session of the account, wherever it was opened.
    pub async fn end_all(&self, account: i64) -> Result<(), StoreError> {
        let live = self.live.clone();
        let ending = self.store.end_all_sessions(account);
        to_the_end(async move {
            ending.await?;
            live.lock().forget(|other| other.account.id == account);
            Ok(())
        })
        .await
    }

    fn remembered(&self, id: &SessionId) -> Result<Arc<Session>, u64> {
        let live = self.live.lock();
        match live.by_id.get(id) {
            Some(session) if session.expires_at > now_us() => Ok(session.clone()),
            _ => Err(live.endings),
        }
    }

    /// `None` when a session was ended since `endings` was read: it may have been this one.
    fn remember(&self, row: SessionRow, endings: u64) -> Option<Arc<Session>> {
        let mut live = self.live.lock();
        if live.endings != endings {
            return None;
        }
        if live.by_id.len() >= REMEMBERED {
            live.by_id
                .retain(|_, session| Arc::strong_count(session) > 1);
        }
        let session = live
            .by_id
            .entry(row.id.clone())
            .or_insert_with(|| Session::new(row));
        Some(session.clone())
    }
}

impl Live {
    fn forget(&mut self, which: impl Fn(&Session) -> bool) {
        self.endings += 1;
        self.by_id.retain(|_, session| {
            let ends = which(session);
            if ends {
                session.ended.send_replace(true);
            }
            !ends
        });
    }
}

fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
