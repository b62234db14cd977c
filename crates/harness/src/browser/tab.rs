//! A tab, and the steps of a user in it. Each step waits until it is possible.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{By, WebDriver, WebElement, WindowHandle, error::WebDriverResult};

use super::Browser;

/// Long enough for a page that waits before it reconnects, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(30);
const CHECK_INTERVAL: Duration = Duration::from_millis(30);

/// Waits until `condition` is true. An error, for instance of a page that is loading, counts as
/// false.
async fn wait_until(what: &str, mut condition: impl AsyncFnMut() -> WebDriverResult<bool>) {
    let started = Instant::now();
    loop {
        let now = condition().await;
        if matches!(now, Ok(true)) {
            return;
        }
        assert!(
            started.elapsed() < TIMEOUT,
            "timed out waiting until {what}: {now:?}"
        );
        tokio::time::sleep(CHECK_INTERVAL).await;
    }
}

/// Keys without a character, in the encoding of WebDriver.
pub mod keys {
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    /// Pressed until it is typed again.
    pub const SHIFT: &str = "\u{e008}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
}

/// A tab in a window of its own: a background tab would have slow timers.
pub struct Tab<'b> {
    pub browser: &'b Browser,
    window: WindowHandle,
}

impl Browser {
    /// Opens a tab; the first is the one with which the browser starts.
    pub async fn tab(&self) -> Tab<'_> {
        let count = self.tabs.replace(self.tabs.get() + 1);
        let window = if count == 0 {
            self.driver.window().await.unwrap()
        } else {
            self.driver.new_window().await.unwrap()
        };
        Tab {
            browser: self,
            window,
        }
    }
}

impl Tab<'_> {
    /// The driver, switched to this tab.
    ///
    /// # Errors
    /// The browser did not respond, or the tab is closed.
    pub async fn driver(&self) -> WebDriverResult<&WebDriver> {
        let driver = &self.browser.driver;
        if *self.browser.current.borrow() != self.window {
            driver.switch_to_window(self.window.clone()).await?;
            self.browser.current.replace(self.window.clone());
        }
        Ok(driver)
    }

    pub async fn goto(&self, url: &str) {
        self.driver().await.unwrap().goto(url).await.unwrap();
    }

    pub async fn reload(&self) {
        self.driver().await.unwrap().refresh().await.unwrap();
    }

    /// Emulates a screen of this size, since windows cannot be as narrow as a phone.
    pub async fn screen(&self, width: u32, height: u32) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.driver().await.unwrap();
        let command = "Emulation.setDeviceMetricsOverride";
        self.browser.devtools(command, metrics).await;
    }

    pub async fn close(self) {
        self.driver().await.unwrap().close_window().await.unwrap();
    }

    /// Runs a script with `arguments`, and returns its result.
    ///
    /// # Errors
    /// The script failed, or the browser did not respond.
    pub async fn try_js(&self, script: &str, arguments: Vec<Value>) -> WebDriverResult<Value> {
        let returned = self.driver().await?.execute(script, arguments).await?;
        Ok(returned.json().clone())
    }

    /// The value of an expression.
    pub async fn value(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        self.try_js(&script, Vec::new()).await.unwrap()
    }

    /// Waits until an expression is true.
    pub async fn until(&self, what: &str, condition: &str) {
        self.until_with(what, condition, Vec::new()).await;
    }

    /// Waits until an expression over `arguments` is true.
    pub async fn until_with(&self, what: &str, condition: &str, arguments: Vec<Value>) {
        let script = format!("return Boolean(({condition}))");
        wait_until(what, async || {
            Ok(self.try_js(&script, arguments.clone()).await? == json!(true))
        })
        .await;
    }

    /// # Errors
    /// The browser did not respond.
    pub async fn is_visible(&self, css: &str) -> WebDriverResult<bool> {
        let elements = self.driver().await?.find_all(By::Css(css)).await?;
        match elements.first() {
            Some(element) => element.is_displayed().await,
            None => Ok(false),
        }
    }

    pub async fn until_visible(&self, css: &str) {
        wait_until(&format!("{css} is visible"), async || {
            self.is_visible(css).await
        })
        .await;
    }

    pub async fn until_hidden(&self, css: &str) {
        let what = format!("{css} is hidden");
        wait_until(&what, async || Ok(!self.is_visible(css).await?)).await;
    }

    /// Waits until the element's text contains `part`.
    pub async fn until_text(&self, css: &str, part: &str) {
        let condition = "document.querySelector(arguments[0])?.innerText.includes(arguments[1])";
        let what = format!("{css} contains {part:?}");
        self.until_with(&what, condition, vec![json!(css), json!(part)])
            .await;
    }

    /// The element, once it is visible.
    pub async fn find(&self, css: &str) -> WebElement {
        self.until_visible(css).await;
        let driver = self.driver().await.unwrap();
        driver.find(By::Css(css)).await.unwrap()
    }

    pub async fn click(&self, css: &str) {
        wait_until(&format!("{css} can be clicked"), async || {
            let element = self.driver().await?.find(By::Css(css)).await?;
            element.click().await.map(|()| true)
        })
        .await;
    }

    /// Types into the element, after its text.
    pub async fn keys(&self, css: &str, keys: &str) {
        self.find(css).await.send_keys(keys).await.unwrap();
    }

    /// Types into the focused element.
    pub async fn keys_anywhere(&self, keys: &str) {
        let driver = self.driver().await.unwrap();
        driver
            .action_chain()
            .send_keys(keys)
            .perform()
            .await
            .unwrap();
    }

    /// Fills the fields of a form, and submits it.
    pub async fn submit(&self, form: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let field = self.find(&format!("{form} [name={name}]")).await;
            field.clear().await.unwrap();
            field.send_keys(*value).await.unwrap();
        }
        self.click(&format!("{form} [type=submit]")).await;
    }
}
