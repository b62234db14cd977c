//! What an exchange that is no reader's has to do with the messages of a room.

use std::sync::Arc;

/// A request for messages that are stored already: for older ones, or for what a page begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRequest {
    pub room: Arc<str>,
    /// The name that the client gave itself.
    pub tab: Option<Arc<str>>,
}

/// The room to which the request with this header section posts a draft. Its body is a draft, and holds no
/// password.
pub fn posted_room(header_section: &str) -> Option<&str> {
    let target = header_section.strip_prefix("POST /api/rooms/")?;
    let path = target.split([' ', '?']).next()?;
    path.strip_suffix("/messages")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_post_of_a_message_has_a_room() {
        for (request, room) in [
            ("POST /api/rooms/lobby/messages HTTP/1.1", Some("lobby")),
            (
                "POST /api/rooms/lobby/messages?as=a HTTP/1.1",
                Some("lobby"),
            ),
            ("POST /api/rooms/lobby/typing HTTP/1.1", None),
            ("POST /api/sessions?x=/messages HTTP/1.1", None),
            ("GET /api/rooms/lobby/messages HTTP/1.1", None),
        ] {
            assert_eq!(posted_room(request), room, "{request}");
        }
    }
}
