//! The key that signs cookies. It is kept, so that a restart does not sign users out.

use std::{
    collections::HashSet,
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use actix_web::cookie::Key;
use sha2::{Digest, Sha512};

use crate::storage::for_owner_alone;

/// Of 64 random bytes some 56 differ from each other; fewer than this are not random.
const LEAST_DISTINCT: usize = 32;

/// Where the key is.
#[derive(Clone, Debug)]
pub enum CookieKeySource {
    Secret(Secret),
    File(PathBuf),
    /// In the database, whose servers share it.
    Database,
    /// It lasts as long as the process.
    Process,
}

/// The key as somebody gives it. It is not shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// # Errors
    /// It is short, or repeats itself: a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let distinct: HashSet<char> = text.chars().collect();
        if text.chars().count() < 43 || distinct.len() < LEAST_DISTINCT / 2 {
            return Err("give at least 43 random characters: openssl rand -base64 48");
        }
        Ok(Secret(text.to_owned()))
    }

    pub fn key(&self) -> Key {
        Key::from(&Sha512::digest(&self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Reads the key from its file, or creates both.
pub fn load(file: &Path) -> io::Result<Key> {
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

/// A key as it is stored: 64 random bytes.
pub fn parse(bytes: &[u8]) -> io::Result<Key> {
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
        let created = load(&file).unwrap();
        assert_eq!(load(&file).unwrap().master(), created.master());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        fs::write(&file, b"short").unwrap();
        assert!(load(&file).is_err());
        fs::write(&file, [7; 64]).unwrap();
        assert!(
            load(&file)
                .err()
                .unwrap()
                .to_string()
                .contains("not random")
        );
    }

    #[test]
    fn a_secret_is_long_random_and_not_shown() {
        assert!(Secret::parse("short").is_err());
        assert!(Secret::parse(&"ab".repeat(30)).is_err());
        let text = "IgmBpmE9O0bVTIJBMzF3jUmaZZZGuJMgIJTk3uFXQ9nLkPr4";
        let secret = Secret::parse(text).unwrap();
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(
            secret.key().master(),
            Secret::parse(text).unwrap().key().master()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lab.key");
        load(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(load(&file).err().unwrap().to_string().contains("chmod 600"));
    }
}
