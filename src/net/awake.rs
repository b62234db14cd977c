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
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::priority::{self, Priority};

/// Keeps processors awake until it is dropped.
pub struct Awake {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Duration>>,
}

impl Awake {
    /// Keeps each of these cores awake, where the platform lets a thread give way to all others;
    /// elsewhere it does nothing.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn keep(cores: &[usize]) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = cores.iter().map(|core| {
            let (core, stop) = (*core, stop.clone());
            let idle = thread::Builder::new().name(format!("awake {core}"));
            idle.spawn(move || {
                if priority::pin(core) && priority::set(Priority::Idle) {
                    pass_time(&stop);
                }
                priority::thread_time().unwrap_or_default()
            })
        });
        Ok(Awake {
            threads: threads.collect::<io::Result<_>>()?,
            stop,
        })
    }

    /// Stops; the processor time that it took, all of it idle.
    pub fn stop(mut self) -> Duration {
        self.end()
    }

    fn end(&mut self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.threads.drain(..).map(JoinHandle::join);
        ended.filter_map(Result::ok).sum()
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.end();
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
