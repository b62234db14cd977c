//! Cookies that were verified before.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use actix_http::RequestHead;
use actix_web::http::header;
use domain::accounts::Session;

use crate::inspector::recorder::SessionTag;

/// How many cookies a thread knows, and how long they may be.
const MOST_KNOWN: usize = 4_096;
const LONGEST: usize = 4_096;

/// The sessions of cookies that were verified before, by the bytes of the header field. Whoever sends the
/// same bytes is signed in as the same accounts, until one of the sessions ends.
#[derive(Default)]
pub struct KnownCookies(RefCell<HashMap<Box<[u8]>, Rc<KnownSessions>>>);

/// The sessions of a cookie, oldest first.
pub struct KnownSessions {
    pub sessions: Vec<Arc<Session>>,
    pub tags: Vec<SessionTag>,
}

impl KnownCookies {
    /// The sessions of a request; `None` if its cookie has to be verified.
    pub fn recall(&self, request: &RequestHead) -> Option<Rc<KnownSessions>> {
        let cookie = only_cookie(request)?;
        let known = self.0.borrow().get(cookie).cloned()?;
        if known.sessions.iter().all(|session| session.is_valid()) {
            return Some(known);
        }
        self.0.borrow_mut().remove(cookie);
        None
    }

    /// Remembers that the cookie of a request stands for all of these sessions.
    pub fn remember(&self, request: &RequestHead, sessions: Vec<Arc<Session>>) {
        let Some(cookie) = only_cookie(request) else {
            return;
        };
        let mut known = self.0.borrow_mut();
        if known.len() >= MOST_KNOWN {
            // Those that are still in use come back at the cost of one verification.
            known.clear();
        }
        let tags = sessions.iter().map(|session| session.tag()).collect();
        known.insert(cookie.into(), Rc::new(KnownSessions { sessions, tags }));
    }
}

fn only_cookie(request: &RequestHead) -> Option<&[u8]> {
    let mut cookies = request.headers.get_all(header::COOKIE);
    let cookie = cookies.next()?.as_bytes();
    let is_known = cookie.len() <= LONGEST && cookies.next().is_none();
    is_known.then_some(cookie)
}
