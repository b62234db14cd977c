//! The pages as files. The browser tests cover what they do.

use protocol::Transport;
use serde_json::Value;

use harness::{Server, server::problem};

#[tokio::test]
async fn pages_load_everything_from_this_server() {
    let server = Server::start().await;
    for path in ["/", "/rooms/lobby", "/race", "/line", "/class", "/teaching"] {
        let page = server.get(path).await;
        let policy = page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
        assert!(!policy.contains("unsafe"), "{policy}");
        let html = page.text().await.unwrap();
        assert!(
            !html.contains("http://") && !html.contains("https://"),
            "an address of another server"
        );
        assert!(
            !html.contains(" style=") && !html.contains("<script>"),
            "an inline style or script"
        );
    }
}

/// The transports' own answers are JSON or an event stream, which no browser takes for anything else, and they
/// are measured.
#[tokio::test]
async fn browsers_are_told_not_to_guess_at_what_they_get() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for path in [
        "/",
        "/static/chat/main.js",
        "/static/nothing",
        "/healthz",
        "/metrics",
        "/server.json",
        "/reports/",
        "/api/rooms",
        "/api/sessions",
        "/api/nothing",
        "/api/rooms/lobby/presence",
    ] {
        let response = alice.get(path).await;
        assert_eq!(
            response.headers()["x-content-type-options"],
            "nosniff",
            "{path}"
        );
    }
    let poll = alice.get("/api/rooms/lobby/messages").await;
    assert!(!poll.headers().contains_key("x-content-type-options"));
}

#[tokio::test]
async fn a_head_request_gets_no_body() {
    let server = Server::start().await;
    for path in [
        "/",
        "/rooms/lobby",
        "/race",
        "/line",
        "/class",
        "/teaching",
        "/static/chat/main.js",
        "/healthz",
        "/transports.json",
    ] {
        let response = server.http.head(server.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_ne!(response.headers()["content-length"], "0");
        assert!(response.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn files_have_an_etag_of_their_content() {
    let server = Server::start().await;
    let first = server.get("/static/chat/main.js").await;
    assert_eq!(first.headers()["content-type"], "text/javascript");
    let tag = first.headers()["etag"].clone();
    let request = server.http.get(server.url("/static/chat/main.js"));
    let again = request.header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    problem(server.get("/static/nothing.js").await, 404).await;
}

#[tokio::test]
async fn a_browser_gets_a_page_where_there_is_nothing_and_others_a_problem() {
    const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
    let server = Server::start().await;
    let get = |path: &str, accept: &'static str| {
        let request = server.http.get(server.url(path));
        request.header("accept", accept).send()
    };
    for path in [
        "/nothing",
        "/rooms",
        "/race/",
        "/reports/nothing/",
        "/reports/a/b.svg",
    ] {
        let page = get(path, BROWSER).await.unwrap();
        assert_eq!(page.status(), 404, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html");
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
        let html = page.text().await.unwrap();
        for link in ["href=\"/\"", "href=\"/rooms/lobby\""] {
            assert!(html.contains(link), "{path}: {link}");
        }
        for accept in ["*/*", "application/json", "text/html;q=0"] {
            problem(get(path, accept).await.unwrap(), 404).await;
        }
    }
    problem(get("/static/nothing", BROWSER).await.unwrap(), 404).await;
    problem(get("/api/nothing", BROWSER).await.unwrap(), 401).await;
    let post = server.http.post(server.url("/nothing"));
    problem(post.header("accept", BROWSER).send().await.unwrap(), 404).await;
}

#[tokio::test]
async fn every_page_has_the_icon() {
    let server = Server::start().await;
    let icon = server.get("/favicon.ico").await;
    assert_eq!(icon.headers()["content-type"], "image/svg+xml");
    let icon = icon.text().await.unwrap();
    assert_eq!(
        icon,
        server
            .get("/static/shared/icon.svg")
            .await
            .text()
            .await
            .unwrap()
    );
    for path in [
        "/",
        "/rooms/lobby",
        "/race",
        "/line",
        "/class",
        "/teaching",
        "/reports/",
        "/static/missing/missing.html",
    ] {
        let page = server.get(path).await.text().await.unwrap();
        let addresses = page.split('"').filter(|part| part.ends_with(".svg"));
        let addresses: Vec<_> = addresses.collect();
        assert_eq!(addresses.len(), 1, "{path}");
        let linked = server.get(addresses[0]).await.text().await.unwrap();
        assert_eq!(linked, icon, "{path}");
    }
}

#[tokio::test]
async fn every_transport_has_a_script_and_is_listed() {
    let server = Server::start().await;
    let transports: Vec<Value> = server.get("/transports.json").await.json().await.unwrap();
    assert_eq!(transports.len(), Transport::ALL.len());
    for (identity, transport) in transports.iter().zip(Transport::ALL) {
        assert_eq!(identity["slug"], transport.slug());
        assert_eq!(identity["name"], transport.name());
        assert_eq!(identity["colour"], transport.colour());
        let module = format!(
            "/static/transports/{}.js",
            transport.slug().replace('_', "-")
        );
        assert_eq!(server.get(&module).await.status(), 200, "{module}");
    }
}
