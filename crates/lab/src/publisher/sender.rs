//! Sends each message at its scheduled instant, on a thread of its own.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, atomic::Ordering},
    thread::{self, JoinHandle},
    time::Duration,
};

use netlab::priority::{self, Priority};
use rustix::thread::clock_nanosleep_absolute;
use tokio::sync::mpsc;

use super::{
    connections::{Idle, OpenedConnection},
    post_counters::PostCounters,
    response_reader::ResponseReader,
};
use crate::{
    body,
    host::clock,
    schedule::Schedule,
    server::{post_request, room_name},
};

/// Connections that are opened before the first message; more are opened when needed.
const CONNECTIONS: usize = 32;
/// The longest idle time after which a connection is reused. It is short, because the server closes
/// a connection without any request sooner than one that is kept alive.
const MAX_IDLE: Duration = Duration::from_millis(2_500);

/// Where and what to post.
pub struct PublishTarget {
    pub address: SocketAddr,
    pub cookie: String,
    pub body_bytes: usize,
    /// How long the server keeps an idle connection.
    pub keep_alive: Duration,
}

/// When a message was due, and how much later it was sent, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleDelay {
    pub due: u64,
    pub late: u64,
}

/// A publisher with its connections open, before its first message.
pub struct Publisher {
    target: PublishTarget,
    posted: Arc<PostCounters>,
    /// By number; `None` after it was closed.
    streams: Vec<Option<TcpStream>>,
    idle: Idle,
    to_reader: mpsc::UnboundedSender<OpenedConnection>,
}

/// Opens the first connections, at most one for each of `messages`.
///
/// # Errors
/// The server could not be reached.
pub fn prepare(target: PublishTarget, messages: usize) -> io::Result<(Publisher, ResponseReader)> {
    let idle = Idle::default();
    let (to_reader, connections) = mpsc::unbounded_channel();
    let posted = Arc::new(PostCounters::default());
    let mut publisher = Publisher {
        target,
        posted: posted.clone(),
        streams: Vec::new(),
        idle: idle.clone(),
        to_reader,
    };
    for _ in 0..CONNECTIONS.min(messages) {
        let number = publisher.open()?;
        idle.lock().push((number, clock::now()));
    }
    let responses = ResponseReader {
        connections,
        idle,
        posted,
    };
    Ok((publisher, responses))
}

impl Publisher {
    /// Sends the messages of a schedule that begins at `start`, on a thread of its own.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn publish(
        mut self,
        schedule: Schedule,
        start: u64,
    ) -> io::Result<JoinHandle<io::Result<Vec<ScheduleDelay>>>> {
        let named = thread::Builder::new().name("publisher".into());
        named.spawn(move || {
            let delays = self.send_all(&schedule, start);
            self.posted.finished.store(true, Ordering::Release);
            delays
        })
    }

    fn send_all(&mut self, schedule: &Schedule, start: u64) -> io::Result<Vec<ScheduleDelay>> {
        // Without the privilege the priority stays normal. The schedule delay shows if that is
        // enough.
        priority::set(Priority::Urgent);
        priority::set_timer_slack();
        let header_sections = self.header_sections(schedule);
        let mut delays = Vec::with_capacity(schedule.posts.len());
        for (number, post) in schedule.posts.iter().enumerate() {
            let due = start.saturating_add_signed((post.due * 1e9) as i64);
            sleep_until(due);
            if self.posted.stop.load(Ordering::Relaxed) {
                break;
            }
            let late = self.send(&header_sections[post.room as usize], due, number as u64)?;
            delays.push(ScheduleDelay { due, late });
        }
        Ok(delays)
    }

    /// The header section of a post to each room, built in advance.
    fn header_sections(&self, schedule: &Schedule) -> Vec<Vec<u8>> {
        let rooms = schedule
            .posts
            .iter()
            .map(|post| post.room + 1)
            .max()
            .unwrap_or(0);
        let host = self.target.address.to_string();
        let body = "#".repeat(self.target.body_bytes + ENVELOPE);
        let header_section = |room| {
            let path = format!("/api/rooms/{}/messages", room_name(room));
            let mut request = post_request(&path, &host, &self.target.cookie, &body);
            request.truncate(request.len() - body.len());
            request
        };
        (0..rooms).map(header_section).collect()
    }

    /// Sends one message, and returns its schedule delay.
    fn send(&mut self, header_section: &[u8], due: u64, number: u64) -> io::Result<u64> {
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let body = body::write(due, number, self.target.body_bytes);
        let request = [header_section, b"{\"body\":\"", body.as_bytes(), b"\"}"].concat();
        let late = clock::now().saturating_sub(due);
        let stream = self.streams[connection].as_mut();
        write_all(stream.expect("an idle connection is open"), &request)?;
        self.posted.sent.fetch_add(1, Ordering::Relaxed);
        self.posted
            .up
            .fetch_add(request.len() as u64, Ordering::Relaxed);
        Ok(late)
    }

    /// An idle connection that the server is not about to close. Older ones are closed.
    fn take_idle(&mut self) -> Option<usize> {
        let limit = (self.target.keep_alive / 2).min(MAX_IDLE).as_nanos() as u64;
        let mut idle = self.idle.lock();
        let (number, since) = idle.pop()?;
        if clock::now() - since < limit {
            return Some(number);
        }
        // The most recently used one is too old, and so are all others.
        for (old, _) in idle.drain(..).chain([(number, since)]) {
            if let Some(stream) = self.streams[old].take() {
                // The server may have closed it already.
                let _ = stream.shutdown(std::net::Shutdown::Both);
            }
        }
        None
    }

    fn open(&mut self) -> io::Result<usize> {
        let stream = TcpStream::connect(self.target.address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let number = self.streams.len();
        let reading = stream.try_clone()?;
        self.streams.push(Some(stream));
        // The reader is gone if the trial has failed; the responses then do not matter.
        let _ = self.to_reader.send(OpenedConnection {
            stream: reading,
            number,
        });
        Ok(number)
    }
}

/// The length of `{"body":""}`.
const ENVELOPE: usize = 11;

/// Writes to a non-blocking connection. It is idle, so all but very long messages fit at once.
fn write_all(stream: &mut TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::yield_now(),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn sleep_until(due: u64) {
    // A signal may wake the thread too early.
    while clock::now() < due {
        let _ = clock_nanosleep_absolute(rustix::thread::ClockId::Monotonic, &clock::timespec(due));
    }
}
