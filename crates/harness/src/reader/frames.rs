//! The source of a WebSocket.

use futures_util::StreamExt;
use serde_json::value::RawValue;

use super::{source::Source, told::Told};
use crate::Socket;

impl Source {
    pub(super) async fn socket(mut self) {
        use tokio_tungstenite::tungstenite::Message as Ws;
        let mut socket = match Socket::open(&self.user, &self.room, &self.query()).await {
            Ok(socket) => socket,
            Err(status) => return self.tell(Told::Ended(Some(status))),
        };
        while let Some(Ok(frame)) = socket.stream.next().await {
            match frame {
                Ws::Text(text) => self.take_frame(&text),
                Ws::Close(_) => break,
                _ => {}
            }
        }
        self.tell(Told::Ended(None));
    }

    fn take_frame(&mut self, text: &str) {
        let frame: std::collections::BTreeMap<String, &RawValue> =
            serde_json::from_str(text).unwrap();
        assert_eq!(frame.len(), 1, "one member each: {text}");
        let (name, content) = frame.first_key_value().unwrap();
        match name.as_str() {
            "message" => self.tell_message(content.get()),
            "head" => self.tell(Told::Head(content.get().parse().unwrap())),
            "presence" => self.tell(Told::Presence(serde_json::from_str(content.get()).unwrap())),
            other => panic!("an unknown frame: {other}"),
        }
    }
}
