//! The frame of a browser test: a server and a browser of its own, a check of the console, and
//! screenshots after a failure.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::Browser;
use crate::{Server, binary};

/// Limits the browsers that run at the same time: each has several busy processes, and more of them
/// would make the tests slower and less reliable.
static PARALLEL: Semaphore = Semaphore::const_new(2);

/// Runs a test. `name` is that of its screenshots.
pub async fn trial(name: &str, body: impl AsyncFnOnce(&Browser, &mut Server)) {
    run(name, Browser::open(), body).await;
}

/// The same, in a browser that keeps what its tabs ask for.
pub async fn recorded_trial(name: &str, body: impl AsyncFnOnce(&Browser, &mut Server)) {
    run(name, Browser::open_recording(), body).await;
}

async fn run(
    name: &str,
    browser: impl Future<Output = Browser>,
    body: impl AsyncFnOnce(&Browser, &mut Server),
) {
    let _permit = PARALLEL.acquire().await.unwrap();
    // The server outlives the body, so that the screenshots do not show a lost connection.
    let mut server = Server::start().await;
    let browser = browser.await;
    let test = async {
        body(&browser, &mut server).await;
        browser.check_console().await;
    };
    let outcome = AssertUnwindSafe(test).catch_unwind().await;
    if outcome.is_err() {
        browser.keep_evidence(name).await;
    }
    browser.close().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

impl Browser {
    /// Accepts console errors with one of these texts. Browsers log every failed request, which no
    /// page can prevent.
    pub fn expect_errors(&self, texts: &[&'static str]) {
        self.expected_errors.borrow_mut().extend(texts);
    }

    /// Accepts the console errors of an unreachable server.
    pub fn expect_outage(&self) {
        self.expect_errors(&["net::ERR_", "WebSocket connection to 'ws:"]);
    }

    async fn check_console(&self) {
        let entries = self.console().await;
        let expected = self.expected_errors.borrow();
        let is_expected = |text: &str| expected.iter().any(|part| text.contains(part));
        let errors: Vec<&str> = entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .filter_map(|entry| entry["message"].as_str())
            .filter(|text| !is_expected(text))
            .collect();
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }

    /// Keeps a screenshot of every tab, and prints the console. It never fails, so that the error
    /// of the test is reported.
    async fn keep_evidence(&self, name: &str) {
        let folder = binary().with_file_name("screenshots");
        let _ = std::fs::create_dir_all(&folder);
        let windows = self.driver.windows().await.unwrap_or_default();
        for (index, window) in windows.into_iter().enumerate() {
            let path = folder.join(format!("{name}-{}.png", index + 1));
            let _ = self.driver.switch_to_window(window).await;
            match self.driver.screenshot(&path).await {
                Ok(()) => eprintln!("screenshot: {}", path.display()),
                Err(error) => eprintln!("no screenshot: {error}"),
            }
        }
        self.print_console().await;
    }

    async fn print_console(&self) {
        let entries = AssertUnwindSafe(self.console()).catch_unwind().await;
        for entry in entries.unwrap_or_default() {
            let text = |name: &str| entry[name].as_str().map(str::to_owned);
            if let (Some(level), Some(message)) = (text("level"), text("message")) {
                eprintln!("console: {level} {message}");
            }
        }
    }
}
