//! One test: a server and a browser of its own, a clean console, pictures of what went wrong.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::Browser;
use crate::{Server, binary};

/// A Chromium is several busy processes; more at once would only be slower, and less steady.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Runs `body`. `name` is the test's, for the screenshots.
pub async fn trial(name: &str, body: impl AsyncFnOnce(&Browser, &mut Server)) {
    let _turn = AT_ONCE.acquire().await.unwrap();
    // The server outlives the body, so that screenshots do not show it missing.
    let mut server = Server::start().await;
    let browser = Browser::open().await;
    let course = async {
        body(&browser, &mut server).await;
        browser.check_console().await;
    };
    let outcome = AssertUnwindSafe(course).catch_unwind().await;
    if outcome.is_err() {
        browser.keep_evidence(name).await;
    }
    browser.close().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

impl Browser {
    /// Says that errors with one of these texts may stand in the console: browsers log every
    /// failed request there, and no page can prevent that.
    pub fn expect_errors(&self, texts: &[&'static str]) {
        self.expected_errors.borrow_mut().extend(texts);
    }

    /// Says that the server will be out of reach for a while.
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

    /// Keeps a picture of every tab, and prints the console. Never fails: another error is due.
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
