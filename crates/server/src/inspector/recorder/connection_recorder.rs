//! The recorder of one connection.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use netlab::SocketHandle;
use parking_lot::Mutex;

use super::{
    SessionTag, connection_state::ConnectionState, cost::TcpCounts, exchange::Exchange, now_us,
    reader_costs::ReaderCosts, reading::HistoryRequest, recording::Recording,
    subscription::Subscription, viewers::Viewers,
};

/// Records what one connection costs and, while a session views it, what is sent over it.
pub struct ConnectionRecorder {
    pub id: u64,
    /// In microseconds since 1970.
    pub opened_us: i64,
    /// The name of the server that accepted it, if it has one.
    pub server: Option<&'static str>,
    pub(super) viewers: Arc<Viewers>,
    pub(super) socket: SocketHandle,
    /// Whether `state` has a recording. Kept apart so that it can be read without the lock.
    pub(super) is_recording: AtomicBool,
    pub(super) state: Mutex<ConnectionState>,
}

impl ConnectionRecorder {
    /// A request has started.
    pub fn begin_request(&self) {
        let mut state = self.state.lock();
        state.requests += 1;
        state.is_reading = false;
    }

    /// The current request belongs to these sessions.
    pub fn add_sessions(&self, tags: &[SessionTag]) {
        for tag in tags {
            let mut state = self.state.lock();
            if !state.tags.contains(tag) {
                state.tags.push(*tag);
            }
        }
        if !self.is_recording.load(Ordering::Relaxed) {
            return;
        }
        let until = self.viewers.until(tags);
        let mut state = self.state.lock();
        match (until, &mut state.recording) {
            (Some(until), Some(recording)) => recording.until = until,
            _ => self.stop_recording(&mut state),
        }
    }

    /// The current request reads this.
    pub fn set_subscription(&self, subscription: Subscription) {
        let mut state = self.state.lock();
        if let Some(recording) = &mut state.recording {
            recording.set_subscription(subscription.clone());
        }
        state.subscription = Some(subscription);
        state.is_reading = true;
    }

    /// The current request asks for this.
    pub fn set_history(&self, history: HistoryRequest) {
        if let Some(recording) = &mut self.state.lock().recording {
            recording.set_history(history);
        }
    }

    /// Bytes were received from the client.
    pub fn received(&self, bytes: &[u8]) {
        if !self.is_recording.load(Ordering::Relaxed) {
            let Some(until) = self.viewers.any_until() else {
                return;
            };
            let mut state = self.state.lock();
            // Bytes on a WebSocket are not a new request, and its session is not viewing.
            if state
                .current_subscription()
                .is_some_and(Subscription::is_websocket)
            {
                return;
            }
            // The session of this request is known only once the request has been read, so it is
            // recorded for now. One segment is counted for it; if it took more, the others are
            // counted for what came before.
            let mut counts = self.counts(&state).unwrap_or_default();
            counts.data_segments_up = counts.data_segments_up.saturating_sub(1);
            self.start_recording(&mut state, until, counts, None);
        }
        let mut state = self.state.lock();
        let counts = || {
            self.socket
                .tcp_info()
                .map(TcpCounts::from)
                .unwrap_or_default()
        };
        if let Some(recording) = &mut state.recording {
            recording.received(bytes, now_us(), counts);
        }
    }

    /// Bytes were sent to the client.
    pub fn sent(&self, bytes: &[u8]) {
        if !self.is_recording.load(Ordering::Relaxed) {
            return;
        }
        let mut state = self.state.lock();
        if let Some(recording) = &mut state.recording {
            recording.sent(bytes, now_us());
            if recording.until < Instant::now() {
                self.stop_recording(&mut state);
            }
        }
    }

    /// Must be called when the connection is about to be closed.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.final_counts = self.counts(&state);
        self.socket.close();
    }

    /// The kernel's counters so far; `None` if the platform has none.
    pub fn current_counts(&self) -> Option<TcpCounts> {
        self.counts(&self.state.lock())
    }

    /// The subscription of its current or last reader.
    pub fn last_subscription(&self) -> Option<Subscription> {
        self.state.lock().subscription.clone()
    }

    /// The subscription of its current request, or of its last one between two requests.
    pub fn current_subscription(&self) -> Option<Subscription> {
        self.state.lock().current_subscription().cloned()
    }

    pub fn requests(&self) -> u64 {
        self.state.lock().requests
    }

    /// What each reader has cost since recording started.
    pub fn costs(&self) -> ReaderCosts {
        let state = self.state.lock();
        let counts = self.counts(&state);
        let costs = counts.zip(state.recording.as_ref());
        costs.map_or_else(ReaderCosts::default, |(counts, recording)| {
            recording.costs(&counts)
        })
    }

    /// The newest recorded exchange that matches `wanted`.
    pub fn exchange(&self, wanted: impl Fn(&Exchange) -> bool) -> Option<Exchange> {
        let state = self.state.lock();
        let mut exchanges = state.recording.as_ref()?.exchanges();
        exchanges.find(|exchange| wanted(exchange)).cloned()
    }

    /// Shuts the connection down without sending anything, as a failing network would.
    pub fn shut_down(&self) {
        self.socket.shut_down();
    }

    /// Whether these sessions have used it, and no others.
    pub(super) fn is_used_only_by(&self, tags: &[SessionTag]) -> bool {
        let state = self.state.lock();
        !state.tags.is_empty() && state.tags.iter().all(|tag| tags.contains(tag))
    }

    /// Records the connection until then.
    pub(super) fn record_until(&self, until: Instant) {
        let mut state = self.state.lock();
        if let Some(recording) = &mut state.recording {
            recording.until = until;
            return;
        }
        let subscription = state.current_subscription().cloned();
        // If the connection has had one request only, all that was counted belongs to its reader.
        let counts = match state.requests {
            1 if subscription.is_some() => TcpCounts::default(),
            _ => self.counts(&state).unwrap_or_default(),
        };
        self.start_recording(&mut state, until, counts, subscription);
    }

    /// A session has ended. The recording starts anew, so that the remaining sessions see nothing
    /// of the one that has ended.
    pub(super) fn remove_session(&self, tag: SessionTag) {
        let mut state = self.state.lock();
        state.tags.retain(|other| *other != tag);
        if let Some(until) = state.recording.as_ref().map(|recording| recording.until) {
            self.restart_recording(&mut state, until);
        }
    }

    /// Drops the recording and starts another.
    fn restart_recording(&self, state: &mut ConnectionState, until: Instant) {
        let counts = self.counts(state).unwrap_or_default();
        let subscription = state.current_subscription().cloned();
        self.stop_recording(state);
        self.start_recording(state, until, counts, subscription);
    }

    /// Starts recording, unless too many connections are being recorded.
    fn start_recording(
        &self,
        state: &mut ConnectionState,
        until: Instant,
        counts: TcpCounts,
        subscription: Option<Subscription>,
    ) {
        if let Some(permit) = self.viewers.take_permit() {
            state.permit = Some(permit);
            state.recording = Some(Recording::start(until, counts, subscription, now_us()));
            self.is_recording.store(true, Ordering::Relaxed);
        }
    }

    fn stop_recording(&self, state: &mut ConnectionState) {
        state.recording = None;
        state.permit = None;
        self.is_recording.store(false, Ordering::Relaxed);
    }

    fn counts(&self, state: &ConnectionState) -> Option<TcpCounts> {
        state
            .final_counts
            .or_else(|| self.socket.tcp_info().map(TcpCounts::from))
    }
}
