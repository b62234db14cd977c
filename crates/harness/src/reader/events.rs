//! Server-sent events: blocks in the chunks of one response.

use super::source::{End, Piece, Source};

impl Source {
    pub(super) async fn open_events(&mut self) -> Result<(), End> {
        self.connect().await?;
        self.send_request("events", "").await?;
        let header = self.connected().header().await?;
        if header.status != 200 {
            return Err(End::Refused(header.status));
        }
        assert_eq!(header.content_type, "text/event-stream");
        Ok(())
    }

    pub(super) async fn next_block(&mut self) -> Result<Piece, End> {
        loop {
            if let Some(end) = memchr::memmem::find(&self.text, b"\n\n") {
                return Ok(Piece::Block(self.text.split_to(end + 2)));
            }
            let chunk = self.connected().chunk().await?.ok_or(End::Closed)?;
            self.text.extend_from_slice(&chunk);
        }
    }
}
