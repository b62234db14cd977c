//! The source of server-sent events.

use futures_util::StreamExt;

use super::{source::Source, told::Told};

impl Source {
    pub(super) async fn events(mut self) {
        let path = format!("/api/rooms/{}/events?{}", self.room, self.query());
        let response = self.user.get(&path).await;
        if response.status() != 200 {
            return self.tell(Told::Ended(Some(response.status().as_u16())));
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut bytes = response.bytes_stream();
        let mut buffer = Vec::new();
        while let Some(Ok(chunk)) = bytes.next().await {
            buffer.extend_from_slice(&chunk);
            while let Some(end) = buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = buffer.drain(..end + 2).collect();
                self.take_block(std::str::from_utf8(&block).unwrap());
            }
        }
        self.tell(Told::Ended(None));
    }

    fn take_block(&mut self, block: &str) {
        let field = |name: &str| {
            let prefix = format!("{name}: ");
            block
                .lines()
                .find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
        };
        match (field("event").as_deref(), field("id"), field("data")) {
            (Some("presence"), None, Some(data)) => {
                self.tell(Told::Presence(serde_json::from_str(&data).unwrap()));
            }
            (None, Some(id), Some(data)) => {
                self.tell_message(&data);
                assert_eq!(self.after, Some(id.parse().unwrap()), "the id is the seq");
            }
            (None, Some(head), None) => self.tell(Told::Head(head.parse().unwrap())),
            (None, None, None) => assert_eq!(block, ":\n\n"),
            other => panic!("an unknown block: {other:?}"),
        }
    }
}
