//! The answers to the publisher's posts.

use std::sync::{Arc, atomic::Ordering};

use tokio::{io::AsyncReadExt, sync::mpsc as answers};

use super::{
    opened::{Idle, Opened},
    posted::Posted,
};
use crate::{host::clock, target::answer_length};

/// The other half: reads the answers on the thread of the receivers.
pub struct Answers {
    pub(super) opened: answers::UnboundedReceiver<Opened>,
    pub(super) idle: Idle,
    pub posted: Arc<Posted>,
}

impl Answers {
    /// Reads answers, a task a connection, for as long as it is polled; on a local task set.
    pub async fn read(mut self) {
        while let Some(Opened { stream, number }) = self.opened.recv().await {
            let Ok(stream) = tokio::net::TcpStream::from_std(stream) else {
                continue;
            };
            let (idle, posted) = (self.idle.clone(), self.posted.clone());
            tokio::task::spawn_local(read_answers(stream, number, idle, posted));
        }
    }
}

async fn read_answers(
    mut stream: tokio::net::TcpStream,
    number: usize,
    idle: Idle,
    posted: Arc<Posted>,
) {
    let mut answer = Vec::with_capacity(4096);
    while let Ok(read @ 1..) = stream.read_buf(&mut answer).await {
        posted.down.fetch_add(read as u64, Ordering::Relaxed);
        while let Some(length) = answer_length(&answer).filter(|length| *length <= answer.len()) {
            // A server that has waited too long for a first request says so unasked.
            let counter = match answer.get(..12) {
                Some(b"HTTP/1.1 201") => &posted.accepted,
                Some(b"HTTP/1.1 408") => return,
                _ => &posted.refused,
            };
            counter.fetch_add(1, Ordering::Relaxed);
            answer.drain(..length);
            idle.lock().push((number, clock::now()));
        }
    }
}
