//! Standard output, whose reader may stop reading: `pushlab lab --list | head -1`.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Stdout, Write},
};

/// Standard output that discards everything after its reader has gone. The command continues with
/// its own exit code; otherwise SIGPIPE would end it in the middle of a measurement.
pub struct Output {
    stdout: Stdout,
    has_reader: bool,
}

impl Output {
    pub fn new() -> Self {
        Output {
            stdout: io::stdout(),
            has_reader: true,
        }
    }

    fn or_discarded<T>(&mut self, done: io::Result<T>, discarded: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.has_reader = false;
                Ok(discarded)
            }
            done => done,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.has_reader {
            return Ok(bytes.len());
        }
        let written = self.stdout.write(bytes);
        self.or_discarded(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.has_reader {
            return Ok(());
        }
        let flushed = self.stdout.flush();
        self.or_discarded(flushed, ())
    }
}

/// Prints a line on standard output.
///
/// # Errors
/// The line could not be written although there is a reader.
pub fn print_line(line: &impl Display) -> Result<(), String> {
    let mut out = Output::new();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}
