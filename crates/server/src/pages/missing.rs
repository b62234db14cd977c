//! What is answered at an address where there is nothing: a page to a browser, a problem document to all others.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{Accept, Header, Quality},
    },
};

use super::files;
use crate::http::Error;

/// Responds 404. `detail` is for whoever does not ask for a page.
///
/// # Errors
/// The problem document, where no page was asked for.
pub async fn not_found(
    request: &HttpRequest,
    detail: impl Into<String>,
) -> Result<HttpResponse, Error> {
    match asks_for_page(request) {
        true => files::missing(request).await,
        false => Err(Error::not_found(detail)),
    }
}

/// Browsers name HTML when they open a page. `*/*` names nothing: scripts and command-line clients send it.
fn asks_for_page(request: &HttpRequest) -> bool {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let accepted = Accept::parse(request)
        .map(|accept| accept.0)
        .unwrap_or_default();
    is_read
        && accepted
            .iter()
            .any(|each| each.item.essence_str() == "text/html" && each.quality > Quality::ZERO)
}
