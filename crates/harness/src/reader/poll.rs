//! Both kinds of polling: a request for each answer.

use super::source::{End, Piece, Source};

impl Source {
    pub(super) async fn ask_poll(&mut self) -> Result<(), End> {
        if self.asked {
            return Ok(());
        }
        if self.connection.is_none() {
            self.connect().await?;
        }
        self.send_request("messages", "").await?;
        self.asked = true;
        Ok(())
    }

    pub(super) async fn next_answer(&mut self) -> Result<Piece, End> {
        let head = self.connected().head().await?;
        let body = self.connected().take(head.content_length).await?;
        self.asked = false;
        if head.closes {
            self.disconnect();
        }
        match head.status {
            200 | 204 => Ok(Piece::Answer(body)),
            status => Err(End::Refused(status)),
        }
    }
}
