//! The four transports, with the same name, colour and marker wherever they are shown.

use serde::{Deserialize, Serialize};

/// A way for a room's messages to reach a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    ShortPoll,
    LongPoll,
    Sse,
    #[serde(rename = "websocket")]
    WebSocket,
}

/// The shape that identifies a transport where colour cannot (print, colour-blindness).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    Circle,
    Triangle,
    Square,
    Diamond,
}

impl Transport {
    /// The number of transports.
    pub const COUNT: usize = Self::ALL.len();

    /// Every transport, in the order in which they are always shown.
    pub const ALL: [Transport; 4] = [
        Transport::ShortPoll,
        Transport::LongPoll,
        Transport::Sse,
        Transport::WebSocket,
    ];

    /// The name used in JSON, metrics and file names.
    pub const fn slug(self) -> &'static str {
        match self {
            Transport::ShortPoll => "short_poll",
            Transport::LongPoll => "long_poll",
            Transport::Sse => "sse",
            Transport::WebSocket => "websocket",
        }
    }

    /// The name shown to people.
    pub const fn name(self) -> &'static str {
        match self {
            Transport::ShortPoll => "Short polling",
            Transport::LongPoll => "Long polling",
            Transport::Sse => "Server-sent events",
            Transport::WebSocket => "WebSocket",
        }
    }

    /// Its colour, sRGB hex, from Okabe and Ito's palette: polling is warm, push is cool.
    pub const fn colour(self) -> &'static str {
        match self {
            Transport::ShortPoll => "#D55E00",
            Transport::LongPoll => "#E69F00",
            Transport::Sse => "#009E73",
            Transport::WebSocket => "#0072B2",
        }
    }

    /// Its marker in figures and lists.
    pub const fn marker(self) -> Marker {
        match self {
            Transport::ShortPoll => Marker::Circle,
            Transport::LongPoll => Marker::Triangle,
            Transport::Sse => Marker::Square,
            Transport::WebSocket => Marker::Diamond,
        }
    }

    /// Whether its client sends a request for each batch of messages. The other transports push.
    pub const fn is_poll(self) -> bool {
        match self {
            Transport::ShortPoll | Transport::LongPoll => true,
            Transport::Sse | Transport::WebSocket => false,
        }
    }

    /// Whether its client pauses between two requests.
    pub const fn pauses(self) -> bool {
        match self {
            Transport::ShortPoll => true,
            Transport::LongPoll | Transport::Sse | Transport::WebSocket => false,
        }
    }

    /// Whether the server holds its requests until there is something to send.
    pub const fn parks(self) -> bool {
        match self {
            Transport::LongPoll => true,
            Transport::ShortPoll | Transport::Sse | Transport::WebSocket => false,
        }
    }

    /// Whether its client also posts messages over the connection on which it receives them.
    pub const fn is_bidirectional(self) -> bool {
        match self {
            Transport::WebSocket => true,
            Transport::ShortPoll | Transport::LongPoll | Transport::Sse => false,
        }
    }

    /// Its name inside a sentence.
    pub fn in_a_sentence(self) -> String {
        match self {
            // A proper name, which keeps its capitals.
            Transport::WebSocket => self.name().to_owned(),
            Transport::ShortPoll | Transport::LongPoll | Transport::Sse => {
                self.name().to_lowercase()
            }
        }
    }

    /// All but this one, in the same order.
    pub fn others(self) -> impl Iterator<Item = Transport> {
        Transport::ALL
            .into_iter()
            .filter(move |other| *other != self)
    }

    /// Its place in [`Transport::ALL`], for tables indexed by transport.
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Transport;

    #[test]
    fn slug_and_index_match_serialisation_and_order() {
        for (index, transport) in Transport::ALL.into_iter().enumerate() {
            assert_eq!(
                serde_json::to_value(transport).unwrap(),
                serde_json::json!(transport.slug())
            );
            assert_eq!(transport.index(), index);
        }
    }
}
