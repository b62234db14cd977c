//! Rooms and accounts as JSON.

use serde::{Deserialize, Serialize};

/// A room in a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    pub name: String,
    pub title: String,
    /// The newest `seq`, 0 when the room is empty.
    pub head: u64,
    /// The username of its creator; `null` for the lobby, which nobody created.
    pub created_by: Option<String>,
}

/// An account as its own user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    pub username: String,
    pub display_name: String,
}

/// The response to `GET /api/rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomList {
    pub rooms: Vec<RoomView>,
    /// Of the history to which the heads belong.
    #[serde(default)]
    pub epoch: String,
}

/// The response to `GET /api/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountList {
    /// The one signed in last comes first.
    pub accounts: Vec<AccountView>,
}
