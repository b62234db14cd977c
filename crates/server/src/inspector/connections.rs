//! StepKind the asking session's own connections cost, as the kernel counted; and cutting them.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode, web};
use jiff::Timestamp;
use netlab::HAS_TCP_INFO;
use protocol::Transport;
use serde::Serialize;

use super::recorder::{ConnectionRecorder, Counts, Subscription, Tally};
use crate::http::{Caller, Error, Params, SignedInAccounts, State, answer};

#[derive(Serialize)]
struct View {
    /// Who counted, or null where the platform does not tell: then there are no numbers.
    counted_by: Option<&'static str>,
    connections: Vec<Connection>,
    carried: Vec<Carried>,
}

/// An open connection, since it was opened. Up is towards the server.
#[derive(Serialize)]
struct Connection {
    id: u64,
    opened_at: String,
    server: Option<&'static str>,
    /// StepKind its present or last reader read.
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

/// StepKind a reader cost since its session began to ask, over all connections that it had.
#[derive(Serialize)]
struct Carried {
    #[serde(flatten)]
    subscription: SubscriptionView,
    #[serde(flatten)]
    tally: Tally,
}

/// Asking means to look: from now on for two minutes the session's connections are recorded.
pub async fn list(_: Caller, accounts: SignedInAccounts, state: web::Data<State>) -> HttpResponse {
    let tags = accounts.numbers();
    state.recorders.watch(&tags);
    let connections = state.recorders.open_of(&tags);
    let carried = state.recorders.carried(&tags).into_iter();
    let view = View {
        counted_by: HAS_TCP_INFO.then_some("TCP_INFO"),
        connections: connections
            .iter()
            .map(|recorder| connection(recorder))
            .collect(),
        carried: carried.map(Carried::from).collect(),
    };
    answer::json(StatusCode::OK, &view)
}

fn connection(recorder: &ConnectionRecorder) -> Connection {
    let counted = recorder.counted();
    let count = |of: fn(&Counts) -> u64| counted.as_ref().map(of);
    Connection {
        id: recorder.id,
        opened_at: time(recorder.opened_us),
        server: recorder.server,
        subscription: recorder
            .subscription()
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

impl From<Subscription> for SubscriptionView {
    fn from(subscription: Subscription) -> Self {
        SubscriptionView {
            room: Some(subscription.room),
            tab: subscription.tab,
            transport: Some(subscription.transport),
        }
    }
}

impl From<(Subscription, Tally)> for Carried {
    fn from((subscription, tally): (Subscription, Tally)) -> Self {
        Carried {
            subscription: subscription.into(),
            tally,
        }
    }
}

#[derive(Serialize)]
struct Cut {
    cut: usize,
}

/// Shuts connections of the session down as a failing network would, without a word of HTTP; but
/// not the one that this question came by, which subscription nothing now.
pub async fn cut(
    _: Caller,
    accounts: SignedInAccounts,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let wanted = SubscriptionFilter::from(&params)?;
    let open = state.recorders.open_of(&accounts.numbers());
    let doomed = open.iter().filter(|recorder| {
        recorder
            .reading()
            .is_some_and(|subscription| wanted.is(&subscription))
    });
    let cut = doomed.map(|recorder| recorder.cut()).count();
    Ok(answer::json(StatusCode::OK, &Cut { cut }))
}

/// The readers that a query names: by room, tab (no tab is one that said none), and transport.
pub struct SubscriptionFilter {
    room: String,
    tab: Option<String>,
    transport: Option<Transport>,
}

impl SubscriptionFilter {
    /// # Errors
    /// 422 where `room` is missing, or `transport` is none.
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

    pub fn is(&self, subscription: &Subscription) -> bool {
        *subscription.room == *self.room
            && subscription.tab.as_deref() == self.tab.as_deref()
            && self
                .transport
                .is_none_or(|wanted| wanted == subscription.transport)
    }
}
