//! The emulated link produces the configured delay.

use std::{
    fs,
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

/// The largest error of the median.
const ACCURACY: Duration = Duration::from_micros(200);
/// Other load on the machine can spoil a measurement. If this many fail, the link is at fault, unless
/// other processes used more than `BUSY` of a core meanwhile.
const TRIES: usize = 20;
const BUSY: f64 = 0.25;

/// The delay of each message, up and down.
#[derive(Default)]
struct Delays {
    up: Mutex<Vec<Duration>>,
    down: Mutex<Vec<Duration>>,
}

/// Both ends of a link in one process, so that one clock measures both ends of a delay.
struct TestBench {
    link: Link,
    start: Instant,
    delays: Arc<Delays>,
}

impl TestBench {
    async fn open(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let settings = DirectionSettings {
            delay,
            ..DirectionSettings::default()
        };
        let link = Link::open(
            "127.0.0.1:0".parse().unwrap(),
            server,
            LinkSettings::symmetric(settings),
        )
        .unwrap();
        let bench = TestBench {
            link,
            start: Instant::now(),
            delays: Arc::default(),
        };
        let (start, delays) = (bench.start, bench.delays.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, start, delays.clone()));
            }
        });
        bench
    }

    /// Sends `rounds` messages on each connection. The connections start one after another.
    async fn measure(&self, connections: usize, rounds: usize) {
        let mut streams = Vec::new();
        for _ in 0..connections {
            let mut stream = TcpStream::connect(self.link.address()).await.unwrap();
            stream.set_nodelay(true).unwrap();
            // The first byte is delayed by the handshake, which is not measured here.
            stream.write_all(&0u64.to_be_bytes()).await.unwrap();
            streams.push(stream);
        }
        let mut clients = JoinSet::new();
        for (place, stream) in streams.into_iter().enumerate() {
            let wait = Duration::from_millis(1) * place as u32;
            clients.spawn(run_client(
                stream,
                rounds,
                wait,
                self.start,
                self.delays.clone(),
            ));
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

/// The server end: records the delay of each message, and replies with its own clock reading.
async fn serve(mut stream: TcpStream, start: Instant, delays: Arc<Delays>) {
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

async fn run_client(
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

/// What the kernel counts processor time in, for all platforms that Linux runs on today.
const TICKS_PER_S: f64 = 100.0;

/// The processor time of all other processes so far; `None` where there is no /proc.
fn ticks_of_others() -> Option<u64> {
    let number = |field: &str| field.parse::<u64>().ok();
    let machine = fs::read_to_string("/proc/stat").ok()?;
    let fields = machine.lines().next()?.split_whitespace().skip(1);
    // user, nice, system, idle, iowait, irq, softirq, steal
    let used = fields.take(8).enumerate();
    let used = used.filter(|(place, _)| !matches!(place, 3 | 4));
    let used: u64 = used.filter_map(|(_, field)| number(field)).sum();
    let own = fs::read_to_string("/proc/self/stat").ok()?;
    // The process's name, in parentheses, may contain spaces; 11 fields behind it are utime, stime.
    let own = own.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
    Some(used.saturating_sub(own.filter_map(number).sum()))
}

async fn check_delay(milliseconds: u64, connections: usize, rounds: usize) {
    let configured = Duration::from_millis(milliseconds);
    let _awake = Awake::keep(&priority::cores()).unwrap();
    let mut medians_seen = Vec::new();
    let (began, others_before) = (Instant::now(), ticks_of_others());
    for _ in 0..TRIES {
        let bench = TestBench::open(configured).await;
        bench.measure(connections, rounds).await;
        let (up, down) = bench.medians();
        for way in [Direction::Up, Direction::Down] {
            let reported = bench.link.statistics(way).mean_delay().unwrap();
            assert!(
                reported >= configured,
                "the reported delay is never too short: {reported:?}"
            );
        }
        assert!(up >= configured && down >= configured, "{up:?} {down:?}");
        if up <= configured + ACCURACY && down <= configured + ACCURACY {
            return;
        }
        medians_seen.push((up, down));
    }
    let others = ticks_of_others().zip(others_before);
    let others = others.map(|(now, before)| now.saturating_sub(before) as f64 / TICKS_PER_S);
    let share = others.map(|seconds| seconds / began.elapsed().as_secs_f64());
    assert!(
        share.is_some_and(|share| share > BUSY),
        "{configured:?} over {connections} connections: {medians_seen:?}"
    );
    eprintln!("other processes kept the processors busy: the link's accuracy was not checked");
}

#[tokio::test]
async fn one_connection_has_the_configured_delay() {
    for (milliseconds, rounds) in [(1, 200), (10, 40), (40, 15), (100, 9)] {
        check_delay(milliseconds, 1, rounds).await;
    }
}

#[tokio::test]
async fn a_thousand_connections_have_the_configured_delay() {
    for milliseconds in [1, 10, 40, 100] {
        check_delay(milliseconds, 1000, 1).await;
    }
}
