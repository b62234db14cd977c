//! Files that their owner alone may read.

use std::{
    fs::{self, OpenOptions},
    io,
    path::Path,
};

/// What SQLite appends to the name of a database for its write-ahead log and its shared memory.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Read and written by the owner.
#[cfg(unix)]
const OWNER_ALONE: u32 = 0o600;

/// Creates a database file if it is missing, and takes it and its companions from everybody but their
/// owner. SQLite gives the companions that it creates the mode of the database.
pub fn make_private(database: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    for_owner_alone(&mut options).open(database)?;
    restrict(database)?;
    for companion in COMPANIONS {
        let mut path = database.as_os_str().to_owned();
        path.push(companion);
        match restrict(Path::new(&path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => outcome?,
        }
    }
    Ok(())
}

/// A file that is created is its owner's alone.
#[cfg(unix)]
pub fn for_owner_alone(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, OWNER_ALONE)
}

#[cfg(not(unix))]
pub fn for_owner_alone(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn restrict(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file)?.permissions().mode();
    if mode & 0o777 == OWNER_ALONE {
        return Ok(());
    }
    fs::set_permissions(file, fs::Permissions::from_mode(OWNER_ALONE))
}

#[cfg(not(unix))]
fn restrict(file: &Path) -> io::Result<()> {
    fs::metadata(file).map(drop)
}
