//! The log, which strangers must not fill and which nobody has to read.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use harness::server::client;

/// A server whose standard error is a pipe.
fn start(arguments: &[&str]) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command
        .args(["serve", "--bind", "127.0.0.1:0", "--database", ":memory:"])
        .args(arguments)
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    (child, address)
}

/// Sends requests with a cookie that nobody signed.
async fn flood(address: &str, requests: usize) {
    let http = client();
    for _ in 0..requests {
        let request = http.get(format!("http://{address}/api/rooms"));
        let request = request.header("cookie", "pushlab=forged; x=\"");
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
}

fn stop(child: &mut Child) {
    let sent = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn bad_cookies_are_a_line_a_second_at_most() {
    let (mut child, address) = start(&["--log-format", "json"]);
    let began = std::time::Instant::now();
    flood(&address, 500).await;
    let seconds = began.elapsed().as_secs() as usize;
    stop(&mut child);
    let mut log = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    let lines = log.lines().count();
    assert!(lines <= seconds + 6, "{lines} lines in {seconds} s: {log}");
    for line in log.lines() {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
    }
}

/// Standard error is a pipe of 64 KiB that nobody reads, and every request is logged.
#[tokio::test]
async fn nobody_has_to_read_the_log() {
    let (mut child, address) = start(&["--log-format", "text"]);
    flood(&address, 2_000).await;
    stop(&mut child);
}
