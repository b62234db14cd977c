//! The race page: its panes, the messages that arrive in them, and their figures.

use protocol::Transport;
use serde_json::json;

use super::{Browser, Tab};
use crate::{Server, User};

impl Browser {
    /// A tab of the race page with all panes connected; `settings` is the part of the address after
    /// `#`. Where there is one, the page does not begin with its guided opening.
    pub async fn race(&self, server: &Server, settings: &str) -> Tab<'_> {
        let tab = self.tab().await;
        let path = format!("/race#{settings}&pace=poisson");
        tab.goto(&server.url(&path)).await;
        tab.until_racing().await;
        tab
    }

    /// Makes the requests of the current tab look as if they came through a proxy, or not.
    pub async fn seem_behind_proxy(&self, is_behind: bool) {
        let headers = match is_behind {
            true => json!({ "X-Forwarded-For": "203.0.113.7" }),
            false => json!({}),
        };
        self.devtools("Network.enable", json!({})).await;
        let command = "Network.setExtraHTTPHeaders";
        self.devtools(command, json!({ "headers": headers })).await;
    }
}

impl Tab<'_> {
    /// Waits until each pane is live or its poll is parked.
    pub async fn until_racing(&self) {
        for transport in Transport::ALL {
            let state = pane(transport, ".pane-state");
            let condition = "['live', 'parked'].includes(
                document.querySelector(arguments[0])?.textContent)";
            let what = format!("{transport:?} is open");
            self.until_with(&what, condition, vec![json!(state)]).await;
        }
    }

    /// Waits until the pane shows a message with this body, and returns the shown latency.
    pub async fn until_arrived(&self, transport: Transport, body: &str) -> String {
        let took = "[...document.querySelectorAll(arguments[0])]
            .find((each) => each.querySelector('.body').textContent === arguments[1])
            ?.querySelector('.took').textContent";
        let arguments = vec![json!(pane(transport, ".arrivals button")), json!(body)];
        let what = format!("{body:?} has arrived over {transport:?}");
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

    /// The header section, as the server read it, of the request that delivered the room's first
    /// message.
    pub async fn request_header_of(&self, transport: Transport) -> String {
        let script = "return fetch(arguments[0]).then((response) => response.json())";
        let slug = transport.slug();
        let path = format!("/api/exchanges?room=duel&seq=1&transport={slug}");
        let exchange = self.try_js(script, vec![json!(path)]).await.unwrap();
        let section = exchange["steps"][0]["head"].as_str();
        section.unwrap_or_else(|| panic!("{exchange}")).to_owned()
    }
}

pub fn pane(transport: Transport, part: &str) -> String {
    format!(".pane[data-transport={}] {part}", transport.slug())
}

/// Signs Alice in in this browser, creates the room, and returns Bob, who can post to it.
pub async fn enter(browser: &Browser, server: &Server) -> User {
    browser
        .sign_in_as(server, &server.user("alice").await)
        .await;
    let bob = server.user("bob").await;
    let room = bob.post("/api/rooms", json!({ "name": "race" })).await;
    assert_eq!(room.status(), 201);
    bob
}
