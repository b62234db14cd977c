//! What short and long polling share: one request, and what its answer means.

use serde::Deserialize;
use serde_json::value::RawValue;

use protocol::MAX_MESSAGES_PER_RESPONSE;

use super::{
    client::Client,
    failure::Failure,
    http_connection::{HttpConnection, HttpResponse},
    tally::ReceiverProgress,
};

/// The messages of an answer as their bytes.
#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    head: u64,
}

/// A client's polls: over one connection, or each over its own.
pub struct PollSession<'a> {
    client: &'a Client,
    exchange: Option<HttpConnection>,
    /// What follows the cursor in the query.
    query: String,
}

impl<'a> PollSession<'a> {
    /// # Errors
    /// No connection.
    pub async fn open(client: &'a Client, query: String) -> Result<Self, Failure> {
        let mut polls = PollSession {
            client,
            exchange: None,
            query,
        };
        if client.context.settings.keep_alive {
            polls.exchange = Some(HttpConnection::open(client).await?);
        }
        Ok(polls)
    }

    /// PollSession once; whether there is more to fetch at once.
    ///
    /// # Errors
    /// The connection ended, or the poll was refused.
    pub async fn once(&mut self, reader: &mut ReceiverProgress) -> Result<bool, Failure> {
        let kept = self.client.context.settings.keep_alive;
        let mut exchange = match self.exchange.take() {
            Some(exchange) => exchange,
            None => HttpConnection::open(self.client).await?,
        };
        let path = format!(
            "/api/rooms/{}/messages?after={}&limit={MAX_MESSAGES_PER_RESPONSE}{}",
            self.client.room,
            reader.audit.cursor(),
            self.query
        );
        let request = self.client.context.profile.get(&path, !kept);
        let answer = exchange.ask(request).await?;
        let more = self.take(&exchange, &answer, reader)?;
        if kept {
            self.exchange = Some(exchange);
        }
        Ok(more)
    }

    fn take(
        &self,
        exchange: &HttpConnection,
        answer: &HttpResponse,
        reader: &mut ReceiverProgress,
    ) -> Result<bool, Failure> {
        let tally = &self.client.context.tally;
        if !matches!(answer.status, 200 | 204) {
            return Err(Failure::Refused(answer.status));
        }
        tally.poll(answer.status == 204, answer.request, answer.head);
        if answer.status == 204 {
            return Ok(false);
        }
        let list: List =
            serde_json::from_slice(&answer.body).map_err(|_| Failure::Refused(answer.status))?;
        for message in &list.messages {
            exchange.stream().count_payload(message.get().len());
            tally.deliver(reader, message.get().as_bytes(), answer.at);
        }
        Ok(!list.messages.is_empty() && reader.audit.cursor() < list.head)
    }

    /// Lets a pause go by. A connection that the server closes meanwhile is let go.
    pub async fn pause(&mut self, wait: impl Future<Output = ()>) {
        match &mut self.exchange {
            Some(exchange) => {
                if !exchange.is_kept_for(wait).await {
                    self.exchange = None;
                }
            }
            None => wait.await,
        }
    }
}
