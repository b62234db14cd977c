//! What the source of every transport has: whose it is, where it stands, and whom it tells.

use protocol::Message;
use tokio::sync::mpsc;

use super::told::{Raw, Told};
use crate::User;

/// What each transport needs to begin.
pub(super) struct Source {
    pub user: User,
    pub room: String,
    pub after: Option<u64>,
    pub presence: Option<u64>,
    pub tell: mpsc::UnboundedSender<Told>,
}

impl Source {
    pub fn query(&self) -> String {
        let after = self.after.map(|after| format!("after={after}"));
        let presence = self.presence.map(|version| format!("presence={version}"));
        let given: Vec<_> = [after, presence].into_iter().flatten().collect();
        given.join("&")
    }

    pub fn tell(&self, told: Told) {
        // Nobody listens any more when the test is over.
        let _ = self.tell.send(told);
    }

    pub fn tell_message(&mut self, json: &str) {
        let message: Message = serde_json::from_str(json).unwrap();
        self.after = Some(message.seq);
        let json = json.to_owned();
        self.tell(Told::Message(Box::new(Raw { json, message })));
    }
}
