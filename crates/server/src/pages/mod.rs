//! The pages, the documents that they load, and the lab's reports.

pub mod documents;
pub mod files;
mod framing;
mod missing;
mod path;
pub mod reports;
mod served;
pub mod server_info;
pub mod transports;

use actix_web::{HttpRequest, HttpResponse};

use crate::http::Error;

pub use files::Pages;
pub use reports::Reports;
pub use server_info::{Guests, NetworkPath, ServerInfo};

/// Responds 404 to any other path.
pub async fn not_found(request: HttpRequest) -> Result<HttpResponse, Error> {
    missing::not_found(&request, "there is nothing at this address: begin at /").await
}
