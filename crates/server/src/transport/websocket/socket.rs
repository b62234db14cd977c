//! The server's side of one WebSocket: queues frames, handles those of the client, and closes.

use std::{collections::VecDeque, time::Duration};

use actix_web::web::Bytes;
use domain::chat::PendingPost;
use protocol::{
    Ack, ClientFrame, FrameError, Opcode, SendMessage, ServerFrame, close_frame, unmasked_frame,
};
use tokio::time::{Instant, timeout_at};

use super::{
    super::{Reader, StreamSettings, reader::ReaderEvent},
    inbound::{Inbound, Incoming},
};
use crate::{
    api::posting::{draft, receipt},
    http::Error,
    metrics::EndReason,
};

/// How many messages are read from the log at once.
const BATCH: usize = 16;
/// How many posts of one client may wait to be stored. Beyond it, its frames are not read.
const MAX_PENDING_REPLIES: usize = 64;
/// How long a client has to reply to a close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// A post whose outcome is not known yet.
struct PendingReply {
    key: String,
    outcome: PendingPost,
}

/// An open socket.
pub struct Socket {
    reader: Reader,
    inbound: Inbound,
    /// Frames that are ready to be sent.
    queue: VecDeque<Bytes>,
    /// Replies to posts that are not stored yet, in the order of the posts.
    replies: VecDeque<PendingReply>,
    heartbeat: Duration,
    next_heartbeat: Instant,
    silence: Duration,
    /// The deadline for the client's close frame, once the server's is queued.
    closing: Option<Instant>,
}

impl Socket {
    pub fn new(reader: Reader, inbound: Inbound, settings: &StreamSettings) -> Self {
        let mut socket = Socket {
            inbound,
            queue: VecDeque::new(),
            replies: VecDeque::new(),
            heartbeat: settings.heartbeat,
            next_heartbeat: Instant::now() + settings.heartbeat,
            silence: settings.silence,
            closing: None,
            reader,
        };
        if let Some(epoch) = socket.reader.epoch() {
            socket.enqueue(&ServerFrame::Epoch(epoch.to_owned()));
        }
        if socket.reader.starts_at_head() {
            socket.enqueue(&ServerFrame::Head(socket.reader.cursor()));
        }
        socket
    }

    /// The next frame to send; `None` when the connection is to be closed.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.queue.pop_front() {
                return Some(frame);
            }
            self.queue = VecDeque::new();
            if let Some(deadline) = self.closing {
                Box::pin(self.finish_close(deadline)).await;
                return None;
            }
            self.handle_next().await?;
        }
    }

    /// Waits for one event and handles it. `None` ends the connection without a close frame.
    async fn handle_next(&mut self) -> Option<()> {
        let reads_frames = self.replies.len() < MAX_PENDING_REPLIES;
        let heartbeat = self.reader.until(self.next_heartbeat);
        tokio::select! {
            event = self.reader.next(BATCH) => self.deliver(event),
            reply = next_reply(&mut self.replies) => self.enqueue(&reply),
            // In a box, so that a socket that is idle has no room for it.
            incoming = self.inbound.next(), if reads_frames => {
                Box::pin(self.handle_incoming(incoming)).await?;
            }
            () = heartbeat => self.on_heartbeat()?,
        }
        Some(())
    }

    fn deliver(&mut self, event: ReaderEvent) {
        match event {
            ReaderEvent::Messages(messages) => {
                self.reader.count_delivered(messages.len());
                self.queue
                    .extend(messages.iter().map(|message| message.frame().clone()));
            }
            ReaderEvent::Presence(document) => self.queue.push_back(document.frame().clone()),
            ReaderEvent::Answered => {}
            ReaderEvent::End(reason) => match reason {
                EndReason::SignedOut => self.close(4401, "signed out", reason),
                EndReason::Draining => self.close(1001, "the server is stopping", reason),
                EndReason::OtherHistory => {
                    self.close(4422, "another history: read again from the start", reason);
                }
                EndReason::Slow => self.close(1013, "too slow: reconnect with after", reason),
                _ => self.close(1011, "the messages could not be read", reason),
            },
        }
    }

    async fn handle_incoming(&mut self, incoming: Incoming) -> Option<()> {
        match incoming {
            Incoming::Text(text) => self.handle_text(&text).await,
            Incoming::Ping(bytes) => self.queue.push_back(unmasked_frame(Opcode::Pong, &bytes)),
            Incoming::Pong => {}
            Incoming::Refused(code, reason) => self.close(code, reason, EndReason::Refused),
            Incoming::Close(code) => {
                self.reader.set_end_reason(EndReason::Closed);
                self.queue.push_back(close_reply(code));
                // The client has closed first: its close frame need not be awaited.
                self.closing = Some(Instant::now());
            }
            Incoming::Gone => return None,
        }
        Some(())
    }

    async fn handle_text(&mut self, text: &[u8]) {
        match ClientFrame::parse(text) {
            Ok(ClientFrame::Send(send)) => self.post(send).await,
            Ok(ClientFrame::Typing {}) => {
                let account = &self.reader.caller.session.account;
                self.reader.room().roster.typing(account.username.as_str());
            }
            Err(error) => self.enqueue(&ServerFrame::Error(error)),
        }
    }

    /// Queues a message for the writer. Its ack, or an error, is sent once the outcome is known.
    async fn post(&mut self, SendMessage { key, body }: SendMessage) {
        if self.reader.is_signed_out() {
            return;
        }
        let room = self.reader.room().clone();
        let caller = &self.reader.caller;
        let allowed = match self.reader.is_limited() {
            true => self.reader.state().limits.post(&caller.session),
            false => Ok(()),
        };
        let draft = allowed.and_then(|()| draft(&room, caller, body, Some(key.clone())));
        let draft = match draft {
            Ok(draft) => draft,
            Err(error) => return self.enqueue(&refusal(key, &error)),
        };
        let outcome = self.reader.state().hub.post(&room, draft).await;
        self.replies.push_back(PendingReply { key, outcome });
    }

    fn on_heartbeat(&mut self) -> Option<()> {
        let now = Instant::now();
        // A server that was paused has sent no pings that its clients could have answered.
        let was_paused = now >= self.next_heartbeat + self.heartbeat;
        self.next_heartbeat = now + self.heartbeat;
        if self.reader.silent_for() >= self.silence && !was_paused {
            self.reader.set_end_reason(EndReason::Silent);
            return None;
        }
        self.queue.push_back(unmasked_frame(Opcode::Ping, b""));
        Some(())
    }

    fn enqueue(&mut self, frame: &ServerFrame) {
        let json = serde_json::to_vec(frame).expect("strings and numbers always encode");
        self.queue.push_back(unmasked_frame(Opcode::Text, &json));
    }

    /// Queues a close frame after the frames that are queued already.
    fn close(&mut self, code: u16, reason: &str, end_reason: EndReason) {
        self.reader.set_end_reason(end_reason);
        self.queue.push_back(close_frame(code, reason));
        self.closing = Some(Instant::now() + CLOSE_TIMEOUT);
    }

    /// Waits for the client's close frame, after which the connection is closed.
    async fn finish_close(&mut self, deadline: Instant) {
        let close_received = async {
            while !matches!(
                self.inbound.next().await,
                Incoming::Close(_) | Incoming::Gone
            ) {}
        };
        // The connection is closed in either case.
        let _ = timeout_at(deadline, close_received).await;
    }
}

/// The ack of the oldest post, or an error.
async fn next_reply(replies: &mut VecDeque<PendingReply>) -> ServerFrame {
    let Some(oldest) = replies.front_mut() else {
        return std::future::pending().await;
    };
    let outcome = receipt(&mut oldest.outcome).await;
    let key = std::mem::take(&mut oldest.key);
    replies.pop_front();
    match outcome {
        Ok(receipt) => ServerFrame::Ack(Ack {
            key,
            seq: receipt.message.seq(),
        }),
        Err(error) => refusal(key, &error),
    }
}

/// A close frame with the code that the client gave, if any (RFC 6455, 5.5.1).
fn close_reply(code: Option<u16>) -> Bytes {
    match code {
        Some(code) => close_frame(code, ""),
        None => unmasked_frame(Opcode::Close, b""),
    }
}

fn refusal(key: String, error: &Error) -> ServerFrame {
    ServerFrame::Error(FrameError {
        key: Some(key),
        ..FrameError::new(error.status().as_u16(), error.title(), error.to_string())
    })
}
