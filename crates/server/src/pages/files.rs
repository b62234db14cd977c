//! The pages and what they load: bundled in the binary, or from a folder as they are written.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, AcceptEncoding, ETag, Encoding, EntityTag, Header},
    web,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::path::resolve;
use crate::http::{Error, is_not_modified};

/// What scripts/bundle-pages has made of the pages.
#[derive(RustEmbed)]
#[folder = "../../bundle/"]
struct Bundle;

/// What it was made of. The maps of the bundle lead here.
#[derive(RustEmbed)]
#[folder = "../../static/"]
struct Sources;

/// Allows resources of this server only, and no inline scripts or styles.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// How a browser may keep a page or a file. What changes under its address is asked for again each time.
const REVALIDATED: &str = "no-cache";
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

/// A file that is served.
struct File {
    bytes: Vec<u8>,
    tag: EntityTag,
    kind: mime_guess::Mime,
    /// How its bytes are packed.
    encoding: Option<Encoding>,
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
pub async fn race(pages: web::Data<Pages>, request: HttpRequest) -> Result<HttpResponse, Error> {
    pages.serve("race", &request).await
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
        page.ok_or_else(|| Error::internal(format!("there is no page {name}")))
    }

    async fn source(&self, path: &str) -> Result<Option<File>, Error> {
        let Some(folder) = self.folder.clone() else {
            return Ok(Sources::get(path).map(|file| File::embedded(path, file)));
        };
        let name = path.to_owned();
        let read = web::block(move || read(&folder, &name)).await;
        let read = read.map_err(Error::internal)?;
        let bytes = read.map_err(Error::internal)?;
        Ok(bytes.map(|bytes| File::new(path, &Sha256::digest(&bytes).into(), bytes)))
    }
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

impl File {
    fn new(path: &str, hash: &[u8; 32], bytes: Vec<u8>) -> Self {
        File {
            bytes,
            tag: EntityTag::new_strong(hex(&hash[..16])),
            kind: mime_guess::from_path(path).first_or_octet_stream(),
            encoding: None,
        }
    }

    fn embedded(path: &str, file: EmbeddedFile) -> Self {
        File::new(path, &file.metadata.sha256_hash(), file.data.into_owned())
    }

    /// A file of the bundle, packed if the client accepts that.
    fn bundled(name: &str, request: &HttpRequest) -> Option<Self> {
        let packed = accepted(request).and_then(|(encoding, ending)| {
            let file = File::embedded(name, Bundle::get(&format!("{name}.{ending}"))?);
            let encoding = Some(encoding);
            Some(File { encoding, ..file })
        });
        packed.or_else(|| Some(File::embedded(name, Bundle::get(name)?)))
    }

    fn serve(self, request: &HttpRequest, caching: &str) -> HttpResponse {
        match is_not_modified(request, &self.tag) {
            true => self
                .described(HttpResponse::NotModified(), caching)
                .finish(),
            false => self.into_response(HttpResponse::Ok(), caching),
        }
    }

    fn into_response(self, response: HttpResponseBuilder, caching: &str) -> HttpResponse {
        let mut response = self.described(response, caching);
        if let Some(encoding) = &self.encoding {
            response.insert_header((header::CONTENT_ENCODING, encoding.to_string()));
        }
        response.body(self.bytes)
    }

    fn described(&self, mut response: HttpResponseBuilder, caching: &str) -> HttpResponseBuilder {
        response
            .insert_header(ETag(self.tag.clone()))
            .insert_header((header::CONTENT_TYPE, self.kind.to_string()))
            .insert_header((header::CACHE_CONTROL, caching))
            .insert_header((header::VARY, "Accept-Encoding"))
            .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY))
            .insert_header((header::REFERRER_POLICY, "same-origin"));
        response
    }
}

/// How the client would like a file to be packed, and the ending of files that are.
fn accepted(request: &HttpRequest) -> Option<(Encoding, &'static str)> {
    let packings = [(Encoding::brotli(), "br"), (Encoding::gzip(), "gz")];
    let plain = Encoding::identity();
    let known = packings.iter().map(|(encoding, _)| encoding);
    let accepted = AcceptEncoding::parse(request).ok()?;
    let best = accepted.negotiate(known.chain([&plain]))?;
    packings.into_iter().find(|(encoding, _)| *encoding == best)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

    /// The hashes of what scripts/bundle-pages read and wrote.
    #[derive(Deserialize)]
    struct Manifest {
        sources: BTreeMap<String, String>,
        files: BTreeMap<String, String>,
    }

    fn hash_of(file: &Path) -> String {
        let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        hex(&Sha256::digest(bytes))
    }

    /// That it is what they are made into, byte by byte, is for scripts/check-pages, which needs Node.
    #[test]
    fn the_bundle_is_of_these_sources() {
        let root = Path::new(ROOT);
        let manifest = fs::read(root.join("bundle/manifest.json")).unwrap();
        let manifest: Manifest = serde_json::from_slice(&manifest).unwrap();
        assert!(manifest.sources.len() > 50 && manifest.files.len() > 10);
        for (file, hash) in &manifest.sources {
            let is_same = hash_of(&root.join(file)) == *hash;
            assert!(is_same, "{file} has changed: run scripts/bundle-pages");
        }
        for (file, hash) in &manifest.files {
            let is_same = hash_of(&root.join("bundle").join(file)) == *hash;
            assert!(is_same, "{file} is made by scripts/bundle-pages alone");
        }
    }
}
