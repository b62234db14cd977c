//! The conversation on one socket: what is due, what came in, and how it ends.

use std::{collections::VecDeque, time::Duration};

use actix_web::web::Bytes;
use futures_util::{StreamExt, stream::FuturesOrdered};
use protocol::{
    Ack, ClientFrame, FrameError, Opcode, SendMessage, ServerFrame, close_frame, unmasked_frame,
};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout_at};

use super::{
    super::{Reader, Settings, reader::Event},
    inbound::{Inbound, Incoming},
};
use crate::{
    api::posting::{draft, receipt},
    http::Error,
    metrics::Ended,
};

/// How many messages are read from the log at a time.
const BATCH: usize = 16;
/// How many sends of one client may wait for their commit; beyond it, its frames wait unread.
const UNACKED: usize = 64;
/// How long a client has to answer a close frame.
const FAREWELL: Duration = Duration::from_secs(2);

type Answer = futures_util::future::LocalBoxFuture<'static, ServerFrame>;

/// An open socket.
pub struct Socket {
    reader: Reader,
    inbound: Inbound,
    due: VecDeque<Bytes>,
    answers: FuturesOrdered<Answer>,
    heartbeat: Interval,
    silence: Duration,
    /// Until when the client's close frame is waited for, once ours is on its way.
    closing: Option<Instant>,
}

impl Socket {
    pub fn new(reader: Reader, inbound: Inbound, settings: &Settings) -> Self {
        let now = Instant::now();
        let mut heartbeat = interval_at(now + settings.heartbeat, settings.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut socket = Socket {
            inbound,
            due: VecDeque::new(),
            answers: FuturesOrdered::new(),
            heartbeat,
            silence: settings.silence,
            closing: None,
            reader,
        };
        if socket.reader.tells_head() {
            socket.say(&ServerFrame::Head(socket.reader.cursor()));
        }
        socket
    }

    /// The next frame to send, or `None` when the connection is to end.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.due.pop_front() {
                return Some(frame);
            }
            if let Some(deadline) = self.closing {
                self.finish_close(deadline).await;
                return None;
            }
            self.step().await?;
        }
    }

    /// Waits for one thing to happen. `None` ends the connection without a farewell.
    async fn step(&mut self) -> Option<()> {
        let listening = self.answers.len() < UNACKED;
        tokio::select! {
            event = self.reader.next(BATCH) => self.deliver(event),
            Some(answer) = self.answers.next() => self.say(&answer),
            incoming = self.inbound.next(), if listening => self.on_frame(incoming).await?,
            _ = self.heartbeat.tick() => self.on_heartbeat()?,
        }
        Some(())
    }

    fn deliver(&mut self, event: Event) {
        match event {
            Event::Messages(messages) => {
                self.reader.delivered(messages.len());
                self.due
                    .extend(messages.iter().map(|message| message.frame().clone()));
            }
            Event::Presence(document) => self.due.push_back(document.frame().clone()),
            Event::End(reason) => match reason {
                Ended::SignedOut => self.close(4401, "signed out", reason),
                Ended::Draining => self.close(1001, "the server is stopping", reason),
                Ended::Slow => self.close(1013, "too slow: come back with after", reason),
                _ => self.close(1011, "the messages could not be read", reason),
            },
        }
    }

    async fn on_frame(&mut self, incoming: Incoming) -> Option<()> {
        match incoming {
            Incoming::Text(text) => self.follow(&text).await,
            Incoming::Ping(bytes) => self.due.push_back(unmasked_frame(Opcode::Pong, &bytes)),
            Incoming::Pong => {}
            Incoming::Refused(code, reason) => self.close(code, reason, Ended::Refused),
            Incoming::Close(code) => {
                self.reader.end(Ended::Closed);
                self.due.push_back(close_reply(code));
                // It has said goodbye first: nothing more is to be waited for.
                self.closing = Some(Instant::now());
            }
            Incoming::Gone => return None,
        }
        Some(())
    }

    async fn follow(&mut self, text: &[u8]) {
        match ClientFrame::parse(text) {
            Ok(ClientFrame::Send(send)) => self.post(send).await,
            Ok(ClientFrame::Typing {}) => {
                let account = &self.reader.caller.session.account;
                self.reader.room().roster.typing(account.username.as_str());
            }
            Err(error) => self.say(&ServerFrame::Error(error)),
        }
    }

    /// Hands a message to the writer; its ack, or what was wrong with it, is said when it is known.
    async fn post(&mut self, SendMessage { key, body }: SendMessage) {
        if self.reader.is_signed_out() {
            return;
        }
        let room = self.reader.room().clone();
        let draft = draft(&room, &self.reader.caller, body, Some(key.clone()));
        let draft = match draft {
            Ok(draft) => draft,
            Err(error) => return self.say(&refusal(key, &error)),
        };
        let posting = self.reader.state().hub.post(&room, draft).await;
        self.answers.push_back(Box::pin(async move {
            match receipt(posting).await {
                Ok(receipt) => ServerFrame::Ack(Ack {
                    key,
                    seq: receipt.message.seq(),
                }),
                Err(error) => refusal(key, &error),
            }
        }));
    }

    fn on_heartbeat(&mut self) -> Option<()> {
        if self.reader.silent_for() >= self.silence {
            self.reader.end(Ended::Silent);
            self.reader.hang_up();
            return None;
        }
        self.due.push_back(unmasked_frame(Opcode::Ping, b""));
        Some(())
    }

    fn say(&mut self, frame: &ServerFrame) {
        let json = serde_json::to_vec(frame).expect("strings and numbers always encode");
        self.due.push_back(unmasked_frame(Opcode::Text, &json));
    }

    /// Queues a close frame behind what is due.
    fn close(&mut self, code: u16, reason: &str, why: Ended) {
        self.reader.end(why);
        self.due.push_back(close_frame(code, reason));
        self.closing = Some(Instant::now() + FAREWELL);
    }

    /// Waits for the client's half of the closing handshake, then hangs up.
    async fn finish_close(&mut self, deadline: Instant) {
        let answered = async {
            while !matches!(
                self.inbound.next().await,
                Incoming::Close(_) | Incoming::Gone
            ) {}
        };
        // Late or in time, the connection ends.
        let _ = timeout_at(deadline, answered).await;
        self.reader.hang_up();
    }
}

/// The code that the client gave, or none (RFC 6455, 5.5.1).
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
