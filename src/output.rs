//! Standard output, which may go to somebody who stops reading: `pushlab lab --list | head -1`.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Stdout, Write},
};

/// What is written after the reader has gone goes nowhere: the command goes on, and its exit code
/// is its own. A signal would end it in the middle of a measurement.
pub struct Output {
    stdout: Stdout,
    is_read: bool,
}

impl Output {
    pub fn new() -> Self {
        Output {
            stdout: io::stdout(),
            is_read: true,
        }
    }

    fn unless_gone<T>(&mut self, done: io::Result<T>, gone: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(gone)
            }
            done => done,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_read {
            return Ok(bytes.len());
        }
        let written = self.stdout.write(bytes);
        self.unless_gone(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.is_read {
            return Ok(());
        }
        let flushed = self.stdout.flush();
        self.unless_gone(flushed, ())
    }
}

/// A line on standard output.
///
/// # Errors
/// A sentence, where it could not be written although somebody reads.
pub fn told(line: &impl Display) -> Result<(), String> {
    let mut out = Output::new();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}
