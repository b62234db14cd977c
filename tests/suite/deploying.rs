//! The files with which the server is deployed. Nothing here runs containers: what they name is held to what there is.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use harness::{Options, Server, binary};

const FILES: [&str; 8] = [
    "Procfile",
    "Dockerfile",
    ".dockerignore",
    "compose.yaml",
    "deploy/nginx.conf",
    "deploy/pushlab.service",
    "docs/DEPLOY.md",
    "scripts/nginx.conf",
];

fn read(file: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(binary())
        .args(arguments)
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words of a text that begin so, and go on with these characters.
fn words<'a>(text: &'a str, begin: &str, is_part: impl Fn(char) -> bool) -> BTreeSet<&'a str> {
    let found = text.match_indices(begin).map(|(start, _)| {
        let rest = &text[start + begin.len()..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        &text[start..start + begin.len() + end]
    });
    found.collect()
}

fn is_of_flag(c: char) -> bool {
    c.is_ascii_lowercase() || c == '-'
}

#[test]
fn what_the_image_copies_is_there_and_is_sent_to_the_builder() {
    let (docker, ignored) = (read("Dockerfile"), read(".dockerignore"));
    let copies = docker.lines().filter_map(|line| line.strip_prefix("COPY "));
    let own = copies.filter(|line| !line.starts_with("--from"));
    let mut sources = 0;
    for line in own {
        let paths: Vec<_> = line.split_whitespace().collect();
        for source in &paths[..paths.len() - 1] {
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(source).exists(),
                "{source}"
            );
            assert!(
                ignored.contains(&format!("!{source}\n")),
                "{source} is ignored"
            );
            sources += 1;
        }
    }
    assert!(sources > 8);
    // What is compiled into the binary from outside of the crates.
    for needed in [
        "static",
        "bundle",
        "migrations",
        "scenarios",
        "docs/openapi.yaml",
        "docs/TEACHING.md",
        "docs/GLOSSARY.md",
        "docs/MEASUREMENT.md",
        "reports/WORKSHEET.md",
    ] {
        assert!(
            docker.contains(&format!("COPY {needed} {needed}\n")),
            "{needed}"
        );
    }
    assert!(docker.contains(":nonroot") && docker.contains("HEALTHCHECK"));
}

#[test]
fn every_variable_and_flag_is_one_of_the_server() {
    let serve = help(&["serve"]);
    let all: String = ["serve", "epoch", "migrate", "health", "check"]
        .map(|command| help(&[command]))
        .concat();
    let mut variables = 0;
    for file in FILES {
        let text = read(file);
        for variable in words(&text, "PUSHLAB_", |c| c.is_ascii_uppercase() || c == '_') {
            assert!(
                serve.contains(&format!("[env: {variable}")),
                "{file}: {variable}"
            );
            variables += 1;
        }
        for line in text
            .lines()
            .filter(|line| line.contains("pushlab serve --"))
        {
            for flag in words(line, "--", is_of_flag) {
                assert!(serve.contains(flag), "{file}: {flag}");
            }
        }
    }
    assert!(variables > 5);
    for flag in words(&read("docs/DEPLOY.md"), "`--", is_of_flag) {
        assert!(all.contains(&flag[1..]), "docs/DEPLOY.md: {flag}");
    }
    assert!(serve.contains("PORT") && serve.contains("[env: DATABASE_URL]"));
}

/// Metrics that the alerts name.
#[tokio::test]
async fn every_metric_is_one_of_the_server() {
    let server = Server::start().await;
    let metrics = server.get("/metrics").await.text().await.unwrap();
    let text = read("docs/DEPLOY.md");
    let named = words(&text, "pushlab_", |c| c.is_ascii_lowercase() || c == '_');
    assert!(named.len() > 3);
    for name in named {
        let name = name.trim_end_matches("_bucket");
        assert!(metrics.contains(&format!("# TYPE {name} ")), "{name}");
    }
}

#[test]
fn the_unit_is_one_that_systemd_accepts() {
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("pushlab.service");
    let here = binary().display().to_string();
    fs::write(
        &unit,
        read("deploy/pushlab.service").replace("/usr/local/bin/pushlab", &here),
    )
    .unwrap();
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(&unit)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&verified.stderr);
    let of_unit: Vec<_> = told
        .lines()
        .filter(|line| line.contains("pushlab.service"))
        .collect();
    assert!(verified.status.success() && of_unit.is_empty(), "{told}");
}

/// What the healthcheck of the image asks.
#[tokio::test]
async fn health_says_whether_a_server_is_ready() {
    let server = Server::start().await;
    let ask = |address: &str| {
        let output = Command::new(binary())
            .args(["health", "--address", address])
            .output();
        let output = output.unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(told).unwrap())
    };
    assert_eq!(ask(&server.address), (Some(0), "ready\n".into()));
    let (code, told) = ask("127.0.0.1:1");
    assert_eq!(code, Some(1));
    assert!(told.contains("127.0.0.1:1 does not answer"), "{told}");
}

/// Of several servers with one secret, each accepts the others' sessions; without it, none does.
#[tokio::test]
async fn a_key_of_the_environment_outlives_the_disk() {
    let key = "m5Qw0bJ2uZ8yT1kXc4Vn7RfLh3Gd6SaEoPiKjUtYxWqBzNvM";
    let mut sessions = Vec::new();
    for key in [Some(key), None] {
        let arguments: &[&str] = match key {
            Some(key) => &["--key", key],
            None => &[],
        };
        let mut server = Server::start_with(Options::with(arguments)).await;
        let alice = server.user("alice").await;
        server.ask_to_stop();
        server.stopped().await;
        // A new disk has the database, which a platform keeps elsewhere, and not the file beside it.
        let _ = fs::remove_file(server.database().with_extension("key"));
        server.restart().await;
        sessions.push(alice.get("/api/rooms").await.status().as_u16());
    }
    let has_database_key = std::env::var("PUSHLAB_TEST_POSTGRES").is_ok();
    assert_eq!(sessions, [200, if has_database_key { 200 } else { 401 }]);
}
