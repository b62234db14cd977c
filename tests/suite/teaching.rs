//! The page for lecturers, and the commands that docs/TEACHING.md gives. What it says of the pages is followed by the
//! browser tests.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use harness::{Options, Server, binary, server::problem};
use reqwest::StatusCode;
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../../docs/TEACHING.md");
const PAGES: [&str; 4] = [
    "/teaching",
    "/teaching/worksheet",
    "/teaching/glossary",
    "/teaching/measurement",
];

async fn page(server: &Server, path: &str) -> String {
    let page = server.get(path).await;
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    page.text().await.unwrap()
}

/// Where the links of a page lead on this server.
fn links(html: &str) -> BTreeSet<String> {
    let links = html.split("href=\"").skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    links.filter(|link| !link.starts_with("https://")).collect()
}

#[tokio::test]
async fn links_in_the_documents_lead_to_pages_and_to_headings() {
    let server = Server::start().await;
    for path in PAGES {
        let links = links(&page(&server, path).await);
        assert!(links.contains("/race") && links.contains("/teaching"));
        for link in links {
            let (address, part) = link.split_once('#').unwrap_or((&link, ""));
            let address = if address.is_empty() { path } else { address };
            let target = page(&server, address).await;
            let is_document = address.starts_with("/teaching") && !part.is_empty();
            let is_there = !is_document || target.contains(&format!("id=\"{part}\""));
            assert!(is_there, "{path}: there is no {link}");
        }
    }
    problem(server.get("/teaching/answers").await, 404).await;
}

/// The opening, the class and the stage are a press away from the page.
#[tokio::test]
async fn the_page_for_lecturers_is_the_document() {
    let server = Server::start().await;
    let html = page(&server, "/teaching").await;
    for link in ["/race#step=1", "/class", "/teaching/worksheet"] {
        assert!(links(&html).contains(link), "{link}");
    }
    let tables = DOCUMENT.lines().filter(|line| line.starts_with("| --- "));
    assert_eq!(html.matches("<table>").count(), tables.count());
    for from in ["/", "/race", "/reports/", "/teaching/worksheet"] {
        assert!(
            links(&page(&server, from).await).contains("/teaching"),
            "{from}"
        );
    }
}

/// Whoever works on the pages works on the documents too, and needs no build for it.
#[tokio::test]
async fn a_document_beside_the_folder_of_the_pages_is_shown_as_it_is_written() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    for name in ["static/document", "docs"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    fs::write(root.join("static/document/document.html"), "{title}|{text}").unwrap();
    let pages = root.join("static").display().to_string();
    let server = Server::start_with(Options::with(&["--static", &pages])).await;
    assert!(
        page(&server, "/teaching")
            .await
            .starts_with("Teaching with pushlab|")
    );
    for words in ["first", "second"] {
        fs::write(root.join("docs/TEACHING.md"), format!("# A\n\n{words}")).unwrap();
        let expected = format!("A|<h1 id=\"a\">A</h1>\n<p>{words}</p>\n");
        assert_eq!(page(&server, "/teaching").await, expected);
    }
}

/// What the document says in code, if it is a command.
fn commands() -> Vec<String> {
    let code = DOCUMENT.split('`').skip(1).step_by(2);
    let lines = code.map(|code| code.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| line.starts_with("pushlab ")).collect()
}

/// One student after the other steps of the lab, in a folder without anything else.
#[test]
fn the_commands_for_lecture_and_lab_do_what_they_say() {
    let folder = TempDir::new().unwrap();
    let handed_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/worksheet-ada");
    let mut tried = Vec::new();
    for line in commands() {
        let line = line.replace("ID", "eve");
        let mut words: Vec<_> = line.split(' ').skip(1).map(str::to_owned).collect();
        match (words[0].as_str(), words[1].as_str()) {
            ("serve", _) => words.push("--help".into()),
            ("lab", "worksheet") if line.contains("--predictions") => {
                words.push("--dry-run".into());
            }
            ("lab", "mark") => words[2] = handed_in.display().to_string(),
            ("lab", "worksheet" | "answers") => {}
            _ => panic!("this command is not tried by anything: {line}"),
        }
        let output = Command::new(binary())
            .args(&words)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        tried.push(words[1].clone());
    }
    for wanted in ["worksheet", "answers", "mark"] {
        assert!(tried.iter().any(|each| each == wanted), "{tried:?}");
    }
    let sheet = folder.path().join("reports/worksheet-eve");
    for file in ["sheet.md", "sheet.html", "predictions.toml"] {
        assert!(sheet.join(file).exists(), "{file}");
    }
    let sheet = fs::read_to_string(sheet.join("sheet.md")).unwrap();
    assert!(sheet.contains("`/teaching`"), "it leads the lecturer here");
}
