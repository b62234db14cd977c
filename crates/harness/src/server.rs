//! A server process for tests.

use std::{path::PathBuf, process::Command};

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use lab::Process;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    User, binary,
    database::{Database, query},
    process::start,
};

/// A running server with a database of its own, which is ended when dropped.
pub struct Server {
    process: Process,
    pub address: String,
    /// The address behind the emulated link, if the server has one.
    pub behind_link: Option<String>,
    options: Options,
    database: Database,
    pub http: Client,
}

/// The options of a server.
#[derive(Clone, Default)]
pub struct Options {
    pub arguments: Vec<String>,
    /// Where it listens; on a free port of the loopback, if nothing is said.
    bind: Option<String>,
    /// A database that is somebody else's.
    location: Option<String>,
    /// A write beyond the limit of a file's size fails, and does not end the process.
    ignores_file_limit_signal: bool,
}

impl Options {
    pub fn with(arguments: &[&str]) -> Self {
        Options {
            arguments: arguments
                .iter()
                .map(std::string::ToString::to_string)
                .collect(),
            ..Options::default()
        }
    }

    /// Listens there, and not on the loopback.
    pub fn bound_to(self, bind: &str) -> Self {
        Options {
            bind: Some(bind.into()),
            ..self
        }
    }

    /// With a database that is there already, and stays.
    pub fn at(self, location: &str) -> Self {
        Options {
            location: Some(location.into()),
            ..self
        }
    }

    /// For [`Server::let_no_file_grow`].
    pub fn without_file_limit_signal(self) -> Self {
        Options {
            ignores_file_limit_signal: true,
            ..self
        }
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(options: Options) -> Self {
        let database = Database::new(options.location.clone());
        let bind = options.bind.as_deref().unwrap_or("127.0.0.1:0");
        let (process, behind_link) = spawn(&database, &options, bind).await;
        Server {
            address: process.address.clone(),
            process,
            behind_link,
            options,
            database,
            http: client(),
        }
    }

    /// Its resident memory, in bytes.
    pub fn resident_bytes(&self) -> i64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.pid())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let kib: i64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib * 1024
    }

    /// Its database, as `--database` takes it.
    pub fn location(&self) -> String {
        self.database.location()
    }

    /// Changes its database while it runs, as another process would, or somebody who restores an older state.
    pub fn change_by_hand(&self, sql: &str) {
        let location = self.location();
        if location.starts_with("postgres://") {
            query(&location, sql);
            return;
        }
        let mut connection = SqliteConnection::establish(&location).unwrap();
        connection.batch_execute(sql).unwrap();
    }

    /// Its database file, of SQLite.
    pub fn database(&self) -> PathBuf {
        self.database.file()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Starts the server again on the same address with the same database.
    pub async fn restart(&mut self) {
        let (process, behind_link) = spawn(&self.database, &self.options, &self.address).await;
        assert_eq!(process.address, self.address);
        self.process = process;
        self.behind_link = behind_link;
    }

    /// Kills the server without a shutdown.
    pub fn kill(&mut self) {
        self.process.child.kill().unwrap();
        self.process.child.wait().unwrap();
    }

    /// Sends SIGTERM, as a service manager would.
    pub fn ask_to_stop(&self) {
        self.signal("-TERM");
    }

    /// Stops the process with SIGSTOP: its connections stay open, but it reads nothing.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets a frozen process go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// Lets every write fail that makes a file longer, as on a full disk. Linux only; the server must have
    /// been started with [`Options::without_file_limit_signal`].
    pub fn let_no_file_grow(&self) {
        self.limit_files("1:");
    }

    /// Lets files grow again.
    pub fn let_files_grow(&self) {
        self.limit_files("unlimited:");
    }

    fn limit_files(&self, soft: &str) {
        let (pid, limit) = (self.process.pid().to_string(), format!("--fsize={soft}"));
        let set = Command::new("prlimit")
            .args(["--pid", &pid, &limit])
            .status();
        assert!(set.unwrap().success());
    }

    fn signal(&self, signal: &str) {
        let pid = self.process.pid().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until the server has stopped, and returns its exit code.
    pub async fn stopped(&mut self) -> Option<i32> {
        let mut status = None;
        super::until("the server has stopped", async || {
            status = self.process.child.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.and_then(|status| status.code())
    }

    /// A new account, signed in.
    pub async fn user(&self, name: &str) -> User {
        User::register(self, name).await
    }

    pub async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    /// A POST without an account.
    pub async fn post(&self, path: &str, body: Value) -> Response {
        let request = self.http.post(self.url(path));
        request.json(&body).send().await.unwrap()
    }

    /// The value of a metric, by its name with labels.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = self.get("/metrics").await.text().await.unwrap();
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        line.map_or(0.0, |line| {
            line.rsplit(' ').next().unwrap().parse().unwrap()
        })
    }
}

/// A client without a proxy and without cookies.
pub fn client() -> Client {
    let policy = reqwest::redirect::Policy::none();
    Client::builder()
        .no_proxy()
        .redirect(policy)
        .build()
        .unwrap()
}

/// The server as a shell starts it that ignores the signal, which the server inherits.
fn without_file_limit_signal() -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary());
    command
}

async fn spawn(database: &Database, options: &Options, bind: &str) -> (Process, Option<String>) {
    let mut command = match options.ignores_file_limit_signal {
        true => without_file_limit_signal(),
        false => Command::new(binary()),
    };
    command
        .args(["serve", "--bcrypt-cost", "4", "--workers", "2"])
        .args(["--bind", bind, "--database"])
        .arg(database.location())
        .args(&options.arguments);
    let linked = options
        .arguments
        .iter()
        .any(|argument| argument == "--link");
    let starting = tokio::task::spawn_blocking(move || {
        let mut process = start(&mut command);
        let behind_link = linked.then(|| process.next_line_after("behind ").expect("a link"));
        (process, behind_link)
    });
    let (process, behind_link) = super::soon("the server to be ready", starting)
        .await
        .unwrap();
    let address = |line: String| line.rsplit("http://").next().unwrap().to_owned();
    (process, behind_link.map(address))
}

/// The problem document of a response, checked for `status`.
pub async fn problem(response: Response, status: u16) -> Value {
    assert_eq!(response.status(), StatusCode::from_u16(status).unwrap());
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], json!(status));
    for field in ["type", "title", "detail"] {
        assert!(
            problem[field].as_str().is_some_and(|text| !text.is_empty()),
            "{field}: {problem}"
        );
    }
    problem
}
