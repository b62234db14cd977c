//! The key that signs cookies. It is kept in a file, so that a restart does not sign users out.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use actix_web::cookie::Key;

/// Reads the key from its file, or creates both. Without a file, the key lasts as long as the
/// process.
pub fn load(file: Option<&Path>) -> io::Result<Key> {
    let Some(file) = file else {
        return Ok(Key::generate());
    };
    match fs::read(file) {
        Ok(bytes) => Key::try_from(&bytes[..])
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(file),
        Err(error) => Err(error),
    }
}

fn create(file: &Path) -> io::Result<Key> {
    let key = Key::generate();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
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
    }
}
