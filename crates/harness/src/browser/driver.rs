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
    Capabilities, ChromeCapabilities, ChromiumLikeCapabilities, WebDriver, WindowHandle,
    common::command::{Command as Webdriver, ExtensionCommand},
    error::WebDriverResult,
};

use crate::soon;

/// Headless, without a sandbox (tests may run as root), and without requests to the internet.
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
    // The popup of the address bar is a page that takes 0.4 of a core even when idle.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
];

/// A browser with an empty profile. It must be closed with `close`, or Chromium outlives the
/// driver.
pub struct Browser {
    pub driver: WebDriver,
    /// The window that receives commands.
    pub current: RefCell<WindowHandle>,
    pub tabs: Cell<usize>,
    pub expected_errors: RefCell<Vec<&'static str>>,
    process: Chromedriver,
    _profile: TempDir,
}

impl Browser {
    pub async fn open() -> Self {
        Self::open_with(&["browser"]).await
    }

    /// One that keeps what its tabs ask for, for [`Browser::network`].
    pub async fn open_recording() -> Self {
        Self::open_with(&["browser", "performance"]).await
    }

    /// `logs` are the names of what the driver is to keep.
    async fn open_with(logs: &[&str]) -> Self {
        let process = Chromedriver::start().await;
        let profile = tempfile::tempdir().unwrap();
        let driver = WebDriver::builder(&process.url, capabilities(&profile, logs).unwrap())
            .client(client())
            .await
            .unwrap_or_else(|error| panic!("Chromium does not start ({INSTALL}): {error}"));
        Browser {
            current: RefCell::new(driver.window().await.unwrap()),
            driver,
            tabs: Cell::new(0),
            expected_errors: RefCell::default(),
            process,
            _profile: profile,
        }
    }

    /// The driver's, whose children the browser's are.
    pub fn driver_process(&self) -> u32 {
        self.process.child.id()
    }

    pub async fn close(self) {
        let quit = self.driver.quit().await;
        quit.expect("Chromium ends on request");
    }

    /// A command that is not in the WebDriver standard or not in thirtyfour.
    pub async fn raw(&self, method: Method, endpoint: &str, body: Option<Value>) -> Value {
        let command = Raw {
            method,
            endpoint: endpoint.into(),
            body,
        };
        let command = Webdriver::ExtensionCommand(Box::new(command));
        let response = self.driver.cmd(command).await.unwrap();
        response.value_json().unwrap()
    }

    /// A command of the Chrome DevTools Protocol to the current tab.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.raw(Method::POST, "/goog/cdp/execute", Some(body))
            .await
    }

    /// The console messages since the last call.
    pub async fn console(&self) -> Vec<Value> {
        let body = Some(json!({ "type": "browser" }));
        match self.raw(Method::POST, "/se/log", body).await {
            Value::Array(entries) => entries,
            other => panic!("no log: {other}"),
        }
    }
}

/// Whether a browser and its driver are installed.
pub fn is_installed() -> bool {
    let runs = |program| {
        let mut command = Command::new(program);
        let version = command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    };
    runs("chromedriver") && (runs("chromium") || runs("google-chrome"))
}

const INSTALL: &str = "scripts/test installs Debian's chromium and chromium-driver";

fn capabilities(profile: &TempDir, logs: &[&str]) -> WebDriverResult<Capabilities> {
    let mut chrome = ChromeCapabilities::new();
    for flag in FLAGS {
        chrome.add_arg(flag)?;
    }
    chrome.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    let mut capabilities: Capabilities = chrome.into();
    let logs: serde_json::Map<_, _> = logs
        .iter()
        .map(|log| ((*log).into(), json!("ALL")))
        .collect();
    capabilities.set("goog:loggingPrefs", logs)?;
    Ok(capabilities)
}

/// A client without a proxy, with a timeout in case the browser hangs.
fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy();
    builder.timeout(Duration::from_mins(1)).build().unwrap()
}

/// The driver process, which is ended when dropped.
struct Chromedriver {
    child: Child,
    url: String,
    /// Kept open, because writing to a closed pipe could end the driver.
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Chromedriver {
    /// Starts the driver, if necessary several times. It chooses a free port for IPv4 and needs the
    /// same one for IPv6; if that is in use, it ends at once, and the next start chooses another.
    async fn start() -> Self {
        for _ in 0..5 {
            if let Some(started) = Self::try_start().await {
                return started;
            }
        }
        panic!("chromedriver ended before it printed its port; {INSTALL}")
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
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Parses "ChromeDriver was started successfully on port 33243."
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
