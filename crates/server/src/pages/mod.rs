//! The pages, and what they are told about the server.

pub mod files;
pub mod reports;
pub mod server_info;
pub mod transports;

use actix_web::HttpResponse;

use crate::http::Error;

pub use reports::Reports;
pub use server_info::{NetworkPath, ServerInfo};

/// StepKind answers any address that there is not.
pub async fn nothing_here() -> Result<HttpResponse, Error> {
    Err(Error::not_found(
        "there is nothing at this address: begin at /",
    ))
}
