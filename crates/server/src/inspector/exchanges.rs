//! How a message got to its reader: the exchange that carried it, as it crossed the connection.

use actix_web::{HttpResponse, http::StatusCode, web};

use super::{connections::Wanted, exchange_view, messages, recorder::Exchange};
use crate::http::{Caller, Error, Held, Params, State, answer};

pub async fn show(
    _: Caller,
    held: Held,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let wanted = Wanted::from(&params)?;
    let seq = params
        .seq("seq")?
        .ok_or_else(|| Error::invalid("seq", "must be the seq of a message"))?;
    let carries = |exchange: &Exchange| {
        let is_wanted = exchange
            .reads
            .as_ref()
            .is_some_and(|reads| wanted.is(reads));
        is_wanted
            && exchange
                .steps
                .iter()
                .any(|step| messages::find(step, seq).is_some())
    };
    let found = state.taps.exchange(&held.numbers(), carries);
    let view = found.and_then(|(tap, exchange)| exchange_view::view(&tap, exchange, seq));
    let view = view.ok_or_else(|| {
        Error::not_found(
            "how this message got here is not known (any more): it is recorded while a page of \
             yours looks, and some 64 KiB of a connection are kept",
        )
    })?;
    Ok(answer::json(StatusCode::OK, &view))
}
