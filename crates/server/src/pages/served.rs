//! A file as it is sent: packed if the client accepts that, or not at all if it has it.

use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, Write as _},
    slice,
    string::FromUtf8Error,
};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, AcceptEncoding, ETag, Encoding, EntityTag, Header},
};
use flate2::{Compression, write::GzEncoder};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::http::is_not_modified;

/// What scripts/bundle-pages has made of the pages.
#[derive(RustEmbed)]
#[folder = "../../bundle/"]
struct Bundle;

/// Allows resources of this server only, and no inline scripts or styles; no frames, and being framed by
/// nobody.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// The same, but for what a page may frame and who may frame it.
pub fn policy(frames: &str, ancestors: &str) -> String {
    let (others, _) = CONTENT_SECURITY
        .rsplit_once("; ")
        .expect("frame-ancestors come last");
    format!("{others}; frame-src {frames}; frame-ancestors {ancestors}")
}

/// A file that is served.
pub struct File {
    bytes: Vec<u8>,
    tag: EntityTag,
    kind: mime_guess::Mime,
    /// How its bytes are packed.
    encoding: Option<Encoding>,
    policy: Cow<'static, str>,
}

impl File {
    /// A file of this name, with bytes that nobody has hashed yet.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        File::hashed(name, &Sha256::digest(&bytes).into(), bytes)
    }

    fn hashed(name: &str, hash: &[u8; 32], bytes: Vec<u8>) -> Self {
        File {
            bytes,
            tag: EntityTag::new_strong(hex(&hash[..16])),
            kind: mime_guess::from_path(name).first_or_octet_stream(),
            encoding: None,
            policy: CONTENT_SECURITY.into(),
        }
    }

    /// A file of the binary, under this name.
    pub fn embedded(name: &str, file: EmbeddedFile) -> Self {
        File::hashed(name, &file.metadata.sha256_hash(), file.data.into_owned())
    }

    /// A file of the bundle, packed if the client accepts that.
    pub fn bundled(name: &str, request: &HttpRequest) -> Option<Self> {
        let packed = accepted(request).and_then(|(encoding, ending)| {
            let file = File::embedded(name, Bundle::get(&format!("{name}.{ending}"))?);
            let encoding = Some(encoding);
            Some(File { encoding, ..file })
        });
        packed.or_else(|| File::plain(name))
    }

    /// A file of the bundle, not packed.
    pub fn plain(name: &str) -> Option<Self> {
        Some(File::embedded(name, Bundle::get(name)?))
    }

    /// What it says, if it is not packed.
    ///
    /// # Errors
    /// It is no text.
    pub fn into_text(self) -> Result<String, FromUtf8Error> {
        String::from_utf8(self.bytes)
    }

    /// A page that was made just now, packed if the client accepts gzip.
    ///
    /// # Errors
    /// It could not be packed.
    pub fn made(name: &str, page: Vec<u8>, request: &HttpRequest) -> io::Result<Self> {
        let gzip = Encoding::gzip();
        if negotiated(request, slice::from_ref(&gzip)).as_ref() != Some(&gzip) {
            return Ok(File::new(name, page));
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(&page)?;
        let packed = packer.finish()?;
        let file = File::new(name, packed);
        let encoding = Some(gzip);
        Ok(File { encoding, ..file })
    }

    /// With another policy than that of most files.
    pub fn under(self, policy: String) -> Self {
        let policy = policy.into();
        File { policy, ..self }
    }

    /// The response, or 304 where the client has it.
    pub fn serve(self, request: &HttpRequest, caching: &str) -> HttpResponse {
        match is_not_modified(request, &self.tag) {
            true => self
                .described(HttpResponse::NotModified(), caching)
                .finish(),
            false => self.into_response(HttpResponse::Ok(), caching),
        }
    }

    /// The response, whatever the client has.
    pub fn into_response(self, response: HttpResponseBuilder, caching: &str) -> HttpResponse {
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
            .insert_header((header::CONTENT_SECURITY_POLICY, &*self.policy))
            .insert_header((header::REFERRER_POLICY, "same-origin"));
        response
    }
}

/// How the client would like a file to be packed, and the ending of files that are.
fn accepted(request: &HttpRequest) -> Option<(Encoding, &'static str)> {
    let packings = [(Encoding::brotli(), "br"), (Encoding::gzip(), "gz")];
    let known = packings.clone().map(|(encoding, _)| encoding);
    let best = negotiated(request, &known)?;
    packings.into_iter().find(|(encoding, _)| *encoding == best)
}

/// The one of these that the client likes best, or that of what is not packed.
fn negotiated(request: &HttpRequest, known: &[Encoding]) -> Option<Encoding> {
    let plain = Encoding::identity();
    let accepted = AcceptEncoding::parse(request).ok()?;
    accepted.negotiate(known.iter().chain([&plain]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

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
