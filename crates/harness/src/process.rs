//! The binary under test, and how it is started.

use std::{path::PathBuf, process::Command};

use lab::Process;

/// The pushlab binary that cargo has built beside this one.
pub fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let name = format!("pushlab{}", std::env::consts::EXE_SUFFIX);
    let beside = own.ancestors().map(|folder| folder.join(&name));
    let found = beside.skip(1).find(|path| path.is_file());
    found.expect("`cargo build` makes it: target/debug/pushlab, or target/release/pushlab")
}

/// Starts a server; panics if it does not start.
pub fn start(command: &mut Command) -> Process {
    Process::start(command, "warn").unwrap_or_else(|error| panic!("{error}"))
}
