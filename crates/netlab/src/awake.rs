//! Keeps processors awake while something is measured.
//!
//! A processor with nothing to do halts, and takes its time to wake: on a virtual machine a tenth
//! of a millisecond and more, as much as a message takes over the loopback. A thread that computes
//! nothing, and gives way to everything else, keeps it from halting. Its time is idle time.

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

/// Keeps processors awake until it is dropped.
pub struct Awake {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    numbers: Vec<u32>,
}

impl Awake {
    /// Keeps each of these cores awake, where the platform lets a thread give way to all others;
    /// elsewhere it does nothing.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn keep(cores: &[usize]) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (tell, numbers) = mpsc::channel();
        let mut threads = Vec::new();
        for core in cores.iter().copied() {
            let (stop, tell) = (stop.clone(), tell.clone());
            let named = thread::Builder::new().name(format!("awake {core}"));
            threads.push(named.spawn(move || {
                let may = priority::pin(core) && priority::set(Priority::Idle);
                // Nobody listens when another thread could not be started.
                let _ = tell.send(priority::own_number().filter(|_| may));
                drop(tell);
                if may {
                    pass_time(&stop);
                }
            })?);
        }
        drop(tell);
        Ok(Awake {
            numbers: numbers.iter().flatten().collect(),
            threads,
            stop,
        })
    }

    /// The processor time that it has taken, all of it idle.
    pub fn time(&self) -> Duration {
        let times = self.numbers.iter().copied().filter_map(priority::time_of);
        times.sum()
    }

    /// Whether it does anything here.
    pub fn works(&self) -> bool {
        !self.numbers.is_empty()
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // It computes nothing that could be wrong.
            let _ = thread.join();
        }
    }
}

fn pass_time(stop: &AtomicBool) {
    let mut turns = 0u64;
    while !stop.load(Ordering::Relaxed) {
        for _ in 0..1_000 {
            turns = black_box(turns.wrapping_add(1));
        }
    }
}
