//! A server process, which is ended when dropped.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
};

/// A running server.
pub struct Process {
    pub child: Child,
    /// `127.0.0.1:40123`.
    pub address: String,
    /// Kept open, because writing to a closed pipe could end the server.
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts a server, and waits until it listens. Its logs of `level` and above go to standard
    /// error.
    ///
    /// # Errors
    /// A sentence: it could not be started, or did not print its address.
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
        process.address = process.next_line_after("listening on http://")?;
        Ok(process)
    }

    /// Reads the next line of its output, and returns the rest after `prefix`.
    ///
    /// # Errors
    /// A sentence: the line begins differently, or there is none.
    pub fn next_line_after(&mut self, prefix: &str) -> Result<String, String> {
        let line = self.stdout.next().transpose();
        let line = line.map_err(|error| error.to_string())?.unwrap_or_default();
        line.strip_prefix(prefix)
            .map(str::to_owned)
            .ok_or_else(|| format!("the server did not print its address, but {line:?}"))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
