//! How a message got to its reader: the exchange that carried it, as it crossed the connection.

use actix_web::{HttpResponse, http::StatusCode, web};

use super::{connections::SubscriptionFilter, exchange_view, messages, recorder::Exchange};
use crate::http::{Caller, Error, Params, SignedInAccounts, State, answer};

pub async fn show(
    _: Caller,
    accounts: SignedInAccounts,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let wanted = SubscriptionFilter::from(&params)?;
    let seq = params
        .seq("seq")?
        .ok_or_else(|| Error::invalid("seq", "must be the seq of a message"))?;
    let carries = |exchange: &Exchange| {
        let is_wanted = exchange
            .subscription
            .as_ref()
            .is_some_and(|subscription| wanted.is(subscription));
        is_wanted
            && exchange
                .steps
                .iter()
                .any(|step| messages::find(step, seq).is_some())
    };
    let found = state.recorders.exchange(&accounts.numbers(), carries);
    let view = found.and_then(|(recorder, exchange)| exchange_view::view(&recorder, exchange, seq));
    let view = view.ok_or_else(|| {
        Error::not_found(
            "how this message got here is not known (any more): it is recorded while a page of \
             yours viewers, and some 64 KiB of a connection are kept",
        )
    })?;
    Ok(answer::json(StatusCode::OK, &view))
}
