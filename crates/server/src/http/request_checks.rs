//! Middleware for every request: refuses foreign origins and large bodies before any handler runs.

use std::rc::Rc;

use actix_web::{
    ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Uri,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use protocol::MAX_BODY_BYTES;

use super::{Error, State};
use crate::connection::Meter;

/// Names the server that sent the response, if several serve the same log.
const SERVER_NAME: HeaderName = HeaderName::from_static("x-pushlab-server");

/// The middleware around all handlers.
pub async fn check_request<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let meter = request.conn_data::<Rc<Meter>>();
    let server = meter.and_then(|meter| meter.server());
    if let Some(meter) = meter {
        meter.begin_request();
    }
    if let Err(refusal) = check_host(&request).and_then(|()| check_origin_and_length(&request)) {
        let response = refusal.error_response().map_into_right_body();
        return Ok(request.into_response(response));
    }
    let behind_tls = request.connection_info().scheme() == "https";
    let mut response = next.call(request).await?;
    if behind_tls {
        secure_cookies(response.headers_mut());
    }
    if let Some(server) = server {
        let value = HeaderValue::from_static(server);
        response.headers_mut().insert(SERVER_NAME, value);
    }
    Ok(response.map_into_left_body())
}

/// What a page may ask to find out why nothing else is served: it has no secret.
const FOR_EVERY_HOST: &str = "/server.json";

/// HTTP/1.0 knows no `Host`.
fn check_host(request: &ServiceRequest) -> Result<(), Error> {
    let Some(host) = request.headers().get(header::HOST) else {
        return Ok(());
    };
    let host = host.to_str().unwrap_or_default();
    let state = request.app_data::<web::Data<State>>();
    let is_allowed = state.is_none_or(|state| state.allowed_hosts.allows(host));
    match is_allowed || request.path() == FOR_EVERY_HOST {
        true => Ok(()),
        false => Err(Error::forbidden(format!(
            "this server is not {host:?}: its operator can allow the name with --allowed-hosts"
        ))),
    }
}

fn check_origin_and_length(request: &ServiceRequest) -> Result<(), Error> {
    let handshake = request.headers().contains_key(header::SEC_WEBSOCKET_KEY);
    if (handshake || !request.method().is_safe()) && is_foreign(request) {
        return Err(Error::forbidden("this request comes from another origin"));
    }
    match content_length(request) {
        Some(length) if length > MAX_BODY_BYTES as u64 => Err(Error::too_large()),
        _ => Ok(()),
    }
}

/// Whether `Origin` is given and its authority differs from `Host`.
fn is_foreign(request: &ServiceRequest) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else {
        return false;
    };
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.parse::<Uri>().ok());
    match (origin, host) {
        (Some(origin), Some(host)) => !same_authority(&origin, host),
        _ => true,
    }
}

fn same_authority(origin: &Uri, host: &str) -> bool {
    // Browsers leave the default port out of both; other clients may include it.
    let default = match origin.scheme_str() {
        Some("http") => ":80",
        Some("https") => ":443",
        _ => return false,
    };
    let without_default_port = |authority: &str| {
        let lower = authority.to_ascii_lowercase();
        lower
            .strip_suffix(default)
            .map_or(lower.clone(), Into::into)
    };
    origin.authority().is_some_and(|authority| {
        without_default_port(authority.as_str()) == without_default_port(host)
    })
}

fn content_length(request: &ServiceRequest) -> Option<u64> {
    let length = request.headers().get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

fn secure_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<_> = headers.remove(header::SET_COOKIE).collect();
    for cookie in cookies {
        let secured = [cookie.as_bytes(), b"; Secure"].concat();
        if let Ok(secured) = HeaderValue::from_bytes(&secured) {
            headers.append(header::SET_COOKIE, secured);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_compared_without_default_ports() {
        let same = |origin: &str, host| same_authority(&origin.parse().unwrap(), host);
        assert!(same("http://127.0.0.1:8080", "127.0.0.1:8080"));
        assert!(same("http://Lab.example", "lab.example:80"));
        assert!(same("https://lab.example:443", "lab.example"));
        assert!(!same("http://127.0.0.1:8081", "127.0.0.1:8080"));
        assert!(!same("http://evil.example", "lab.example"));
        assert!(!same("http://lab.example.evil", "lab.example"));
        assert!(!same("https://lab.example", "lab.example:80"));
    }
}
