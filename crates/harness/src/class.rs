//! Scripted phones of a class: each is a guest who reads over the transport that it draws, and tells the server what has
//! reached it.

use std::{
    net::{IpAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use protocol::{Message, Transport};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::{Server, Source, User, reader::read_messages};

/// The pause of a short poll, as the page has it.
const PAUSE: Duration = Duration::from_secs(2);
/// The server forgets a phone after 30 s.
const WORD_EVERY: Duration = Duration::from_secs(10);

/// This machine's own address on the way to other networks, if there is a way. What comes from it has limits, as what
/// comes from the loopback has not.
pub fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // To ask the kernel which way it would send there. Nothing is sent.
    socket.connect("203.0.113.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback()).then_some(ip)
}

/// What has become of the requests of all phones.
#[derive(Default)]
pub struct Tally {
    /// Requests and streams that the server refused, or lost.
    pub refused: AtomicUsize,
    pub deliveries: AtomicUsize,
}

/// A phone that takes part until it is dropped.
pub struct Phone {
    pub transport: Transport,
    tasks: [JoinHandle<()>; 2],
}

impl Phone {
    /// Joins the class of `room` as a guest.
    ///
    /// # Panics
    /// The server does not let it in.
    pub async fn join(server: &Server, room: &str, tally: Arc<Tally>) -> Self {
        let user = User::apart(server);
        let guest = user.call(Method::POST, "/api/guests", None).await;
        assert_eq!(guest.status(), StatusCode::CREATED, "a guest is let in");
        let path = format!("/api/rooms/{room}/class");
        let joined = user.call(Method::PUT, &path, Some(json!({}))).await;
        assert_eq!(joined.status(), StatusCode::OK, "a phone joins");
        let answer: Value = joined.json().await.unwrap();
        let transport = Transport::ALL.into_iter();
        let mut transport = transport.filter(|each| answer["transport"] == each.slug());
        let transport = transport.next().expect("the lot is one of the four");
        let mut source = Source::new(transport, &user.address, &user.cookie(), room);
        source.after = Some(head(&user, room).await);
        // A class does not come in one instant, nor poll in it.
        let phase = PAUSE.mul_f64(rand::random());
        let reading = read(source, phase, user.clone(), path.clone(), tally.clone());
        let speaking = speak(user, path, tally);
        Phone {
            transport,
            tasks: [tokio::spawn(reading), tokio::spawn(speaking)],
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The room's newest message.
async fn head(user: &User, room: &str) -> u64 {
    let poll = user.get(&format!("/api/rooms/{room}/messages")).await;
    let poll: Value = poll.json().await.unwrap();
    poll["head"].as_u64().unwrap()
}

async fn read(mut source: Source, phase: Duration, user: User, path: String, tally: Arc<Tally>) {
    if source.transport.pauses() {
        tokio::time::sleep(phase).await;
    }
    loop {
        let Ok(messages) = read_messages(&mut source).await else {
            tally.refused.fetch_add(1, Relaxed);
            return;
        };
        let came = jiff::Timestamp::now();
        if let Some(newest) = messages.last() {
            source.after = Some(newest.seq);
            tally.deliveries.fetch_add(messages.len(), Relaxed);
            let deliveries: Vec<_> = messages.iter().map(|it| delivery(it, came)).collect();
            let user = user.clone();
            let (path, tally) = (path.clone(), tally.clone());
            // A page reads on while it reports.
            tokio::spawn(async move {
                say(&user, &path, json!({ "deliveries": deliveries }), &tally).await;
            });
        }
        if source.transport.pauses() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// On the server's machine both have the same clock.
fn delivery(message: &Message, came: jiff::Timestamp) -> Value {
    let sent: jiff::Timestamp = message.sent_at.parse().expect("a timestamp");
    let micros = came.as_microsecond() - sent.as_microsecond();
    json!({ "seq": message.seq, "delay_ms": micros.max(0) as f64 / 1_000.0 })
}

async fn speak(user: User, path: String, tally: Arc<Tally>) {
    loop {
        tokio::time::sleep(WORD_EVERY).await;
        say(&user, &path, json!({}), &tally).await;
    }
}

async fn say(user: &User, path: &str, said: Value, tally: &Tally) {
    let response = user.call(Method::PUT, path, Some(said)).await;
    if response.status() != StatusCode::OK {
        tally.refused.fetch_add(1, Relaxed);
    }
}
