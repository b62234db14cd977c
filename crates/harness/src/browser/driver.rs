//! Debian's Chromium, driven by Debian's chromedriver.

use std::{
    cell::{Cell, RefCell},
    fmt,
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    Capabilities, ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel, WebDriver,
    WindowHandle,
    common::command::{Command as Webdriver, ExtensionCommand},
    error::WebDriverResult,
};

use crate::soon;

/// Without a screen, without a sandbox (tests may run as root), without a word to the outside.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
    // The address bar's popup is a page of its own, which nobody sees here: 0.4 of a core, idle.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
];

/// One browser with an empty profile. `close` it, else Chromium outlives the driver.
pub struct Browser {
    pub driver: WebDriver,
    /// The window that commands go to now.
    pub current: RefCell<WindowHandle>,
    pub tabs: Cell<usize>,
    pub expected_errors: RefCell<Vec<&'static str>>,
    _process: Chromedriver,
    _profile: TempDir,
}

impl Browser {
    pub async fn open() -> Self {
        let process = Chromedriver::start().await;
        let profile = tempfile::tempdir().unwrap();
        let driver = WebDriver::builder(&process.url, capabilities(&profile).unwrap())
            .client(client())
            .await
            .unwrap_or_else(|error| panic!("Chromium does not start ({INSTALL}): {error}"));
        Browser {
            current: RefCell::new(driver.window().await.unwrap()),
            driver,
            tabs: Cell::new(0),
            expected_errors: RefCell::default(),
            _process: process,
            _profile: profile,
        }
    }

    pub async fn close(self) {
        let quit = self.driver.quit().await;
        quit.expect("Chromium ends when it is told to");
    }

    /// A command that WebDriver's standard, or thirtyfour, does not know.
    pub async fn raw(&self, method: Method, endpoint: &str, body: Option<Value>) -> Value {
        let command = Raw {
            method,
            endpoint: endpoint.into(),
            body,
        };
        let command = Webdriver::ExtensionCommand(Box::new(command));
        let answer = self.driver.cmd(command).await.unwrap();
        answer.value_json().unwrap()
    }

    /// A command of the Chrome DevTools Protocol, to the current tab.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.raw(Method::POST, "/goog/cdp/execute", Some(body))
            .await
    }

    /// What has been written to the console since the last call.
    pub async fn console(&self) -> Vec<Value> {
        let body = Some(json!({ "type": "browser" }));
        match self.raw(Method::POST, "/se/log", body).await {
            Value::Array(entries) => entries,
            other => panic!("no log: {other}"),
        }
    }
}

/// Whether there is a browser to drive.
pub fn is_installed() -> bool {
    let answers = |program| {
        let mut command = Command::new(program);
        let asked = command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    };
    answers("chromedriver") && (answers("chromium") || answers("google-chrome"))
}

const INSTALL: &str = "scripts/test installs Debian's chromium and chromium-driver";

fn capabilities(profile: &TempDir) -> WebDriverResult<Capabilities> {
    let mut chrome = ChromeCapabilities::new();
    for flag in FLAGS {
        chrome.add_arg(flag)?;
    }
    chrome.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    chrome.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(chrome.into())
}

/// One that goes by no proxy, and does not wait for ever for a browser that hangs.
fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy();
    builder.timeout(Duration::from_secs(60)).build().unwrap()
}

/// The driver as a process, gone when dropped.
struct Chromedriver {
    child: Child,
    url: String,
    /// Nobody reads what it says later, but a closed pipe could end it.
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Chromedriver {
    /// It chooses a free port for one family of addresses and then wants the same for the other,
    /// where somebody may have taken it: then it ends at once, and another time is another port.
    async fn start() -> Self {
        for _ in 0..5 {
            if let Some(started) = Self::try_start().await {
                return started;
            }
        }
        panic!("chromedriver ends before it names its port; {INSTALL}")
    }

    async fn try_start() -> Option<Self> {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver does not start: {error}; {INSTALL}"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reading = tokio::task::spawn_blocking(move || {
            let port = lines.find_map(|line| chosen_port(&line.unwrap()));
            port.map(|port| (port, lines))
        });
        let reading = soon("chromedriver to be ready", reading).await.unwrap();
        let Some((port, lines)) = reading else {
            child.wait().unwrap();
            return None;
        };
        Some(Chromedriver {
            child,
            url: format!("http://127.0.0.1:{port}"),
            _stdout: lines,
        })
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// From "ChromeDriver was started successfully on port 33243."
fn chosen_port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

struct Raw {
    method: Method,
    endpoint: Arc<str>,
    body: Option<Value>,
}

impl fmt::Debug for Raw {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{} {}", self.method, self.endpoint)
    }
}

impl ExtensionCommand for Raw {
    fn parameters_json(&self) -> Option<Value> {
        self.body.clone()
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Arc<str> {
        self.endpoint.clone()
    }
}
