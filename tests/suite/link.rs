//! The emulated link gives the delay that it was asked for.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use netlab::{Awake, Direction, DirectionSettings, Link, LinkSettings, priority};
use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// What the median may be off.
const ACCURACY: Duration = Duration::from_micros(200);
/// Other work on the machine spoils a measurement; so many may be spoilt before it is the link.
const TRIES: usize = 20;

/// How long each message was on its way, up and down.
#[derive(Default)]
struct Delays {
    up: Mutex<Vec<Duration>>,
    down: Mutex<Vec<Duration>>,
}

/// Both ends of a link in one process, so that one clock tells when a byte left and when it came.
struct Bench {
    link: Link,
    start: Instant,
    delays: Arc<Delays>,
}

impl Bench {
    async fn open(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let route = DirectionSettings {
            delay,
            ..DirectionSettings::default()
        };
        let link = Link::open(
            "127.0.0.1:0".parse().unwrap(),
            server,
            LinkSettings::symmetric(route),
        )
        .unwrap();
        let bench = Bench {
            link,
            start: Instant::now(),
            delays: Arc::default(),
        };
        let (start, delays) = (bench.start, bench.delays.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, start, delays.clone()));
            }
        });
        bench
    }

    /// Sends on each of so many connections, one after the other and then all over again.
    async fn measure(&self, connections: usize, rounds: usize) {
        let mut streams = Vec::new();
        for _ in 0..connections {
            let mut stream = TcpStream::connect(self.link.address()).await.unwrap();
            stream.set_nodelay(true).unwrap();
            // The first byte pays for the handshake, which is not what is measured here.
            stream.write_all(&0u64.to_be_bytes()).await.unwrap();
            streams.push(stream);
        }
        let mut clients = JoinSet::new();
        for (place, stream) in streams.into_iter().enumerate() {
            let wait = Duration::from_millis(1) * place as u32;
            clients.spawn(ask(stream, rounds, wait, self.start, self.delays.clone()));
        }
        clients.join_all().await;
    }

    fn medians(&self) -> (Duration, Duration) {
        (median(&self.delays.up), median(&self.delays.down))
    }
}

fn median(delays: &Mutex<Vec<Duration>>) -> Duration {
    let mut delays = std::mem::take(&mut *delays.lock());
    delays.sort_unstable();
    delays[delays.len() / 2]
}

async fn read_instant(stream: &mut TcpStream) -> Option<u64> {
    let mut bytes = [0; 8];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(u64::from_be_bytes(bytes))
}

fn now(start: Instant) -> u64 {
    start.elapsed().as_nanos() as u64
}

/// The far end: notes how old each message is, and answers with its own clock.
async fn answer(mut stream: TcpStream, start: Instant, delays: Arc<Delays>) {
    stream.set_nodelay(true).unwrap();
    while let Some(sent) = read_instant(&mut stream).await {
        let age = now(start) - sent;
        if sent > 0 {
            delays.up.lock().push(Duration::from_nanos(age));
        }
        let reply = now(start).to_be_bytes();
        stream.write_all(&reply).await.unwrap();
    }
}

async fn ask(
    mut stream: TcpStream,
    rounds: usize,
    wait: Duration,
    start: Instant,
    delays: Arc<Delays>,
) {
    read_instant(&mut stream).await.unwrap();
    tokio::time::sleep(wait).await;
    for _ in 0..rounds {
        stream.write_all(&now(start).to_be_bytes()).await.unwrap();
        let sent = read_instant(&mut stream).await.unwrap();
        let age = now(start) - sent;
        delays.down.lock().push(Duration::from_nanos(age));
    }
}

async fn gives(milliseconds: u64, connections: usize, rounds: usize) {
    let asked = Duration::from_millis(milliseconds);
    let _awake = Awake::keep(&priority::cores()).unwrap();
    let mut seen = Vec::new();
    for _ in 0..TRIES {
        let bench = Bench::open(asked).await;
        bench.measure(connections, rounds).await;
        let (up, down) = bench.medians();
        for way in [Direction::Up, Direction::Down] {
            let told = bench.link.statistics(way).mean_delay().unwrap();
            assert!(told >= asked, "never early, and it says so: {told:?}");
        }
        assert!(up >= asked && down >= asked, "{up:?} {down:?}");
        if up <= asked + ACCURACY && down <= asked + ACCURACY {
            return;
        }
        seen.push((up, down));
    }
    panic!("{asked:?} over {connections} connections: {seen:?}");
}

#[tokio::test]
async fn one_connection_is_given_what_was_asked() {
    for (milliseconds, rounds) in [(1, 200), (10, 40), (40, 15), (100, 9)] {
        gives(milliseconds, 1, rounds).await;
    }
}

#[tokio::test]
async fn so_are_a_thousand() {
    for milliseconds in [1, 10, 40, 100] {
        gives(milliseconds, 1000, 1).await;
    }
}
