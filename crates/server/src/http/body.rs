//! JSON bodies.

use std::time::Duration;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, dev::Payload, error::PayloadError, http::header, web,
};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::Error;

/// How long the client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// A body, parsed as JSON.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let is_encoded = is_encoded(request);
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(Error::media_type());
            }
            if is_encoded {
                return Err(Error::encoded_body());
            }
            let body = timeout(BODY_TIMEOUT, body)
                .await
                .map_err(|_| Error::body_timeout())?;
            parse(&body.map_err(unreadable)?).map(Form)
        })
    }
}

/// A body without a `Content-Type` is assumed to be JSON.
fn is_json(request: &HttpRequest) -> bool {
    let Ok(kind) = request.mime_type() else {
        return false;
    };
    kind.is_none_or(|kind| kind.subtype() == "json" || kind.suffix().is_some_and(|s| s == "json"))
}

/// Whether the body is compressed, which the server does not undo.
fn is_encoded(request: &HttpRequest) -> bool {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    // A form is derived from the names of its members, and serde would take an array for it as well.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Error::wrong_shape(
            "the body must be a JSON object, not an array",
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Error::wrong_shape(format!(
                "the JSON does not have the expected shape: {error}"
            ))
        } else {
            Error::bad_request(format!("the body is not JSON: {error}"))
        }
    })
}

fn unreadable(error: actix_web::Error) -> Error {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Error::too_large(),
        _ => Error::bad_request(format!("the body could not be read: {error}")),
    }
}
