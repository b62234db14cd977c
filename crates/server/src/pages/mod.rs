//! The pages, the documents that they load, and the lab's reports.

pub mod files;
pub mod reports;
pub mod server_info;
pub mod transports;

use actix_web::HttpResponse;

use crate::http::Error;

pub use reports::Reports;
pub use server_info::{Guests, NetworkPath, ServerInfo};

/// Responds 404 to any other path.
pub async fn not_found() -> Result<HttpResponse, Error> {
    Err(Error::not_found(
        "there is nothing at this address: begin at /",
    ))
}
