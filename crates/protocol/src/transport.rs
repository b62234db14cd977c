//! The four transports and the one identity that each has everywhere.

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

/// The shape that tells a transport apart where colour can't (print, colour-blindness).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    Circle,
    Triangle,
    Square,
    Diamond,
}

impl Transport {
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

    /// Its place in [`Transport::ALL`], for tables indexed by transport.
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Transport;

    #[test]
    fn the_slug_is_the_serialised_name_and_the_index_the_place() {
        for (place, transport) in Transport::ALL.into_iter().enumerate() {
            assert_eq!(
                serde_json::to_value(transport).unwrap(),
                serde_json::json!(transport.slug())
            );
            assert_eq!(transport.index(), place);
        }
    }
}
