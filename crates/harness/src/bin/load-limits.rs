//! As many readers as the limit of open files allows: whether all are served, what they take, and what happens
//! when many leave and come back at once. `scripts/load-limits` builds and runs it.

use std::{
    cell::Cell,
    process::ExitCode,
    rc::Rc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use harness::{PinnedServer, Source};
use protocol::Transport;
use tokio::task::{JoinHandle, LocalSet};

/// Open files that are no readers, here and in the server.
const OTHER_FILES: u64 = 300;
/// How many leave and come back at once.
const LEAVING: usize = 10_000;
/// How long all may take to get a message.
const SOON: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_mins(1);
const TRANSPORTS: [Transport; 3] = [Transport::LongPoll, Transport::Sse, Transport::WebSocket];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(0);
    let readers = files.saturating_sub(OTHER_FILES).min(100_000) as usize;
    if readers < LEAVING + 1 {
        eprintln!("load-limits: the limit of open files is {files}: raise `ulimit -n`");
        return ExitCode::FAILURE;
    }
    match LocalSet::new().run_until(run(readers)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("load-limits: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Readers of all transports, in turn.
struct Crowd {
    server: PinnedServer,
    /// How many messages have been received by all together.
    received: Rc<Cell<usize>>,
    readers: Vec<JoinHandle<()>>,
}

async fn run(count: usize) -> Result<(), String> {
    let server = PinnedServer::start(&["--workers", "1", "--database", ":memory:"]);
    let mut crowd = Crowd {
        server,
        received: Rc::default(),
        readers: Vec::new(),
    };
    crowd.say("before");
    for place in 0..count {
        let reader = crowd.reader(place, 0).await;
        crowd.readers.push(reader);
    }
    crowd.until_open(count).await;
    crowd.say(&format!("{count} readers over three transports"));
    let took = crowd.until_all_have_a_message(count).await?;
    println!("  a message reached all within {} ms", took.as_millis());
    let is_late = took > SOON;

    let begun = Instant::now();
    for reader in crowd.readers.drain(..LEAVING) {
        reader.abort();
    }
    crowd.until_open(count - LEAVING).await;
    println!("  {LEAVING} left within {} ms", begun.elapsed().as_millis());
    crowd.until_all_have_a_message(count - LEAVING).await?;
    let begun = Instant::now();
    let before = crowd.received.get();
    let back = join_all((0..LEAVING).map(|place| crowd.reader(place, 1))).await;
    crowd.readers.extend(back);
    crowd.until_received(before + LEAVING).await?;
    println!(
        "  {LEAVING} came back at once, and had what they missed within {} ms",
        begun.elapsed().as_millis()
    );
    crowd.say("with all of them again");
    crowd.readers.drain(..).for_each(|reader| reader.abort());
    crowd.until_open(0).await;
    crowd.say("after all have left");
    match is_late {
        true => Err(format!(
            "all must have a message within {} ms",
            SOON.as_millis()
        )),
        false => Ok(()),
    }
}

impl Crowd {
    fn say(&self, when: &str) {
        let mib = self.server.pss_bytes() as f64 / f64::from(1 << 20);
        println!("{when}: {mib:.1} MiB of the server (PSS)");
    }

    /// Opens a reader after `cursor`; it reads until it is aborted.
    async fn reader(&self, place: usize, cursor: u64) -> JoinHandle<()> {
        let transport = TRANSPORTS[place % TRANSPORTS.len()];
        let (address, cookie) = (&self.server.address, &self.server.cookie);
        let mut source = Source::open(transport, address, cookie, cursor).await;
        let received = self.received.clone();
        tokio::task::spawn_local(async move {
            loop {
                let count = || received.set(received.get() + 1);
                source.next_messages(|_| count()).await;
            }
        })
    }

    /// Waits until so many readers are served.
    async fn until_open(&mut self, count: usize) {
        let open = |crowd: &mut Crowd| {
            let metric = |transport: Transport| {
                format!("pushlab_open_feeds{{transport=\"{}\"}}", transport.slug())
            };
            TRANSPORTS
                .map(|of| crowd.server.metric(&metric(of)))
                .iter()
                .sum::<f64>()
        };
        while open(self) != count as f64 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn until_all_have_a_message(&mut self, count: usize) -> Result<Duration, String> {
        let due = self.received.get() + count;
        let begun = Instant::now();
        self.server.post("to all of them");
        self.until_received(due).await?;
        Ok(begun.elapsed())
    }

    async fn until_received(&self, due: usize) -> Result<(), String> {
        let begun = Instant::now();
        while self.received.get() < due {
            if begun.elapsed() > PATIENCE {
                let missing = due - self.received.get();
                return Err(format!("{missing} readers did not get a message"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
}
