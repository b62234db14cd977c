//! The documents are held to what they describe.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use harness::{Server, binary};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Markdown file of the repository that people read.
fn documents() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/decisions", "reports"];
    let entries = folders.map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let paths = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect()
}

/// What stands between the marks, each time.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open)
        .skip(1)
        .filter_map(move |rest| Some(rest.split_once(close)?.0))
}

#[test]
fn every_link_leads_to_a_file() {
    let mut links = 0;
    for document in documents() {
        for link in between(&read(&document), "](", ")") {
            let file = link.split('#').next().unwrap();
            if link.contains("://") || file.is_empty() {
                continue;
            }
            let target = document.parent().unwrap().join(file);
            assert!(target.exists(), "{}: {link}", document.display());
            links += 1;
        }
    }
    assert!(links > 20, "only {links} links were found");
}

/// Each promise has the tests that hold it.
#[test]
fn every_test_that_a_promise_names_exists() {
    let text = read(&root().join("docs/SECURITY.md"));
    let promises = between(&text, "| promise | tests |", "## ").next().unwrap();
    let tests = Command::new("grep")
        .args(["-rhoE", "fn [a-z0-9_]+"])
        .args([root().join("tests/suite"), root().join("crates")])
        .output()
        .unwrap();
    let tests = String::from_utf8(tests.stdout).unwrap();
    let known: BTreeSet<_> = tests.lines().map(|line| &line[3..]).collect();
    let mut named = 0;
    for line in promises.lines().skip(2).filter(|line| line.contains(" | ")) {
        let (_, tests) = line.trim_end_matches(" |").rsplit_once(" | ").unwrap();
        for test in tests.split('`').skip(1).step_by(2) {
            assert!(known.contains(test), "there is no test {test}");
            named += 1;
        }
    }
    assert!(named > 20, "only {named} tests are named");
}

/// What the pages promise names a module of the browser tests, or a test in it.
#[test]
fn every_test_of_the_pages_that_a_promise_names_exists() {
    let text = read(&root().join("docs/ACCESSIBILITY.md"));
    let promises = between(&text, "| promise | test |", "\n\n").next().unwrap();
    let mut named = 0;
    for line in promises.lines().skip(2) {
        let (_, tests) = line.trim_end_matches(" |").rsplit_once(" | ").unwrap();
        for test in tests.split('`').skip(1).step_by(2) {
            let (module, name) = test.split_once("::").unwrap_or((test, ""));
            let module = read(&root().join(format!("tests/browser/{module}.rs")));
            assert!(
                module.contains(&format!("async fn {name}")),
                "there is no {test}"
            );
            named += 1;
        }
    }
    assert!(named > 5, "only {named} tests are named");
}

/// A path in backticks is one from the root, or a file's place in a crate's or page's folder.
#[test]
fn every_file_that_the_documents_name_exists() {
    let mut files = 0;
    for document in documents() {
        let prose: String = read(&document).split("```").step_by(2).collect();
        for name in prose
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| is_path(name))
        {
            let exists = root().join(name).exists() || is_in_server(name);
            assert!(exists, "{}: {name}", document.display());
            files += 1;
        }
    }
    assert!(files > 50, "only {files} names were found");
}

fn is_path(name: &str) -> bool {
    const ROOTS: [&str; 12] = [
        "src/",
        "crates/",
        "static/",
        "docs/",
        "scripts/",
        "tests/",
        "benches/",
        "scenarios/",
        "migrations/",
        "reports/",
        "theory/",
        "transport/",
    ];
    let is_file = name.ends_with(".rs") || name.ends_with(".js") || name.ends_with('/');
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let is_known = ROOTS.iter().any(|root| name.starts_with(root)) || name.ends_with(".rs");
    is_plain && is_file && is_known && !name.starts_with("reports/")
}

/// The tables of a crate's folders name its files without the way to them.
fn is_in_server(name: &str) -> bool {
    let folders = [
        "crates/server/src",
        "crates/server/src/app",
        "crates/server/src/transport",
        "crates/analysis/src",
    ];
    let mut places = folders.iter().map(|folder| root().join(folder).join(name));
    places.any(|place| place.exists())
}

#[test]
fn every_crate_has_its_line_in_the_map() {
    let map = read(&root().join("docs/ARCHITECTURE.md"));
    let crates = fs::read_dir(root().join("crates")).unwrap();
    for entry in crates {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(map.contains(&format!("| `crates/{name}` |")), "{name}");
    }
}

#[test]
fn the_readme_is_short() {
    let lines = read(&root().join("README.md")).lines().count();
    assert!(lines <= 120, "{lines} lines");
}

/// The lines of the shell blocks of a document, without comments.
fn commands(document: &str) -> Vec<String> {
    let text = read(&root().join(document)).replace("\\\n", " ");
    let blocks: Vec<_> = between(&text, "```sh\n", "```")
        .map(str::to_owned)
        .collect();
    let lines = blocks.iter().flat_map(|block| block.lines());
    lines
        .map(|line| line.split(" #").next().unwrap().trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// Commands that measure are tried as far as their plan, the others as far as their help: what they
/// do is tried elsewhere.
#[test]
fn every_command_is_known() {
    let mut tried = BTreeSet::new();
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/DEPLOY.md",
        "reports/README.md",
    ] {
        for line in commands(document) {
            check(&line);
            tried.insert(line);
        }
    }
    let worksheet = read(&root().join("reports/WORKSHEET.md"));
    for line in between(&worksheet, "`", "`").filter(|text| text.starts_with("cargo run")) {
        check(line);
        tried.insert(line.into());
    }
    assert!(tried.len() > 15, "{tried:?}");
}

fn check(line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["cargo", "run", "--release", "--", ref arguments @ ..] => check_pushlab(line, arguments),
        ["cargo", "run", "--release"] | ["cargo", "bench" | "test", ..] | ["curl", ..] => {}
        [script, ..] if script.starts_with("scripts/") => {
            assert!(root().join(script).exists(), "{line}");
        }
        _ => panic!("this command is not tried by anything: {line}"),
    }
}

/// What of the lab measures nothing.
fn is_exercise(arguments: &[&str]) -> bool {
    matches!(arguments.get(1), Some(&("answers" | "mark")))
}

fn check_pushlab(line: &str, arguments: &[&str]) {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(root());
    match arguments[0] {
        "lab" if arguments.contains(&"--dry-run") || is_exercise(arguments) => {}
        "lab" => _ = command.arg("--dry-run"),
        _ => _ = command.arg("--help"),
    }
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {told}");
}

/// The calls of the README, typed into a shell against a server as it is started there.
#[tokio::test]
async fn the_calls_of_the_readme_work() {
    let server = Server::start().await;
    let calls: Vec<_> = commands("README.md")
        .into_iter()
        .filter(|line| line.starts_with("curl -"))
        .collect();
    assert_eq!(calls.len(), 5);
    let script = calls.join("\n").replace("localhost:8080", &server.address);
    // The two last wait for a message that nobody sends: a second of it is enough.
    let script = script.replace("wait=60", "wait=1").replace("-m 2", "-m 1");
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).current_dir(folder.path());
    let output = tokio::task::spawn_blocking(move || shell.output()).await;
    let told = String::from_utf8(output.unwrap().unwrap().stdout).unwrap();
    assert_eq!(told.matches(r#""body":"hi""#).count(), 3, "{told}");
    assert!(told.contains("\"username\":\"alice\""), "{told}");
    assert!(told.contains("id: 1\n"), "{told}");
}
