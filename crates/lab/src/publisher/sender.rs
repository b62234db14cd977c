//! Sends each message at its instant, on a thread of its own.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, atomic::Ordering},
    thread::{self, JoinHandle},
    time::Duration,
};

use netlab::priority::{self, Priority};
use rustix::thread::clock_nanosleep_absolute;
use tokio::sync::mpsc as answers;

use super::{
    answers::Answers,
    opened::{Idle, Opened},
    posted::Posted,
};
use crate::{
    body,
    host::clock,
    schedule::Schedule,
    target::{post_request, room_name},
};

/// Connections that are open before the first message is due; more are opened as they are needed.
const CONNECTIONS: usize = 32;
/// The longest that a connection may have been idle to be used again: the server closes one on
/// which no request ever came sooner than one that is kept alive.
const MOST_IDLE: Duration = Duration::from_millis(2_500);

/// Where and what to post.
pub struct Target {
    pub address: SocketAddr,
    pub cookie: String,
    pub body_bytes: usize,
    /// How long the server keeps an idle connection.
    pub keep_alive: Duration,
}

/// When a message was due, and how much later it was sent: nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleDelay {
    pub due: u64,
    pub late: u64,
}

/// A publisher with its connections open, before its first message.
pub struct Publisher {
    target: Target,
    posted: Arc<Posted>,
    /// By number; none where it was idle for too long.
    streams: Vec<Option<TcpStream>>,
    idle: Idle,
    to_reader: answers::UnboundedSender<Opened>,
}

/// Opens the connections that so many messages may need at first.
///
/// # Errors
/// The server could not be reached.
pub fn prepare(target: Target, messages: usize) -> io::Result<(Publisher, Answers)> {
    let idle = Idle::default();
    let (to_reader, opened) = answers::unbounded_channel();
    let posted = Arc::new(Posted::default());
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
    let answers = Answers {
        opened,
        idle,
        posted,
    };
    Ok((publisher, answers))
}

impl Publisher {
    /// Sends what is due, from `start` on, on a thread of its own.
    ///
    /// # Errors
    /// No thread could be started.
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
        // Without the privilege it is as urgent as any: its delay tells whether that was enough.
        priority::set(Priority::Urgent);
        priority::set_timer_slack();
        let heads = self.heads(schedule);
        let mut delays = Vec::with_capacity(schedule.posts.len());
        for (number, post) in schedule.posts.iter().enumerate() {
            let due = start.saturating_add_signed((post.due * 1e9) as i64);
            sleep_until(due);
            if self.posted.stop.load(Ordering::Relaxed) {
                break;
            }
            let late = self.send(&heads[post.room as usize], due, number as u64)?;
            delays.push(ScheduleDelay { due, late });
        }
        Ok(delays)
    }

    /// The head of a post to each room, made beforehand.
    fn heads(&self, schedule: &Schedule) -> Vec<Vec<u8>> {
        let rooms = schedule
            .posts
            .iter()
            .map(|post| post.room + 1)
            .max()
            .unwrap_or(0);
        let host = self.target.address.to_string();
        let body = "#".repeat(self.target.body_bytes + ENVELOPE);
        let head = |room| {
            let path = format!("/api/rooms/{}/messages", room_name(room));
            let mut request = post_request(&path, &host, &self.target.cookie, &body);
            request.truncate(request.len() - body.len());
            request
        };
        (0..rooms).map(head).collect()
    }

    /// Sends one message; how late it was.
    fn send(&mut self, head: &[u8], due: u64, number: u64) -> io::Result<u64> {
        let connection = match self.fresh() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let body = body::write(due, number, self.target.body_bytes);
        let request = [head, b"{\"body\":\"", body.as_bytes(), b"\"}"].concat();
        let late = clock::now().saturating_sub(due);
        let stream = self.streams[connection].as_mut();
        write_all(stream.expect("a fresh one is open"), &request)?;
        self.posted.sent.fetch_add(1, Ordering::Relaxed);
        self.posted
            .up
            .fetch_add(request.len() as u64, Ordering::Relaxed);
        Ok(late)
    }

    /// An idle connection that the server will not close just now; older ones are let go.
    fn fresh(&mut self) -> Option<usize> {
        let limit = (self.target.keep_alive / 2).min(MOST_IDLE).as_nanos() as u64;
        let mut idle = self.idle.lock();
        let (number, since) = idle.pop()?;
        if clock::now() - since < limit {
            return Some(number);
        }
        // The last used is too old: so are all others.
        for (old, _) in idle.drain(..).chain([(number, since)]) {
            if let Some(stream) = self.streams[old].take() {
                // It may be closed already.
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
        // Nobody reads answers any more when the trial has failed already.
        let _ = self.to_reader.send(Opened {
            stream: reading,
            number,
        });
        Ok(number)
    }
}

/// The bytes of `{"body":""}`.
const ENVELOPE: usize = 11;

/// The connection is idle and takes a message at once, but for a very long one.
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
    // Woken by a signal, it goes back to sleep.
    while clock::now() < due {
        let _ = clock_nanosleep_absolute(rustix::thread::ClockId::Monotonic, &clock::timespec(due));
    }
}
