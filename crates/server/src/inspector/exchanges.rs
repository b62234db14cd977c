//! Shows the exchange that delivered a message, as it was sent over the connection.

use actix_web::{HttpResponse, http::StatusCode, web};

use super::{connections::SubscriptionFilter, exchange_view, messages, recorder::Exchange};
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
    let delivers_message = |exchange: &Exchange| {
        let is_selected = exchange
            .subscription
            .as_ref()
            .is_some_and(|subscription| filter.matches(subscription));
        is_selected
            && exchange
                .steps
                .iter()
                .any(|step| messages::size_of(step, seq).is_some())
    };
    let found = state
        .recorders
        .exchange(&accounts.session_tags(), delivers_message);
    let view = found.and_then(|(recorder, exchange)| exchange_view::view(&recorder, exchange, seq));
    let view = view.ok_or_else(|| {
        Error::not_found(
            "there is no record of the exchange that delivered this message: exchanges are recorded \
             only while one of your pages inspects them, and about 64 KiB are kept a connection",
        )
    })?;
    Ok(response::json(StatusCode::OK, &view))
}
