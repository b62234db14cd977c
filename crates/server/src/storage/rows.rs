//! Rows of the tables as the domain knows them, the same for every database.

use domain::{
    accounts::{Account, DisplayName, NO_PASSWORD, Username},
    chat::RoomRow,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::schema::{accounts, rooms};

/// With more bytes of text than this no further message is read.
pub const MOST_BYTES: usize = 256 << 10;

type AccountColumns = (
    accounts::id,
    accounts::username,
    accounts::display_name,
    accounts::password_hash,
);
/// The columns that make an account.
pub const ACCOUNT: AccountColumns = (
    accounts::id,
    accounts::username,
    accounts::display_name,
    accounts::password_hash,
);

pub fn account((id, username, display_name, hash): (i64, String, String, String)) -> Account {
    Account {
        id,
        is_guest: hash == NO_PASSWORD,
        username: Username::stored(username),
        display_name: DisplayName::stored(display_name),
    }
}

type RoomColumns = (rooms::name, rooms::title, rooms::created_by, rooms::head);
/// The columns that make a room.
pub const ROOM: RoomColumns = (rooms::name, rooms::title, rooms::created_by, rooms::head);

pub fn room((name, title, created_by, head): (String, String, Option<String>, i64)) -> RoomRow {
    RoomRow {
        name,
        title,
        created_by,
        head: i64::cast_unsigned(head),
    }
}

/// The epoch that clients are told, of whatever tells one history from another: 16 hexadecimal digits.
pub fn epoch(parts: &str) -> String {
    let digest = Sha256::digest(parts);
    let (first, _) = digest.split_first_chunk().expect("it has 32 bytes");
    format!("{:016x}", u64::from_be_bytes(*first))
}

/// A cursor as the database stores it. No message has a `seq` above the maximum.
pub fn column(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC. Always with six decimals, so that all times have the same length and sort as
/// text.
pub fn rfc3339(us: i64) -> String {
    Timestamp::from_microsecond(us)
        .unwrap_or(Timestamp::MAX)
        .strftime("%Y-%m-%dT%H:%M:%S.%6fZ")
        .to_string()
}

/// Microseconds since 1970.
pub fn now_us() -> i64 {
    Timestamp::now().as_microsecond()
}
