//! The chat page: entering a room, writing messages, choosing a transport, reading what is shown.

use std::time::Duration;

use protocol::{Message, Transport};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{Browser, Tab, keys};
use crate::{Server, User};

/// The interval of the writer: short, so that some messages arrive while a transport changes.
const WRITE_INTERVAL: Duration = Duration::from_millis(50);

/// The page shows at most `MOST` messages; beyond it, it removes the oldest and keeps `KEPT`. As in
/// static/chat/message-list.js.
const MOST: usize = 1_000;
const KEPT: usize = 600;

/// A message as the page shows it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Shown {
    /// `None` until the message is acknowledged.
    pub seq: Option<u64>,
    pub body: String,
    pub author: String,
    pub own: bool,
    pub state: String,
}

#[derive(Deserialize)]
struct PollBody {
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
    /// Gives this browser the session cookie of `user`, with all accounts that it holds.
    pub async fn sign_in_as(&self, server: &Server, user: &User) {
        let cookie = user.cookie();
        let (name, value) = cookie.split_once('=').unwrap();
        let cookie = json!({ "name": name, "value": value, "url": server.url("/") });
        self.devtools("Network.setCookie", cookie).await;
    }

    /// A tab in the room, with a live transport.
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

    /// Waits until the page shows that the server is unreachable.
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

    /// Sets the shortest polling interval.
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

    /// Waits until a message with this body is shown with its `seq`, and returns it.
    pub async fn until_shown(&self, body: &str) -> Shown {
        let condition = "[...document.querySelectorAll('#messages > [data-seq] .body')]
            .some((text) => text.textContent === arguments[0])";
        let what = format!("{body:?} is shown");
        self.until_with(&what, condition, vec![json!(body)]).await;
        let mut shown = self.shown().await;
        let position = shown.iter().position(|message| message.body == body);
        shown.swap_remove(position.unwrap())
    }

    /// Waits until a message with this body is marked as sent, with or without its `seq`.
    pub async fn until_sent(&self, body: &str) {
        let condition = "[...document.querySelectorAll('#messages > [data-state=sent] .body')]
            .some((text) => text.textContent === arguments[0])";
        self.until_with(&format!("{body:?} is sent"), condition, vec![json!(body)])
            .await;
    }

    /// Waits until the message with this `seq` is shown.
    pub async fn until_seq(&self, seq: u64) {
        self.until_visible(&format!("#messages > [data-seq='{seq}']"))
            .await;
    }

    /// The newest `seq` shown, 0 if there is none.
    pub async fn newest(&self) -> u64 {
        let newest = "Number([...document.querySelectorAll('#messages > [data-seq]')]
            .at(-1)?.dataset.seq ?? 0)";
        self.value(newest).await.as_u64().unwrap()
    }

    /// Opens the account menu, and waits until it lists the accounts.
    pub async fn open_account_menu(&self) {
        self.click("#account-menu").await;
        self.until_visible("#account-list [data-account]").await;
    }

    /// The account in the address of this tab.
    pub async fn account_in_address(&self) -> Value {
        self.value("new URLSearchParams(location.search).get('as')")
            .await
    }
}

/// Checks that these are a room's messages without a gap, a repeat or a change of order. They start
/// at the first one, unless there are so many that the page has removed the oldest.
pub fn check_complete(shown: &[Shown]) {
    let first = shown.first().and_then(|message| message.seq).unwrap_or(1);
    assert!(
        first == 1 || shown.len() >= KEPT,
        "the first message shown is {first}, of {}",
        shown.len()
    );
    let seqs: Vec<_> = shown.iter().map(|message| message.seq).collect();
    let due: Vec<_> = (first..).take(shown.len()).map(Some).collect();
    assert_eq!(seqs, due, "lost, repeated or out of order");
    let unsent: Vec<_> = shown
        .iter()
        .filter(|message| message.state != "sent")
        .collect();
    assert!(unsent.is_empty(), "not marked as sent: {unsent:?}");
}

/// A room's messages as the server has them: `seq` and body.
pub async fn stored(user: &User, room: &str) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    loop {
        let after = all.len();
        let path = format!("/api/rooms/{room}/messages?after={after}&limit=500");
        let response = user.get(&path).await;
        if response.status() == 204 {
            return all;
        }
        let body: PollBody = response.json().await.unwrap();
        let messages = body.messages.into_iter();
        all.extend(messages.map(|message| (message.seq, message.body)));
    }
}

/// Checks that the page shows exactly the stored messages.
pub async fn check_shown_as_stored(tab: &Tab<'_>, user: &User, room: &str) {
    let shown = tab.shown().await;
    check_complete(&shown);
    let shown: Vec<_> = shown
        .into_iter()
        .map(|it| (it.seq.unwrap(), it.body))
        .collect();
    let stored = stored(user, room).await;
    let removed = stored.len() - shown.len();
    assert!(
        removed == 0 || stored.len() > MOST,
        "{removed} are not shown"
    );
    assert_eq!(shown, stored[removed..]);
}

/// Writes to the lobby as `bob` until the task is aborted.
pub fn keep_writing(bob: User) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut pace = tokio::time::interval(WRITE_INTERVAL);
        for number in 1.. {
            pace.tick().await;
            bob.say("lobby", &format!("bob: {number}")).await;
        }
    })
}
