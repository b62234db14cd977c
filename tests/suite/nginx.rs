//! A real nginx in front of the server, with `scripts/nginx.conf`.

use std::{
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use harness::{Nginx, Options, Server, until};

const SITE: &str = include_str!("../../scripts/nginx.conf");

/// nginx with the site in front of a server.
struct Proxy(Nginx);

/// A request that goes on, and what has been received of its response.
struct Transfer {
    process: Child,
    received: Arc<Mutex<String>>,
}

impl Proxy {
    fn start(server: &Server, change: impl Fn(String) -> String) -> Self {
        let started = Nginx::start(|address, folder| {
            let [certificate, key] = certify(folder);
            let site = SITE
                .replace("/etc/ssl/certs/chat.example.pem", &certificate)
                .replace("/etc/ssl/private/chat.example.key", &key)
                .replace("listen 443 ssl", &format!("listen {address} ssl"))
                .replace("127.0.0.1:8080", &server.address);
            change(site)
        });
        Proxy(started.expect("scripts/test installs nginx"))
    }

    fn port(&self) -> &str {
        self.0.address.rsplit(':').next().unwrap()
    }

    /// A request with this browser's cookies.
    fn curl(&self, path: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("curl");
        command
            .args([
                "--silent",
                "--insecure",
                "--no-buffer",
                "--http1.1",
                "--max-time",
                "30",
            ])
            .args([
                "--resolve",
                &format!("chat.example:{}:127.0.0.1", self.port()),
            ])
            .args(["--cookie", "jar", "--cookie-jar", "jar"])
            .args(arguments)
            .arg(format!("https://chat.example:{}{path}", self.port()))
            .current_dir(self.0.folder.path());
        command
    }

    fn text(&self, path: &str, arguments: &[&str]) -> String {
        String::from_utf8(self.curl(path, arguments).output().unwrap().stdout).unwrap()
    }

    fn post(&self, path: &str, body: &str) -> String {
        let json = "content-type: application/json";
        self.text(path, &["--include", "--header", json, "--data", body])
    }

    fn begin(&self, path: &str, arguments: &[&str]) -> Transfer {
        let mut command = self.curl(path, arguments);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = process.stdout.take().unwrap();
        let received = Arc::new(Mutex::new(String::new()));
        let into = received.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(bytes @ 1..) = output.read(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..bytes]);
                into.lock().unwrap().push_str(&text);
            }
        });
        Transfer { process, received }
    }
}

impl Transfer {
    fn has(&self, text: &str) -> bool {
        self.received.lock().unwrap().contains(text)
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes a certificate and its key in a folder.
fn certify(folder: &Path) -> [String; 2] {
    let [certificate, key] =
        ["certificate", "key"].map(|name| folder.join(name).display().to_string());
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=chat.example",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ])
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success(), "openssl makes a certificate");
    [certificate, key]
}

async fn server() -> Server {
    let settings = [
        "--trusted-proxy",
        "127.0.0.1",
        "--allowed-hosts",
        "chat.example",
    ];
    Server::start_with(Options::with(
        &[&settings[..], &["--guests", "off"]].concat(),
    ))
    .await
}

/// Creates an account over TLS.
fn sign_up(proxy: &Proxy) {
    let account = r#"{"username":"alice","password":"correct horse"}"#;
    let created = proxy.post("/api/accounts", account);
    assert!(created.contains(" 201 "), "{created}");
    assert!(created.contains("; Secure"), "{created}");
}

#[tokio::test]
async fn every_transport_comes_through_nginx() {
    let server = server().await;
    let proxy = Proxy::start(&server, |site| site);
    sign_up(&proxy);
    let messages = "/api/rooms/lobby/messages";
    let stream = proxy.begin("/api/rooms/lobby/events?after=0", &[]);
    let parked = proxy.begin(&format!("{messages}?after=0&wait=30"), &[]);
    let handshake = [
        "--include",
        "--header",
        "connection: upgrade",
        "--header",
        "upgrade: websocket",
    ];
    let key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
    let version = ["--header", key, "--header", "sec-websocket-version: 13"];
    let socket = proxy.begin(
        "/api/rooms/lobby/ws?after=0",
        &[handshake.as_slice(), &version].concat(),
    );
    for transport in ["sse", "long_poll", "websocket"] {
        until("all wait", async || {
            let open = format!("pushlab_open_feeds{{transport=\"{transport}\"}}");
            server.metric(&open).await == 1.0
        })
        .await;
    }
    let posted = proxy.post(messages, r#"{"body":"through nginx"}"#);
    assert!(posted.contains(" 201 "), "{posted}");
    for transfer in [&stream, &parked, &socket] {
        until("the message has come", async || {
            transfer.has("through nginx")
        })
        .await;
    }
    assert!(socket.has(" 101 "));
    assert!(
        proxy
            .text(&format!("{messages}?after=0"), &[])
            .contains("through nginx")
    );
    let guest = proxy.post("/api/guests", "{}");
    assert!(guest.contains(" 403 "), "{guest}");
}

/// What the site avoids.
#[tokio::test]
async fn with_buffering_an_event_stream_waits_for_its_end() {
    let server = server().await;
    let buffering = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;";
    let proxy = Proxy::start(&server, |site| {
        site.replace("proxy_buffering off;", buffering)
    });
    sign_up(&proxy);
    let stream = proxy.begin("/api/rooms/lobby/events?after=0", &[]);
    let posted = proxy.post("/api/rooms/lobby/messages", r#"{"body":"held back"}"#);
    assert!(posted.contains(" 201 "), "{posted}");
    until("the server has sent it", async || {
        server
            .metric("pushlab_deliveries_total{transport=\"sse\"}")
            .await
            == 1.0
    })
    .await;
    assert!(!stream.has("held back"));
    server.ask_to_stop();
    until("the stream has ended", async || stream.has("held back")).await;
}
