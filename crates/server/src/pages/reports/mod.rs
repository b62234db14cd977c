//! The lab's reports: a page that lists them, and the files of each. Anybody may read them.

mod file;
mod folder;
mod list;

use std::{path::PathBuf, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, ETag},
    web,
};
use askama::Template;

use crate::http::{Error, is_known};
use list::{List, Run};

/// The pages bring their own style, and the figures are a part of them. Nothing is fetched, and no
/// script is run, whoever put the folder there.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The folder with a report in each of its folders.
#[derive(Clone)]
pub struct Reports(Arc<List>);

impl Reports {
    pub fn in_folder(folder: PathBuf) -> Self {
        Reports(Arc::new(List::of(folder)))
    }

    /// Does something that waits for the disk, off the event loop.
    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&List) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let list = self.0.clone();
        web::block(move || work(&list))
            .await
            .map_err(Error::internal)
    }
}

#[derive(Template)]
#[template(path = "reports.html")]
struct Page {
    runs: Vec<Run>,
}

pub async fn list(reports: web::Data<Reports>) -> Result<HttpResponse, Error> {
    let runs = reports.look(List::runs).await?;
    let page = Page { runs }.render().map_err(Error::internal)?;
    Ok(guarded(HttpResponse::Ok())
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .body(page))
}

/// Links on a page are relative to its folder, so the address must end like one.
pub async fn with_slash(request: HttpRequest) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, format!("{}/", request.uri().path())))
        .finish()
}

pub async fn index(
    name: web::Path<String>,
    reports: web::Data<Reports>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    show(&reports, &request, name.into_inner(), "index.html".into()).await
}

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
    let missing = format!("there is no report with a file {name}/{file}: /reports/ lists them");
    let found = reports
        .look(move |list| file::open(list.folder(), &name, &file))
        .await?
        .ok_or_else(|| Error::not_found(missing))?;
    let known = is_known(request, &found.tag);
    let mut response = guarded(match known {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    });
    response
        .insert_header(ETag(found.tag.clone()))
        .insert_header((header::CONTENT_TYPE, found.kind));
    Ok(match known {
        true => response.finish(),
        false => response.body(found.into_body()),
    })
}

fn guarded(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"));
    response
}
