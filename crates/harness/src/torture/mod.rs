//! The real server under load, killed again and again, and now and then stopped for a while, kept from its
//! database, or left without room on its disk. Senders and readers note what they see; at the end it is
//! compared with what is stored.
//!
//! That the comparison can fail is shown with faults that are planted into the server's store.

mod attack;
mod history;
mod mishap;
mod quiet_room;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
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

use crate::{End, Options, Server, Source, User, reader::read_messages, server::client};

/// Clients that post, each one message after the other.
const SENDERS: usize = 4;
/// At most so many messages are acknowledged between two kills.
const MOST_BETWEEN: usize = 100;
/// Each so many kills the senders pause until the readers have everything: one that was not woken would be
/// woken by the next message.
const CATCH_UP_EVERY: u32 = 5;
/// How long a reader has to get what is stored.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause of clients that the server does not answer, and of the short poll.
const PAUSE: Duration = Duration::from_millis(10);
const ROOM: &str = "lobby";

/// One mishap in so many is not a kill.
const OTHER_EVERY: u32 = 10;

/// A fault that is planted into the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// Posts are answered before they are committed.
    EarlyAnswer,
    /// Nobody is woken for messages.
    LostWakeUp,
    /// A number is given twice.
    RepeatedSeq,
}

impl Plant {
    pub const ALL: [Plant; 3] = [Plant::EarlyAnswer, Plant::LostWakeUp, Plant::RepeatedSeq];

    const fn slug(self) -> &'static str {
        match self {
            Plant::EarlyAnswer => "early-answer",
            Plant::LostWakeUp => "lost-wake-up",
            Plant::RepeatedSeq => "repeated-seq",
        }
    }
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
    posting: watch::Sender<Posting>,
    /// Posts that have begun and not ended.
    begun: AtomicUsize,
}

/// Whether more posts begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Posting {
    On,
    Paused,
    Over,
}

/// Kills a server so many times under load, with other mishaps in between, and checks what its clients saw.
///
/// # Errors
/// The promise that was broken.
///
/// # Panics
/// The server does not start, or does not answer in the end.
pub async fn run(kills: u32, plant: Option<Plant>) -> Result<Survived, Violation> {
    let planted = plant.map(|plant| ["--plant", plant.slug()]);
    let options = Options::with(planted.as_slice().as_flattened());
    let mut server = Server::start_with(options.without_file_limit_signal()).await;
    let user = server.user("alice").await;
    let clients = Arc::new(Clients {
        history: Arc::default(),
        posting: watch::Sender::new(Posting::On),
        begun: AtomicUsize::new(0),
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
            clients.check_wake_ups().await?;
        }
        if kill % OTHER_EVERY == 0 {
            let mishap = Mishap::OTHERS[others as usize % Mishap::OTHERS.len()];
            mishap.befall(&mut server).await;
            others += 1;
        }
        Mishap::Kill.befall(&mut server).await;
    }
    clients.until_acknowledged(MOST_BETWEEN).await;
    clients.posting.send_replace(Posting::Over);
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

    /// Lets the senders pause, and waits until the readers have everything.
    async fn check_wake_ups(&self) -> Result<(), Violation> {
        self.posting.send_replace(Posting::Paused);
        while self.begun.load(Ordering::Relaxed) > 0 {
            sleep(PAUSE).await;
        }
        self.until_delivered().await;
        self.history.lock().check_progress()?;
        self.posting.send_replace(Posting::On);
        Ok(())
    }

    /// Waits until every reader has what was acknowledged, or its time is over.
    async fn until_delivered(&self) {
        let begun = Instant::now();
        let due = self.history.lock().due();
        while self.history.lock().least_delivered() < due && begun.elapsed() < PATIENCE {
            sleep(PAUSE).await;
        }
    }
}

/// Posts one message after the other. What got no answer is tried again with its key.
async fn send(clients: Arc<Clients>, user: User, number: usize) {
    let http = client();
    let mut posting = clients.posting.subscribe();
    for post in 0.. {
        let may_go_on = posting
            .wait_for(|posting| *posting != Posting::Paused)
            .await;
        if may_go_on.is_ok_and(|posting| *posting == Posting::Over) {
            return;
        }
        clients.begun.fetch_add(1, Ordering::Relaxed);
        let key = format!("{number}-{post}");
        while let Err(()) = try_post(&clients, (&http, &user), &key).await {
            sleep(PAUSE).await;
        }
        clients.begun.fetch_sub(1, Ordering::Relaxed);
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
    fn note(&self, transport: Transport, seen: Seen) {
        self.history.lock().delivered[transport.index()].push(seen);
    }
}

/// All that is stored, read by short polls.
async fn stored(user: &User) -> Vec<Seen> {
    let mut source = Source::new(Transport::ShortPoll, &user.address, &user.cookie(), ROOM);
    let mut all: Vec<Seen> = Vec::new();
    loop {
        source.after = Some(all.last().map_or(0, |last| last.seq));
        let messages = match read_messages(&mut source).await {
            // Beyond a head that went back, where that is planted.
            Err(End::Refused(422)) => return all,
            messages => messages.expect("the server answers"),
        };
        if messages.is_empty() {
            return all;
        }
        all.extend(messages.into_iter().map(Seen::from));
    }
}
