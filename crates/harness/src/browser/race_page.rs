//! The race page's own words: panes, what arrives in them, their figures.

use protocol::Transport;
use serde_json::json;

use super::{Browser, Tab};
use crate::{Server, User};

impl Browser {
    /// A tab in the race, all of whose panes have asked; `fragment` is what stands behind the `#`.
    pub async fn race(&self, server: &Server, fragment: &str) -> Tab<'_> {
        let tab = self.tab().await;
        tab.goto(&server.url(&format!("/race#{fragment}"))).await;
        tab.until_racing().await;
        tab
    }

    /// Has the current tab come by way of a proxy, or not.
    pub async fn seem_elsewhere(&self, is_so: bool) {
        let headers = match is_so {
            true => json!({ "X-Forwarded-For": "203.0.113.7" }),
            false => json!({}),
        };
        self.devtools("Network.enable", json!({})).await;
        let command = "Network.setExtraHTTPHeaders";
        self.devtools(command, json!({ "headers": headers })).await;
    }
}

impl Tab<'_> {
    /// Waits until each pane is live, or its question is parked.
    pub async fn until_racing(&self) {
        for transport in Transport::ALL {
            let state = pane(transport, ".pane-state");
            let condition = "['live', 'parked'].includes(
                document.querySelector(arguments[0])?.textContent)";
            let what = format!("{transport:?} is open");
            self.until_with(&what, condition, vec![json!(state)]).await;
        }
    }

    /// Waits until the pane shows a message with this body; how long it took, as the pane says it.
    pub async fn until_arrived(&self, transport: Transport, body: &str) -> String {
        let took = "[...document.querySelectorAll(arguments[0])]
            .find((each) => each.querySelector('.body').textContent === arguments[1])
            ?.querySelector('.took').textContent";
        let arguments = vec![json!(pane(transport, ".arrivals button")), json!(body)];
        let what = format!("{body:?} has come over {transport:?}");
        self.until_with(&what, took, arguments.clone()).await;
        let took = self
            .try_js(&format!("return {took}"), arguments)
            .await
            .unwrap();
        took.as_str().unwrap().to_owned()
    }

    pub async fn until_figure(&self, transport: Transport, figure: &str, condition: &str) {
        let place = pane(transport, &format!("[data-figure={figure}]"));
        let condition = format!(
            "((text) => {condition})(document.querySelector(arguments[0])?.textContent ?? '')"
        );
        let what = format!("{figure} of {transport:?}");
        self.until_with(&what, &condition, vec![json!(place)]).await;
    }

    /// The head of the request that brought the room's first message, as the server has read it.
    pub async fn head_of(&self, transport: Transport) -> String {
        let ask = "return fetch(arguments[0]).then((answer) => answer.json())";
        let slug = transport.slug();
        let path = format!("/api/exchanges?room=duel&seq=1&transport={slug}");
        let exchange = self.try_js(ask, vec![json!(path)]).await.unwrap();
        let head = exchange["steps"][0]["head"].as_str();
        head.unwrap_or_else(|| panic!("{exchange}")).to_owned()
    }
}

pub fn pane(transport: Transport, part: &str) -> String {
    format!(".pane[data-transport={}] {part}", transport.slug())
}

/// Somebody to speak, and Alice signed in in this browser; the room is there.
pub async fn enter(browser: &Browser, server: &Server) -> User {
    browser.hold(server, &server.user("alice").await).await;
    let bob = server.user("bob").await;
    let room = bob.post("/api/rooms", json!({ "name": "race" })).await;
    assert_eq!(room.status(), 201);
    bob
}
