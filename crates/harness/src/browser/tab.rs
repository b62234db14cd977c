//! A tab, and what a person can do in it. Everything waits until it can be done.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{By, WebDriver, WebElement, WindowHandle, error::WebDriverResult};

use super::Browser;

/// Long enough for a page that waits before it reconnects, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// Waits until `condition` holds; one that can't be told yet (a page on its way) does not hold.
async fn patiently(what: &str, mut condition: impl AsyncFnMut() -> WebDriverResult<bool>) {
    let started = Instant::now();
    loop {
        let now = condition().await;
        if matches!(now, Ok(true)) {
            return;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "waited in vain until {what}: {now:?}"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Keys that have no letter, as WebDriver writes them.
pub mod keys {
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    /// Down, until it is typed again.
    pub const SHIFT: &str = "\u{e008}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const HOME: &str = "\u{e011}";
    pub const UP: &str = "\u{e013}";
}

/// A window of its own: one behind others would be a background tab, with slow timers.
pub struct Tab<'b> {
    pub browser: &'b Browser,
    window: WindowHandle,
}

impl Browser {
    /// Another tab; the first is the one that a browser begins with.
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
    /// The driver, with this tab in front.
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

    /// Feigns a screen of this size: windows can't be as narrow as a phone.
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

    /// Runs a script with `arguments`; what it returns.
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
        patiently(what, async || {
            Ok(self.try_js(&script, arguments.clone()).await? == json!(true))
        })
        .await;
    }

    pub async fn is_visible(&self, css: &str) -> WebDriverResult<bool> {
        let elements = self.driver().await?.find_all(By::Css(css)).await?;
        match elements.first() {
            Some(element) => element.is_displayed().await,
            None => Ok(false),
        }
    }

    pub async fn until_visible(&self, css: &str) {
        patiently(&format!("{css} is visible"), async || {
            self.is_visible(css).await
        })
        .await;
    }

    pub async fn until_hidden(&self, css: &str) {
        let what = format!("{css} is gone");
        patiently(&what, async || Ok(!self.is_visible(css).await?)).await;
    }

    /// Waits until the element's text has `part` in it.
    pub async fn until_text(&self, css: &str, part: &str) {
        let condition = "document.querySelector(arguments[0])?.innerText.includes(arguments[1])";
        let what = format!("{css} says {part:?}");
        self.until_with(&what, condition, vec![json!(css), json!(part)])
            .await;
    }

    /// The element, once it can be seen.
    pub async fn find(&self, css: &str) -> WebElement {
        self.until_visible(css).await;
        let driver = self.driver().await.unwrap();
        driver.find(By::Css(css)).await.unwrap()
    }

    pub async fn click(&self, css: &str) {
        patiently(&format!("{css} can be clicked"), async || {
            let element = self.driver().await?.find(By::Css(css)).await?;
            element.click().await.map(|()| true)
        })
        .await;
    }

    /// Types into the element, behind what it holds.
    pub async fn keys(&self, css: &str, keys: &str) {
        self.find(css).await.send_keys(keys).await.unwrap();
    }

    /// Types to whatever has the focus.
    pub async fn keys_anywhere(&self, keys: &str) {
        let driver = self.driver().await.unwrap();
        driver
            .action_chain()
            .send_keys(keys)
            .perform()
            .await
            .unwrap();
    }

    /// Puts these values into a form's fields, and sends it.
    pub async fn submit(&self, form: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let field = self.find(&format!("{form} [name={name}]")).await;
            field.clear().await.unwrap();
            field.send_keys(*value).await.unwrap();
        }
        self.click(&format!("{form} [type=submit]")).await;
    }
}
