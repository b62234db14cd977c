//! The real server under load, killed again and again, and now and then stopped for a while, kept from its
//! database, or left without room on its disk. Senders and readers note what they see; at the end it is
//! compared with what is stored.
//!
//! That the comparison can fail is shown with planted faults: what a server that is wrong in one way
//! would show.

mod attack;
mod history;
mod mishap;
mod quiet_room;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use protocol::Transport;
use rand::Rng;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet, time::sleep};

pub use attack::{Attack, Target};
pub use history::{History, Seen, Violation};
pub use mishap::Mishap;
pub use quiet_room::QuietRoom;

use crate::{Options, Server, Source, User, reader::read_messages, server::client};

/// Clients that post, each one message after the other.
const SENDERS: usize = 4;
/// At most so many messages are acknowledged between two kills.
const MOST_BETWEEN: usize = 100;
/// Each so many kills the readers are waited for, so that one that is not woken is found.
const CATCH_UP_EVERY: u32 = 5;
/// How long a reader has to get what is stored.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause of clients that the server does not answer, and of the short poll.
const PAUSE: Duration = Duration::from_millis(10);
const ROOM: &str = "lobby";

/// One mishap in so many is not a kill.
const OTHER_EVERY: u32 = 10;

/// A fault as clients would see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// Posts are answered before they are committed.
    EarlyAnswer,
    /// A reader is not woken.
    LostWakeUp,
    /// A number is given twice.
    RepeatedSeq,
}

impl Plant {
    pub const ALL: [Plant; 3] = [Plant::EarlyAnswer, Plant::LostWakeUp, Plant::RepeatedSeq];
}

/// What a run has shown.
#[derive(Clone, Copy, Debug)]
pub struct Survived {
    /// Other mishaps than kills.
    pub others: u32,
    pub acknowledged: usize,
    pub stored: usize,
}

struct Clients {
    history: Arc<Mutex<History>>,
    /// Becomes true when no more posts begin.
    ending: watch::Sender<bool>,
    plant: Option<Plant>,
}

/// Kills a server so many times under load, with other mishaps in between, and checks what its clients saw.
///
/// # Errors
/// The promise that was broken.
///
/// # Panics
/// The server does not start, or does not answer in the end.
pub async fn run(kills: u32, plant: Option<Plant>) -> Result<Survived, Violation> {
    let mut server = Server::start_with(Options::default().without_file_limit_signal()).await;
    let user = server.user("alice").await;
    let clients = Arc::new(Clients {
        history: Arc::default(),
        ending: watch::Sender::new(false),
        plant,
    });
    let (mut senders, mut readers) = (JoinSet::new(), JoinSet::new());
    for number in 0..SENDERS {
        senders.spawn(send(clients.clone(), user.clone(), number));
    }
    for transport in Transport::ALL {
        readers.spawn(read(clients.clone(), user.clone(), transport));
    }
    let mut others = 0;
    for kill in 1..=kills {
        clients
            .until_acknowledged(rand::rng().random_range(1..=MOST_BETWEEN))
            .await;
        if kill % CATCH_UP_EVERY == 0 {
            clients.until_delivered().await;
        }
        if kill % OTHER_EVERY == 0 {
            let mishap = Mishap::OTHERS[others as usize % Mishap::OTHERS.len()];
            mishap.befall(&mut server).await;
            others += 1;
        }
        Mishap::Kill.befall(&mut server).await;
    }
    clients.ending.send_replace(true);
    while senders.join_next().await.is_some() {}
    let stored = stored(&user).await;
    clients.history.lock().stored = stored;
    clients.until_delivered().await;
    readers.abort_all();
    let history = clients.history.lock();
    history.check()?;
    Ok(Survived {
        others,
        acknowledged: history.acknowledged.len(),
        stored: history.stored.len(),
    })
}

impl Clients {
    /// Waits until so many more posts have been acknowledged.
    async fn until_acknowledged(&self, more: usize) {
        let acknowledged = || self.history.lock().acknowledged.len();
        let enough = acknowledged() + more;
        let begun = Instant::now();
        while acknowledged() < enough && begun.elapsed() < PATIENCE {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until every reader has what was acknowledged, or its time is over: the check at the end
    /// tells who is behind.
    async fn until_delivered(&self) {
        let begun = Instant::now();
        let due = {
            let history = self.history.lock();
            let newest = history.acknowledged.iter().map(|seen| seen.seq).max();
            history.stored.len().max(newest.unwrap_or(0) as usize)
        };
        while self.history.lock().least_delivered() < due && begun.elapsed() < PATIENCE {
            sleep(PAUSE).await;
        }
    }
}

/// Posts one message after the other. What got no answer is tried again with its key.
async fn send(clients: Arc<Clients>, user: User, number: usize) {
    let http = client();
    for post in 0.. {
        if *clients.ending.borrow() {
            return;
        }
        let key = format!("{number}-{post}");
        while let Err(()) = try_post(&clients, (&http, &user), &key).await {
            sleep(PAUSE).await;
            if clients.plant == Some(Plant::EarlyAnswer) {
                clients.believe(key);
                break;
            }
        }
    }
}

/// Posts once, and notes the answer. An error is none.
async fn try_post(clients: &Clients, (http, user): (&Client, &User), key: &str) -> Result<(), ()> {
    let url = format!("http://{}/api/rooms/{ROOM}/messages", user.address);
    let request = http.post(url).header("cookie", user.cookie());
    let message = json!({"key": key, "body": key});
    let response = request.json(&message).send().await.map_err(drop)?;
    let status = response.status();
    let answer: Value = response.json().await.map_err(drop)?;
    let mut history = clients.history.lock();
    match answer["seq"].as_u64() {
        Some(seq) if status.is_success() => {
            let key = key.to_owned();
            history.acknowledged.push(Seen { seq, key });
        }
        _ => history.failed.push(key.to_owned()),
    }
    Ok(())
}

/// Reads over a transport, and goes on after each kill from where it was.
async fn read(clients: Arc<Clients>, user: User, transport: Transport) {
    let mut cursor = 0;
    loop {
        let mut source = Source::new(transport, &user.address, &user.cookie(), ROOM);
        source.after = Some(cursor);
        while let Ok(messages) = read_messages(&mut source).await {
            let is_idle = messages.is_empty();
            for message in messages {
                cursor = message.seq;
                source.after = Some(cursor);
                clients.note(transport, message.into());
            }
            if is_idle && transport.pauses() {
                sleep(PAUSE).await;
            }
        }
        sleep(PAUSE).await;
    }
}

impl Clients {
    /// Takes a post that was not answered for one that was, as the next.
    fn believe(&self, key: String) {
        let mut history = self.history.lock();
        let newest = history.acknowledged.iter().map(|seen| seen.seq).max();
        let seq = newest.unwrap_or(0) + 1;
        history.acknowledged.push(Seen { seq, key });
    }

    fn note(&self, transport: Transport, seen: Seen) {
        let planted = self.plant.filter(|_| transport == Transport::Sse);
        let mut history = self.history.lock();
        let delivered = &mut history.delivered[transport.index()];
        match planted {
            Some(Plant::LostWakeUp) if seen.seq > 2 => {}
            Some(Plant::RepeatedSeq) if seen.seq == 2 => delivered.extend([seen.clone(), seen]),
            _ => delivered.push(seen),
        }
    }
}

/// All that is stored, read by short polls.
async fn stored(user: &User) -> Vec<Seen> {
    let mut source = Source::new(Transport::ShortPoll, &user.address, &user.cookie(), ROOM);
    let mut all: Vec<Seen> = Vec::new();
    loop {
        source.after = Some(all.last().map_or(0, |last| last.seq));
        let messages = read_messages(&mut source)
            .await
            .expect("the server answers");
        if messages.is_empty() {
            return all;
        }
        all.extend(messages.into_iter().map(Seen::from));
    }
}
