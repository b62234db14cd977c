//! Somebody who reads a room, over whichever transport: messages, presence, and reasons to end.

use std::{future::poll_fn, rc::Rc, sync::Arc, task::Poll, time::Duration};

use actix_web::web;
use domain::{
    chat::{Feed, PresenceGuard, Room},
    store::StoreError,
};
use protocol::{EncodedMessage, EncodedPresence, Transport};
use tokio::sync::watch;

use super::ReadRequest;
use crate::{
    connection::Meter,
    http::{Caller, Error, State},
    metrics::Ended,
};

/// A feed, with all that a transport has to mind besides it.
pub struct Reader {
    transport: Transport,
    state: web::Data<State>,
    pub caller: Caller,
    feed: Feed,
    presence: Option<Presence>,
    signed_out: watch::Receiver<bool>,
    draining: watch::Receiver<bool>,
    meter: Rc<Meter>,
    tells_head: bool,
    ended: Ended,
    _visit: PresenceGuard,
}

/// StepKind a reader waits for.
pub enum Event {
    /// Never empty.
    Messages(Vec<EncodedMessage>),
    Presence(Arc<EncodedPresence>),
    /// Nothing more is to come, for this reason.
    End(Ended),
}

/// The presence that a client asked for, and the version that it has.
struct Presence {
    known: u64,
    documents: watch::Receiver<Arc<EncodedPresence>>,
}

impl Reader {
    /// Opens a reader of what comes after `after`; without it, of what comes from now on.
    /// `grace_period` is how long after its end the same reader is expected back.
    ///
    /// # Errors
    /// 422 for a cursor beyond the head, and for what else of the request cannot be read.
    pub fn open(
        read: ReadRequest,
        transport: Transport,
        after: Option<u64>,
        grace_period: Duration,
    ) -> Result<Self, Error> {
        let presence = read.presence()?;
        let feed = Feed::open(read.room.clone(), after).map_err(|beyond| {
            let head = beyond.head;
            Error::invalid("after", format!("is beyond the head of this room, {head}"))
        })?;
        read.meter.claim(read.reads(transport)?);
        let ReadRequest {
            caller,
            room,
            state,
            meter,
            ..
        } = read;
        state.metrics.open_feeds[transport.index()].inc();
        Ok(Reader {
            _visit: PresenceGuard::begin(room.clone(), &caller.author(), transport, grace_period),
            presence: presence.map(|known| Presence {
                known,
                documents: room.roster.watch(),
            }),
            signed_out: caller.session.watch(),
            draining: state.drain.watch(),
            tells_head: after.is_none(),
            ended: Ended::Gone,
            transport,
            state,
            caller,
            feed,
            meter,
        })
    }

    /// StepKind is there now: messages, perhaps none, and the presence document if it is news.
    pub async fn ready(
        &mut self,
        limit: usize,
    ) -> Result<(Vec<EncodedMessage>, Option<Arc<EncodedPresence>>), StoreError> {
        let messages = self.feed.ready(limit).await;
        if messages.is_err() {
            self.ended = Ended::Failed;
        }
        Ok((messages?, self.presence_news()))
    }

    /// The presence document, if the client asked for it and has another version.
    pub fn presence_news(&mut self) -> Option<Arc<EncodedPresence>> {
        self.presence.as_mut().and_then(Presence::news)
    }

    /// Whatever is next. May be dropped at any await without losing anything.
    pub async fn next(&mut self, limit: usize) -> Event {
        self.count_wake_ups();
        tokio::select! {
            biased;
            () = slow(&self.meter) => Event::End(Ended::Slow),
            () = turned_true(&mut self.signed_out) => Event::End(Ended::SignedOut),
            () = turned_true(&mut self.draining) => Event::End(Ended::Draining),
            document = next_presence(self.presence.as_mut()) => Event::Presence(document),
            messages = self.feed.next(limit) => match messages {
                Ok(messages) => Event::Messages(messages),
                Err(error) => {
                    tracing::warn!(%error, "a reader could not be served");
                    Event::End(Ended::Failed)
                }
            },
        }
    }

    fn count_wake_ups(&mut self) {
        let wake_ups = self.feed.take_wake_ups();
        self.state.metrics.wake_ups[self.transport.index()].inc_by(wake_ups);
    }

    /// The room's newest `seq`.
    pub fn head(&self) -> u64 {
        self.room().log.head().max(self.feed.cursor())
    }

    /// Where this reader began, to be told to a client that gave no cursor.
    pub fn tells_head(&self) -> bool {
        self.tells_head
    }

    pub fn cursor(&self) -> u64 {
        self.feed.cursor()
    }

    pub fn room(&self) -> &Arc<Room> {
        self.feed.room()
    }

    pub fn state(&self) -> &web::Data<State> {
        &self.state
    }

    /// Counts messages handed to the connection.
    pub fn delivered(&self, messages: usize) {
        self.state.metrics.deliveries[self.transport.index()].inc_by(messages as u64);
    }

    /// Says why this reader ends. One that is dropped without a word has lost its client.
    pub fn end(&mut self, reason: Ended) {
        self.ended = reason;
    }

    /// Whether the client has accepted no byte for too long.
    pub fn is_slow(&self) -> bool {
        self.meter.is_slow()
    }

    /// How long ago anything came from the client, a pong or anything else.
    pub fn silent_for(&self) -> Duration {
        self.meter.silent_for()
    }

    pub fn is_signed_out(&self) -> bool {
        *self.signed_out.borrow()
    }

    /// Ends the connection once what was written has been sent.
    pub fn hang_up(&self) {
        self.meter.hang_up();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let reason = match self.ended {
            Ended::Gone if self.is_slow() => Ended::Slow,
            reason => reason,
        };
        self.count_wake_ups();
        let metrics = &self.state.metrics;
        metrics.open_feeds[self.transport.index()].dec();
        metrics.count_end(self.transport, reason);
    }
}

impl Presence {
    fn news(&mut self) -> Option<Arc<EncodedPresence>> {
        let document = self.documents.borrow_and_update().clone();
        (document.version() != self.known).then(|| {
            self.known = document.version();
            document
        })
    }
}

async fn turned_true(flag: &mut watch::Receiver<bool>) {
    if flag.wait_for(|flag| *flag).await.is_err() {
        // Its sender is gone without having said so: it never will.
        std::future::pending().await
    }
}

/// Returns once the client is slow. It is looked at whenever the connection is, and the meter
/// wakes the connection.
async fn slow(meter: &Meter) {
    poll_fn(|_| match meter.is_slow() {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await
}

async fn next_presence(presence: Option<&mut Presence>) -> Arc<EncodedPresence> {
    let Some(presence) = presence else {
        return std::future::pending().await;
    };
    loop {
        if let Some(document) = presence.news() {
            return document;
        }
        if presence.documents.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}
