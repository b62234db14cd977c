//! The JSON in WebSocket text frames: one object with one member.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Message, Presence, unique_keys::UniqueKeys};

/// A frame from a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    Send(SendMessage),
    Typing {},
}

/// A message to post. Its `key` is repeated in the ack or the error, so that the client can match
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    pub key: String,
    pub body: String,
}

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    Message(Message),
    Ack(Ack),
    Presence(Presence),
    Error(FrameError),
    /// The `seq` after which the stream starts, if the client gave no cursor.
    Head(u64),
    /// The epoch of the history that is read, if the client asked for it.
    Epoch(String),
}

/// An acknowledgement: the message sent with this key is stored as `seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub key: String,
    pub seq: u64,
}

/// The reason why a client's frame was refused. The socket stays open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameError {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The HTTP status that the equivalent request would get.
    pub status: u16,
    pub title: String,
    pub detail: String,
}

impl ClientFrame {
    /// Parses a text frame.
    ///
    /// # Errors
    /// The error frame to send back: 400 if the text is not JSON, 422 if it has another shape,
    /// with the `key` if there is one.
    pub fn parse(text: &[u8]) -> Result<Self, FrameError> {
        let UniqueKeys(frame) =
            serde_json::from_slice(text).map_err(|error| match error.is_data() {
                true => FrameError::unprocessable(error.to_string()),
                false => FrameError::new(400, "Bad Request", format!("not JSON: {error}")),
            })?;
        let Some((name, content)) = frame.as_object().and_then(sole_member) else {
            return Err(FrameError::unprocessable(
                "a frame is one JSON object with one member, send or typing",
            ));
        };
        match (name.as_str(), content) {
            ("typing", Value::Object(_)) => Ok(ClientFrame::Typing {}),
            ("send", content) => Ok(ClientFrame::Send(parse_send(content)?)),
            (other, _) => Err(FrameError::unprocessable(format!(
                "{other:?} is not a known frame: use {{\"send\":{{\"key\",\"body\"}}}} or {{\"typing\":{{}}}}"
            ))),
        }
    }
}

fn sole_member(object: &serde_json::Map<String, Value>) -> Option<(&String, &Value)> {
    let mut members = object.iter();
    members.next().filter(|_| members.next().is_none())
}

fn parse_send(content: &Value) -> Result<SendMessage, FrameError> {
    let text = |name| content.get(name).and_then(Value::as_str);
    match (text("key"), text("body")) {
        (Some(key), Some(body)) => Ok(SendMessage {
            key: key.into(),
            body: body.into(),
        }),
        (key, _) => Err(FrameError {
            key: key.map(Into::into),
            ..FrameError::unprocessable("send needs two strings: key and body")
        }),
    }
}

impl FrameError {
    pub fn new(status: u16, title: &str, detail: impl Into<String>) -> Self {
        FrameError {
            key: None,
            status,
            title: title.into(),
            detail: detail.into(),
        }
    }

    fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(422, "Unprocessable Content", detail)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_server_parses_what_a_client_encodes(key in ".*", body in ".*") {
            let frame = ClientFrame::Send(SendMessage { key, body });
            let text = serde_json::to_vec(&frame).unwrap();
            prop_assert_eq!(ClientFrame::parse(&text).unwrap(), frame);
        }

        #[test]
        fn any_other_input_is_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Err(error) = ClientFrame::parse(&bytes) {
                prop_assert!(matches!(error.status, 400 | 422));
            }
        }
    }

    #[test]
    fn a_send_without_a_body_is_refused_with_its_key() {
        let error = ClientFrame::parse(br#"{"send":{"key":"k1"}}"#).unwrap_err();
        assert_eq!((error.status, error.key.as_deref()), (422, Some("k1")));
    }

    #[test]
    fn a_repeated_key_is_refused() {
        let twice = br#"{"send":{"key":"k","body":"a","body":"b"}}"#;
        assert_eq!(ClientFrame::parse(twice).unwrap_err().status, 422);
    }

    #[test]
    fn a_frame_with_two_members_is_refused() {
        let both = br#"{"typing":{},"send":{"key":"k","body":"b"}}"#;
        assert_eq!(ClientFrame::parse(both).unwrap_err().status, 422);
    }
}
