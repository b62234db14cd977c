//! The key that signs cookies. It is kept in a file, so that a restart does not sign users out.

use std::{
    collections::HashSet,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use actix_web::cookie::Key;

use crate::storage::for_owner_alone;

/// Of 64 random bytes some 56 differ from each other; fewer than this are not random.
const LEAST_DISTINCT: usize = 32;

/// Reads the key from its file, or creates both. Without a file, the key lasts as long as the
/// process.
pub fn load(file: Option<&Path>) -> io::Result<Key> {
    let Some(file) = file else {
        return Ok(Key::generate());
    };
    match fs::read(file) {
        Ok(bytes) => {
            check_owner(file)?;
            parse(&bytes)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(file),
        Err(error) => Err(error),
    }
}

/// A key that others can read signs nothing.
#[cfg(unix)]
fn check_owner(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(file)?.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => Err(refused(
            "other users can read it: chmod 600 it if none of them has",
        )),
    }
}

#[cfg(not(unix))]
fn check_owner(_file: &Path) -> io::Result<()> {
    Ok(())
}

fn parse(bytes: &[u8]) -> io::Result<Key> {
    let distinct: HashSet<u8> = bytes.iter().copied().collect();
    if distinct.len() < LEAST_DISTINCT {
        return Err(refused("its bytes are not random"));
    }
    Key::try_from(bytes).map_err(|error| refused(&error.to_string()))
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

fn create(file: &Path) -> io::Result<Key> {
    let key = Key::generate();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut opened = for_owner_alone(&mut options).open(file)?;
    opened.write_all(key.master())?;
    opened.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_created_once_and_readable_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lab.key");
        let created = load(Some(&file)).unwrap();
        assert_eq!(load(Some(&file)).unwrap().master(), created.master());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        fs::write(&file, b"short").unwrap();
        assert!(load(Some(&file)).is_err());
        fs::write(&file, [7; 64]).unwrap();
        assert!(
            load(Some(&file))
                .err()
                .unwrap()
                .to_string()
                .contains("not random")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lab.key");
        load(Some(&file)).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(
            load(Some(&file))
                .err()
                .unwrap()
                .to_string()
                .contains("chmod 600")
        );
    }
}
