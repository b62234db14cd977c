//! Short and long polling: a request for each response.

use super::source::{End, Piece, Source};

impl Source {
    pub(super) async fn send_poll(&mut self) -> Result<(), End> {
        if self.is_waiting {
            return Ok(());
        }
        if self.connection.is_none() {
            self.connect().await?;
        }
        self.send_request("messages", "").await?;
        self.is_waiting = true;
        Ok(())
    }

    pub(super) async fn next_response(&mut self) -> Result<Piece, End> {
        let header = self.connected().header().await?;
        let body = self.connected().take(header.content_length).await?;
        self.is_waiting = false;
        if header.closes {
            self.disconnect();
        }
        match header.status {
            200 | 204 => Ok(Piece::Response(body)),
            status => Err(End::Refused(status)),
        }
    }
}
