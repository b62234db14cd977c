//! Polls that are bound to the server that they began with, as Engine.IO's are: what a cursor spares.
//!
//! Nothing here needs them. They are for people to see what becomes of them when requests go to
//! several servers: a session lives in the memory of one of them, and the others have never heard
//! of it.

use std::{collections::VecDeque, rc::Rc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
    web,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use serde::Serialize;

use super::{Caller, Error, Params, State, answer, only};
use crate::net::Meter;

/// More are not remembered; the oldest goes first.
const MOST: usize = 1_000;
/// What a server without a name is called.
const PLAIN: &str = "plain";

/// What each server remembers of those who poll: which sessions began with it.
#[derive(Default)]
pub struct Bindings(Mutex<VecDeque<Binding>>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Binding {
    session: String,
    server: &'static str,
}

pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/bindings")
            .route(web::post().to(bind))
            .default_service(only(&[Method::POST])),
    );
}

async fn bind(_: Caller, request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let binding = Binding {
        session: BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>()),
        server: server(&request),
    };
    let mut known = state.bindings.0.lock();
    if known.len() >= MOST {
        known.pop_front();
    }
    known.push_back(binding.clone());
    answer::json(StatusCode::CREATED, &binding)
}

impl Bindings {
    /// Checks a poll that says `session`.
    ///
    /// # Errors
    /// 400 where the server that was asked has not begun this session.
    pub fn check(&self, request: &HttpRequest, params: &Params) -> Result<(), Error> {
        let Some(session) = params.text("session") else {
            return Ok(());
        };
        let server = server(request);
        let is_own = |known: &Binding| known.session == session && known.server == server;
        if self.0.lock().iter().any(is_own) {
            return Ok(());
        }
        Err(Error::bad_request(format!(
            "Session ID unknown: it did not begin with server {server}, and no other remembers it"
        )))
    }
}

fn server(request: &HttpRequest) -> &'static str {
    let meter = request.conn_data::<Rc<Meter>>();
    meter.and_then(|meter| meter.server()).unwrap_or(PLAIN)
}
