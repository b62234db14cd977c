//! The lab's reports: a page that lists them, and the files of each report. They are public.

mod file;
mod list;
mod machine;

use std::{path::PathBuf, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, ETag, HeaderValue},
    web,
};
use askama::Template;

use super::{files::REVALIDATED, missing::not_found, served::File};
use crate::http::{Error, is_not_modified};
use list::{ListedReport, ReportList};

/// Allows inline styles and images only. A report needs nothing else, and a folder from another
/// source must not run scripts.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The list is this server's own, and has its icon.
const LIST_SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The folder with the reports.
#[derive(Clone)]
pub struct Reports(Arc<ReportList>);

impl Reports {
    pub fn in_folder(folder: PathBuf) -> Self {
        Reports(Arc::new(ReportList::new(folder)))
    }

    /// Runs `work`, which reads from the disk, on a blocking thread.
    async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReportList) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let list = self.0.clone();
        web::block(move || work(&list))
            .await
            .map_err(Error::internal)
    }
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportListPage {
    reports: Vec<ListedReport>,
}

/// `GET /reports/`.
pub async fn list(
    reports: web::Data<Reports>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let reports = reports.run_blocking(ReportList::reports).await?;
    let page = ReportListPage { reports }
        .render()
        .map_err(Error::internal)?;
    let page = File::made("reports.html", page.into(), &request).map_err(Error::internal)?;
    let mut response = page.serve(&request, REVALIDATED);
    let policy = HeaderValue::from_static(LIST_SECURITY);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// Redirects to the path with a slash at its end, since the links of a page are relative to it.
pub async fn with_slash(request: HttpRequest) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, format!("{}/", request.uri().path())))
        .finish()
}

/// `GET /reports/{name}/`.
pub async fn index(
    name: web::Path<String>,
    reports: web::Data<Reports>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    show(&reports, &request, name.into_inner(), "index.html".into()).await
}

/// `GET /reports/{name}/{file}`.
pub async fn file(
    path: web::Path<(String, String)>,
    reports: web::Data<Reports>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (name, file) = path.into_inner();
    show(&reports, &request, name, file).await
}

async fn show(
    reports: &Reports,
    request: &HttpRequest,
    name: String,
    file: String,
) -> Result<HttpResponse, Error> {
    let missing =
        format!("there is no file {name}/{file} in the reports: see the list at /reports/");
    let found = reports
        .run_blocking(move |list| file::open(list.folder(), &name, &file))
        .await?;
    let Some(found) = found else {
        return not_found(request, missing).await;
    };
    let not_modified = is_not_modified(request, &found.tag);
    let mut response = with_security_headers(match not_modified {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    });
    response
        .insert_header(ETag(found.tag.clone()))
        .insert_header((header::CONTENT_TYPE, found.kind));
    Ok(match not_modified {
        true => response.finish(),
        false => response.body(found.into_body()),
    })
}

fn with_security_headers(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY))
        .insert_header((header::REFERRER_POLICY, "same-origin"));
    response
}
