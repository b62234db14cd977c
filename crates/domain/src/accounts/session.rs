//! Sessions: stored in the database, cached in memory, and ended for everything that uses them.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::{Account, AccountStore, SessionRow};
use crate::{
    chat::Author,
    store::{StoreError, run_to_completion},
};

/// With more sessions than this in the cache, those that nothing uses are removed.
const MAX_CACHED: usize = 10_000;

/// How long a token serves requests that has been replaced: those that are on their way.
const GRACE: Duration = Duration::from_secs(10);

/// How often the expiry of a session is looked at, at least.
const EXPIRY_CHECK: Duration = Duration::from_mins(10);

/// The secret in the browser's cookie: 128 random bits in base64.
pub struct Token(pub String);

/// The key of a session in the database: the digest of its token, so that nobody can sign in with a
/// stolen database.
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

/// One sign-in of an account.
pub struct Session {
    pub account: Account,
    /// The account as the author of messages.
    pub author: Author,
    id: SessionId,
    expires_at: AtomicI64,
    ended: AtomicBool,
    lineage: Arc<Lineage>,
}

/// A session and those that have taken its place, one after the other.
struct Lineage {
    tag: u64,
    /// The one whose token the browser holds.
    newest: Mutex<SessionId>,
    expires_at: AtomicI64,
    ended: AtomicBool,
}

impl Session {
    /// The first of a lineage, or its newest.
    fn new(row: SessionRow, lineage: Option<Arc<Lineage>>) -> Arc<Self> {
        let lineage = lineage.unwrap_or_else(|| {
            Arc::new(Lineage {
                tag: row.id.tag(),
                newest: Mutex::new(row.id.clone()),
                expires_at: row.expires_at.into(),
                ended: AtomicBool::new(false),
            })
        });
        Arc::new(Session {
            author: Author {
                username: row.account.username.as_str().into(),
                display_name: row.account.display_name.as_str().into(),
            },
            account: row.account,
            id: row.id,
            expires_at: row.expires_at.into(),
            ended: AtomicBool::new(false),
            lineage,
        })
    }

    /// The session tag: a number that stands for the session, and for those that take its place, without
    /// revealing a token. It stays the same for as long as the session lasts.
    pub fn tag(&self) -> u64 {
        self.lineage.tag
    }

    /// Whether requests with its token are served: it has neither ended nor expired.
    pub fn is_valid(&self) -> bool {
        !self.ended.load(Ordering::Acquire) && self.expires_at() > now_us()
    }

    /// Whether what was opened with it goes on: it is valid, or one that has taken its place is.
    pub fn is_live(&self) -> bool {
        let lineage = &self.lineage;
        !lineage.has_ended() && lineage.expires_at.load(Ordering::Acquire) > now_us()
    }

    fn expires_at(&self) -> i64 {
        self.expires_at.load(Ordering::Acquire)
    }

    /// Ends it, and what was opened with it or one before it.
    fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.lineage.ended.store(true, Ordering::Release);
    }

    /// Whether something still uses it, or one before it.
    fn is_used(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || Arc::strong_count(&self.lineage) > 1
    }
}

impl Lineage {
    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

impl SessionId {
    fn tag(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// All sessions of this server.
pub struct Sessions {
    store: Arc<dyn AccountStore>,
    ttl: Duration,
    cache: Arc<Mutex<SessionCache>>,
}

#[derive(Default)]
struct SessionCache {
    by_id: HashMap<SessionId, Arc<Session>>,
    /// How often sessions were ended. It tells whether a session may have ended while it was being
    /// read from the database; it must then not be cached.
    ends: watch::Sender<u64>,
}

impl Sessions {
    pub(super) fn new(store: Arc<dyn AccountStore>, ttl: Duration) -> Self {
        Sessions {
            store,
            ttl,
            cache: Arc::default(),
        }
    }

    /// A receiver that is notified whenever sessions have ended.
    pub fn ends(&self) -> watch::Receiver<u64> {
        self.cache.lock().ends.subscribe()
    }

    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// Opens a session for `account`, which expires after `ttl`.
    ///
    /// # Errors
    /// The store failed.
    pub async fn open(&self, account: Account, ttl: Duration) -> Result<Token, StoreError> {
        let (token, row) = new(account, ttl);
        self.store.open_session(row).await?;
        Ok(token)
    }

    /// Opens a session of `account` that takes the place of another of its sessions: what was opened with that one
    /// goes on, and its token serves requests for 10 s more. Where that one has ended meanwhile, it is a session like any other.
    ///
    /// # Errors
    /// The store failed.
    pub async fn replace(
        &self,
        old: &Arc<Session>,
        account: Account,
        ttl: Duration,
    ) -> Result<Token, StoreError> {
        let (token, row) = new(account, ttl);
        let (store, cache, old) = (self.store.clone(), self.cache.clone(), old.clone());
        run_to_completion(async move {
            let newest = old.lineage.newest.lock().clone();
            if !store.replace_session(newest, row.clone()).await? {
                return store.open_session(row).await;
            }
            let id = row.id.clone();
            let replaced = cache.lock().replace(&old, row);
            let Some((replaced, session)) = replaced else {
                // It was signed out since.
                return store.end_session(id).await;
            };
            let expiry = end_when_expired(cache.clone(), Arc::downgrade(&session));
            tokio::spawn(expiry);
            tokio::spawn(end_after_grace(cache, replaced));
            Ok(())
        })
        .await?;
        Ok(token)
    }

    /// The session of a token; `None` if it has ended or expired.
    ///
    /// # Errors
    /// The store failed.
    pub async fn resolve(&self, token: &Token) -> Result<Option<Arc<Session>>, StoreError> {
        let id = token.id();
        loop {
            let end_count = match self.get_cached(&id) {
                Ok(session) => return Ok(Some(session)),
                Err(end_count) => end_count,
            };
            let Some(row) = self.store.session(id.clone()).await? else {
                return Ok(None);
            };
            if row.expires_at <= now_us() {
                return Ok(None);
            }
            if let Some(session) = self.insert_cached(row, end_count) {
                return Ok(Some(session));
            }
        }
    }

    /// Ends one session, in the database and for everything that uses it.
    ///
    /// # Errors
    /// The store failed.
    pub async fn end(&self, session: &Arc<Session>) -> Result<(), StoreError> {
        let (store, cache) = (self.store.clone(), self.cache.clone());
        let session = session.clone();
        run_to_completion(async move {
            let newest = || session.lineage.newest.lock().clone();
            let ended = newest();
            store.end_session(ended.clone()).await?;
            session.end();
            let tag = session.tag();
            cache.lock().end_matching(|other| other.tag() == tag);
            match newest() {
                same if same == ended => Ok(()),
                // It was replaced meanwhile.
                newer => store.end_session(newer).await,
            }
        })
        .await
    }

    /// Ends every session of the account, in all browsers.
    ///
    /// # Errors
    /// The store failed.
    pub async fn end_all(&self, account: i64) -> Result<(), StoreError> {
        let cache = self.cache.clone();
        let ending = self.store.end_all_sessions(account);
        run_to_completion(async move {
            ending.await?;
            cache
                .lock()
                .end_matching(|other| other.account.id == account);
            Ok(())
        })
        .await
    }

    fn get_cached(&self, id: &SessionId) -> Result<Arc<Session>, u64> {
        let cache = self.cache.lock();
        match cache.by_id.get(id) {
            Some(session) if session.expires_at() > now_us() => Ok(session.clone()),
            _ => Err(cache.end_count()),
        }
    }

    /// `None` if any session was ended since `end_count` was read: it may have been this one.
    fn insert_cached(&self, row: SessionRow, end_count: u64) -> Option<Arc<Session>> {
        let mut cache = self.cache.lock();
        if cache.end_count() != end_count {
            return None;
        }
        if cache.by_id.len() >= MAX_CACHED {
            cache.by_id.retain(|_, session| session.is_used());
        }
        let session = cache.by_id.entry(row.id.clone()).or_insert_with(|| {
            let session = Session::new(row, None);
            tokio::spawn(end_when_expired(
                self.cache.clone(),
                Arc::downgrade(&session),
            ));
            session
        });
        Some(session.clone())
    }
}

impl SessionCache {
    fn end_count(&self) -> u64 {
        *self.ends.borrow()
    }

    /// Puts a new session in the place of another, or of the one that has taken its place. Returns the tokens
    /// that it replaces, and the new session; `None` if those have ended.
    fn replace(
        &mut self,
        old: &Arc<Session>,
        row: SessionRow,
    ) -> Option<(Vec<Arc<Session>>, Arc<Session>)> {
        let lineage = &old.lineage;
        if lineage.has_ended() {
            return None;
        }
        let grace = now_us() + GRACE.as_micros() as i64;
        let same = self.by_id.values().filter(|other| other.tag() == old.tag());
        let replaced: Vec<_> = same.cloned().collect();
        for session in &replaced {
            session.expires_at.fetch_min(grace, Ordering::AcqRel);
        }
        lineage.expires_at.store(row.expires_at, Ordering::Release);
        *lineage.newest.lock() = row.id.clone();
        let session = Session::new(row, Some(lineage.clone()));
        self.by_id.insert(session.id.clone(), session.clone());
        Some((replaced, session))
    }

    /// Ends these, and what was opened with them.
    fn end_matching(&mut self, which: impl Fn(&Session) -> bool) {
        self.by_id.retain(|_, session| {
            let ends = which(session);
            if ends {
                session.end();
            }
            !ends
        });
        self.ends.send_modify(|count| *count += 1);
    }

    /// Ends a token whose time is over, and tells those that use it to look whether they are live.
    fn expire(&mut self, session: &Arc<Session>) {
        self.forget(std::slice::from_ref(session));
        self.ends.send_modify(|count| *count += 1);
    }

    /// Ends the tokens of these, which are over or have been replaced.
    fn forget(&mut self, replaced: &[Arc<Session>]) {
        for session in replaced {
            session.ended.store(true, Ordering::Release);
            self.by_id.remove(&session.id);
        }
    }
}

/// Ends a session, also for the streams that are open, when it expires. It looks at the wall clock again
/// and again: that goes on while a laptop sleeps, and timers do not.
async fn end_when_expired(cache: Arc<Mutex<SessionCache>>, session: Weak<Session>) {
    while let Some(session) = session.upgrade() {
        let left = session.expires_at().saturating_sub(now_us());
        if left <= 0 {
            cache.lock().expire(&session);
            return;
        }
        drop(session);
        let left = Duration::from_micros(left.cast_unsigned());
        tokio::time::sleep(left.min(EXPIRY_CHECK)).await;
    }
}

/// Ends tokens that have been replaced, after a while. Until then they are kept in the cache, since the store
/// no longer has them.
async fn end_after_grace(cache: Arc<Mutex<SessionCache>>, replaced: Vec<Arc<Session>>) {
    tokio::time::sleep(GRACE).await;
    cache.lock().forget(&replaced);
}

fn new(account: Account, ttl: Duration) -> (Token, SessionRow) {
    let token = Token::new();
    let row = SessionRow {
        id: token.id(),
        account,
        expires_at: now_us().saturating_add(ttl.as_micros() as i64),
    };
    (token, row)
}

fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
