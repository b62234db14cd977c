//! A file of a report, on its way to the client.

use std::{
    fs::File,
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

use super::folder::resolve;

/// StepKind the lab writes beside a page; other files are nobody's business.
const KINDS: [(&str, &str); 3] = [
    ("html", "text/html; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("json", "application/json"),
];
/// Read at once: the samples of a long run are more than should be held in memory.
const PIECE: u64 = 256 * 1024;

/// An open file.
pub struct Found {
    file: File,
    length: u64,
    pub kind: &'static str,
    /// By its age and length: reading megabytes to know them again would cost more than it saves.
    pub tag: EntityTag,
}

/// The file of a report; `None` where there is none that may be seen.
pub fn open(root: &Path, name: &str, file: &str) -> Option<Found> {
    let path = resolve(root, &[name, file])?;
    let extension = path.extension()?.to_str()?;
    let (_, kind) = KINDS.into_iter().find(|(known, _)| *known == extension)?;
    let file = File::open(path).ok()?;
    let about = file.metadata().ok().filter(|about| about.is_file())?;
    let age = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Found {
        file,
        length: about.len(),
        kind,
        tag: EntityTag::new_weak(format!("{:x}-{:x}", age.as_nanos(), about.len())),
    })
}

impl Found {
    pub fn into_body(self) -> SizedStream<impl Stream<Item = io::Result<Bytes>>> {
        let rest = (self.file, self.length);
        let pieces = try_unfold(rest, |(file, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let (piece, file) = web::block(move || piece(file, left))
                .await
                .map_err(io::Error::other)??;
            let left = left - piece.len() as u64;
            Ok(Some((piece, (file, left))))
        });
        SizedStream::new(self.length, Box::pin(pieces))
    }
}

/// The next bytes, at most so many as are left of the length that was promised.
fn piece(mut file: File, left: u64) -> io::Result<(Bytes, File)> {
    let mut bytes = Vec::new();
    (&mut file).take(left.min(PIECE)).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((bytes.into(), file))
}
