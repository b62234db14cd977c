//! The cores of the server and of the generator.

use std::thread;

use netlab::priority;

/// The cores of a run; `None` where there are fewer than two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cores {
    pub server: Option<usize>,
    pub generator: Option<usize>,
}

impl Cores {
    /// The first two cores that this process may use; `None` if there are fewer.
    pub fn choose() -> Self {
        match priority::cores()[..] {
            [server, generator, ..] => Cores {
                server: Some(server),
                generator: Some(generator),
            },
            _ => Cores {
                server: None,
                generator: None,
            },
        }
    }

    /// Pins the calling thread, and all that it starts later, to the generator's core.
    pub fn enter_generator(self) {
        if let Some(core) = self.generator {
            priority::pin(core);
        }
    }

    /// Runs `work` on a thread that is pinned to the server's core, and with it all that it starts.
    pub fn on_server<T: Send>(self, work: impl FnOnce() -> T + Send) -> T {
        thread::scope(|scope| {
            let thread = scope.spawn(|| {
                if let Some(core) = self.server {
                    priority::pin(core);
                }
                work()
            });
            thread.join().expect("the work does not panic")
        })
    }

    /// Both cores, where they are known.
    pub fn all(self) -> Vec<usize> {
        self.server.into_iter().chain(self.generator).collect()
    }
}
