//! The response with a page of messages.

use actix_web::{HttpResponse, body::SizedStream, http::StatusCode, web::Bytes};
use domain::{
    chat::{LargePage, Page},
    store::StoreError,
};
use futures_util::{Stream, stream};
use protocol::{Beside, RESPONSE_BEGIN, encode_response, response_end};

use crate::{
    http::{Error, response},
    limits::{AnswerPlace, Limits},
};

/// The response with these messages, where the newest of the room has the number `head`. A large one is read
/// as it is sent. `account` asks for it, and is named where it has limits.
///
/// # Errors
/// 429 or 503 if too many large ones are being sent.
pub async fn page_response(
    (limits, account): (&Limits, Option<i64>),
    page: Page,
    head: u64,
    beside: Beside<'_>,
) -> Result<HttpResponse, Error> {
    let page = match page {
        Page::Whole(messages) => {
            let body = encode_response(&messages, head, beside);
            return Ok(response::encoded(StatusCode::OK, body));
        }
        Page::Large(page) => page,
    };
    let answer = LargeAnswer {
        _place: limits.answer(account).await?,
        end: Some(response_end(head.max(page.last()), beside).into()),
        has_begun: false,
        page,
    };
    let body = SizedStream::new(answer.bytes(), answer.into_stream());
    Ok(response::encoded(StatusCode::OK, body))
}

/// A body with many messages, of which it holds none.
struct LargeAnswer {
    page: LargePage,
    has_begun: bool,
    /// What follows the messages, until it is sent.
    end: Option<Bytes>,
    _place: AnswerPlace,
}

impl LargeAnswer {
    fn bytes(&self) -> u64 {
        let commas = self.page.messages().saturating_sub(1);
        let end = self.end.as_ref().map_or(0, Bytes::len);
        (RESPONSE_BEGIN.len() + self.page.bytes() + commas + end) as u64
    }

    fn into_stream(self) -> impl Stream<Item = Result<Bytes, StoreError>> {
        stream::unfold(self, |mut answer| async move {
            let part = answer.next().await.transpose()?;
            Some((part, answer))
        })
    }

    /// The next part of the body, or `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let messages = self.page.next_part().await?;
        if messages.is_empty() {
            return Ok(self.end.take());
        }
        let lengths = messages.iter().map(|message| message.json().len() + 1);
        let mut part = Vec::with_capacity(RESPONSE_BEGIN.len() + lengths.sum::<usize>());
        for message in &messages {
            let before = match self.has_begun {
                true => b",",
                false => RESPONSE_BEGIN,
            };
            self.has_begun = true;
            part.extend_from_slice(before);
            part.extend_from_slice(message.json());
        }
        Ok(Some(part.into()))
    }
}
