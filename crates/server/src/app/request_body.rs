//! The body of a request, between the connection, which receives it, and the handler, which reads it.

use std::{
    cell::RefCell,
    collections::VecDeque,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use actix_http::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;

/// How much may wait for the handler. Beyond it nothing is received.
const MOST_WAITING: usize = 32 << 10;

/// Makes the two ends of a body.
pub fn channel() -> (BodySender, BodyReceiver) {
    let shared = Rc::<RefCell<Waiting>>::default();
    (BodySender(shared.clone()), BodyReceiver(shared))
}

/// What has been received and not been read.
#[derive(Default)]
struct Waiting {
    parts: VecDeque<Bytes>,
    bytes: usize,
    end: Option<Result<(), PayloadError>>,
    reader: Option<Waker>,
    sender: Option<Waker>,
    is_unwanted: bool,
}

impl Waiting {
    fn wake_reader(&mut self) {
        if let Some(waker) = self.reader.take() {
            waker.wake();
        }
    }
}

/// The end of the connection.
pub struct BodySender(Rc<RefCell<Waiting>>);

impl BodySender {
    /// Whether more is to be received. If not, the task is woken when it is.
    pub fn poll_ready(&self, cx: &mut Context<'_>) -> bool {
        let mut waiting = self.0.borrow_mut();
        let is_ready = waiting.is_unwanted || waiting.bytes < MOST_WAITING;
        if !is_ready {
            waiting.sender = Some(cx.waker().clone());
        }
        is_ready
    }

    /// Passes a part on, unless the handler no longer wants it.
    pub fn send(&self, part: Bytes) {
        let mut waiting = self.0.borrow_mut();
        if !waiting.is_unwanted {
            waiting.bytes += part.len();
            waiting.parts.push_back(part);
            waiting.wake_reader();
        }
    }

    /// The body is complete, or cannot be received.
    pub fn end(self, how: Result<(), PayloadError>) {
        let mut waiting = self.0.borrow_mut();
        waiting.end = Some(how);
        waiting.wake_reader();
    }
}

/// The end of the handler.
pub struct BodyReceiver(Rc<RefCell<Waiting>>);

impl Stream for BodyReceiver {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut waiting = self.0.borrow_mut();
        if let Some(part) = waiting.parts.pop_front() {
            waiting.bytes -= part.len();
            if waiting.parts.is_empty() {
                // A WebSocket that is idle keeps no memory for what it has received.
                waiting.parts = VecDeque::new();
            }
            if let Some(waker) = waiting.sender.take() {
                waker.wake();
            }
            return Poll::Ready(Some(Ok(part)));
        }
        match waiting.end.take() {
            Some(Ok(())) => {
                waiting.end = Some(Ok(()));
                Poll::Ready(None)
            }
            Some(Err(error)) => {
                waiting.end = Some(Ok(()));
                Poll::Ready(Some(Err(error)))
            }
            None => {
                waiting.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for BodyReceiver {
    fn drop(&mut self) {
        let mut waiting = self.0.borrow_mut();
        waiting.is_unwanted = true;
        waiting.parts.clear();
        if let Some(waker) = waiting.sender.take() {
            waker.wake();
        }
    }
}
