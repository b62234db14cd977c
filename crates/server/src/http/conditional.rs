//! Conditional requests (RFC 9110, 13.1.2).

use actix_web::{
    HttpRequest,
    http::header::{EntityTag, Header, IfNoneMatch},
};

/// Whether `If-None-Match` contains this tag, so that the response is 304.
pub fn is_not_modified(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}
