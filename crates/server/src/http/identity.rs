//! Authentication: the accounts that a browser has signed in, and which of them sends a request.

use std::{borrow::Cow, rc::Rc, sync::Arc, time::Duration};

use actix_session::{
    Session as Cookie, SessionMiddleware,
    config::{CookieContentSecurity, PersistentSession},
    storage::CookieSessionStore,
};
use actix_web::{
    FromRequest, HttpRequest,
    cookie::{Key, SameSite, time},
    dev::Payload,
    web,
};
use domain::{
    accounts::{Account, Session, Token, Username},
    chat::Author,
};
use futures_util::future::LocalBoxFuture;

use super::{Connected, Error, KnownCookies, SESSION_COOKIE, State, find};
use crate::inspector::recorder::SessionTag;

/// The only entry of the cookie: the tokens of the signed-in accounts, oldest first.
const TOKENS: &str = "s";
/// The most accounts that a browser may have signed in. One more signs out the oldest.
const MAX_ACCOUNTS: usize = 32;

/// Middleware that reads and signs the cookie. The cookie holds session tokens only. The sessions
/// are in the database, where they can be revoked.
pub fn cookies(key: Key, ttl: Duration) -> SessionMiddleware<CookieSessionStore> {
    let ttl = time::Duration::try_from(ttl).unwrap_or(time::Duration::MAX);
    SessionMiddleware::builder(CookieSessionStore::default(), key)
        .cookie_name(SESSION_COOKIE.into())
        .cookie_content_security(CookieContentSecurity::Signed)
        .cookie_same_site(SameSite::Lax)
        .cookie_http_only(true)
        // Behind TLS, which is not known here, `finish_cookies` makes it secure.
        .cookie_secure(false)
        .session_lifecycle(PersistentSession::default().session_ttl(ttl))
        .build()
}

/// The account in whose name a request is sent.
pub struct Caller {
    pub session: Arc<Session>,
}

impl Caller {
    /// The account of that name, or the one signed in last, of these sessions, oldest first.
    ///
    /// # Errors
    /// 401 if there are none, 403 if none has the name.
    pub fn of<'a>(
        sessions: impl DoubleEndedIterator<Item = &'a Arc<Session>>,
        name: Option<&str>,
    ) -> Result<Self, Error> {
        let mut sessions = sessions.rev().peekable();
        if sessions.peek().is_none() {
            return Err(Error::not_signed_in());
        }
        let is_requested = |session: &&Arc<Session>| match name {
            Some(name) => Username::parse(name).is_ok_and(|n| n == session.account.username),
            None => true,
        };
        let session = sessions.find(is_requested).cloned();
        session
            .map(|session| Caller { session })
            .ok_or_else(|| Error::forbidden("that account is not signed in here"))
    }

    pub fn author(&self) -> Author {
        self.session.author.clone()
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let accounts = SignedInAccounts::from_request(request, payload);
        let requested_account = find(request.query_string(), "as").map(Cow::into_owned);
        Box::pin(async move {
            let sessions = accounts.await?.sessions;
            let sessions = sessions.iter().map(|(_, session)| session);
            Caller::of(sessions, requested_account.as_deref())
        })
    }
}

/// The accounts that are signed in in this browser.
pub struct SignedInAccounts {
    cookie: Cookie,
    /// Oldest first, as in the cookie.
    sessions: Vec<(Token, Arc<Session>)>,
}

impl FromRequest for SignedInAccounts {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let cookie = Cookie::extract(request);
        let state = request.app_data::<web::Data<State>>().cloned();
        let connection = Connected::of(request);
        let known = request.app_data::<Rc<KnownCookies>>().cloned();
        let request = request.clone();
        Box::pin(async move {
            let cookie = cookie.await.map_err(Error::internal)?;
            let state = state.ok_or_else(|| Error::internal("no state"))?;
            let tokens = tokens(&cookie);
            let mut sessions = Vec::with_capacity(tokens.len());
            for token in tokens {
                if let Some(session) = state.accounts.sessions.resolve(&token).await? {
                    sessions.push((token, session));
                }
            }
            if let Some(known) = known
                && !sessions.is_empty()
            {
                let sessions = sessions.iter().map(|(_, session)| session.clone());
                known.remember(request.head(), sessions.collect());
            }
            let accounts = SignedInAccounts { cookie, sessions };
            connection?.0.meter().add_sessions(&accounts.session_tags());
            Ok(accounts)
        })
    }
}

fn tokens(cookie: &Cookie) -> Vec<Token> {
    let joined = cookie
        .get::<String>(TOKENS)
        .ok()
        .flatten()
        .unwrap_or_default();
    let tokens = joined.split('.').filter(|token| !token.is_empty());
    tokens.map(|token| Token(token.into())).collect()
}

impl SignedInAccounts {
    /// The accounts; the one signed in last comes first.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.sessions
            .iter()
            .rev()
            .map(|(_, session)| &session.account)
    }

    /// The account of that name, or the one signed in last; `None` if it is not signed in.
    pub fn caller(&self, name: Option<&str>) -> Option<Caller> {
        Caller::of(self.sessions.iter().map(|(_, session)| session), name).ok()
    }

    /// The tags of the sessions.
    pub fn session_tags(&self) -> Vec<SessionTag> {
        let tags = self.sessions.iter().map(|(_, session)| session.tag());
        tags.collect()
    }

    /// Signs an account in. If it is signed in already, it becomes the one signed in last, with another token.
    pub async fn add(self, account: Account, state: &State) -> Result<(), Error> {
        let ttl = state.accounts.sessions.ttl();
        self.add_for(ttl, account, state).await
    }

    /// Signs a guest in.
    pub async fn add_guest(self, account: Account, state: &State) -> Result<(), Error> {
        self.add_for(state.accounts.guest_ttl, account, state).await
    }

    async fn add_for(
        mut self,
        ttl: Duration,
        account: Account,
        state: &State,
    ) -> Result<(), Error> {
        let has_account = |(_, session): &(Token, Arc<Session>)| session.account.id == account.id;
        let token = match self.sessions.iter().position(has_account) {
            Some(index) => {
                let (_, session) = self.sessions.remove(index);
                let sessions = &state.accounts.sessions;
                sessions.replace(&session, account, ttl).await?
            }
            None => state.accounts.sessions.open(account, ttl).await?,
        };
        while self.sessions.len() >= MAX_ACCOUNTS {
            let (_, oldest) = self.sessions.remove(0);
            state.accounts.sessions.end(&oldest).await?;
        }
        let kept = self.sessions.iter().map(|(token, _)| token);
        write(&self.cookie, kept.chain([&token]))
    }

    /// Removes a session that has ended from the cookie.
    pub fn remove(self, ended: &Session) -> Result<(), Error> {
        let kept: Vec<_> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.account.id != ended.account.id)
            .map(|(token, _)| token)
            .collect();
        if kept.is_empty() {
            self.cookie.purge();
            return Ok(());
        }
        write(&self.cookie, kept)
    }
}

fn write<'a>(cookie: &Cookie, tokens: impl IntoIterator<Item = &'a Token>) -> Result<(), Error> {
    let tokens: Vec<_> = tokens.into_iter().map(|token| token.0.as_str()).collect();
    cookie
        .insert(TOKENS, tokens.join("."))
        .map_err(Error::internal)
}
