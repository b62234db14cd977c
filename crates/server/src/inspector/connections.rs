//! What the asking session's own connections cost, as the kernel counted; and cutting them.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode, web};
use jiff::Timestamp;
use netlab::TELLS_SEGMENTS;
use protocol::Transport;
use serde::Serialize;

use super::recorder::{Counts, Reads, Tally, Tap};
use crate::http::{Caller, Error, Held, Params, State, answer};

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
    /// What its present or last reader read.
    #[serde(flatten)]
    reads: ReadsView,
    requests: u64,
    bytes_up: Option<u64>,
    bytes_down: Option<u64>,
    segments_up: Option<u64>,
    segments_down: Option<u64>,
}

#[derive(Default, Serialize)]
struct ReadsView {
    room: Option<Arc<str>>,
    tab: Option<Arc<str>>,
    transport: Option<Transport>,
}

/// What a reader cost since its session began to ask, over all connections that it had.
#[derive(Serialize)]
struct Carried {
    #[serde(flatten)]
    reads: ReadsView,
    #[serde(flatten)]
    tally: Tally,
}

/// Asking means to look: from now on for two minutes the session's connections are recorded.
pub async fn list(_: Caller, held: Held, state: web::Data<State>) -> HttpResponse {
    let owners = held.numbers();
    state.taps.watch(&owners);
    let connections = state.taps.open_of(&owners);
    let carried = state.taps.carried(&owners).into_iter();
    let view = View {
        counted_by: TELLS_SEGMENTS.then_some("TCP_INFO"),
        connections: connections.iter().map(|tap| connection(tap)).collect(),
        carried: carried.map(Carried::from).collect(),
    };
    answer::json(StatusCode::OK, &view)
}

fn connection(tap: &Tap) -> Connection {
    let counted = tap.counted();
    let count = |of: fn(&Counts) -> u64| counted.as_ref().map(of);
    Connection {
        id: tap.id,
        opened_at: time(tap.opened_us),
        server: tap.server,
        reads: tap.reads().map(ReadsView::from).unwrap_or_default(),
        requests: tap.requests(),
        bytes_up: count(|counts| counts.bytes_up),
        bytes_down: count(|counts| counts.bytes_down),
        segments_up: count(|counts| counts.segments_up),
        segments_down: count(|counts| counts.segments_down),
    }
}

fn time(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| String::new(), |time| time.to_string())
}

impl From<Reads> for ReadsView {
    fn from(reads: Reads) -> Self {
        ReadsView {
            room: Some(reads.room),
            tab: reads.tab,
            transport: Some(reads.transport),
        }
    }
}

impl From<(Reads, Tally)> for Carried {
    fn from((reads, tally): (Reads, Tally)) -> Self {
        Carried {
            reads: reads.into(),
            tally,
        }
    }
}

#[derive(Serialize)]
struct Cut {
    cut: usize,
}

/// Shuts connections of the session down as a failing network would, without a word of HTTP; but
/// not the one that this question came by, which reads nothing now.
pub async fn cut(
    _: Caller,
    held: Held,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let wanted = Wanted::from(&params)?;
    let open = state.taps.open_of(&held.numbers());
    let doomed = open
        .iter()
        .filter(|tap| tap.reading().is_some_and(|reads| wanted.is(&reads)));
    let cut = doomed.map(|tap| tap.cut()).count();
    Ok(answer::json(StatusCode::OK, &Cut { cut }))
}

/// The readers that a query names: by room, tab (no tab is one that said none), and transport.
pub struct Wanted {
    room: String,
    tab: Option<String>,
    transport: Option<Transport>,
}

impl Wanted {
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
        Ok(Wanted {
            room: room.into(),
            tab: params.label("tab")?.map(Into::into),
            transport,
        })
    }

    pub fn is(&self, reads: &Reads) -> bool {
        *reads.room == *self.room
            && reads.tab.as_deref() == self.tab.as_deref()
            && self
                .transport
                .is_none_or(|wanted| wanted == reads.transport)
    }
}
