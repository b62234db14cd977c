//! Opens a file of a report and streams it to the client.

use std::{
    fs::{File, Metadata},
    io::{self, Read},
    path::Path,
    time::UNIX_EPOCH,
};

use actix_web::{
    body::SizedStream,
    http::header::EntityTag,
    web::{self, Bytes},
};
use futures_util::{Stream, stream::try_unfold};

use crate::pages::path::resolve;

/// The file types of a report. Other files are not served.
const FILE_TYPES: [(&str, &str); 7] = [
    ("html", "text/html; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("json", "application/json"),
    ("gz", "application/gzip"),
    ("xml", "application/xml"),
    ("pdf", "application/pdf"),
    ("svg", "image/svg+xml"),
];
/// How many bytes are read at once. A file of samples may be too large to hold in memory.
const PIECE: u64 = 256 * 1024;

/// An open file of a report.
pub struct ReportFile {
    file: File,
    length: u64,
    pub kind: &'static str,
    /// Made from its modification time and length. A digest would need the whole file to be read.
    pub tag: EntityTag,
}

/// Opens a file of a report; `None` if there is none that may be served.
pub fn open(root: &Path, name: &str, file: &str) -> Option<ReportFile> {
    let path = resolve(root, &[name, file])?;
    let extension = path.extension()?.to_str()?;
    let (_, kind) = FILE_TYPES
        .into_iter()
        .find(|(known, _)| *known == extension)?;
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok().filter(Metadata::is_file)?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(ReportFile {
        file,
        length: metadata.len(),
        kind,
        tag: EntityTag::new_weak(format!("{:x}-{:x}", modified.as_nanos(), metadata.len())),
    })
}

impl ReportFile {
    pub fn into_body(self) -> SizedStream<impl Stream<Item = io::Result<Bytes>>> {
        let rest = (self.file, self.length);
        let pieces = try_unfold(rest, |(file, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let (piece, file) = web::block(move || read_piece(file, left))
                .await
                .map_err(io::Error::other)??;
            let left = left - piece.len() as u64;
            Ok(Some((piece, (file, left))))
        });
        SizedStream::new(self.length, Box::pin(pieces))
    }
}

/// Reads the next piece, at most `left` bytes: the response must not exceed its `Content-Length`.
fn read_piece(mut file: File, left: u64) -> io::Result<(Bytes, File)> {
    let mut bytes = Vec::new();
    (&mut file).take(left.min(PIECE)).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((bytes.into(), file))
}
