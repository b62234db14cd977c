//! A server as a process, gone when dropped.

use std::{
    io::{BufRead, BufReader, Lines},
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

impl Process {
    /// Starts a server, and waits until it is ready. Logs of `level` and above go to standard error.
    ///
    /// # Errors
    /// A sentence: it could not be started, or did not say where it is.
    pub fn start(command: &mut Command, level: &str) -> Result<Self, String> {
        let mut child = command
            .env("RUST_LOG", level)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the server could not be started: {error}"))?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        let mut process = Process {
            child,
            address: String::new(),
            stdout: BufReader::new(stdout).lines(),
        };
        process.address = process.told("listening on http://")?;
        Ok(process)
    }

    /// The rest of the next line that it prints, which begins like this.
    ///
    /// # Errors
    /// A sentence: it said something else, or nothing.
    pub fn told(&mut self, begins: &str) -> Result<String, String> {
        let line = self.stdout.next().transpose();
        let line = line.map_err(|error| error.to_string())?.unwrap_or_default();
        line.strip_prefix(begins)
            .map(str::to_owned)
            .ok_or_else(|| format!("the server did not say where it is: {line:?}"))
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
