//! A server under load: a process on a core of its own, if there are two. It is called over plain
//! sockets, which cost the measuring process little.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
};

use lab::Process;

use crate::{binary, process::start, raw::UPGRADE};

/// A running server with an account that is signed in.
pub struct PinnedServer {
    process: Process,
    pub address: String,
    /// The `Cookie` header field of the account.
    pub cookie: String,
    posting: Option<TcpStream>,
}

/// A post without its response yet: the connection on which the response will arrive.
#[must_use = "the next request would open another connection"]
pub struct PendingPost(TcpStream);

impl PinnedServer {
    /// Starts a server with these arguments, on the first core if pinning is possible.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = on_first_core(&binary());
        command
            .args(["serve", "--bind", "127.0.0.1:0", "--faults", "off"])
            .args(arguments);
        if !arguments.contains(&"--bcrypt-cost") {
            command.args(["--bcrypt-cost", "4"]);
        }
        let process = start(&mut command);
        let mut server = PinnedServer {
            address: process.address.clone(),
            process,
            cookie: String::new(),
            posting: None,
        };
        server.sign_up();
        server
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    fn sign_up(&mut self) {
        let account = r#"{"username":"load","password":"correct horse"}"#;
        let headers = self.call("POST", "/api/accounts", account).0;
        let cookie = headers
            .split("set-cookie: ")
            .nth(1)
            .and_then(|rest| rest.split(';').next());
        self.cookie = cookie.expect("a cookie").into();
    }

    /// Posts a message over a kept connection, and waits for its acknowledgement.
    pub fn post(&mut self, body: &str) {
        let pending = self.begin_post(body);
        self.end_post(pending);
    }

    /// Posts a message to another room than the lobby.
    pub fn post_to(&mut self, room: &str, body: &str) {
        let pending = self.begin_post_to(room, body);
        self.end_post(pending);
    }

    /// Posts a message without waiting for its acknowledgement.
    pub fn begin_post(&mut self, body: &str) -> PendingPost {
        self.begin_post_to("lobby", body)
    }

    fn begin_post_to(&mut self, room: &str, body: &str) -> PendingPost {
        let message = format!("{{\"body\":\"{body}\"}}");
        PendingPost(self.send("POST", &format!("/api/rooms/{room}/messages"), &message))
    }

    /// Waits for the acknowledgement, and keeps the connection.
    pub fn end_post(&mut self, PendingPost(mut stream): PendingPost) {
        let (headers, _) = read_response(&mut stream);
        assert!(headers.starts_with("HTTP/1.1 201"), "{headers}");
        self.posting = Some(stream);
    }

    /// The value of a metric, by its name with labels.
    pub fn metric(&mut self, name: &str) -> f64 {
        let text = self.call("GET", "/metrics", "").1;
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        line.map_or(0.0, |line| {
            line.rsplit(' ')
                .next()
                .unwrap_or("0")
                .parse()
                .unwrap_or(0.0)
        })
    }

    /// Waits until this many readers are served over a transport.
    pub fn until_open(&mut self, slug: &str, readers: usize) {
        let name = format!("pushlab_open_feeds{{transport=\"{slug}\"}}");
        let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
        while self.metric(&name) != readers as f64 {
            assert!(
                std::time::Instant::now() < deadline,
                "{readers} {slug} readers did not connect in time"
            );
            std::thread::yield_now();
        }
    }

    /// Sends a request, and returns the header section and the body of the response.
    fn call(&mut self, method: &str, path: &str, body: &str) -> (String, String) {
        let mut stream = self.send(method, path, body);
        let response = read_response(&mut stream);
        self.posting = Some(stream);
        response
    }

    /// Sends a request over the kept connection, or a new one.
    fn send(&mut self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = self.posting.take().unwrap_or_else(|| self.connect());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            body.len()
        );
        stream
            .write_all(request.as_bytes())
            .expect("the server accepts the request");
        stream
    }

    pub fn create_room(&mut self, name: &str) {
        let (headers, _) = self.call("POST", "/api/rooms", &format!("{{\"name\":\"{name}\"}}"));
        assert!(headers.starts_with("HTTP/1.1 201"), "{headers}");
    }

    /// A WebSocket in a room, whose response is not read.
    pub fn socket(&self, room: &str) -> TcpStream {
        self.open(&format!("/api/rooms/{room}/ws"), UPGRADE)
    }

    /// An event stream of a room, whose response is not read.
    pub fn events(&self, room: &str) -> TcpStream {
        self.open(&format!("/api/rooms/{room}/events"), "")
    }

    fn open(&self, path: &str, headers: &str) -> TcpStream {
        let mut stream = self.connect();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n{headers}\r\n",
            self.address, self.cookie
        );
        stream
            .write_all(request.as_bytes())
            .expect("the server accepts the request");
        stream
    }

    /// A WebSocket to post on without waiting. Received frames are discarded.
    pub fn posting_socket(&self) -> TcpStream {
        let stream = self.socket("lobby");
        let mut incoming = stream.try_clone().expect("a second handle");
        std::thread::spawn(move || std::io::copy(&mut incoming, &mut std::io::sink()));
        stream
    }

    /// The processor time of all threads so far, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        cpu_ns(self.pid())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP option");
        stream
    }

    /// The proportional set size, in bytes.
    pub fn pss_bytes(&self) -> u64 {
        pss_bytes(self.pid())
    }
}

/// The proportional set size of a process, in bytes.
pub fn pss_bytes(pid: u32) -> u64 {
    let path = format!("/proc/{pid}/smaps_rollup");
    let text = fs::read_to_string(path).expect("Linux has the PSS in /proc");
    let line = text
        .lines()
        .find(|line| line.starts_with("Pss:"))
        .expect("a Pss line");
    let kib: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("KiB");
    kib * 1024
}

/// The processor time that all threads of a process have used, in nanoseconds.
pub fn cpu_ns(pid: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("threads");
    let spent =
        tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("schedstat")).ok());
    spent
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok())
        .sum()
}

/// A program on the first core, if pinning is possible. The measuring process uses the other cores.
pub fn on_first_core(program: &Path) -> Command {
    let can_pin = Command::new("taskset").args(["-c", "0", "true"]).status();
    if !can_pin.is_ok_and(|status| status.success()) {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// Waits for a whole response, and returns its header section and its body.
pub fn read_response(stream: &mut TcpStream) -> (String, String) {
    let mut response = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = stream.read(&mut buffer).expect("a response");
        assert!(
            read > 0,
            "the server closed: {}",
            String::from_utf8_lossy(&response)
        );
        response.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&response);
        if let Some((headers, body)) = text.split_once("\r\n\r\n") {
            let length = headers.split("content-length: ").nth(1);
            let length = length.and_then(|rest| rest.split('\r').next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return (headers.into(), body.into());
            }
        }
    }
}
