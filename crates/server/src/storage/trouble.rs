//! Failures of a database that may pass: a full disk, a lock, a file that is gone.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::store::StoreError;
use parking_lot::Mutex;

/// What SQLite says of a file that is damaged.
const DAMAGE: [&str; 2] = ["is malformed", "is not a database"];

/// What SQLite says when the database may work again later.
const PASSING: [&str; 5] = [
    "is full",
    "is locked",
    "disk I/O error",
    "readonly database",
    "unable to open",
];

/// An error of the database, told apart by whether it may pass.
pub fn failed(error: impl std::fmt::Display) -> StoreError {
    let text = error.to_string();
    match PASSING.iter().any(|passing| text.contains(passing)) || is_damage(&text) {
        true => StoreError::Unavailable(text),
        false => StoreError::Failed(text),
    }
}

/// Whether SQLite says that a file is damaged. The operator may put a backup in its place.
pub fn is_damage(text: &str) -> bool {
    DAMAGE.iter().any(|damage| text.contains(damage))
}

/// Why nothing could be stored when it was last tried, if that has not passed yet.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Arc<Mutex<Option<String>>>);

impl Trouble {
    /// Keeps how the last attempt to store ended.
    pub fn observe<T>(&self, outcome: &Result<T, StoreError>) {
        match outcome {
            Ok(_) => *self.0.lock() = None,
            Err(StoreError::Unavailable(why)) => *self.0.lock() = Some(why.clone()),
            Err(_) => {}
        }
    }

    pub fn is_over(&self) -> bool {
        self.0.lock().is_none()
    }
}

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

    #[test]
    fn what_may_pass_is_told_apart() {
        assert!(matches!(
            failed("database or disk is full"),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(
            failed("UNIQUE constraint failed: messages.seq"),
            StoreError::Failed(_)
        ));
    }

    #[test]
    fn trouble_lasts_until_something_is_stored() {
        let trouble = Trouble::default();
        trouble.observe::<()>(&Err(failed("database is locked")));
        trouble.observe::<()>(&Err(StoreError::Busy));
        assert!(!trouble.is_over());
        trouble.observe(&Ok(()));
        assert!(trouble.is_over());
    }

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
