//! Shows the exchange that delivered a message, as it was sent over the connection.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use super::{
    connections::SubscriptionFilter,
    exchange_view::{ExchangeView, Question, Recorded},
    messages,
    recorder::{Exchange, SessionTag},
};
use crate::http::{Caller, Error, Params, SignedInAccounts, State, response};

/// `GET /api/exchanges`.
pub async fn show(
    _: Caller,
    accounts: SignedInAccounts,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let filter = SubscriptionFilter::from(&params)?;
    let seq = params
        .seq("seq")?
        .ok_or_else(|| Error::invalid("seq", "must be the seq of a message"))?;
    let all = params.flag("all")?;
    let tags = accounts.session_tags();
    let delivered = find_delivery(&state, &tags, &filter, seq).ok_or_else(|| {
        Error::not_found(
            "there is no record of the exchange that delivered this message: exchanges are recorded \
             only while one of your pages inspects them, and about 64 KiB are kept a connection",
        )
    })?;
    let key = own_key(&delivered.1, seq, &accounts);
    let post = key
        .as_deref()
        .and_then(|key| find_post(&state, &tags, filter.room(), key));
    let question = Question {
        seq,
        key: key.as_deref(),
        all,
    };
    let view = ExchangeView::new(&delivered, &question, post.as_ref());
    Ok(response::json(StatusCode::OK, &view))
}

/// The newest exchange that delivered the message: one of a reader, else one that asked for history.
fn find_delivery(
    state: &State,
    tags: &[SessionTag],
    filter: &SubscriptionFilter,
    seq: u64,
) -> Option<Recorded> {
    let delivers = |exchange: &Exchange| {
        let mut steps = exchange.steps.iter();
        steps.any(|step| messages::size_of(step, seq).is_some())
    };
    let of_reader = |exchange: &Exchange| {
        let subscription = exchange.subscription.as_ref();
        subscription.is_some_and(|it| filter.matches(it)) && delivers(exchange)
    };
    let of_history = |exchange: &Exchange| {
        let history = exchange.history.as_ref();
        history.is_some_and(|it| filter.matches_history(it)) && delivers(exchange)
    };
    let found = state.recorders.exchange(tags, of_reader);
    found.or_else(|| state.recorders.exchange(tags, of_history))
}

/// The key of the message's draft, if it is of one of the accounts. That of others may be any that its author
/// chose, even one of theirs.
fn own_key(exchange: &Exchange, seq: u64, accounts: &SignedInAccounts) -> Option<String> {
    #[derive(Deserialize)]
    struct Delivered {
        author: String,
        key: Option<String>,
    }
    let mut steps = exchange.steps.iter();
    let json = steps.find_map(|step| messages::json(step, seq))?;
    let delivered: Delivered = serde_json::from_slice(json).ok()?;
    let is_author = |username: &str| username == delivered.author;
    let mut own = accounts.accounts();
    own.any(|account| is_author(account.username.as_str()))
        .then_some(delivered.key)?
}

/// The newest exchange that brought the draft with this key to the room.
fn find_post(state: &State, tags: &[SessionTag], room: &str, key: &str) -> Option<Recorded> {
    state.recorders.exchange(tags, |exchange| {
        let subscription = exchange.subscription.as_ref();
        let of_reader = subscription.is_some_and(|subscription| *subscription.room == *room);
        let mut steps = exchange.steps.iter();
        (of_reader || exchange.posted_room() == Some(room))
            && steps.any(|step| messages::posted_key(step).as_deref() == Some(key))
    })
}
