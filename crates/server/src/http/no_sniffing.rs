//! Browsers are to take each response for what it says it is.

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderValue},
    middleware::Next,
};

/// Middleware: adds `X-Content-Type-Options`, except to what the transports send. Their bytes are what the lab
/// measures, and no browser guesses at JSON or an event stream that a script has asked for.
pub async fn no_sniffing<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let is_measured = is_measured(request.path());
    let mut response = next.call(request).await?;
    if !is_measured {
        let value = HeaderValue::from_static("nosniff");
        let headers = response.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, value);
    }
    Ok(response)
}

fn is_measured(path: &str) -> bool {
    let rest = path.strip_prefix("/api/rooms/");
    let end = rest.and_then(|rest| rest.split_once('/'));
    matches!(end, Some((_, "messages" | "events" | "ws")))
}
