//! Writes what Chromium sends for this chat's page where the lab finds it as its `browser` headers.
//! `scripts/record-headers` builds and runs it.

use std::{fs, io, path::Path};

use harness::browser::record;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lab/src/receivers/recorded");
    for (file, head) in record().await {
        fs::write(folder.join(file), &head)?;
        println!("{file}: {} headers", head.lines().count() - 1);
    }
    Ok(())
}
