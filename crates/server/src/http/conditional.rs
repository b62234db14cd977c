//! Requests that carry what their client has already (RFC 9110, 13.1.2).

use actix_web::{
    HttpRequest,
    http::header::{EntityTag, Header, IfNoneMatch},
};

/// Whether the client has it already.
pub fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}
