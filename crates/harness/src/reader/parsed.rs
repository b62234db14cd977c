//! What the pieces of each transport say.

use std::collections::BTreeMap;

use bytes::BytesMut;
use protocol::{Message, Presence};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::source::{End, Piece};

/// A message's bytes as they stood on the wire, and what they say.
#[derive(Clone, Debug)]
pub struct Raw {
    pub json: String,
    pub message: Message,
}

pub(super) enum Told {
    Message(Box<Raw>),
    Head(u64),
    Presence(Presence),
    Ended(End),
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    head: u64,
    presence: Option<Presence>,
}

/// Everything that a piece says, in its order; the head of an answer comes behind its messages.
pub(super) fn parse(piece: &Piece) -> Vec<Told> {
    match piece {
        Piece::Ping(_) => Vec::new(),
        Piece::Answer(body) if body.is_empty() => Vec::new(),
        Piece::Answer(body) => parse_answer(text(body)),
        Piece::Block(block) => parse_block(text(block)),
        Piece::Frame(payload) => vec![parse_frame(text(payload))],
    }
}

fn parse_answer(body: &str) -> Vec<Told> {
    let answer: Answer = serde_json::from_str(body).unwrap();
    let messages = answer.messages.iter().map(|message| told(message.get()));
    let rest = [Told::Head(answer.head)];
    let presence = answer.presence.map(Told::Presence);
    messages.chain(rest).chain(presence).collect()
}

fn parse_block(block: &str) -> Vec<Told> {
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        block.lines().find_map(|line| line.strip_prefix(&prefix))
    };
    match (field("event"), field("id"), field("data")) {
        (Some("presence"), None, Some(data)) => {
            vec![Told::Presence(serde_json::from_str(data).unwrap())]
        }
        (None, Some(id), Some(data)) => {
            let message = told(data);
            assert!(
                matches!(&message, Told::Message(raw) if raw.message.seq.to_string() == id),
                "the id is the seq: {block}"
            );
            vec![message]
        }
        (None, Some(head), None) => vec![Told::Head(head.parse().unwrap())],
        (None, None, None) => {
            assert_eq!(block, ":\n\n");
            Vec::new()
        }
        other => panic!("an unknown block: {other:?}"),
    }
}

fn parse_frame(frame: &str) -> Told {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(frame).unwrap();
    assert_eq!(members.len(), 1, "one member each: {frame}");
    let (name, content) = members.first_key_value().unwrap();
    match *name {
        "message" => told(content.get()),
        "head" => Told::Head(content.get().parse().unwrap()),
        "presence" => Told::Presence(serde_json::from_str(content.get()).unwrap()),
        other => panic!("an unknown frame: {other}"),
    }
}

fn told(json: &str) -> Told {
    Told::Message(Box::new(Raw {
        json: json.into(),
        message: serde_json::from_str(json).unwrap(),
    }))
}

fn text(bytes: &BytesMut) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}
