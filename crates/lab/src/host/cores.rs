//! Which core is whose: the server's, and the generator's.

use std::thread;

use netlab::priority;

/// The cores of a run, where there are two to pin to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cores {
    pub server: Option<usize>,
    pub generator: Option<usize>,
}

impl Cores {
    /// The first two that this process may use, or none.
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

    /// Moves the calling thread, and what it starts later, to the generator's core.
    pub fn enter_generator(self) {
        if let Some(core) = self.generator {
            priority::pin(core);
        }
    }

    /// Does something on a thread that is on the server's core, as is what it starts.
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

    /// Both of them.
    pub fn all(self) -> Vec<usize> {
        self.server.into_iter().chain(self.generator).collect()
    }
}
