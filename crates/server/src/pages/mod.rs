//! The pages, and what they are told about the server.

pub mod files;
pub mod reach;
pub mod reports;
pub mod transports;

use actix_web::HttpResponse;

use crate::http::Error;

pub use reach::{Line, Reach};
pub use reports::Reports;

/// What answers any address that there is not.
pub async fn nothing_here() -> Result<HttpResponse, Error> {
    Err(Error::not_found(
        "there is nothing at this address: begin at /",
    ))
}
