//! The pages and their scripts, which are embedded in the binary.

use std::fmt::Write;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ETag, EntityTag},
    web,
};
use rust_embed::RustEmbed;

use crate::http::{Error, is_not_modified};

#[derive(RustEmbed)]
#[folder = "../../static/"]
struct Files;

/// Allows resources of this server only, and no inline scripts or styles.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// `GET /`.
pub async fn front(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("front/front.html", &request)
}

/// `GET /rooms/{room}`.
pub async fn chat(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("chat/chat.html", &request)
}

/// `GET /race`.
pub async fn race(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("race/race.html", &request)
}

/// `GET /favicon.ico`, which browsers ask for where a page names no icon.
pub async fn icon(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("shared/icon.svg", &request)
}

/// The page for an address where there is nothing.
///
/// # Errors
/// The page is not in the binary.
pub fn missing() -> Result<HttpResponse, Error> {
    let page = Files::get("missing/missing.html")
        .ok_or_else(|| Error::internal("missing/missing.html is not in the binary"))?;
    let response = HttpResponse::NotFound()
        .insert_header((header::CONTENT_TYPE, "text/html"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .body(page.data.into_owned());
    Ok(response)
}

/// `GET /static/{path}`.
pub async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    serve(&path, &request)
}

fn serve(path: &str, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let file =
        Files::get(path).ok_or_else(|| Error::not_found(format!("there is no file {path:?}")))?;
    let tag = EntityTag::new_strong(hex(&file.metadata.sha256_hash()[..16]));
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let not_modified = is_not_modified(request, &tag);
    let mut response = if not_modified {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(ETag(tag))
        .insert_header((header::CONTENT_TYPE, kind.to_string()))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY))
        .insert_header((header::REFERRER_POLICY, "same-origin"));
    Ok(if not_modified {
        response.finish()
    } else {
        response.body(file.data.into_owned())
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
