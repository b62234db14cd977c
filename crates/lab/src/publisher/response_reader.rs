//! Reads the responses to the publisher's posts.

use std::sync::{Arc, atomic::Ordering};

use tokio::{io::AsyncReadExt, sync::mpsc};

use super::{
    connections::{Idle, OpenedConnection},
    post_counters::PostCounters,
};
use crate::{host::clock, server::response_length};

/// The publisher's half that reads responses, on the thread of the receivers.
pub struct ResponseReader {
    pub(super) connections: mpsc::UnboundedReceiver<OpenedConnection>,
    pub(super) idle: Idle,
    pub posted: Arc<PostCounters>,
}

impl ResponseReader {
    /// Reads responses while it is polled, with a task for each connection. It must run on a local
    /// task set.
    pub async fn read(mut self) {
        while let Some(OpenedConnection { stream, number }) = self.connections.recv().await {
            let Ok(stream) = tokio::net::TcpStream::from_std(stream) else {
                continue;
            };
            let (idle, posted) = (self.idle.clone(), self.posted.clone());
            tokio::task::spawn_local(read_responses(stream, number, idle, posted));
        }
    }
}

async fn read_responses(
    mut stream: tokio::net::TcpStream,
    number: usize,
    idle: Idle,
    posted: Arc<PostCounters>,
) {
    let mut buffer = Vec::with_capacity(4096);
    while let Ok(read @ 1..) = stream.read_buf(&mut buffer).await {
        posted.down.fetch_add(read as u64, Ordering::Relaxed);
        while let Some(length) = response_length(&buffer).filter(|length| *length <= buffer.len()) {
            // A server that has waited too long for a first request sends a 408 by itself.
            let counter = match buffer.get(..12) {
                Some(b"HTTP/1.1 201") => &posted.accepted,
                Some(b"HTTP/1.1 408") => return,
                _ => &posted.refused,
            };
            counter.fetch_add(1, Ordering::Relaxed);
            posted.pending.fetch_sub(1, Ordering::Release);
            buffer.drain(..length);
            idle.lock().push((number, clock::now()));
        }
    }
}
