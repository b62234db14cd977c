//! A reader of a room over any transport: messages, presence, and reasons to end.

use std::{future::poll_fn, rc::Rc, sync::Arc, task::Poll, time::Duration};

use actix_web::web;
use domain::{
    chat::{Feed, Page, PresenceGuard, Room},
    store::StoreError,
};
use protocol::{EncodedMessage, EncodedPresence, Transport};
use tokio::{sync::watch, time::Instant};

use super::{
    ReadRequest,
    fan_out::{Form, Seat},
};
use crate::{
    connection::Wire,
    http::{Caller, Error, State},
    limits::Counted,
    metrics::EndReason,
};

/// A feed, together with presence, sign-out, draining, slowness and metrics.
pub struct Reader {
    transport: Transport,
    state: web::Data<State>,
    pub caller: Caller,
    feed: Feed,
    /// Where a stream waits for messages.
    seat: Option<Seat>,
    presence: Option<PresenceWatch>,
    wire: Rc<Wire>,
    starts_at_head: bool,
    is_plain_poll: bool,
    /// The number of the history that is read.
    history: u64,
    /// Its epoch, if the client wants it.
    epoch: Option<Arc<str>>,
    end_reason: EndReason,
    /// Where its account has a limit.
    counted: Option<Counted<i64>>,
    _presence_guard: PresenceGuard,
}

/// What [`Reader::next`] returns.
pub enum ReaderEvent {
    /// Never empty.
    Messages(Vec<EncodedMessage>),
    Presence(Arc<EncodedPresence>),
    /// A poll has been answered together with others.
    Answered,
    /// The reader has ended, for this reason.
    End(EndReason),
}

/// The presence documents of a room, and the version that the client has.
struct PresenceWatch {
    known_version: u64,
    documents: watch::Receiver<Arc<EncodedPresence>>,
}

impl Reader {
    /// Opens a reader of the messages after `after`; without it, of those that are stored from now
    /// on. `grace_period` is how long the account counts as present after the reader ends.
    ///
    /// # Errors
    /// 422 if the cursor is beyond the head or of another history, or if a parameter is invalid; 429 if its account has too
    /// many.
    pub fn open(
        read: ReadRequest,
        transport: Transport,
        after: Option<u64>,
        grace_period: Duration,
    ) -> Result<Self, Error> {
        // First: what is read below is of this history, or of one that ends this reader.
        let history = read.state.hub.history().number();
        let epoch = read.epoch()?;
        let presence = read.presence()?;
        let feed = Feed::open(read.room.clone(), after).map_err(|beyond| {
            let head = beyond.head;
            Error::invalid("after", format!("is beyond the head of this room, {head}"))
        })?;
        let subscription = read.subscription(transport)?;
        let counted = read.state.limits.read(&read.caller.session, read.client)?;
        let is_plain_poll = read.is_plain_poll && epoch.is_none();
        let form = Form::of(transport, read.takes_chunks, is_plain_poll);
        let ReadRequest {
            caller,
            room,
            state,
            wire,
            ..
        } = read;
        wire.meter().set_subscription(subscription);
        wire.alarm().set_session(Some(caller.session.clone()));
        state.metrics.open_feeds[transport.index()].inc();
        Ok(Reader {
            _presence_guard: PresenceGuard::begin(
                room.clone(),
                &caller.author(),
                transport,
                grace_period,
            ),
            presence: presence.map(|known_version| PresenceWatch {
                known_version,
                documents: room.roster.watch(),
            }),
            starts_at_head: after.is_none(),
            is_plain_poll,
            history,
            epoch,
            end_reason: EndReason::Gone,
            counted,
            seat: form
                .map(|form| Seat::take(&room, &state, wire.clone(), (transport, form, history))),
            transport,
            state,
            caller,
            feed,
            wire,
        })
    }

    /// All messages that are available now, at most `limit`, of which `begun` have been read.
    pub async fn complete(
        &mut self,
        begun: Vec<EncodedMessage>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let page = self.feed.complete(begun, limit).await;
        if page.is_err() {
            self.end_reason = EndReason::Failed;
        }
        page
    }

    /// The presence document, if the client wants it and has another version.
    pub fn changed_presence(&mut self) -> Option<Arc<EncodedPresence>> {
        self.presence.as_mut().and_then(PresenceWatch::changed)
    }

    /// Waits for the next event. Cancel-safe: dropping the future loses nothing.
    pub async fn next(&mut self, limit: usize) -> ReaderEvent {
        let (wire, state, caller) = (&self.wire, &self.state, &self.caller);
        let (feed, seat, history) = (&mut self.feed, self.seat.as_ref(), self.history);
        tokio::select! {
            biased;
            () = is_answered(seat) => ReaderEvent::Answered,
            reason = ends(wire, state, caller, history) => ReaderEvent::End(reason),
            document = next_presence(self.presence.as_mut()) => ReaderEvent::Presence(document),
            messages = next_messages(feed, seat, limit) => match messages {
                Ok(messages) => ReaderEvent::Messages(messages),
                Err(error) => {
                    tracing::warn!(%error, "a reader could not be served");
                    ReaderEvent::End(EndReason::Failed)
                }
            },
        }
    }

    /// Waits until `deadline`.
    pub fn until(&self, deadline: Instant) -> impl Future<Output = ()> + use<> {
        let wire = self.wire.clone();
        poll_fn(move |cx| wire.alarm().poll_until(cx, deadline))
    }

    /// The room's newest `seq`.
    pub fn head(&self) -> u64 {
        self.room().log.head().max(self.feed.cursor())
    }

    /// Whether the client gave no cursor, so that it must be told the head at which the reader
    /// starts.
    pub fn starts_at_head(&self) -> bool {
        self.starts_at_head
    }

    /// Whether the response is the same for any other poll at the same cursor. That of a server that stops
    /// closes its connection.
    pub fn is_plain_poll(&self) -> bool {
        self.is_plain_poll && !self.state.drain.has_begun()
    }

    /// The epoch of what is read, if the client wants it.
    pub fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
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

    /// Counts messages that are handed to the connection.
    pub fn count_delivered(&self, messages: usize) {
        self.state.metrics.deliveries[self.transport.index()].inc_by(messages as u64);
    }

    /// Sets the reason why this reader ends. Without one, the client has disconnected.
    pub fn set_end_reason(&mut self, reason: EndReason) {
        self.end_reason = reason;
    }

    /// Whether the client has accepted no byte for too long.
    pub fn is_slow(&self) -> bool {
        self.wire.meter().is_slow()
    }

    /// How long ago the last byte was received from the client.
    pub fn silent_for(&self) -> Duration {
        self.wire.meter().silent_for()
    }

    /// Whether its account may not post faster than a limit.
    pub fn is_limited(&self) -> bool {
        self.counted.is_some()
    }

    /// Its account, where it has limits.
    pub fn limited_account(&self) -> Option<i64> {
        self.is_limited().then_some(self.caller.session.account.id)
    }

    pub fn is_signed_out(&self) -> bool {
        !self.caller.session.is_live()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let reason = match self.end_reason {
            EndReason::Gone if self.is_slow() => EndReason::Slow,
            reason => reason,
        };
        self.wire.alarm().set_session(None);
        if self.seat.as_ref().is_some_and(Seat::is_answered) {
            // The pass has counted its end.
            return;
        }
        let metrics = &self.state.metrics;
        metrics.open_feeds[self.transport.index()].dec();
        metrics.count_end(self.transport, reason);
    }
}

impl PresenceWatch {
    fn changed(&mut self) -> Option<Arc<EncodedPresence>> {
        let document = self.documents.borrow_and_update().clone();
        (document.version() != self.known_version).then(|| {
            self.known_version = document.version();
            document
        })
    }

    async fn next(&mut self) -> Arc<EncodedPresence> {
        loop {
            if let Some(document) = self.changed() {
                return document;
            }
            if self.documents.changed().await.is_err() {
                // The room is gone, and so will be its reader.
                return std::future::pending().await;
            }
        }
    }
}

/// The next messages that were not sent by the pass over all that wait.
async fn next_messages(
    feed: &mut Feed,
    seat: Option<&Seat>,
    limit: usize,
) -> Result<Vec<EncodedMessage>, StoreError> {
    let Some(seat) = seat else {
        return feed.ready(limit).await;
    };
    loop {
        feed.skip_to(seat.cursor());
        let messages = feed.ready(limit).await?;
        if !messages.is_empty() {
            return Ok(messages);
        }
        seat.wait(feed.cursor(), limit).await;
    }
}

/// Resolves once the reader must end. It registers no waker: the task is woken by the alarm of its
/// connection when a session ends, another history begins or the server stops, and by the meter when the client is slow.
async fn ends(wire: &Wire, state: &State, caller: &Caller, history: u64) -> EndReason {
    poll_fn(|_| {
        if wire.meter().is_slow() {
            Poll::Ready(EndReason::Slow)
        } else if !caller.session.is_live() {
            Poll::Ready(EndReason::SignedOut)
        } else if state.drain.has_begun() {
            Poll::Ready(EndReason::Draining)
        } else if state.hub.history().number() != history {
            Poll::Ready(EndReason::OtherHistory)
        } else {
            Poll::Pending
        }
    })
    .await
}

/// Resolves once a poll has been answered. The task is woken then.
async fn is_answered(seat: Option<&Seat>) {
    poll_fn(|_| match seat.is_some_and(Seat::is_answered) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}

async fn next_presence(presence: Option<&mut PresenceWatch>) -> Arc<EncodedPresence> {
    match presence {
        // In a box, so that readers that want no presence have no room for it.
        Some(presence) => Box::pin(presence.next()).await,
        None => std::future::pending().await,
    }
}
