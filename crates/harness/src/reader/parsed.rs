//! Parses the pieces of each transport into events.

use std::collections::BTreeMap;

use bytes::BytesMut;
use protocol::{Message, Presence};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::source::{End, Piece, Source};

/// A message with its JSON as received.
#[derive(Clone, Debug)]
pub struct RawMessage {
    pub json: String,
    pub message: Message,
}

pub(super) enum Event {
    Message(Box<RawMessage>),
    Head(u64),
    Presence(Presence),
    Ended(End),
}

#[derive(Deserialize)]
struct PollBody<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    head: u64,
    presence: Option<Presence>,
}

/// All events of a piece in their order. The head of a poll's response follows its messages.
pub(super) fn parse(piece: &Piece) -> Vec<Event> {
    match piece {
        Piece::Ping(_) => Vec::new(),
        Piece::Response(body) if body.is_empty() => Vec::new(),
        Piece::Response(body) => parse_response(text(body)),
        Piece::Block(block) => parse_block(text(block)),
        Piece::Frame(payload) => vec![parse_frame(text(payload))],
    }
}

/// The messages of a source's next piece, perhaps none.
///
/// # Errors
/// Why nothing more comes.
pub async fn read_messages(source: &mut Source) -> Result<Vec<Message>, End> {
    let events = parse(&source.next().await?).into_iter();
    let messages = events.filter_map(|event| match event {
        Event::Message(raw) => Some(raw.message),
        _ => None,
    });
    Ok(messages.collect())
}

fn parse_response(body: &str) -> Vec<Event> {
    let response: PollBody = serde_json::from_str(body).unwrap();
    let messages = response
        .messages
        .iter()
        .map(|message| message_event(message.get()));
    let rest = [Event::Head(response.head)];
    let presence = response.presence.map(Event::Presence);
    messages.chain(rest).chain(presence).collect()
}

fn parse_block(block: &str) -> Vec<Event> {
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        block.lines().find_map(|line| line.strip_prefix(&prefix))
    };
    match (field("event"), field("id"), field("data")) {
        (Some("presence"), None, Some(data)) => {
            vec![Event::Presence(serde_json::from_str(data).unwrap())]
        }
        // Why a stream ends whose cursor means nothing any more.
        (Some("epoch"), None, Some(_)) => Vec::new(),
        (None, Some(id), Some(data)) => {
            let message = message_event(data);
            assert!(
                matches!(&message, Event::Message(raw) if raw.message.seq.to_string() == id),
                "the id must be the seq: {block}"
            );
            vec![message]
        }
        (None, Some(head), None) => vec![Event::Head(head.parse().unwrap())],
        (None, None, None) => {
            assert_eq!(block, ":\n\n");
            Vec::new()
        }
        other => panic!("an unknown block: {other:?}"),
    }
}

fn parse_frame(frame: &str) -> Event {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(frame).unwrap();
    assert_eq!(members.len(), 1, "a frame has one member: {frame}");
    let (name, content) = members.first_key_value().unwrap();
    match *name {
        "message" => message_event(content.get()),
        "head" => Event::Head(content.get().parse().unwrap()),
        "presence" => Event::Presence(serde_json::from_str(content.get()).unwrap()),
        other => panic!("an unknown frame: {other}"),
    }
}

fn message_event(json: &str) -> Event {
    Event::Message(Box::new(RawMessage {
        json: json.into(),
        message: serde_json::from_str(json).unwrap(),
    }))
}

fn text(bytes: &BytesMut) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}
