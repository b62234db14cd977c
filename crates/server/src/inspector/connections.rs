//! Lists the connections of the requesting session with their costs, and shuts them down.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode, web};
use jiff::Timestamp;
use netlab::HAS_TCP_INFO;
use protocol::Transport;
use serde::Serialize;

use super::recorder::{ConnectionRecorder, HistoryRequest, ReaderCost, Subscription, TcpCounts};
use crate::http::{Caller, Error, Params, SignedInAccounts, State, response};

#[derive(Serialize)]
struct ConnectionsView {
    /// The source of the counters, or null if the platform has none; then there are no numbers.
    counted_by: Option<&'static str>,
    connections: Vec<ConnectionView>,
    #[serde(rename = "carried")]
    costs: Vec<ReaderCostView>,
}

/// An open connection, with its totals since it was opened. Up is towards the server.
#[derive(Serialize)]
struct ConnectionView {
    id: u64,
    opened_at: String,
    server: Option<&'static str>,
    /// What its current or last reader reads.
    #[serde(flatten)]
    subscription: SubscriptionView,
    requests: u64,
    bytes_up: Option<u64>,
    bytes_down: Option<u64>,
    segments_up: Option<u64>,
    segments_down: Option<u64>,
}

#[derive(Default, Serialize)]
struct SubscriptionView {
    room: Option<Arc<str>>,
    tab: Option<Arc<str>>,
    transport: Option<Transport>,
}

/// What a reader has cost since its session started viewing, over all its connections.
#[derive(Serialize)]
struct ReaderCostView {
    #[serde(flatten)]
    subscription: SubscriptionView,
    #[serde(flatten)]
    cost: ReaderCost,
}

/// `GET /api/connections`. From now on, the connections of the session are recorded for two
/// minutes.
pub async fn list(_: Caller, accounts: SignedInAccounts, state: web::Data<State>) -> HttpResponse {
    let tags = accounts.session_tags();
    state.recorders.start_viewing(&tags);
    let connections = state.recorders.open_used_only_by(&tags);
    let costs = state.recorders.costs(&tags);
    let view = ConnectionsView {
        counted_by: HAS_TCP_INFO.then_some("TCP_INFO"),
        connections: connections
            .iter()
            .map(|recorder| connection(recorder))
            .collect(),
        costs: costs.iter().map(ReaderCostView::from).collect(),
    };
    response::json(StatusCode::OK, &view)
}

fn connection(recorder: &ConnectionRecorder) -> ConnectionView {
    let counts = recorder.current_counts();
    let count = |of: fn(&TcpCounts) -> u64| counts.as_ref().map(of);
    ConnectionView {
        id: recorder.id,
        opened_at: time(recorder.opened_us),
        server: recorder.server,
        subscription: recorder
            .last_subscription()
            .as_ref()
            .map(SubscriptionView::from)
            .unwrap_or_default(),
        requests: recorder.requests(),
        bytes_up: count(|counts| counts.bytes_up),
        bytes_down: count(|counts| counts.bytes_down),
        segments_up: count(|counts| counts.segments_up),
        segments_down: count(|counts| counts.segments_down),
    }
}

fn time(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| String::new(), |time| time.to_string())
}

impl From<&Subscription> for SubscriptionView {
    fn from(subscription: &Subscription) -> Self {
        SubscriptionView {
            room: Some(subscription.room.clone()),
            tab: subscription.tab.clone(),
            transport: Some(subscription.transport),
        }
    }
}

impl From<(&Subscription, &ReaderCost)> for ReaderCostView {
    fn from((subscription, cost): (&Subscription, &ReaderCost)) -> Self {
        ReaderCostView {
            subscription: subscription.into(),
            cost: *cost,
        }
    }
}

#[derive(Serialize)]
struct ShutDownView {
    #[serde(rename = "cut")]
    connections: usize,
}

/// `DELETE /api/connections`. Shuts down connections of the session as a failing network would,
/// without an HTTP response. The connection of this request is not affected: it reads no room now.
pub async fn shut_down(
    _: Caller,
    accounts: SignedInAccounts,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let filter = SubscriptionFilter::from(&params)?;
    let open = state.recorders.open_used_only_by(&accounts.session_tags());
    let matching = open.iter().filter(|recorder| {
        recorder
            .current_subscription()
            .is_some_and(|subscription| filter.matches(&subscription))
    });
    let connections = matching.map(|recorder| recorder.shut_down()).count();
    Ok(response::json(
        StatusCode::OK,
        &ShutDownView { connections },
    ))
}

/// Selects readers by room, tab and transport. Without `tab`, it selects those that gave none.
pub struct SubscriptionFilter {
    room: String,
    tab: Option<String>,
    transport: Option<Transport>,
}

impl SubscriptionFilter {
    /// # Errors
    /// 422 if `room` is missing or `transport` is not the name of one.
    pub fn from(params: &Params) -> Result<Self, Error> {
        let room = params
            .text("room")
            .ok_or_else(|| Error::invalid("room", "must be the name of a room"))?;
        let slugs = || Transport::ALL.map(Transport::slug).join(", ");
        let transport = params
            .text("transport")
            .map(|slug| {
                let mut all = Transport::ALL.into_iter();
                all.find(|transport| transport.slug() == slug)
                    .ok_or_else(|| {
                        Error::invalid("transport", format!("must be one of {}", slugs()))
                    })
            })
            .transpose()?;
        Ok(SubscriptionFilter {
            room: room.into(),
            tab: params.label("tab")?.map(Into::into),
            transport,
        })
    }

    /// The room whose readers it selects.
    pub fn room(&self) -> &str {
        &self.room
    }

    /// Whether it selects a request for history, which has no transport.
    pub fn matches_history(&self, history: &HistoryRequest) -> bool {
        self.transport.is_none()
            && *history.room == *self.room
            && history.tab.as_deref() == self.tab.as_deref()
    }

    pub fn matches(&self, subscription: &Subscription) -> bool {
        *subscription.room == *self.room
            && subscription.tab.as_deref() == self.tab.as_deref()
            && self
                .transport
                .is_none_or(|filter| filter == subscription.transport)
    }
}
