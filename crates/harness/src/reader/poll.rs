//! The source of both kinds of polling.

use std::time::Duration;

use protocol::Presence;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{source::Source, told::Told};

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    head: u64,
    presence: Option<Presence>,
}

impl Source {
    pub(super) async fn poll(mut self, extra: &str, pause: Duration) {
        loop {
            let query = self.query();
            let path = format!("/api/rooms/{}/messages?{query}&{extra}", self.room);
            let response = self.user.get(&path).await;
            match response.status().as_u16() {
                204 => tokio::time::sleep(pause).await,
                200 => {
                    let text = response.text().await.unwrap();
                    if self.take_answer(&text) {
                        tokio::time::sleep(pause).await;
                    }
                }
                status => return self.tell(Told::Ended(Some(status))),
            }
        }
    }

    /// Tells what an answer holds; false where there is more to be asked for at once.
    fn take_answer(&mut self, text: &str) -> bool {
        let answer: Answer = serde_json::from_str(text).unwrap();
        if self.after.is_none() {
            assert!(answer.messages.is_empty());
            self.after = Some(answer.head);
            self.tell(Told::Head(answer.head));
        }
        for message in &answer.messages {
            self.tell_message(message.get());
        }
        if let Some(presence) = answer.presence {
            self.presence = Some(presence.version);
            self.tell(Told::Presence(presence));
        }
        self.after == Some(answer.head)
    }
}
