//! The command line: what is accepted, what is refused and with which messages.

use std::process::{Command, Output};

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
        (["--database", "mysql://x"], ["mysql://x", "SQLite"]),
        (["--link", "fast"], ["fast", "--link"]),
    ] {
        let message = refused(&[&["serve"], &arguments[..]].concat());
        for word in expected {
            assert!(message.contains(word), "{arguments:?}: {message}");
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
    std::fs::write(
        &file,
        "this is not SQLite, however long it may be".repeat(100),
    )
    .unwrap();
    let name = file.to_str().unwrap();
    let message = refused(&["serve", "--bind", "127.0.0.1:0", "--database", name]);
    assert!(message.contains(name), "{message}");
}
