//! A file database belongs to one server at a time.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::private_file;

/// How long a start waits for a server that is draining, which takes at most 10 s.
const PATIENCE: Duration = Duration::from_secs(15);
const RETRY: Duration = Duration::from_millis(100);

/// A lock on a database file, which ends with the process. It is on a file of its own: closing a second
/// handle of the database would end the locks that SQLite has on it.
#[derive(Debug)]
pub struct DatabaseLock {
    _file: File,
}

impl DatabaseLock {
    /// Locks a database, or waits for the server that has it. Blocks.
    ///
    /// # Errors
    /// Another server keeps it, or the lock file cannot be written: a sentence with the remedy.
    pub fn take(database: &Path) -> Result<Self, String> {
        let path = lock_path(database).map_err(|error| error.to_string())?;
        let mut file = open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => {
                    return Err(format!("{} cannot be locked: {error}", path.display()));
                }
                Err(TryLockError::WouldBlock) if began.elapsed() > PATIENCE => {
                    let owner = owner(&mut file);
                    return Err(format!(
                        "{owner} has it open, and did not end within {} s: stop that server, or give \
                         another file with --database",
                        PATIENCE.as_secs()
                    ));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(RETRY),
            }
        }
        sign(&mut file).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(DatabaseLock { _file: file })
    }
}

/// The same for all names of a database.
fn lock_path(database: &Path) -> io::Result<PathBuf> {
    let mut path = match fs::canonicalize(database) {
        Ok(path) => path,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = database
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
            folder.join(database.file_name().unwrap_or_default())
        }
        Err(error) => return Err(error),
    }
    .into_os_string();
    path.push(".lock");
    Ok(path.into())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private_file::for_owner_alone(&mut options).open(path)
}

/// Writes who has the lock.
fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "process {}", std::process::id())
}

fn owner(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
    match read {
        Ok(_) if !text.is_empty() => text,
        _ => "another server".into(),
    }
}
