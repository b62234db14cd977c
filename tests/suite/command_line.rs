//! The command line: what is accepted, what is refused and in which words.

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
fn a_bad_value_names_itself_and_what_is_accepted() {
    for (arguments, said) in [
        (["--bcrypt-cost", "99"], ["99", "4..=31"]),
        (["--bind", "here"], ["here", "ADDRESS:PORT"]),
        (["--workers", "0"], ["0", "1..=256"]),
        (["--keep-alive", "soon"], ["soon", "--keep-alive"]),
        (["--sync", "half"], ["half", "full, normal"]),
        (["--database", "mysql://x"], ["mysql://x", "SQLite"]),
        (["--link", "fast"], ["fast", "--link"]),
    ] {
        let told = refused(&[&["serve"], &arguments[..]].concat());
        for word in said {
            assert!(told.contains(word), "{arguments:?}: {told}");
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
async fn a_port_that_is_taken_is_refused_with_a_remedy() {
    let server = Server::start().await;
    let told = refused(&["serve", "--database", ":memory:", "--bind", &server.address]);
    assert!(
        told.contains(&server.address) && told.contains("--bind"),
        "{told}"
    );
}

#[test]
fn a_database_that_does_not_open_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-a-database.db");
    std::fs::write(
        &file,
        "this is not SQLite, however long it may be".repeat(100),
    )
    .unwrap();
    let name = file.to_str().unwrap();
    let told = refused(&["serve", "--bind", "127.0.0.1:0", "--database", name]);
    assert!(told.contains(name), "{told}");
}
