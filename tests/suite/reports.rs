//! The lab's reports as the server shows them.

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use tempfile::TempDir;

use harness::{Options, Server, raw, server::problem};

/// Writes a small report as the lab would.
fn report(folder: &Path, name: &str, title: &str, started_at: &str, valid: bool) {
    let report_folder = folder.join(name);
    fs::create_dir_all(&report_folder).unwrap();
    let estimate = |transport: &str, value: f64| {
        json!({
            "experiment": "latency", "transport": transport, "level": "one_way_ms=40",
            "metric": "delivery_mean_us", "value": value, "ci95": null, "theory": null,
        })
    };
    let results = json!({
        "schema": 1, "seed": 1, "started_at": started_at, "valid": valid,
        "scenario": { "name": "coursework", "title": title, "quick": false },
        "trials": [{ "void": null }],
        "reasons": if valid { json!([]) } else { json!(["the clock jumped"]) },
        "environment": { "cpu": "A <processor>", "cores": 8, "kernel": "6.1.2-x", "memory_bytes": 16e9 as u64 },
        "estimates": [estimate("short_poll", 1.08e6), estimate("websocket", 40e3)],
    });
    fs::write(report_folder.join("results.json"), results.to_string()).unwrap();
    fs::write(
        report_folder.join("index.html"),
        format!("<h1>{title}</h1>"),
    )
    .unwrap();
    let summary = json!({ "found": format!("{title}: push wins.") });
    fs::write(report_folder.join("summary.json"), summary.to_string()).unwrap();
    fs::write(report_folder.join("rate.csv"), "kind,x\nmeasured,1\n").unwrap();
    fs::write(report_folder.join("rate.svg"), "<svg/>").unwrap();
}

/// Packs the results of a report, as `pushlab report --compress` does.
fn pack(report_folder: &Path) {
    let plain = report_folder.join("results.json");
    let packed = fs::File::create(report_folder.join("results.json.gz")).unwrap();
    let mut packer = GzEncoder::new(packed, Compression::default());
    packer.write_all(&fs::read(&plain).unwrap()).unwrap();
    packer.finish().unwrap();
    fs::remove_file(plain).unwrap();
}

async fn serving(folder: &Path) -> Server {
    let folder = folder.to_str().unwrap();
    Server::start_with(Options::with(&["--reports", folder])).await
}

async fn server_with_two_reports() -> (TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    report(
        &reports,
        "first",
        "Older & <b>",
        "2026-01-02T03:04:05Z",
        true,
    );
    report(
        &reports,
        "second run",
        "Newer",
        "2026-11-22T18:00:00Z",
        false,
    );
    fs::write(folder.path().join("secret.csv"), "secret").unwrap();
    fs::write(reports.join("first/.hidden.csv"), "secret").unwrap();
    fs::write(reports.join("first/capture.pcap"), "secret").unwrap();
    let server = serving(&reports).await;
    (folder, server)
}

#[tokio::test]
async fn reports_are_listed_newest_first() {
    let (folder, server) = server_with_two_reports().await;
    let page = server.get("/reports/").await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let html = page.text().await.unwrap();
    let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
    assert!(place("Newer") < place("Older &#38; &#60;b&#62;"));
    assert!(place("22 November 2026, 18:00 UTC") < place("2 January 2026"));
    assert!(place("not valid") < place("✓ valid"));
    place("href=\"second%20run/\"");
    place("1.08\u{a0}s");
    place("Newer: push wins.");
    place("✗ not valid</span>: the clock jumped");
    place("A &#60;processor&#62;, 8\u{a0}cores, 16\u{a0}GB of memory, kernel\u{a0}6.1.2");
    assert!(!html.contains("<script") && !html.contains("http://"));
    let reports = folder.path().join("reports");
    report(&reports, "first", "Changed", "2027-01-02T03:04:05Z", true);
    fs::remove_dir_all(reports.join("second run")).unwrap();
    let html = server.get("/reports/").await.text().await.unwrap();
    assert!(html.contains("Changed") && !html.contains("Newer"));
}

/// What an older pushlab wrote, or another program.
#[tokio::test]
async fn what_a_report_does_not_say_is_not_made_up() {
    let (folder, server) = server_with_two_reports().await;
    let report = folder.path().join("reports/first");
    fs::remove_file(report.join("summary.json")).unwrap();
    let bare = json!({
        "scenario": { "name": "idle", "title": "Bare", "quick": true },
        "started_at": "2026-01-02T03:04:05Z", "valid": true,
    });
    fs::write(report.join("results.json"), bare.to_string()).unwrap();
    let html = server.get("/reports/").await.text().await.unwrap();
    for text in [
        "Bare",
        "nothing that can be said in one sentence",
        "a machine that it does not name",
        "shortened by",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[tokio::test]
async fn the_list_is_packed_and_asked_for_again() {
    let (folder, server) = server_with_two_reports().await;
    let get = |encoding: &str, tag: Option<&str>| {
        let request = server.http.get(server.url("/reports/"));
        let request = request.header("accept-encoding", encoding);
        let request = request.header("if-none-match", tag.unwrap_or("\"none\""));
        async { request.send().await.unwrap() }
    };
    let packed = get("gzip, br", None).await;
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let tag = packed.headers()["etag"].to_str().unwrap().to_owned();
    let plain = get("identity", None).await;
    assert_eq!(plain.headers()["vary"], "Accept-Encoding");
    let policy = plain.headers()["content-security-policy"].to_str();
    assert!(!policy.unwrap().contains("script-src"));
    assert!(packed.content_length() < plain.content_length());
    assert_eq!(get("gzip, br", Some(&tag)).await.status(), 304);
    fs::remove_dir_all(folder.path().join("reports/first")).unwrap();
    assert_eq!(get("gzip, br", Some(&tag)).await.status(), 200);
}

/// The commands that the page names are known to the program.
#[tokio::test]
async fn the_list_says_how_to_do_the_worksheet() {
    let (_folder, server) = server_with_two_reports().await;
    let html = server.get("/reports/").await.text().await.unwrap();
    let commands = html.split("<code>cargo run --release -- ").skip(1);
    let commands: Vec<_> = commands
        .map(|rest| rest.split('<').next().unwrap())
        .collect();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in commands {
        let mut process = std::process::Command::new(harness::binary());
        let output = process.args(command.split(' ')).arg("--help").output();
        assert!(output.unwrap().status.success(), "{command}");
    }
}

#[tokio::test]
async fn a_report_with_packed_results_is_listed_and_served() {
    let (folder, server) = server_with_two_reports().await;
    pack(&folder.path().join("reports/first"));
    let html = server.get("/reports/").await.text().await.unwrap();
    assert!(html.contains("Older &#38; &#60;b&#62;"), "{html}");
    let packed = server.get("/reports/first/results.json.gz").await;
    assert_eq!(packed.status(), 200);
    assert_eq!(packed.headers()["content-type"], "application/gzip");
    assert!(packed.bytes().await.unwrap().starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn a_report_is_shown_with_the_files_beside_it() {
    let (_folder, server) = server_with_two_reports().await;
    for (path, kind, text) in [
        ("/reports/first/", "text/html; charset=utf-8", "<h1>Older"),
        (
            "/reports/second%20run/",
            "text/html; charset=utf-8",
            "<h1>Newer",
        ),
        (
            "/reports/first/rate.csv",
            "text/csv; charset=utf-8",
            "kind,x",
        ),
        ("/reports/first/rate.svg", "image/svg+xml", "<svg"),
        ("/reports/first/results.json", "application/json", "{"),
    ] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers().clone();
        assert_eq!(headers["content-type"], kind);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));
        assert!(response.text().await.unwrap().starts_with(text), "{path}");
        let again = server.http.get(server.url(path));
        let again = again.header("if-none-match", &headers["etag"]);
        assert_eq!(again.send().await.unwrap().status(), 304);
        let head = server.http.head(server.url(path)).send().await.unwrap();
        assert_eq!(head.headers()["content-length"], headers["content-length"]);
    }
}

#[tokio::test]
async fn a_large_file_is_served_completely() {
    let (folder, server) = server_with_two_reports().await;
    let rows = "0123456789abcdef".repeat(60_000);
    let file = folder.path().join("reports/first/samples.csv");
    fs::write(file, &rows).unwrap();
    let text = server.get("/reports/first/samples.csv").await.text().await;
    assert!(text.unwrap() == rows);
}

#[tokio::test]
async fn addresses_of_folders_are_redirected_to_a_slash() {
    let (_folder, server) = server_with_two_reports().await;
    for path in ["/reports", "/reports/second%20run"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 303);
        assert_eq!(response.headers()["location"], format!("{path}/").as_str());
    }
}

#[tokio::test]
async fn unknown_reports_and_files_are_not_found() {
    let (_folder, server) = server_with_two_reports().await;
    for path in [
        "/reports/none/",
        "/reports/first/none.csv",
        "/reports/first/a/b.csv",
    ] {
        problem(server.get(path).await, 404).await;
    }
    problem(server.post("/reports/", json!({})).await, 405).await;
}

/// The requests are written to the socket directly, since an HTTP client would normalise the paths.
#[tokio::test]
async fn no_file_outside_the_folder_is_served() {
    let (folder, server) = server_with_two_reports().await;
    #[cfg(unix)]
    {
        let reports = folder.path().join("reports");
        std::os::unix::fs::symlink("..", reports.join("up")).unwrap();
        std::os::unix::fs::symlink("../../secret.csv", reports.join("first/link.csv")).unwrap();
    }
    for path in [
        "/reports/../secret.csv",
        "/reports/first/../../secret.csv",
        "/reports/%2e%2e/secret.csv",
        "/reports/first/%2e%2e%2f%2e%2e%2fsecret.csv",
        "/reports/first/..%2F..%2Fsecret.csv",
        "/reports/first%2f..%2f../secret.csv",
        "/reports/first/%252e%252e%252fsecret.csv",
        "/reports/first/..%5c..%5csecret.csv",
        "/reports//secret.csv",
        "/reports/first/.hidden.csv",
        "/reports/first/%2ehidden.csv",
        "/reports/first/capture.pcap",
        "/reports/first/rate.csv%00",
        "/reports/up/secret.csv",
        "/reports/first/link.csv",
        "/reports/%2fetc/passwd",
        "/reports/.../",
    ] {
        let response = raw::get(&server, path).await;
        assert!(response.starts_with("HTTP/1.1 404"), "{path}: {response}");
        assert!(!response.contains("\r\n\r\nsecret"), "{path}");
    }
    drop(folder);
}

#[tokio::test]
async fn without_reports_the_page_explains_how_to_create_one() {
    let folder = tempfile::tempdir().unwrap();
    for reports in [folder.path().to_owned(), folder.path().join("missing")] {
        let server = serving(&reports).await;
        let page = server.get("/reports/").await;
        assert_eq!(page.status(), 200);
        let html = page.text().await.unwrap();
        assert!(html.contains("cargo run --release -- lab"), "{html}");
    }
}
