//! The file of a database, as it was opened.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::store::StoreError;

/// A database file as it was opened. SQLite goes on writing to a file that was deleted, or that another
/// has taken the place of.
#[derive(Clone, Debug)]
pub struct OpenedFile {
    path: PathBuf,
    identity: Identity,
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(not(unix))]
type Identity = ();

impl OpenedFile {
    pub fn new(path: &Path) -> io::Result<Self> {
        Ok(OpenedFile {
            path: path.into(),
            identity: identity(path)?,
        })
    }

    /// # Errors
    /// The file is no longer at its place.
    pub fn check(&self) -> Result<(), StoreError> {
        let is_here = identity(&self.path).is_ok_and(|found| found == self.identity);
        match is_here {
            true => Ok(()),
            false => Err(StoreError::Unavailable(format!(
                "{} was deleted or replaced: put it back, or restart the server",
                self.path.display()
            ))),
        }
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_replaced_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "1").unwrap();
        fs::write(&other, "2").unwrap();
        let opened = OpenedFile::new(&path).unwrap();
        assert!(opened.check().is_ok());
        fs::rename(&other, &path).unwrap();
        assert!(opened.check().is_err());
        fs::remove_file(&path).unwrap();
        assert!(opened.check().is_err());
    }
}
