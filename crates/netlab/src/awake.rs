//! Keeps processors from going idle during a measurement.
//!
//! A processor with nothing to do halts, and takes time to wake: on a virtual machine 0.1 ms and
//! more, as long as a message takes over the loopback interface. A busy loop in a thread of the
//! lowest priority keeps the processor from halting. The time that the loop uses counts as idle.

use std::{
    hint::black_box,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::priority::{self, Priority};

/// Keeps processors from going idle until it is dropped.
pub struct Awake {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    loops: Vec<BusyLoop>,
}

/// The core that a busy loop keeps awake, and the system's id of its thread.
#[derive(Clone, Copy)]
struct BusyLoop {
    core: usize,
    thread: u32,
}

impl Awake {
    /// Starts a busy loop on each of these cores, if the platform has a priority below all others;
    /// elsewhere it does nothing.
    ///
    /// # Errors
    /// A thread could not be started.
    pub fn keep(cores: &[usize]) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, running) = mpsc::channel();
        let mut threads = Vec::new();
        for core in cores.iter().copied() {
            let (stop, sender) = (stop.clone(), sender.clone());
            let named = thread::Builder::new().name(format!("awake {core}"));
            threads.push(named.spawn(move || {
                let is_idle_priority = priority::pin(core) && priority::set(Priority::Idle);
                // The send fails if `keep` has returned because a later thread could not be
                // started.
                let thread = priority::current_thread_id().filter(|_| is_idle_priority);
                let _ = sender.send(thread.map(|thread| BusyLoop { core, thread }));
                drop(sender);
                if is_idle_priority {
                    spin(&stop);
                }
            })?);
        }
        drop(sender);
        Ok(Awake {
            loops: running.iter().flatten().collect(),
            threads,
            stop,
        })
    }

    /// The processor time that the busy loops have used. It counts as idle time.
    pub fn time(&self) -> Duration {
        let threads = self.loops.iter().map(|one| one.thread);
        threads.filter_map(priority::cpu_time).sum()
    }

    /// The processor time that the busy loop of this core has used; `None` if it has none.
    pub fn time_on(&self, core: usize) -> Option<Duration> {
        let on_it = self.loops.iter().find(|one| one.core == core)?;
        priority::cpu_time(on_it.thread)
    }

    /// The threads of the busy loops.
    pub fn threads(&self) -> impl Iterator<Item = u32> {
        self.loops.iter().map(|one| one.thread)
    }

    /// Whether any busy loop is running.
    pub fn works(&self) -> bool {
        !self.loops.is_empty()
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // The loop has no result.
            let _ = thread.join();
        }
    }
}

fn spin(stop: &AtomicBool) {
    let mut turns = 0u64;
    while !stop.load(Ordering::Relaxed) {
        for _ in 0..1_000 {
            turns = black_box(turns.wrapping_add(1));
        }
    }
}
