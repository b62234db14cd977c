//! The chat page's own words: who, where, saying what, over which transport.

use std::time::Duration;

use protocol::{Message, Transport};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{Browser, Tab, keys};
use crate::{Server, User};

/// Often enough that some come while a transport changes, and the page keeps them all.
const EVERY: Duration = Duration::from_millis(50);

/// A message as the page shows it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Shown {
    /// None while it is on its way.
    pub seq: Option<u64>,
    pub body: String,
    pub author: String,
    pub own: bool,
    pub state: String,
}

#[derive(Deserialize)]
struct Answer {
    messages: Vec<Message>,
}

const SHOWN: &str =
    "return [...document.querySelectorAll('#messages > :is([data-seq], [data-key])')]
    .map((item) => ({
        seq: item.dataset.seq ? Number(item.dataset.seq) : null,
        body: item.querySelector('.body').textContent,
        author: item.querySelector('.author').textContent,
        own: 'own' in item.dataset,
        state: item.dataset.state,
    }))";

impl Browser {
    /// Gives this browser the session that `user` has: whoever it holds is signed in here too.
    pub async fn hold(&self, server: &Server, user: &User) {
        let cookie = user.cookie();
        let (name, value) = cookie.split_once('=').unwrap();
        let cookie = json!({ "name": name, "value": value, "url": server.url("/") });
        self.devtools("Network.setCookie", cookie).await;
    }

    /// A tab in the room, live.
    pub async fn enter(&self, server: &Server, room: &str, name: &str) -> Tab<'_> {
        let tab = self.tab().await;
        tab.goto(&server.url(&format!("/rooms/{room}?as={name}")))
            .await;
        tab.until_live().await;
        tab
    }
}

impl Tab<'_> {
    pub async fn until_live(&self) {
        self.until_visible("#status[data-state=live]").await;
    }

    /// Waits until the page has noticed that the server is out of reach.
    pub async fn until_not_live(&self) {
        self.until_visible("#status:not([data-state=live])").await;
    }

    /// Chooses a transport and waits until it works.
    pub async fn choose(&self, transport: Transport) {
        let slug = transport.slug();
        self.click(&format!("input[name=transport][value={slug}]"))
            .await;
        self.until_visible(&format!("#status[data-transport={slug}][data-state=live]"))
            .await;
    }

    /// Has it poll as often as it can.
    pub async fn poll_often(&self) {
        self.choose(Transport::ShortPoll).await;
        self.keys("input[name=interval]", keys::HOME).await;
        self.until(
            "it polls often",
            "document.querySelector('[name=interval]').value === '0.2'",
        )
        .await;
        self.until_live().await;
    }

    pub async fn write(&self, text: &str) {
        self.keys("#composer textarea", text).await;
    }

    /// Writes a message and sends it with Enter.
    pub async fn say(&self, text: &str) {
        self.write(&format!("{text}{}", keys::ENTER)).await;
    }

    pub async fn shown(&self) -> Vec<Shown> {
        let shown = self.try_js(SHOWN, Vec::new()).await.unwrap();
        serde_json::from_value(shown).unwrap()
    }

    /// Waits until a message with this body is in its place, and answers it.
    pub async fn until_shown(&self, body: &str) -> Shown {
        let condition = "[...document.querySelectorAll('#messages > [data-seq] .body')]
            .some((text) => text.textContent === arguments[0])";
        let what = format!("{body:?} is shown");
        self.until_with(&what, condition, vec![json!(body)]).await;
        let mut shown = self.shown().await;
        let position = shown.iter().position(|message| message.body == body);
        shown.swap_remove(position.unwrap())
    }

    /// Waits until a message with this body is marked as sent, in its place or not yet.
    pub async fn until_sent(&self, body: &str) {
        let condition = "[...document.querySelectorAll('#messages > [data-state=sent] .body')]
            .some((text) => text.textContent === arguments[0])";
        self.until_with(&format!("{body:?} is sent"), condition, vec![json!(body)])
            .await;
    }

    /// Waits until the message with this number is shown.
    pub async fn until_seq(&self, seq: u64) {
        self.until_visible(&format!("#messages > [data-seq='{seq}']"))
            .await;
    }

    /// The newest number shown, 0 when there is none.
    pub async fn newest(&self) -> u64 {
        let newest = "Number([...document.querySelectorAll('#messages > [data-seq]')]
            .at(-1)?.dataset.seq ?? 0)";
        self.value(newest).await.as_u64().unwrap()
    }

    /// Opens the menu under one's own name, with the accounts in it.
    pub async fn open_account_menu(&self) {
        self.click("#account-menu").await;
        self.until_visible("#account-list [data-account]").await;
    }

    /// Who the address says this tab is.
    pub async fn account_in_address(&self) -> Value {
        self.value("new URLSearchParams(location.search).get('as')")
            .await
    }
}

/// Checks that these are a room's messages from the first on: no gap, no repeat, in order.
pub fn check_whole(shown: &[Shown]) {
    let seqs: Vec<_> = shown.iter().map(|message| message.seq).collect();
    let due: Vec<_> = (1..=shown.len() as u64).map(Some).collect();
    assert_eq!(seqs, due, "lost, repeated or out of order");
    let unsent: Vec<_> = shown
        .iter()
        .filter(|message| message.state != "sent")
        .collect();
    assert!(unsent.is_empty(), "not marked as sent: {unsent:?}");
}

/// A room's messages as the server tells them: number and body.
pub async fn stored(user: &User, room: &str) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    loop {
        let after = all.len();
        let path = format!("/api/rooms/{room}/messages?after={after}&limit=500");
        let response = user.get(&path).await;
        if response.status() == 204 {
            return all;
        }
        let answer: Answer = response.json().await.unwrap();
        let messages = answer.messages.into_iter();
        all.extend(messages.map(|message| (message.seq, message.body)));
    }
}

/// Checks that the page shows the room exactly as it is stored.
pub async fn check_against(tab: &Tab<'_>, user: &User, room: &str) {
    let shown = tab.shown().await;
    check_whole(&shown);
    let shown: Vec<_> = shown
        .into_iter()
        .map(|it| (it.seq.unwrap(), it.body))
        .collect();
    assert_eq!(shown, stored(user, room).await);
}

/// Has somebody write into the lobby until the task is aborted.
pub fn keep_writing(bob: User) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut pace = tokio::time::interval(EVERY);
        for number in 1.. {
            pace.tick().await;
            bob.say("lobby", &format!("bob: {number}")).await;
        }
    })
}
