//! Reads the responses to the publisher's posts.

use std::{
    io,
    sync::{Arc, atomic::Ordering},
};

use netlab::{StampedRead, stamp_reads, try_read_stamped};
use tokio::sync::mpsc;

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
    stream: tokio::net::TcpStream,
    number: usize,
    idle: Idle,
    posted: Arc<PostCounters>,
) {
    let mut buffer = Vec::with_capacity(4096);
    stamp_reads(&stream);
    while let Some(read) = read(&stream, &mut buffer).await {
        posted.down.fetch_add(read.bytes as u64, Ordering::Relaxed);
        // What a response waits for this thread is not the server's time.
        let waited = read.waited.unwrap_or_default().as_nanos() as u64;
        let arrived = clock::now().saturating_sub(waited);
        while let Some(length) = response_length(&buffer).filter(|length| *length <= buffer.len()) {
            // A server that has waited too long for a first request sends a 408 by itself.
            let counter = match buffer.get(..12) {
                Some(b"HTTP/1.1 201") => &posted.accepted,
                Some(b"HTTP/1.1 408") => return,
                _ => &posted.refused,
            };
            counter.fetch_add(1, Ordering::Relaxed);
            posted.responded(number, arrived);
            posted.pending.fetch_sub(1, Ordering::Release);
            buffer.drain(..length);
            idle.lock().push((number, clock::now()));
        }
    }
}

/// Appends what has arrived; `None` when the connection has ended.
async fn read(stream: &tokio::net::TcpStream, buffer: &mut Vec<u8>) -> Option<StampedRead> {
    let mut piece = [0; 4096];
    loop {
        stream.readable().await.ok()?;
        match try_read_stamped(stream, &mut piece) {
            Ok(read) if read.bytes > 0 => {
                buffer.extend_from_slice(&piece[..read.bytes]);
                return Some(read);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(_) | Err(_) => return None,
        }
    }
}
