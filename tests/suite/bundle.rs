//! What the pages are made of: packed, kept by browsers, or served as it is written.

use std::fs;

use harness::{Options, Server, server::problem};
use reqwest::Response;

const PAGES: [&str; 4] = ["/", "/rooms/lobby", "/race", "/class"];
/// For a path where there is nothing.
const BROWSER: &str = "text/html";

/// As a browser asks. The client of the tests unpacks nothing.
async fn get(server: &Server, path: &str, encodings: &str) -> Response {
    let request = server.http.get(server.url(path));
    let request = request.header("accept", BROWSER);
    let request = request.header("accept-encoding", encodings);
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// The addresses of what a page loads.
async fn assets(server: &Server, page: &str) -> Vec<String> {
    let html = server.get(page).await.text().await.unwrap();
    let assets = html.split('"').filter(|part| part.starts_with("/assets/"));
    assets.map(str::to_owned).collect()
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_an_address_of_their_content() {
    let server = Server::start().await;
    for page in PAGES {
        let assets = assets(&server, page).await;
        assert!(assets.len() > 2, "{page}: {assets:?}");
        for asset in assets {
            let response = get(&server, &asset, "identity").await;
            let caching = header(&response, "cache-control");
            assert_eq!(caching, "public, max-age=31536000, immutable", "{asset}");
            assert_eq!(header(&response, "vary"), "Accept-Encoding");
        }
    }
    for path in [
        "/assets/chat.html",
        "/assets/manifest.json",
        "/assets/x.js",
        "/assets/",
    ] {
        let response = server.get(path).await;
        problem(response, 404).await;
    }
}

#[tokio::test]
async fn pages_and_assets_are_packed_as_the_client_accepts() {
    let server = Server::start().await;
    let mut paths = assets(&server, "/rooms/lobby").await;
    paths.retain(|path| !path.ends_with(".svg"));
    paths.extend(PAGES.map(str::to_owned));
    paths.push("/nothing".into());
    for path in paths {
        let mut tags = Vec::new();
        let mut lengths = Vec::new();
        for (accepted, packed) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, deflate", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("identity", ""),
        ] {
            let response = get(&server, &path, accepted).await;
            assert_eq!(header(&response, "content-encoding"), packed, "{path}");
            assert_eq!(header(&response, "vary"), "Accept-Encoding", "{path}");
            tags.push(header(&response, "etag").to_owned());
            lengths.push(response.bytes().await.unwrap().len());
        }
        assert!(lengths[0] < lengths[1] && lengths[1] < lengths[3], "{path}");
        assert_eq!(tags[1], tags[2]);
        assert!(tags[0] != tags[1] && tags[1] != tags[3], "{path}: {tags:?}");
    }
}

#[tokio::test]
async fn a_page_is_asked_for_again_and_sent_if_it_has_changed() {
    let server = Server::start().await;
    for page in PAGES {
        let first = get(&server, page, "gzip").await;
        assert_eq!(header(&first, "cache-control"), "no-cache");
        let request = server.http.get(server.url(page));
        let request = request.header("accept-encoding", "gzip");
        let request = request.header("if-none-match", header(&first, "etag"));
        let again = request.send().await.unwrap();
        assert_eq!(again.status(), 304, "{page}");
        let changed = server.http.get(server.url(page));
        let changed = changed.header("if-none-match", "\"of another version\"");
        assert_eq!(changed.send().await.unwrap().status(), 200, "{page}");
        assert_eq!(header(&again, "vary"), "Accept-Encoding");
    }
}

#[tokio::test]
async fn maps_lead_to_the_sources() {
    let server = Server::start().await;
    for script in assets(&server, "/rooms/lobby").await {
        let text = server.get(&script).await.text().await.unwrap();
        let Some((_, map)) = text.trim_end().rsplit_once("//# sourceMappingURL=") else {
            assert!(!script.ends_with(".js"), "{script}");
            continue;
        };
        let map = server.get(&format!("/assets/{map}")).await;
        let map: serde_json::Value = map.json().await.unwrap();
        for source in map["sources"].as_array().unwrap() {
            let path = source.as_str().unwrap().replacen("..", "", 1);
            assert_eq!(server.get(&path).await.status(), 200, "{path}");
        }
    }
}

/// Whoever changes a page sees it at the next reload, and nobody needs Node for that.
#[tokio::test]
async fn pages_are_served_from_a_folder_as_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let front = folder.path().join("front");
    fs::create_dir(&front).unwrap();
    fs::write(folder.path().join("secret"), "s").unwrap();
    let path = folder.path().display().to_string();
    let server = Server::start_with(Options::with(&["--static", &path])).await;
    for text in ["<p>first", "<p>second"] {
        fs::write(front.join("front.html"), text).unwrap();
        for path in ["/", "/static/front/front.html"] {
            let page = get(&server, path, "br").await;
            assert_eq!(header(&page, "cache-control"), "no-cache");
            assert_eq!(header(&page, "content-encoding"), "");
            assert_eq!(page.text().await.unwrap(), text);
        }
    }
    for path in [
        "/static/front",
        "/static/%2e%2e/secret",
        "/static/front/x.js",
    ] {
        problem(server.get(path).await, 404).await;
    }
}
