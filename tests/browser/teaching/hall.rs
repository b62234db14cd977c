//! The lecture hall: the projector with a second tab, and a phone, and what is done there.

use harness::{
    Server,
    browser::{Browser, Tab, keys},
};
use serde_json::json;

use super::script::{Act, Place, Step};

/// Finds what has this name for whoever looks: the first words in it, in a dialog if one is open. `…` stands for anything.
const FIND: &str = "(() => {
    const [kinds, wanted] = arguments;
    const [begin, end] = wanted.split(' … ');
    const first = (element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT,
            (node) => (node.parentElement.closest('svg') || !node.data.trim() ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
        return walker.nextNode()?.data.trim() ?? '';
    };
    const is = (name) => (end ? name.startsWith(begin) && name.endsWith(end) : name === wanted);
    const within = document.querySelector('dialog[open]') ?? document;
    const found = [...within.querySelectorAll(kinds)].find((each) => each.checkVisibility({ visibilityProperty: true }) && is(first(each)));
    document.querySelector('[data-found]')?.removeAttribute('data-found');
    const target = found?.control ?? found;
    target?.setAttribute('data-found', found.matches('a[href]') ? 'link' : 'button');
    return Boolean(target) && !target.disabled;
})()";

const FOUND: &str = "[data-found]";
const BUTTONS: &str = "button, summary, a[href], label";
const SLIDERS: &str = "label";
const MESSAGE_BOX: &str = "[placeholder='Write a message']";

pub struct Hall<'b> {
    pub projector: Tab<'b>,
    pub second: Tab<'b>,
    pub phone: Tab<'b>,
    /// The server, 40 ms away.
    address: String,
}

impl<'b> Hall<'b> {
    pub async fn new(browser: &'b Browser, phone: &'b Browser, server: &Server) -> Self {
        Hall {
            projector: browser.tab().await,
            second: browser.tab().await,
            phone: phone.tab().await,
            address: server.behind_link.clone().unwrap(),
        }
    }

    pub async fn take(&mut self, Step { place, act }: &Step) {
        let tab = match place {
            Place::Projector => &self.projector,
            Place::SecondTab => &self.second,
            Place::Phone => &self.phone,
        };
        match act {
            Act::Open(path) => open(tab, &self.address, path).await,
            Act::Press(name) => press(tab, name).await,
            Act::Key(key) => tab.keys_anywhere(&key.to_string()).await,
            Act::Slide(name) => {
                find(tab, SLIDERS, name).await;
                tab.keys(FOUND, keys::HOME).await;
            }
            Act::Write(text) => {
                let line = format!("{text}{}", keys::ENTER);
                tab.keys(MESSAGE_BOX, &line).await;
            }
        }
    }
}

/// Opens a page, and waits until it is ready for whoever looks at it. The page before is left first: one race runs at a time.
async fn open(tab: &Tab<'_>, address: &str, path: &str) {
    tab.goto("about:blank").await;
    tab.goto(&format!("http://{address}{path}")).await;
    let page = path.split(['#', '?']).next().unwrap();
    match page {
        "/race" if path.contains("step=") => tab.until_visible("#guide").await,
        "/race" => tab.until_racing().await,
        "/rooms/lobby" => tab.until_live().await,
        _ => tab.until_visible("main").await,
    }
}

async fn find(tab: &Tab<'_>, kinds: &str, name: &str) {
    let what = format!("there is {name:?} to press");
    tab.until_with(&what, FIND, vec![json!(kinds), json!(name)])
        .await;
}

/// Presses it. A link leads to another page, for which this waits.
async fn press(tab: &Tab<'_>, name: &str) {
    find(tab, BUTTONS, name).await;
    let link = "document.querySelector('[data-found=link]') !== null && (window.isLeft = true)";
    let is_link = tab.value(link).await == json!(true);
    tab.click(FOUND).await;
    if is_link {
        let what = format!("{name} leads to another page");
        tab.until(
            &what,
            "!window.isLeft && document.readyState === 'complete'",
        )
        .await;
    }
}
