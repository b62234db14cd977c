//! The command line: what is accepted, what is refused and with which messages.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use harness::Server;

fn pushlab(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command
        .args(arguments)
        .env_remove("DATABASE_URL")
        .env_remove("PORT");
    command.output().unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = pushlab(arguments);
    assert_ne!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_invalid_value_is_named_with_what_is_accepted() {
    for (arguments, expected) in [
        (["--bcrypt-cost", "99"], ["99", "4..=31"]),
        (["--bind", "here"], ["here", "ADDRESS:PORT"]),
        (["--workers", "0"], ["0", "1..=256"]),
        (["--keep-alive", "soon"], ["soon", "--keep-alive"]),
        (["--sync", "half"], ["half", "full, normal"]),
        (["--database", "mysql://x"], ["mysql://x", "postgres://"]),
        (["--link", "fast"], ["fast", "--link"]),
    ] {
        let message = refused(&[&["serve"], &arguments[..]].concat());
        for word in expected {
            assert!(message.contains(word), "{arguments:?}: {message}");
        }
    }
}

/// They may come from the environment, and what is told goes to a log.
#[test]
fn a_secret_that_is_refused_is_not_told() {
    for (variable, value) in [
        ("DATABASE_URL", "postgres://me:s3cret@db.example:port/chat"),
        (
            "DATABASE_URL",
            "postgres://me:s3cret@db.example/chat?sslmode=maybe",
        ),
        ("DATABASE_URL", "mysql://me:s3cret@db.example/chat"),
        ("PUSHLAB_KEY", "s3cret"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
        for arguments in [&["serve"][..], &[]] {
            command.args(arguments).env(variable, value);
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(2));
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(!told.contains("s3cret") && told.contains("…"), "{told}");
        }
    }
}

#[test]
fn help_names_the_environment_variable_of_every_flag() {
    let help = String::from_utf8(pushlab(&["serve", "--help"]).stdout).unwrap();
    let flags = help
        .lines()
        .filter(|line| line.trim_start().starts_with("--"));
    let flags: Vec<_> = flags.filter(|line| !line.contains("--help")).collect();
    assert!(flags.len() >= 12, "{help}");
    assert_eq!(help.matches("[env: ").count(), flags.len(), "{help}");
}

#[tokio::test]
async fn a_port_in_use_is_refused_with_a_remedy() {
    let server = Server::start().await;
    let message = refused(&["serve", "--database", ":memory:", "--bind", &server.address]);
    assert!(
        message.contains(&server.address) && message.contains("--bind"),
        "{message}"
    );
}

#[test]
fn a_database_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-a-database.db");
    fs::write(
        &file,
        "this is not SQLite, however long it may be".repeat(100),
    )
    .unwrap();
    let name = file.to_str().unwrap();
    let message = refused(&["serve", "--bind", "127.0.0.1:0", "--database", name]);
    assert!(message.contains(name), "{message}");
}

/// The codes of a campaign are tried where one is measured, in `lab/`.
#[test]
fn exit_codes_are_as_documented() {
    let help = String::from_utf8(pushlab(&["--help"]).stdout).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/API.md");
    let document = fs::read_to_string(path).unwrap();
    let section = document.split("### Exit codes").nth(1).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    let codes: Vec<i32> = rows
        .filter_map(|row| row.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(codes, [0, 1, 2, 3, 4, 130]);
    let listed = help.split("Exit codes: ").nth(1).unwrap();
    for code in &codes[..5] {
        let mut meanings = listed.split("; ");
        let start = format!("{code}, ");
        assert!(
            meanings.any(|one| one.starts_with(&start)),
            "{code}: {help}"
        );
    }
    for (arguments, code) in [
        (&["lab", "--list"][..], 0),
        (&["report", "no-such-folder"], 1),
        (&["lab", "--no-such-flag"], 2),
    ] {
        assert_eq!(
            pushlab(arguments).status.code(),
            Some(code),
            "{arguments:?}"
        );
    }
}

/// The log of a server up to and with the line that has this text.
fn log_until(arguments: &[&str], last: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command
        .args(["serve", "--database", ":memory:"])
        .args(arguments)
        .env("RUST_LOG", "info")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut log = String::new();
    for line in lines {
        log.push_str(&line.unwrap());
        log.push('\n');
        if log.contains(last) {
            break;
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    log
}

#[test]
fn guests_from_the_network_are_told_of_at_the_start_with_the_address_for_them() {
    let guests = ["--guests", "on", "--guests-per-address", "77"];
    let on_network = [&["--bind", "0.0.0.0:0"][..], &guests].concat();
    let log = log_until(&on_network, "starting service");
    for word in [
        "WARN",
        "read and write in all",
        "77 guests an hour",
        "stop the server",
    ] {
        assert!(log.contains(word), "{word}: {log}");
    }
    let class = log.lines().find(|line| line.contains("for a class"));
    let class = class.unwrap_or_else(|| panic!("{log}"));
    assert!(
        class.contains("/race") && class.contains("/class"),
        "{class}"
    );
    assert!(
        !class.contains("0.0.0.0") && !class.contains(":0/"),
        "{class}"
    );
    let on_loopback = [&["--bind", "127.0.0.1:0"][..], &guests].concat();
    let others = ["--bind", "0.0.0.0:0"];
    for arguments in [&on_loopback[..], &others] {
        let log = log_until(arguments, "starting service");
        assert!(!log.contains("guests"), "{log}");
    }
}
