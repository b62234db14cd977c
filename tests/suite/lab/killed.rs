//! A lab that is killed leaves nothing behind.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    thread,
    time::Duration,
};

use tempfile::TempDir;

use super::running::lab;

/// The children that the main thread of a process has started and not yet waited for.
fn children(process: u32) -> Vec<String> {
    let listed = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let listed = listed.unwrap_or_default();
    listed.split_whitespace().map(str::to_owned).collect()
}

/// A zombie that nobody waits for has ended too.
fn is_running(process: &str) -> bool {
    let stat =
        fs::read_to_string(Path::new("/proc").join(process).join("stat")).unwrap_or_default();
    stat.rsplit(") ")
        .next()
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

#[test]
fn a_killed_lab_leaves_no_server_behind() {
    let folder = TempDir::new().unwrap();
    let mut command = lab(folder.path(), &["smoke", "--out", "here"]);
    let mut child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // The first line follows the first trial.
    let stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.lines().next().unwrap().unwrap();
    let servers = loop {
        let servers = children(child.id());
        if !servers.is_empty() {
            break servers;
        }
        thread::sleep(Duration::from_millis(5));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    while servers.iter().any(|server| is_running(server)) {
        thread::sleep(Duration::from_millis(5));
    }
}
