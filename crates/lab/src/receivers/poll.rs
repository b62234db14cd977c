//! A single poll, which short and long polling share.

use serde::Deserialize;
use serde_json::value::RawValue;

use protocol::MAX_MESSAGES_PER_RESPONSE;

use super::{
    client::Client,
    failure::Failure,
    http_connection::{HttpConnection, HttpResponse},
    tally::ReceiverProgress,
};

/// The body of a response, with the messages as raw JSON.
#[derive(Deserialize)]
struct PollBody<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    head: u64,
}

/// A receiver's polls: over one connection, or each over a new one.
pub struct PollSession<'a> {
    client: &'a Client,
    connection: Option<HttpConnection>,
    /// The part of the query after the cursor.
    query: String,
}

impl<'a> PollSession<'a> {
    /// # Errors
    /// The connection could not be opened.
    pub async fn open(client: &'a Client, query: String) -> Result<Self, Failure> {
        let mut polls = PollSession {
            client,
            connection: None,
            query,
        };
        if client.context.settings.keep_alive {
            polls.connection = Some(HttpConnection::open(client).await?);
        }
        Ok(polls)
    }

    /// Polls once; true if the server has more messages to fetch at once.
    ///
    /// # Errors
    /// The connection ended, or the poll was refused.
    pub async fn poll(&mut self, progress: &mut ReceiverProgress) -> Result<bool, Failure> {
        let kept = self.client.context.settings.keep_alive;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => HttpConnection::open(self.client).await?,
        };
        let path = format!(
            "/api/rooms/{}/messages?after={}&limit={MAX_MESSAGES_PER_RESPONSE}{}",
            self.client.room,
            progress.audit.cursor(),
            self.query
        );
        let request = self.client.context.request_template.get(&path, !kept);
        let response = connection.request(request).await?;
        let more = self.accept(&connection, &response, progress)?;
        if kept {
            self.connection = Some(connection);
        }
        Ok(more)
    }

    fn accept(
        &self,
        connection: &HttpConnection,
        response: &HttpResponse,
        progress: &mut ReceiverProgress,
    ) -> Result<bool, Failure> {
        let tally = &self.client.context.tally;
        if !matches!(response.status, 200 | 204) {
            return Err(Failure::Refused(response.status));
        }
        tally.poll(
            response.status == 204,
            response.request_headers,
            response.response_headers,
        );
        if response.status == 204 {
            return Ok(false);
        }
        let body: PollBody = serde_json::from_slice(&response.body)
            .map_err(|_| Failure::Refused(response.status))?;
        for message in &body.messages {
            connection.stream().count_payload(message.get().len());
            tally.deliver(progress, message.get().as_bytes(), response.reading);
        }
        Ok(!body.messages.is_empty() && progress.audit.cursor() < body.head)
    }

    /// Waits for a pause. If the server closes the connection meanwhile, it is dropped.
    pub async fn pause(&mut self, wait: impl Future<Output = ()>) {
        match &mut self.connection {
            Some(connection) => {
                if !connection.stays_open_during(wait).await {
                    self.connection = None;
                }
            }
            None => wait.await,
        }
    }
}
