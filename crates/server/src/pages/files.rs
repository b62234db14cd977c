//! The pages and what they load: bundled in the binary, or from a folder as they are written.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

use super::{ServerInfo, framing, path::resolve, served::File};
use crate::http::Error;

/// What the bundle was made of: its maps lead here.
#[derive(RustEmbed)]
#[folder = "../../static/"]
struct Sources;

/// How a browser may keep a page or a file. What changes under its address is asked for again each time.
pub const REVALIDATED: &str = "no-cache";
/// The address of a bundled file has a hash of its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const NEVER: &str = "no-store";

/// The files of the bundle that have a hash in their names.
const HASHED: [&str; 4] = ["js", "css", "svg", "map"];

/// Where the pages come from.
#[derive(Clone, Debug)]
pub struct Pages {
    /// `None` for those in the binary.
    folder: Option<PathBuf>,
}

/// `GET /`.
pub async fn front(pages: web::Data<Pages>, request: HttpRequest) -> Result<HttpResponse, Error> {
    pages.serve("front", &request).await
}

/// `GET /rooms/{room}`.
pub async fn chat(pages: web::Data<Pages>, request: HttpRequest) -> Result<HttpResponse, Error> {
    pages.serve("chat", &request).await
}

/// `GET /race`.
pub async fn race(
    pages: web::Data<Pages>,
    server_info: web::Data<ServerInfo>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let page = pages.page("race", &request).await?;
    let page = page.under(framing::of_race(&request, &server_info));
    Ok(page.serve(&request, REVALIDATED))
}

/// `GET /line`, which the race of another network path frames.
pub async fn line(
    pages: web::Data<Pages>,
    server_info: web::Data<ServerInfo>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let page = pages.page("line", &request).await?;
    let page = page.under(framing::of_line(&request, &server_info));
    Ok(page.serve(&request, REVALIDATED))
}

/// `GET /class`, the page of the phones that take part.
pub async fn class(pages: web::Data<Pages>, request: HttpRequest) -> Result<HttpResponse, Error> {
    pages.serve("class", &request).await
}

/// The page for an address where there is nothing.
///
/// # Errors
/// There is no such page.
pub async fn missing(request: &HttpRequest) -> Result<HttpResponse, Error> {
    let pages = request.app_data::<web::Data<Pages>>();
    let pages = pages.ok_or_else(|| Error::internal("no pages"))?;
    let page = pages.page("missing", request).await?;
    Ok(page.into_response(HttpResponse::NotFound(), NEVER))
}

/// `GET /favicon.ico`, which browsers ask for where a page names no icon.
pub async fn icon(pages: web::Data<Pages>, request: HttpRequest) -> Result<HttpResponse, Error> {
    pages.serve_source("shared/icon.svg", &request).await
}

/// `GET /static/{path}`.
pub async fn file(
    path: web::Path<String>,
    pages: web::Data<Pages>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    pages.serve_source(&path, &request).await
}

/// `GET /assets/{file}`.
pub async fn asset(name: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let is_hashed = |name: &str| {
        let ending = Path::new(name).extension();
        ending.is_some_and(|ending| HASHED.iter().any(|known| ending == *known))
    };
    let file = is_hashed(&name).then(|| File::bundled(&name, &request));
    let file = file.flatten().ok_or_else(|| no_file(&name))?;
    Ok(file.serve(&request, FOR_EVER))
}

impl Pages {
    pub fn new(folder: Option<PathBuf>) -> Self {
        Pages { folder }
    }

    async fn serve(&self, name: &str, request: &HttpRequest) -> Result<HttpResponse, Error> {
        let page = self.page(name, request).await?;
        Ok(page.serve(request, REVALIDATED))
    }

    async fn serve_source(&self, path: &str, request: &HttpRequest) -> Result<HttpResponse, Error> {
        let file = self.source(path).await?.ok_or_else(|| no_file(path))?;
        Ok(file.serve(request, REVALIDATED))
    }

    async fn page(&self, name: &str, request: &HttpRequest) -> Result<File, Error> {
        let page = match self.folder {
            None => File::bundled(&format!("{name}.html"), request),
            Some(_) => self.source(&format!("{name}/{name}.html")).await?,
        };
        page.ok_or_else(|| no_page(name))
    }

    /// The folder, where pages do not come from the binary.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// A page that is filled in by the server, as it is written.
    pub async fn frame(&self, name: &str) -> Result<String, Error> {
        let page = match self.folder {
            None => File::plain(&format!("{name}.html")),
            Some(_) => self.source(&format!("{name}/{name}.html")).await?,
        };
        let page = page.ok_or_else(|| no_page(name))?;
        page.into_text().map_err(Error::internal)
    }

    async fn source(&self, path: &str) -> Result<Option<File>, Error> {
        let Some(folder) = self.folder.clone() else {
            return Ok(Sources::get(path).map(|file| File::embedded(path, file)));
        };
        let name = path.to_owned();
        let read = web::block(move || read(&folder, &name)).await;
        let read = read.map_err(Error::internal)?;
        let bytes = read.map_err(Error::internal)?;
        Ok(bytes.map(|bytes| File::new(path, bytes)))
    }
}

fn no_page(name: &str) -> Error {
    Error::internal(format!("there is no page {name}"))
}

fn no_file(path: &str) -> Error {
    Error::not_found(format!("there is no file {path:?}"))
}

/// The file of this path in `folder`, or `None`.
fn read(folder: &Path, path: &str) -> io::Result<Option<Vec<u8>>> {
    let parts: Vec<_> = path.split('/').collect();
    let file = resolve(folder, &parts).filter(|file| file.is_file());
    file.map(fs::read).transpose()
}
