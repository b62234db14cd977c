//! A server as a process, gone when dropped.

use std::{
    io::{BufRead, BufReader, Lines},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

/// A server that runs.
pub struct Process {
    pub child: Child,
    /// `127.0.0.1:40123`.
    pub address: String,
    /// Nobody reads what it says later, but a closed pipe could end it.
    stdout: Lines<BufReader<ChildStdout>>,
}

/// The binary that cargo has built beside this one.
pub fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let name = format!("pushlab{}", std::env::consts::EXE_SUFFIX);
    let beside = own.ancestors().map(|folder| folder.join(&name));
    let found = beside.skip(1).find(|path| path.is_file());
    found.expect("`cargo build` makes it: target/debug/pushlab, or target/release/pushlab")
}

impl Process {
    /// Starts a server, and waits until it is ready.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the server does not start: {error}"));
        let stdout = child.stdout.take().expect("piped");
        let mut process = Process {
            child,
            address: String::new(),
            stdout: BufReader::new(stdout).lines(),
        };
        process.address = process.told("listening on http://");
        process
    }

    /// The rest of the next line that it prints, which begins like this.
    pub fn told(&mut self, begins: &str) -> String {
        let line = self.stdout.next().expect("the server says where it is");
        let line = line.expect("UTF-8");
        let rest = line.strip_prefix(begins);
        rest.unwrap_or_else(|| panic!("{line:?} does not begin with {begins:?}"))
            .to_owned()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; nothing of it is kept.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
