//! The pages, which are files in the binary.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ETag, EntityTag, Header, IfNoneMatch},
    web,
};
use rust_embed::RustEmbed;
use serde_json::json;

use super::{Error, read_only, reading};
use crate::wire::Transport;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// Everything comes from this server, and nothing is written into the page itself.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

pub fn configure(config: &mut web::ServiceConfig) {
    let read = [
        ("/", reading().to(front)),
        ("/rooms/{room}", reading().to(chat)),
        ("/race", reading().to(race)),
        ("/static/{path:.*}", reading().to(file)),
        ("/transports.json", reading().to(transports)),
    ];
    for (path, route) in read {
        config.service(read_only(path, route));
    }
    config.default_service(web::to(nothing_here));
}

async fn front(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("front/front.html", &request)
}

async fn chat(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("chat/chat.html", &request)
}

async fn race(request: HttpRequest) -> Result<HttpResponse, Error> {
    serve("race/race.html", &request)
}

async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    serve(&path, &request)
}

/// The identity of each transport, for the pages to show.
async fn transports() -> HttpResponse {
    let identity = |transport: Transport| {
        json!({
            "slug": transport.slug(), "name": transport.name(),
            "colour": transport.colour(), "marker": transport.marker(),
        })
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(Transport::ALL.map(identity))
}

async fn nothing_here() -> Result<HttpResponse, Error> {
    Err(Error::not_found(
        "there is nothing at this address: begin at /",
    ))
}

fn serve(path: &str, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let file = Files::get(path).ok_or_else(|| Error::not_found(format!("no file {path:?}")))?;
    let tag = EntityTag::new_strong(hex(&file.metadata.sha256_hash()[..16]));
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let known = is_known(request, &tag);
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(ETag(tag))
        .insert_header((header::CONTENT_TYPE, kind.to_string()))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"));
    Ok(if known {
        response.finish()
    } else {
        response.body(file.data.into_owned())
    })
}

/// Whether the client has it already.
pub(super) fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
