//! Verifies a database file, and mends what can be mended.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use diesel_migrations::MigrationHarness;

use super::{connection, lock::DatabaseLock};

/// What is wrong with a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub text: String,
    /// Whether it was mended.
    pub is_mended: bool,
}

/// A line of SQLite's own check.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// A room whose messages go beyond its head: the next post would take a number that is given.
#[derive(QueryableByName)]
struct Behind {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    head: i64,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

const BEHIND: &str = "SELECT name, head, last FROM (SELECT name, head, coalesce((SELECT max(seq) FROM \
     messages WHERE room_id = rooms.id), 0) AS last FROM rooms) WHERE head < last";
const MEND: &str = "UPDATE rooms SET head = coalesce((SELECT max(seq) FROM messages WHERE room_id = \
     rooms.id), 0) WHERE head < coalesce((SELECT max(seq) FROM messages WHERE room_id = rooms.id), 0)";

/// Verifies a database that no server uses. With `repair`, the heads of rooms are mended.
///
/// # Errors
/// There is no such file, a server has it open, or it cannot be read: a sentence.
pub fn check(database: &Path, repair: bool) -> Result<Vec<Finding>, String> {
    if !database.exists() {
        return Err("there is no such file".into());
    }
    let _lock = DatabaseLock::take(database)?;
    let location = database.to_str().ok_or("its name is not UTF-8")?;
    let mut connection =
        SqliteConnection::establish(location).map_err(|error| error.to_string())?;
    let found = (|| {
        let mut found = integrity(&mut connection)?;
        if found.is_empty() {
            found.extend(heads(&mut connection, repair)?);
        }
        Ok(found)
    })();
    let future = from_the_future(&mut connection)?;
    found
        .map(|found: Vec<Finding>| found.into_iter().chain(future).collect())
        .map_err(|error: diesel::result::Error| error.to_string())
}

/// Refuses a file that ends before its last page.
///
/// # Errors
/// A sentence with the remedy.
pub fn refuse_cut(database: &Path) -> Result<(), String> {
    let Ok(Some((pages, bytes))) = size(database) else {
        // What cannot be read is told when it is opened.
        return Ok(());
    };
    match pages > bytes && !has_log(database) {
        true => Err(format!(
            "the file was cut: it should have {pages} bytes, and has {bytes}; put a backup in its place"
        )),
        false => Ok(()),
    }
}

/// The bytes that a database says it has, and those of its file; `None` where it does not say.
/// Source: <https://www.sqlite.org/fileformat.html>, 1.3.
fn size(database: &Path) -> io::Result<Option<(u64, u64)>> {
    let mut file = File::open(database)?;
    let mut header = [0; 100];
    let read = file.read(&mut header)?;
    let is_database = read == header.len() && header.starts_with(b"SQLite format 3\0");
    // Else an old SQLite has written, and the size is not kept.
    if !is_database || header[24..28] != header[92..96] {
        return Ok(None);
    }
    let page = u16::from_be_bytes([header[16], header[17]]);
    let page = if page == 1 { 65_536 } else { u64::from(page) };
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    Ok(Some((page * u64::from(pages), file.metadata()?.len())))
}

/// Whether a write-ahead log has pages that may be missing in the file.
fn has_log(database: &Path) -> bool {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Refuses what a server must not write to.
///
/// # Errors
/// A sentence with the remedy.
pub fn refuse_bad(connection: &mut SqliteConnection) -> Result<(), String> {
    let behind = sql_query(BEHIND).load::<Behind>(connection);
    match behind.map_err(|error| error.to_string())?.first() {
        Some(room) => Err(format!(
            "{}: stop here and run pushlab check DATABASE --repair",
            text(room)
        )),
        None => Ok(()),
    }
}

/// Refuses a database whose schema this version does not know.
///
/// # Errors
/// A sentence with the remedy.
pub fn refuse_future(connection: &mut SqliteConnection) -> Result<(), String> {
    from_the_future(connection)?.map_or(Ok(()), |found| Err(found.text))
}

fn from_the_future(connection: &mut SqliteConnection) -> Result<Option<Finding>, String> {
    let known = connection::known_migrations()?;
    let applied = connection
        .applied_migrations()
        .map_err(|error| error.to_string())?;
    let unknown = applied
        .iter()
        .map(ToString::to_string)
        .find(|version| !known.contains(version));
    Ok(unknown.map(|version| Finding {
        text: format!("a newer pushlab has made it (migration {version}): use that version"),
        is_mended: false,
    }))
}

fn integrity(connection: &mut SqliteConnection) -> QueryResult<Vec<Finding>> {
    let lines = sql_query("PRAGMA integrity_check").load::<Line>(connection)?;
    let bad = lines
        .into_iter()
        .map(|line| line.integrity_check)
        .filter(|line| line != "ok");
    let finding = |text| Finding {
        text,
        is_mended: false,
    };
    Ok(bad.map(finding).collect())
}

fn heads(connection: &mut SqliteConnection, repair: bool) -> QueryResult<Vec<Finding>> {
    let behind = sql_query(BEHIND).load::<Behind>(connection)?;
    if repair && !behind.is_empty() {
        sql_query(MEND).execute(connection)?;
    }
    let finding = |room: &Behind| Finding {
        text: text(room),
        is_mended: repair,
    };
    Ok(behind.iter().map(finding).collect())
}

fn text(room: &Behind) -> String {
    format!(
        "room {}: its head is {}, and its last message has the number {}",
        room.name, room.head, room.last
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The beginning of a database of two pages of 4,096 bytes.
    const HEADER: &[u8] = &{
        let begin = *b"SQLite format 3\0\x10\x00\x02\x02\x00\x40\x20\x20\0\0\0\x05\0\0\0\x02";
        let mut header = [0; 100];
        let mut place = 0;
        while place < begin.len() {
            header[place] = begin[place];
            place += 1;
        }
        header[95] = 5;
        header
    };

    proptest! {
        #[test]
        fn whatever_a_file_begins_with_its_size_is_read_or_left_to_the_database(
            bytes in corpus::mutated_bytes(&[HEADER]),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a.db");
            fs::write(&file, &bytes).unwrap();
            let says = bytes.len() >= 100
                && bytes.starts_with(b"SQLite format 3\0")
                && bytes[24..28] == bytes[92..96];
            prop_assert_eq!(size(&file).unwrap().is_some(), says);
        }
    }

    #[test]
    fn a_file_is_cut_if_it_lacks_pages_that_no_log_has() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut bytes = HEADER.to_vec();
        bytes.resize(8_192, 0);
        fs::write(&file, &bytes).unwrap();
        assert_eq!(refuse_cut(&file), Ok(()));
        fs::write(&file, &bytes[..8_191]).unwrap();
        assert!(refuse_cut(&file).unwrap_err().contains("8192"));
        fs::write(folder.path().join("a.db-wal"), "pages").unwrap();
        assert_eq!(refuse_cut(&file), Ok(()));
    }
}
