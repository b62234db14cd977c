//! What a page needs to begin, in one response: each request costs a page behind a slow link a round trip.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use domain::chat::{Page, Room};
use protocol::{
    AccountView, Beside, MAX_MESSAGES_PER_RESPONSE, MESSAGES_PER_RESPONSE, RoomView,
    encode_response,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::accounts::view;
use crate::{
    http::{Connected, Error, Params, SignedInAccounts, State, response},
    inspector::recorder::HistoryRequest,
    pages::{ServerInfo, server_info::ServerInfoView, transports::TransportView},
};

#[derive(Serialize)]
struct Start<'a> {
    /// As `GET /api/sessions` has them.
    accounts: Vec<AccountView>,
    /// The one of them that asks; `None` if none does, and then there are neither rooms nor history.
    account: Option<AccountView>,
    /// Whether that is a guest, who may keep the account.
    is_guest: bool,
    rooms: Vec<RoomView>,
    /// Of the history to which the heads of the rooms belong.
    epoch: Option<String>,
    /// The newest messages of the room, in the encoding of a poll's response.
    history: Option<Box<RawValue>>,
    transports: Vec<TransportView>,
    server: ServerInfoView<'a>,
}

/// `GET /api/start`. It refuses nobody, since a page is to say who has to sign in.
pub async fn show(
    request: HttpRequest,
    accounts: SignedInAccounts,
    params: Params,
    Connected(wire): Connected,
    state: web::Data<State>,
    server_info: web::Data<ServerInfo>,
) -> Result<HttpResponse, Error> {
    let limit = params
        .number("limit", 1..=MAX_MESSAGES_PER_RESPONSE)?
        .unwrap_or(MESSAGES_PER_RESPONSE);
    let tab = params.label("tab")?;
    let caller = accounts.caller(params.text("as").as_deref());
    let is_guest = caller
        .as_ref()
        .is_some_and(|caller| caller.session.account.is_guest);
    let account = caller.map(|caller| view(&caller.session.account));
    let (mut rooms, mut epoch, mut history) = (Vec::new(), None, None);
    if account.is_some() {
        // First: what is read below is of this history, or is found to be of another.
        epoch = Some(state.hub.history().epoch().to_string());
        if let Some(name) = params.text("room") {
            // There may be none, or no database to ask.
            if let Ok(room) = state.room(&name).await {
                if let Some(tab) = tab {
                    // Before the page can ask for its connections: so the record has this response.
                    state.recorders.start_viewing(&accounts.session_tags());
                    wire.meter().set_history(HistoryRequest {
                        room: room.name.as_str().into(),
                        tab: Some(tab.into()),
                    });
                }
                history = newest(&room, limit).await?;
            }
        }
        rooms = state.hub.rooms(None, usize::MAX);
    }
    let start = Start {
        accounts: accounts.accounts().map(view).collect(),
        account,
        is_guest,
        rooms,
        epoch,
        history,
        transports: TransportView::all(),
        server: server_info.view(&request),
    };
    Ok(response::json(StatusCode::OK, &start))
}

/// The newest messages, or `None` where they are so large that they are a response of their own.
async fn newest(room: &Arc<Room>, limit: usize) -> Result<Option<Box<RawValue>>, Error> {
    let head = room.log.head();
    match room.before(head + 1, limit).await? {
        Page::Large(_) => Ok(None),
        Page::Whole(messages) => {
            let json = String::from_utf8(encode_response(&messages, head, Beside::default()));
            let json = RawValue::from_string(json.map_err(Error::internal)?);
            json.map(Some).map_err(Error::internal)
        }
    }
}
