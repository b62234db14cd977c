//! A room: its log, its presence, and access to its older messages in the store.

use std::{collections::BTreeMap, sync::Arc};

use parking_lot::RwLock;
use protocol::{Message, RoomView};

use super::{ChatStore, Log, RoomRow, Roster};
use crate::{store::StoreFuture, visible::looks_blank};

/// Rooms by their names.
pub(super) type Rooms = RwLock<BTreeMap<String, Arc<Room>>>;

/// The name of a room: `[a-z0-9][a-z0-9-]{0,39}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomName(String);

impl RoomName {
    /// # Errors
    /// A sentence for the form that says what a name must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) && !text.starts_with('-') {
            Ok(RoomName(text.into()))
        } else {
            Err("must be 1 to 40 small letters a to z, digits or -, not beginning with -")
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The title that pages show for a room: 1–100 characters, kept exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// # Errors
    /// A sentence for the form that says what a title must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let is_visible = !looks_blank(text) && !text.chars().any(char::is_control);
        if is_visible && text.chars().count() <= 100 {
            Ok(Title(text.into()))
        } else {
            Err("must be 1 to 100 characters, not all of them blank, without line breaks")
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A room: its log and its presence in memory, its older messages in the store.
pub struct Room {
    pub name: String,
    title: String,
    created_by: Option<String>,
    pub log: Log,
    pub roster: Roster,
    store: Arc<dyn ChatStore>,
}

impl Room {
    pub(super) fn new(row: RoomRow, roster: Roster, store: Arc<dyn ChatStore>) -> Arc<Self> {
        Arc::new(Room {
            name: row.name,
            title: row.title,
            created_by: row.created_by,
            log: Log::new(row.head),
            roster,
            store,
        })
    }

    pub fn is_created_by(&self, username: &str) -> bool {
        self.created_by.as_deref() == Some(username)
    }

    pub fn view(&self) -> RoomView {
        RoomView {
            name: self.name.clone(),
            title: self.title.clone(),
            head: self.log.head(),
            created_by: self.created_by.clone(),
        }
    }

    /// Some of the stored messages after `seq`, as [`ChatStore::messages_after`] says.
    pub fn messages_after(&self, seq: u64, limit: usize) -> StoreFuture<Vec<Message>> {
        self.store.messages_after(self.name.clone(), seq, limit)
    }

    /// The first of the `limit` newest stored messages before `seq`, and how many they are.
    pub(super) fn oldest_before(
        &self,
        seq: u64,
        limit: usize,
    ) -> StoreFuture<Option<(u64, usize)>> {
        self.store.oldest_before(self.name.clone(), seq, limit)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn valid_names_are_accepted(name in "[a-z0-9][a-z0-9-]{0,39}") {
            prop_assert!(RoomName::parse(&name).is_ok());
        }

        #[test]
        fn names_with_other_characters_are_refused(name in "[a-z0-9-]{0,5}[^a-z0-9-][a-z0-9-]{0,5}") {
            prop_assert!(RoomName::parse(&name).is_err());
        }
    }

    #[test]
    fn names_of_the_wrong_length_or_start_are_refused() {
        for bad in ["", "-a", &"a".repeat(41)] {
            assert!(RoomName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
