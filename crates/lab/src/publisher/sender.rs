//! Sends each message at its scheduled instant, on a thread of its own.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, atomic::Ordering, mpsc::Receiver},
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
    schedule_queue::{Queued, ScheduleQueue},
};
use crate::{
    body,
    host::clock,
    schedule::{Post, Schedule},
    server::{post_request, room_name},
};

/// Connections that are opened before the first message; more are opened when needed.
const CONNECTIONS: usize = 32;
/// The most connections that are open at the same time. Each has one post that waits for its
/// response: a server with more of them is overloaded. Without a limit an overloaded server would
/// use up the open files of both processes (two for each connection here, one in the server).
const MOST_CONNECTIONS: usize = 2_000;
/// The longest idle time after which a connection is reused. It is short, because the server closes
/// a connection without any request sooner than one that is kept alive.
const MAX_IDLE: Duration = Duration::from_millis(2_500);

/// Where and what to post.
pub struct PublishTarget {
    pub address: SocketAddr,
    pub cookie: String,
    pub rooms: u32,
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
    /// How many of them are open, and how many may be.
    open: usize,
    most: usize,
    /// Messages sent so far.
    sent: u64,
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
        open: 0,
        most: MOST_CONNECTIONS,
        sent: 0,
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

/// What became of a post at its scheduled instant.
enum Sent {
    /// It was sent this much later than scheduled, in nanoseconds.
    Late(u64),
    /// It needed one connection more than are allowed, and was not sent.
    Overloaded,
}

impl Publisher {
    /// Sends the messages of all schedules of a queue, on a thread of its own, until the queue is
    /// dropped.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn publish(
        mut self,
    ) -> io::Result<(ScheduleQueue, JoinHandle<io::Result<Vec<ScheduleDelay>>>)> {
        let (queue, queued) = ScheduleQueue::new(self.posted.clone());
        let named = thread::Builder::new().name("publisher".into());
        let thread = named.spawn(move || self.send_all(&queued))?;
        Ok((queue, thread))
    }

    fn send_all(&mut self, queued: &Receiver<Queued>) -> io::Result<Vec<ScheduleDelay>> {
        // Without the privilege the priority stays normal. The schedule delay shows if that is
        // enough.
        priority::set(Priority::Urgent);
        priority::set_timer_slack();
        let header_sections = self.header_sections();
        let mut delays = Vec::new();
        while let Ok(Queued { schedule, start }) = queued.recv() {
            self.send_schedule(&header_sections, &schedule, start, &mut delays)?;
        }
        Ok(delays)
    }

    /// Sends the messages of one schedule. When it is given up or fails, the messages that were not
    /// sent are no longer pending.
    fn send_schedule(
        &mut self,
        header_sections: &[Vec<u8>],
        schedule: &Schedule,
        start: u64,
        delays: &mut Vec<ScheduleDelay>,
    ) -> io::Result<()> {
        let before = self.sent;
        let outcome = self.send_posts(header_sections, &schedule.posts, start, delays);
        let unsent = schedule.posts.len() as u64 - (self.sent - before);
        self.posted.pending.fetch_sub(unsent, Ordering::Release);
        outcome
    }

    fn send_posts(
        &mut self,
        header_sections: &[Vec<u8>],
        posts: &[Post],
        start: u64,
        delays: &mut Vec<ScheduleDelay>,
    ) -> io::Result<()> {
        for post in posts {
            let due = start.saturating_add_signed((post.due * 1e9) as i64);
            sleep_until(due);
            match self.send(&header_sections[post.room as usize], due)? {
                Sent::Late(late) => delays.push(ScheduleDelay { due, late }),
                Sent::Overloaded => {
                    self.posted.overloaded.store(true, Ordering::Relaxed);
                    break;
                }
            }
        }
        Ok(())
    }

    /// The header section of a post to each room, built in advance.
    fn header_sections(&self) -> Vec<Vec<u8>> {
        let host = self.target.address.to_string();
        let body = "#".repeat(self.target.body_bytes + ENVELOPE);
        let header_section = |room| {
            let path = format!("/api/rooms/{}/messages", room_name(room));
            let mut request = post_request(&path, &host, &self.target.cookie, &body);
            request.truncate(request.len() - body.len());
            request
        };
        (0..self.target.rooms).map(header_section).collect()
    }

    /// Sends one message.
    fn send(&mut self, header_section: &[u8], due: u64) -> io::Result<Sent> {
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None if self.open >= self.most => return Ok(Sent::Overloaded),
            None => self.open()?,
        };
        let body = body::write(due, self.sent, self.target.body_bytes);
        let request = [header_section, b"{\"body\":\"", body.as_bytes(), b"\"}"].concat();
        let late = clock::now().saturating_sub(due);
        let stream = self.streams[connection].as_mut();
        write_all(stream.expect("an idle connection is open"), &request)?;
        self.sent += 1;
        self.posted
            .up
            .fetch_add(request.len() as u64, Ordering::Relaxed);
        Ok(Sent::Late(late))
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
                self.open -= 1;
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
        self.open += 1;
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A publisher to a server that accepts connections and never responds.
    fn publisher_to_silence(messages: usize) -> (Publisher, ResponseReader) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || listener.incoming().collect::<Vec<_>>());
        let target = PublishTarget {
            address,
            cookie: String::new(),
            rooms: 1,
            body_bytes: 40,
            keep_alive: Duration::from_secs(75),
        };
        prepare(target, messages).unwrap()
    }

    fn at_once(messages: usize) -> Schedule {
        Schedule {
            posts: vec![Post { due: 0.0, room: 0 }; messages],
        }
    }

    #[test]
    fn a_schedule_that_needs_too_many_connections_is_given_up() {
        let (mut publisher, responses) = publisher_to_silence(50);
        publisher.most = 40;
        let (queue, publishing) = publisher.publish().unwrap();
        queue.add(at_once(50), clock::now());
        drop(queue);
        let delays = publishing.join().unwrap().unwrap();
        assert_eq!(delays.len(), 40);
        let posted = &responses.posted;
        assert!(posted.is_overloaded());
        // The ten messages that were not sent are not pending any more.
        assert_eq!(posted.pending.load(Ordering::Acquire), 40);
        assert_eq!(posted.settled(), None);
    }

    #[test]
    fn schedules_run_one_after_the_other_with_connections_to_spare() {
        let (publisher, responses) = publisher_to_silence(3);
        let (queue, publishing) = publisher.publish().unwrap();
        assert_eq!(responses.posted.settled(), Some(0));
        let start = clock::now();
        queue.add(at_once(3), start);
        queue.add(at_once(2), start + 1);
        drop(queue);
        let delays = publishing.join().unwrap().unwrap();
        let due: Vec<_> = delays.iter().map(|delay| delay.due - start).collect();
        assert_eq!(due, [0, 0, 0, 1, 1]);
        assert!(!responses.posted.is_overloaded());
    }
}
