//! Records the header sections of Chromium's requests for the chat's page; they are the lab's
//! `browser` headers. `scripts/record-headers` builds and runs it.

use std::{fs, io, path::Path};

use harness::browser::record;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lab/src/receivers/recorded");
    for (file, section) in record().await {
        fs::write(folder.join(file), &section)?;
        println!("{file}: {} header fields", section.lines().count() - 1);
    }
    Ok(())
}
